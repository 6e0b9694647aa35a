//! Which pattern an attempt shows: what was observed, before anything is said about why.

mod errors;

use super::pattern::Pattern;
use super::progress::Progress;
use crate::event::{Event, EventId};
use crate::lexicon::{Lexicon, Place};
use crate::record::Side;
use crate::stage::Stage;
use crate::timeline::Timeline;
use errors::waited_in_vain;
use std::collections::BTreeSet;

pub(super) use errors::by_errors;

/// A connection that ends sooner than this after its accept ended "within moments".
const MOMENTS_MS: i64 = 5_000;
/// The same for a connection on which messages had crossed: it was open and working.
const MOMENTS_AT_WORK_MS: i64 = 1_500;
/// A page that gives its own socket up does so before it could have used it.
const INSTANT_MS: i64 = 400;
/// A handshake is answered within seconds; one that is not by then hangs.
const HANGING_MS: i64 = 10_000;

/// Kinds that say, after an accept, that something went wrong with the connection.
const TROUBLE: [&str; 33] = [
    "exception-in-connect",
    "exception-in-receive",
    "exception-in-handler",
    "exception-in-consumer",
    "exception-unplaced",
    "application-exception",
    "server-code-exception",
    "consumer-error",
    "accept-failed",
    "frame-error",
    "message-too-big",
    "keepalive-timed-out",
    "send-after-close",
    "send-before-accept",
    "handler-missing",
    "serialization-failed",
    "initial-data-failed",
    "layer-unreachable",
    "layer-timed-out",
    "layer-full",
    "layer-missing",
    "group-name-invalid",
    "sync-in-async",
    "client-failed",
    "client-reset",
    "client-lost",
    "client-frame-invalid",
    "client-subprotocol-unanswered",
    "client-closed-before-established",
    "proxy-upstream-timed-out",
    "proxy-upstream-dropped",
    "proxy-idle-closed",
    "refused-as-unauthenticated",
];

/// Kinds that befall a connection that has been open for a while.
const LATE_BY_NATURE: [&str; 6] = [
    "keepalive-timed-out",
    "message-too-big",
    "proxy-idle-closed",
    "proxy-upstream-timed-out",
    "proxy-upstream-dropped",
    "client-lost",
];

/// Whether lines without a beginning say what only befalls a connection that was open, and nothing
/// of an exception that may be another's.
pub(super) fn befell_open_one(events: &[EventId], timeline: &Timeline, lexicon: &Lexicon) -> bool {
    let told = Told::of(events, timeline, lexicon);
    told.says_any(&["keepalive-timed-out", "message-too-big"])
}

/// What is known around the attempt when it is judged.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent observations about the input"
)]
pub(super) struct Surroundings {
    /// A source of the backend is in the input and has events.
    pub(super) backend_speaks: bool,
    /// The time of the last event of the backend, in milliseconds.
    pub(super) backend_last_ms: Option<i64>,
    /// Whether another attempt on the same route followed.
    pub(super) next: Next,
    /// A stop of the server lies at the end of this attempt.
    pub(super) server_stopped: bool,
    /// All lines of the backend say the same: they were picked out, and no silence tells anything.
    pub(super) one_voice: bool,
    /// The only worker was killed after this attempt began, and nothing says that it had ended.
    pub(super) killed: bool,
}

/// What followed an attempt on its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// No other attempt.
    Nothing,
    /// Another, at some time.
    Later,
    /// Another, right after the end of this one.
    AtOnce,
}

/// What the attempt's events say, by name.
pub(super) struct Told<'a> {
    pub(super) kinds: BTreeSet<&'a str>,
    pub(super) sides: BTreeSet<Side>,
    pub(super) client_codes: BTreeSet<u16>,
    pub(super) server_codes: BTreeSet<u16>,
    pub(super) statuses: BTreeSet<u16>,
}

impl<'a> Told<'a> {
    pub(super) fn of(events: &[EventId], timeline: &'a Timeline, lexicon: &'a Lexicon) -> Self {
        let mut told = Self {
            kinds: BTreeSet::new(),
            sides: BTreeSet::new(),
            client_codes: BTreeSet::new(),
            server_codes: BTreeSet::new(),
            statuses: BTreeSet::new(),
        };
        for event in events.iter().filter_map(|id| timeline.events.get(*id)) {
            told.kinds.extend(event.kind_names(lexicon));
            told.sides.insert(event.record.side);
            if let Some(code) = close_code(event) {
                if event.record.side == Side::Client {
                    told.client_codes.insert(code);
                } else {
                    told.server_codes.insert(code);
                }
            }
            told.statuses.extend(status(event));
        }
        told
    }

    pub(super) fn says(&self, kind: &str) -> bool {
        self.kinds.contains(kind)
    }

    pub(super) fn says_any(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|kind| self.says(kind))
    }
}

/// The close code an event names.
pub(super) fn close_code(event: &Event) -> Option<u16> {
    let code: u16 = event.field("code")?.parse().ok()?;
    (1000..5000).contains(&code).then_some(code)
}

/// The HTTP status an event names.
pub(super) fn status(event: &Event) -> Option<u16> {
    event
        .record
        .status
        .or_else(|| event.field("status")?.parse().ok())
        .filter(|status| (100..600).contains(status))
}

/// The pattern of one attempt.
pub(super) fn pattern(progress: &Progress, told: &Told<'_>, around: Surroundings) -> Pattern {
    if told.says_any(&[
        "client-mixed-content",
        "client-csp-blocked",
        "client-url-invalid",
    ]) {
        return Pattern::NoLogs;
    }
    if progress.was_accepted() {
        return after_accept(progress, told, around);
    }
    if told.says("client-subprotocol-unanswered") {
        return Pattern::AcceptedThenClosed;
    }
    let picked_out = around.one_voice && !progress.came_to(Stage::Consumer);
    if picked_out && is_unanswered(progress, told) {
        return Pattern::InsufficientEvidence;
    }
    if is_pending(progress, told, around) {
        return pending(progress, around);
    }
    before_accept(progress, told, around)
}

fn after_accept(progress: &Progress, told: &Told<'_>, around: Surroundings) -> Pattern {
    if around.killed {
        return Pattern::OpenThenDropped;
    }
    let troubled = is_troubled(progress, told);
    let life = progress.life_ms();
    let worked = progress.reached.contains_key(&Stage::Traffic);
    let limit = if worked {
        MOMENTS_AT_WORK_MS
    } else {
        MOMENTS_MS
    };
    let moments = life.is_none_or(|life| life < limit);
    let client_saw_open = told.says("client-opened") || told.says("client-message");
    if moments && told.sides.contains(&Side::Client) && !client_saw_open && client_failed(told) {
        return Pattern::AcceptedThenClosed;
    }
    if told.says_any(&["client-no-message", "client-fell-back"]) && client_saw_open {
        return Pattern::OpenButSilent;
    }
    if troubled {
        let ended = progress.ended_ms.is_some() || progress.close.is_some();
        // A consumer that catches its first message's error goes on with an open, silent socket.
        let escaped = told.says_any(&["application-exception", "exception-unplaced"]);
        let silent = told.says("initial-data-failed") && !escaped && !abnormal_code(told);
        let restarted = told.client_codes.contains(&1012) || told.server_codes.contains(&1012);
        let by_nature =
            (told.says_any(&LATE_BY_NATURE) || restarted) && life.is_none_or(|life| life >= 1_000);
        let unseen = progress.accept.is_none() && !told.says("handshake-started");
        let at_work = progress.reached.contains_key(&Stage::Traffic)
            || unseen && progress.failed.contains_key(&Stage::Traffic);
        let later = by_nature || life.is_none() && at_work;
        return match (ended, moments && !later) {
            _ if silent => Pattern::OpenButSilent,
            (_, true) => Pattern::AcceptedThenClosed,
            (_, false) => Pattern::OpenThenDropped,
        };
    }
    let instant = life.is_some_and(|life| life <= INSTANT_MS);
    let traffic = told.says_any(&["message-received", "client-message"]);
    let clean = told.client_codes.contains(&1000) || told.server_codes.contains(&1000);
    if instant && around.next == Next::AtOnce && !traffic && !clean && !around.server_stopped {
        return Pattern::AcceptedThenClosed;
    }
    if is_only_a_proxys_reset(told) || is_only_of_messages(told) {
        return Pattern::InsufficientEvidence;
    }
    Pattern::Healthy
}

/// Whether something is said to have gone wrong after the accept.
pub(super) fn is_troubled(progress: &Progress, told: &Told<'_>) -> bool {
    let troubled = told.says_any(&TROUBLE) || abnormal_code(told) || had_to_reopen(told);
    troubled && !is_only_noted(progress, told)
}

/// A proxy calls it a reset when either side leaves an upgraded connection without the closing
/// handshake of TCP, which servers also do after a close of WebSocket's own: from the proxy's line
/// alone neither a failure nor a good end can be told.
fn is_only_a_proxys_reset(told: &Told<'_>) -> bool {
    told.says("proxy-upgraded-dropped") && told.sides.iter().all(|side| *side == Side::Proxy)
}

/// Any program may say that it received or sent a message: without a line of a connection, that proves none.
fn is_only_of_messages(told: &Told<'_>) -> bool {
    let of_messages = ["message-received", "message-sent"];
    told.kinds.iter().all(|kind| of_messages.contains(kind))
}

/// Exceptions that end a connection.
const RAISED_BEFORE_THE_END: [&str; 5] = [
    "exception-in-connect",
    "exception-in-receive",
    "exception-in-handler",
    "exception-in-consumer",
    "exception-unplaced",
];

/// An error that was caught and logged on a connection that went on and ended as it should is a note.
fn is_only_noted(progress: &Progress, told: &Told<'_>) -> bool {
    const NOTES: [&str; 7] = [
        "consumer-error",
        "layer-unreachable",
        "layer-timed-out",
        "database-error",
        "sync-in-async",
        "serialization-failed",
        "group-name-invalid",
    ];
    // What fails in disconnect() fails after the end.
    let at_goodbye = told.says("exception-in-disconnect") && !told.says_any(&RAISED_BEFORE_THE_END);
    let is_note =
        |kind: &str| NOTES.contains(&kind) || at_goodbye && kind == "application-exception";
    let hard = TROUBLE.iter().any(|kind| !is_note(kind) && told.says(kind));
    let ended_well = [&told.client_codes, &told.server_codes]
        .iter()
        .any(|codes| codes.contains(&1000) || codes.contains(&1001));
    let ended = progress.close.is_some() || progress.refuse.is_some();
    let lived = progress.life_ms().is_none_or(|life| life >= 1_000);
    !hard && !abnormal_code(told) && lived && (ended_well || !ended)
}

/// Codes by which a side says that the end was no ordinary one. What a server's `disconnect()` is
/// given may be 1006 for a clean close too (Hypercorn 0.18), so that it alone says nothing.
fn abnormal_code(told: &Told<'_>) -> bool {
    let bad = |code: &u16| !matches!(code, 1000 | 1001 | 1005);
    told.client_codes.iter().any(bad)
        || told
            .server_codes
            .iter()
            .any(|code| bad(code) && *code != 1006)
}

/// The client saw the end, and no word of its own doing or of a normal end stands beside its wish to
/// open again.
fn had_to_reopen(told: &Told<'_>) -> bool {
    told.says("client-closed")
        && told.says("client-reconnecting")
        && !told.client_codes.contains(&1000)
        && !told.client_codes.contains(&1001)
}

fn client_failed(told: &Told<'_>) -> bool {
    told.says_any(&[
        "client-failed",
        "client-error-event",
        "client-closed-before-established",
        "client-subprotocol-unanswered",
        "client-frame-invalid",
        "client-reset",
    ]) || told.client_codes.contains(&1006)
}

/// No answer was seen, and none need have been logged yet.
fn is_pending(progress: &Progress, told: &Told<'_>, around: Surroundings) -> bool {
    if !is_unanswered(progress, told) {
        return false;
    }
    let waited = match (around.backend_last_ms, progress.started_ms) {
        (Some(last), Some(start)) => last.saturating_sub(start) > HANGING_MS,
        _ => false,
    };
    let given_up = around.next != Next::Nothing && progress.came_to(Stage::Middleware);
    !waited && !given_up
}

/// Whether no line says how the handshake ended.
fn is_unanswered(progress: &Progress, told: &Told<'_>) -> bool {
    let answered = progress.refuse.is_some()
        || progress.close.is_some()
        || !progress.failed.is_empty()
        || told.says_any(&TROUBLE)
        || told.says("application-killed")
        || told.says("unsupported-upgrade")
        || told.statuses.iter().any(|status| *status != 101)
        || client_failed(told);
    !answered
}

fn pending(progress: &Progress, around: Surroundings) -> Pattern {
    // A log with stamps that ends with the attempt may have ended before the answer.
    let ends_with_it = match (around.backend_last_ms, progress.started_ms) {
        (Some(last), Some(start)) => last.saturating_sub(start) < HANGING_MS,
        _ => false,
    };
    if around.next != Next::Nothing || ends_with_it || !progress.came_to(Stage::Middleware) {
        return Pattern::InsufficientEvidence;
    }
    stopped_at(progress)
}

fn stopped_at(progress: &Progress) -> Pattern {
    if progress.came_to(Stage::Consumer) {
        Pattern::ConsumerRefused
    } else if progress.came_to(Stage::Middleware) {
        Pattern::MiddlewareOnly
    } else {
        Pattern::ServerOnly
    }
}

fn before_accept(progress: &Progress, told: &Told<'_>, around: Surroundings) -> Pattern {
    // Where the beginning is in the input, so would the accept be.
    let begun = told.says_any(&["handshake-started", "connection-attempt-seen"]);
    let failed_early = !progress.failed.is_empty() || progress.refuse.is_some();
    if !begun
        && !failed_early
        && let Some(pattern) = waited_in_vain(progress, told)
    {
        return pattern;
    }
    // Where no route matches, no consumer is called: lines of one are another attempt's.
    if told.says("route-not-found") && progress.came_to(Stage::Consumer) {
        return Pattern::MiddlewareOnly;
    }
    if progress.came_to(Stage::Middleware) {
        return stopped_at(progress);
    }
    if told.says_any(&[
        "websocket-library-missing",
        "asgi-called-as-wsgi",
        "upgrade-header-missing",
        "handshake-malformed",
        "unsupported-upgrade",
    ]) {
        return Pattern::HttpOnly;
    }
    if progress.came_to(Stage::Server) {
        return Pattern::ServerOnly;
    }
    if told.says("client-closed-before-established") {
        if around.backend_speaks && !told.sides.contains(&Side::Backend) {
            return Pattern::NoLogs;
        }
        // A page that gives up a handshake on which a gateway works in vain opened nothing.
        if !gateway_failed(told) {
            return Pattern::AcceptedThenClosed;
        }
    }
    let answered_by_http = [
        "plain-http-on-websocket-path",
        "plain-http-not-found",
        "client-upgrade-invalid",
        "client-answer-malformed",
    ];
    if told.says_any(&GATEWAY_FAILED) || told.says_any(&answered_by_http) {
        return Pattern::HttpOnly;
    }
    if let Some(pattern) = told.statuses.iter().find_map(|status| by_status(*status)) {
        return pattern;
    }
    if told.sides.contains(&Side::Proxy) {
        return Pattern::ServerOnly;
    }
    if told.says_any(&[
        "client-refused",
        "client-name-unresolved",
        "client-timed-out",
        "client-unreachable",
        "client-network-down",
        "client-tls-failed",
        "client-reset",
    ]) {
        return Pattern::NoLogs;
    }
    if told.says("client-handshake-timed-out") {
        return Pattern::ServerOnly;
    }
    // Lines of the backend that prove no stage (an exception without a place, the end of a
    // connection whose beginning is not there) show no pattern.
    if around.backend_speaks && !told.sides.contains(&Side::Backend) {
        return Pattern::NoLogs;
    }
    // Only consumers ask for the layer, or for what middleware left in the scope, as they start.
    let needed = [
        "layer-unreachable",
        "layer-missing",
        "group-name-invalid",
        "scope-user-missing",
    ];
    if progress.close.is_some() && told.says_any(&needed) {
        return Pattern::ConsumerRefused;
    }
    Pattern::InsufficientEvidence
}

/// What a proxy says when it gets no answer from what stands behind it.
const GATEWAY_FAILED: [&str; 4] = [
    "proxy-bad-gateway",
    "proxy-upstream-refused",
    "proxy-upstream-dropped",
    "proxy-upstream-timed-out",
];

/// Whether a proxy got no answer from what stands behind it.
fn gateway_failed(told: &Told<'_>) -> bool {
    let mut statuses = told.statuses.iter();
    told.says_any(&GATEWAY_FAILED) || statuses.any(|status| (502..=504).contains(status))
}

/// What the status of a refused handshake shows. Channels refuses with 403, an exception gives 500;
/// a plain HTTP application answers 200, 404 or a redirect, a gateway 502 to 504.
fn by_status(status: u16) -> Option<Pattern> {
    match status {
        200 | 204 | 301 | 302 | 303 | 307 | 308 | 400 | 404 | 405 | 426 | 502 | 503 | 504 => {
            Some(Pattern::HttpOnly)
        }
        401 | 403 | 429 | 500 => Some(Pattern::ServerOnly),
        _ => None,
    }
}

/// Whether an exception of this place can end a connection.
#[must_use]
pub(super) fn concerns_connection(place: Place) -> bool {
    !matches!(place, Place::Http | Place::Startup)
}
