//! Giving each event to the trace it belongs to.
//!
//! An address with a port decides alone. Other lines are given to a trace that lives, that has not
//! said the same before, and that fits by route, user, names and state, in this order.

use super::clue::{Clue, clue, connection_kinds, is_message};
use super::{Trace, Traces};
use crate::event::{Event, EventId};
use crate::lexicon::{Lexicon, Mark};
use crate::own::Routes;
use crate::record::{Peer, Side};
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
/// Access lines have whole seconds, the server's others do not.
const ECHO_MS: i64 = 1_500;
/// So many lines of a wrapped message may stand between the head of an exception and its traceback.
const TORN_LINES: u64 = 3;
/// Lines of one logger so close together are written without giving way to another task.
const ONE_BREATH_MS: i64 = 2;

pub(super) struct Tracker<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) routes: &'a Routes,
    pub(super) side: Side,
    pub(super) found: Traces,
    pub(super) position: usize,
    /// Lines about what went wrong that attempts on several routes may have written, each with its
    /// time and those attempts.
    pub(super) held: Vec<(EventId, Option<i64>, Vec<usize>)>,
    pub(super) previous: Option<EventId>,
    /// For each logger of each source: the trace it spoke of last, and when.
    pub(super) voices: BTreeMap<(usize, String), (usize, i64)>,
    /// For each client's address: the last trace that it made.
    pub(super) peers: BTreeMap<Peer, usize>,
}

impl Tracker<'_> {
    /// Takes the next event of the side.
    pub(super) fn take(&mut self, id: EventId, event: &Event, timeline: &Timeline) {
        self.position = self.position.saturating_add(1);
        if self.repeats_previous(event, timeline) {
            return;
        }
        let kinds = connection_kinds(event, self.lexicon);
        let by_peer = self.by_peer(event);
        if kinds.is_empty() && by_peer.is_none() {
            return;
        }
        self.previous = Some(id);
        let clue = clue(event, &kinds, self.routes);
        if by_peer.is_none() && self.holds_back(id, &clue) {
            return;
        }
        let chosen = match by_peer {
            Some(index) if !self.begins_anew(index, &clue) => Some(index),
            Some(_) => None,
            None => self.choose(id, &clue),
        };
        match chosen {
            Some(index) => self.add(index, id, &clue),
            None if clue.speaks && !clue.is_goodbye() => {
                let index = self.found.all.len();
                self.found.all.push(Trace::new(self.side));
                self.adopt(index, &clue, timeline);
                self.add(index, id, &clue);
            }
            None => self.found.orphans.push(id),
        }
    }

    /// Root logger and server logger both configured, or two handlers of one format: the same line stands
    /// twice. Two clients would hardly be spoken of in the same words and the same millisecond.
    fn repeats_previous(&self, event: &Event, timeline: &Timeline) -> bool {
        let Some(previous) = self.previous.and_then(|id| timeline.events.get(id)) else {
            return false;
        };
        let (new, old) = (&event.record, &previous.record);
        let near = match (event.at_ms, previous.at_ms) {
            (Some(now), Some(before)) => now.saturating_sub(before) <= 1_000,
            _ => true,
        };
        self.side != Side::Client
            && old.origin.source == new.origin.source
            && old.message == new.message
            && old.peer == new.peer
            && (old.logger.is_some() != new.logger.is_some()
                || old.dialect != new.dialect
                || is_same_moment(event, previous) && old.text == new.text)
            && near
    }

    fn by_peer(&self, event: &Event) -> Option<usize> {
        let peer = event.record.peer.as_ref()?;
        peer.port?;
        self.peers.get(peer).copied()
    }

    /// An address may be used again: a start after an end is another attempt.
    fn begins_anew(&self, index: usize, clue: &Clue<'_>) -> bool {
        let Some(trace) = self.found.all.get(index) else {
            return true;
        };
        let over = trace.finished.is_some() || trace.said.contains(&clue.words);
        clue.starts && over && trace.has_said(clue.event, self.lexicon)
    }

    /// What went wrong is not guessed to be one route's where attempts on several may have written it: how
    /// they end decides, or nothing does.
    fn holds_back(&mut self, id: EventId, clue: &Clue<'_>) -> bool {
        if self.side != Side::Backend || !clue.blames {
            return false;
        }
        let fitting = self.fitting(clue);
        let routes: BTreeSet<&Option<String>> = self.routes_of(&fitting).collect();
        if routes.len() < 2 || self.spoken_in_one_breath(clue, &fitting).is_some() {
            return false;
        }
        self.held.push((id, clue.event.at_ms, fitting));
        true
    }

    fn routes_of(&self, traces: &[usize]) -> impl Iterator<Item = &Option<String>> {
        let found = traces.iter().filter_map(|index| self.found.all.get(*index));
        found.map(|trace| &trace.route_key)
    }

    /// Gives what was held back to the only route of which an attempt ended with it; the rest is of none.
    pub(super) fn settle(mut self) -> Traces {
        for (id, at_ms, fitting) in std::mem::take(&mut self.held) {
            let ended: Vec<usize> = fitting
                .into_iter()
                .filter(|index| {
                    let trace = self.found.all.get(*index);
                    trace.is_some_and(|trace| trace.ended_near(at_ms))
                })
                .collect();
            let routes: BTreeSet<&Option<String>> = self.routes_of(&ended).collect();
            let owner = ended.first().filter(|_| routes.len() == 1).copied();
            match owner.and_then(|index| self.found.all.get_mut(index)) {
                Some(trace) => {
                    let place = trace.events.partition_point(|event| *event < id);
                    trace.events.insert(place, id);
                }
                None => {
                    self.found.unsure.insert(id);
                }
            }
        }
        self.found
    }

    fn choose(&mut self, id: EventId, clue: &Clue<'_>) -> Option<usize> {
        let fitting = self.fitting(clue);
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

    /// The traces that a line may belong to, as far as its words tell.
    fn fitting(&self, clue: &Clue<'_>) -> Vec<usize> {
        let mut fitting: Vec<usize> = (0..self.found.all.len())
            .rev()
            .take(SEEN_TRACES)
            .filter(|index| self.fits(*index, clue))
            .collect();
        fitting.reverse();
        for narrower in [
            Self::same_route,
            Self::owes_its_end,
            Self::shares_name,
            Self::expects,
            Self::was_open,
            Self::is_refusable,
            Self::was_spoken_of,
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
        fitting
    }

    /// Of several that fit: the one that the same logger spoke of the moment before.
    fn spoken_in_one_breath(&self, clue: &Clue<'_>, fitting: &[usize]) -> Option<usize> {
        let (index, before) = self.voices.get(clue.voice.as_ref()?)?;
        let at_once = clue.event.own_ms()?.saturating_sub(*before) <= ONE_BREATH_MS;
        let begins = clue.starts;
        (at_once && !begins && fitting.contains(index)).then_some(*index)
    }

    fn fits(&self, index: usize, clue: &Clue<'_>) -> bool {
        let Some(trace) = self.found.all.get(index) else {
            return false;
        };
        // Most of the traces in sight are long over: the quickest question first.
        if !self.is_alive(trace, clue) {
            return false;
        }
        if clue.addressed && trace.peer.as_ref().is_some_and(|peer| peer.port.is_some()) {
            return false;
        }
        if let (Some(new), Some(old)) = (&clue.route_key, &trace.route_key)
            && new != old
        {
            return false;
        }
        if let (Some(new), Some(old)) = (clue.user, &trace.user)
            && new != old
            && !trace.is_anonymous
        {
            return false;
        }
        if self.side == Side::Backend && trace.accepted && clue.starts {
            return false;
        }
        // What a proxy saw open and end was not refused by what stands behind it.
        if self.side == Side::Proxy
            && clue.marks.contains(&Mark::Refuse)
            && trace.finished.is_some()
            && !trace.refused
        {
            return false;
        }
        if let (Some(new), Some(old)) = (&clue.tag, &trace.tag)
            && self.side == Side::Client
            && new != old
        {
            return false;
        }
        !self.says_again(trace, clue)
    }

    fn is_alive(&self, trace: &Trace, clue: &Clue<'_>) -> bool {
        let waited = match (trace.latest_ms, clue.event.at_ms) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => 0,
        };
        if let Some(finish) = trace.finished {
            let late = match (finish.at_ms, clue.event.at_ms) {
                (Some(end), Some(now)) => now.saturating_sub(end) <= LATE_MS,
                _ => true,
            };
            let near = finish.at_ms.is_some()
                || self.position.saturating_sub(finish.position) <= LATE_EVENTS;
            // A client that leaves during its handshake does not stop the consumer's connect(). Where
            // the server names addresses, the next attempt would begin with one.
            let left = !trace.accepted
                && !trace.refused
                && finish.at_ms.is_some()
                && trace.peer.as_ref().is_some_and(|peer| peer.port.is_some());
            let starts = clue.starts
                || self.side == Side::Backend
                    && (clue.early && !left || trace.refused && clue.advances);
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
        let begins = (clue.early || clue.starts) && !is_echo(trace, clue);
        let ends_again = !clue.marks.is_empty() && trace.said.contains(&clue.words);
        begins && trace.has_said(clue.event, self.lexicon) || ends_again
    }

    /// A page says several things about one failure, in any order; what it says twice, or says of a
    /// beginning after an end, is another attempt's.
    fn client_says_again(&self, trace: &Trace, clue: &Clue<'_>) -> bool {
        if clue.starts && (trace.is_more_than_url(self.lexicon) || trace.is_given_up_silently()) {
            return true;
        }
        if clue.marks.contains(&Mark::Accept) && (trace.accepted || trace.finished.is_some()) {
            return true;
        }
        // One socket is either answered or given up before its answer.
        if clue.answered && trace.given_up.is_some() || clue.given_up && trace.answered {
            return true;
        }
        let refused = clue.marks.contains(&Mark::Refuse);
        if refused && (trace.accepted || trace.has_said(clue.event, self.lexicon)) {
            return true;
        }
        clue.speaks && !is_message(clue) && trace.said.contains(&clue.words)
    }

    fn same_route(&self, index: usize, clue: &Clue<'_>) -> bool {
        let trace = self.found.all.get(index);
        clue.route_key.is_some() && trace.is_some_and(|trace| trace.route_key == clue.route_key)
    }

    /// A page that gave a socket up hears of its error and its end only after it has dialled anew.
    fn owes_its_end(&self, index: usize, clue: &Clue<'_>) -> bool {
        let ends = clue.trouble || clue.marks.contains(&Mark::Close);
        let owes =
            |trace: &Trace| trace.given_up.is_some() && !trace.has_said(clue.event, self.lexicon);
        self.side == Side::Client && ends && self.found.all.get(index).is_some_and(owes)
    }

    /// `DashboardConsumer` speaks for `/ws/dashboard/`; where the user lists its routes, for those.
    fn shares_name(&self, index: usize, clue: &Clue<'_>) -> bool {
        let Some(trace) = self.found.all.get(index) else {
            return false;
        };
        let lower = trace.route_key.as_deref().unwrap_or_default();
        if !clue.homes.is_empty() {
            return clue.homes.iter().any(|home| home == lower);
        }
        let by_class = clue.stem.as_ref().is_some_and(|stem| lower.contains(stem));
        by_class || trace.words.iter().any(|word| clue.names.contains(word))
    }

    /// A goodbye belongs to a connection that was open.
    fn was_open(&self, index: usize, clue: &Clue<'_>) -> bool {
        let goodbye = clue.marks.contains(&Mark::Close);
        goodbye
            && self
                .found
                .all
                .get(index)
                .is_some_and(|trace| trace.accepted)
    }

    /// What fails in the handshake fails before the accept.
    fn is_refusable(&self, index: usize, clue: &Clue<'_>) -> bool {
        let trace = self.found.all.get(index);
        clue.blames && clue.in_handshake && trace.is_some_and(|trace| !trace.accepted)
    }

    /// Who says what went wrong has mostly spoken of the attempt before.
    fn was_spoken_of(&self, index: usize, clue: &Clue<'_>) -> bool {
        let (Some(voice), Some(trace)) = (&clue.voice, self.found.all.get(index)) else {
            return false;
        };
        clue.blames && trace.voices.contains(voice)
    }

    /// Whether the code that the line names is that of another handshake that still waits.
    fn is_named_elsewhere(&self, clue: &Clue<'_>, fitting: &[usize]) -> bool {
        if clue.names.is_empty() && clue.stem.is_none() && clue.homes.is_empty() {
            return false;
        }
        let here = fitting.iter().any(|index| self.shares_name(*index, clue));
        let living = (0..self.found.all.len()).rev().take(SEEN_TRACES);
        // What fits stands in ascending order.
        !here
            && living
                .filter(|index| fitting.binary_search(index).is_err())
                .filter(|index| {
                    self.found
                        .all
                        .get(*index)
                        .is_some_and(|trace| trace.finished.is_none() && !trace.accepted)
                })
                .any(|index| self.shares_name(index, clue))
    }

    /// A handshake's line belongs to a pending handshake, a message's to an open connection.
    fn expects(&self, index: usize, clue: &Clue<'_>) -> bool {
        let Some(trace) = self.found.all.get(index) else {
            return false;
        };
        let pending = !trace.accepted && trace.finished.is_none();
        if clue.early || clue.marks.contains(&Mark::Accept) {
            pending
        } else {
            trace.finished.is_none()
        }
    }

    /// A log that opens with an error and then the end of a connection, the first it speaks of, was
    /// cut between the beginning and the error: the error is of that connection. So is the head of an
    /// exception that was torn from its traceback.
    fn adopt(&mut self, index: usize, first: &Clue<'_>, timeline: &Timeline) {
        let only_ends = first.marks.iter().all(|mark| *mark == Mark::Close);
        let torn = first.blames && first.event.record.traceback.is_some();
        let fits = torn || !first.marks.is_empty();
        if self.side != Side::Backend || index > 0 || !fits || !only_ends {
            return;
        }
        let is_near = |event: &Event| match (event.at_ms, first.event.at_ms) {
            (Some(before), Some(now)) => now.saturating_sub(before) <= LATE_MS,
            _ => true,
        };
        let here = &first.event.record.origin;
        let is_head =
            |event: &Event| here.line.saturating_sub(event.record.origin.last_line) <= TORN_LINES;
        let near = self.found.orphans.iter().all(|id| {
            timeline.events.get(*id).is_some_and(|event| {
                event.record.origin.source == here.source
                    && is_near(event)
                    && (!torn || is_head(event))
            })
        });
        if near {
            for id in std::mem::take(&mut self.found.orphans) {
                if let Some(event) = timeline.events.get(id) {
                    let kinds = connection_kinds(event, self.lexicon);
                    self.add(index, id, &clue(event, &kinds, self.routes));
                }
            }
        }
    }

    fn add(&mut self, index: usize, id: EventId, clue: &Clue<'_>) {
        let position = self.position;
        if let (Some(voice), Some(at)) = (&clue.voice, clue.event.own_ms()) {
            self.voices.insert(voice.clone(), (index, at));
        }
        if let Some(trace) = self.found.all.get_mut(index) {
            trace.add(id, clue, position);
            if let Some(peer) = &trace.peer {
                self.peers.insert(peer.clone(), index);
            }
        }
    }
}

/// Whether two lines state the same time, to the millisecond.
fn is_same_moment(one: &Event, other: &Event) -> bool {
    let fine = one.resolution_ms <= 1 && other.resolution_ms <= 1;
    fine && one.own_ms().is_some() && one.own_ms() == other.own_ms()
}

/// Daphne 1 logs a start twice: with its path, and at once in words that name neither the path nor
/// the client.
fn is_echo(trace: &Trace, clue: &Clue<'_>) -> bool {
    let at_once = match (trace.started_ms, clue.event.at_ms) {
        (Some(start), Some(now)) => now.saturating_sub(start) <= ECHO_MS,
        _ => trace.events.len() == 1,
    };
    let nameless = clue.route.is_none() && clue.event.record.peer.is_none();
    clue.starts
        && nameless
        && at_once
        && trace.route.is_some()
        && trace.finished.is_none()
        && !trace.said.contains(&clue.words)
}
