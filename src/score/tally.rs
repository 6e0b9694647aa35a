//! Counting what came out right among some cases.

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
        let mut tally = Self::default();
        for Scored { case, answer } in scored.filter(|one| one.case.label.cause.is_some()) {
            tally.cases += 1;
            tally.top_1 += usize::from(answer.has_right_cause(case));
            tally.exact += usize::from(answer.names_the_cause(case));
            tally.top_3 += usize::from(answer.right_within(case, 3));
            tally.pattern += usize::from(answer.has_right_pattern(case));
            tally.abstained += usize::from(answer.first().is_none());
        }
        tally
    }
}
