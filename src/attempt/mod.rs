//! Connection attempts: which events belong to which handshake, how far each came, and what can be
//! said of it in the vocabulary of the rules.
//!
//! Causes are not known here. What an attempt *shows* is its [`Pattern`] and its signals: the kinds
//! of its events, and facts written `name=value` (the list stands at [`Signals`]).

mod clocks;
mod consumer;
mod facts;
mod gaps;
mod join;
mod judge;
mod pattern;
mod progress;
mod replaced;
pub mod route;
mod signals;
mod standing;
mod token;
mod trace;

pub use clocks::align;
pub use pattern::Pattern;
pub use progress::Progress;
pub use signals::{FACTS, Signals};

use crate::event::EventId;
use crate::lexicon::Lexicon;
use crate::own::Routes;
use crate::record::Side;
use crate::timeline::Timeline;
use join::Joined;
use judge::{Next, Surroundings, Told};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the input as a whole when attempts are judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InputFacts {
    /// Indices of sources in which lines may be missing (through `grep`, or truncated).
    pub cut_sources: BTreeSet<usize>,
}

/// One connection attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Its events, in the order of the timeline.
    pub events: Vec<EventId>,
    /// Its path, without query.
    pub route: Option<String>,
    /// What attempts on one route share: the listed route, or the path with identifiers replaced.
    pub route_key: Option<String>,
    /// What it shows.
    pub pattern: Pattern,
    /// How far it came.
    pub progress: Progress,
    /// The sides that wrote about it.
    pub sides: BTreeSet<Side>,
    /// How many attempts it stands for, itself included: those like it in a long log are only counted.
    pub stands_for: usize,
    /// Its own page gave it up, and the next socket of that page works: it did no harm.
    pub replaced: bool,
    /// The signals that rules may ask for.
    pub signals: Signals,
}

/// All attempts of an input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attempts {
    /// In the order of their first events.
    pub attempts: Vec<Attempt>,
    /// Events that speak of a connection and of no attempt in sight.
    pub orphans: Vec<EventId>,
    /// What the server said of itself: signals that every attempt sees.
    pub server: Signals,
    /// How many lines fitted several attempts alike.
    pub ambiguous: usize,
}

impl Attempts {
    /// Finds the attempts of a timeline.
    #[must_use]
    pub fn find(
        timeline: &Timeline,
        lexicon: &Lexicon,
        routes: &Routes,
        input: &InputFacts,
    ) -> Self {
        let collect = |side| trace::collect(timeline, lexicon, routes, side);
        let backend = collect(Side::Backend);
        let proxy = collect(Side::Proxy);
        let client = collect(Side::Client);
        let unsure = backend.unsure;
        let mut orphans = backend.orphans;
        orphans.extend(proxy.orphans);
        orphans.extend(client.orphans);
        orphans.sort_unstable();
        let (joined, unpaired) = join::join(backend.all, proxy.all, client.all);
        let ambiguous = unsure.len().saturating_add(unpaired);
        let mut joined: Vec<(Vec<EventId>, Joined)> = joined
            .into_iter()
            .map(|attempt| (attempt.events(), attempt))
            .filter(|(events, _)| !events.is_empty())
            .collect();
        joined.sort_by(|one, other| one.0.cmp(&other.0));
        let server = facts::of_server(timeline, lexicon);
        let mut attempts = judge_all(&joined, timeline, lexicon, routes, &server);
        let asked = lexicon.find("upgrade-requested");
        let asks = |id: &EventId| timeline.events.get(*id).is_some_and(|it| it.is(asked));
        leave_other_requests(&mut attempts, routes, &server, asks);
        gaps::leave_cut(&mut attempts, timeline, lexicon);
        replaced::excuse(&mut attempts, timeline, lexicon);
        if !attempts
            .iter()
            .any(|attempt| attempt.pattern.is_failure() || attempt.pattern == Pattern::Healthy)
        {
            attempts.extend(unattended(&server, &orphans, timeline, lexicon));
        }
        let known = facts::Known {
            timeline,
            lexicon,
            routes,
            server: &server,
            input,
            unsure: &unsure,
        };
        facts::add_all(&mut attempts, &known);
        facts::reconsider(&mut attempts);
        standing::share(&mut attempts, timeline, lexicon);
        Self {
            attempts,
            orphans,
            server,
            ambiguous,
        }
    }
}

/// A proxy writes of every request in the same words. One whose path names no socket, and of which
/// nobody else speaks, is another request: unless no socket is in sight, and a server that takes them is.
/// `asks` tells whether an event shows that the request asked for a socket.
fn leave_other_requests(
    attempts: &mut Vec<Attempt>,
    listed: &Routes,
    server: &Signals,
    asks: impl Fn(&EventId) -> bool,
) {
    let is_sure = |attempt: &Attempt| {
        attempt.sides.len() > 1
            || attempt.progress.was_accepted()
            || !attempt.sides.contains(&Side::Proxy)
            || attempt.events.iter().any(&asks)
    };
    let routes: BTreeSet<Option<String>> = attempts
        .iter()
        .filter(|attempt| is_sure(attempt))
        .map(|attempt| attempt.route_key.clone())
        .collect();
    let takes_sockets = server.holds("asgi-server-started");
    let is_alone = routes.is_empty() && takes_sockets;
    let is_known = |path: &str| route::names_websocket(path) || listed.of_path(path).is_some();
    attempts.retain(|attempt| {
        let named = attempt.route.as_deref().is_none_or(is_known);
        named || is_alone || is_sure(attempt) || routes.contains(&attempt.route_key)
    });
}

/// What the server says of itself when it cannot take connections, and the pattern that shows.
const NEVER_SERVED: [(&str, Pattern); 7] = [
    ("address-in-use", Pattern::NoLogs),
    ("bind-failed", Pattern::NoLogs),
    ("startup-exception", Pattern::NoLogs),
    ("server-refused-to-start", Pattern::NoLogs),
    ("tls-to-plain-port", Pattern::NoLogs),
    ("websocket-library-missing", Pattern::HttpOnly),
    ("dev-backend-refused", Pattern::NoLogs),
];

/// Where no attempt is in the input: what the server says of why there cannot be one, or else what
/// lines of the application say of some connection, as one attempt on no route.
fn unattended(
    server: &Signals,
    orphans: &[EventId],
    timeline: &Timeline,
    lexicon: &Lexicon,
) -> Option<Attempt> {
    // What is reported of a request was raised by a server that served it.
    let of_request = |id: &EventId| {
        let event = timeline.events.get(*id);
        event.is_some_and(|event| event.is(lexicon.find("application-exception")))
    };
    let last = |kind: &str| {
        server
            .events(kind)
            .iter()
            .rfind(|id| !of_request(id))
            .copied()
    };
    let listening = last("server-listening");
    // What a later start put right is past. (Uvicorn says that it runs before it imports.)
    let never_served = NEVER_SERVED
        .iter()
        .find(|(kind, _)| last(kind).is_some_and(|failed| Some(failed) > listening));
    let mut events: Vec<EventId> = if never_served.is_some() {
        NEVER_SERVED
            .iter()
            .flat_map(|(kind, _)| server.events(kind))
            .copied()
            .collect()
    } else {
        orphans.to_vec()
    };
    if events.is_empty() {
        return None;
    }
    events.sort_unstable();
    events.dedup();
    let progress = Progress::of(&events, timeline, lexicon);
    let pattern = never_served.map_or_else(
        || {
            if judge::befell_open_one(&events, timeline, lexicon) {
                Pattern::OpenThenDropped
            } else {
                judge::by_errors(&progress, &Told::of(&events, timeline, lexicon))
            }
        },
        |(_, pattern)| *pattern,
    );
    Some(Attempt {
        progress,
        events,
        route: None,
        route_key: None,
        pattern,
        sides: BTreeSet::new(),
        stands_for: 1,
        replaced: false,
        signals: Signals::default(),
    })
}

fn judge_all(
    joined: &[(Vec<EventId>, Joined)],
    timeline: &Timeline,
    lexicon: &Lexicon,
    listed: &Routes,
    server: &Signals,
) -> Vec<Attempt> {
    let progresses: Vec<Progress> = joined
        .iter()
        .map(|(events, _)| Progress::of(events, timeline, lexicon))
        .collect();
    let routes: Vec<Option<String>> = joined
        .iter()
        .map(|(_, attempt)| attempt.traces().find_map(|trace| trace.route.clone()))
        .collect();
    let keys: Vec<Option<String>> = routes
        .iter()
        .map(|route| route.as_deref().map(|path| route::key(path, listed)))
        .collect();
    let backend_last_ms = timeline
        .events
        .iter()
        .filter(|event| event.record.side == Side::Backend)
        .filter_map(|event| event.at_ms)
        .max();
    let backend_speaks = timeline
        .events
        .iter()
        .any(|event| event.record.side == Side::Backend && !event.meanings.is_empty());
    let one_voice = says_one_thing(timeline);
    let followers = followers(&progresses, &keys, joined);
    joined
        .iter()
        .zip(&progresses)
        .zip(routes.iter().zip(&keys))
        .zip(followers)
        .map(|((((events, attempt), progress), (route, key)), next)| {
            let told = Told::of(events, timeline, lexicon);
            let around = Surroundings {
                backend_speaks,
                backend_last_ms,
                next,
                server_stopped: stopped_near(progress.ended_ms, server, timeline),
                one_voice,
                killed: is_killed(progress, events, server),
            };
            Attempt {
                events: events.clone(),
                route: route.clone(),
                route_key: key.clone(),
                pattern: judge::pattern(progress, &told, around),
                progress: progress.clone(),
                sides: attempt.traces().map(|trace| trace.side).collect(),
                stands_for: 1,
                replaced: false,
                signals: Signals::default(),
            }
        })
        .collect()
}

/// Whether all of the backend's lines that mean anything mean the same.
fn says_one_thing(timeline: &Timeline) -> bool {
    let mut meant = timeline
        .events
        .iter()
        .filter(|event| event.record.side == Side::Backend && !event.meanings.is_empty())
        .map(|event| event.meanings.iter().map(|meaning| meaning.kind));
    let Some(first) = meant.next() else {
        return false;
    };
    meant.all(|kinds| kinds.eq(first.clone()))
}

/// For each attempt: what followed on its route.
fn followers(
    progresses: &[Progress],
    keys: &[Option<String>],
    joined: &[(Vec<EventId>, Joined)],
) -> Vec<Next> {
    let mut next: BTreeMap<Option<String>, Option<i64>> = BTreeMap::new();
    let mut found = vec![Next::Nothing; joined.len()];
    for index in (0..joined.len()).rev() {
        let (Some(progress), Some(key)) = (progresses.get(index), keys.get(index)) else {
            continue;
        };
        if let Some(start) = next.get(key)
            && let Some(slot) = found.get_mut(index)
        {
            let at_once = match (start, progress.ended_ms) {
                (Some(start), Some(end)) => start.abs_diff(end) <= 1_500,
                _ => false,
            };
            *slot = if at_once { Next::AtOnce } else { Next::Later };
        }
        next.insert(key.clone(), progress.started_ms);
    }
    found
}

/// Whether the only worker there was is killed while an accepted connection has no end. Of several
/// workers nobody knows whose it was.
fn is_killed(progress: &Progress, events: &[EventId], server: &Signals) -> bool {
    let (Some(first), None, None) = (events.first(), progress.close, progress.ended_ms) else {
        return false;
    };
    let Some(kill) = server.events("worker-killed").first() else {
        return false;
    };
    let workers = server.events("worker-process-started");
    first < kill && workers.iter().filter(|worker| *worker < kill).count() <= 1
}

fn stopped_near(ended_ms: Option<i64>, server: &Signals, timeline: &Timeline) -> bool {
    let Some(end) = ended_ms else {
        return false;
    };
    server.events("server-stopped").iter().any(|id| {
        timeline
            .events
            .get(*id)
            .and_then(|event| event.at_ms)
            .is_some_and(|stop| stop.abs_diff(end) <= 3_000)
    })
}
