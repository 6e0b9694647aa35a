//! Why a cause was, or was not, named for the given logs: item of evidence by item.

use super::case::Case;
use super::model::Citation;
use super::{Findings, display_route, find};
use crate::cause::{Cause, Evidence, View, finding};
use crate::input::Source;
use crate::rule_text::RuleText;
use crate::rules::RuleSet;

/// One item of evidence of a cause, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// Its name within the cause.
    pub id: String,
    /// Why it would count.
    pub reason: String,
    /// Log-odds that it adds where it applies.
    pub weight: f64,
    /// Whether it applied.
    pub applied: bool,
    /// The lines it rests on, where it applied.
    pub lines: Vec<Citation>,
    /// Where it did not apply: the conditions that did not hold.
    pub unmet: Vec<String>,
}

/// What became of a cause for one incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The incident's path.
    pub route: Option<String>,
    /// The incident's pattern.
    pub pattern: String,
    /// Log-odds before evidence.
    pub prior: f64,
    /// Its place in the ranking, from one, and its probability; `None` where nothing speaks for it.
    pub ranked: Option<(usize, f64)>,
    /// The cause that explains this one away.
    pub explained_by: Option<String>,
    /// Every item of evidence, in the order of the rule file.
    pub items: Vec<WhyNot>,
}

/// Explains one cause for every incident of the sources.
#[must_use]
pub fn explain(sources: &[Source], rules: &RuleSet, cause: &Cause) -> Vec<Explanation> {
    let findings = find(sources, rules);
    findings
        .cases
        .iter()
        .map(|incident| explain_case(incident, cause, &findings))
        .collect()
}

fn explain_case(incident: &Case, cause: &Cause, findings: &Findings<'_>) -> Explanation {
    let named = |index: usize| findings.rules.causes.get(index);
    let rank = incident
        .ranking
        .iter()
        .position(|one| named(one.cause).is_some_and(|known| known.id == cause.id));
    let assessment = rank.and_then(|rank| incident.ranking.get(rank));
    Explanation {
        route: display_route(incident.route_key.as_deref(), findings),
        pattern: incident.pattern.name().to_owned(),
        prior: cause.prior,
        ranked: rank
            .zip(assessment)
            .map(|(rank, one)| (rank.saturating_add(1), one.probability)),
        explained_by: assessment
            .and_then(|one| one.explained_by)
            .and_then(named)
            .map(|cause| cause.id.to_string()),
        items: cause
            .evidence
            .iter()
            .enumerate()
            .map(|(position, evidence)| item(position, evidence, incident, findings))
            .collect(),
    }
}

fn item(position: usize, evidence: &Evidence, incident: &Case, findings: &Findings<'_>) -> WhyNot {
    let view = View {
        attempt: &incident.signals,
        route: &incident.route_signals,
        input: &findings.input_signals,
        timeline: &findings.timeline,
    };
    let found = finding(position, evidence, view);
    let unmet = if found.is_some() {
        Vec::new()
    } else {
        unmet(evidence, view)
    };
    WhyNot {
        id: evidence.id.to_string(),
        reason: evidence.reason.to_string(),
        weight: evidence.weight,
        applied: found.is_some(),
        lines: found
            .iter()
            .flat_map(|found| &found.events)
            .take(3)
            .filter_map(|id| findings.cite_for(*id, evidence))
            .collect(),
        unmet,
    }
}

/// The conditions of an item that do not hold, as sentences.
fn unmet(evidence: &Evidence, view: View<'_>) -> Vec<String> {
    let signals = view.signals(evidence.scope);
    let mut unmet = Vec::new();
    if !evidence.any.is_empty() && !evidence.any.iter().any(|signal| signals.meets(signal)) {
        unmet.push(format!("none of {} was seen", listed(&evidence.any)));
    }
    for signal in evidence.all.iter().filter(|signal| !signals.meets(signal)) {
        unmet.push(format!("`{signal}` was not seen"));
    }
    for signal in evidence.none.iter().filter(|signal| signals.meets(signal)) {
        unmet.push(format!("`{signal}` was seen"));
    }
    if unmet.is_empty() {
        unmet.push("the lines are not there in this order, number or time".to_owned());
    }
    unmet
}

fn listed(signals: &[RuleText]) -> String {
    let quoted: Vec<String> = signals.iter().map(|signal| format!("`{signal}`")).collect();
    quoted.join(", ")
}
