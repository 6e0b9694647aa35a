//! How many attempts each attempt stands for: of a long log many were counted by the class of their lines, and
//! not read.

use super::Attempt;
use crate::event::{Event, EventId};
use crate::lexicon::{Lexicon, Mark};
use crate::timeline::Timeline;
use std::collections::BTreeMap;

/// What was counted of one class.
#[derive(Debug, Default)]
struct Class {
    /// How many were not read.
    more: u64,
    /// The attempts that were read, by their places.
    examples: Vec<usize>,
}

/// Shares what was counted out among the attempts that were read.
///
/// Those of a class go as most of the read ones do: where more examples of it work than fail, all that were
/// not read count as working, so that one strange example is not multiplied; else the failures share them
/// alike, as a sample's share is the best guess at the share of all.
///
/// Where connections were told apart by the client's address they are counted. Else those lines count that
/// decide an attempt, an accept or a refusal: there is one in each.
pub(super) fn share(attempts: &mut [Attempt], timeline: &Timeline, lexicon: &Lexicon) {
    let classes = classes(attempts, timeline, lexicon);
    let mut shares: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for class in classes.values() {
        let is_failure = |place: &usize| {
            let attempt = attempts.get(*place);
            attempt.is_some_and(|attempt| attempt.pattern.is_failure())
        };
        let (failing, working): (Vec<usize>, Vec<usize>) =
            class.examples.iter().partition(|place| is_failure(place));
        let takers = if working.len() > failing.len() {
            working
        } else {
            failing
        };
        let count = u64::try_from(takers.len()).unwrap_or(u64::MAX);
        let each = class.more.checked_div(count).unwrap_or_default();
        let over = class.more.checked_rem(count).unwrap_or_default();
        for (place, index) in takers.into_iter().zip(0..) {
            let share = each.saturating_add(u64::from(index < over));
            shares.entry(place).or_default().push(share);
        }
    }
    for (place, shares) in shares {
        // Of several lines that decide it, the class that has the fewest is its own most closely.
        let share = shares.into_iter().min().unwrap_or_default();
        if let Some(attempt) = attempts.get_mut(place) {
            let share = usize::try_from(share).unwrap_or(usize::MAX);
            attempt.stands_for = attempt.stands_for.saturating_add(share);
        }
    }
}

/// What was counted, by class.
fn classes(attempts: &[Attempt], timeline: &Timeline, lexicon: &Lexicon) -> BTreeMap<u64, Class> {
    let copies = || {
        let events = timeline.events.iter();
        events.filter_map(|event| event.record.copies)
    };
    let connections = copies().any(|copies| copies.connections);
    let mut classes: BTreeMap<u64, Class> = BTreeMap::new();
    for copies in copies().filter(|copies| copies.more > 0) {
        // Each log says for itself how many it has.
        let class = classes.entry(copies.class).or_default();
        class.more = class.more.saturating_add(copies.more);
    }
    for (place, attempt) in attempts.iter().enumerate() {
        for event in events(attempt, timeline) {
            let Some(copies) = event.record.copies else {
                continue;
            };
            let counts = copies.connections || !connections && decides(event, lexicon);
            if let Some(class) = classes.get_mut(&copies.class).filter(|_| counts)
                && class.examples.last() != Some(&place)
            {
                class.examples.push(place);
            }
        }
    }
    classes
}

fn events<'a>(attempt: &'a Attempt, timeline: &'a Timeline) -> impl Iterator<Item = &'a Event> {
    let event = |id: &EventId| timeline.events.get(*id);
    attempt.events.iter().filter_map(event)
}

fn decides(event: &Event, lexicon: &Lexicon) -> bool {
    event.meanings.iter().any(|meaning| {
        let kind = lexicon.kind(meaning.kind);
        kind.is_some_and(|kind| matches!(kind.marks, Some(Mark::Accept | Mark::Refuse)))
    })
}
