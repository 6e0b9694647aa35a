//! From a ranked case to the incident a report shows.

use super::addresses::Addresses;
use super::case::Case;
use super::model::{EvidenceItem, FixText, Incident, RankedCause, StageState, StageView};
use super::{Findings, differential, display_route, next_checks, remarks, summary};
use crate::attempt::Attempt;
use crate::cause::{Assessment, Cause};
use crate::dialect::frames;
use crate::event::EventId;
use crate::record::Side;
use crate::stage::Stage;
use crate::stamp::Stamp;
use chrono::DateTime;
use std::collections::BTreeSet;

/// Causes less likely than this are not listed, unless fewer than three are.
const LEAST_LISTED: f64 = 0.01;
/// So many causes are listed at the most.
const MOST_LISTED: usize = 6;

pub(super) fn build(case: &Case, findings: &Findings<'_>) -> Incident {
    let attempts: Vec<&Attempt> = case
        .attempts
        .iter()
        .filter_map(|index| findings.attempts.attempts.get(*index))
        .collect();
    let furthest = attempts
        .iter()
        .filter(|attempt| attempt.pattern == case.pattern)
        .filter_map(|attempt| attempt.progress.furthest())
        .max();
    let missing = match furthest {
        Some(stage) => stage.next().filter(|stage| *stage < Stage::Close),
        None => Some(Stage::Client),
    };
    let addresses = Addresses::of(case, findings);
    let route = display_route(case.route_key.as_deref(), findings);
    let (first_seen, last_seen) = seen(&attempts, findings);
    Incident {
        summary: summary::of(case, route.as_deref(), findings),
        pattern: case.pattern.name().to_owned(),
        stages: stages(&attempts, case, furthest, missing, findings),
        furthest,
        missing,
        harmless: case.harmless,
        attempts_total: case.total,
        attempts_failed: case.failed,
        first_seen,
        last_seen,
        causes: ranked(case, &addresses, findings),
        none_of_these: case.none_of_these,
        differential: differential::of(case, findings),
        remarks: remarks::of(case, findings),
        next_checks: next_checks::of(case, &addresses, findings),
        route,
    }
}

fn stages(
    attempts: &[&Attempt],
    case: &Case,
    furthest: Option<Stage>,
    missing: Option<Stage>,
    findings: &Findings<'_>,
) -> Vec<StageView> {
    Stage::ALL
        .into_iter()
        .filter(|stage| *stage != Stage::Close)
        // Not every way has a proxy.
        .filter(|stage| *stage != Stage::Proxy || findings.input_signals.holds("given=proxy"))
        .map(|stage| {
            let proof = attempts
                .iter()
                .find_map(|attempt| attempt.progress.reached.get(&stage).copied());
            let failure = attempts
                .iter()
                .find_map(|attempt| attempt.progress.failed.get(&stage).copied());
            let passed = furthest.is_some_and(|furthest| stage <= furthest);
            let silent = case.signals.holds(&format!("silent={stage}"));
            let (state, shown) = if passed {
                let state = if proof.is_some() {
                    StageState::Passed
                } else {
                    StageState::Implied
                };
                (state, proof)
            } else if failure.is_some() {
                (StageState::Failed, failure)
            } else if Some(stage) == missing && case.pattern.is_failure() {
                (StageState::Failed, None)
            } else if silent {
                (StageState::NotReached, None)
            } else {
                (StageState::Unknown, None)
            };
            StageView {
                stage,
                state,
                proof: shown.and_then(|id| findings.cite(id)),
            }
        })
        .collect()
}

/// The times of the first and the last attempt, as the logs state them.
fn seen(attempts: &[&Attempt], findings: &Findings<'_>) -> (Option<String>, Option<String>) {
    let stamped: Vec<Stamp> = attempts
        .iter()
        .filter_map(|attempt| {
            let events = attempt.events.iter().filter_map(|id| findings.event(*id));
            let mut stamps =
                events.filter_map(|event| event.record.stamp.or(event.record.wrapper_stamp));
            stamps.find(|stamp| stamp.dated)
        })
        .collect();
    // Of those that were counted and not read the last is known.
    let unread = attempts
        .iter()
        .flat_map(|attempt| &attempt.events)
        .filter_map(|id| findings.event(*id)?.record.copies?.last)
        .filter(|stamp| stamp.dated)
        .max_by_key(Stamp::utc_ms);
    let last = stamped.last().copied();
    let last = unread
        .filter(|unread| last.is_none_or(|last| unread.utc_ms() > last.utc_ms()))
        .or(last);
    (
        stamped.first().and_then(rfc3339),
        last.as_ref().and_then(rfc3339),
    )
}

/// A time as RFC 3339; without offset where its zone is unknown.
fn rfc3339(stamp: &Stamp) -> Option<String> {
    let format = if stamp.resolution_ms >= 1000 {
        "%Y-%m-%dT%H:%M:%S"
    } else {
        "%Y-%m-%dT%H:%M:%S%.3f"
    };
    let shown = |ms: i64| {
        Some(
            DateTime::from_timestamp_millis(ms)?
                .format(format)
                .to_string(),
        )
    };
    match stamp.offset_s {
        Some(_) => Some(format!("{}Z", shown(stamp.utc_ms())?)),
        None => shown(stamp.wall_ms),
    }
}

fn ranked(incident: &Case, addresses: &Addresses, findings: &Findings<'_>) -> Vec<RankedCause> {
    incident
        .ranking
        .iter()
        .enumerate()
        .filter(|(rank, one)| *rank < 3 || one.probability >= LEAST_LISTED)
        .take(MOST_LISTED)
        .filter_map(|(_, one)| {
            let cause = findings.rules.causes.get(one.cause)?;
            Some(ranked_cause(cause, one, incident, addresses, findings))
        })
        .collect()
}

fn ranked_cause(
    cause: &Cause,
    assessment: &Assessment,
    incident: &Case,
    addresses: &Addresses,
    findings: &Findings<'_>,
) -> RankedCause {
    RankedCause {
        id: cause.id.to_string(),
        confidence: assessment.probability,
        title: cause.title.to_string(),
        explanation: cause.explanation.trim().to_owned(),
        impact: cause.impact.trim().to_owned(),
        evidence: evidence(cause, assessment, incident, findings),
        fixes: cause
            .fixes
            .iter()
            .map(|fix| FixText {
                text: fix.text.trim().to_owned(),
                code: fix
                    .code
                    .as_deref()
                    .map(|code| code.trim_matches('\n').to_owned()),
            })
            .collect(),
        checks: cause
            .checks
            .iter()
            .map(|check| addresses.put_into(check))
            .collect(),
    }
}

/// Where in the project the exception of an event was raised: `monitoring/consumers.py:41, in
/// connect`. The last frame of the project counts, of the exception that escaped or, if that shows
/// none, of one that it was raised from.
fn raised_at(id: EventId, findings: &Findings<'_>) -> Option<String> {
    let traceback = findings.event(id)?.record.traceback.as_ref()?;
    let frame = traceback.exceptions.iter().rev().find_map(|exception| {
        exception
            .frames
            .iter()
            .rfind(|frame| frames::is_project(frame))
    })?;
    Some(format!(
        "{}:{}, in {}",
        frames::display_path(frame),
        frame.line,
        frame.function
    ))
}

/// The evidence that applied, the weightiest first; a line of each side where several show it.
pub(super) fn evidence(
    cause: &Cause,
    assessment: &Assessment,
    incident: &Case,
    findings: &Findings<'_>,
) -> Vec<EvidenceItem> {
    let mut items = Vec::new();
    for finding in &assessment.findings {
        let Some(rule) = cause.evidence.get(finding.evidence) else {
            continue;
        };
        let mut sides: BTreeSet<Side> = BTreeSet::new();
        let shown: Vec<EventId> = finding
            .events
            .iter()
            .copied()
            .filter(|id| {
                findings
                    .event(*id)
                    .is_some_and(|event| sides.insert(event.record.side))
            })
            .collect();
        let attempts = incident
            .attempts
            .iter()
            .filter_map(|index| findings.attempts.attempts.get(*index))
            .filter(|attempt| {
                attempt
                    .events
                    .iter()
                    .any(|id| finding.events.binary_search(id).is_ok())
            })
            .count();
        let item = |id: Option<EventId>| EvidenceItem {
            citation: id.and_then(|id| findings.cite_for(id, rule)),
            supports: finding.weight > 0.0,
            weight: finding.weight,
            reason: match id.and_then(|id| raised_at(id, findings)) {
                Some(place) => format!("{} (raised at {place})", rule.reason),
                None => rule.reason.to_string(),
            },
            attempts,
        };
        if shown.is_empty() {
            items.push(item(None));
        }
        items.extend(shown.into_iter().map(|id| item(Some(id))));
    }
    items.sort_by(|one, other| {
        other
            .supports
            .cmp(&one.supports)
            .then(other.weight.abs().total_cmp(&one.weight.abs()))
            .then(one.citation.cmp(&other.citation))
    });
    items
}
