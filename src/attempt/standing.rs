//! How many attempts one attempt stands for: in a long log those like it were counted and not read.

use crate::event::{Event, EventId};
use crate::lexicon::{Lexicon, Mark};
use crate::timeline::Timeline;

/// How attempts that were not read are counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Whether connections were told apart by the client's address.
    connections: bool,
}

impl Standing {
    pub(super) fn of(timeline: &Timeline) -> Self {
        let mut copies = timeline
            .events
            .iter()
            .filter_map(|event| event.record.copies);
        Self {
            connections: copies.any(|copies| copies.connections),
        }
    }

    /// How many attempts the attempt of these events stands for, itself included.
    ///
    /// Where connections were told apart they are counted. Else those lines count that decide an attempt,
    /// an accept or a refusal: there is one in each.
    pub(super) fn of_attempt(
        self,
        events: &[EventId],
        timeline: &Timeline,
        lexicon: &Lexicon,
    ) -> usize {
        let besides = events
            .iter()
            .filter_map(|id| timeline.events.get(*id))
            .filter_map(|event| Some((event, event.record.copies?)))
            .filter(|(event, copies)| {
                copies.connections || !self.connections && decides(event, lexicon)
            })
            .map(|(_, copies)| copies.more)
            .max();
        usize::try_from(besides.unwrap_or(0))
            .unwrap_or(usize::MAX)
            .saturating_add(1)
    }
}

fn decides(event: &Event, lexicon: &Lexicon) -> bool {
    event.meanings.iter().any(|meaning| {
        let kind = lexicon.kind(meaning.kind);
        kind.is_some_and(|kind| matches!(kind.marks, Some(Mark::Accept | Mark::Refuse)))
    })
}
