//! What the tracker needs to know of one event: its route, what it marks in the life of an attempt,
//! whose address and whose code it names.
//!
//! Which trace the event belongs to is decided elsewhere.

use super::super::{consumer, route};
use crate::dialect::frames;
use crate::event::Event;
use crate::lexicon::{Kind, Lexicon, Mark, Proof, Scope};
use crate::own::Routes;
use crate::record::{Peer, Side, Traceback};
use crate::stage::Stage;

/// What the tracker needs to know of an event.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent observations about one line"
)]
pub(super) struct Clue<'e> {
    pub(super) event: &'e Event,
    pub(super) route: Option<String>,
    /// What all paths of the route share, in lower case.
    pub(super) route_key: Option<String>,
    /// The lower-case stem of a consumer's class that it names.
    pub(super) stem: Option<String>,
    /// The keys of the routes that the consumer it names is listed to serve, in lower case.
    pub(super) homes: Vec<String>,
    pub(super) marks: Vec<Mark>,
    /// It marks the beginning of an attempt.
    pub(super) starts: bool,
    /// The user that it names, unless that is nobody.
    pub(super) user: Option<&'e str>,
    /// Its shape says whose address it names.
    pub(super) addressed: bool,
    /// It proves something about a stage, or marks a step of an attempt's life.
    pub(super) speaks: bool,
    pub(super) early: bool,
    /// The page closed the socket before it was open.
    pub(super) given_up: bool,
    /// The client found no server at all.
    pub(super) unreached: bool,
    /// The client was answered with another status than 101.
    pub(super) answered: bool,
    /// A page's word for a socket that failed, without a reason.
    pub(super) trouble: bool,
    /// It says that an attempt passed a stage of the handshake, as no refused one does afterwards.
    pub(super) advances: bool,
    /// The names of code it shows, in lower case: logger, CamelCase words, files of the project.
    pub(super) names: String,
    /// It says what went wrong, and marks no step by which an attempt goes on or ends.
    pub(super) blames: bool,
    /// What it speaks of comes before the accept.
    pub(super) in_handshake: bool,
    /// It speaks of messages on an open connection.
    pub(super) traffic: bool,
    /// Its message without what varies between two of its kind.
    pub(super) words: String,
    /// The bracketed name at the start of a page's line, in lower case.
    pub(super) tag: Option<String>,
    /// Who wrote it: its source and logger.
    pub(super) voice: Option<(usize, String)>,
}

impl Clue<'_> {
    /// It says that a connection ended, of which nothing else is known.
    pub(super) fn is_goodbye(&self) -> bool {
        let only_ends = self.marks.iter().all(|mark| *mark == Mark::Close);
        !self.marks.is_empty()
            && only_ends
            && !self.addressed
            && self.event.record.side == Side::Backend
    }
}

/// The kinds of an event that concern one connection.
pub(super) fn connection_kinds<'l>(event: &Event, lexicon: &'l Lexicon) -> Vec<&'l Kind> {
    event
        .meanings
        .iter()
        .filter_map(|meaning| lexicon.kind(meaning.kind))
        .filter(|kind| kind.scope == Scope::Connection)
        .collect()
}

pub(super) fn clue<'e>(event: &'e Event, kinds: &[&Kind], routes: &Routes) -> Clue<'e> {
    let marks: Vec<Mark> = kinds.iter().filter_map(|kind| kind.marks).collect();
    let speaks = kinds
        .iter()
        .any(|kind| kind.marks.is_some() || kind.proves != Proof::Nothing);
    let early = kinds.iter().any(|kind| {
        is_step(kind)
            && kind.stage.is_some_and(|stage| stage <= Stage::Consumer)
            && kind.proves == Proof::Reached
            && !matches!(kind.marks, Some(Mark::Refuse | Mark::Close))
    });
    let route = event_route(event);
    Clue {
        event,
        route_key: route
            .as_deref()
            .map(|path| route::key(path, routes).to_lowercase()),
        homes: consumer::listed(event, routes)
            .into_iter()
            .flat_map(|class| routes.served_by(class))
            .map(|route| route.path.to_lowercase())
            .collect(),
        stem: consumer::class(event)
            .map(|class| consumer::stem(&class))
            .filter(|stem| stem.len() > 2),
        route,
        starts: marks.contains(&Mark::Start),
        marks,
        user: event.field("user").filter(|user| !is_anonymous(user)),
        addressed: client_address(event).is_some(),
        speaks,
        early,
        given_up: kinds
            .iter()
            .any(|kind| kind.id == "client-closed-before-established"),
        unreached: kinds.iter().any(|kind| {
            matches!(
                kind.id.as_str(),
                "client-refused" | "client-name-unresolved" | "client-unreachable"
            )
        }),
        answered: kinds
            .iter()
            .any(|kind| kind.id == "client-handshake-status"),
        trouble: kinds.iter().any(|kind| kind.id == "client-error-event"),
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
        // What disconnect() raises shows that there was a consumer, and comes after the handshake.
        in_handshake: kinds.iter().any(|kind| {
            kind.stage.is_some_and(|stage| stage < Stage::Accept)
                && kind.id != "exception-in-disconnect"
        }),
        blames: kinds.iter().all(|kind| kind.marks.is_none())
            && kinds
                .iter()
                .any(|kind| kind.proves == Proof::Failed || kind.id.contains("exception")),
        traffic: kinds.iter().any(|kind| kind.stage == Some(Stage::Traffic)),
        words: words(event),
        tag: tag(event).filter(|_| event.record.side == Side::Client),
        voice: voice(event),
    }
}

/// A kind that an attempt shows once: a second time is another attempt. Clues and exceptions may
/// come as often as they like.
pub(super) fn is_step(kind: &Kind) -> bool {
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
    // The names of Channels 1's reply channels (`daphne.response.QmTbLd!wuJUp`) differ in letters.
    let words = message.split(' ').map(|word| match word.split_once('!') {
        Some((before, after)) if !after.is_empty() => before.split('.').next().unwrap_or(before),
        _ => word,
    });
    words
        .flat_map(|word| word.chars().chain([' ']))
        .filter(|c| !c.is_ascii_digit())
        .take(120)
        .collect()
}

/// Messages come as often as they like.
pub(super) fn is_message(clue: &Clue<'_>) -> bool {
    clue.marks.is_empty() && !clue.event.record.message.is_empty() && clue.traffic
}

/// The path an event names, if it names one.
fn event_route(event: &Event) -> Option<String> {
    let named = event.named_target()?;
    let target = route::Target::parse(named);
    Some(target.path).filter(|path| path.len() > 1 || named.contains("://") || named == "/")
}

pub(super) fn is_anonymous(user: &str) -> bool {
    let user = user.to_lowercase();
    user.contains("anonymous") || user == "none" || user.is_empty()
}

/// Who wrote a line: its source and logger.
fn voice(event: &Event) -> Option<(usize, String)> {
    let logger = event.record.logger.clone()?;
    Some((event.record.origin.source, logger))
}

/// The words of a path that may name its consumer's code, without a plural's ending.
pub(super) fn route_words(route: &str) -> impl Iterator<Item = String> {
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
    for frame in record.traceback.iter().flat_map(Traceback::frames) {
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
pub(super) fn client_address(event: &Event) -> Option<&Peer> {
    let free_words = matches!(event.record.dialect, "logger-header" | "plain");
    event
        .record
        .peer
        .as_ref()
        .filter(|peer| peer.port.is_some() && !free_words)
}
