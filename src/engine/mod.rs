//! Regular expressions, compiled when a text first needs them, and no further than it needs.
//!
//! Most expressions are tried on a few short texts in a run, if at all, and compiling them takes
//! longer than all the trying. What expressions say, and when one is tried, is said by their owners.

#[cfg(test)]
mod columns;
mod dfa;
#[cfg(test)]
mod minimal;
#[cfg(test)]
mod pack;
mod packed;
mod search;
mod syntax;
mod table;

pub(crate) use search::Engine;
pub(crate) use syntax::{MOST_BYTES, Reading};

use regex_automata::meta;
use regex_automata::nfa::thompson::NFA;
use regex_automata::nfa::thompson::backtrack::BoundedBacktracker;
use search::Soon;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use syntax::Syntax;
use table::{Entry, Table};

/// The automata of the built-in expressions, which the build has compiled.
const BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/automata"));

/// How much memory an expression's states may take that are built as texts need them, in bytes.
const STATES_BYTES: usize = 256 << 10;

/// After so many bytes of texts it pays to compile an expression for speed.
const FEW_BYTES: usize = 8 << 10;

/// Up to this length, in bytes, a text is short.
const SHORT_TEXT: usize = 1 << 10;

/// What one expression is compiled to. It is always asked for with the same source and reading.
///
/// Most texts of a log hold nothing beyond ASCII; for them it is compiled without Unicode's tables, many
/// times faster. What it finds is the same.
#[derive(Debug)]
pub(crate) struct Forms {
    ascii: Tiers,
    unicode: Tiers,
}

/// One form: what the build has made of it, and two automata, each made when it is first asked for.
#[derive(Debug)]
struct Tiers {
    built_in: OnceLock<Option<Entry<'static>>>,
    /// How many bytes it was tried on.
    tried: AtomicUsize,
    soon: OnceLock<Option<BoundedBacktracker>>,
    fast: OnceLock<Option<meta::Regex>>,
}

impl Forms {
    pub(crate) const fn new() -> Self {
        Self {
            ascii: Tiers::new(),
            unicode: Tiers::new(),
        }
    }

    /// Whether a text holds a match, all of Unicode's letters being letters.
    pub(crate) fn is_match(&self, source: &str, reading: Reading, text: &str) -> bool {
        self.decide(source, reading, text).unwrap_or_else(|| {
            let engine = self.engine(source, reading, text);
            engine.is_some_and(|engine| engine.is_match(text))
        })
    }

    /// The same with no letters beyond ASCII, if the expression can be written so.
    pub(crate) fn is_match_of_bytes(&self, source: &str, reading: Reading, text: &str) -> bool {
        let decided = self.ascii.decide(source, Syntax::of_bytes(reading), text);
        decided.unwrap_or_else(|| {
            let engine = self.of_bytes(source, reading, text);
            engine.is_some_and(|engine| engine.is_match(text))
        })
    }

    /// Whether a text holds a match, if that can be told without an automaton.
    pub(crate) fn decide(&self, source: &str, reading: Reading, text: &str) -> Option<bool> {
        let syntax = Syntax::of_bytes(reading);
        text.is_ascii()
            .then(|| self.ascii.decide(source, syntax, text))
            .flatten()
    }

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
        self.ascii.engine(source, Syntax::of_bytes(reading), text)
    }

    /// The form that knows all of Unicode, whatever the text.
    pub(crate) fn of_unicode(
        &self,
        source: &str,
        reading: Reading,
        text: &str,
    ) -> Option<Engine<'_>> {
        self.unicode
            .engine(source, Syntax::of_unicode(reading), text)
    }
}

impl Tiers {
    const fn new() -> Self {
        Self {
            built_in: OnceLock::new(),
            tried: AtomicUsize::new(0),
            soon: OnceLock::new(),
            fast: OnceLock::new(),
        }
    }

    fn built_in(&self, source: &str, syntax: Syntax) -> Option<Entry<'static>> {
        *self
            .built_in
            .get_or_init(|| Table::new(BUILT_IN).find(source, syntax))
    }

    fn decide(&self, source: &str, syntax: Syntax, text: &str) -> Option<bool> {
        self.built_in(source, syntax)?.anywhere?.is_match(text)
    }

    /// Reads the automaton that the build has made, or makes it.
    fn soon(&self, source: &str, syntax: Syntax) -> Option<&BoundedBacktracker> {
        let compile = || {
            let built_in = self.built_in(source, syntax);
            let automaton = built_in.and_then(|entry| entry.unpack());
            compile_soon(automaton.or_else(|| syntax.compile(source))?)
        };
        self.soon.get_or_init(compile).as_ref()
    }

    fn engine(&self, source: &str, syntax: Syntax, text: &str) -> Option<Engine<'_>> {
        let tried = self.tried.load(Ordering::Relaxed);
        if text.len() <= SHORT_TEXT && tried < FEW_BYTES {
            let tried = tried.saturating_add(text.len());
            self.tried.store(tried, Ordering::Relaxed);
            let automaton = self.soon(source, syntax)?;
            if text.len() <= automaton.max_haystack_len() {
                let built_in = self.built_in(source, syntax);
                return Some(Engine::Soon(Soon {
                    automaton,
                    at_one_place: built_in.and_then(|entry| entry.at_one_place),
                }));
            }
        }
        let fast = self.fast.get_or_init(|| compile_fast(source, syntax));
        fast.as_ref().map(Engine::Fast)
    }
}

/// Whether the build has compiled an expression, and to the same as would be compiled here.
#[cfg(test)]
pub(crate) fn is_prepared(source: &str, reading: Reading) -> bool {
    let syntax = Syntax::of_bytes(reading);
    let shown = |automaton: Option<NFA>| automaton.map(|it| format!("{it:?}"));
    let entry = Table::new(BUILT_IN).find(source, syntax);
    let prepared = shown(entry.and_then(|entry| entry.unpack()));
    prepared.is_some() && prepared == shown(syntax.compile(source))
}

fn compile_soon(automaton: NFA) -> Option<BoundedBacktracker> {
    BoundedBacktracker::new_from_nfa(automaton).ok()
}

fn compile_fast(source: &str, syntax: Syntax) -> Option<meta::Regex> {
    let engine = meta::Config::new()
        .utf8_empty(syntax.unicode)
        .which_captures(syntax.captures())
        .nfa_size_limit(Some(MOST_BYTES))
        .hybrid_cache_capacity(STATES_BYTES)
        // Words have been looked for already. This looks again, and takes longest to build.
        .auto_prefilter(false)
        .onepass(false)
        .dfa(false);
    meta::Builder::new()
        .configure(engine)
        .syntax(syntax.config())
        .build(&syntax.spelling(source))
        .ok()
}

/// How the tests here read expressions.
#[cfg(test)]
const READING: Reading = Reading {
    case_insensitive: true,
    groups: true,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_compiling_find_the_same() {
        let source = r"(?P<name>\w+)=(\d*)|\b";
        let syntax = Syntax {
            reading: READING,
            unicode: true,
        };
        let soon = compile_soon(syntax.compile(source).unwrap()).unwrap();
        let fast = compile_fast(source, syntax).unwrap();
        for text in ["", "a=1 É=, =3", "ß=22", "…", "no pair here"] {
            let groups = |engine: Engine<'_>| -> Vec<Vec<_>> {
                let found = engine.captures_iter(text);
                found.map(|groups| groups.iter().collect()).collect()
            };
            let (soon, fast) = (Engine::Soon(Soon::alone(&soon)), Engine::Fast(&fast));
            assert_eq!(groups(soon), groups(fast), "{text}");
            assert!(soon.find_iter(text).eq(fast.find_iter(text)), "{text}");
            assert_eq!(soon.is_match(text), fast.is_match(text), "{text}");
        }
    }

    #[test]
    fn long_texts_and_many_texts_get_the_fast_one() {
        let forms = Forms::new();
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
        let forms = Forms::new();
        let text = "a".repeat(SHORT_TEXT);
        let engine = forms.engine("(?:a{100}b?){40}", READING, &text).unwrap();
        assert!(matches!(engine, Engine::Fast(_)));
        assert!(!engine.is_match(&text));
    }

    #[test]
    fn what_does_not_compile_is_none() {
        assert!(Forms::new().engine("(", READING, "a").is_none());
    }
}
