//! The facts of attempts: what rules may ask beside the kinds of events.
//!
//! Facts about one attempt stand in this file; facts that compare it with others in [`among`].

mod among;
mod handshake;
mod listing;
mod setting;
mod upgraded;
mod zone;

use super::judge::{close_code, concerns_connection, status};
use super::token::{self, Token};
use super::{Attempt, InputFacts, Pattern, Signals, route};
use crate::dialect::frames;
use crate::event::{Event, EventId};
use crate::lexicon::{Lexicon, Scope, ends_unseen};
use crate::own::Routes;
use crate::record::Side;
use crate::stage::Stage;
use crate::timeline::Timeline;
use rayon::prelude::*;
use setting::Setting;
use std::collections::BTreeSet;
use zone::Zones;

/// What the server said of itself: the kinds whose scope is the server.
pub(super) fn of_server(timeline: &Timeline, lexicon: &Lexicon) -> Signals {
    let mut signals = Signals::default();
    for (id, event) in timeline.events.iter().enumerate() {
        for meaning in &event.meanings {
            if let Some(kind) = lexicon.kind(meaning.kind)
                && kind.scope == Scope::Server
            {
                signals.add(kind.id.as_str(), [id]);
            }
        }
    }
    signals
}

/// What facts are found in.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    pub(super) timeline: &'k Timeline,
    pub(super) lexicon: &'k Lexicon,
    pub(super) routes: &'k Routes,
    pub(super) server: &'k Signals,
    pub(super) input: &'k InputFacts,
    /// Events that may belong to another attempt.
    pub(super) unsure: &'k BTreeSet<EventId>,
}

/// Gives every attempt its signals.
pub(super) fn add_all(attempts: &mut [Attempt], known: &Known<'_>) {
    let timeline = known.timeline;
    let zones = Zones::learn(attempts, timeline);
    each(attempts, |attempt| {
        let mut signals = Signals::default();
        add_kinds(attempt, timeline, known.lexicon, &mut signals);
        add_exceptions(attempt, timeline, &mut signals);
        add_progress(attempt, &mut signals);
        add_target(attempt, timeline, known.server, &zones, &mut signals);
        listing::add(attempt, known.routes, &mut signals);
        add_end(attempt, timeline, known.lexicon, &mut signals);
        handshake::add(attempt, timeline, &mut signals);
        add_times(attempt, &mut signals);
        add_unread(attempt, timeline, &mut signals);
        attempt.signals = signals;
    });
    upgraded::add(attempts, timeline);
    let setting = Setting::of(attempts, known);
    let mut shared = known.server.clone();
    setting.add_shared(&mut shared);
    among::add_given(timeline, &mut shared);
    let shared = shared.into_shared();
    each(attempts, |attempt| {
        let mut signals = std::mem::take(&mut attempt.signals);
        setting.add(attempt, timeline, &mut signals);
        attempt.signals = signals;
    });
    among::add(attempts, timeline, known.input);
    each(attempts, |attempt| attempt.signals.extend(&shared));
}

/// So many attempts are judged before another thread is worth its while.
const LEAST_ATTEMPTS: usize = 16;

/// Adds to every attempt what does not depend on what is added to the others.
fn each(attempts: &mut [Attempt], add: impl Fn(&mut Attempt) + Sync + Send) {
    let attempts = attempts.par_iter_mut().with_min_len(LEAST_ATTEMPTS);
    attempts.for_each(add);
}

/// Attempts that look healthy by themselves and are not beside the others: one of a storm, one
/// answered by another route's consumer, one whose group nobody sends to, or one whose in-memory
/// layer ends at its process.
pub(super) fn reconsider(attempts: &mut [Attempt]) {
    for attempt in attempts.iter_mut() {
        let signals = &attempt.signals;
        let own_process = signals.holds("processes=many") && signals.holds("layer-in-memory");
        let pattern = match attempt.pattern {
            Pattern::Healthy if signals.holds("attempts=storm") => Pattern::AcceptedThenClosed,
            Pattern::Healthy if signals.holds("answered-as-http=true") => Pattern::OpenThenDropped,
            Pattern::Healthy
                if signals.holds("consumer=other-route")
                    || signals.holds("groups=differ")
                    || own_process =>
            {
                Pattern::OpenButSilent
            }
            // What ends after the same time again and again was open until then.
            Pattern::AcceptedThenClosed if signals.holds("idle=constant") => {
                Pattern::OpenThenDropped
            }
            Pattern::HttpOnly
                if !signals.holds("seen=backend")
                    && (signals.holds("address-in-use") || signals.holds("bind-failed")) =>
            {
                Pattern::NoLogs
            }
            known => known,
        };
        if pattern != attempt.pattern {
            attempt
                .signals
                .remove(&format!("pattern={}", attempt.pattern));
            attempt.signals.add(format!("pattern={pattern}"), []);
            attempt.pattern = pattern;
        }
    }
}

fn add_kinds(attempt: &Attempt, timeline: &Timeline, lexicon: &Lexicon, signals: &mut Signals) {
    for id in &attempt.events {
        if let Some(event) = timeline.events.get(*id) {
            for kind in event.kind_names(lexicon) {
                signals.add(kind, [*id]);
            }
        }
    }
}

fn add_exceptions(attempt: &Attempt, timeline: &Timeline, signals: &mut Signals) {
    for id in &attempt.events {
        let Some(event) = timeline.events.get(*id) else {
            continue;
        };
        let (Some(place), Some(traceback)) = (event.place, event.record.traceback.as_ref()) else {
            continue;
        };
        if !concerns_connection(place) {
            continue;
        }
        signals.add(format!("exception={}", place.name()), [*id]);
        if ends_unseen(&event.record) {
            signals.add("exception-cut=true", [*id]);
        }
        for exception in &traceback.exceptions {
            if let Some(class) = exception.class.rsplit('.').next()
                && !class.is_empty()
            {
                signals.add(format!("exception-class={class}"), [*id]);
            }
            if exception.frames.iter().any(frames::is_project) {
                signals.add("project-frame=true", [*id]);
            }
        }
    }
}

fn add_progress(attempt: &Attempt, signals: &mut Signals) {
    let progress = &attempt.progress;
    signals.add(format!("pattern={}", attempt.pattern), []);
    let furthest = progress.furthest();
    for stage in Stage::ALL {
        let proof = progress.reached.get(&stage).copied();
        if Some(stage) == furthest {
            signals.add(format!("furthest={stage}"), proof);
        }
        if Some(stage) == progress.missing() {
            signals.add(format!("missing={stage}"), []);
        }
        let passed = furthest.is_some_and(|furthest| stage <= furthest);
        if passed || progress.reached.contains_key(&stage) {
            signals.add(format!("reached={stage}"), proof);
        }
        if let Some(id) = progress.failed.get(&stage) {
            signals.add(format!("failed={stage}"), [*id]);
        }
    }
    let accept = if progress.was_accepted() {
        "accept=proven"
    } else {
        "accept=unproven"
    };
    signals.add(accept, progress.accept);
    if progress.reached.contains_key(&Stage::Open) {
        signals.add("opened=true", progress.reached.get(&Stage::Open).copied());
    }
    for side in &attempt.sides {
        signals.add(format!("seen={}", side_name(*side)), []);
    }
}

/// The public name of a side.
pub(super) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Backend => "backend",
        Side::Proxy => "proxy",
        Side::Client => "client",
    }
}

fn add_target(
    attempt: &Attempt,
    timeline: &Timeline,
    server: &Signals,
    zones: &Zones,
    signals: &mut Signals,
) {
    for id in &attempt.events {
        let Some(event) = timeline.events.get(*id) else {
            continue;
        };
        let Some(target) = event_target(event) else {
            continue;
        };
        if let Some(scheme) = &target.scheme {
            signals.add(format!("url-scheme={scheme}"), [*id]);
        }
        // Only who dials names a host behind `ws://`, whoever's line shows it.
        let dialled = matches!(target.scheme.as_deref(), Some("ws" | "wss"));
        if (event.record.side == Side::Client || dialled)
            && let Some(host) = &target.host
        {
            let place = if setting::is_loopback(host) {
                "loopback"
            } else {
                "other"
            };
            signals.add(format!("url-host={place}"), [*id]);
        }
        if route::is_dev_tool(&target.path) {
            signals.add("route-known=dev-tool", [*id]);
        }
        add_token((*id, event), &target, attempt, zones, signals);
        if event.record.side == Side::Client
            && let Some(port) = target.port
        {
            add_port(*id, port, timeline, server, signals);
        }
    }
    // A later line may show the token that an earlier one left out.
    let shown = [
        "url-token=present",
        "url-token=valid",
        "url-token=expired",
        "url-token=past-if-utc",
        "url-token=malformed",
        "url-token=not-yet-valid",
        "url-token=null",
    ];
    if shown.iter().any(|state| signals.holds(state)) {
        signals.remove("url-token=absent");
    }
}

/// The target an event names, taken apart.
fn event_target(event: &Event) -> Option<route::Target> {
    let named = event
        .record
        .target
        .as_deref()
        .or_else(|| event.field("url"))?;
    Some(route::Target::parse(named))
}

fn add_token(
    (id, event): (EventId, &Event),
    target: &route::Target,
    attempt: &Attempt,
    zones: &Zones,
    signals: &mut Signals,
) {
    // Daphne's and nginx's default lines show no query, or a path without one: silence, not absence.
    let shows_query = target.query.is_some() || event.record.side == Side::Client;
    let shortened = || {
        ["=...", "=…", "=<", "=*", "=["]
            .iter()
            .any(|mark| event.record.text.contains(mark))
    };
    match token::inspect(target) {
        Some(Token::Absent) | None => {
            if target.query.is_some() || shows_query && target.scheme.is_some() {
                signals.add("url-token=absent", [id]);
            }
        }
        Some(Token::Null) if !shortened() => signals.add("url-token=null", [id]),
        Some(Token::Null | Token::Opaque) => signals.add("url-token=present", [id]),
        Some(Token::Malformed) => signals.add("url-token=malformed", [id]),
        Some(Token::Jwt(times)) => {
            signals.add("url-token=present", [id]);
            if let Some(state) = zones.judge(times, event, attempt) {
                signals.add(format!("url-token={state}"), [id]);
            }
        }
    }
}

fn add_port(id: EventId, port: u16, timeline: &Timeline, server: &Signals, signals: &mut Signals) {
    let listening: Vec<(EventId, u16)> = server
        .events("server-listening")
        .iter()
        .filter_map(|listener| {
            let event = timeline.events.get(*listener)?;
            Some((*listener, event.field("port")?.parse().ok()?))
        })
        .collect();
    let elsewhere = !listening.is_empty() && listening.iter().all(|(_, other)| *other != port);
    if elsewhere {
        let proof = listening.iter().map(|(listener, _)| *listener);
        signals.add("url-port-differs=true", [id].into_iter().chain(proof));
    }
}

fn add_end(attempt: &Attempt, timeline: &Timeline, lexicon: &Lexicon, signals: &mut Signals) {
    for id in &attempt.events {
        let Some(event) = timeline.events.get(*id) else {
            continue;
        };
        if let Some(status) = status(event) {
            signals.add(format!("status={status}"), [*id]);
        }
        if names_anonymous(event) {
            signals.add("user=anonymous", [*id]);
        }
        if let Some(code) = close_code(event) {
            // Where the application says what it means by a code, that is no longer guessed from it.
            let signal = match lexicon.close_code(code) {
                Some(known) => format!("close-means={}", known.means),
                None => format!("close-code={code}"),
            };
            signals.add(signal, [*id]);
            signals.add(format!("close-class={}", code_class(code)), [*id]);
        }
    }
    if signals.holds("client-not-clean") {
        let events: Vec<EventId> = signals.events("client-not-clean").to_vec();
        signals.add("clean=false", events);
    }
    let end = if signals.holds("client-closed-before-established")
        || signals.holds("proxy-client-gone")
    {
        "end=client"
    } else if signals.holds("application-closed") || signals.holds("handshake-rejected") {
        "end=server"
    } else {
        "end=unknown"
    };
    signals.add(end, []);
}

/// Whether a line shows Django's anonymous user, rather than words about some user.
fn names_anonymous(event: &Event) -> bool {
    let text = &event.record.message;
    text.contains("AnonymousUser")
        || event
            .field("user")
            .is_some_and(|user| user.contains("Anonymous"))
        || text.contains(": ") && text.to_lowercase().contains("is authenticated: false")
}

/// The class of a close code (RFC 6455 section 7.4).
fn code_class(code: u16) -> &'static str {
    match code {
        1000 | 1005 => "normal",
        1001 => "going-away",
        1006 => "abnormal",
        1002..=1004 | 1007..=1015 => "error",
        _ => "application",
    }
}

/// Lines of the backend among the attempt's own that no phrase knows: they may be the middleware's or
/// the consumer's words, so that its silence is only apparent.
fn add_unread(attempt: &Attempt, timeline: &Timeline, signals: &mut Signals) {
    const BEFORE: usize = 4;
    let mut own = attempt.events.iter().copied().filter(|id| {
        timeline
            .events
            .get(*id)
            .is_some_and(|event| event.record.side == Side::Backend)
    });
    let Some(first) = own.next() else {
        return;
    };
    let last = own.next_back().unwrap_or(first);
    let unread = (first.saturating_sub(BEFORE)..=last).filter(|id| {
        timeline.events.get(*id).is_some_and(|event| {
            event.record.side == Side::Backend
                && event.meanings.is_empty()
                && event.record.level.is_some()
                && event.record.logger.is_some()
                && event.record.dialect == "logger-header"
        })
    });
    let unread: Vec<EventId> = unread.take(3).collect();
    if !unread.is_empty() {
        signals.add("unread=lines", unread);
    }
}

fn add_times(attempt: &Attempt, signals: &mut Signals) {
    let progress = &attempt.progress;
    if progress.was_accepted() {
        if let Some(life) = progress.life_ms() {
            let class = match life {
                ..1_000 => "instant",
                1_000..5_000 => "short",
                _ => "long",
            };
            signals.add(format!("life={class}"), progress.close);
        }
    } else if let Some(wait) = progress.wait_ms() {
        let class = match wait {
            ..1_500 => "none",
            1_500..4_000 => "short",
            _ => "handshake-timeout",
        };
        signals.add(format!("wait={class}"), progress.close.or(progress.refuse));
    }
}
