//! One expression of a phrase, compiled when a text first needs it, and no further than it needs.
//!
//! Whether an expression needs to be tried at all is for the filter to say.

use super::schema::{reading, reads_ascii};
use crate::engine::{Forms, MOST_BYTES, Reading};
use regex::{Regex, RegexBuilder};
use regex_automata::Input;
use std::collections::BTreeMap;
use std::sync::OnceLock;

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
    compiled: OnceLock<Box<Compiled>>,
}

/// What an expression is compiled to.
#[derive(Debug)]
struct Compiled {
    /// Whether it reads every text byte by byte, without Unicode's tables, as it compiles many
    /// times faster then.
    reads_ascii: bool,
    reading: Reading,
    forms: Forms,
}

// What does not compile matches nothing; loaded files are checked for that beforehand.
impl Expression {
    /// Whether it matches a text, letters beyond ASCII being none if it can do without them.
    pub(super) fn matches_bytes(&self, source: &str, text: &str) -> bool {
        let Compiled {
            reads_ascii,
            reading,
            forms,
        } = self.compiled(source);
        if *reads_ascii {
            forms.is_match_of_bytes(source, *reading, text)
        } else {
            forms.is_match(source, *reading, text)
        }
    }

    /// Whether it matches a text, all of Unicode's letters being letters.
    pub(super) fn matches(&self, source: &str, text: &str) -> bool {
        let Compiled { reading, forms, .. } = self.compiled(source);
        forms.is_match(source, *reading, text)
    }

    /// What its named groups hold in a text, all of Unicode's letters being letters.
    pub(super) fn fields(&self, source: &str, text: &str) -> BTreeMap<String, String> {
        let Compiled { reading, forms, .. } = self.compiled(source);
        let engine = reading
            .groups
            .then(|| forms.engine(source, *reading, text))
            .flatten();
        let Some(captures) = engine.map(|engine| engine.captures(&Input::new(text))) else {
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

    fn compiled(&self, source: &str) -> &Compiled {
        self.compiled.get_or_init(|| {
            Box::new(Compiled {
                reads_ascii: reads_ascii(source),
                reading: reading(source),
                forms: Forms::new(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::Phrase;
    use super::*;
    use crate::engine;
    use crate::rules::RuleSet;

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

    #[test]
    fn the_builds_tables_tell_what_the_expressions_match() {
        let rules = RuleSet::built_in().unwrap();
        let mut decided = 0;
        for phrase in rules.lexicon.phrases() {
            let texts = || phrase.samples.iter().chain(&phrase.near_misses);
            for (source, _) in phrase.expressions() {
                let forms = Forms::new();
                let reading = reading(source);
                for text in texts() {
                    let Some(table) = forms.decide(source, reading, text) else {
                        continue;
                    };
                    let engine = forms.of_bytes(source, reading, text).unwrap();
                    assert_eq!(table, engine.is_match(text), "{source} in {text}");
                    decided += 1;
                }
            }
        }
        assert!(decided > 10_000, "{decided}");
    }

    #[test]
    fn the_build_has_compiled_the_built_in_expressions() {
        let rules = RuleSet::built_in().unwrap();
        let sources = rules.lexicon.phrases().flat_map(Phrase::expressions);
        let missing: Vec<&str> = sources
            .map(|(source, _)| source)
            .filter(|source| !engine::is_prepared(source, reading(source)))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
