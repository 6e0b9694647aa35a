//! Gradient descent on the penalised log-likelihood, with a fixed step and a fixed count. Where each
//! case has one right cause it is convex and has one minimum; where several may come first, the
//! descent ends in the minimum next to the authors' weights, which is the one wanted.

use super::example::{Candidate, Observation};
use super::weights::Weights;
use crate::cause::TEMPERATURE;
use std::collections::BTreeSet;

/// Steps of a descent.
const STEPS: usize = 400;
/// The length of a step, for a slope of one; shortened by the penalty's own steepness.
const STEP: f64 = 0.05;

/// The weights that make the right answers most likely, from `weights` on. Evidence that is not
/// `movable` keeps its weight.
pub(super) fn descend(
    observations: &[Observation],
    movable: &BTreeSet<(usize, usize)>,
    start: &Weights,
    weights: &Weights,
    penalty: f64,
) -> Weights {
    let mut weights = weights.clone();
    let length = STEP / (1.0 + STEP * penalty);
    for _ in 0..STEPS {
        let mut slope = weights.distance(start, penalty);
        for observation in observations {
            add_slope(observation, movable, &weights, &mut slope);
        }
        weights.step(&slope, start, length);
    }
    weights
}

/// Negative log-likelihood of the right answer.
pub(super) fn loss(observation: &Observation, weights: &Weights) -> f64 {
    let shares = Shares::of(observation, weights);
    -(shares.right / shares.total).ln()
}

fn add_slope(
    observation: &Observation,
    movable: &BTreeSet<(usize, usize)>,
    weights: &Weights,
    slope: &mut Weights,
) {
    let shares = Shares::of(observation, weights);
    for candidate in &observation.candidates {
        let odds = odds(candidate, weights);
        let among_right = if candidate.right {
            odds / shares.right
        } else {
            0.0
        };
        let amount = (odds / shares.total - among_right) / TEMPERATURE;
        let own = candidate.evidence.iter();
        for evidence in own.filter(|item| movable.contains(&(candidate.cause, **item))) {
            slope.add(candidate.cause, *evidence, amount);
        }
    }
}

/// The odds of what is right, and of everything. Where no right cause competes, "none of these" is
/// the right answer.
struct Shares {
    right: f64,
    total: f64,
}

impl Shares {
    fn of(observation: &Observation, weights: &Weights) -> Self {
        let none = (observation.doubt / TEMPERATURE).exp();
        let candidates = observation.candidates.iter();
        let all: f64 = candidates.clone().map(|one| odds(one, weights)).sum();
        let right: f64 = candidates
            .filter(|one| one.right)
            .map(|one| odds(one, weights))
            .sum();
        let has_right = observation.candidates.iter().any(|one| one.right);
        Self {
            right: if has_right { right } else { none },
            total: none + all,
        }
    }
}

fn odds(candidate: &Candidate, weights: &Weights) -> f64 {
    let evidence = candidate.evidence.iter();
    let sum: f64 = evidence
        .map(|item| weights.get(candidate.cause, *item))
        .sum();
    ((candidate.prior + sum) / TEMPERATURE).exp()
}
