//! Facts about the handshake's headers, where the input shows them: the page's origin against the
//! host that it dials.
//!
//! Whether a server allows an origin is its own affair; a page of another host is only the one it
//! is more often refused for.

use super::super::{Attempt, Signals, route};
use crate::timeline::Timeline;

/// Adds `origin=` for an attempt whose request is shown with Host and Origin.
pub(super) fn add(attempt: &Attempt, timeline: &Timeline, signals: &mut Signals) {
    for id in &attempt.events {
        let Some(event) = timeline.events.get(*id) else {
            continue;
        };
        let (Some(host), Some(origin)) = (event.field("host"), event.field("origin")) else {
            continue;
        };
        if let Some(value) = compare(host, origin) {
            signals.add(format!("origin={value}"), [*id]);
        }
    }
}

/// How an origin stands to the host of the request.
fn compare(host: &str, origin: &str) -> Option<&'static str> {
    if origin == "null" {
        return Some("null");
    }
    let page = route::Target::parse(origin);
    let page_host = page.host?;
    // The host's scheme is not in its header; only whether a port is named can be compared.
    let dialled = route::Target::parse(&format!("ws://{host}"));
    let dialled_host = dialled.host?;
    if !page_host.eq_ignore_ascii_case(&dialled_host) {
        return Some("other-host");
    }
    let plain = |port: Option<u16>| port.filter(|port| !matches!(port, 80 | 443));
    if plain(page.port) == plain(dialled.port) {
        Some("same")
    } else {
        Some("other-port")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_compared_with_the_host_it_dials() {
        for (host, origin, expected) in [
            ("localhost:8000", "http://localhost:8000", Some("same")),
            ("example.com", "https://example.com", Some("same")),
            ("example.com:443", "https://example.com", Some("same")),
            (
                "localhost:8000",
                "http://localhost:5173",
                Some("other-port"),
            ),
            (
                "localhost:8000",
                "http://127.0.0.1:8000",
                Some("other-host"),
            ),
            ("api.example.com", "https://example.com", Some("other-host")),
            ("[::1]:8000", "http://[::1]:8000", Some("same")),
            ("example.com", "null", Some("null")),
            ("example.com", "none", None),
        ] {
            assert_eq!(compare(host, origin), expected, "{host} {origin}");
        }
    }
}
