//! Gaps: where a long log was not read closely. An attempt whose beginning or end may lie in one proves
//! nothing by what is missing of it, so it is left out, once the lines that are its own have found it; it is
//! counted all the same, as one of those that a read attempt stands for.

use super::Attempt;
use crate::event::{Event, EventId};
use crate::lexicon::{Lexicon, Mark};
use crate::record::Side;
use crate::timeline::Timeline;
use std::collections::BTreeMap;

/// So many events beside a gap an attempt may still reach into it.
const NEAR: usize = 48;

/// Leaves out the attempts that a gap may have cut.
pub(super) fn leave_cut(attempts: &mut Vec<Attempt>, timeline: &Timeline, lexicon: &Lexicon) {
    let gaps = Gaps::of(timeline);
    if gaps.by_source.is_empty() {
        return;
    }
    let copies = timeline
        .events
        .iter()
        .filter_map(|event| event.record.copies);
    let by_address = copies.clone().any(|copies| copies.connections);
    // Where servers say when a connection begins, one without that began elsewhere.
    let mut of_clients = timeline
        .events
        .iter()
        .filter(|event| event.record.peer.is_some());
    let shown_by: &[Mark] = if of_clients.any(|event| has_mark(event, Mark::Start, lexicon)) {
        &[Mark::Start]
    } else {
        &[Mark::Accept, Mark::Refuse]
    };
    let is_kept = |attempt: &Attempt| {
        let events = || {
            attempt
                .events
                .iter()
                .filter_map(|id| timeline.events.get(*id))
        };
        let is_addressed = |event: &Event| {
            let peer = event.record.peer.as_ref();
            peer.is_some_and(|peer| peer.port.is_some())
        };
        let counted = |event: &Event| {
            let copies = event.record.copies;
            copies.is_some_and(|copies| copies.connections)
        };
        // What a client saw is whole, whatever is missing of the server's side.
        if events().any(|event| event.record.partial) {
            return attempt.sides.contains(&Side::Client);
        }
        let is_shown =
            || events().any(|event| shown_by.iter().any(|mark| has_mark(event, *mark, lexicon)));
        // Of one that began in an older part of the log only the end is in this one.
        if events().any(counted) {
            return is_shown();
        }
        // Connections that are told by their address and half in sight are partial, the others are whole.
        // Lines that name no address are no connections of their own there.
        if by_address && gaps.are_in_source_of(attempt.events.first()) {
            return events().any(is_addressed);
        }
        let progress = &attempt.progress;
        let ended =
            progress.close.is_some() || progress.refuse.is_some() || !progress.failed.is_empty();
        let begun = events().any(|event| has_mark(event, Mark::Start, lexicon));
        (begun || !gaps.near(attempt.events.first(), Beside::Behind))
            && (ended || !gaps.near(attempt.events.last(), Beside::Before))
    };
    attempts.retain(is_kept);
}

fn has_mark(event: &Event, mark: Mark, lexicon: &Lexicon) -> bool {
    event.meanings.iter().any(|meaning| {
        let kind = lexicon.kind(meaning.kind);
        kind.is_some_and(|kind| kind.marks == Some(mark))
    })
}

/// On which side of a gap an event stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Before,
    Behind,
}

/// Where the gaps are among the events of each source.
struct Gaps {
    /// The place of each event among those of its source, and its source.
    places: Vec<(usize, usize)>,
    /// The places that stand first behind a gap.
    by_source: BTreeMap<usize, Vec<usize>>,
}

impl Gaps {
    fn of(timeline: &Timeline) -> Self {
        let mut next: BTreeMap<usize, usize> = BTreeMap::new();
        let mut by_source: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let places = timeline
            .events
            .iter()
            .map(|event| {
                let source = event.record.origin.source;
                let count = next.entry(source).or_default();
                let place = *count;
                *count = count.saturating_add(1);
                if event.record.after_gap {
                    by_source.entry(source).or_default().push(place);
                }
                (source, place)
            })
            .collect();
        Self { places, by_source }
    }

    fn are_in_source_of(&self, event: Option<&EventId>) -> bool {
        let place = event.and_then(|id| self.places.get(*id));
        place.is_some_and(|(source, _)| self.by_source.contains_key(source))
    }

    fn near(&self, event: Option<&EventId>, side: Beside) -> bool {
        let place = event.and_then(|id| self.places.get(*id));
        let Some((source, place)) = place else {
            return false;
        };
        let Some(gaps) = self.by_source.get(source) else {
            return false;
        };
        let behind = gaps.partition_point(|gap| gap <= place);
        match side {
            Beside::Before => gaps
                .get(behind)
                .is_some_and(|gap| gap.saturating_sub(*place) <= NEAR),
            Beside::Behind => behind
                .checked_sub(1)
                .and_then(|before| gaps.get(before))
                .is_some_and(|gap| place.saturating_sub(*gap) < NEAR),
        }
    }
}
