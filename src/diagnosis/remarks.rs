//! What most people get wrong about what they see, said where it matters.

use super::Findings;
use super::case::Case;
use crate::attempt::Pattern;
use crate::own::Standing;
use std::collections::BTreeSet;

/// What the application means by the close codes that were seen, where the user says it.
fn codes(case: &Case, findings: &Findings<'_>) -> Vec<String> {
    let file = findings.rules.own.file.as_deref().unwrap_or("a rule file");
    let seen: BTreeSet<u16> = case
        .signals
        .own()
        .filter(|(name, _)| name.starts_with("close-means="))
        .flat_map(|(_, events)| events)
        .filter_map(|id| findings.event(*id)?.field("code")?.parse().ok())
        .collect();
    seen.into_iter()
        .filter_map(|code| {
            let known = findings.rules.lexicon.close_code(code)?;
            let text = known.text.as_deref().unwrap_or_default();
            let text = if text.is_empty() {
                ""
            } else {
                &format!(": {text}")
            };
            Some(format!(
                "Close code {code} means `{}` here, says {file}{text}",
                known.means
            ))
        })
        .collect()
}

/// What the user's list of routes says of a path that is not in it.
fn listing(case: &Case, findings: &Findings<'_>) -> Option<String> {
    if !case.signals.holds("route-known=near") && !case.signals.holds("route-known=unlisted") {
        return None;
    }
    let own = &findings.rules.own;
    let file = own.file.as_deref().unwrap_or("the configuration");
    let path = case
        .attempts
        .iter()
        .find_map(|index| findings.attempts.attempts.get(*index)?.route.as_deref())?;
    match own.routes.standing(path) {
        Standing::Slash(route) => Some(format!(
            "{path} is {} but for the final slash, which counts: Django's redirect exists for HTTP only.",
            route.path
        )),
        Standing::Near(route) => Some(format!(
            "{path} is none of the routes that {file} lists; did you mean {}?",
            route.path
        )),
        Standing::Foreign => Some(format!(
            "{path} is none of the routes that {file} lists, nor like one of them."
        )),
        Standing::NoList | Standing::Listed(_) => None,
    }
}

pub(super) fn of(case: &Case, findings: &Findings<'_>) -> Vec<String> {
    let signals = &case.signals;
    let mut remarks = Vec::new();
    if case.harmless {
        remarks.push(
            "The page opened another socket right away, and that one works: nothing needs fixing. In \
             development, React's StrictMode does this at every mount."
                .to_owned(),
        );
    }
    remarks.extend(codes(case, findings));
    remarks.extend(listing(case, findings));
    let unaccepted = !signals.holds("accept=proven");
    let application_code = signals.holds("close-class=application");
    if unaccepted && application_code && !signals.holds("seen=client") {
        remarks.push(
            "A close code sent before accept never reaches the browser: the server answers HTTP 403, \
             and the browser reports 1006."
                .to_owned(),
        );
    } else if unaccepted && signals.holds("close-code=1006") && signals.holds("seen=backend") {
        remarks.push(
            "The browser's 1006 only says that no close frame came: whatever the server does before \
             accept (a close code, a refusal, an exception) reaches the browser as an HTTP status \
             and 1006."
                .to_owned(),
        );
    }
    if signals.holds("client-error-event") || signals.holds("client-socket-closed-state") {
        remarks.push(
            "`Event {isTrusted: true}` and `readyState: 3` carry no cause: browsers hide it from \
             scripts on purpose. The console's own line (`WebSocket connection to … failed: …`) and \
             the Network tab carry it."
                .to_owned(),
        );
    }
    if case.pattern == Pattern::NoLogs
        && signals.holds("seen=client")
        && signals.holds("given=backend")
        && !signals.holds("failed=client")
    {
        remarks.push("No line of the given backend logs belongs to these attempts.".to_owned());
    }
    if !findings.attempts.attempts.is_empty()
        && findings
            .sources
            .iter()
            .any(|source| source.completeness == crate::input::Completeness::Filtered)
    {
        remarks.push(
            "The input went through `grep`: lines it dropped, tracebacks above all, may hold the \
             cause. Nothing here rests on a line that is not there."
                .to_owned(),
        );
    }
    remarks
}
