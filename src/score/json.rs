//! A scoreboard for programs. The types here are the document: fields are added, never renamed or
//! removed. Shares and confidences lie between 0 and 1 and have four digits.

use super::calibration::Calibration;
use super::scoreboard::{Group, Scoreboard, Scored};
use super::tally::Tally;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    fitted_on: &'a [String],
    all: GroupJson<'a>,
    /// The cases of personalities that the weights were not fitted on.
    unfitted: Option<GroupJson<'a>>,
    confusions: Vec<ConfusionJson<'a>>,
    cases: Vec<CaseJson<'a>>,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    cases: usize,
    patterns: usize,
    causes: &'a Tally,
    explicit: &'a Tally,
    inferred: &'a Tally,
    healthy: usize,
    false_alarms: usize,
    healthy_unsure: usize,
    untellable: usize,
    overclaimed: usize,
    personalities: &'a BTreeSet<String>,
    calibration: Calibration,
}

#[derive(Serialize)]
struct ConfusionJson<'a> {
    expected: &'a str,
    named: &'a str,
    cases: &'a [String],
}

#[derive(Serialize)]
struct CaseJson<'a> {
    case: &'a str,
    personality: Option<&'a str>,
    statement: Option<&'static str>,
    expected: AnswerJson<'a>,
    also: &'a [String],
    answered: AnswerJson<'a>,
    confidence: Option<f64>,
    right: bool,
    right_in_3: bool,
    right_pattern: bool,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    pattern: &'a str,
    cause: Option<&'a str>,
}

pub(super) fn render(board: &Scoreboard) -> String {
    let document = Document {
        schema_version: 1,
        fitted_on: &board.fitted_on,
        all: group(&board.all),
        unfitted: board.unfitted.as_ref().map(group),
        confusions: board
            .confusions
            .iter()
            .map(|confusion| ConfusionJson {
                expected: &confusion.expected,
                named: &confusion.named,
                cases: &confusion.cases,
            })
            .collect(),
        cases: board.scored.iter().map(case).collect(),
    };
    // Plain structs with string keys always serialise.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn group(group: &Group) -> GroupJson<'_> {
    GroupJson {
        cases: group.cases,
        patterns: group.patterns,
        causes: &group.causes,
        explicit: &group.explicit,
        inferred: &group.inferred,
        healthy: group.healthy,
        false_alarms: group.false_alarms,
        healthy_unsure: group.healthy_unsure,
        untellable: group.untellable,
        overclaimed: group.overclaimed,
        personalities: &group.personalities,
        calibration: rounded(&group.calibration),
    }
}

fn case(scored: &Scored) -> CaseJson<'_> {
    let Scored { case, answer } = scored;
    let first = answer.first();
    CaseJson {
        case: &case.name,
        personality: case.label.personality.as_deref(),
        statement: case.label.statement.map(super::Statement::name),
        expected: AnswerJson {
            pattern: case.label.pattern.name(),
            cause: case.label.cause.as_deref(),
        },
        also: &case.label.also,
        answered: AnswerJson {
            pattern: &answer.pattern,
            cause: first.map(|ranked| ranked.cause.as_str()),
        },
        confidence: first.map(|ranked| digits(ranked.confidence)),
        right: answer.is_right(case),
        right_in_3: answer.right_within(case, 3),
        right_pattern: answer.has_right_pattern(case),
    }
}

fn rounded(calibration: &Calibration) -> Calibration {
    let mut rounded = calibration.clone();
    rounded.brier = digits(rounded.brier);
    rounded.error = digits(rounded.error);
    for bin in &mut rounded.bins {
        bin.said = digits(bin.said);
    }
    rounded
}

fn digits(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
