//! Clocks of clients beside the server's: which sources have one, and moving their events.
//!
//! How far a clock is off is not found here: that takes attempts, and they are found later on.

use super::{Timeline, clock, merge};
use crate::event::Event;
use crate::record::Side;
use std::collections::{BTreeMap, BTreeSet};

/// The clock of one client's source, measured by the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockOffset {
    /// The source's index.
    pub source: usize,
    /// How far it is ahead of the server's; `None` where nothing tells.
    pub offset: Option<Offset>,
}

/// How far a client's clock is ahead of the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// In milliseconds; negative where it is behind.
    pub offset_ms: i64,
    /// The true offset lies within this of it.
    pub uncertainty_ms: i64,
    /// How many events both sides saw that say so; 0 where whole hours were assumed, because only
    /// then do the two logs meet.
    pub shared_events: usize,
}

impl ClockOffset {
    /// The clock of a source.
    #[must_use]
    pub fn new(source: usize, offset: Option<Offset>) -> Self {
        Self { source, offset }
    }
}

impl Timeline {
    /// The sources of a side that have stamps, ascending.
    #[must_use]
    pub fn clocks_of(&self, side: Side) -> Vec<usize> {
        let sources: BTreeSet<usize> = self
            .events
            .iter()
            .filter(|event| event.record.side == side && event.own_ms().is_some())
            .map(|event| event.record.origin.source)
            .collect();
        sources.into_iter().collect()
    }

    /// Whether a source's stamps give the date.
    #[must_use]
    pub fn is_dated(&self, source: usize) -> bool {
        self.events
            .iter()
            .any(|event| event.record.origin.source == source && clock::is_dated(event))
    }

    /// Whether some source of a side gives the date.
    #[must_use]
    pub fn is_dated_on(&self, side: Side) -> bool {
        self.events
            .iter()
            .any(|event| event.record.side == side && clock::is_dated(event))
    }

    /// Sets the clients' clocks by the server's: each source back by its shift, in milliseconds. For
    /// those without one, whole quarter hours are assumed where the logs meet only so.
    pub fn realign(&mut self, shifts: &BTreeMap<usize, i64>, clocks: Vec<ClockOffset>) {
        self.clocks = clocks;
        let mut streams: BTreeMap<(usize, bool), Vec<Event>> = BTreeMap::new();
        for mut event in std::mem::take(&mut self.events) {
            let source = event.record.origin.source;
            if event.record.side == Side::Client
                && let Some(shift) = shifts.get(&source)
            {
                event.at_ms = event.at_ms.map(|at| at.saturating_sub(*shift));
            }
            // In a file of both sides only one of them moves.
            let moves = event.record.side == Side::Client && shifts.contains_key(&source);
            streams.entry((source, moves)).or_default().push(event);
        }
        let mut streams: Vec<Vec<Event>> = streams.into_values().collect();
        for known in self.clocks.iter_mut().filter(|one| one.offset.is_none()) {
            known.offset = clock::align_zones(&mut streams, known.source).map(|shift| Offset {
                offset_ms: shift,
                uncertainty_ms: clock::ZONE_SLACK_MS,
                shared_events: 0,
            });
        }
        self.events = merge(streams);
    }
}
