//! The vocabulary in which rules ask about an attempt.

mod held;

use crate::event::EventId;
use held::Held;
use std::sync::Arc;

/// What holds for an attempt, each with the events that show it.
///
/// A signal is a kind of event of the lexicon (`token-expired`) or a fact, `name=value`:
///
/// | fact | values |
/// |---|---|
/// | `pattern` | a pattern's name |
/// | `furthest`, `missing` | the stage reached last, the first without proof |
/// | `reached`, `failed` | each stage reached or passed; each that an event says failed |
/// | `silent` | a stage whose logger speaks for other attempts and not for this one |
/// | `quiet` | a stage without proof, whose silence says nothing |
/// | `given`, `seen` | `backend`, `proxy`, `client`: a side of the input; of the attempt |
/// | `url-scheme`, `url-token`, `url-port-differs` | what the URL says |
/// | | `url-token=past-if-utc`: expired if the log's times are in UTC, which nothing tells |
/// | `status` | the handshake's HTTP status |
/// | `close-code`, `close-class`, `clean` | how it ended |
/// | `life`, `wait` | how long it was open; how long the handshake took |
/// | `idle`, `idle-seconds` | connections of the route that end after the same time |
/// | `attempts`, `route`, `other-routes`, `at-once` | the attempt among others |
/// | `close-means` | what `wswhy.toml` defines the close code to mean |
/// | `route-known` | `dev-tool`; by the list in `wswhy.toml`: `listed`, `near` (a slip), `unlisted` |
/// | `accept`, `opened`, `end` | whether accepted, whether the client saw it open, who ended it |
/// | `listens`, `url-host` | `loopback`, `other`: where the server listens, what the URL names |
/// | `processes` | `many`: several processes serve |
/// | `groups`, `consumer` | `differ`: joined one, sent to another; `other-route`: its consumer answered |
/// | `user` | `anonymous`: the framework's own word for it was logged |
/// | `origin` | `same`, `other-port`, `other-host`, `null`: the page's origin against the host it dials |
/// | `unread` | `lines`: lines among its own that no phrase knows |
/// | `exception`, `exception-class`, `project-frame` | where an exception was raised, and which |
/// | `answered-as-http` | the server answered by HTTP on a connection that was a WebSocket already |
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signals {
    held: Held,
    /// What holds for every attempt alike, kept once for all of them. An event of an attempt's own that
    /// shows one of these is among its events here too.
    shared: Arc<Held>,
}

/// The names of all facts; a rule that asks for another is wrong.
pub const FACTS: [&str; 42] = [
    "accept",
    "answered-as-http",
    "at-once",
    "attempts",
    "clean",
    "close-class",
    "close-code",
    "close-means",
    "consumer",
    "end",
    "exception",
    "exception-class",
    "exception-cut",
    "failed",
    "furthest",
    "given",
    "groups",
    "idle",
    "idle-seconds",
    "life",
    "listens",
    "missing",
    "opened",
    "origin",
    "other-routes",
    "pattern",
    "processes",
    "project-frame",
    "quiet",
    "reached",
    "route",
    "route-known",
    "seen",
    "silent",
    "status",
    "unread",
    "url-host",
    "url-port-differs",
    "url-scheme",
    "url-token",
    "user",
    "wait",
];

impl Signals {
    /// Adds a signal; `events` are those that show it.
    pub fn add(
        &mut self,
        name: impl AsRef<str> + Into<String>,
        events: impl IntoIterator<Item = EventId>,
    ) {
        // Mostly a signal is added again: only a new one needs a name of its own.
        if let Some(held) = self.held.get_mut(name.as_ref()) {
            include(held, events);
        } else {
            let mut held = Vec::new();
            include(&mut held, events);
            self.held.insert(name.into(), held);
        }
    }

    /// Whether a signal holds.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        self.held.get(name).is_some() || self.shared.get(name).is_some()
    }

    /// Whether a rule's condition is met: a signal that holds or, behind `!`, one that does not.
    #[must_use]
    pub fn meets(&self, condition: &str) -> bool {
        match condition.strip_prefix('!') {
            Some(name) => !self.holds(name),
            None => self.holds(condition),
        }
    }

    /// The events that show a signal, in order; empty where it does not hold or rests on none.
    #[must_use]
    pub fn events(&self, name: &str) -> &[EventId] {
        let held = self.shared.get(name).or_else(|| self.held.get(name));
        held.map(Vec::as_slice).unwrap_or_default()
    }

    /// The signals that are not shared with every attempt, with their events, by name.
    pub fn own(&self) -> impl Iterator<Item = (&str, &[EventId])> {
        self.held
            .iter()
            .map(|(name, events)| (name.as_str(), events.as_slice()))
    }

    /// Takes a signal back that a later event contradicts.
    pub fn remove(&mut self, name: &str) {
        self.held.remove(name);
    }

    /// Adds all signals of another.
    pub fn extend(&mut self, other: &Self) {
        if self.shared.is_empty() {
            self.shared = Arc::clone(&other.shared);
        } else if !Arc::ptr_eq(&self.shared, &other.shared) {
            self.extend_held(&other.shared);
        }
        self.extend_held(&other.held);
    }

    fn extend_held(&mut self, other: &Held) {
        for (name, events) in other.iter() {
            self.add(name, events.iter().copied());
        }
    }

    /// These signals, to be shared by all attempts.
    pub(super) fn into_shared(mut self) -> Self {
        let held = std::mem::take(&mut self.held);
        Self {
            held: Held::default(),
            shared: Arc::new(held),
        }
    }
}

/// Adds events to those that show a signal.
fn include(held: &mut Vec<EventId>, events: impl IntoIterator<Item = EventId>) {
    for event in events {
        // Events mostly come in order.
        if held.last().is_none_or(|last| *last < event) {
            held.push(event);
        } else if let Err(place) = held.binary_search(&event) {
            held.insert(place, event);
        }
    }
}
