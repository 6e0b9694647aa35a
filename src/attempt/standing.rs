//! How many attempts one attempt stands for: in a long log those like it were counted and not read.

use crate::event::{Event, EventId};
use crate::lexicon::{Lexicon, Mark};
use crate::timeline::Timeline;

/// How many attempts the attempt of these events stands for, itself included.
///
/// Connections that were told apart by the client's address are counted as such. Of lines that name no
/// client those count that decide an attempt, an accept or a refusal: there is one in each. Where none
/// does, the rarest line counts.
pub(super) fn stands_for(events: &[EventId], timeline: &Timeline, lexicon: &Lexicon) -> usize {
    let counted = events
        .iter()
        .filter_map(|id| timeline.events.get(*id))
        .filter_map(|event| Some((event, event.record.copies?)));
    let (mut connections, mut deciding, mut rarest) = (None, None, None);
    for (event, copies) in counted {
        let more = Some(copies.more);
        if copies.connections {
            connections = connections.max(more);
        } else if decides(event, lexicon) {
            deciding = deciding.max(more);
        }
        rarest = Some(rarest.map_or(copies.more, |rarest: u64| rarest.min(copies.more)));
    }
    let besides = connections.or(deciding).or(rarest).unwrap_or(0);
    usize::try_from(besides)
        .unwrap_or(usize::MAX)
        .saturating_add(1)
}

fn decides(event: &Event, lexicon: &Lexicon) -> bool {
    event.meanings.iter().any(|meaning| {
        let kind = lexicon.kind(meaning.kind);
        kind.is_some_and(|kind| matches!(kind.marks, Some(Mark::Accept | Mark::Refuse)))
    })
}
