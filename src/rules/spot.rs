//! Where in a TOML text a value stands, for errors about what its reader accepts and we do not.

use super::error::{RuleError, at};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step into a document.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'s> {
    /// The value of a key.
    Key(&'s str),
    /// The entry of a list.
    Index(usize),
    /// The key itself; the last step.
    Name(&'s str),
}

/// A file whose text is at hand.
pub(super) struct Document<'t> {
    pub(super) file: &'t str,
    pub(super) text: &'t str,
}

impl Document<'_> {
    /// An error about what stands at the end of these steps, or as near to it as they lead.
    pub(super) fn error(&self, steps: &[Step<'_>], message: String) -> RuleError {
        let span = DeTable::parse(self.text)
            .map(|table| span_of(&table, steps))
            .unwrap_or_default();
        at(self.file, self.text, span, message)
    }
}

fn span_of(table: &Spanned<DeTable<'_>>, steps: &[Step<'_>]) -> Range<usize> {
    let mut span = 0..0;
    let mut here: Option<&Spanned<DeValue<'_>>> = None;
    for step in steps {
        let keys = match here.map(Spanned::get_ref) {
            None => Some(table.get_ref()),
            Some(DeValue::Table(inner)) => Some(inner),
            Some(_) => None,
        };
        let next = match step {
            Step::Key(key) => keys.and_then(|keys| keys.get(*key)),
            Step::Name(name) => {
                let found = keys
                    .and_then(|keys| keys.iter().find(|(key, _)| key.get_ref().as_ref() == *name));
                return found.map_or(span, |(key, _)| key.span());
            }
            Step::Index(index) => here.and_then(|value| value.get_ref().get(*index)),
        };
        let Some(next) = next else {
            return span;
        };
        span = next.span();
        here = Some(next);
    }
    span
}
