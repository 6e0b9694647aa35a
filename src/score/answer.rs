//! A diagnosis in the words of a label, and whether it is right.

use super::case::Case;
use crate::attempt::Pattern;
use crate::diagnosis::{Diagnosis, Outcome};

/// A cause named at least this likely is an answer that people act on.
const ACTED_ON: f64 = 0.5;

/// What the program answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was concluded as a whole.
    pub outcome: Outcome,
    /// Where the connection stopped: the first incident's pattern, or that of the outcome.
    pub pattern: String,
    /// The causes of the first incident, most likely first; none where the program abstained.
    pub causes: Vec<Ranked>,
}

/// A cause that was named.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its public name.
    pub cause: String,
    /// How sure the program was, 0 to 1.
    pub confidence: f64,
}

impl Answer {
    /// The answer of a diagnosis.
    #[must_use]
    pub fn of(diagnosis: &Diagnosis) -> Self {
        let first = diagnosis.incidents.first();
        let told = first.filter(|_| diagnosis.outcome == Outcome::Failing);
        let pattern = match (diagnosis.outcome, told) {
            (Outcome::Failing, Some(incident)) => incident.pattern.clone(),
            (Outcome::Healthy, _) => Pattern::Healthy.name().to_owned(),
            _ => Pattern::InsufficientEvidence.name().to_owned(),
        };
        let causes = told.map(|incident| &incident.causes);
        let ranked = causes.into_iter().flatten().map(|cause| Ranked {
            cause: cause.id.clone(),
            confidence: cause.confidence,
        });
        Self {
            outcome: diagnosis.outcome,
            pattern,
            causes: ranked.collect(),
        }
    }

    /// The cause that was named first.
    #[must_use]
    pub fn first(&self) -> Option<&Ranked> {
        self.causes.first()
    }

    /// Whether it names where the connection stopped.
    #[must_use]
    pub fn has_right_pattern(&self, case: &Case) -> bool {
        self.pattern == case.label.pattern.name()
    }

    /// Whether the first cause is one that may come first.
    #[must_use]
    pub fn has_right_cause(&self, case: &Case) -> bool {
        self.right_within(case, 1)
    }

    /// Whether one of the first causes is one that may come first.
    #[must_use]
    pub fn right_within(&self, case: &Case, ranks: usize) -> bool {
        let mut named = self.causes.iter().take(ranks);
        named.any(|ranked| case.right_causes().any(|cause| cause == ranked.cause))
    }

    /// Whether the first cause is the very one of the label.
    #[must_use]
    pub fn names_the_cause(&self, case: &Case) -> bool {
        self.first().map(|ranked| &ranked.cause) == case.label.cause.as_ref()
    }

    /// Whether it names a cause with such confidence that people act on it.
    #[must_use]
    pub fn is_acted_on(&self) -> bool {
        self.first()
            .is_some_and(|ranked| ranked.confidence >= ACTED_ON)
    }

    /// Whether it is right as a whole: the cause where there is one, the outcome where there is none.
    #[must_use]
    pub fn is_right(&self, case: &Case) -> bool {
        match (&case.label.cause, case.label.pattern) {
            (Some(_), _) => self.has_right_cause(case),
            (None, Pattern::Healthy) => self.outcome == Outcome::Healthy,
            (None, _) => !self.is_acted_on(),
        }
    }
}
