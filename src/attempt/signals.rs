//! The vocabulary in which rules ask about an attempt.

use crate::event::EventId;
use std::collections::BTreeMap;

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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signals {
    held: BTreeMap<String, Vec<EventId>>,
}

/// The names of all facts; a rule that asks for another is wrong.
pub const FACTS: [&str; 40] = [
    "accept",
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
    pub fn add(&mut self, name: impl Into<String>, events: impl IntoIterator<Item = EventId>) {
        let held = self.held.entry(name.into()).or_default();
        for event in events {
            // Events mostly come in order, so this mostly appends.
            if let Err(place) = held.binary_search(&event) {
                held.insert(place, event);
            }
        }
    }

    /// Whether a signal holds.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        self.held.contains_key(name)
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
        self.held.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every signal with its events, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[EventId])> {
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
        for (name, events) in other.iter() {
            self.add(name, events.iter().copied());
        }
    }
}
