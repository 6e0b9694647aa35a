//! What can be said from the client's side, or a proxy's, alone: the pattern that the evidence
//! allows, and no more certainty than it gives.

use crate::material::RULES;
use wswhy::diagnosis::{Diagnosis, Outcome, diagnose};
use wswhy::input;

fn read(name: &str, text: &str) -> Diagnosis {
    let sources: Vec<_> = input::from_text(name, text).into_iter().collect();
    diagnose(&sources, &RULES, &[])
}

/// Outcome and pattern of the first incident.
fn shown(name: &str, text: &str) -> (Outcome, String) {
    let diagnosis = read(name, text);
    let pattern = diagnosis
        .incidents
        .first()
        .map_or("none", |incident| incident.pattern.as_str())
        .to_owned();
    (diagnosis.outcome, pattern)
}

/// How sure the first cause is, and which.
fn surest(name: &str, text: &str) -> (String, f64) {
    let diagnosis = read(name, text);
    let first = diagnosis
        .incidents
        .first()
        .and_then(|incident| incident.causes.first());
    first.map_or((String::new(), 0.0), |cause| {
        (cause.id.clone(), cause.confidence)
    })
}

#[test]
fn a_refused_handshake_is_a_failure_though_its_cause_is_open() {
    for (text, pattern) in [
        (
            "WebSocket connection to 'ws://example.org/ws/x/' failed: Error during WebSocket handshake: Unexpected response code: 403",
            "server-only",
        ),
        (
            "java.net.ProtocolException: Expected HTTP 101 response but was '403 Forbidden'",
            "server-only",
        ),
        (
            "The status code of the opening handshake response is not '101 Switching Protocols'. The status line is: HTTP/1.1 404 Not Found.",
            "http-only",
        ),
        (
            "WebSocket connection to 'ws://localhost:8000/ws/x/' failed: Error during WebSocket handshake: net::ERR_CONNECTION_RESET",
            "no-logs",
        ),
        (
            "[Board] WebSocket connected\n[Board] WebSocket closed: 1006\n[Board] Attempting to reconnect (1/5) in 2000ms...\n[Board] WebSocket connected\n[Board] WebSocket closed: 1006",
            "accepted-then-closed",
        ),
        (
            "Socket closed, reason: Stream end encountered, code: 1001, clean: 0",
            "open-then-dropped",
        ),
    ] {
        assert_eq!(
            shown("console.log", text),
            (Outcome::Failing, pattern.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn an_open_cause_says_what_to_collect() {
    let text = "WebSocket connection to 'ws://example.org/ws/x/' failed: Error during WebSocket handshake: Unexpected response code: 403";
    assert!(!read("console.log", text).collect.is_empty());
    let told = "WebSocket connection to 'ws://example.org/ws/x/' failed: Error in connection establishment: net::ERR_CONNECTION_REFUSED";
    assert!(read("console.log", told).collect.is_empty());
}

#[test]
fn a_proxys_reset_alone_is_neither_failure_nor_health() {
    let text = "2026/11/20 10:00:00 [error] 118#0: *20871 recv() failed (104: Connection reset by peer) while proxying upgraded connection, client: 203.0.113.9, server: example.org, request: \"GET /ws/x/ HTTP/1.1\", upstream: \"http://127.0.0.1:8000/ws/x/\"";
    assert_eq!(
        shown("error.log", text),
        (
            Outcome::InsufficientEvidence,
            "insufficient-evidence".to_owned()
        )
    );
    let gone = format!(
        "{text}\n2026/11/20 10:00:01 [error] 118#0: *20872 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: example.org, request: \"GET /ws/x/ HTTP/1.1\", upstream: \"http://127.0.0.1:8000/ws/x/\""
    );
    assert_eq!(
        shown("error.log", &gone),
        (Outcome::Failing, "http-only".to_owned())
    );
}

#[test]
fn what_leaves_several_causes_open_is_not_called_sure() {
    for text in [
        // The browser's own proxy is down.
        "WebSocket connection to 'ws://203.0.113.20:8000/ws/' failed: Error in connection establishment: net::ERR_PROXY_CONNECTION_FAILED",
        // Some page in HTTP/1.0 answered: a proxy's, or another program on the port.
        "WebSocket connection to 'wss://example.org/ws/x/' failed: Invalid HTTP version string: HTTP/1.0",
        // The page's own time-out closed the socket.
        "transport.js:91 took too long to connect - exceeded time set in configuration.connectionTimeout: 5s\ntransport.js:179 WebSocket connection to 'wss://example.org/ws/' failed: WebSocket is closed before the connection is established.",
        // A library's own code for a stream that ends.
        "WebSocketFrame(FIN=1,RSV1=0,RSV2=0,RSV3=0,Opcode=CLOSE,Length=42,CloseCode=1002,Reason=\"No more WebSocket frame from the server.\")",
    ] {
        let (cause, confidence) = surest("console.log", text);
        assert!(confidence < 0.5, "{cause} {confidence:.2}: {text}");
    }
}

#[test]
fn a_page_that_opens_again_is_not_healthy() {
    let text = "app.js:36 Socket is closed. Reconnect will be attempted in 0.5 second.\napp.js:26 Connected to websocket";
    assert_eq!(shown("console.log", text).0, Outcome::InsufficientEvidence);
}

#[test]
fn firefox_and_windows_speak_the_users_language() {
    let interrupted = "Die Verbindung zu ws://localhost:8000/ws/x/ wurde unterbrochen, während die Seite geladen wurde. app.js:3:7";
    assert_eq!(surest("console.log", interrupted).0, "client-closed-early");
    let refused = "ConnectionRefusedError: [WinError 10061] Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte: ws://127.0.0.1:8000/ws/x/";
    assert_eq!(shown("client.log", refused).1, "no-logs");
}
