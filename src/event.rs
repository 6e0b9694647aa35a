//! The shared noun of the second half of the way: a record together with what it means.

use crate::lexicon::{KindId, Lexicon, Meaning};
use crate::record::Record;

/// An event, by its place in the [`crate::timeline::Timeline`].
pub type EventId = usize;

/// A record and its meanings, on the common clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What was written.
    pub record: Record,
    /// What it means; empty where no phrase knows it.
    pub meanings: Vec<Meaning>,
    /// Where in the code an exception was raised, if the record holds one.
    pub place: Option<crate::lexicon::Place>,
    /// Milliseconds since the epoch on the common clock; `None` where its source has no stamps.
    pub at_ms: Option<i64>,
    /// Whether its own line states a time; else `at_ms` is that of the line before.
    pub stamped: bool,
    /// Whether it repeats the event before it, in a source in which every line stands twice.
    pub doubled: bool,
    /// How far the true time may lie after `at_ms`, in milliseconds.
    pub resolution_ms: i64,
}

impl Event {
    /// Its time, where its own line states one.
    #[must_use]
    pub fn own_ms(&self) -> Option<i64> {
        self.at_ms.filter(|_| self.stamped)
    }

    /// Whether it means this kind.
    #[must_use]
    pub fn is(&self, kind: Option<KindId>) -> bool {
        kind.is_some_and(|kind| self.meanings.iter().any(|meaning| meaning.kind == kind))
    }

    /// The first value of a field among its meanings.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.meanings
            .iter()
            .find_map(|meaning| meaning.fields.get(name))
            .map(String::as_str)
    }

    /// The URL or path that it names, if it names one.
    #[must_use]
    pub fn named_target(&self) -> Option<&str> {
        let target = self.record.target.as_deref();
        target
            .or_else(|| self.field("url"))
            .or_else(|| self.field("path"))
    }

    /// The public names of its kinds.
    pub fn kind_names<'a>(&'a self, lexicon: &'a Lexicon) -> impl Iterator<Item = &'a str> {
        self.meanings
            .iter()
            .filter_map(|meaning| lexicon.kind(meaning.kind))
            .map(|kind| kind.id.as_str())
    }
}
