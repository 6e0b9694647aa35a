//! A labelled case as fitting sees it: which evidence applies to which cause, and which is right.

use crate::cause::{Assessment, Cause};
use crate::diagnosis::Understood;
use crate::rules::RuleSet;
use crate::score::{Case, ScoreError};
use std::collections::BTreeSet;

/// A case, read as far as weights play no part.
#[derive(Debug)]
pub(super) struct Example {
    /// The style of its application's logging.
    pub(super) personality: String,
    understood: Understood,
    /// The places of the causes that may come first; none where the case has no cause.
    right: BTreeSet<usize>,
}

/// A case under certain weights.
#[derive(Debug)]
pub(super) struct Observation {
    /// What competes for the first place, beside "none of these".
    pub(super) candidates: Vec<Candidate>,
    /// Log-odds of "none of these".
    pub(super) doubt: f64,
}

/// A cause that something speaks for.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Its place among the causes.
    pub(super) cause: usize,
    /// Its base rate, in log-odds.
    pub(super) prior: f64,
    /// The evidence that applies, as places in its rule file.
    pub(super) evidence: Vec<usize>,
    /// Whether it may come first.
    pub(super) right: bool,
}

impl Example {
    /// Reads the logs of a case.
    pub(super) fn read(case: &Case, rules: &RuleSet) -> Result<Self, ScoreError> {
        let reading = case.reading(rules)?;
        let is_right = |cause: &Cause| case.right_causes().any(|right| cause.id == right);
        let causes = rules.causes.iter().enumerate();
        Ok(Self {
            personality: case.label.personality.clone().unwrap_or_default(),
            understood: Understood::new(&reading.sources, rules),
            right: causes
                .filter(|(_, cause)| is_right(cause))
                .map(|(index, _)| index)
                .collect(),
        })
    }

    /// What competes for the first place; `None` where nothing is called failing.
    ///
    /// Consequences that are explained away do not compete, a right one excepted.
    pub(super) fn observe(&self, causes: &[Cause]) -> Option<Observation> {
        let headline = self.understood.headline(causes)?;
        let competes =
            |one: &&Assessment| one.explained_by.is_none() || self.right.contains(&one.cause);
        let candidates = headline
            .ranking
            .iter()
            .filter(competes)
            .map(|one| Candidate {
                cause: one.cause,
                prior: causes.get(one.cause).map_or(0.0, |cause| cause.prior),
                evidence: one.findings.iter().map(|found| found.evidence).collect(),
                right: self.right.contains(&one.cause),
            });
        let mut candidates: Vec<Candidate> = candidates.collect();
        // The order of sums must not hang on the weights of the round before.
        candidates.sort_by_key(|candidate| candidate.cause);
        Some(Observation {
            candidates,
            doubt: headline.doubt,
        })
    }
}
