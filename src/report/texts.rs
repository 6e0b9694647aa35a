//! Every text of a diagnosis, in the order in which a report shows them.
//!
//! Redaction and escaping go through this one list, so a new field of the model is either visited
//! here or never printed by a renderer. What is done to a text is up to the caller.

use crate::diagnosis::{
    ChecklistItem, Citation, Diagnosis, EvidenceItem, Incident, NextCheck, RankedCause,
};

/// Who wrote a text: it decides how much of it may be private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Taken from the input, or made of parts of it.
    Log,
    /// A sentence of a rule file. Public, and full of the words that mark private values elsewhere.
    Rule,
    /// A public name of ours: a cause, a pattern, a dialect, a time stamp.
    Name,
}

/// Calls `change` with every text.
pub(super) fn each(diagnosis: &mut Diagnosis, change: &mut dyn FnMut(Origin, &mut String)) {
    for incident in &mut diagnosis.incidents {
        each_of_incident(incident, change);
    }
    for healthy in &mut diagnosis.healthy_routes {
        change(Origin::Log, &mut healthy.route);
    }
    for item in &mut diagnosis.checklist {
        each_of_item(item, change);
    }
    for text in &mut diagnosis.collect {
        change(Origin::Rule, text);
    }
    for template in &mut diagnosis.unrecognised {
        change(Origin::Log, &mut template.text);
        each_of_citation(&mut template.first, change);
    }
    for input in &mut diagnosis.inputs {
        change(Origin::Log, &mut input.file);
        for dialect in &mut input.dialects {
            change(Origin::Name, dialect);
        }
    }
    for clock in &mut diagnosis.clocks {
        change(Origin::Log, &mut clock.file);
        if let Some(sentence) = &mut clock.sentence {
            change(Origin::Log, sentence);
        }
    }
    for warning in &mut diagnosis.warnings {
        change(Origin::Log, warning);
    }
    if let Some(config) = &mut diagnosis.config {
        change(Origin::Log, config);
    }
}

fn each_of_incident(incident: &mut Incident, change: &mut dyn FnMut(Origin, &mut String)) {
    if let Some(route) = &mut incident.route {
        change(Origin::Log, route);
    }
    change(Origin::Name, &mut incident.pattern);
    change(Origin::Log, &mut incident.summary);
    let seen = [&mut incident.first_seen, &mut incident.last_seen];
    for stamp in seen.into_iter().flatten() {
        change(Origin::Name, stamp);
    }
    for stage in &mut incident.stages {
        if let Some(proof) = &mut stage.proof {
            each_of_citation(proof, change);
        }
    }
    for cause in &mut incident.causes {
        each_of_cause(cause, change);
    }
    for text in &mut incident.differential {
        change(Origin::Log, text);
    }
    for text in &mut incident.remarks {
        change(Origin::Log, text);
    }
    for check in &mut incident.next_checks {
        each_of_check(check, change);
    }
}

fn each_of_cause(cause: &mut RankedCause, change: &mut dyn FnMut(Origin, &mut String)) {
    change(Origin::Name, &mut cause.id);
    for text in [&mut cause.title, &mut cause.explanation, &mut cause.impact] {
        change(Origin::Rule, text);
    }
    for item in &mut cause.evidence {
        each_of_evidence(item, change);
    }
    for fix in &mut cause.fixes {
        change(Origin::Rule, &mut fix.text);
        if let Some(code) = &mut fix.code {
            change(Origin::Rule, code);
        }
    }
    for check in &mut cause.checks {
        each_of_check(check, change);
    }
}

fn each_of_item(item: &mut ChecklistItem, change: &mut dyn FnMut(Origin, &mut String)) {
    change(Origin::Name, &mut item.id);
    change(Origin::Rule, &mut item.title);
    for evidence in &mut item.evidence {
        each_of_evidence(evidence, change);
    }
    change(Origin::Rule, &mut item.by_hand);
}

fn each_of_evidence(item: &mut EvidenceItem, change: &mut dyn FnMut(Origin, &mut String)) {
    if let Some(citation) = &mut item.citation {
        each_of_citation(citation, change);
    }
    change(Origin::Rule, &mut item.reason);
}

fn each_of_citation(citation: &mut Citation, change: &mut dyn FnMut(Origin, &mut String)) {
    change(Origin::Log, &mut citation.file);
    change(Origin::Log, &mut citation.text);
}

fn each_of_check(check: &mut NextCheck, change: &mut dyn FnMut(Origin, &mut String)) {
    change(Origin::Rule, &mut check.what);
    // A command may carry the failing URL, token and all.
    if let Some(command) = &mut check.command {
        change(Origin::Log, command);
    }
    for cause in &mut check.settles {
        change(Origin::Name, cause);
    }
}
