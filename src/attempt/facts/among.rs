//! Facts that compare an attempt with the others of the input: who speaks elsewhere and is silent
//! here, which routes work, how often and how fast a client tries.

use super::super::{Attempt, InputFacts, Pattern, Signals};
use super::side_name;
use crate::event::EventId;
use crate::record::Side;
use crate::stage::Stage;
use crate::timeline::Timeline;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Attempts of one client that follow one another faster than this are made without back-off.
const STORM_GAP_MS: i64 = 1_500;
/// Connections of a storm live for less than this.
const SHORT_LIFE_MS: i64 = 3_000;
/// Stamps of whole seconds let attempts that follow one another overlap by so much.
const STORM_OVERLAP_MS: i64 = 50;
/// So many of them are a storm.
const STORM_ATTEMPTS: usize = 4;
/// A connection that ends sooner did not idle.
const SHORTEST_IDLE_MS: i64 = 2_000;
/// Connections that end after the same time, within this, end by a timer.
const SAME_IDLE_MS: i64 = 1_500;

pub(super) fn add(attempts: &mut [Attempt], timeline: &Timeline, input: &InputFacts) {
    let keys: Vec<Option<String>> = attempts
        .iter()
        .map(|attempt| attempt.route_key.clone())
        .collect();
    let health = RouteHealth::of(attempts, &keys);
    let voices = Voices::of(attempts, &keys, timeline);
    let silences: Vec<Signals> = attempts
        .iter()
        .enumerate()
        .map(|(index, attempt)| silence(index, attempt, &voices, input))
        .collect();
    let tokens_elsewhere = attempts
        .iter()
        .any(|attempt| attempt.signals.holds("url-token=present"));
    let storms = storms(attempts, &keys);
    let idles = idles(attempts, &keys);
    let drops = dropped_together(attempts);
    for (index, attempt) in attempts.iter_mut().enumerate() {
        let key = keys.get(index).cloned().flatten();
        let signals = &mut attempt.signals;
        if let Some(silence) = silences.get(index) {
            signals.extend(silence);
        }
        if !tokens_elsewhere {
            signals.remove("url-token=absent");
        }
        add_health(signals, &health, key.as_deref());
        if storms.contains(&index) {
            signals.add("attempts=storm", []);
        }
        if let Some(seconds) = key.as_ref().and_then(|key| idles.get(key)) {
            signals.add("idle=constant", attempt.progress.close);
            signals.add(format!("idle-seconds={seconds}"), attempt.progress.close);
        }
        if drops.contains(&index) {
            signals.add("at-once=many", attempt.progress.close);
        }
    }
}

/// Adds the sides that say something in the input: the same for every attempt.
pub(super) fn add_given(timeline: &Timeline, signals: &mut Signals) {
    let telling = timeline
        .events
        .iter()
        .filter(|event| !event.meanings.is_empty());
    let sides: BTreeSet<Side> = telling.map(|event| event.record.side).collect();
    for side in sides {
        signals.add(format!("given={}", side_name(side)), []);
    }
}

/// Failed and healthy attempts of one route.
#[derive(Debug, Default, Clone, Copy)]
struct Health {
    failed: usize,
    healthy: usize,
}

impl Health {
    fn is_healthy(self) -> bool {
        self.healthy > 0 && self.failed == 0
    }

    fn is_failing(self) -> bool {
        self.failed > 0
    }
}

/// The health of each route, and how many routes are healthy and failing.
#[derive(Debug, Default)]
struct RouteHealth {
    of_route: BTreeMap<String, Health>,
    healthy: usize,
    failing: usize,
}

impl RouteHealth {
    fn of(attempts: &[Attempt], keys: &[Option<String>]) -> Self {
        let mut of_route: BTreeMap<String, Health> = BTreeMap::new();
        for (attempt, key) in attempts.iter().zip(keys) {
            let entry = of_route.entry(key.clone().unwrap_or_default()).or_default();
            if attempt.pattern.is_failure() {
                entry.failed = entry.failed.saturating_add(1);
            } else if attempt.pattern == Pattern::Healthy {
                entry.healthy = entry.healthy.saturating_add(1);
            }
        }
        let count =
            |holds: fn(Health) -> bool| of_route.values().filter(|one| holds(**one)).count();
        Self {
            healthy: count(Health::is_healthy),
            failing: count(Health::is_failing),
            of_route,
        }
    }
}

fn add_health(signals: &mut Signals, health: &RouteHealth, key: Option<&str>) {
    let known = health.of_route.get(key.unwrap_or_default()).copied();
    if let Some(own) = known {
        if own.healthy > 0 && own.failed > 0 {
            signals.add("route=mixed", []);
        }
        let attempts = match own.failed.saturating_add(own.healthy) {
            0 | 1 => "attempts=one",
            2..=4 => "attempts=few",
            _ => "attempts=many",
        };
        signals.add(attempts, []);
    }
    let own = known.unwrap_or_default();
    if health.healthy > usize::from(own.is_healthy()) {
        signals.add("other-routes=healthy", []);
    }
    if health.failing > usize::from(own.is_failing()) {
        signals.add("other-routes=failing", []);
    }
}

/// A backend line that proves a stage.
#[derive(Debug, Clone, Copy)]
struct Voice {
    attempt: usize,
    event: EventId,
}

/// For each stage, source and route, and for each stage and source: the first lines that prove the
/// stage, of two attempts, so that each attempt finds one that is not its own.
struct Voices {
    of_route: BTreeMap<(Stage, usize, Option<String>), Vec<Voice>>,
    of_any: BTreeMap<(Stage, usize), Vec<Voice>>,
    /// The first and the last time of each source, in milliseconds.
    spans: BTreeMap<usize, (i64, i64)>,
}

/// The stages whose own loggers can speak or be silent.
const SPEAKING: [Stage; 5] = [
    Stage::Server,
    Stage::Middleware,
    Stage::Auth,
    Stage::Consumer,
    Stage::Accept,
];

impl Voices {
    fn of(attempts: &[Attempt], keys: &[Option<String>], timeline: &Timeline) -> Self {
        let mut of_route: BTreeMap<(Stage, usize, Option<String>), Vec<Voice>> = BTreeMap::new();
        let mut of_any: BTreeMap<(Stage, usize), Vec<Voice>> = BTreeMap::new();
        for (index, (attempt, key)) in attempts.iter().zip(keys).enumerate() {
            for stage in SPEAKING {
                let Some(id) = attempt.progress.reached.get(&stage) else {
                    continue;
                };
                let Some(event) = timeline.events.get(*id) else {
                    continue;
                };
                // An exception's frames prove a stage that never logs a word of its own, and lines that
                // are there by chance are missing elsewhere by chance.
                if event.record.side != Side::Backend
                    || event.record.traceback.is_some()
                    || event.record.by_chance
                {
                    continue;
                }
                let voice = Voice {
                    attempt: index,
                    event: *id,
                };
                let source = event.record.origin.source;
                let of_route = of_route.entry((stage, source, key.clone())).or_default();
                for voices in [of_route, of_any.entry((stage, source)).or_default()] {
                    if voices.len() < 2 {
                        voices.push(voice);
                    }
                }
            }
        }
        Self {
            of_route,
            of_any,
            spans: spans(timeline),
        }
    }

    /// A line that makes this stage's silence informative for an attempt: of its own route first, else
    /// of any, the first in either case.
    fn heard_elsewhere(
        &self,
        stage: Stage,
        index: usize,
        attempt: &Attempt,
        input: &InputFacts,
    ) -> Option<EventId> {
        let of_stage = || {
            self.of_any
                .range((stage, 0)..=(stage, usize::MAX))
                .map(|((_, source), voices)| (*source, voices))
                .filter(|(source, _)| self.covers(*source, attempt))
        };
        let own_route = of_stage().filter_map(|(source, _)| {
            let place = (stage, source, attempt.route_key.clone());
            other_than(index, self.of_route.get(&place)?)
        });
        let first = own_route.min_by_key(|voice| voice.attempt).or_else(|| {
            of_stage()
                .filter(|(source, _)| !input.cut_sources.contains(source))
                .filter_map(|(_, voices)| other_than(index, voices))
                .min_by_key(|voice| voice.attempt)
        });
        first.map(|voice| voice.event)
    }

    /// Whether a source was being written when the attempt was made.
    fn covers(&self, source: usize, attempt: &Attempt) -> bool {
        match (attempt.progress.started_ms, self.spans.get(&source)) {
            (Some(start), Some((first, last))) => {
                first.saturating_sub(2_000) <= start && start <= last.saturating_add(2_000)
            }
            _ => true,
        }
    }
}

/// The first line that is not this attempt's.
fn other_than(index: usize, voices: &[Voice]) -> Option<Voice> {
    voices.iter().find(|voice| voice.attempt != index).copied()
}

fn spans(timeline: &Timeline) -> BTreeMap<usize, (i64, i64)> {
    let mut spans: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
    for event in &timeline.events {
        if let Some(at) = event.at_ms {
            let span = spans.entry(event.record.origin.source).or_insert((at, at));
            *span = (span.0.min(at), span.1.max(at));
        }
    }
    spans
}

fn silence(index: usize, attempt: &Attempt, voices: &Voices, input: &InputFacts) -> Signals {
    let mut signals = Signals::default();
    let ended = attempt.progress.ended_ms.is_some()
        || attempt.progress.close.is_some()
        || attempt.progress.refuse.is_some()
        || attempt.pattern.is_failure();
    for stage in SPEAKING {
        if attempt.progress.came_to(stage) {
            continue;
        }
        match voices.heard_elsewhere(stage, index, attempt, input) {
            Some(event) if ended => signals.add(format!("silent={stage}"), [event]),
            _ => signals.add(format!("quiet={stage}"), []),
        }
    }
    signals
}

/// Failing attempts of one route, each following the one before without back-off.
fn storms(attempts: &[Attempt], keys: &[Option<String>]) -> BTreeSet<usize> {
    let mut runs: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (index, (attempt, key)) in attempts.iter().zip(keys).enumerate() {
        if attempt.progress.started_ms.is_none() {
            continue;
        }
        let run = runs.entry(key.as_deref()).or_default();
        let near = run
            .last()
            .and_then(|last| attempts.get(*last))
            .and_then(|last| {
                let (start, end) = (attempt.progress.started_ms?, last.progress.ended_ms?);
                Some(start.saturating_sub(end))
            })
            // One client's attempts follow one another; several clients' overlap.
            .is_some_and(|gap| (-STORM_OVERLAP_MS..=STORM_GAP_MS).contains(&gap));
        let short = attempt
            .progress
            .life_ms()
            .is_some_and(|life| life < SHORT_LIFE_MS);
        if !near || !short {
            run.clear();
        }
        if short {
            run.push(index);
        }
        match run.len().cmp(&STORM_ATTEMPTS) {
            Ordering::Less => {}
            Ordering::Equal => found.extend(run.iter().copied()),
            // The others of the run are known.
            Ordering::Greater => {
                found.insert(index);
            }
        }
    }
    found
}

/// Routes whose connections, open for long, end after the same time: that time in seconds.
fn idles(attempts: &[Attempt], keys: &[Option<String>]) -> BTreeMap<String, i64> {
    let mut lives: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (attempt, key) in attempts.iter().zip(keys) {
        if let (Some(key), Some(life)) = (key, attempt.progress.life_ms())
            && attempt.progress.was_accepted()
            && life >= SHORTEST_IDLE_MS
        {
            lives.entry(key.clone()).or_default().push(life);
        }
    }
    lives
        .into_iter()
        .filter_map(|(key, lives)| {
            let least = *lives.iter().min()?;
            let most = *lives.iter().max()?;
            let enough = lives.len() >= if least >= 5_000 { 2 } else { 3 };
            let alike = most.saturating_sub(least) <= SAME_IDLE_MS;
            (enough && alike).then(|| (key, least.saturating_add(500) / 1000))
        })
        .collect()
}

/// Connections that were open and ended within two seconds of at least two others.
fn dropped_together(attempts: &[Attempt]) -> BTreeSet<usize> {
    let mut ends: Vec<(i64, usize, i64)> = attempts
        .iter()
        .enumerate()
        .filter(|(_, attempt)| attempt.progress.was_accepted())
        .filter_map(|(index, attempt)| {
            let progress = &attempt.progress;
            Some((progress.ended_ms?, index, progress.started_ms?))
        })
        .collect();
    ends.sort_unstable();
    let mut found = BTreeSet::new();
    for window in ends.windows(3) {
        if let (Some(first), Some(last)) = (window.first(), window.last())
            && last.0.saturating_sub(first.0) <= 2_000
            // Open at the same time: lives that follow one another end together by chance.
            && window.iter().all(|(_, _, started)| *started < first.0)
        {
            found.extend(window.iter().map(|(_, index, _)| *index));
        }
    }
    found
}
