//! How an expression is read, and the automaton that it becomes. The build compiles the built-in
//! expressions with this same file.

use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::syntax;
use std::borrow::Cow;

/// How much memory a compiled expression may take, in bytes.
pub(crate) const MOST_BYTES: usize = 64 << 20;

/// How an expression reads texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reading {
    /// Whether letters of either case are the same.
    pub(crate) case_insensitive: bool,
    /// Whether its groups are asked for; else only where it matches.
    pub(crate) groups: bool,
}

/// How a form of an expression is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Syntax {
    pub(crate) reading: Reading,
    /// Whether it knows the letters of Unicode; else it reads bytes.
    pub(crate) unicode: bool,
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

impl Syntax {
    /// The form that reads bytes, and in which nothing beyond ASCII is a letter.
    pub(crate) const fn of_bytes(reading: Reading) -> Self {
        Self {
            reading,
            unicode: false,
        }
    }

    /// The form that knows all of Unicode.
    pub(crate) const fn of_unicode(reading: Reading) -> Self {
        Self {
            reading,
            unicode: true,
        }
    }

    /// An expression as this form of it is written.
    pub(crate) fn spelling(self, source: &str) -> Cow<'_, str> {
        if self.unicode {
            Cow::Borrowed(source)
        } else {
            within_ascii(source)
        }
    }

    pub(super) fn config(self) -> syntax::Config {
        syntax::Config::new()
            .case_insensitive(self.reading.case_insensitive)
            .unicode(self.unicode)
            .utf8(self.unicode)
    }

    pub(super) fn captures(self) -> WhichCaptures {
        if self.reading.groups {
            WhichCaptures::All
        } else {
            WhichCaptures::Implicit
        }
    }

    /// The automaton of this form of an expression; `None` where it does not compile.
    pub(crate) fn compile(self, source: &str) -> Option<NFA> {
        let automaton = thompson::Config::new()
            .utf8(self.unicode)
            .nfa_size_limit(Some(MOST_BYTES))
            .which_captures(self.captures());
        NFA::compiler()
            .syntax(self.config())
            .configure(automaton)
            .build(&self.spelling(source))
            .ok()
    }
}
