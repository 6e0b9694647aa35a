//! The JSON document, for programs. Public and versioned: fields are added, never renamed or removed.
//!
//! The types here are the document; they are apart from the model so that either can change without
//! the other. `incidents` is ordered worst first; `incidents[0].diagnoses[0]` is the headline.
//! Probabilities and weights have four digits.

use super::escape;
use crate::diagnosis::{
    ChecklistItem, ChecklistStatus, Citation, ClientClock, Diagnosis, EvidenceItem, FixText,
    Incident, NextCheck, Outcome, RankedCause, StageState, StageView, Template,
};
use crate::stage::Stage;
use serde::Serialize;
use std::fmt::Write as _;

/// The version of the document's shape. A reader may rely on every field of its version.
pub const SCHEMA_VERSION: u32 = 1;

/// The whole document, pretty-printed, ending in a line break.
#[must_use]
pub fn render(diagnosis: &Diagnosis) -> String {
    // Plain structs with string keys always serialise; the empty document is for the type's sake.
    let document = serde_json::to_string_pretty(&Document::of(diagnosis)).unwrap_or_default();
    let mut written = String::with_capacity(document.len().saturating_add(1));
    for character in document.chars() {
        if character == '\u{7f}' || escape::steers(character) {
            // JSON itself escapes only the controls of ASCII; a terminal obeys more.
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(written, "\\u{unit:04x}");
            }
        } else {
            written.push(character);
        }
    }
    written.push('\n');
    written
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    outcome: &'static str,
    incidents: Vec<IncidentJson<'a>>,
    healthy_routes: Vec<HealthyRouteJson<'a>>,
    checklist: Vec<ChecklistItemJson<'a>>,
    collect: &'a [String],
    inputs: Vec<InputJson<'a>>,
    clocks: Vec<ClockJson<'a>>,
    warnings: &'a [String],
    unrecognised: Vec<TemplateJson<'a>>,
    /// The user's `wswhy.toml` that was used; null where there was none.
    config: Option<&'a str>,
}

#[derive(Serialize)]
struct IncidentJson<'a> {
    route: Option<&'a str>,
    pattern: &'a str,
    summary: &'a str,
    furthest_stage: Option<&'static str>,
    missing_stage: Option<&'static str>,
    stages: Vec<StageJson<'a>>,
    harmless: bool,
    attempts: AttemptsJson,
    first_seen: Option<&'a str>,
    last_seen: Option<&'a str>,
    diagnoses: Vec<CauseJson<'a>>,
    none_of_these: f64,
    differential: &'a [String],
    remarks: &'a [String],
    next_checks: Vec<CheckJson<'a>>,
}

#[derive(Serialize)]
struct AttemptsJson {
    total: usize,
    failed: usize,
}

#[derive(Serialize)]
struct StageJson<'a> {
    stage: &'static str,
    state: &'static str,
    proof: Option<CitationJson<'a>>,
}

#[derive(Serialize)]
struct CitationJson<'a> {
    file: &'a str,
    line: u64,
    text: &'a str,
}

#[derive(Serialize)]
struct CauseJson<'a> {
    /// Counted from one.
    rank: usize,
    cause: &'a str,
    confidence: f64,
    title: &'a str,
    explanation: &'a str,
    impact: &'a str,
    evidence: Vec<EvidenceJson<'a>>,
    /// What to do, without code.
    fixes: Vec<&'a str>,
    /// The same with their code.
    fix_details: Vec<FixJson<'a>>,
    checks: Vec<CheckJson<'a>>,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    /// Null, as `line` and `text`, where it rests on no single line.
    file: Option<&'a str>,
    line: Option<u64>,
    text: Option<&'a str>,
    supports: bool,
    reason: &'a str,
    /// Log-odds.
    weight: f64,
    attempts: usize,
}

#[derive(Serialize)]
struct FixJson<'a> {
    text: &'a str,
    code: Option<&'a str>,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    what: &'a str,
    command: Option<&'a str>,
    settles: &'a [String],
}

#[derive(Serialize)]
struct HealthyRouteJson<'a> {
    route: &'a str,
    attempts: usize,
}

#[derive(Serialize)]
struct ChecklistItemJson<'a> {
    id: &'a str,
    title: &'a str,
    status: &'static str,
    evidence: Vec<EvidenceJson<'a>>,
    by_hand: &'a str,
    relevant: bool,
}

#[derive(Serialize)]
struct InputJson<'a> {
    file: &'a str,
    dialects: &'a [String],
    /// All of them.
    lines: u64,
    /// Those of a long log that were searched and counted, and not read closely.
    passed_over: u64,
    unrecognised: u64,
}

/// The clock of a client's file, measured by the server's.
#[derive(Serialize)]
struct ClockJson<'a> {
    file: &'a str,
    side: &'static str,
    /// How far it is ahead of the server's, negative where it is behind, a time zone's shift included.
    /// Null, as `uncertainty_ms`, where nothing tells.
    offset_ms: Option<i64>,
    /// The true offset lies within this of `offset_ms`.
    uncertainty_ms: Option<i64>,
    /// The events that both sides saw and that agree on it; 0 where whole hours are assumed, because
    /// only so the logs meet.
    shared_events: usize,
}

#[derive(Serialize)]
struct TemplateJson<'a> {
    text: &'a str,
    count: usize,
    first: CitationJson<'a>,
}

impl<'a> Document<'a> {
    fn of(diagnosis: &'a Diagnosis) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            outcome: match diagnosis.outcome {
                Outcome::Failing => "failing",
                Outcome::Healthy => "healthy",
                Outcome::InsufficientEvidence => "insufficient-evidence",
            },
            incidents: diagnosis.incidents.iter().map(incident).collect(),
            healthy_routes: diagnosis
                .healthy_routes
                .iter()
                .map(|one| HealthyRouteJson {
                    route: &one.route,
                    attempts: one.attempts,
                })
                .collect(),
            checklist: diagnosis.checklist.iter().map(item).collect(),
            collect: &diagnosis.collect,
            inputs: diagnosis
                .inputs
                .iter()
                .map(|input| InputJson {
                    file: &input.file,
                    dialects: &input.dialects,
                    lines: input.lines,
                    passed_over: input.passed_over,
                    unrecognised: input.unrecognised,
                })
                .collect(),
            clocks: diagnosis.clocks.iter().map(clock).collect(),
            warnings: &diagnosis.warnings,
            unrecognised: diagnosis.unrecognised.iter().map(template).collect(),
            config: diagnosis.config.as_deref(),
        }
    }
}

fn incident(incident: &Incident) -> IncidentJson<'_> {
    IncidentJson {
        route: incident.route.as_deref(),
        pattern: &incident.pattern,
        summary: &incident.summary,
        furthest_stage: incident.furthest.map(Stage::name),
        missing_stage: incident.missing.map(Stage::name),
        stages: incident.stages.iter().map(stage).collect(),
        harmless: incident.harmless,
        attempts: AttemptsJson {
            total: incident.attempts_total,
            failed: incident.attempts_failed,
        },
        first_seen: incident.first_seen.as_deref(),
        last_seen: incident.last_seen.as_deref(),
        diagnoses: incident.causes.iter().zip(1..).map(cause).collect(),
        none_of_these: rounded(incident.none_of_these),
        differential: &incident.differential,
        remarks: &incident.remarks,
        next_checks: incident.next_checks.iter().map(check).collect(),
    }
}

fn stage(view: &StageView) -> StageJson<'_> {
    StageJson {
        stage: view.stage.name(),
        state: match view.state {
            StageState::Passed => "passed",
            StageState::Implied => "implied",
            StageState::Failed => "failed",
            StageState::NotReached => "not-reached",
            StageState::Unknown => "unknown",
        },
        proof: view.proof.as_ref().map(citation),
    }
}

fn citation(citation: &Citation) -> CitationJson<'_> {
    CitationJson {
        file: &citation.file,
        line: citation.line,
        text: &citation.text,
    }
}

fn cause((cause, rank): (&RankedCause, usize)) -> CauseJson<'_> {
    CauseJson {
        rank,
        cause: &cause.id,
        confidence: rounded(cause.confidence),
        title: &cause.title,
        explanation: &cause.explanation,
        impact: &cause.impact,
        evidence: cause.evidence.iter().map(evidence).collect(),
        fixes: cause.fixes.iter().map(|fix| fix.text.as_str()).collect(),
        fix_details: cause.fixes.iter().map(fix).collect(),
        checks: cause.checks.iter().map(check).collect(),
    }
}

fn evidence(item: &EvidenceItem) -> EvidenceJson<'_> {
    let citation = item.citation.as_ref();
    EvidenceJson {
        file: citation.map(|citation| citation.file.as_str()),
        line: citation.map(|citation| citation.line),
        text: citation.map(|citation| citation.text.as_str()),
        supports: item.supports,
        reason: &item.reason,
        weight: rounded(item.weight),
        attempts: item.attempts,
    }
}

fn fix(fix: &FixText) -> FixJson<'_> {
    FixJson {
        text: &fix.text,
        code: fix.code.as_deref(),
    }
}

fn check(check: &NextCheck) -> CheckJson<'_> {
    CheckJson {
        what: &check.what,
        command: check.command.as_deref(),
        settles: &check.settles,
    }
}

fn item(item: &ChecklistItem) -> ChecklistItemJson<'_> {
    ChecklistItemJson {
        id: &item.id,
        title: &item.title,
        status: match item.status {
            ChecklistStatus::Passed => "passed",
            ChecklistStatus::Failed => "failed",
            ChecklistStatus::Unknown => "unknown",
        },
        evidence: item.evidence.iter().map(evidence).collect(),
        by_hand: &item.by_hand,
        relevant: item.relevant,
    }
}

fn clock(clock: &ClientClock) -> ClockJson<'_> {
    ClockJson {
        file: &clock.file,
        side: "client",
        offset_ms: clock.offset.map(|offset| offset.offset_ms),
        uncertainty_ms: clock.offset.map(|offset| offset.uncertainty_ms),
        shared_events: clock.offset.map_or(0, |offset| offset.shared_events),
    }
}

fn template(template: &Template) -> TemplateJson<'_> {
    TemplateJson {
        text: &template.text,
        count: template.count,
        first: citation(&template.first),
    }
}

/// Four digits; what is no number becomes 0, since JSON has no word for it.
fn rounded(number: f64) -> f64 {
    if number.is_finite() {
        (number * 10_000.0).round() / 10_000.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::report::{Format, Options, render as render_any};

    fn shown(diagnosis: &Diagnosis) -> String {
        render_any(diagnosis, Format::Json, &Options::default())
    }

    #[test]
    fn an_expired_token() {
        insta::assert_snapshot!(shown(&sample::token_expired()));
    }

    #[test]
    fn the_public_fields_stand_where_the_schema_says() {
        let document: serde_json::Value =
            serde_json::from_str(&shown(&sample::token_expired())).unwrap();
        assert_eq!(document["schema_version"], 1);
        assert_eq!(document["outcome"], "failing");
        let incident = &document["incidents"][0];
        assert_eq!(incident["missing_stage"], "auth");
        assert_eq!(incident["attempts"]["failed"], 12);
        assert_eq!(incident["diagnoses"][0]["cause"], "token-expired");
        assert_eq!(incident["diagnoses"][0]["confidence"], 0.9624);
        assert_eq!(incident["diagnoses"][0]["evidence"][0]["line"], 42);
        assert_eq!(document["healthy_routes"][0]["attempts"], 40);
    }

    #[test]
    fn hostile_text_comes_back_whole_and_steers_nothing() {
        let mut diagnosis = sample::hostile();
        diagnosis.warnings = vec!["a\u{9b}b\u{202e}c\u{e0041}".to_owned()];
        let written = shown(&diagnosis);
        assert!(
            written
                .chars()
                .all(|c| !super::escape::steers(c) && (c == '\n' || !c.is_control()))
        );
        let document: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(document["warnings"][0], "a\u{9b}b\u{202e}c\u{e0041}");
    }

    #[test]
    fn what_is_no_number_is_still_a_document() {
        assert!(rounded(f64::NAN).abs() < f64::EPSILON);
        assert!((rounded(0.123_456) - 0.1235).abs() < f64::EPSILON);
    }
}
