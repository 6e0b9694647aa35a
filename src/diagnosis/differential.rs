//! Differential diagnosis: what a route that works clears for one that does not.

use super::case::Case;
use super::{Findings, display_route};
use crate::attempt::{Attempt, Pattern};
use crate::stage::Stage;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn of(case: &Case, findings: &Findings<'_>) -> Vec<String> {
    let mut sentences = Vec::new();
    let attempts = &findings.attempts.attempts;
    let healthy = |attempt: &&Attempt| attempt.pattern == Pattern::Healthy;
    let own: Vec<&Attempt> = attempts
        .iter()
        .filter(healthy)
        .filter(|attempt| attempt.route_key == case.route_key)
        .collect();
    if !own.is_empty() {
        sentences.push(format!(
            "The same route worked in {} of {} attempts: its routing and the server are cleared; \
             what differs is in the request or in time.",
            own.iter().map(|attempt| attempt.stands_for).sum::<usize>(),
            case.total
        ));
    }
    let mut routes: BTreeMap<String, Vec<&Attempt>> = BTreeMap::new();
    for attempt in attempts.iter().filter(healthy) {
        if let Some(key) = attempt.route_key.clone()
            && Some(&key) != case.route_key.as_ref()
        {
            routes.entry(key).or_default().push(attempt);
        }
    }
    for (key, works) in routes.into_iter().take(3) {
        let Some(route) = display_route(Some(&key), findings) else {
            continue;
        };
        let cleared = shared(case, &works, findings);
        if cleared.is_empty() {
            continue;
        }
        let count = works
            .iter()
            .map(|attempt| attempt.stands_for)
            .sum::<usize>();
        sentences.push(format!(
            "{route} works on the same server ({count} {}): {} cleared for this route too.",
            if count == 1 { "attempt" } else { "attempts" },
            list(&cleared)
        ));
    }
    sentences
}

/// What both routes pass through, and the working one passed.
fn shared(case: &Case, works: &[&Attempt], findings: &Findings<'_>) -> Vec<&'static str> {
    let proven: BTreeSet<Stage> = works
        .iter()
        .flat_map(|attempt| attempt.progress.reached.keys().copied())
        .collect();
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
