//! Traces: what one side wrote about one attempt.
//!
//! Lines that carry the client's address and port belong together by it. Lines that do not are
//! given to the open trace they fit: by route, by user, by a name the consumer shares with the
//! route, and by what that trace has not said before. A line that says again what its trace already
//! said begins another attempt.

use super::route;
use crate::dialect::frames;
use crate::event::{Event, EventId};
use crate::lexicon::{Kind, KindId, Lexicon, Mark, Proof, Scope};
use crate::record::{Peer, Side};
use crate::stage::Stage;
use crate::timeline::Timeline;
use std::collections::{BTreeMap, BTreeSet};

/// An application's exception is logged by a checker that runs once a second (Daphne 2 to 4).
const LATE_MS: i64 = 1_600;
/// Lines without times: how many later ones may still speak of an ended attempt.
const LATE_EVENTS: usize = 4;
/// How long a handshake may wait for its next line where nothing but time ties them.
const PATIENCE_MS: i64 = 30_000;
/// So many of the latest traces are asked whether a line without an address is theirs.
const SEEN_TRACES: usize = 200;
/// Lines of one logger so close together are written without giving way to another task.
const ONE_BREATH_MS: i64 = 2;

/// What one side wrote about one attempt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trace {
    pub(super) side: Side,
    pub(super) events: Vec<EventId>,
    pub(super) route: Option<String>,
    pub(super) peer: Option<Peer>,
    pub(super) user: Option<String>,
    /// The bracketed name that a page's code puts before its lines (`[Chat]`), in lower case.
    pub(super) tag: Option<String>,
    pub(super) started_ms: Option<i64>,
    pub(super) latest_ms: Option<i64>,
    kinds: BTreeSet<KindId>,
    /// The messages so far, what varies left out.
    said: BTreeSet<String>,
    pub(super) accepted: bool,
    /// A line with an HTTP status is among them: of a proxy, the request's own access line.
    has_status: bool,
    /// It ended by a refusal, or was given up before it was open.
    pub(super) refused: bool,
    finished: Option<Finish>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Finish {
    at_ms: Option<i64>,
    position: usize,
}

/// The traces of one side, and what could not be told apart.
#[derive(Debug, Default)]
pub(super) struct Traces {
    pub(super) traces: Vec<Trace>,
    /// Events that speak of a connection and of no trace in sight.
    pub(super) orphans: Vec<EventId>,
    /// Events that fitted several traces alike, or whose names fit another better.
    pub(super) unsure: BTreeSet<EventId>,
}

/// Splits the events of one side into traces.
pub(super) fn collect(timeline: &Timeline, lexicon: &Lexicon, side: Side) -> Traces {
    let mut tracker = Tracker {
        lexicon,
        side,
        found: Traces::default(),
        position: 0,
        previous: None,
        voices: BTreeMap::new(),
    };
    for (id, event) in timeline.events.iter().enumerate() {
        if event.record.side == side {
            tracker.take(id, event, timeline);
        }
    }
    tracker.found
}

struct Tracker<'a> {
    lexicon: &'a Lexicon,
    side: Side,
    found: Traces,
    position: usize,
    previous: Option<EventId>,
    /// For each logger of each source: the trace it spoke of last, and when.
    voices: BTreeMap<(usize, String), (usize, i64)>,
}

/// What the tracker needs to know of an event.
struct Clue<'e> {
    event: &'e Event,
    route: Option<String>,
    marks: Vec<Mark>,
    /// It proves something about a stage, or marks a step of an attempt's life.
    speaks: bool,
    early: bool,
    /// The page closed the socket before it was open.
    given_up: bool,
    /// It says that an attempt passed a stage of the handshake, as no refused one does afterwards.
    advances: bool,
    /// The names of code it shows, in lower case: logger, CamelCase words, files of the project.
    names: String,
    /// It speaks of messages on an open connection.
    traffic: bool,
}

impl Tracker<'_> {
    fn take(&mut self, id: EventId, event: &Event, timeline: &Timeline) {
        self.position += 1;
        if self.repeats_previous(event, timeline) {
            return;
        }
        let kinds = connection_kinds(event, self.lexicon);
        let by_peer = self.by_peer(event);
        if kinds.is_empty() && by_peer.is_none() {
            return;
        }
        self.previous = Some(id);
        let clue = clue(event, &kinds);
        let chosen = match by_peer {
            Some(index) if !self.begins_anew(index, &clue) => Some(index),
            Some(_) => None,
            None => self.choose(id, &clue),
        };
        match chosen {
            Some(index) => self.add(index, id, &clue),
            None if clue.speaks => {
                self.found.traces.push(Trace::new(self.side));
                self.add(self.found.traces.len() - 1, id, &clue);
            }
            None => self.found.orphans.push(id),
        }
    }

    /// Root logger and server logger both configured: the same line stands twice.
    fn repeats_previous(&self, event: &Event, timeline: &Timeline) -> bool {
        let Some(previous) = self.previous.and_then(|id| timeline.events.get(id)) else {
            return false;
        };
        let (new, old) = (&event.record, &previous.record);
        self.side != Side::Client
            && old.origin.source == new.origin.source
            && old.message == new.message
            && old.peer == new.peer
            && old.logger.is_some() != new.logger.is_some()
            && event.at_ms == previous.at_ms
    }

    fn by_peer(&self, event: &Event) -> Option<usize> {
        let peer = event.record.peer.as_ref()?;
        peer.port?;
        self.found
            .traces
            .iter()
            .rposition(|trace| trace.peer.as_ref() == Some(peer))
    }

    /// An address may be used again: a start after an end is another attempt.
    fn begins_anew(&self, index: usize, clue: &Clue<'_>) -> bool {
        let Some(trace) = self.found.traces.get(index) else {
            return true;
        };
        let over = trace.finished.is_some() || trace.said.contains(&words(clue.event));
        clue.marks.contains(&Mark::Start) && over && trace.has_said(clue.event, self.lexicon)
    }

    fn choose(&mut self, id: EventId, clue: &Clue<'_>) -> Option<usize> {
        let mut fitting: Vec<usize> = (0..self.found.traces.len())
            .rev()
            .take(SEEN_TRACES)
            .filter(|index| self.fits(*index, clue))
            .collect();
        fitting.reverse();
        for narrower in [
            Self::same_route,
            Self::shares_name,
            Self::expects,
            Self::was_open,
        ] {
            let narrowed: Vec<usize> = fitting
                .iter()
                .copied()
                .filter(|index| narrower(self, *index, clue))
                .collect();
            if !narrowed.is_empty() {
                fitting = narrowed;
            }
        }
        if self.side == Side::Backend
            && (fitting.len() > 1 || self.is_named_elsewhere(clue, &fitting))
        {
            self.found.unsure.insert(id);
        }
        if let Some(index) = self.spoken_in_one_breath(clue, &fitting) {
            return Some(index);
        }
        // Handshakes are served in the order they came; what comes late belongs to the latest.
        if clue.early && self.side == Side::Backend {
            fitting.first().copied()
        } else {
            fitting.last().copied()
        }
    }

    /// Of several that fit: the one that the same logger spoke of the moment before.
    fn spoken_in_one_breath(&self, clue: &Clue<'_>, fitting: &[usize]) -> Option<usize> {
        let (index, before) = self.voices.get(&voice(clue.event)?)?;
        let at_once = clue.event.own_ms()? - before <= ONE_BREATH_MS;
        let begins = clue.marks.contains(&Mark::Start);
        (at_once && !begins && fitting.contains(index)).then_some(*index)
    }

    fn fits(&self, index: usize, clue: &Clue<'_>) -> bool {
        let Some(trace) = self.found.traces.get(index) else {
            return false;
        };
        let addressed = client_address(clue.event).is_some();
        if addressed && trace.peer.as_ref().is_some_and(|peer| peer.port.is_some()) {
            return false;
        }
        if let (Some(new), Some(old)) = (&clue.route, &trace.route)
            && route::key(new) != route::key(old)
        {
            return false;
        }
        if let (Some(new), Some(old)) = (clue.event.field("user"), &trace.user)
            && new != old
            && !is_anonymous(new)
            && !is_anonymous(old)
        {
            return false;
        }
        if self.side == Side::Backend && trace.accepted && clue.marks.contains(&Mark::Start) {
            return false;
        }
        if let (Some(new), Some(old)) = (tag(clue.event), &trace.tag)
            && self.side == Side::Client
            && new != *old
        {
            return false;
        }
        self.is_alive(trace, clue) && !self.says_again(trace, clue)
    }

    fn is_alive(&self, trace: &Trace, clue: &Clue<'_>) -> bool {
        let waited = match (trace.latest_ms, clue.event.at_ms) {
            (Some(before), Some(now)) => now - before,
            _ => 0,
        };
        if let Some(finish) = trace.finished {
            let late = match (finish.at_ms, clue.event.at_ms) {
                (Some(end), Some(now)) => now - end <= LATE_MS,
                _ => true,
            };
            let near = finish.at_ms.is_some() || self.position - finish.position <= LATE_EVENTS;
            let starts = clue.marks.contains(&Mark::Start)
                || self.side == Side::Backend && (clue.early || trace.refused && clue.advances);
            return late && near && !starts;
        }
        match self.side {
            Side::Client => true,
            // A proxy's error line and its access line are written together.
            Side::Proxy => waited <= 2_000,
            Side::Backend => trace.accepted || waited <= PATIENCE_MS,
        }
    }

    /// Whether the trace has said this already, so that the line is another attempt's.
    fn says_again(&self, trace: &Trace, clue: &Clue<'_>) -> bool {
        if self.side == Side::Client {
            return self.client_says_again(trace, clue);
        }
        if self.side == Side::Proxy {
            return clue.event.record.status.is_some() && trace.has_status;
        }
        let begins = clue.early || clue.marks.contains(&Mark::Start);
        let ends_again = !clue.marks.is_empty() && trace.said.contains(&words(clue.event));
        begins && trace.has_said(clue.event, self.lexicon) || ends_again
    }

    /// A page says several things about one failure, in any order; what it says twice, or says of a
    /// beginning after an end, is another attempt's.
    fn client_says_again(&self, trace: &Trace, clue: &Clue<'_>) -> bool {
        let begins = clue.marks.contains(&Mark::Start);
        if begins && trace.is_more_than_url(self.lexicon) {
            return true;
        }
        if clue.marks.contains(&Mark::Accept) && (trace.accepted || trace.finished.is_some()) {
            return true;
        }
        let refused = clue.marks.contains(&Mark::Refuse);
        if refused && (trace.accepted || trace.has_said(clue.event, self.lexicon)) {
            return true;
        }
        clue.speaks && !is_message(clue) && trace.said.contains(&words(clue.event))
    }

    fn same_route(&self, index: usize, clue: &Clue<'_>) -> bool {
        let (Some(new), Some(trace)) = (&clue.route, self.found.traces.get(index)) else {
            return false;
        };
        trace
            .route
            .as_ref()
            .is_some_and(|old| route::key(old) == route::key(new))
    }

    /// `DashboardConsumer` speaks for `/ws/dashboard/`.
    fn shares_name(&self, index: usize, clue: &Clue<'_>) -> bool {
        let Some(route) = self
            .found
            .traces
            .get(index)
            .and_then(|trace| trace.route.as_deref())
        else {
            return false;
        };
        let by_class =
            consumer_stem(clue.event).is_some_and(|stem| route.to_lowercase().contains(&stem));
        by_class || route_words(route).any(|word| clue.names.contains(&word))
    }

    /// A goodbye belongs to a connection that was open.
    fn was_open(&self, index: usize, clue: &Clue<'_>) -> bool {
        let goodbye = clue.marks.contains(&Mark::Close);
        goodbye
            && self
                .found
                .traces
                .get(index)
                .is_some_and(|trace| trace.accepted)
    }

    /// Whether the code that the line names is that of another handshake that still waits.
    fn is_named_elsewhere(&self, clue: &Clue<'_>, fitting: &[usize]) -> bool {
        let here = fitting.iter().any(|index| self.shares_name(*index, clue));
        let living = (0..self.found.traces.len()).rev().take(SEEN_TRACES);
        !here
            && living
                .filter(|index| !fitting.contains(index))
                .filter(|index| {
                    self.found
                        .traces
                        .get(*index)
                        .is_some_and(|trace| trace.finished.is_none() && !trace.accepted)
                })
                .any(|index| self.shares_name(index, clue))
    }

    /// A handshake's line belongs to a pending handshake, a message's to an open connection.
    fn expects(&self, index: usize, clue: &Clue<'_>) -> bool {
        let Some(trace) = self.found.traces.get(index) else {
            return false;
        };
        let pending = !trace.accepted && trace.finished.is_none();
        if clue.early || clue.marks.contains(&Mark::Accept) {
            pending
        } else {
            trace.finished.is_none()
        }
    }

    fn add(&mut self, index: usize, id: EventId, clue: &Clue<'_>) {
        let position = self.position;
        if let (Some(voice), Some(at)) = (voice(clue.event), clue.event.own_ms()) {
            self.voices.insert(voice, (index, at));
        }
        if let Some(trace) = self.found.traces.get_mut(index) {
            trace.add(id, clue, position);
        }
    }
}

impl Trace {
    fn new(side: Side) -> Self {
        Self {
            side,
            events: Vec::new(),
            route: None,
            peer: None,
            user: None,
            tag: None,
            started_ms: None,
            latest_ms: None,
            kinds: BTreeSet::new(),
            said: BTreeSet::new(),
            accepted: false,
            has_status: false,
            refused: false,
            finished: None,
        }
    }

    fn add(&mut self, id: EventId, clue: &Clue<'_>, position: usize) {
        let event = clue.event;
        self.events.push(id);
        self.kinds
            .extend(event.meanings.iter().map(|meaning| meaning.kind));
        if self.route.is_none() {
            self.route.clone_from(&clue.route);
        }
        if self.peer.as_ref().is_none_or(|peer| peer.port.is_none())
            && let Some(peer) = client_address(event)
        {
            self.peer = Some(peer.clone());
        }
        if let Some(user) = event.field("user")
            && self.user.as_deref().is_none_or(is_anonymous)
        {
            self.user = Some(user.to_owned());
        }
        if self.side == Side::Client {
            self.tag = self.tag.take().or_else(|| tag(event));
        }
        self.said.insert(words(event));
        self.has_status |= event.record.status.is_some();
        self.started_ms = self.started_ms.or(event.at_ms);
        self.latest_ms = event.at_ms.or(self.latest_ms);
        self.accepted |= clue.marks.contains(&Mark::Accept);
        self.refused |= (clue.marks.contains(&Mark::Refuse) || clue.given_up) && !self.accepted;
        let ends = clue.marks.contains(&Mark::Close) || clue.marks.contains(&Mark::Refuse);
        if ends && self.finished.is_none() {
            self.finished = Some(Finish {
                at_ms: event.at_ms,
                position,
            });
        }
    }

    /// Whether it was open for longer than a page's change of mind takes.
    pub(super) fn stayed_open(&self) -> bool {
        let life = match (self.started_ms, self.finished) {
            (Some(start), Some(finish)) => finish.at_ms.map(|end| end - start),
            _ => None,
        };
        self.accepted && life.is_none_or(|life| life > 2_000)
    }

    /// Whether it ended without having been accepted.
    pub(super) fn was_refused(&self) -> bool {
        self.finished.is_some() && !self.accepted
    }

    /// Whether one of the event's step-like kinds was said before.
    fn has_said(&self, event: &Event, lexicon: &Lexicon) -> bool {
        event.meanings.iter().any(|meaning| {
            self.kinds.contains(&meaning.kind) && lexicon.kind(meaning.kind).is_some_and(is_step)
        })
    }

    /// A page that prints the address after its error has not opened another socket.
    fn is_more_than_url(&self, lexicon: &Lexicon) -> bool {
        self.kinds
            .iter()
            .any(|kind| lexicon.kind(*kind).is_some_and(|kind| kind.marks.is_some()))
    }
}

/// The kinds of an event that concern one connection.
fn connection_kinds<'l>(event: &Event, lexicon: &'l Lexicon) -> Vec<&'l Kind> {
    event
        .meanings
        .iter()
        .filter_map(|meaning| lexicon.kind(meaning.kind))
        .filter(|kind| kind.scope == Scope::Connection)
        .collect()
}

fn clue<'e>(event: &'e Event, kinds: &[&Kind]) -> Clue<'e> {
    let marks = kinds.iter().filter_map(|kind| kind.marks).collect();
    let speaks = kinds
        .iter()
        .any(|kind| kind.marks.is_some() || kind.proves != Proof::Nothing);
    let early = kinds.iter().any(|kind| {
        is_step(kind)
            && kind.stage.is_some_and(|stage| stage <= Stage::Consumer)
            && kind.proves == Proof::Reached
            && !matches!(kind.marks, Some(Mark::Refuse | Mark::Close))
    });
    Clue {
        event,
        route: event_route(event),
        marks,
        speaks,
        early,
        given_up: kinds
            .iter()
            .any(|kind| kind.id == "client-closed-before-established"),
        advances: kinds.iter().any(|kind| {
            kind.proves == Proof::Reached
                && !matches!(kind.marks, Some(Mark::Refuse | Mark::Close))
                && kind
                    .stage
                    .is_some_and(|stage| (Stage::Auth..=Stage::Accept).contains(&stage))
                && !kind.id.starts_with("exception")
                && kind.id != "consumer-spoke"
                && kind.id != "consumer-error"
        }),
        names: names(event),
        traffic: kinds.iter().any(|kind| kind.stage == Some(Stage::Traffic)),
    }
}

/// A kind that an attempt shows once: a second time is another attempt. Clues and exceptions may
/// come as often as they like.
fn is_step(kind: &Kind) -> bool {
    if kind.marks.is_some() {
        return true;
    }
    kind.proves == Proof::Reached
        && matches!(
            kind.id.as_str(),
            "consumer-called"
                | "connection-attempt-seen"
                | "client-error-event"
                | "client-socket-closed-state"
        )
}

/// The bracketed name at the start of a page's line, in lower case.
fn tag(event: &Event) -> Option<String> {
    let rest = event.record.message.trim_start().strip_prefix('[')?;
    let (tag, _) = rest.split_once(']')?;
    let named = tag.chars().any(char::is_alphabetic) && tag.chars().count() <= 40;
    named.then(|| tag.to_lowercase())
}

/// The message without what varies between two of its kind.
fn words(event: &Event) -> String {
    let message = &event.record.message;
    message
        .chars()
        .filter(|c| !c.is_ascii_digit())
        .take(120)
        .collect()
}

/// Messages come as often as they like.
fn is_message(clue: &Clue<'_>) -> bool {
    clue.marks.is_empty() && !clue.event.record.message.is_empty() && clue.traffic
}

/// The path an event names, if it names one.
pub(super) fn event_route(event: &Event) -> Option<String> {
    let named = event
        .record
        .target
        .as_deref()
        .or_else(|| event.field("url"))
        .or_else(|| event.field("path"))?;
    let target = route::Target::parse(named);
    Some(target.path).filter(|path| path.len() > 1 || named.contains("://") || named == "/")
}

fn is_anonymous(user: &str) -> bool {
    let user = user.to_lowercase();
    user.contains("anonymous") || user == "none" || user.is_empty()
}

/// Who wrote a line: its source and logger.
fn voice(event: &Event) -> Option<(usize, String)> {
    let logger = event.record.logger.clone()?;
    Some((event.record.origin.source, logger))
}

/// The words of a path that may name its consumer's code, without a plural's ending.
fn route_words(route: &str) -> impl Iterator<Item = String> {
    route
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() >= 4 && !matches!(*word, "live" | "socket" | "websocket"))
        .map(|word| word.to_lowercase().trim_end_matches('s').to_owned())
}

/// The names of code an event shows, in lower case.
fn names(event: &Event) -> String {
    let record = &event.record;
    let mut names = record.logger.clone().unwrap_or_default();
    let camel_case = |word: &&str| {
        word.chars().filter(char::is_ascii_uppercase).count() >= 2
            && word.chars().any(|c| c.is_ascii_lowercase())
    };
    let words = record.message.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words.filter(camel_case) {
        names.push(' ');
        names.push_str(word);
    }
    let frames = record
        .traceback
        .iter()
        .flat_map(|traceback| &traceback.exceptions);
    for frame in frames.flat_map(|exception| &exception.frames) {
        if frames::is_project(frame) {
            names.push(' ');
            names.push_str(&frames::display_path(frame));
            names.push(' ');
            names.push_str(&frame.code);
        }
    }
    names.to_lowercase()
}

/// The client's address, where the line's shape says whose address it is. In free words it may be
/// a database's (`Timeout reading from 127.0.0.1:6379`).
fn client_address(event: &Event) -> Option<&Peer> {
    let free_words = matches!(event.record.dialect, "logger-header" | "plain");
    event
        .record
        .peer
        .as_ref()
        .filter(|peer| peer.port.is_some() && !free_words)
}

/// The lower-case stem of a consumer's class named in the logger or the message.
fn consumer_stem(event: &Event) -> Option<String> {
    let text = format!(
        "{} {}",
        event.record.logger.as_deref().unwrap_or_default(),
        event.record.message
    );
    let word = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .find(|word| word.len() > "Consumer".len() && word.ends_with("Consumer"))?;
    let stem = word.trim_end_matches("Consumer").to_lowercase();
    let stem = stem.trim_start_matches("async").to_owned();
    Some(stem).filter(|stem| stem.len() > 2)
}
