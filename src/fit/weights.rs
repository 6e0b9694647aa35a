//! The weights of all evidence of all causes, as one value that can be moved and put back.

use crate::cause::Cause;

/// Weights are written with one digit.
const DIGITS: f64 = 10.0;
/// A fitted weight keeps its author's sign, and at least this much.
const LEAST: f64 = 0.1;

/// Log-odds by cause and by evidence, in the order of the rules.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights(Vec<Vec<f64>>);

impl Weights {
    /// The weights that authors gave.
    pub(super) fn by_hand(causes: &[Cause]) -> Self {
        let of_cause = |cause: &Cause| {
            let evidence = cause.evidence.iter();
            evidence
                .map(|item| item.by_hand.unwrap_or(item.weight))
                .collect()
        };
        Self(causes.iter().map(of_cause).collect())
    }

    /// One weight; 0 for what there is not.
    pub(super) fn get(&self, cause: usize, evidence: usize) -> f64 {
        let found = self.0.get(cause).and_then(|weights| weights.get(evidence));
        found.copied().unwrap_or(0.0)
    }

    /// The causes with these weights in place of their own.
    pub(super) fn applied(&self, causes: &[Cause]) -> Vec<Cause> {
        let mut causes = causes.to_vec();
        for (cause, weights) in causes.iter_mut().zip(&self.0) {
            for (evidence, weight) in cause.evidence.iter_mut().zip(weights) {
                evidence.weight = *weight;
            }
        }
        causes
    }

    /// Moves each weight against its slope, and keeps it on its author's side of zero and not
    /// further out than twice the author's weight.
    pub(super) fn step(&mut self, slope: &Self, start: &Self, length: f64) {
        for ((weights, slopes), starts) in self.0.iter_mut().zip(&slope.0).zip(&start.0) {
            for ((weight, slope), start) in weights.iter_mut().zip(slopes).zip(starts) {
                let moved = *weight - length * slope;
                let size = (moved * start.signum()).clamp(LEAST, 2.0 * start.abs().max(LEAST));
                *weight = size * start.signum();
            }
        }
    }

    /// The slope of the penalty: how far each weight is from where it started.
    pub(super) fn distance(&self, start: &Self, penalty: f64) -> Self {
        let rows = self.0.iter().zip(&start.0).map(|(weights, starts)| {
            let apart = weights.iter().zip(starts);
            apart
                .map(|(weight, start)| penalty * (weight - start))
                .collect()
        });
        Self(rows.collect())
    }

    /// Adds to one weight.
    pub(super) fn add(&mut self, cause: usize, evidence: usize, amount: f64) {
        if let Some(weights) = self.0.get_mut(cause)
            && let Some(weight) = weights.get_mut(evidence)
        {
            *weight += amount;
        }
    }

    /// As they are written to rule files.
    pub(super) fn rounded(&self) -> Self {
        let round = |weight: &f64| (weight * DIGITS).round() / DIGITS;
        let rows = self.0.iter();
        Self(rows.map(|row| row.iter().map(round).collect()).collect())
    }
}
