//! One expression of a phrase, compiled when a text first needs it, and no further than it needs.
//!
//! Whether an expression needs to be tried at all is for the filter to say.

use super::schema::reads_ascii;
use crate::engine::{Engine, Reading, Tiers};
use regex::{Regex, RegexBuilder};
use regex_automata::Input;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How much memory a compiled expression may take, in bytes.
const MOST_BYTES: usize = 64 << 20;

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
    /// Whether it reads every text byte by byte, without Unicode's tables, as it compiles many
    /// times faster then.
    reads_ascii: bool,
    has_names: bool,
    ascii: Tiers,
    unicode: Tiers,
}

impl Expression {
    /// Whether it matches a text, letters beyond ASCII being none if it can do without them.
    pub(super) fn matches_bytes(&self, source: &str, text: &str) -> bool {
        let forms = self.forms(source);
        let engine = if forms.reads_ascii {
            forms.within_ascii(source, text)
        } else {
            forms.engine(source, text)
        };
        engine.is_some_and(|engine| engine.is_match(text))
    }

    /// Whether it matches a text, all of Unicode's letters being letters.
    pub(super) fn matches(&self, source: &str, text: &str) -> bool {
        let engine = self.forms(source).engine(source, text);
        engine.is_some_and(|engine| engine.is_match(text))
    }

    /// What its named groups hold in a text, all of Unicode's letters being letters.
    pub(super) fn fields(&self, source: &str, text: &str) -> BTreeMap<String, String> {
        let forms = self.forms(source);
        let engine = forms.has_names.then(|| forms.engine(source, text));
        let captures = engine.flatten().map(|one| one.captures(&Input::new(text)));
        let Some(captures) = captures else {
            return BTreeMap::new();
        };
        let names = captures.group_info().pattern_names(0.into());
        names
            .enumerate()
            .filter_map(|(group, name)| {
                let value = text.get(captures.get_group(group)?.range())?;
                Some((name?.to_owned(), value.to_owned()))
            })
            .collect()
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
    /// The form that reads all of Unicode, or one that does the same for this text. What does not
    /// compile matches nothing; loaded files are checked for that beforehand.
    fn engine(&self, source: &str, text: &str) -> Option<Engine<'_>> {
        let ascii = text.is_ascii().then(|| self.within_ascii(source, text));
        let unicode = || self.unicode.engine(source, self.reading(true), text);
        ascii.flatten().or_else(unicode)
    }

    /// The form without Unicode's tables; `None` where the expression cannot be written so.
    fn within_ascii(&self, source: &str, text: &str) -> Option<Engine<'_>> {
        let reading = self.reading(false);
        if source.is_ascii() {
            self.ascii.engine(source, reading, text)
        } else {
            let within = without_letters_beyond(source);
            self.ascii.engine(&within, reading, text)
        }
    }

    fn reading(&self, unicode: bool) -> Reading {
        Reading {
            case_insensitive: true,
            unicode,
            groups: self.has_names,
        }
    }
}

/// The same expression for texts of ASCII alone: a byte that they never hold stands for each letter
/// that they never hold.
fn without_letters_beyond(source: &str) -> String {
    let mut within = String::with_capacity(source.len());
    for letter in source.chars() {
        if letter.is_ascii() {
            within.push(letter);
        } else {
            within.push_str(r"\x80");
        }
    }
    within
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_left_out_for_texts_without_any() {
        let source = r"token[=–…]+(?:…|\.\.\.|’s)$|(?P<who>né\w+)";
        let one = Expression::default();
        for (text, matches) in [
            ("TOKEN=...", true),
            ("token=", false),
            ("token=’s", true),
            ("token…\u{2026}", true),
            ("née", true),
            ("nee", false),
        ] {
            assert_eq!(one.matches(source, text), matches, "{text}");
            assert_eq!(one.matches_bytes(source, text), matches, "{text}");
        }
        assert_eq!(one.fields(source, "NÉE")["who"], "NÉE");
    }

    #[test]
    fn an_expression_that_needs_the_tables_gets_them() {
        let one = Expression::default();
        assert!(one.matches(r"^\p{L}+$", "abc"));
        let named = Expression::default();
        assert!(named.matches("(?P<größe>a+)", "aa"));
    }
}
