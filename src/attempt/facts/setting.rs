//! Facts about the setting of an attempt: where the server listens, how many processes serve, which
//! groups are joined and sent to, which consumer answers which route.

use super::super::{Attempt, Signals, consumer};
use super::Known;
use crate::event::{Event, EventId};
use crate::lexicon::KindId;
use crate::own::Routes;
use crate::timeline::Timeline;
use std::collections::{BTreeMap, BTreeSet};

/// What the input as a whole says of the setting.
pub(super) struct Setting<'s> {
    listens_loopback: Option<EventId>,
    many_processes: Vec<EventId>,
    sent_groups: BTreeMap<String, EventId>,
    joined: Option<KindId>,
    /// For each consumer's class: the routes that it is seen to answer, with how often.
    homes: BTreeMap<String, BTreeMap<String, usize>>,
    routes: &'s Routes,
    /// Events that may belong to another attempt.
    unsure: &'s BTreeSet<EventId>,
    /// Where the first gap of each source is: whose the lines behind it are may not be in sight.
    gaps: BTreeMap<usize, EventId>,
}

impl<'s> Setting<'s> {
    pub(super) fn of(attempts: &[Attempt], known: &Known<'s>) -> Self {
        let Known {
            timeline,
            lexicon,
            server,
            ..
        } = *known;
        let listening = server.events("server-listening");
        let hosts: Vec<(EventId, &str)> = listening
            .iter()
            .filter_map(|id| Some((*id, timeline.events.get(*id)?.field("host")?)))
            .collect();
        let loopback = !hosts.is_empty() && hosts.iter().all(|(_, host)| is_loopback(host));
        let mut homes: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for attempt in attempts {
            if let (Some(key), Some((class, _))) = (
                attempt.route_key.clone(),
                consumer(attempt, timeline, known.routes),
            ) {
                let count = homes.entry(class).or_default().entry(key).or_default();
                *count = count.saturating_add(1);
            }
        }
        Self {
            listens_loopback: hosts.first().filter(|_| loopback).map(|(id, _)| *id),
            many_processes: processes(timeline, server),
            sent_groups: groups(
                timeline.events.iter().enumerate(),
                lexicon.find("group-send"),
            ),
            joined: lexicon.find("group-joined"),
            homes,
            routes: known.routes,
            unsure: known.unsure,
            gaps: first_gaps(timeline),
        }
    }

    /// Whether an event may belong to an attempt that is not in sight, or not to this one.
    fn is_unsure(&self, id: EventId, timeline: &Timeline) -> bool {
        let source = timeline
            .events
            .get(id)
            .map(|event| event.record.origin.source);
        let gap = source.and_then(|source| self.gaps.get(&source));
        self.unsure.contains(&id) || gap.is_some_and(|gap| *gap <= id)
    }

    /// What holds for every attempt alike.
    pub(super) fn add_shared(&self, signals: &mut Signals) {
        if let Some(id) = self.listens_loopback {
            signals.add("listens=loopback", [id]);
        }
        if self.many_processes.len() >= 2 {
            signals.add("processes=many", self.many_processes.iter().copied());
        }
    }

    pub(super) fn add(&self, attempt: &Attempt, timeline: &Timeline, signals: &mut Signals) {
        self.add_groups(attempt, timeline, signals);
        self.add_consumer(attempt, timeline, signals);
    }

    fn add_groups(&self, attempt: &Attempt, timeline: &Timeline, signals: &mut Signals) {
        let own = attempt
            .events
            .iter()
            .filter_map(|id| Some((*id, timeline.events.get(*id)?)));
        let joined = groups(own, self.joined);
        let both = !joined.is_empty() && !self.sent_groups.is_empty();
        let disjoint = joined
            .keys()
            .all(|group| !self.sent_groups.contains_key(group));
        if both && disjoint {
            let events = joined.values().chain(self.sent_groups.values()).copied();
            signals.add("groups=differ", events);
        }
    }

    /// The consumer of another route answered: its name is that of a route which it answers too.
    fn add_consumer(&self, attempt: &Attempt, timeline: &Timeline, signals: &mut Signals) {
        let answered = consumer(attempt, timeline, self.routes);
        let (Some(key), Some((class, id))) = (attempt.route_key.clone(), answered) else {
            return;
        };
        if self.is_unsure(id, timeline) {
            return;
        }
        let stem = consumer::stem(&class);
        let listed: Vec<&str> = self
            .routes
            .served_by(&class)
            .map(|route| route.path.as_str())
            .collect();
        if !listed.is_empty() {
            let elsewhere = !listed.contains(&key.as_str()) && self.routes.of_path(&key).is_some();
            if elsewhere {
                signals.add("consumer=other-route", [id]);
            }
            return;
        }
        let names = |route: &str| route.to_lowercase().contains(&stem);
        let home_elsewhere = self
            .homes
            .get(&class)
            .is_some_and(|routes| routes.keys().any(|route| *route != key && names(route)));
        if home_elsewhere && !names(&key) {
            signals.add("consumer=other-route", [id]);
        }
    }
}

pub(super) fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host == "::1" || host.starts_with("127.")
}

/// The first event behind a gap, for each source that has one.
fn first_gaps(timeline: &Timeline) -> BTreeMap<usize, EventId> {
    let behind = timeline.events.iter().enumerate().rev();
    behind
        .filter(|(_, event)| event.record.after_gap)
        .map(|(id, event)| (event.record.origin.source, id))
        .collect()
}

/// The starts of several processes that serve at once.
fn processes(timeline: &Timeline, server: &Signals) -> Vec<EventId> {
    let workers = server.events("worker-process-started");
    if workers.len() >= 2 {
        return workers.to_vec();
    }
    let mut addresses = BTreeSet::new();
    let listeners: Vec<EventId> = server
        .events("server-listening")
        .iter()
        .copied()
        .filter(|id| {
            timeline
                .events
                .get(*id)
                .and_then(|event| event.field("port"))
                .is_some_and(|port| addresses.insert(port.to_owned()))
        })
        .collect();
    if listeners.len() >= 2 && server.events("server-stopped").is_empty() {
        listeners
    } else {
        Vec::new()
    }
}

/// The groups that events of a kind name.
fn groups<'t>(
    events: impl Iterator<Item = (EventId, &'t Event)>,
    kind: Option<KindId>,
) -> BTreeMap<String, EventId> {
    events
        .filter(|(_, event)| event.is(kind))
        .filter_map(|(id, event)| Some((event.field("group")?.to_owned(), id)))
        .collect()
}

/// The consumer's class that an attempt's events name, with the event.
fn consumer(attempt: &Attempt, timeline: &Timeline, routes: &Routes) -> Option<(String, EventId)> {
    attempt.events.iter().find_map(|id| {
        let event = timeline.events.get(*id)?;
        Some((consumer_class(event, routes)?, *id))
    })
}

/// The class of a consumer that a line names, by its phrase's field or in its words.
fn consumer_class(event: &Event, routes: &Routes) -> Option<String> {
    if event.record.traceback.is_some() {
        return None;
    }
    let listed = consumer::listed(event, routes).or_else(|| event.field("consumer"));
    let named = listed.map(str::to_owned);
    named.or_else(|| consumer::class(event))
}
