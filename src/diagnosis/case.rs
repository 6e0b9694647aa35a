//! Cases: attempts of one route that stopped in the same way for the same reason, as far as the
//! evidence tells them apart, with their ranked causes.

use super::alike::Classes;
use crate::attempt::{Attempt, Attempts, Pattern, Signals};
use crate::cause::{Assessment, Cause, View, evaluate, likeliest};
use crate::stage::Stage;
use crate::timeline::Timeline;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// An attempt's own first cause must be this likely to make a case of its own.
const OWN_CASE: f64 = 0.6;

/// How much a pattern that cannot be told adds to the doubt, in log-odds.
const LOOSE_LINES: f64 = 1.8;

/// Cases told at most. Whoever may ask for paths can make a case of each.
pub(crate) const MAX_CASES: usize = 200;

/// The cases, and what there were more of than is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ranking {
    /// The worst first.
    pub(crate) cases: Vec<Case>,
    /// How many further groups failed alike, each with fewer attempts than those told.
    pub(crate) left_out: usize,
}

/// Attempts that failed alike.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// What the attempts' paths share.
    pub(crate) route_key: Option<String>,
    /// What all of them show.
    pub(crate) pattern: Pattern,
    /// Their places among the attempts, in order.
    pub(crate) attempts: Vec<usize>,
    /// How many attempts they stand for, those that were counted and not read included.
    pub(crate) failed: usize,
    /// All attempts on the route, healthy ones and those that were not read included.
    pub(crate) total: usize,
    /// Every one of them was given up by its own page for a socket that works.
    pub(crate) harmless: bool,
    /// The signals of all its attempts together.
    pub(crate) signals: Signals,
    /// The signals of all attempts on the route.
    pub(crate) route_signals: Signals,
    /// The causes, most probable first.
    pub(crate) ranking: Vec<Assessment>,
    /// Probability that it is none of them.
    pub(crate) none_of_these: f64,
}

impl Case {
    /// Whether one of these signals holds for its attempts.
    pub(crate) fn says_any(&self, signals: &[&str]) -> bool {
        signals.iter().any(|signal| self.signals.holds(signal))
    }

    /// Log-odds of "none of these" before any evidence.
    pub(crate) fn doubt(&self) -> f64 {
        doubt(self.pattern)
    }
}

/// Groups what failed, and ranks the causes of each group; the worst first.
pub(crate) fn rank(
    attempts: &Attempts,
    timeline: &Timeline,
    causes: &[Cause],
    input: &Signals,
) -> Ranking {
    let routes = routes(attempts);
    let empty = Signals::default();
    let suspects: Vec<usize> = suspects(attempts);
    let suspected = suspects
        .iter()
        .filter_map(|index| attempts.attempts.get(*index));
    let classes = Classes::of(suspected, causes);
    let of_classes: Vec<Option<usize>> = classes
        .examples
        .par_iter()
        .map(|attempt| {
            let view = View {
                attempt: &attempt.signals,
                route: routes
                    .get(&attempt.route_key)
                    .map_or(&empty, |route| &route.signals),
                input,
                timeline,
            };
            likeliest(causes, view, doubt(attempt.pattern))
                .filter(|(_, probability)| *probability >= OWN_CASE)
                .map(|(cause, _)| cause)
        })
        .collect();
    let first_causes: Vec<Option<usize>> = classes
        .of_each
        .iter()
        .map(|class| of_classes.get(*class).copied().flatten())
        .collect();
    let groups = group(&suspects, &first_causes, attempts, causes);
    let found = groups.len();
    let groups = most_frequent(groups, attempts);
    let mut ranked: Vec<Case> = groups
        .into_iter()
        .map(|group| build(group, attempts, &routes, timeline, causes, input))
        .collect();
    ranked.sort_by_key(order);
    Ranking {
        left_out: found.saturating_sub(ranked.len()),
        cases: ranked,
    }
}

/// Of more groups than are told those with the most attempts, in their order.
fn most_frequent(groups: Vec<Group>, attempts: &Attempts) -> Vec<Group> {
    if groups.len() <= MAX_CASES {
        return groups;
    }
    let mut places: Vec<(std::cmp::Reverse<usize>, usize)> = groups
        .iter()
        .map(|group| std::cmp::Reverse(standing(&group.attempts, attempts)))
        .zip(0..)
        .collect();
    places.sort_unstable();
    let told: BTreeSet<usize> = places
        .iter()
        .take(MAX_CASES)
        .map(|(_, place)| *place)
        .collect();
    let groups = groups.into_iter().enumerate();
    let told = groups.filter(|(place, _)| told.contains(place));
    told.map(|(_, group)| group).collect()
}

/// How many attempts these stand for.
fn standing(places: &[usize], attempts: &Attempts) -> usize {
    let attempts = places
        .iter()
        .filter_map(|place| attempts.attempts.get(*place));
    attempts.map(|attempt| attempt.stands_for).sum()
}

/// Log-odds of "none of these": lines that show no stage may be about something else.
fn doubt(pattern: Pattern) -> f64 {
    if pattern == Pattern::InsufficientEvidence {
        LOOSE_LINES
    } else {
        0.0
    }
}

/// What failed; where nothing did and nothing worked, what cannot be told.
fn suspects(attempts: &Attempts) -> Vec<usize> {
    let with = |wanted: &dyn Fn(&Attempt) -> bool| -> Vec<usize> {
        attempts
            .attempts
            .iter()
            .enumerate()
            .filter(|(_, attempt)| wanted(attempt))
            .map(|(index, _)| index)
            .collect()
    };
    let failed = with(&|attempt| attempt.pattern.is_failure());
    if !failed.is_empty() {
        return failed;
    }
    if attempts
        .attempts
        .iter()
        .any(|attempt| attempt.pattern == Pattern::Healthy)
    {
        // What a client had to open again did not end well, whatever it was.
        return with(&|attempt| {
            attempt.pattern == Pattern::InsufficientEvidence
                && attempt.signals.holds("client-closed")
                && attempt.signals.holds("client-reconnecting")
        });
    }
    with(&|attempt| attempt.pattern == Pattern::InsufficientEvidence)
}

/// What all attempts on one route show together.
#[derive(Debug, Clone, Default)]
struct Route {
    signals: Signals,
    attempts: usize,
}

fn routes(attempts: &Attempts) -> BTreeMap<Option<String>, Route> {
    let mut routes: BTreeMap<Option<String>, Route> = BTreeMap::new();
    for attempt in &attempts.attempts {
        let route = routes.entry(attempt.route_key.clone()).or_default();
        route.signals.extend(&attempt.signals);
        route.attempts = route.attempts.saturating_add(attempt.stands_for);
    }
    routes
}

/// The attempts of one group.
struct Group {
    route_key: Option<String>,
    pattern: Pattern,
    attempts: Vec<usize>,
}

/// By route and by cause where the attempt's own lines prove one; attempts that prove none join the
/// largest group of their route, the one with their pattern first.
fn group(
    suspects: &[usize],
    first_causes: &[Option<usize>],
    attempts: &Attempts,
    causes: &[Cause],
) -> Vec<Group> {
    let mut by_key: BTreeMap<GroupKey, Vec<usize>> = BTreeMap::new();
    for (index, first) in suspects.iter().zip(first_causes) {
        let Some(attempt) = attempts.attempts.get(*index) else {
            continue;
        };
        by_key
            .entry((attempt.route_key.clone(), *first))
            .or_default()
            .push(*index);
    }
    let keys: Vec<GroupKey> = by_key.keys().cloned().collect();
    for key in keys {
        let partner = by_key
            .range((key.0.clone(), None)..)
            .take_while(|(other, _)| other.0 == key.0)
            .filter(|(other, members)| joins(&key, other, members, &by_key, attempts, causes))
            .max_by_key(|(other, members)| (members.len(), std::cmp::Reverse(other.1)))
            .map(|(other, _)| other.clone());
        if let Some(partner) = partner
            && let Some(members) = by_key.remove(&key)
        {
            by_key.entry(partner).or_default().extend(members);
        }
    }
    by_key
        .into_iter()
        .map(|((route_key, _), mut members)| {
            members.sort_unstable();
            Group {
                route_key,
                pattern: prevailing(&members, attempts),
                attempts: members,
            }
        })
        .collect()
}

/// A route, and the cause that the attempts' own lines prove.
type GroupKey = (Option<String>, Option<usize>);

/// Whether a group is told with another of its route: it proves nothing of its own, or it stopped in
/// the same way for what is only a consequence of the other's cause.
fn joins(
    own: &GroupKey,
    other: &GroupKey,
    members: &[usize],
    groups: &BTreeMap<GroupKey, Vec<usize>>,
    attempts: &Attempts,
    causes: &[Cause],
) -> bool {
    let (Some(root), true) = (other.1, own != other && own.0 == other.0) else {
        return false;
    };
    let Some(consequence) = own.1 else {
        return true;
    };
    let explains = |one: usize, two: usize| {
        let (Some(one), Some(two)) = (causes.get(one), causes.get(two)) else {
            return false;
        };
        one.explains.contains(&two.id)
    };
    let alike = groups
        .get(own)
        .is_some_and(|group| prevailing(group, attempts) == prevailing(members, attempts));
    alike && explains(root, consequence) && !explains(consequence, root)
}

/// The pattern most of them show; of equals, the one that came furthest.
fn prevailing(members: &[usize], attempts: &Attempts) -> Pattern {
    let mut counts: BTreeMap<Pattern, usize> = BTreeMap::new();
    for attempt in members
        .iter()
        .filter_map(|index| attempts.attempts.get(*index))
    {
        let count = counts.entry(attempt.pattern).or_default();
        *count = count.saturating_add(1);
    }
    // A server that is gone when the client comes again is what follows, not what happened first.
    let known = |pattern: Pattern| match pattern {
        Pattern::InsufficientEvidence => 0,
        Pattern::NoLogs => 1,
        _ => 2,
    };
    counts
        .into_iter()
        .max_by_key(|(pattern, count)| (known(*pattern), *count, *pattern))
        .map_or(Pattern::InsufficientEvidence, |(pattern, _)| pattern)
}

fn build(
    group: Group,
    attempts: &Attempts,
    routes: &BTreeMap<Option<String>, Route>,
    timeline: &Timeline,
    causes: &[Cause],
    input: &Signals,
) -> Case {
    let mut signals = Signals::default();
    for attempt in group
        .attempts
        .iter()
        .filter_map(|index| attempts.attempts.get(*index))
    {
        signals.extend(&attempt.signals);
    }
    // Facts of single attempts that the prevailing pattern overrules.
    for pattern in Pattern::ALL {
        if pattern != group.pattern {
            signals.remove(&format!("pattern={pattern}"));
        }
    }
    for stage in Stage::ALL {
        if signals.holds(&format!("reached={stage}")) {
            signals.remove(&format!("silent={stage}"));
            signals.remove(&format!("quiet={stage}"));
        }
    }
    let route = routes.get(&group.route_key).cloned().unwrap_or_default();
    let view = View {
        attempt: &signals,
        route: &route.signals,
        input,
        timeline,
    };
    let (ranking, none_of_these) = evaluate(causes, view, doubt(group.pattern));
    let harmless = group
        .attempts
        .iter()
        .filter_map(|index| attempts.attempts.get(*index))
        .all(|attempt| attempt.replaced);
    let failed = standing(&group.attempts, attempts);
    Case {
        harmless,
        failed,
        route_key: group.route_key,
        pattern: group.pattern,
        attempts: group.attempts,
        total: route.attempts,
        signals,
        route_signals: route.signals,
        ranking,
        none_of_these,
    }
}

/// Worst first: what is known to fail, surest, most often, and earliest in the input.
fn order(case: &Case) -> (bool, bool, bool, std::cmp::Reverse<usize>, usize) {
    let sure = case
        .ranking
        .first()
        .is_some_and(|first| first.probability >= 0.5);
    let first = case.attempts.first().copied().unwrap_or(usize::MAX);
    let stray = case.signals.holds("route-known=dev-tool");
    (
        case.harmless,
        case.pattern == Pattern::InsufficientEvidence || stray,
        !sure,
        std::cmp::Reverse(case.failed),
        first,
    )
}
