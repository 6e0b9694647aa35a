//! Joining what the browser, the proxy and the server wrote about the same attempt.
//!
//! Where both sides have clocks, the nearest start on the same route is the partner; where one has
//! none, attempts of a route are paired in order. What finds no partner for want of a clock is
//! joined to the last attempt of its route and counted, not guessed to be another.

use super::trace::Trace;
use crate::event::EventId;
use crate::record::Side;
use std::collections::BTreeMap;

/// How far the starts of one attempt may lie apart on two aligned clocks.
const APART_MS: u64 = 4_000;

/// The traces that speak of one attempt.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Joined {
    pub(super) client: Vec<Trace>,
    pub(super) proxy: Vec<Trace>,
    pub(super) backend: Vec<Trace>,
}

impl Joined {
    pub(super) fn traces(&self) -> impl Iterator<Item = &Trace> {
        self.client.iter().chain(&self.proxy).chain(&self.backend)
    }

    /// All its events in the order of the timeline.
    pub(super) fn events(&self) -> Vec<EventId> {
        let mut events: Vec<EventId> = self
            .traces()
            .flat_map(|trace| trace.events.iter().copied())
            .collect();
        events.sort_unstable();
        events.dedup();
        events
    }

    fn key(&self) -> Option<&str> {
        self.traces().find_map(|trace| trace.route_key.as_deref())
    }

    fn started_ms(&self) -> Option<i64> {
        self.backend
            .iter()
            .chain(&self.proxy)
            .chain(&self.client)
            .find_map(|trace| trace.started_ms)
    }
}

/// The attempts of all sides, and how many traces found no partner of their own.
pub(super) fn join(
    backend: Vec<Trace>,
    proxy: Vec<Trace>,
    client: Vec<Trace>,
) -> (Vec<Joined>, usize) {
    let mut attempts: Vec<Joined> = backend
        .into_iter()
        .map(|trace| Joined {
            backend: vec![trace],
            ..Joined::default()
        })
        .collect();
    let of_proxy = attach(&mut attempts, proxy, |attempt| &mut attempt.proxy);
    let of_client = attach(&mut attempts, client, |attempt| &mut attempt.client);
    (attempts, of_proxy.saturating_add(of_client))
}

fn attach(
    attempts: &mut Vec<Joined>,
    traces: Vec<Trace>,
    slot: impl Fn(&mut Joined) -> &mut Vec<Trace>,
) -> usize {
    let known = attempts.len();
    let mut left = Vec::new();
    let mut free = Free::of(attempts);
    for trace in traces {
        let partner = free.take_partner(attempts, &trace);
        match partner.and_then(|index| attempts.get_mut(index)) {
            Some(attempt) => slot(attempt).push(trace),
            None => left.push(trace),
        }
    }
    let clockless: Vec<usize> = (0..known)
        .filter(|index| {
            let attempt = attempts.get(*index);
            attempt.is_some_and(|attempt| attempt.started_ms().is_none())
        })
        .collect();
    let mut ambiguous = 0_usize;
    for trace in left {
        let fitting = |index: &usize| {
            let attempt = attempts.get(*index);
            attempt
                .is_some_and(|attempt| fits(attempt, &trace) && lacks_common_clock(attempt, &trace))
        };
        let same_route = if trace.started_ms.is_some() {
            clockless.iter().copied().rfind(fitting)
        } else {
            (0..known).rfind(fitting)
        };
        if let Some(attempt) = same_route.and_then(|index| attempts.get_mut(index)) {
            ambiguous = ambiguous.saturating_add(1);
            slot(attempt).push(trace);
        } else {
            let mut alone = Joined::default();
            slot(&mut alone).push(trace);
            attempts.push(alone);
        }
    }
    ambiguous
}

/// The attempts that have no trace of the side that is being attached, by route: thousands of traces
/// each look for their partner among thousands.
struct Free {
    by_route: BTreeMap<Option<String>, Vec<usize>>,
}

impl Free {
    fn of(attempts: &[Joined]) -> Self {
        let mut by_route: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
        for (index, attempt) in attempts.iter().enumerate() {
            let route = attempt.key().map(str::to_owned);
            by_route.entry(route).or_default().push(index);
        }
        Self { by_route }
    }

    /// The nearest attempt that fits, the first of several alike; no other trace is given it.
    fn take_partner(&mut self, attempts: &[Joined], trace: &Trace) -> Option<usize> {
        let (_, index) = if trace.route_key.is_some() {
            let routes = [None, trace.route_key.clone()];
            let free = routes.iter().filter_map(|route| self.by_route.get(route));
            free.filter_map(|free| nearest(free, attempts, trace)).min()
        } else {
            let free = self.by_route.values();
            free.filter_map(|free| nearest(free, attempts, trace)).min()
        }?;
        let route = attempts.get(index)?.key().map(str::to_owned);
        let free = self.by_route.get_mut(&route)?;
        if let Ok(place) = free.binary_search(&index) {
            free.remove(place);
        }
        Some(index)
    }
}

/// The nearest of these attempts, the first of several alike, with its distance.
fn nearest(free: &[usize], attempts: &[Joined], trace: &Trace) -> Option<(u64, usize)> {
    let least = u64::from(trace.route.is_none() && trace.tag.is_none());
    let mut best: Option<(u64, usize)> = None;
    for index in free {
        let Some(distance) = attempts
            .get(*index)
            .and_then(|attempt| distance(attempt, trace))
        else {
            continue;
        };
        if best.is_none_or(|(known, _)| distance < known) {
            best = Some((distance, *index));
        }
        // Nothing that follows can be nearer.
        if distance <= least {
            break;
        }
    }
    best
}

/// How far a trace is from an attempt that it fits.
fn distance(attempt: &Joined, trace: &Trace) -> Option<u64> {
    let apart = match (attempt.started_ms(), trace.started_ms) {
        (Some(start), Some(other)) => apart(attempt, start, other, trace.side),
        _ => 0,
    };
    if apart > APART_MS || !fits(attempt, trace) {
        return None;
    }
    // A line that names no path prefers the route that its tag names.
    let unnamed = u64::from(!shares_name(attempt, trace));
    // What one side saw open, the other accepted.
    let agrees = attempt
        .backend
        .iter()
        .all(|one| one.accepted == trace.accepted);
    let differs = if agrees { 0 } else { 2 };
    Some(apart.saturating_add(unnamed).saturating_add(differs))
}

/// How far a trace's start lies from an attempt. A proxy writes its access line when the request
/// ends, so that it may lie anywhere up to the attempt's last line.
fn apart(attempt: &Joined, start: i64, other: i64, side: Side) -> u64 {
    let last = attempt
        .backend
        .iter()
        .filter_map(|trace| trace.latest_ms)
        .max()
        .unwrap_or(start);
    if side == Side::Proxy && start <= other && other <= last {
        return 0;
    }
    let from_start = start.abs_diff(other);
    if side == Side::Proxy {
        from_start.min(last.abs_diff(other))
    } else {
        from_start
    }
}

fn fits(attempt: &Joined, trace: &Trace) -> bool {
    // What the client saw open was accepted.
    let open_without_accept = trace.side == Side::Client
        && trace.accepted
        && attempt.backend.iter().any(Trace::was_refused);
    // What the page gave up before it was open did not stay open on the server.
    let given_up = trace.side == Side::Client
        && trace.refused
        && attempt.backend.iter().any(Trace::stayed_open);
    // Of what never came to a server none can have written.
    let elsewhere = trace.unreached && !trace.accepted && !attempt.backend.is_empty();
    fits_route(attempt, trace) && !open_without_accept && !given_up && !elsewhere
}

/// Whether the bracketed name before a page's lines is a word of the route (`[Chat]`, `/ws/chat/`).
fn shares_name(attempt: &Joined, trace: &Trace) -> bool {
    let (Some(tag), Some(key)) = (&trace.tag, attempt.key()) else {
        return trace.route.is_some();
    };
    trace.route.is_some()
        || tag
            .split(' ')
            .any(|word| word.len() > 2 && key.to_lowercase().contains(word))
}

fn fits_route(attempt: &Joined, trace: &Trace) -> bool {
    match (attempt.key(), &trace.route_key) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn lacks_common_clock(attempt: &Joined, trace: &Trace) -> bool {
    attempt.started_ms().is_none() || trace.started_ms.is_none()
}
