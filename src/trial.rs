//! Trying rules on the examples inside their own files.

use crate::cause::{Cause, Example};
use crate::diagnosis::{Diagnosis, diagnose};
use crate::input;
use crate::rules::RuleSet;
use rayon::prelude::*;
use std::fmt;

/// An example that did not come out as its file says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The cause whose file holds the example.
    pub cause: String,
    /// The example's name.
    pub example: String,
    /// What was expected, and what came.
    pub problem: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, \"{}\": {}", self.cause, self.example, self.problem)
    }
}

/// Runs the examples and near misses of every cause: how many there are, and those that fail.
#[must_use]
pub fn run(rules: &RuleSet) -> (usize, Vec<Failure>) {
    let total = rules
        .causes
        .iter()
        .map(|cause| cause.examples.len().saturating_add(cause.near_misses.len()))
        .sum();
    let mut failures: Vec<Failure> = rules
        .causes
        .par_iter()
        .flat_map_iter(|cause| try_cause(cause, rules))
        .collect();
    failures.sort();
    (total, failures)
}

fn try_cause(cause: &Cause, rules: &RuleSet) -> Vec<Failure> {
    let mut failures = Vec::new();
    for example in &cause.examples {
        let diagnosis = diagnose_example(example, rules);
        let first = first_cause(&diagnosis);
        if first != Some(cause.id.as_str()) {
            failures.push(failure(
                cause,
                example,
                &format!("came to {}", seen(&diagnosis)),
            ));
        } else if let Some(pattern) = &example.pattern {
            let shown = diagnosis
                .incidents
                .first()
                .map(|incident| &incident.pattern);
            if shown.map(String::as_str) != Some(pattern) {
                let problem = format!("shows the pattern {shown:?}, not {pattern}");
                failures.push(failure(cause, example, &problem));
            }
        }
    }
    for example in &cause.near_misses {
        let diagnosis = diagnose_example(example, rules);
        let first = first_cause(&diagnosis);
        if first == Some(cause.id.as_str()) {
            failures.push(failure(cause, example, "must not come to this cause"));
        } else if let Some(instead) = &example.instead
            && first != Some(instead.as_str())
        {
            let problem = format!("came to {}, not to {instead}", seen(&diagnosis));
            failures.push(failure(cause, example, &problem));
        }
    }
    failures
}

fn diagnose_example(example: &Example, rules: &RuleSet) -> Diagnosis {
    let mut sources = Vec::new();
    if !example.log.trim().is_empty() {
        sources.extend(input::from_text("server.log", &example.log));
    }
    if !example.console.trim().is_empty() {
        sources.extend(input::from_text("console.log", &example.console));
    }
    diagnose(&sources, rules, &[])
}

fn first_cause(diagnosis: &Diagnosis) -> Option<&str> {
    let incident = diagnosis.incidents.first()?;
    incident.causes.first().map(|cause| cause.id.as_str())
}

fn seen(diagnosis: &Diagnosis) -> String {
    let Some(incident) = diagnosis.incidents.first() else {
        return "no incident".to_owned();
    };
    let ranked: Vec<String> = incident
        .causes
        .iter()
        .take(3)
        .map(|cause| format!("{} {:.2}", cause.id, cause.confidence))
        .collect();
    format!("{} ({})", ranked.join(", "), incident.pattern)
}

fn failure(cause: &Cause, example: &Example, problem: &str) -> Failure {
    Failure {
        cause: cause.id.to_string(),
        example: example.name.to_string(),
        problem: problem.to_owned(),
    }
}
