//! Scoring a rule set on logs whose answer is known: a folder of cases, each with a `case.toml`.
//!
//! Here is what a case is, what counts as right, and how counts become a scoreboard. How a diagnosis
//! comes about stands elsewhere; the weights are not changed here.

mod answer;
mod calibration;
mod case;
mod json;
mod scoreboard;
mod tally;
mod text;

pub use answer::{Answer, Ranked};
pub use calibration::{Bin, Calibration};
pub use case::{Case, Label, ScoreError, Statement, cases};
pub use scoreboard::{Confusion, Group, Scoreboard, Scored};
pub use tally::Tally;

use crate::diagnosis::diagnose;
use crate::rules::RuleSet;
use rayon::prelude::*;
use std::path::Path;

/// The forms of a scoreboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people, in a terminal.
    Terminal,
    /// For a repository.
    Markdown,
    /// For programs.
    Json,
}

/// Diagnoses every case under a folder and counts what came out right.
pub fn score(folder: &Path, rules: &RuleSet) -> Result<Scoreboard, ScoreError> {
    let cases = cases(folder)?;
    let scored = cases
        .into_par_iter()
        .map(|case| {
            let answer = answer(&case, rules)?;
            Ok(Scored { case, answer })
        })
        .collect::<Result<Vec<_>, ScoreError>>()?;
    Ok(Scoreboard::new(scored, &rules.fitted_on))
}

/// What the program makes of one case.
pub fn answer(case: &Case, rules: &RuleSet) -> Result<Answer, ScoreError> {
    let reading = case.reading(rules)?;
    let diagnosis = diagnose(&reading.sources, rules, &reading.warnings);
    Ok(Answer::of(&diagnosis))
}

/// The scoreboard as text.
#[must_use]
pub fn render(board: &Scoreboard, form: Form) -> String {
    match form {
        Form::Terminal => text::terminal(board),
        Form::Markdown => text::markdown(board),
        Form::Json => json::render(board),
    }
}
