//! Differential diagnosis: what a route that works clears for one that does not.

use super::case::Case;
use super::{Findings, display_route};
use crate::attempt::{Attempt, Attempts, Pattern};
use crate::stage::Stage;
use std::collections::{BTreeMap, BTreeSet};

/// The routes on which attempts worked, counted once for all cases.
#[derive(Debug, Default)]
pub(crate) struct Working(BTreeMap<Option<String>, Works>);

/// The attempts on one route that worked.
#[derive(Debug, Default)]
struct Works {
    /// How many, those that were counted and not read included.
    attempts: usize,
    /// The stages that some of them prove.
    proven: BTreeSet<Stage>,
}

impl Working {
    pub(super) fn of(attempts: &Attempts) -> Self {
        let mut routes: BTreeMap<Option<String>, Works> = BTreeMap::new();
        let healthy = |attempt: &&Attempt| attempt.pattern == Pattern::Healthy;
        for attempt in attempts.attempts.iter().filter(healthy) {
            let works = routes.entry(attempt.route_key.clone()).or_default();
            works.attempts = works.attempts.saturating_add(attempt.stands_for);
            works.proven.extend(attempt.progress.reached.keys());
        }
        Self(routes)
    }
}

pub(super) fn of(case: &Case, findings: &Findings<'_>) -> Vec<String> {
    let mut sentences = Vec::new();
    let Working(routes) = &findings.working;
    if let Some(own) = routes.get(&case.route_key) {
        sentences.push(format!(
            "The same route worked in {} of {} attempts: its routing and the server are cleared; \
             what differs is in the request or in time.",
            own.attempts, case.total
        ));
    }
    let others = routes
        .iter()
        .filter(|(key, _)| key.is_some() && **key != case.route_key);
    for (key, works) in others.take(3) {
        let Some(route) = display_route(key.as_deref(), findings) else {
            continue;
        };
        let cleared = shared(case, &works.proven, findings);
        if cleared.is_empty() {
            continue;
        }
        let count = works.attempts;
        sentences.push(format!(
            "{route} works on the same server ({count} {}): {} cleared for this route too.",
            if count == 1 { "attempt" } else { "attempts" },
            list(&cleared)
        ));
    }
    sentences
}

/// What both routes pass through, and the working one passed.
fn shared(case: &Case, proven: &BTreeSet<Stage>, findings: &Findings<'_>) -> Vec<&'static str> {
    let mut shared = Vec::new();
    if proven.iter().any(|stage| *stage >= Stage::Server) {
        shared.push("the server");
        shared.push("its port");
        shared.push("the origin check");
    }
    if findings.input_signals.holds("given=proxy") && proven.contains(&Stage::Proxy) {
        shared.push("the proxy");
    }
    let same_middleware = proven.contains(&Stage::Middleware)
        && case
            .signals
            .holds(&format!("reached={}", Stage::Middleware));
    if same_middleware {
        shared.push("the middleware");
    }
    shared
}

fn list(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [only] => format!("{only} is"),
        [head @ .., last] => format!("{} and {last} are", head.join(", ")),
    }
}
