//! Regular expressions, compiled when a text first needs them, and no further than it needs.
//!
//! Most expressions are tried on a few short texts in a run, if at all, and compiling them takes
//! longer than all the trying. What expressions say, and when one is tried, is said by their owners.

use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::captures::Captures;
use regex_automata::util::iter::Searcher;
use regex_automata::util::syntax;
use regex_automata::{Input, Match, meta};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much memory a compiled expression may take, in bytes.
pub(crate) const MOST_BYTES: usize = 64 << 20;

/// How much memory an expression's states may take that are built as texts need them, in bytes.
const STATES_BYTES: usize = 256 << 10;

/// After so many bytes of texts it pays to compile an expression for speed.
const FEW_BYTES: usize = 8 << 10;

/// Up to this length, in bytes, a text is short.
const SHORT_TEXT: usize = 1 << 10;

/// How an expression reads texts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Whether letters of either case are the same.
    pub(crate) case_insensitive: bool,
    /// Whether its groups are asked for; else only where it matches.
    pub(crate) groups: bool,
}

/// What one expression is compiled to. It is always asked for with the same source and reading.
///
/// Most texts of a log hold nothing beyond ASCII; for them it is compiled without Unicode's tables, many
/// times faster. What it finds is the same.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    ascii: Tiers,
    unicode: Tiers,
}

/// The same form compiled twice, each time when it is first asked for.
#[derive(Debug, Default)]
struct Tiers {
    /// How many bytes it was tried on.
    tried: AtomicUsize,
    soon: OnceLock<Option<BoundedBacktracker>>,
    fast: OnceLock<Option<meta::Regex>>,
}

/// An expression that is ready to search.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Engine<'e> {
    /// Compiled soonest; for short texts.
    Soon(&'e BoundedBacktracker),
    /// Compiled to run fast on many texts, or long ones.
    Fast(&'e meta::Regex),
}

impl Forms {
    /// The form that knows all of Unicode, or one that does the same for this text; `None` where the
    /// expression does not compile.
    pub(crate) fn engine(&self, source: &str, reading: Reading, text: &str) -> Option<Engine<'_>> {
        let ascii = text
            .is_ascii()
            .then(|| self.of_bytes(source, reading, text));
        ascii
            .flatten()
            .or_else(|| self.of_unicode(source, reading, text))
    }

    /// The form that reads bytes, and in which nothing beyond ASCII is a letter; `None` where the
    /// expression cannot be written so.
    pub(crate) fn of_bytes(
        &self,
        source: &str,
        reading: Reading,
        text: &str,
    ) -> Option<Engine<'_>> {
        let syntax = Syntax {
            reading,
            unicode: false,
        };
        self.ascii.engine(|| within_ascii(source), syntax, text)
    }

    /// The form that knows all of Unicode, whatever the text.
    pub(crate) fn of_unicode(
        &self,
        source: &str,
        reading: Reading,
        text: &str,
    ) -> Option<Engine<'_>> {
        let syntax = Syntax {
            reading,
            unicode: true,
        };
        self.unicode.engine(|| Cow::Borrowed(source), syntax, text)
    }
}

/// Classes of Unicode as they are within ASCII.
const CLASSES: [(&str, &str); 4] = [
    (r"\p{Lu}", "[A-Z]"),
    (r"\p{L}", "[A-Za-z]"),
    (r"\p{N}", "[0-9]"),
    (r"\p{M}", r"[\x80]"),
];

/// The same expression for texts of ASCII alone: a byte that they never hold stands for each letter
/// that they never hold.
fn within_ascii(source: &str) -> Cow<'_, str> {
    if source.is_ascii() && !source.contains(r"\p{") {
        return Cow::Borrowed(source);
    }
    let mut within = String::with_capacity(source.len());
    for letter in source.chars() {
        if letter.is_ascii() {
            within.push(letter);
        } else {
            within.push_str(r"\x80");
        }
    }
    let classes = CLASSES.iter();
    let within = classes.fold(within, |within, (class, ascii)| {
        within.replace(class, ascii)
    });
    Cow::Owned(within)
}

impl Tiers {
    fn engine<'s>(
        &self,
        source: impl Fn() -> Cow<'s, str>,
        syntax: Syntax,
        text: &str,
    ) -> Option<Engine<'_>> {
        let tried = self.tried.load(Ordering::Relaxed);
        if text.len() <= SHORT_TEXT && tried < FEW_BYTES {
            let tried = tried.saturating_add(text.len());
            self.tried.store(tried, Ordering::Relaxed);
            let soon = self.soon.get_or_init(|| syntax.compile_soon(&source()));
            let engine = soon.as_ref()?;
            if text.len() <= engine.max_haystack_len() {
                return Some(Engine::Soon(engine));
            }
        }
        let fast = self.fast.get_or_init(|| syntax.compile_fast(&source()));
        fast.as_ref().map(Engine::Fast)
    }
}

/// How a form is compiled.
#[derive(Debug, Clone, Copy)]
struct Syntax {
    reading: Reading,
    /// Whether it knows the letters of Unicode; else it reads bytes.
    unicode: bool,
}

impl Syntax {
    fn config(self) -> syntax::Config {
        syntax::Config::new()
            .case_insensitive(self.reading.case_insensitive)
            .unicode(self.unicode)
            .utf8(self.unicode)
    }

    fn captures(self) -> WhichCaptures {
        if self.reading.groups {
            WhichCaptures::All
        } else {
            WhichCaptures::Implicit
        }
    }

    fn compile_soon(self, source: &str) -> Option<BoundedBacktracker> {
        let automaton = thompson::Config::new()
            .utf8(self.unicode)
            .nfa_size_limit(Some(MOST_BYTES))
            .which_captures(self.captures());
        BoundedBacktracker::builder()
            .syntax(self.config())
            .thompson(automaton)
            .build(source)
            .ok()
    }

    fn compile_fast(self, source: &str) -> Option<meta::Regex> {
        let engine = meta::Config::new()
            .utf8_empty(self.unicode)
            .which_captures(self.captures())
            .nfa_size_limit(Some(MOST_BYTES))
            .hybrid_cache_capacity(STATES_BYTES)
            // Words have been looked for already. This looks again, and takes longest to build.
            .auto_prefilter(false)
            .onepass(false)
            .dfa(false);
        meta::Builder::new()
            .configure(engine)
            .syntax(self.config())
            .build(source)
            .ok()
    }
}

thread_local! {
    /// Working memory of every expression that is ready soon: one for each would cost more than
    /// compiling it.
    static CACHE: RefCell<Option<backtrack::Cache>> = const { RefCell::new(None) };
}

/// Runs a search in the thread's working memory.
fn in_cache<T>(engine: &BoundedBacktracker, search: impl FnOnce(&mut backtrack::Cache) -> T) -> T {
    CACHE.with_borrow_mut(|cache| {
        let cache = cache.get_or_insert_with(|| engine.create_cache());
        cache.reset(engine);
        search(cache)
    })
}

// A short text is never too long for an engine that is ready soon, its only error.
impl<'e> Engine<'e> {
    pub(crate) fn is_match(self, text: &str) -> bool {
        match self {
            Self::Soon(engine) => {
                in_cache(engine, |cache| engine.try_is_match(cache, text)).unwrap_or(false)
            }
            Self::Fast(engine) => engine.is_match(text),
        }
    }

    pub(crate) fn find(self, input: &Input<'_>) -> Option<Match> {
        match self {
            Self::Soon(engine) => {
                in_cache(engine, |cache| engine.try_find(cache, input.clone())).ok()?
            }
            Self::Fast(engine) => engine.find(input.clone()),
        }
    }

    /// What the groups match; asked of an expression that was compiled for that.
    pub(crate) fn captures(self, input: &Input<'_>) -> Captures {
        match self {
            Self::Soon(engine) => {
                let mut captures = engine.create_captures();
                let found = in_cache(engine, |cache| {
                    engine.try_search(cache, input, &mut captures)
                });
                if found.is_err() {
                    captures.clear();
                }
                captures
            }
            Self::Fast(engine) => {
                let mut captures = engine.create_captures();
                engine.search_captures(input, &mut captures);
                captures
            }
        }
    }

    /// Every match, one behind the other.
    pub(crate) fn find_iter<'t>(self, text: &'t str) -> impl Iterator<Item = Match> + use<'e, 't> {
        let mut searcher = Searcher::new(Input::new(text));
        std::iter::from_fn(move || searcher.advance(|input| Ok(self.find(input))))
    }

    /// The groups of every match, one behind the other.
    pub(crate) fn captures_iter<'t>(
        self,
        text: &'t str,
    ) -> impl Iterator<Item = Captures> + use<'e, 't> {
        let mut searcher = Searcher::new(Input::new(text));
        std::iter::from_fn(move || {
            let mut found = None;
            searcher.advance(|input| {
                let captures = self.captures(input);
                let place = captures.get_match();
                found = Some(captures);
                Ok(place)
            })?;
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Reading = Reading {
        case_insensitive: true,
        groups: true,
    };

    #[test]
    fn both_ways_of_compiling_find_the_same() {
        let source = r"(?P<name>\w+)=(\d*)|\b";
        let syntax = Syntax {
            reading: READING,
            unicode: true,
        };
        let soon = syntax.compile_soon(source).unwrap();
        let fast = syntax.compile_fast(source).unwrap();
        for text in ["", "a=1 É=, =3", "ß=22", "…", "no pair here"] {
            let groups = |engine: Engine<'_>| -> Vec<Vec<_>> {
                let found = engine.captures_iter(text);
                found.map(|groups| groups.iter().collect()).collect()
            };
            let (soon, fast) = (Engine::Soon(&soon), Engine::Fast(&fast));
            assert_eq!(groups(soon), groups(fast), "{text}");
            assert!(soon.find_iter(text).eq(fast.find_iter(text)), "{text}");
            assert_eq!(soon.is_match(text), fast.is_match(text), "{text}");
        }
    }

    #[test]
    fn long_texts_and_many_texts_get_the_fast_one() {
        let forms = Forms::default();
        let engine = |text: &str| forms.engine("a+", READING, text).unwrap();
        assert!(matches!(engine("aa"), Engine::Soon(_)));
        let long = "a".repeat(SHORT_TEXT + 1);
        assert!(matches!(engine(&long), Engine::Fast(_)));
        let text = "a".repeat(SHORT_TEXT);
        for _ in 0..FEW_BYTES / SHORT_TEXT {
            assert!(engine(&text).is_match(&text));
        }
        assert!(matches!(engine("aa"), Engine::Fast(_)));
    }

    #[test]
    fn an_expression_too_large_for_a_text_gets_the_fast_one() {
        let forms = Forms::default();
        let text = "a".repeat(SHORT_TEXT);
        let engine = forms.engine("(?:a{100}b?){40}", READING, &text).unwrap();
        assert!(matches!(engine, Engine::Fast(_)));
        assert!(!engine.is_match(&text));
    }

    #[test]
    fn what_does_not_compile_is_none() {
        assert!(Forms::default().engine("(", READING, "a").is_none());
    }
}
