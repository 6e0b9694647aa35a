//! The diagnosis: attempts that failed alike become incidents, with ranked causes, what a healthy
//! route clears, and what to check next.
//!
//! The result is plain data ([`Diagnosis`]) that every renderer prints and none decides.

mod alike;
mod case;
mod checklist;
mod addresses;
mod citation;
mod clocks;
mod collect;
mod differential;
mod explain;
mod incident;
mod model;
mod next_checks;
mod remarks;
mod summary;
mod understood;
mod unrecognised;

pub use explain::{Explanation, WhyNot, explain};
pub use model::*;
pub use understood::{Headline, Understood};

use crate::attempt::{Attempts, Pattern, Signals};
use crate::cause::Evidence;
use crate::event::{Event, EventId};
use crate::input::Source;
use crate::lexicon::KindId;
use crate::record::Record;
use crate::rules::RuleSet;
use crate::timeline::Timeline;
use case::{Case, MAX_CASES};
use std::collections::{BTreeMap, BTreeSet};

/// Routes that work told at most.
const MAX_HEALTHY_ROUTES: usize = 200;
/// A connection that was accepted must have a cause this likely to count as failed beside another.
const LEAST_CONFIDENCE: f64 = 0.25;
/// Where no attempt shows how far it came, a cause must be stated to be a diagnosis.
const CONFIDENCE_WITHOUT_PATTERN: f64 = 0.8;

/// Everything read and understood, before it is summed up.
pub(crate) struct Findings<'a> {
    pub(crate) sources: &'a [Source],
    pub(crate) rules: &'a RuleSet,
    pub(crate) timeline: Timeline,
    pub(crate) attempts: Attempts,
    pub(crate) cases: Vec<Case>,
    /// How many further groups of attempts failed alike and are not told.
    left_out: usize,
    /// All signals of all attempts.
    pub(crate) input_signals: Signals,
    pub(crate) inputs: Vec<InputSummary>,
    /// For what the attempts on one route share: the path as reports show it.
    shown_routes: BTreeMap<String, String>,
    working: differential::Working,
}

impl Findings<'_> {
    pub(crate) fn event(&self, id: EventId) -> Option<&Event> {
        self.timeline.events.get(id)
    }

    /// The line an event stands on, for quoting.
    pub(crate) fn cite(&self, id: EventId) -> Option<Citation> {
        Some(citation::of(self.event(id)?, &[], self))
    }

    /// The line of an event that shows what an item of evidence asks for.
    pub(crate) fn cite_for(&self, id: EventId, evidence: &Evidence) -> Option<Citation> {
        let counted = evidence.count.iter().map(|count| &count.kind);
        let asked = evidence.any.iter().chain(&evidence.all);
        let asked = asked.chain(&evidence.sequence).chain(counted);
        let kinds: Vec<KindId> = asked
            .filter_map(|signal| self.rules.lexicon.find(signal))
            .collect();
        Some(citation::of(self.event(id)?, &kinds, self))
    }
}

/// Diagnoses sources. `warnings` are those of reading; they are passed on.
#[must_use]
pub fn diagnose(sources: &[Source], rules: &RuleSet, warnings: &[String]) -> Diagnosis {
    let findings = find(sources, rules);
    sum_up(&findings, warnings)
}

/// Reads, understands and groups, up to the ranked cases.
pub(crate) fn find<'a>(sources: &'a [Source], rules: &'a RuleSet) -> Findings<'a> {
    let (understood, causes) =
        rayon::join(|| Understood::new(sources, rules), || rules.causes.read());
    let ranking = understood.rank(causes);
    let Understood {
        timeline,
        attempts,
        input_signals,
    } = understood;
    let inputs = unrecognised::summaries(sources, &timeline);
    let shown_routes = shown_routes(&attempts);
    let working = differential::Working::of(&attempts);
    Findings {
        sources,
        rules,
        timeline,
        attempts,
        cases: ranking.cases,
        left_out: ranking.left_out,
        input_signals,
        inputs,
        shown_routes,
        working,
    }
}

fn sum_up(findings: &Findings<'_>, warnings: &[String]) -> Diagnosis {
    let incidents: Vec<Incident> = findings
        .cases
        .iter()
        .filter(|case| is_worth_telling(case, findings))
        .map(|case| incident::build(case, findings))
        .collect();
    let mut healthy_routes = healthy_routes(findings);
    let outcome = outcome(findings, &incidents, &healthy_routes);
    let mut warnings = warnings.to_vec();
    warnings.extend(findings.timeline.remarks.iter().cloned());
    warnings.extend(shortened(findings));
    warnings.extend(more_failures(findings.left_out));
    warnings.extend(more_routes(&mut healthy_routes));
    if findings.attempts.ambiguous > 0 && findings.attempts.attempts.len() > 1 {
        warnings.push(ambiguity(findings.attempts.ambiguous));
    }
    Diagnosis {
        outcome,
        collect: if is_open(outcome, &incidents) {
            collect::missing(findings)
        } else {
            Vec::new()
        },
        checklist: checklist::tick(findings),
        unrecognised: unrecognised::templates(findings),
        incidents,
        healthy_routes,
        inputs: findings.inputs.clone(),
        clocks: clocks::of(findings),
        warnings,
        config: findings.rules.own.file.clone(),
    }
}

/// A connection that was accepted and whose end has no likely cause ended as connections do, as far
/// as can be told: beside a failure that is told it would only distract.
fn is_worth_telling(case: &Case, findings: &Findings<'_>) -> bool {
    let likely = |case: &Case| {
        case.ranking
            .first()
            .is_some_and(|first| first.probability >= LEAST_CONFIDENCE)
    };
    let was_open = matches!(
        case.pattern,
        Pattern::AcceptedThenClosed | Pattern::OpenThenDropped | Pattern::OpenButSilent
    );
    likely(case) || !was_open || !findings.cases.iter().any(likely)
}

/// What is said of failures that are not told.
fn more_failures(left_out: usize) -> Option<String> {
    (left_out > 0).then(|| {
        format!(
            "There are {left_out} more groups of attempts that failed alike than the {MAX_CASES} that are told, \
             each with no more attempts than these."
        )
    })
}

/// Cuts the routes that work to as many as are told, and says so.
fn more_routes(healthy: &mut Vec<HealthyRoute>) -> Option<String> {
    let more = healthy
        .len()
        .checked_sub(MAX_HEALTHY_ROUTES)
        .filter(|more| *more > 0)?;
    healthy.truncate(MAX_HEALTHY_ROUTES);
    Some(format!(
        "{more} more routes than the {MAX_HEALTHY_ROUTES} that are told work."
    ))
}

/// Of each source the first record that was too long to be kept whole.
fn shortened(findings: &Findings<'_>) -> Vec<String> {
    let records = findings.timeline.events.iter().map(|event| &event.record);
    let mut first: BTreeMap<usize, &Record> = BTreeMap::new();
    for record in records.filter(|record| record.left_out > 0) {
        first
            .entry(record.origin.source)
            .and_modify(|known| {
                if record.origin.line < known.origin.line {
                    *known = record;
                }
            })
            .or_insert(record);
    }
    let told = first.into_iter().filter_map(|(source, record)| {
        let name = &findings.sources.get(source)?.name;
        let (line, count) = (record.origin.line, record.left_out);
        Some(format!(
            "{name} has a record of very many lines at line {line}: {count} in its middle were left out."
        ))
    });
    told.collect()
}

fn ambiguity(lines: usize) -> String {
    let (noun, verb) = if lines == 1 {
        ("line", "fits")
    } else {
        ("lines", "fit")
    };
    format!(
        "{lines} {noun} {verb} several attempts alike; each was given to the likeliest, and none \
         decides a diagnosis alone."
    )
}

/// Whether no cause is likely enough to act on, so that more must be known.
fn is_open(outcome: Outcome, incidents: &[Incident]) -> bool {
    match outcome {
        Outcome::Healthy => false,
        Outcome::InsufficientEvidence => true,
        Outcome::Failing => !incidents
            .iter()
            .any(|incident| has_cause(incident, LEAST_CONFIDENCE)),
    }
}

/// What the incidents come to.
fn outcome(findings: &Findings<'_>, incidents: &[Incident], healthy: &[HealthyRoute]) -> Outcome {
    let mut told = findings
        .cases
        .iter()
        .filter(|case| !case.harmless && is_worth_telling(case, findings));
    if told.any(is_failure) {
        Outcome::Failing
    } else if incidents.iter().all(|incident| incident.harmless) && !healthy.is_empty() {
        Outcome::Healthy
    } else {
        Outcome::InsufficientEvidence
    }
}

/// Kinds by which a side calls a handshake refused or failed.
const REFUSALS: [&str; 8] = [
    "handshake-rejected",
    "connection-refused-by-application",
    "client-handshake-status",
    "client-failed",
    "client-refused",
    "client-not-clean",
    "client-reset",
    "proxy-upstream-dropped",
];

/// A handshake that somebody calls refused or failed has failed, however open the cause; one that only
/// goes no further, or an end after an accept, needs something that speaks for a cause, since lines are
/// left out and connections end; and where no attempt shows how far it came, a cause must be stated.
fn is_failure(case: &Case) -> bool {
    let first = case.ranking.first().map(|first| first.probability);
    match case.pattern {
        Pattern::InsufficientEvidence => {
            first.is_some_and(|likely| likely >= CONFIDENCE_WITHOUT_PATTERN)
        }
        Pattern::AcceptedThenClosed | Pattern::OpenThenDropped | Pattern::OpenButSilent => {
            first.is_some() || case.says_any(&["client-not-clean", "client-lost"])
        }
        _ => first.is_some() || case.says_any(&REFUSALS),
    }
}

/// Whether the first cause of an incident is at least this likely.
fn has_cause(incident: &Incident, least: f64) -> bool {
    incident
        .causes
        .first()
        .is_some_and(|cause| cause.confidence >= least)
}

/// Routes on which attempts were seen and none failed.
fn healthy_routes(findings: &Findings<'_>) -> Vec<HealthyRoute> {
    let failing: BTreeSet<Option<String>> = findings
        .cases
        .iter()
        .filter(|case| is_worth_telling(case, findings) && !case.harmless)
        .map(|case| case.route_key.clone())
        .collect();
    let mut counts: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for attempt in &findings.attempts.attempts {
        let key = attempt.route_key.clone();
        if attempt.pattern == Pattern::Healthy && !failing.contains(&key) {
            let count = counts.entry(key).or_default();
            *count = count.saturating_add(attempt.stands_for);
        }
    }
    counts
        .into_iter()
        .map(|(key, attempts)| HealthyRoute {
            route: display_route(key.as_deref(), findings)
                .unwrap_or_else(|| "(no path named)".to_owned()),
            attempts,
        })
        .collect()
}

/// The path as the log shows it where all attempts share it, else with identifiers replaced.
fn display_route(key: Option<&str>, findings: &Findings<'_>) -> Option<String> {
    let key = key?;
    let shown = findings.shown_routes.get(key);
    Some(shown.map_or(key, String::as_str).to_owned())
}

/// For each key that some path has: that path, where it is the only one.
fn shown_routes(attempts: &Attempts) -> BTreeMap<String, String> {
    let mut paths: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for attempt in &attempts.attempts {
        if let (Some(key), Some(path)) = (&attempt.route_key, &attempt.route) {
            paths.entry(key).or_default().insert(path);
        }
    }
    let shown = paths.into_iter().map(|(key, paths)| {
        let only = paths.first().filter(|_| paths.len() == 1);
        (key.to_owned(), (*only.unwrap_or(&key)).to_owned())
    });
    shown.collect()
}
