//! What was observed, in a sentence or two: the pattern, told for this incident.

use super::Findings;
use super::case::Case;
use crate::attempt::Pattern;
use crate::input::Completeness;
use crate::stage::Stage;

pub(super) fn of(case: &Case, route: Option<&str>, findings: &Findings<'_>) -> String {
    let mut text = observed(case, findings);
    if let Some(silence) = silence(case, findings) {
        text.push(' ');
        text.push_str(&silence);
    }
    if route.is_none() {
        text.push_str(" No line names the path.");
    }
    text
}

fn observed(case: &Case, findings: &Findings<'_>) -> String {
    let signals = &case.signals;
    let text = match case.pattern {
        Pattern::NoLogs => {
            let network = [
                "client-refused",
                "client-name-unresolved",
                "client-timed-out",
            ]
            .iter()
            .any(|kind| signals.holds(kind));
            if signals.holds("failed=client") {
                "The browser refused to open the socket; no request left it."
            } else if network {
                "The client tried to connect and reached no server."
            } else if signals.holds("seen=client") {
                "The client tried to connect; nothing on the backend says so."
            } else {
                "The server never came to the point of taking connections."
            }
        }
        Pattern::HttpOnly => {
            "The request arrived, but was not taken as a WebSocket: it was answered as plain HTTP, \
             or not passed on as an upgrade."
        }
        Pattern::ServerOnly => {
            "The server saw the upgrade request and the connection ended there: no middleware and \
             no consumer spoke."
        }
        Pattern::MiddlewareOnly if is_cut(findings) => {
            "The handshake came to the middleware; no line of the consumer is in this input."
        }
        Pattern::MiddlewareOnly => {
            "The handshake came to the middleware and stopped there: the consumer was never called."
        }
        Pattern::ConsumerRefused => {
            "The consumer was called, and the connection was never accepted."
        }
        Pattern::AcceptedThenClosed => {
            "The connection was accepted and lost within moments, or before the client saw it open."
        }
        Pattern::OpenThenDropped => "The connection was open and was lost later.",
        Pattern::OpenButSilent => {
            "The connection is open, and the messages that are expected do not come."
        }
        Pattern::Healthy => "The connection worked.",
        Pattern::InsufficientEvidence => return undecided(findings).to_owned(),
    };
    text.to_owned()
}

/// Whether lines may be missing, so that what is not there proves nothing.
fn is_cut(findings: &Findings<'_>) -> bool {
    findings
        .sources
        .iter()
        .any(|source| source.completeness != Completeness::Whole)
}

fn undecided(findings: &Findings<'_>) -> &'static str {
    let given = |side: &str| findings.input_signals.holds(&format!("given={side}"));
    if given("client") && !given("backend") {
        "The client says that the connection failed and, as browsers do, not why; the server's side \
         is not in the input."
    } else {
        "These lines do not show how the attempt ended."
    }
}

/// The line elsewhere that makes the silence of a stage informative.
fn silence(case: &Case, findings: &Findings<'_>) -> Option<String> {
    let stage = [
        Stage::Consumer,
        Stage::Auth,
        Stage::Middleware,
        Stage::Server,
    ]
    .into_iter()
    .rev()
    .find(|stage| case.signals.holds(&format!("silent={stage}")))?;
    let name = format!("silent={stage}");
    let event = case.signals.events(&name).first()?;
    let place = findings.cite(*event)?;
    Some(format!(
        "The {stage} stage speaks for another attempt ({}:{}) and is silent here.",
        place.file, place.line
    ))
}
