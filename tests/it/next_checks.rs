//! Whether the checks that a report offers would settle the cause, where no line states it.

use super::material::{Material, cases, root};
use rayon::prelude::*;
use serde::Deserialize;
use std::fmt::Write as _;
use std::fs;
use wswhy::diagnosis::{Diagnosis, NextCheck};
use wswhy::score::{Case, Statement};

/// A cause this likely needs no check.
const SETTLED: f64 = 0.9;

/// What `checks.toml` says.
#[derive(Debug, Deserialize)]
struct Floor {
    /// Inferred recordings whose cause is sure, or settled by the first or second check.
    settled: usize,
}

/// Whether the answer to a check tells this cause from every other that is in question: it names the
/// cause, so that none of the others has the same answer.
fn settles(check: &NextCheck, cause: &str) -> bool {
    check.settles.iter().any(|settled| settled == cause)
}

fn is_settled(case: &Case, diagnosis: &Diagnosis) -> bool {
    let expected = case.label.cause.as_deref().unwrap_or_default();
    diagnosis.incidents.first().is_some_and(|incident| {
        let first = incident.causes.first();
        let sure = first.is_some_and(|one| one.id == expected && one.confidence >= SETTLED);
        let mut checks = incident.next_checks.iter().take(2);
        sure || checks.any(|check| settles(check, expected))
    })
}

/// What was offered where it does not settle the cause.
fn miss(case: &Case, diagnosis: &Diagnosis) -> String {
    let mut text = format!(
        "{} ({})\n",
        case.name,
        case.label.cause.as_deref().unwrap_or("-")
    );
    for incident in diagnosis.incidents.iter().take(1) {
        for cause in incident.causes.iter().take(5) {
            let _ = writeln!(text, "    {:30} {:.2}", cause.id, cause.confidence);
        }
        for check in incident.next_checks.iter().take(2) {
            let what: String = check.what.chars().take(70).collect();
            let _ = writeln!(text, "    ? {what} {:?}", check.settles);
        }
    }
    text
}

#[test]
fn the_first_checks_settle_what_no_line_states() {
    let inferred: Vec<Case> = cases("recordings")
        .into_iter()
        .filter(|case| case.label.statement == Some(Statement::Inferred))
        .filter(|case| case.label.cause.is_some())
        .collect();
    let misses: Vec<String> = inferred
        .par_iter()
        .filter_map(|case| {
            let diagnosis = case.diagnosis();
            (!is_settled(case, &diagnosis)).then(|| miss(case, &diagnosis))
        })
        .collect();
    let settled = inferred.len() - misses.len();
    let text = fs::read_to_string(root().join("tests/it/checks.toml")).unwrap();
    let floor: Floor = toml::from_str(&text).unwrap();
    let report = format!(
        "{settled} of {} settled\n{}",
        inferred.len(),
        misses.concat()
    );
    eprintln!("{report}");
    assert!(settled >= floor.settled, "{report}");
}
