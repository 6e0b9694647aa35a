//! The verdict: what fails, where, how often, and what it is most likely.

use super::page::{Line, Page, Role, cut};
use crate::diagnosis::{Diagnosis, HealthyRoute, Incident, Outcome};
use std::fmt::Write as _;

/// The width of the word before each route.
const LABEL: usize = 9;

/// With several incidents, how many there are; without any, the outcome.
pub(super) fn overview(page: &mut Page, diagnosis: &Diagnosis) {
    let (failing, healthy) = (diagnosis.incidents.len(), diagnosis.healthy_routes.len());
    if failing > 1 {
        let healthy = match healthy {
            0 => String::new(),
            1 => ", 1 route works".to_owned(),
            many => format!(", {many} routes work"),
        };
        let text = format!("{failing} problems, the worst first{healthy}.");
        page.wrapped(Line::default(), Role::Strong, &text);
        page.gap();
    }
    if failing > 0 {
        return;
    }
    let (role, label, text) = match diagnosis.outcome {
        Outcome::Failing => (
            Role::Bad,
            "FAILING",
            "Failures were seen, on no route that a line names.",
        ),
        Outcome::Healthy => (Role::Good, "OK", "No failed attempt was seen."),
        Outcome::InsufficientEvidence => (
            Role::Doubtful,
            "UNCLEAR",
            "This input cannot tell why a WebSocket failed.",
        ),
    };
    page.wrapped(lead(page, role, label), Role::Strong, text);
    page.gap();
}

/// `FAILING  /ws/dashboard/   middleware-only   12 of 12 attempts since 10:41:07`, then the summary.
pub(super) fn incident(page: &mut Page, incident: &Incident) {
    let unclear = incident.pattern == "insufficient-evidence";
    let (role, label) = if incident.harmless {
        (Role::Good, "HARMLESS")
    } else if unclear {
        (Role::Doubtful, "UNCLEAR")
    } else {
        (Role::Bad, "FAILING")
    };
    let route = incident
        .route
        .as_deref()
        .unwrap_or("(no line names the route)");
    let counts = format!(
        "{} of {} {}{}",
        incident.attempts_failed,
        incident.attempts_total,
        if incident.attempts_total == 1 {
            "attempt"
        } else {
            "attempts"
        },
        since(incident),
    );
    let pieces = [
        (
            Role::Strong,
            cut(route, page.width.saturating_sub(indent(page))),
        ),
        (Role::Plain, incident.pattern.clone()),
        (Role::Plain, counts),
    ];
    page.flow(lead(page, role, label), indent(page), 3, &pieces);
    let mut sentence = incident.summary.trim().to_owned();
    if let Some(cause) = incident.causes.first() {
        let _ = write!(
            sentence,
            " {}: {} ({}).",
            how_likely(cause.confidence),
            one_line(&cause.title).trim_end_matches('.'),
            percent(cause.confidence),
        );
    }
    page.wrapped(Line::indented(2), Role::Plain, &sentence);
}

/// The routes that work, in columns.
pub(super) fn healthy(page: &mut Page, diagnosis: &Diagnosis) {
    let routes = &diagnosis.healthy_routes;
    let widest = routes
        .iter()
        .map(|one| super::page::width_of(&one.route))
        .max();
    let column = widest.unwrap_or(0).min(40);
    for one in routes {
        healthy_route(page, one, column);
    }
    if !routes.is_empty() && !diagnosis.incidents.is_empty() {
        let text = "What these share with a failing route is cleared.";
        page.wrapped(Line::indented(2), Role::Faint, text);
    }
    page.gap();
}

fn healthy_route(page: &mut Page, one: &HealthyRoute, column: usize) {
    let counts = match one.attempts {
        1 => "1 of 1 attempt".to_owned(),
        many => format!("{many} of {many} attempts"),
    };
    let route = cut(&one.route, page.width.saturating_sub(indent(page)));
    let gap = column.saturating_sub(super::page::width_of(&route));
    let pieces = [
        (Role::Strong, format!("{route}{}", " ".repeat(gap))),
        (Role::Plain, "healthy".to_owned()),
        (Role::Plain, counts),
    ];
    page.flow(lead(page, Role::Good, "OK"), indent(page), 3, &pieces);
}

fn lead(page: &Page, role: Role, label: &str) -> Line {
    let columns = if page.is_narrow() {
        label.len().saturating_add(2)
    } else {
        LABEL
    };
    Line::default().add_padded(role, label, columns)
}

fn indent(page: &Page) -> usize {
    if page.is_narrow() { 2 } else { LABEL }
}

/// ` since 10:41:07`, with the date where the failures span days.
fn since(incident: &Incident) -> String {
    let Some(first) = &incident.first_seen else {
        return String::new();
    };
    let date = |stamp: &str| stamp.split('T').next().map(str::to_owned);
    let clock = first
        .split_once('T')
        .map(|(_, clock)| clock.chars().take(8).collect::<String>());
    let one_day = incident
        .last_seen
        .as_deref()
        .is_none_or(|last| date(last) == date(first));
    match (clock, one_day) {
        (Some(clock), true) => format!(" since {clock}"),
        (Some(clock), false) => format!(" since {} {clock}", date(first).unwrap_or_default()),
        (None, _) => format!(" since {first}"),
    }
}

/// The word for a probability.
fn how_likely(confidence: f64) -> &'static str {
    match confidence {
        sure if sure >= 0.8 => "Most likely",
        probable if probable >= 0.5 => "Probably",
        _ => "Perhaps",
    }
}

/// A probability as people read it. Certainty is never claimed.
pub(in crate::report) fn percent(probability: f64) -> String {
    match probability {
        low if low < 0.01 => "<1 %".to_owned(),
        high if high > 0.99 => "99 %".to_owned(),
        middle => format!("{:.0} %", middle * 100.0),
    }
}

/// A rule's text may be broken over lines.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
