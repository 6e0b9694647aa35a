//! Logs read and grouped into attempts, before any cause is weighed: so the same logs can be ranked
//! again by other weights.

use super::case::{self, Ranking};
use crate::attempt::{self, Attempts, InputFacts, Signals};
use crate::cause::{Assessment, Cause};
use crate::dialect;
use crate::input::{Completeness, Source};
use crate::record::Record;
use crate::rules::RuleSet;
use crate::timeline::{Timeline, state_zones};
use rayon::prelude::*;

/// What the lines say, and the attempts they belong to.
#[derive(Debug)]
pub struct Understood {
    pub(crate) timeline: Timeline,
    pub(crate) attempts: Attempts,
    /// All signals of all attempts.
    pub(crate) input_signals: Signals,
}

/// The ranking that a report begins with.
#[derive(Debug, Clone)]
pub struct Headline {
    /// The causes with something that speaks for them, most probable first.
    pub ranking: Vec<Assessment>,
    /// Log-odds of "none of these" before any evidence.
    pub doubt: f64,
}

impl Understood {
    /// Reads sources as far as no cause is needed.
    #[must_use]
    pub fn new(sources: &[Source], rules: &RuleSet) -> Self {
        let mut records: Vec<Vec<Record>> = sources
            .par_iter()
            .enumerate()
            .map(|(index, source)| dialect::read(index, source))
            .collect();
        let names: Vec<[&str; 2]> = sources
            .iter()
            .map(|source| [source.name.as_str(), source.family.as_str()])
            .collect();
        state_zones(&mut records, &names, &rules.own.zones);
        let mut timeline = Timeline::build(records, &rules.lexicon);
        attempt::align(&mut timeline, &rules.lexicon, &rules.own.routes);
        let input = InputFacts {
            cut_sources: sources
                .iter()
                .enumerate()
                .filter(|(_, source)| source.completeness != Completeness::Whole)
                .map(|(index, _)| index)
                .collect(),
        };
        let attempts = Attempts::find(&timeline, &rules.lexicon, &rules.own.routes, &input);
        let mut input_signals = attempts.server.clone();
        for attempt in &attempts.attempts {
            input_signals.extend(&attempt.signals);
        }
        Self {
            timeline,
            attempts,
            input_signals,
        }
    }

    /// What failed, with its ranked causes; the worst first.
    pub(crate) fn rank(&self, causes: &[Cause]) -> Ranking {
        case::rank(&self.attempts, &self.timeline, causes, &self.input_signals)
    }

    /// The causes of the worst failure; `None` where nothing failed.
    #[must_use]
    pub fn headline(&self, causes: &[Cause]) -> Option<Headline> {
        let worst = self.rank(causes).cases.into_iter().next()?;
        Some(Headline {
            doubt: worst.doubt(),
            ranking: worst.ranking,
        })
    }
}
