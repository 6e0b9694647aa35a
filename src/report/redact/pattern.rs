//! Our expressions, compiled when a text first needs them, and no further than it needs.
//!
//! Most texts of a log hold nothing beyond ASCII; for them an expression is compiled without
//! Unicode's tables, many times faster. What it finds is the same.

use regex_automata::meta;
use regex_automata::util::captures::Captures as Groups;
use regex_automata::util::syntax;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much memory a compiled expression may take, in bytes.
const MOST_BYTES: usize = 10 << 20;

/// After so many bytes of texts it pays to compile an expression for speed.
const FEW_BYTES: usize = 16 << 10;

/// Up to this length, in bytes, a text is short.
const SHORT_TEXT: usize = 512;

/// Classes of Unicode as they are within ASCII, and characters of our classes that are not in it.
const WITHIN_ASCII: [(&str, &str); 6] = [
    (r"\p{Lu}", "[A-Z]"),
    (r"\p{L}", "[A-Za-z]"),
    (r"\p{N}", "[0-9]"),
    (r"\p{M}", r"[\x80]"),
    ("\u{2022}", ""),
    ("\u{2026}", ""),
];

/// An expression of ours.
#[derive(Debug)]
pub(super) struct Pattern {
    source: String,
    ascii: Form,
    unicode: Form,
}

/// An expression in one form, compiled to start soon, or to run fast.
#[derive(Debug, Default)]
struct Form {
    /// How many bytes it was tried on.
    tried: AtomicUsize,
    soon: OnceLock<Option<meta::Regex>>,
    fast: OnceLock<Option<meta::Regex>>,
}

/// A piece of a text that an expression, or a group of it, matches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

/// What the groups of an expression match.
#[derive(Debug)]
pub(super) struct Captures<'t> {
    text: &'t str,
    groups: Groups,
}

impl Pattern {
    pub(super) fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            ascii: Form::default(),
            unicode: Form::default(),
        }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex(text).is_some_and(|regex| regex.is_match(text))
    }

    pub(super) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.find_at(text, 0)
    }

    /// The first match that begins at `at` or behind it; what stands before is still looked at.
    pub(super) fn find_at<'t>(&self, text: &'t str, at: usize) -> Option<Match<'t>> {
        let input = regex_automata::Input::new(text);
        let found = self.regex(text)?.find(input.range(at..text.len()))?;
        Some(Match::new(text, found.range()))
    }

    pub(super) fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        let matches = self.regex(text).map(|regex| regex.find_iter(text));
        let matches = matches.into_iter().flatten();
        matches.map(move |found| Match::new(text, found.range()))
    }

    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_at(text, 0)
    }

    /// The same as [`Self::find_at`], with the groups.
    pub(super) fn captures_at<'t>(&self, text: &'t str, at: usize) -> Option<Captures<'t>> {
        let regex = self.regex(text)?;
        let mut groups = regex.create_captures();
        let input = regex_automata::Input::new(text).range(at..text.len());
        regex.search_captures(&input, &mut groups);
        groups.is_match().then_some(Captures { text, groups })
    }

    pub(super) fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let matches = self.regex(text).map(|regex| regex.captures_iter(text));
        let matches = matches.into_iter().flatten();
        matches.map(move |groups| Captures { text, groups })
    }

    fn regex(&self, text: &str) -> Option<&meta::Regex> {
        let length = text.len();
        let ascii = text.is_ascii();
        #[cfg(test)]
        if ascii {
            self.check(text);
        }
        let form = if ascii { &self.ascii } else { &self.unicode };
        let regex = form.regex(length, |fast| compile(&self.source, ascii, fast));
        // A sign beyond ASCII may stand in an expression where it cannot be left out.
        let unicode = || {
            self.unicode
                .regex(length, |fast| compile(&self.source, false, fast))
        };
        regex.or_else(unicode)
    }
}

#[cfg(test)]
impl Pattern {
    /// Holds, wherever a test redacts, that both forms find the same in a text of ASCII alone.
    fn check(&self, text: &str) {
        let found = |regex: &meta::Regex| -> Vec<Vec<_>> {
            let matches = regex.captures_iter(text);
            matches.map(|groups| groups.iter().collect()).collect()
        };
        let form = |form: &Form, ascii| {
            let regex = form.regex(text.len(), |fast| compile(&self.source, ascii, fast));
            regex.map(found)
        };
        if let Some(ascii) = form(&self.ascii, true) {
            let unicode = form(&self.unicode, false);
            assert_eq!(Some(ascii), unicode, "{} in {text}", self.source);
        }
    }
}

impl Form {
    fn regex(
        &self,
        length: usize,
        compile: impl FnOnce(bool) -> Option<meta::Regex>,
    ) -> Option<&meta::Regex> {
        let tried = self.tried.load(Ordering::Relaxed);
        let fast = length > SHORT_TEXT || tried >= FEW_BYTES;
        let tier = if fast {
            &self.fast
        } else {
            let tried = tried.saturating_add(length);
            self.tried.store(tried, Ordering::Relaxed);
            &self.soon
        };
        tier.get_or_init(|| compile(fast)).as_ref()
    }
}

/// Compiles an expression; `None` where it cannot be written within ASCII.
#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and every one is compiled by the tests"
)]
fn compile(source: &str, ascii: bool, fast: bool) -> Option<meta::Regex> {
    let engine = meta::Config::new()
        .utf8_empty(!ascii)
        .nfa_size_limit(Some(MOST_BYTES))
        // The marks have looked for words already. These look again, and take longest to build.
        .auto_prefilter(false)
        .onepass(false)
        .dfa(false)
        .hybrid(fast);
    let syntax = syntax::Config::new().unicode(!ascii).utf8(!ascii);
    let within_ascii = |source: &str| {
        let replaced = WITHIN_ASCII.iter();
        replaced.fold(source.to_owned(), |source, (class, within)| {
            source.replace(class, within)
        })
    };
    let source = if ascii {
        within_ascii(source)
    } else {
        source.to_owned()
    };
    let mut builder = meta::Builder::new();
    let built = builder.configure(engine).syntax(syntax).build(&source);
    if ascii {
        built.ok()
    } else {
        Some(built.expect("a constant pattern compiles"))
    }
}

impl<'t> Match<'t> {
    fn new(text: &'t str, range: Range<usize>) -> Self {
        Self {
            text,
            start: range.start,
            end: range.end,
        }
    }

    pub(super) fn as_str(&self) -> &'t str {
        self.text.get(self.range()).unwrap_or_default()
    }

    pub(super) fn start(&self) -> usize {
        self.start
    }

    pub(super) fn end(&self) -> usize {
        self.end
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    pub(super) fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'t> Captures<'t> {
    /// What a group matches; the whole is group 0.
    pub(super) fn get(&self, group: usize) -> Option<Match<'t>> {
        let span = self.groups.get_group(group)?;
        Some(Match::new(self.text, span.range()))
    }
}
