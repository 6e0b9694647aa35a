//! How far an attempt came: which stages its events prove passed, and where one says it failed.

use super::judge::close_code;
use crate::event::{Event, EventId};
use crate::lexicon::{Lexicon, Mark, Proof, Scope};
use crate::record::Side;
use crate::stage::Stage;
use crate::timeline::Timeline;
use std::collections::BTreeMap;

/// What the events of one attempt prove about its stages and its life.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// For each stage with proof that it was reached (or passed): the event that shows it.
    pub reached: BTreeMap<Stage, EventId>,
    /// For each stage at which an event says it failed: that event.
    pub failed: BTreeMap<Stage, EventId>,
    /// When the handshake was first spoken of, in milliseconds on the common clock.
    pub started_ms: Option<i64>,
    /// When it was accepted, by a line with a stamp of its own.
    pub accepted_ms: Option<i64>,
    /// When it ended (closed, refused or found dead), by a line with a stamp of its own.
    pub ended_ms: Option<i64>,
    /// Whether `started_ms` is of a line with a stamp of its own.
    start_stamped: bool,
    /// The event that accepted it.
    pub accept: Option<EventId>,
    /// The event that refused it.
    pub refuse: Option<EventId>,
    /// The event that ended it.
    pub close: Option<EventId>,
}

/// Whether a close code is received on the wire, so that the connection was open before. 1006 and
/// 1015 never are (RFC 6455 section 7.4.1), and client libraries give 1002 to refused handshakes.
fn comes_by_close_frame(code: u16) -> bool {
    matches!(code, 1000 | 1001 | 1003 | 1007..=1014 | 3000..=4999)
}

impl Progress {
    /// Reads the events of one attempt.
    #[must_use]
    pub fn of(events: &[EventId], timeline: &Timeline, lexicon: &Lexicon) -> Self {
        let mut progress = Self::default();
        for id in events {
            if let Some(event) = timeline.events.get(*id) {
                progress.read(*id, event, lexicon);
            }
        }
        progress.withdraw_contradicted_accept(events, timeline, lexicon);
        progress
    }

    fn read(&mut self, id: EventId, event: &Event, lexicon: &Lexicon) {
        if self.started_ms.is_none() {
            self.started_ms = event.at_ms;
            // A proxy writes of a request when it ends.
            self.start_stamped = event.stamped && event.record.side != Side::Proxy;
        }
        self.read_side(id, event);
        // A browser is given such a code by a close frame, which only an open connection carries.
        if event.record.side == Side::Client && close_code(event).is_some_and(comes_by_close_frame)
        {
            self.reached.entry(Stage::Open).or_insert(id);
        }
        for meaning in &event.meanings {
            let Some(kind) = lexicon.kind(meaning.kind) else {
                continue;
            };
            if kind.scope != Scope::Connection {
                continue;
            }
            if let Some(stage) = kind.stage {
                let proven = match kind.proves {
                    Proof::Reached => Some(&mut self.reached),
                    Proof::Failed => Some(&mut self.failed),
                    Proof::Nothing => None,
                };
                if let Some(stages) = proven {
                    stages.entry(stage).or_insert(id);
                }
            }
            self.read_mark(id, event, kind.marks);
        }
        // A switching-protocols status on any side is an accept.
        if event.record.status == Some(101) {
            self.reached.entry(Stage::Accept).or_insert(id);
            self.read_mark(id, event, Some(Mark::Accept));
        }
    }

    /// The first end that a line with a stamp tells. A later one of the server's own, with the client's
    /// address, is surer than a consumer's line, which may be another connection's.
    fn end_with(&self, event: &Event) -> Option<i64> {
        const CLEARLY_LATER_MS: i64 = 1_500;
        let (Some(known), Some(told)) = (self.ended_ms, event.own_ms()) else {
            return self.ended_ms.or(event.own_ms());
        };
        let addressed = event
            .record
            .peer
            .as_ref()
            .is_some_and(|peer| peer.port.is_some());
        Some(
            if addressed && told > known.saturating_add(CLEARLY_LATER_MS) {
                told
            } else {
                known
            },
        )
    }

    /// A line of a side proves that the request came so far, whatever the line says.
    fn read_side(&mut self, id: EventId, event: &Event) {
        if event.meanings.is_empty() {
            return;
        }
        let stage = match event.record.side {
            Side::Client => Stage::Client,
            Side::Proxy => Stage::Proxy,
            Side::Backend => Stage::Network,
        };
        self.reached.entry(stage).or_insert(id);
    }

    fn read_mark(&mut self, id: EventId, event: &Event, mark: Option<Mark>) {
        match mark {
            Some(Mark::Accept) => {
                self.accept.get_or_insert(id);
                let told_at = event.own_ms().filter(|_| event.record.side != Side::Proxy);
                self.accepted_ms = self.accepted_ms.or(told_at);
            }
            Some(Mark::Refuse) => {
                self.refuse.get_or_insert(id);
                self.ended_ms = self.ended_ms.or(event.own_ms());
            }
            Some(Mark::Close) => {
                self.close.get_or_insert(id);
                self.ended_ms = self.end_with(event);
            }
            Some(Mark::Start) => self.start_with(event),
            None => {}
        }
    }

    /// What a page says without a stamp of its own may come first, and only has a neighbour's: the
    /// server's stamp of the handshake is the better start.
    fn start_with(&mut self, event: &Event) {
        if !self.start_stamped
            && event.record.side == Side::Backend
            && let Some(at) = event.own_ms()
        {
            self.started_ms = Some(at);
            self.start_stamped = true;
        }
    }

    /// An application may say "connected" before the server refuses: the server's word stands.
    fn withdraw_contradicted_accept(
        &mut self,
        events: &[EventId],
        timeline: &Timeline,
        lexicon: &Lexicon,
    ) {
        let said = self.accept.is_some() || self.accepted_ms.is_some();
        if !said && self.reached.range(Stage::Accept..).next().is_none() {
            return;
        }
        let by_server = [
            "handshake-accepted",
            "client-opened",
            "proxy-switched-protocols",
        ];
        // The application's word often stands before the server's.
        let proven = events.iter().any(|id| {
            timeline.events.get(*id).is_some_and(|event| {
                event.record.status == Some(101)
                    || by_server.iter().any(|kind| event.is(lexicon.find(kind)))
            })
        });
        let refused = self
            .refuse
            .and_then(|id| timeline.events.get(id))
            .is_some_and(|event| {
                [
                    "handshake-rejected",
                    "handshake-failed-with-500",
                    "client-handshake-status",
                ]
                .iter()
                .any(|kind| event.is(lexicon.find(kind)))
            });
        let unaccepted = lexicon.find("send-before-accept");
        let refused = refused
            || self.ended_without_the_servers_word(timeline, lexicon)
            || self
                .failed
                .values()
                .filter_map(|id| timeline.events.get(*id))
                .any(|event| event.is(unaccepted));
        if refused && !proven {
            self.accept = None;
            self.accepted_ms = None;
            self.reached.retain(|stage, _| *stage < Stage::Accept);
        }
    }

    /// Daphne and runserver say `WSCONNECT` of every accept: where the attempt ended without it, after
    /// the application had said that it accepted, nothing was accepted on the wire.
    fn ended_without_the_servers_word(&self, timeline: &Timeline, lexicon: &Lexicon) -> bool {
        let event = |id: EventId| timeline.events.get(id);
        let by_server =
            |event: &Event| matches!(event.record.dialect, "daphne-access" | "channels-runserver");
        let started = self
            .reached
            .get(&Stage::Server)
            .and_then(|id| event(*id))
            .is_some_and(|started| {
                by_server(started) && started.is(lexicon.find("handshake-started"))
            });
        let (Some(accept), Some(close)) = (self.accept, self.close) else {
            return false;
        };
        started && accept < close && event(close).is_some_and(by_server)
    }

    /// The last stage that was passed. A stage that failed was not passed; what comes before it was.
    #[must_use]
    pub fn furthest(&self) -> Option<Stage> {
        let reached = self
            .reached
            .keys()
            .rev()
            .copied()
            .find(|stage| *stage < Stage::Close && !self.failed.contains_key(stage));
        let before_failure = self
            .failed
            .keys()
            .next_back()
            .and_then(|failed| Stage::ALL.into_iter().rev().find(|stage| stage < failed));
        reached.max(before_failure)
    }

    /// The first stage without proof after the furthest.
    #[must_use]
    pub fn missing(&self) -> Option<Stage> {
        match self.furthest() {
            Some(stage) => stage.next().filter(|stage| *stage < Stage::Close),
            None => Some(Stage::Client),
        }
    }

    /// Whether this stage was reached, by proof of it or of a later one.
    #[must_use]
    pub fn came_to(&self, stage: Stage) -> bool {
        self.reached
            .keys()
            .chain(self.failed.keys())
            .any(|reached| *reached >= stage && *reached != Stage::Close)
    }

    /// Whether the handshake was answered with 101.
    #[must_use]
    pub fn was_accepted(&self) -> bool {
        self.accept.is_some()
            || self
                .reached
                .keys()
                .any(|stage| matches!(stage, Stage::Accept | Stage::Open | Stage::Traffic))
            // What failed on an open connection was accepted before.
            || self.failed.contains_key(&Stage::Traffic)
    }

    /// Milliseconds from accept to end, where both are known.
    #[must_use]
    pub fn life_ms(&self) -> Option<i64> {
        let start = self.started_ms.filter(|_| self.start_stamped);
        Some(self.ended_ms?.saturating_sub(self.accepted_ms.or(start)?))
    }

    /// Milliseconds from the first word of the handshake to its end, where both are known.
    #[must_use]
    pub fn wait_ms(&self) -> Option<i64> {
        let start = self.started_ms.filter(|_| self.start_stamped)?;
        Some(self.ended_ms?.saturating_sub(start))
    }
}
