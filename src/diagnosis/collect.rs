//! What to provide where the evidence does not suffice: the side that is missing, and how to get it.

use super::Findings;

pub(super) fn missing(findings: &Findings<'_>) -> Vec<String> {
    let given = |side: &str| findings.input_signals.holds(&format!("given={side}"));
    let mut wanted = Vec::new();
    let nothing = findings.attempts.attempts.is_empty();
    if nothing {
        wanted.push(
            "Logs that cover the moment of a failed attempt: no line here speaks of a WebSocket \
             connection."
                .to_owned(),
        );
    }
    if nothing || !given("backend") {
        wanted.push(
            "The ASGI server's output around the attempt, unfiltered: what Daphne (or Uvicorn, \
             Hypercorn, runserver) prints on its terminal, in `docker compose logs web` or in \
             `journalctl -u daphne`."
                .to_owned(),
        );
    } else {
        wanted.push(
            "The application's own log at level DEBUG for `channels`, `daphne` and your consumers \
             and middleware, over one whole attempt with 10 s after it."
                .to_owned(),
        );
    }
    if nothing || !given("client") {
        wanted.push(
            "The browser's console, saved with \"Save as…\": its own line `WebSocket connection to \
             … failed: …` names the reason."
                .to_owned(),
        );
    } else {
        wanted.push(
            "The handshake's HTTP status from the Network tab (filter WS), or the tab exported as \
             HAR."
                .to_owned(),
        );
    }
    let filtered = findings
        .sources
        .iter()
        .any(|source| source.completeness == crate::input::Completeness::Filtered);
    if filtered {
        wanted.push(
            "The same logs without `grep`, or with `grep -B5 -A40`: tracebacks do not contain the \
             words searched for."
                .to_owned(),
        );
    }
    wanted
}
