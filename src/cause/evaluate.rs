//! Evaluating causes against what an attempt shows: log-odds per cause, explaining away, and a
//! probability over all of them and "none of these".

use super::schema::{Cause, Evidence, EvidenceScope};
use crate::attempt::Signals;
use crate::event::EventId;
use crate::rule_text::RuleText;
use crate::timeline::Timeline;
use rayon::prelude::*;

/// A cause this likely, on evidence of its own, explains its consequences away.
const PROVEN_SCORE: f64 = 2.0;
/// How far behind its cause a consequence is put, in log-odds.
const CONSEQUENCE_GAP: f64 = 3.5;
/// Weights are set on logs whose words are known; on those of strangers their plain sum is too sure.
/// Log-odds are divided by this: then what is called nine in ten or surer was right in 92 of 100 logs.
pub const TEMPERATURE: f64 = 1.3;
/// No diagnosis from logs is surer than this.
const SUREST: f64 = 0.99;

/// Where the signals of an evaluation are found.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Of the attempt, or of the attempts that failed alike.
    pub attempt: &'a Signals,
    /// Of all attempts on the route.
    pub route: &'a Signals,
    /// Of the whole input.
    pub input: &'a Signals,
    /// The events that signals point to.
    pub timeline: &'a Timeline,
}

impl View<'_> {
    /// The signals that evidence of this scope asks.
    #[must_use]
    pub fn signals(&self, scope: EvidenceScope) -> &Signals {
        match scope {
            EvidenceScope::Attempt => self.attempt,
            EvidenceScope::Route => self.route,
            EvidenceScope::Input => self.input,
        }
    }
}

/// An item of evidence that applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Its place among the evidence of its cause.
    pub evidence: usize,
    /// Log-odds that it added.
    pub weight: f64,
    /// The events that it rests on; empty where it rests on a fact without a line.
    pub events: Vec<EventId>,
}

/// What the evidence says of one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The cause's place among the causes evaluated.
    pub cause: usize,
    /// Log-odds against "none of these", explaining away included.
    pub score: f64,
    /// Probability among all causes and "none of these", 0 to 1.
    pub probability: f64,
    /// The evidence that applied, for and against, in the order of the rule file.
    pub findings: Vec<Finding>,
    /// The cause that this one is a consequence of here.
    pub explained_by: Option<usize>,
}

/// Evaluates all causes in parallel: those with evidence for them, most probable first, and the
/// probability that it is none of them.
///
/// `doubt` is the log-odds of "none of these": 0 where an attempt was seen to fail, more where only
/// loose lines suggest that one did.
#[must_use]
pub fn evaluate(causes: &[Cause], view: View<'_>, doubt: f64) -> (Vec<Assessment>, f64) {
    let found = causes
        .par_iter()
        .enumerate()
        .filter_map(|(index, cause)| assess(index, cause, view, finding))
        .collect();
    weigh(found, causes, doubt)
}

/// The most probable cause and its probability, without the lines that show it: for asking the same
/// of thousands of attempts.
#[must_use]
pub fn likeliest(causes: &[Cause], view: View<'_>, doubt: f64) -> Option<(usize, f64)> {
    let found = causes
        .iter()
        .enumerate()
        .filter_map(|(index, cause)| assess(index, cause, view, weight_alone))
        .collect();
    let (ranking, _) = weigh(found, causes, doubt);
    ranking
        .first()
        .map(|first| (first.cause, first.probability))
}

/// Ranks what was assessed; gives the probability of "none of these" besides.
fn weigh(mut found: Vec<Assessment>, causes: &[Cause], doubt: f64) -> (Vec<Assessment>, f64) {
    explain_away(&mut found, causes);
    let none = to_probabilities(&mut found, doubt);
    found.sort_by(|one, other| {
        other
            .score
            .total_cmp(&one.score)
            .then_with(|| cause_id(causes, one.cause).cmp(cause_id(causes, other.cause)))
    });
    (found, none)
}

fn cause_id(causes: &[Cause], index: usize) -> &str {
    causes.get(index).map_or("", |cause| cause.id.as_str())
}

/// What the evidence says of one cause, each item looked for by `look`; `None` where nothing speaks
/// for it.
fn assess(
    index: usize,
    cause: &Cause,
    view: View<'_>,
    look: fn(usize, &Evidence, View<'_>) -> Option<Finding>,
) -> Option<Assessment> {
    let findings: Vec<Finding> = cause
        .evidence
        .iter()
        .enumerate()
        .filter_map(|(position, evidence)| look(position, evidence, view))
        .collect();
    let supported = findings.iter().any(|finding| finding.weight > 0.0);
    let score = cause.prior + findings.iter().map(|finding| finding.weight).sum::<f64>();
    supported.then_some(Assessment {
        cause: index,
        score,
        probability: 0.0,
        findings,
        explained_by: None,
    })
}

/// Whether an item of evidence applies, and the events it rests on.
#[must_use]
pub fn finding(position: usize, evidence: &Evidence, view: View<'_>) -> Option<Finding> {
    let mut events = ordered_events(evidence, view)?;
    let signals = view.signals(evidence.scope);
    let holding = evidence.any.iter().filter(|signal| signals.meets(signal));
    for signal in holding.chain(&evidence.all) {
        events.extend(signals.events(signal));
    }
    events.sort_unstable();
    events.dedup();
    Some(Finding {
        evidence: position,
        weight: evidence.weight,
        events,
    })
}

/// The same without the events it rests on.
fn weight_alone(position: usize, evidence: &Evidence, view: View<'_>) -> Option<Finding> {
    ordered_events(evidence, view).map(|_| Finding {
        evidence: position,
        weight: evidence.weight,
        events: Vec::new(),
    })
}

/// The events of the sequence and the count that an item of evidence asks for; `None` where one of
/// its conditions does not hold.
fn ordered_events(evidence: &Evidence, view: View<'_>) -> Option<Vec<EventId>> {
    let signals = view.signals(evidence.scope);
    let met = |signal: &RuleText| signals.meets(signal);
    let any = evidence.any.is_empty() || evidence.any.iter().any(met);
    if !any || !evidence.all.iter().all(met) || evidence.none.iter().any(met) {
        return None;
    }
    let mut events: Vec<EventId> = Vec::new();
    if !evidence.sequence.is_empty() {
        events.extend(sequence(evidence, signals, view.timeline)?);
    }
    if evidence.count.is_some() {
        events.extend(count(evidence, signals, view.timeline)?);
    }
    Some(events)
}

/// The events of a sequence: each kind after the one before, all within the time given.
fn sequence(evidence: &Evidence, signals: &Signals, timeline: &Timeline) -> Option<Vec<EventId>> {
    let (first, rest) = evidence.sequence.split_first()?;
    signals.events(first).iter().find_map(|start| {
        let mut found = vec![*start];
        for kind in rest {
            let last = *found.last()?;
            let events = signals.events(kind);
            let next = events.get(events.partition_point(|id| *id < last))?;
            found.push(*next);
        }
        let last = *found.last()?;
        within(*start, last, evidence.within_ms, timeline).then_some(found)
    })
}

/// The events of a kind that occurs often enough, within the time given.
fn count(evidence: &Evidence, signals: &Signals, timeline: &Timeline) -> Option<Vec<EventId>> {
    let wanted = evidence.count.as_ref()?;
    let events = signals.events(&wanted.kind);
    events
        .windows(wanted.at_least.max(1))
        .find(|window| match (window.first(), window.last()) {
            (Some(first), Some(last)) => within(*first, *last, evidence.within_ms, timeline),
            _ => false,
        })
        .map(<[EventId]>::to_vec)
}

/// Whether two events lie within a time; where a clock is missing, order has to do.
fn within(first: EventId, last: EventId, limit_ms: Option<u64>, timeline: &Timeline) -> bool {
    let Some(limit) = limit_ms.and_then(|limit| i64::try_from(limit).ok()) else {
        return true;
    };
    let time = |id: EventId| timeline.events.get(id).and_then(|event| event.at_ms);
    match (time(first), time(last)) {
        (Some(first), Some(last)) => last.saturating_sub(first) <= limit,
        _ => true,
    }
}

/// Puts consequences behind the causes that are proven to bring them about.
fn explain_away(found: &mut [Assessment], causes: &[Cause]) {
    let mut order: Vec<usize> = (0..found.len()).collect();
    let score = |found: &[Assessment], index: usize| found.get(index).map_or(0.0, |one| one.score);
    order.sort_by(|one, other| score(found, *other).total_cmp(&score(found, *one)));
    for &root in &order {
        let Some(assessment) = found.get(root) else {
            continue;
        };
        if assessment.score < PROVEN_SCORE || assessment.explained_by.is_some() {
            continue;
        }
        let (root_cause, root_score) = (assessment.cause, assessment.score);
        let Some(cause) = causes.get(root_cause) else {
            continue;
        };
        for other in found.iter_mut() {
            let consequence = other.cause != root_cause
                && cause
                    .explains
                    .iter()
                    .any(|id| id == cause_id(causes, other.cause));
            // Where two explain one another, the likelier is the cause.
            let mutual = causes.get(other.cause).is_some_and(|cause| {
                cause
                    .explains
                    .iter()
                    .any(|id| id == cause_id(causes, root_cause))
            });
            if consequence && !(mutual && other.score > root_score) {
                other.score = other.score.min(root_score - CONSEQUENCE_GAP);
                other.explained_by = Some(root_cause);
            }
        }
    }
}

/// The odds that a score stands for.
fn odds(score: f64) -> f64 {
    (score / TEMPERATURE).exp()
}

/// Turns scores into probabilities; gives the probability of "none of these".
fn to_probabilities(found: &mut [Assessment], doubt: f64) -> f64 {
    // An explained consequence takes part in the ranking, not in the doubt.
    let none = (doubt / TEMPERATURE).exp();
    let total: f64 = none
        + found
            .iter()
            .filter(|one| one.explained_by.is_none())
            .map(|one| odds(one.score))
            .sum::<f64>();
    for one in found.iter_mut() {
        let own = odds(one.score);
        let share = own / (total + if one.explained_by.is_some() { own } else { 0.0 });
        one.probability = share.min(SUREST);
    }
    none / total
}
