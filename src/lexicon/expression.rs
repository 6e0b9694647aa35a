//! One expression of a phrase, compiled when a text first needs it, and no further than it needs.
//!
//! Whether an expression needs to be tried at all is for the filter to say.

use super::schema::reads_ascii;
use regex::{Regex, RegexBuilder};
use regex_automata::meta;
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// How much memory a compiled expression may take, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// How much memory an expression's states may take that are built as texts need them, in bytes.
const STATES_BYTES: usize = 256 << 10;

/// After so many texts it pays to compile an expression for speed.
const FEW_TEXTS: u32 = 128;

/// Up to this length, in bytes, a text is short.
const SHORT_TEXT: usize = 4 << 10;

/// Compiles an expression as phrases mean them.
pub(super) fn expression(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(MOST_BYTES)
        .build()
}

/// An expression of a phrase. Its source stays with the phrase, and is given where it is asked.
#[derive(Debug, Default)]
pub(super) struct Expression {
    forms: OnceLock<Box<Forms>>,
}

/// What an expression is compiled to.
#[derive(Debug)]
struct Forms {
    /// Whether it can do without Unicode's tables: it compiles many times faster then.
    reads_ascii: bool,
    has_names: bool,
    ascii: Tiers,
    unicode: Tiers,
}

impl Expression {
    /// Whether it matches a text, letters beyond ASCII being none if it can do without them.
    pub(super) fn matches_bytes(&self, source: &str, text: &str) -> bool {
        let forms = self.forms(source);
        forms.form(source, forms.reads_ascii).is_match(text)
    }

    /// Whether it matches a text, all of Unicode's letters being letters.
    pub(super) fn matches(&self, source: &str, text: &str) -> bool {
        self.forms(source).form_for(source, text).is_match(text)
    }

    /// What its named groups hold in a text, all of Unicode's letters being letters.
    pub(super) fn fields(&self, source: &str, text: &str) -> BTreeMap<String, String> {
        let forms = self.forms(source);
        if forms.has_names {
            forms.form_for(source, text).fields(text)
        } else {
            BTreeMap::new()
        }
    }

    fn forms(&self, source: &str) -> &Forms {
        self.forms.get_or_init(|| {
            Box::new(Forms {
                reads_ascii: reads_ascii(source),
                has_names: source.contains("(?P<") || source.contains("(?<"),
                ascii: Tiers::default(),
                unicode: Tiers::default(),
            })
        })
    }
}

impl Forms {
    /// The form that reads all of Unicode, or one that does the same for this text.
    fn form_for<'e>(&'e self, source: &'e str, text: &str) -> Form<'e> {
        self.form(source, self.reads_ascii && text.is_ascii())
    }

    fn form<'e>(&'e self, source: &'e str, ascii: bool) -> Form<'e> {
        Form {
            tiers: if ascii { &self.ascii } else { &self.unicode },
            source,
            unicode: !ascii,
            has_names: self.has_names,
        }
    }
}

/// The same expression compiled twice: most are tried on a few texts in a run, if at all, and
/// compiling takes longer than all the trying.
#[derive(Debug, Default)]
struct Tiers {
    tried: AtomicU32,
    soon: OnceLock<Option<meta::Regex>>,
    fast: OnceLock<Option<meta::Regex>>,
}

/// An expression in one of its forms, with what it takes to compile it.
struct Form<'e> {
    tiers: &'e Tiers,
    source: &'e str,
    unicode: bool,
    has_names: bool,
}

impl Form<'_> {
    fn is_match(&self, text: &str) -> bool {
        self.regex(text).is_some_and(|regex| regex.is_match(text))
    }

    fn fields(&self, text: &str) -> BTreeMap<String, String> {
        let Some(regex) = self.regex(text) else {
            return BTreeMap::new();
        };
        let mut captures = regex.create_captures();
        regex.captures(text, &mut captures);
        let names = captures.group_info().pattern_names(0.into());
        names
            .enumerate()
            .filter_map(|(group, name)| {
                let value = text.get(captures.get_group(group)?.range())?;
                Some((name?.to_owned(), value.to_owned()))
            })
            .collect()
    }

    fn regex(&self, text: &str) -> Option<&meta::Regex> {
        let tried = self.tiers.tried.load(Ordering::Relaxed);
        let (tier, fast) = if text.len() > SHORT_TEXT || tried >= FEW_TEXTS {
            (&self.tiers.fast, true)
        } else {
            self.tiers
                .tried
                .store(tried.saturating_add(1), Ordering::Relaxed);
            (&self.tiers.soon, false)
        };
        tier.get_or_init(|| self.compile(fast)).as_ref()
    }

    /// What does not compile matches nothing; loaded files are checked for that beforehand.
    fn compile(&self, fast: bool) -> Option<meta::Regex> {
        let captures = if self.has_names {
            WhichCaptures::All
        } else {
            WhichCaptures::Implicit
        };
        let engine = meta::Config::new()
            .utf8_empty(self.unicode)
            .which_captures(captures)
            .nfa_size_limit(Some(MOST_BYTES))
            .hybrid_cache_capacity(STATES_BYTES)
            // The filter has looked for words already. These look again, and take longest to build.
            .auto_prefilter(false)
            .onepass(false)
            .dfa(false)
            .hybrid(fast);
        let syntax = syntax::Config::new()
            .case_insensitive(true)
            .unicode(self.unicode)
            .utf8(self.unicode);
        meta::Builder::new()
            .configure(engine)
            .syntax(syntax)
            .build(self.source)
            .ok()
    }
}
