//! Whether what is called 80 % is right eight times in ten.
//!
//! Counted are the causes named first, on whatever case: one named for healthy logs is wrong. Naming
//! none is an answer without a confidence, and is counted apart. Right is here the very cause of the
//! label: others that an expert could name from the files are good answers, but did not happen.

use super::scoreboard::Scored;
use serde::Serialize;

/// Bins of a tenth each.
const BINS: u32 = 10;

/// How confidence and truth fit together.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Calibration {
    /// The reliability table, least sure first; empty bins are left out.
    pub bins: Vec<Bin>,
    /// First causes counted.
    pub answers: usize,
    /// Cases for which no cause was named.
    pub abstained: usize,
    /// Mean squared difference between confidence and truth, 0 (perfect) to 1.
    pub brier: f64,
    /// Expected calibration error: the mean over the bins, by their size, of how far confidence
    /// and share of right answers lie apart, 0 (perfect) to 1.
    pub error: f64,
}

/// The answers of about the same confidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// The least confidence of the bin.
    pub from: f64,
    /// Answers in it.
    pub answers: usize,
    /// How sure the program was, in the mean.
    pub said: f64,
    /// How many of them are right.
    pub right: usize,
}

impl Bin {
    /// The share of answers that are right.
    #[must_use]
    pub fn share_right(&self) -> f64 {
        share(self.right, self.answers)
    }
}

impl Calibration {
    pub(super) fn of<'a>(scored: impl Iterator<Item = &'a Scored>) -> Self {
        let mut told: Vec<(f64, bool)> = Vec::new();
        let mut abstained = 0_usize;
        for Scored { case, answer } in scored {
            match answer.first() {
                Some(first) => told.push((first.confidence, answer.names_the_cause(case))),
                None => abstained = abstained.saturating_add(1),
            }
        }
        // Sums of floating-point numbers depend on their order; this one is the same everywhere.
        told.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let squares = told
            .iter()
            .map(|(said, right)| (said - truth(*right)).powi(2));
        let bins: Vec<Bin> = (0..BINS).filter_map(|index| bin(index, &told)).collect();
        let apart = bins
            .iter()
            .map(|bin| share(bin.answers, told.len()) * (bin.said - bin.share_right()).abs());
        Self {
            answers: told.len(),
            abstained,
            brier: mean(squares.sum(), told.len()),
            // An empty sum is -0.
            error: apart.sum::<f64>() + 0.0,
            bins,
        }
    }
}

fn bin(index: u32, told: &[(f64, bool)]) -> Option<Bin> {
    let edge = |index: u32| f64::from(index) / f64::from(BINS);
    let next = index.saturating_add(1);
    let inside: Vec<&(f64, bool)> = told
        .iter()
        .filter(|(said, _)| *said >= edge(index) && (*said < edge(next) || next == BINS))
        .collect();
    let said: f64 = inside.iter().map(|(said, _)| said).sum();
    (!inside.is_empty()).then(|| Bin {
        from: edge(index),
        answers: inside.len(),
        said: mean(said, inside.len()),
        right: inside.iter().filter(|(_, right)| *right).count(),
    })
}

fn truth(right: bool) -> f64 {
    if right { 1.0 } else { 0.0 }
}

/// A share, 0 where there is nothing to share.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    let part = u32::try_from(part).unwrap_or(u32::MAX);
    mean(f64::from(part), whole)
}

fn mean(sum: f64, count: usize) -> f64 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if count == 0 {
        0.0
    } else {
        sum / f64::from(count)
    }
}
