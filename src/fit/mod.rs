//! Fitting the weights of evidence to cases whose cause is known.
//!
//! The weights that authors gave are where fitting starts and what it is drawn back to: it looks for
//! the weights under which the labelled causes are most likely, less a penalty on every squared step
//! away from an author's weight. How strong the penalty is, is not chosen by hand either: it is the
//! one of a ladder under which cases of a personality are best told after fitting on the others.
//! A weight moves only where several cases of several personalities show its evidence: one recording
//! is no reason to change a rule.
//! Base rates (`prior`) stay, since a set of recordings injects each cause about as often as the
//! next one and says nothing of how often it happens. Nothing here is random: the same cases and
//! rules give the same weights.
//!
//! Here are the weights and how they are found. Reading cases is [`crate::score`]'s, and what evidence
//! applies is [`crate::cause`]'s.

mod descent;
mod example;
mod weights;
mod write;

pub use write::{WriteError, write};

use crate::cause::Cause;
use crate::rules::RuleSet;
use crate::score::{Case, ScoreError};
use example::Example;
use std::collections::{BTreeMap, BTreeSet};
use weights::Weights;

/// Penalties to choose from: log-odds squared, per unit of log-likelihood.
const LADDER: [f64; 6] = [0.1, 0.3, 1.0, 3.0, 10.0, 30.0];
/// Ranking anew under new weights may explain other causes away; after so many rounds it settles.
const ROUNDS: usize = 6;
/// So many cases, and so many personalities, must show a piece of evidence for its weight to move.
const LEAST_CASES: usize = 3;
const LEAST_PERSONALITIES: usize = 2;

/// What fitting came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The personalities fitted on, in order.
    pub personalities: Vec<String>,
    /// How many cases of theirs were fitted on.
    pub cases: usize,
    /// The penalty that was chosen.
    pub penalty: f64,
    /// Mean negative log-likelihood of the right answer over these cases, with the weights given by
    /// hand.
    pub by_hand: f64,
    /// The same with the fitted weights.
    pub fitted: f64,
    /// Every weight that is now another than the rule files have, by cause and evidence.
    pub changes: Vec<Change>,
}

/// A weight that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The cause.
    pub cause: String,
    /// The item of its evidence.
    pub evidence: String,
    /// The weight that its author gave it, in log-odds.
    pub by_hand: f64,
    /// What the rule file has.
    pub before: f64,
    /// What it should have.
    pub after: f64,
}

/// Finds the weights for the cases of some personalities.
pub fn fit(cases: &[Case], personalities: &[String], rules: &RuleSet) -> Result<Fit, ScoreError> {
    let examples = cases
        .iter()
        .filter(|case| personality(case).is_some_and(|name| personalities.contains(name)))
        .map(|case| Example::read(case, rules))
        .collect::<Result<Vec<_>, _>>()?;
    let start = Weights::by_hand(&rules.causes);
    let penalty = choose_penalty(&examples, &rules.causes, &start);
    let all: Vec<&Example> = examples.iter().collect();
    let fitted = fit_examples(&all, &rules.causes, &start, penalty).rounded();
    Ok(Fit {
        personalities: personalities.to_vec(),
        cases: examples.len(),
        penalty,
        by_hand: loss(&all, &rules.causes, &start),
        fitted: loss(&all, &rules.causes, &fitted),
        changes: changes(&rules.causes, &start, &fitted),
    })
}

fn personality(case: &Case) -> Option<&String> {
    case.label.personality.as_ref()
}

/// The penalty under which the cases of each personality are best told by the others.
fn choose_penalty(examples: &[Example], causes: &[Cause], start: &Weights) -> f64 {
    let personalities: BTreeSet<&str> = examples
        .iter()
        .map(|example| example.personality.as_str())
        .collect();
    let told_by_others = |penalty: f64| -> f64 {
        let left_out = personalities.iter().map(|out| {
            let (inside, outside): (Vec<&Example>, Vec<&Example>) = examples
                .iter()
                .partition(|example| example.personality != *out);
            let weights = fit_examples(&inside, causes, start, penalty);
            let count = u32::try_from(outside.len()).unwrap_or(u32::MAX);
            loss(&outside, causes, &weights) * f64::from(count)
        });
        left_out.sum()
    };
    let mut best = (f64::INFINITY, f64::INFINITY);
    for penalty in LADDER {
        let total = told_by_others(penalty);
        if total < best.0 {
            best = (total, penalty);
        }
    }
    best.1
}

fn fit_examples(examples: &[&Example], causes: &[Cause], start: &Weights, penalty: f64) -> Weights {
    let movable = movable(examples, causes, start);
    let mut weights = start.clone();
    for _ in 0..ROUNDS {
        let weighted = weights.applied(causes);
        let observations: Vec<_> = examples
            .iter()
            .filter_map(|example| example.observe(&weighted))
            .collect();
        let next = descent::descend(&observations, &movable, start, &weights, penalty);
        let settled = next.rounded() == weights.rounded();
        weights = next;
        if settled {
            break;
        }
    }
    weights
}

/// The evidence, by cause and place, that enough cases show.
fn movable(examples: &[&Example], causes: &[Cause], start: &Weights) -> BTreeSet<(usize, usize)> {
    let weighted = start.applied(causes);
    let mut shown: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
    for example in examples {
        let Some(observation) = example.observe(&weighted) else {
            continue;
        };
        for candidate in observation.candidates {
            for evidence in candidate.evidence {
                let personalities = shown.entry((candidate.cause, evidence)).or_default();
                personalities.push(&example.personality);
            }
        }
    }
    let enough = |personalities: &Vec<&str>| {
        let different: BTreeSet<&&str> = personalities.iter().collect();
        personalities.len() >= LEAST_CASES && different.len() >= LEAST_PERSONALITIES
    };
    shown.retain(|_, personalities| enough(personalities));
    shown.into_keys().collect()
}

/// Mean negative log-likelihood of the right answers.
fn loss(examples: &[&Example], causes: &[Cause], weights: &Weights) -> f64 {
    let weighted = weights.applied(causes);
    let losses: Vec<f64> = examples
        .iter()
        .filter_map(|example| example.observe(&weighted))
        .map(|observation| descent::loss(&observation, weights))
        .collect();
    let count = u32::try_from(losses.len()).unwrap_or(u32::MAX);
    losses.iter().sum::<f64>() / f64::from(count.max(1))
}

fn changes(causes: &[Cause], start: &Weights, fitted: &Weights) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, cause) in causes.iter().enumerate() {
        for (position, evidence) in cause.evidence.iter().enumerate() {
            let after = fitted.get(index, position);
            if (after - evidence.weight).abs() > f64::EPSILON {
                changes.push(Change {
                    cause: cause.id.to_string(),
                    evidence: evidence.id.to_string(),
                    by_hand: start.get(index, position),
                    before: evidence.weight,
                    after,
                });
            }
        }
    }
    changes
}
