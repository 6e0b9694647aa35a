//! The scoreboard: the counts over all cases, over those the weights were not fitted on, and what
//! was taken for what.

use super::answer::Answer;
use super::calibration::Calibration;
use super::case::{Case, Statement};
use super::tally::Tally;
use crate::attempt::Pattern;
use crate::diagnosis::Outcome;
use std::collections::{BTreeMap, BTreeSet};

/// A case with its answer.
#[derive(Debug, Clone)]
pub struct Scored {
    /// The case.
    pub case: Case,
    /// What the program answered.
    pub answer: Answer,
}

/// What came out of scoring a folder.
#[derive(Debug, Clone)]
pub struct Scoreboard {
    /// The cases, by name.
    pub scored: Vec<Scored>,
    /// The personalities that the weights were fitted on.
    pub fitted_on: Vec<String>,
    /// All cases.
    pub all: Group,
    /// The cases of personalities that the weights were not fitted on; `None` where that is all or
    /// none of them.
    pub unfitted: Option<Group>,
    /// What was taken for what, most often first.
    pub confusions: Vec<Confusion>,
}

/// Counts over some of the cases.
#[derive(Debug, Clone)]
pub struct Group {
    /// Cases of every sort.
    pub cases: usize,
    /// Of these, those whose pattern is right: `healthy` and `insufficient-evidence` are patterns.
    pub patterns: usize,
    /// Those with a cause.
    pub causes: Tally,
    /// Of these, those whose cause a line states.
    pub explicit: Tally,
    /// Of these, those whose cause must be inferred.
    pub inferred: Tally,
    /// Healthy cases.
    pub healthy: usize,
    /// Healthy cases called failing.
    pub false_alarms: usize,
    /// Healthy cases for which the program would not say so.
    pub healthy_unsure: usize,
    /// Cases whose files cannot tell.
    pub untellable: usize,
    /// Of these, those for which a cause was named at one in two or surer.
    pub overclaimed: usize,
    /// Over all of them.
    pub calibration: Calibration,
    /// The personalities among them.
    pub personalities: BTreeSet<String>,
}

/// A cause taken for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    /// The cause of the label, or its pattern where there is no cause.
    pub expected: String,
    /// The cause that was named, or the outcome where none was.
    pub named: String,
    /// The cases.
    pub cases: Vec<String>,
}

impl Scoreboard {
    pub(super) fn new(scored: Vec<Scored>, fitted_on: &[String]) -> Self {
        let is_unfitted = |one: &&Scored| match &one.case.label.personality {
            Some(personality) => !fitted_on.contains(personality),
            None => false,
        };
        let unfitted: Vec<&Scored> = scored.iter().filter(is_unfitted).collect();
        let apart = !unfitted.is_empty() && unfitted.len() < scored.len();
        Self {
            all: Group::of(&scored.iter().collect::<Vec<_>>()),
            unfitted: apart.then(|| Group::of(&unfitted)),
            confusions: confusions(&scored),
            fitted_on: fitted_on.to_vec(),
            scored,
        }
    }

    /// The cases that did not come out as labelled, in cause, outcome or pattern.
    pub fn missed(&self) -> impl Iterator<Item = &Scored> {
        let came_out = |one: &Scored| {
            one.answer.is_right(&one.case) && one.answer.has_right_pattern(&one.case)
        };
        self.scored.iter().filter(move |one| !came_out(one))
    }
}

impl Group {
    fn of(members: &[&Scored]) -> Self {
        let cases = || members.iter().copied();
        let stated = |statement: Statement| {
            Tally::of(cases().filter(move |one| one.case.label.statement == Some(statement)))
        };
        let healthy = |outcome: Outcome| {
            cases()
                .filter(|one| one.case.label.pattern == Pattern::Healthy)
                .filter(|one| one.answer.outcome == outcome)
                .count()
        };
        let untellable = || {
            cases().filter(|one| {
                one.case.label.cause.is_none() && one.case.label.pattern != Pattern::Healthy
            })
        };
        Self {
            cases: members.len(),
            patterns: cases()
                .filter(|one| one.answer.has_right_pattern(&one.case))
                .count(),
            causes: Tally::of(cases()),
            explicit: stated(Statement::Explicit),
            inferred: stated(Statement::Inferred),
            healthy: cases()
                .filter(|one| one.case.label.pattern == Pattern::Healthy)
                .count(),
            false_alarms: healthy(Outcome::Failing),
            healthy_unsure: healthy(Outcome::InsufficientEvidence),
            untellable: untellable().count(),
            overclaimed: untellable().filter(|one| one.answer.is_acted_on()).count(),
            calibration: Calibration::of(cases()),
            personalities: cases()
                .filter_map(|one| one.case.label.personality.clone())
                .collect(),
        }
    }
}

fn confusions(scored: &[Scored]) -> Vec<Confusion> {
    let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for Scored { case, answer } in scored {
        if answer.is_right(case) {
            continue;
        }
        let pattern = || case.label.pattern.name().to_owned();
        let expected = case.label.cause.clone().unwrap_or_else(pattern);
        let named = match answer.first() {
            Some(first) => first.cause.clone(),
            None => answer.pattern.clone(),
        };
        let cases = found.entry((expected, named)).or_default();
        cases.push(case.name.clone());
    }
    let mut confusions: Vec<Confusion> = found
        .into_iter()
        .map(|((expected, named), cases)| Confusion {
            expected,
            named,
            cases,
        })
        .collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.cases.len()));
    confusions
}
