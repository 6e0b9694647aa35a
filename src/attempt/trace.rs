//! Traces: what one side wrote about one attempt.
//!
//! Lines that carry the client's address and port belong together by it. Lines that do not are
//! given to the open trace they fit: by route, by user, by a name the consumer shares with the
//! route, and by what that trace has not said before. A line that says again what its trace already
//! said begins another attempt.

mod clue;
mod tracker;

use super::consumer;
use crate::event::{Event, EventId};
use crate::lexicon::{KindId, Lexicon, Mark};
use crate::own::Routes;
use crate::record::{Peer, Side};
use crate::timeline::Timeline;
use clue::{Clue, client_address, is_anonymous, is_step, route_words};
use std::collections::{BTreeMap, BTreeSet};
use tracker::Tracker;

/// What goes wrong ends a connection within this.
const ENDS_WITH_MS: u64 = 1_600;

/// What one side wrote about one attempt.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent observations about one attempt"
)]
pub(super) struct Trace {
    pub(super) side: Side,
    pub(super) events: Vec<EventId>,
    pub(super) route: Option<String>,
    /// What all paths of the route share, in lower case.
    pub(super) route_key: Option<String>,
    /// The words of the path that may name its consumer's code.
    words: Vec<String>,
    pub(super) peer: Option<Peer>,
    pub(super) user: Option<String>,
    /// That user is nobody.
    is_anonymous: bool,
    /// The bracketed name that a page's code puts before its lines (`[Chat]`), in lower case.
    pub(super) tag: Option<String>,
    pub(super) started_ms: Option<i64>,
    pub(super) latest_ms: Option<i64>,
    kinds: BTreeSet<KindId>,
    /// Who spoke of it: sources with loggers.
    voices: BTreeSet<(usize, String)>,
    /// The messages so far, what varies left out.
    said: BTreeSet<String>,
    pub(super) accepted: bool,
    /// A line with an HTTP status is among them: of a proxy, the request's own access line.
    has_status: bool,
    /// The client's line that the handshake was answered with another status than 101 is among them.
    answered: bool,
    /// It ended by a refusal, or was given up before it was open.
    pub(super) refused: bool,
    /// The client found no server at all.
    pub(super) unreached: bool,
    /// The client's line that its page closed it before it was open.
    given_up: Option<EventId>,
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
    pub(super) all: Vec<Trace>,
    /// Events that speak of a connection and of no trace in sight.
    pub(super) orphans: Vec<EventId>,
    /// Events that fitted several traces alike, or whose names fit another better.
    pub(super) unsure: BTreeSet<EventId>,
}

/// Splits the events of one side into traces.
pub(super) fn collect(
    timeline: &Timeline,
    lexicon: &Lexicon,
    routes: &Routes,
    side: Side,
) -> Traces {
    collect_from(timeline, lexicon, routes, side, None)
}

/// The same for the events of one source alone, where one is given.
pub(super) fn collect_from(
    timeline: &Timeline,
    lexicon: &Lexicon,
    routes: &Routes,
    side: Side,
    source: Option<usize>,
) -> Traces {
    let mut tracker = Tracker {
        lexicon,
        routes,
        side,
        found: Traces::default(),
        position: 0,
        held: Vec::new(),
        previous: None,
        voices: BTreeMap::new(),
        peers: BTreeMap::new(),
    };
    for (id, event) in timeline.events.iter().enumerate() {
        let wanted = source.is_none_or(|source| source == event.record.origin.source);
        if event.record.side == side && wanted && !event.doubled {
            tracker.take(id, event, timeline);
        }
    }
    let mut found = tracker.settle();
    for trace in &mut found.all {
        trace.find_home(timeline, routes);
    }
    found
}

impl Trace {
    fn new(side: Side) -> Self {
        Self {
            side,
            events: Vec::new(),
            route: None,
            route_key: None,
            words: Vec::new(),
            peer: None,
            user: None,
            is_anonymous: false,
            tag: None,
            started_ms: None,
            latest_ms: None,
            kinds: BTreeSet::new(),
            voices: BTreeSet::new(),
            said: BTreeSet::new(),
            accepted: false,
            has_status: false,
            answered: false,
            refused: false,
            unreached: false,
            given_up: None,
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
            self.route_key.clone_from(&clue.route_key);
            self.words = clue
                .route
                .as_deref()
                .map_or_else(Vec::new, |route| route_words(route).collect());
        }
        if self.peer.as_ref().is_none_or(|peer| peer.port.is_none())
            && let Some(peer) = client_address(event)
        {
            self.peer = Some(peer.clone());
        }
        if let Some(user) = event.field("user")
            && (self.user.is_none() || self.is_anonymous)
        {
            self.user = Some(user.to_owned());
            self.is_anonymous = is_anonymous(user);
        }
        if self.side == Side::Client && self.tag.is_none() {
            self.tag.clone_from(&clue.tag);
        }
        if clue.given_up {
            self.given_up = Some(id);
        }
        self.voices.extend(clue.voice.clone());
        self.said.insert(clue.words.clone());
        self.has_status |= event.record.status.is_some();
        self.answered |= clue.answered;
        self.started_ms = self.started_ms.or(event.at_ms);
        self.latest_ms = event.at_ms.or(self.latest_ms);
        self.accepted |= clue.marks.contains(&Mark::Accept);
        self.unreached |= clue.unreached;
        self.refused |= (clue.marks.contains(&Mark::Refuse) || clue.given_up) && !self.accepted;
        let ends = clue.marks.contains(&Mark::Close) || clue.marks.contains(&Mark::Refuse);
        if ends && self.finished.is_none() {
            self.finished = Some(Finish {
                at_ms: event.at_ms,
                position,
            });
        }
    }

    /// Where no line named a path, the one route that the consumer it names is listed to serve.
    fn find_home(&mut self, timeline: &Timeline, routes: &Routes) {
        if self.route.is_some() {
            return;
        }
        let events = self.events.iter().filter_map(|id| timeline.events.get(*id));
        let home = events
            .filter_map(|event| consumer::listed(event, routes))
            .find_map(|class| {
                let mut served = routes.served_by(class);
                served.next().filter(|_| served.next().is_none())
            });
        if let Some(home) = home {
            self.route = Some(home.path.clone());
            self.route_key = Some(home.path.to_lowercase());
        }
    }

    /// Whether it was open for longer than a page's change of mind takes.
    pub(super) fn stayed_open(&self) -> bool {
        let life = match (self.started_ms, self.finished) {
            (Some(start), Some(finish)) => finish.at_ms.map(|end| end.saturating_sub(start)),
            _ => None,
        };
        self.accepted && life.is_none_or(|life| life > 2_000)
    }

    /// Whether it ended about a time at which something went wrong.
    fn ended_near(&self, at_ms: Option<i64>) -> bool {
        self.finished
            .is_some_and(|finish| match (finish.at_ms, at_ms) {
                (Some(end), Some(at)) => end.abs_diff(at) <= ENDS_WITH_MS,
                _ => true,
            })
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

    /// Whether the page gave it up, and nothing was said of it since.
    fn is_given_up_silently(&self) -> bool {
        self.given_up.is_some() && self.events.last().copied() == self.given_up
    }

    /// A page that prints the address after its error has not opened another socket.
    fn is_more_than_url(&self, lexicon: &Lexicon) -> bool {
        self.kinds
            .iter()
            .any(|kind| lexicon.kind(*kind).is_some_and(|kind| kind.marks.is_some()))
    }
}
