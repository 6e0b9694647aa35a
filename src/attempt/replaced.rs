//! Sockets that their own page gave up and replaced by one that works: no failures.
//!
//! React's StrictMode mounts each component twice in development, a navigation drops what the old page
//! was dialling. The browser warns of the first socket in the words of a failure, and the server may
//! see it come and go; the user has the second one.

use super::pattern::Pattern;
use super::progress::Progress;
use super::{Attempt, route};
use crate::event::EventId;
use crate::lexicon::Lexicon;
use crate::record::Side;
use crate::timeline::Timeline;
use std::collections::BTreeMap;

/// The words of a client for a socket that its own page gave up.
const GIVEN_UP: [&str; 2] = [
    "client-closed-before-established",
    "client-interrupted-by-navigation",
];
/// A socket that its page leaves sooner than this was of no use to it, in milliseconds.
const LEFT_AT_ONCE_MS: i64 = 1_000;
/// The next one must come within this time, where both have stamps, in milliseconds.
const REPLACED_WITHIN_MS: i64 = 5_000;

/// Takes each attempt that was given up for another out of what failed: it shares the fate of the
/// one that replaced it where that works, and says nothing where that fails.
pub(super) fn excuse(attempts: &mut [Attempt], timeline: &Timeline, lexicon: &Lexicon) {
    let mut by_route: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let key = attempt.route.as_deref().map(route::key);
        by_route.entry(key).or_default().push(index);
    }
    for route in by_route.values_mut() {
        route.sort_by_key(|index| attempts.get(*index).map(|one| place(one, timeline)));
    }
    let pairs = by_route
        .values()
        .flat_map(|route| route.windows(2))
        .filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
    let excused: Vec<(usize, Pattern)> = pairs
        .filter_map(|(index, next)| {
            let (first, second) = (attempts.get(index)?, attempts.get(next)?);
            let replaced = is_given_up(first, timeline, lexicon)
                && !is_given_up(second, timeline, lexicon)
                && came_right_after(&second.progress, &first.progress);
            let pattern = match second.pattern {
                Pattern::Healthy if left_at_once(second) => return None,
                Pattern::Healthy => Pattern::Healthy,
                _ => Pattern::InsufficientEvidence,
            };
            replaced.then_some((index, pattern))
        })
        .collect();
    for (index, pattern) in excused {
        if let Some(attempt) = attempts.get_mut(index) {
            attempt.pattern = pattern;
        }
    }
}

/// Where the client's words of an attempt begin: a console without stamps keeps its own order.
fn place(attempt: &Attempt, timeline: &Timeline) -> Option<EventId> {
    let of_client = |id: &&EventId| {
        let event = timeline.events.get(**id);
        event.is_some_and(|event| event.record.side == Side::Client)
    };
    let events = &attempt.events;
    events.iter().find(of_client).or(events.first()).copied()
}

fn is_given_up(attempt: &Attempt, timeline: &Timeline, lexicon: &Lexicon) -> bool {
    let events = attempt.events.iter();
    let mut kinds = events
        .filter_map(|id| timeline.events.get(*id))
        .flat_map(|event| event.kind_names(lexicon));
    let said = kinds.any(|kind| GIVEN_UP.contains(&kind));
    let failed = attempt.progress.failed.values();
    let by_client_alone = failed
        .filter_map(|id| timeline.events.get(*id))
        .all(|event| event.record.side == Side::Client);
    attempt.pattern.is_failure() && said && by_client_alone
}

fn came_right_after(progress: &Progress, before: &Progress) -> bool {
    match (before.started_ms, progress.started_ms) {
        (Some(first), Some(second)) => second - first <= REPLACED_WITHIN_MS,
        _ => true,
    }
}

fn left_at_once(attempt: &Attempt) -> bool {
    let life = attempt.progress.life_ms();
    life.is_some_and(|life| life <= LEFT_AT_ONCE_MS)
}
