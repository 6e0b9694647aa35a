//! Holding one phrase, or one expression, against what its author says of it.
//!
//! Records and the other phrases play no part here: a sample is the text that `within` names.

use super::expression::expression;
use super::schema::{Phrase, reads_ascii};
use crate::rule_text::RuleText;
use regex::bytes;

/// How much memory one expression of a file may take, in bytes; the largest built in takes a tenth.
const EXPRESSION_BYTES: usize = 4 << 20;

/// Whether a phrase's own expressions match a text.
#[must_use]
pub fn matches(phrase: &Phrase, text: &str) -> bool {
    let any = |patterns: &[RuleText], text: &str| {
        patterns
            .iter()
            .filter_map(|pattern| expression(pattern).ok())
            .any(|regex| regex.is_match(text))
    };
    let message = text.lines().next().unwrap_or_default();
    any(&phrase.any, text) && !any(&phrase.unless, message)
}

/// Says what is wrong with an expression that cannot be compiled as the lexicon will compile it.
pub fn check_expression(pattern: &str) -> Result<(), String> {
    let ast = regex_syntax::ast::parse::Parser::new().parse(pattern);
    if let Err(error) = ast {
        return Err(format!("is not a regular expression: {}", error.kind()));
    }
    let built = if reads_ascii(pattern) {
        bytes::RegexBuilder::new(pattern)
            .case_insensitive(true)
            .unicode(false)
            .size_limit(EXPRESSION_BYTES)
            .build()
            .map(|_| ())
    } else {
        regex::RegexBuilder::new(pattern)
            .case_insensitive(true)
            .size_limit(EXPRESSION_BYTES)
            .build()
            .map(|_| ())
    };
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "is too large when compiled: ask for less".to_owned(),
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default().to_owned();
            format!("is not a regular expression: {last}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_checked_as_it_will_be_compiled() {
        assert_eq!(check_expression(r"\bpass (?:has )?run out\b"), Ok(()));
        assert_eq!(check_expression("Zugang läuft ab"), Ok(()));
        assert!(
            check_expression("(unclosed")
                .unwrap_err()
                .contains("unclosed group")
        );
        assert!(
            check_expression("(?:a{1000}){1000}")
                .unwrap_err()
                .contains("too large")
        );
    }
}
