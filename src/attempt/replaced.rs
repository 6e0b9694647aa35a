//! Sockets that their own page gave up and replaced by one that works: no failures.
//!
//! React's `StrictMode` mounts each component twice in development, a navigation drops what the old page
//! was dialling. The browser warns of the first socket in the words of a failure, and the server may
//! see it come and go; the user has the second one.

use super::Attempt;
use super::judge::{self, Told};
use super::pattern::Pattern;
use super::progress::Progress;
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
/// A socket that its page leaves sooner than this was of no use to it, in milliseconds. Between stamps of
/// whole seconds one apart lie up to two, which is no sign of it.
const LEFT_AT_ONCE_MS: i64 = 1_000;
/// A page that gives up more sockets than this in a row is in trouble.
const MOST_IN_A_ROW: usize = 2;
/// The next one must come within this time, where both have stamps, in milliseconds.
const REPLACED_WITHIN_MS: i64 = 5_000;

/// Marks each attempt that was given up for another. Where that one works, it is harmless; where that
/// one fails, it says nothing of why.
pub(super) fn excuse(attempts: &mut [Attempt], timeline: &Timeline, lexicon: &Lexicon) {
    let mut by_route: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let key = attempt.route_key.clone();
        by_route.entry(key).or_default().push(index);
    }
    for route in by_route.values_mut() {
        route.sort_by_key(|index| attempts.get(*index).map(|one| place(one, timeline)));
    }
    let given_up: Vec<bool> = attempts
        .iter()
        .map(|attempt| is_given_up(attempt, timeline, lexicon))
        .collect();
    let is_given_up = |index: &usize| given_up.get(*index).copied().unwrap_or(false);
    let pairs: Vec<(usize, usize)> = by_route
        .values()
        .flat_map(|route| route.iter().enumerate().map(move |place| (route, place)))
        .filter(|(_, (_, index))| is_given_up(index))
        .filter_map(|(route, (place, index))| {
            let after = route.iter().skip(place).skip(1).take(MOST_IN_A_ROW);
            Some((*index, *after.clone().find(|next| !is_given_up(next))?))
        })
        .collect();
    for (index, next) in pairs {
        let (Some(first), Some(second)) = (attempts.get(index), attempts.get(next)) else {
            continue;
        };
        let works = second.pattern == Pattern::Healthy;
        if !came_right_after(&second.progress, &first.progress) || works && left_at_once(second) {
            continue;
        }
        if let Some(attempt) = attempts.get_mut(index) {
            if works {
                attempt.replaced = true;
            } else {
                attempt.pattern = Pattern::InsufficientEvidence;
            }
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

/// Whether its own page gave it up: the client says so, or the server saw it come and go at once with
/// nothing wrong.
fn is_given_up(attempt: &Attempt, timeline: &Timeline, lexicon: &Lexicon) -> bool {
    let told = Told::of(&attempt.events, timeline, lexicon);
    let came_and_went = attempt.pattern == Pattern::AcceptedThenClosed
        && left_at_once(attempt)
        && !judge::is_troubled(&attempt.progress, &told);
    let failed = attempt.progress.failed.values();
    let by_client_alone = failed
        .filter_map(|id| timeline.events.get(*id))
        .all(|event| event.record.side == Side::Client);
    let said = attempt.pattern.is_failure() && told.says_any(&GIVEN_UP) && by_client_alone;
    came_and_went || said
}

fn came_right_after(progress: &Progress, before: &Progress) -> bool {
    match (before.started_ms, progress.started_ms) {
        (Some(first), Some(second)) => second.saturating_sub(first) <= REPLACED_WITHIN_MS,
        _ => true,
    }
}

fn left_at_once(attempt: &Attempt) -> bool {
    let life = attempt.progress.life_ms();
    life.is_some_and(|life| life < LEFT_AT_ONCE_MS)
}
