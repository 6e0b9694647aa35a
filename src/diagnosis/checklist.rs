//! Ticking the checklist: what the input says of each item.

use super::Findings;
use super::model::{ChecklistItem, ChecklistStatus, EvidenceItem};
use crate::attempt::Signals;
use crate::rules::Item;

pub(super) fn tick(findings: &Findings<'_>) -> Vec<ChecklistItem> {
    let failing = failing_signals(findings);
    findings
        .rules
        .checklist
        .items
        .iter()
        .map(|item| tick_item(item, &failing, findings))
        .collect()
}

fn tick_item(item: &Item, failing: &Signals, findings: &Findings<'_>) -> ChecklistItem {
    let crossed = item.failed_by.iter().find(|signal| failing.holds(signal));
    let ticked = item
        .passed_by
        .iter()
        .find(|signal| findings.input_signals.holds(signal));
    let (status, signal, source) = match (crossed, ticked) {
        (Some(signal), _) => (ChecklistStatus::Failed, Some(signal), failing),
        (None, Some(signal)) => (
            ChecklistStatus::Passed,
            Some(signal),
            &findings.input_signals,
        ),
        (None, None) => (ChecklistStatus::Unknown, None, failing),
    };
    ChecklistItem {
        id: item.id.to_string(),
        title: item.title.to_string(),
        status,
        evidence: signal
            .map(|signal| evidence(signal, status, source, findings))
            .into_iter()
            .collect(),
        by_hand: item.by_hand.trim().to_owned(),
        relevant: is_relevant(item, findings),
    }
}

/// The signals of what failed; of everything, where nothing did.
fn failing_signals(findings: &Findings<'_>) -> Signals {
    let mut signals = findings.attempts.server.clone();
    for case in &findings.cases {
        signals.extend(&case.signals);
    }
    signals
}

fn evidence(
    signal: &str,
    status: ChecklistStatus,
    source: &Signals,
    findings: &Findings<'_>,
) -> EvidenceItem {
    let says = findings
        .rules
        .lexicon
        .find(signal)
        .and_then(|id| findings.rules.lexicon.kind(id))
        .map_or_else(
            || format!("the attempt shows `{signal}`"),
            |kind| kind.says.to_string(),
        );
    EvidenceItem {
        citation: source
            .events(signal)
            .first()
            .and_then(|id| findings.cite(*id)),
        supports: status == ChecklistStatus::Passed,
        weight: 0.0,
        reason: says,
        attempts: 0,
    }
}

/// An item matters where it is not bound to causes, or one of its causes is still in question.
fn is_relevant(item: &Item, findings: &Findings<'_>) -> bool {
    item.matters_for.is_empty()
        || findings.cases.iter().any(|case| {
            case.ranking
                .iter()
                .filter(|one| one.probability >= 0.02)
                .filter_map(|one| findings.rules.causes.get(one.cause))
                .any(|cause| {
                    item.matters_for
                        .iter()
                        .any(|wanted| *wanted == cause.id || wanted == cause.stage.name())
                })
        })
}
