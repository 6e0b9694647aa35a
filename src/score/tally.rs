//! Counting what came out right among some cases.

use super::answer::Answer;
use super::case::Case;
use super::scoreboard::Scored;
use serde::Serialize;

/// Counts over the cases that have a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// How many there are.
    pub cases: usize,
    /// The first cause is one that may come first.
    pub top_1: usize,
    /// The first cause is the very one of the label.
    pub exact: usize,
    /// One of the first three causes may come first.
    pub top_3: usize,
    /// The place where the connection stopped is right.
    pub pattern: usize,
    /// No cause was named.
    pub abstained: usize,
}

impl Tally {
    /// Counts those of the cases that have a cause.
    pub(super) fn of<'a>(scored: impl Iterator<Item = &'a Scored>) -> Self {
        let scored: Vec<&Scored> = scored
            .filter(|one| one.case.label.cause.is_some())
            .collect();
        let count = |holds: fn(&Answer, &Case) -> bool| {
            let holding = scored.iter().filter(|one| holds(&one.answer, &one.case));
            holding.count()
        };
        Self {
            cases: scored.len(),
            top_1: count(Answer::has_right_cause),
            exact: count(Answer::names_the_cause),
            top_3: count(|answer, case| answer.right_within(case, 3)),
            pattern: count(Answer::has_right_pattern),
            abstained: count(|answer, _| answer.first().is_none()),
        }
    }
}
