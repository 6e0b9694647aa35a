//! What one side saw of an attempt, by its own clock: when it began, was answered and ended.

use super::super::trace::Trace;
use crate::event::Event;
use crate::lexicon::{Lexicon, Mark};
use crate::record::Side;
use crate::timeline::Timeline;

/// A browser hears the answer, and prints it, within this.
const LATENCY_MS: i64 = 600;
/// Two lines about one moment may be stamped in either order, so far apart.
const JITTER_MS: i64 = 50;
/// An exception's line may come so much later than the answer (Daphne 2 to 4).
const LATE_MS: i64 = 1_600;
/// The two sides see a connection's end within this, if they see the same end.
const END_MS: i64 = 2_000;

/// Kinds by which a client says that it never came as far as the server.
const NEVER_ARRIVED: [&str; 8] = [
    "client-refused",
    "client-name-unresolved",
    "client-timed-out",
    "client-unreachable",
    "client-tls-failed",
    "client-mixed-content",
    "client-csp-blocked",
    "client-url-invalid",
];

/// A stamp: the event happened in `at_ms ..= at_ms + width_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) at_ms: i64,
    width_ms: i64,
}

impl Reading {
    /// How far it is ahead of another, if both happened at once.
    fn ahead_of(self, other: Self) -> i64 {
        let wider = self.width_ms.saturating_sub(other.width_ms);
        self.at_ms
            .saturating_sub(other.at_ms)
            .saturating_add(wider / 2)
    }

    /// The end of the stamp's width.
    fn latest_ms(self) -> i64 {
        self.at_ms.saturating_add(self.width_ms)
    }

    /// How long after another it was at least.
    fn least_after(self, other: Self) -> i64 {
        self.at_ms.saturating_sub(other.latest_ms())
    }

    /// How long after another it was at most.
    fn most_after(self, other: Self) -> i64 {
        self.latest_ms().saturating_sub(other.at_ms)
    }
}

/// The offsets (client's reading less the server's) that an attempt seen by both allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) low_ms: i64,
    pub(super) high_ms: i64,
    /// The likeliest between them.
    pub(super) likely_ms: i64,
    /// Events that both saw.
    pub(super) shared: usize,
}

/// One attempt as one side saw it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sight {
    route: Option<String>,
    first: Reading,
    last: Reading,
    start: Option<Reading>,
    accept: Option<Reading>,
    refusal: Option<Reading>,
    end: Option<Reading>,
    /// The latest stamp of a line before the one that refuses or ends it.
    before_answer_ms: i64,
    stayed_open: bool,
}

impl Sight {
    /// Reads a trace; `None` where nothing in it has a stamp, or it never came to the other side.
    pub(super) fn of(trace: &Trace, timeline: &Timeline, lexicon: &Lexicon) -> Option<Self> {
        let events: Vec<&Event> = trace
            .events
            .iter()
            .filter_map(|id| timeline.events.get(*id))
            .collect();
        let never_arrived = |event: &&Event| {
            event
                .kind_names(lexicon)
                .any(|kind| NEVER_ARRIVED.contains(&kind))
        };
        if trace.side == Side::Client && events.iter().any(never_arrived) {
            return None;
        }
        let mut stamped = events.iter().filter_map(|event| {
            let at_ms = event.own_ms()?;
            let width_ms = event.resolution_ms;
            Some((Reading { at_ms, width_ms }, *event))
        });
        let (first, opening) = stamped.next()?;
        let mut sight = Self {
            route: trace.route_key.clone(),
            first,
            last: first,
            start: marks(opening, Mark::Start, lexicon).then_some(first),
            accept: None,
            refusal: None,
            end: None,
            before_answer_ms: first.at_ms,
            stayed_open: trace.stayed_open(),
        };
        sight.read(first, opening, lexicon);
        for (reading, event) in stamped {
            sight.last = reading;
            sight.read(reading, event, lexicon);
        }
        Some(sight)
    }

    fn read(&mut self, reading: Reading, event: &Event, lexicon: &Lexicon) {
        let answers = marks(event, Mark::Refuse, lexicon) || marks(event, Mark::Close, lexicon);
        if !answers && self.refusal.is_none() && self.end.is_none() {
            self.before_answer_ms = self.before_answer_ms.max(reading.at_ms);
        }
        if marks(event, Mark::Accept, lexicon) {
            self.accept = self.accept.or(Some(reading));
        }
        if marks(event, Mark::Refuse, lexicon) {
            self.refusal = self.refusal.or(Some(reading));
        }
        if marks(event, Mark::Close, lexicon) {
            self.end = self.end.or(Some(reading));
        }
    }

    /// When this side, a server, began to see the attempt.
    pub(super) fn began_ms(&self) -> i64 {
        self.first.at_ms
    }

    /// What this client's attempt says of the offset if it is the one that `server` saw.
    pub(super) fn bounds(&self, server: &Self) -> Option<Bounds> {
        if let (Some(one), Some(other)) = (&self.route, &server.route)
            && one != other
        {
            return None;
        }
        // What would have been heard before it was said is another attempt.
        let answer = self
            .answer(server)
            .filter(|bounds| bounds.low_ms <= bounds.high_ms);
        let Some(start) = self.start else {
            return answer;
        };
        // The page asks before the server hears of it, and not long before.
        let asked = Bounds {
            low_ms: start.least_after(server.first).saturating_sub(JITTER_MS),
            high_ms: start.most_after(server.first).saturating_add(END_MS),
            likely_ms: start.ahead_of(server.first),
            shared: 1,
        };
        match answer {
            // A page that prints the address when all is over has not said when it began.
            Some(answer) => Some(answer.and(asked).unwrap_or(answer)),
            None if self.was_answered() => None,
            None => Some(asked),
        }
    }

    fn was_answered(&self) -> bool {
        self.accept.is_some() || self.refusal.is_some() || self.end.is_some()
    }

    fn answer(&self, server: &Self) -> Option<Bounds> {
        if let Some(open) = self.accept {
            let accept = server.accept?;
            let opened = Bounds::heard(open, accept, accept.at_ms.saturating_sub(JITTER_MS));
            let ended = Bounds::together(self.end, server.end);
            return Some(ended.and_then(|ended| opened.and(ended)).unwrap_or(opened));
        }
        if self.refusal.is_none() && server.accept.is_some() {
            return Bounds::together(self.end, server.end);
        }
        let failed = self.refusal.or(self.end)?;
        if server.stayed_open {
            return None;
        }
        let answered = server.refusal.or(server.end).unwrap_or(server.last);
        let surely_before = server
            .before_answer_ms
            .max(answered.at_ms.saturating_sub(LATE_MS));
        Some(Bounds::heard(failed, answered, surely_before))
    }
}

impl Bounds {
    /// The client heard what the server said: not before `surely_ms`, and soon after `said`.
    fn heard(heard: Reading, said: Reading, surely_ms: i64) -> Self {
        Self {
            low_ms: heard.least_after(said).saturating_sub(LATENCY_MS),
            high_ms: heard.latest_ms().saturating_sub(surely_ms),
            likely_ms: heard.ahead_of(said),
            shared: 1,
        }
    }

    /// Both saw one end, whoever brought it about.
    fn together(client: Option<Reading>, server: Option<Reading>) -> Option<Self> {
        let (client, server) = (client?, server?);
        Some(Self {
            low_ms: client.least_after(server).saturating_sub(END_MS),
            high_ms: client.most_after(server).saturating_add(END_MS),
            likely_ms: client.ahead_of(server),
            shared: 1,
        })
    }

    /// What it is where the client's clock is set back.
    pub(super) fn earlier(self, by_ms: i64) -> Self {
        Self {
            low_ms: self.low_ms.saturating_sub(by_ms),
            high_ms: self.high_ms.saturating_sub(by_ms),
            likely_ms: self.likely_ms.saturating_sub(by_ms),
            ..self
        }
    }

    /// What both allow, if anything.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let low_ms = self.low_ms.max(other.low_ms);
        let high_ms = self.high_ms.min(other.high_ms);
        (low_ms <= high_ms).then(|| Self {
            low_ms,
            high_ms,
            likely_ms: self.likely_ms.clamp(low_ms, high_ms),
            shared: self.shared.saturating_add(other.shared),
        })
    }
}

fn marks(event: &Event, mark: Mark, lexicon: &Lexicon) -> bool {
    event
        .meanings
        .iter()
        .filter_map(|meaning| lexicon.kind(meaning.kind))
        .any(|kind| kind.marks == Some(mark))
}
