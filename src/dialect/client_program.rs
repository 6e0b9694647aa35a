//! What client programs print when a WebSocket fails: wscat, websocat, curl, Node's `ws`, Python's
//! `websockets`, `websocket-client` and aiohttp, React Native and OkHttp.
//!
//! A server may itself be such a client, so only lines that speak of the client's own handshake are
//! claimed; what their words mean is data of the lexicon.

use super::browser_words::{socket_url, status, status_at};
use super::{Dialect, Layer, Parsed};
use crate::record::Side;

/// See the module.
pub(crate) struct ClientProgram;

impl Dialect for ClientProgram {
    fn id(&self) -> &'static str {
        "client-program"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "error: Unexpected server response: 403",
            "Connected (press CTRL+C to quit)",
            "Disconnected (code: 1006, reason: \"\")",
            "websockets.exceptions.InvalidStatus: server rejected WebSocket connection: HTTP 403",
            "websocket._exceptions.WebSocketBadStatusException: Handshake status 403 Forbidden",
            "aiohttp.client_exceptions.WSServerHandshakeError: 403, message='Invalid response status', url='ws://localhost:8000/ws/x/'",
            "websocat: WebSocketError: Received unexpected status code (403 Forbidden)",
            "< HTTP/1.1 403 Forbidden",
            "* Connected to localhost (127.0.0.1) port 8000",
            "curl: (7) Failed to connect to localhost port 8000: Connection refused",
            "java.net.ProtocolException: Expected HTTP 101 response but was '403 Forbidden'",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let text = text.trim();
        if !is_clients(text) {
            return None;
        }
        Some(Parsed {
            side: Some(Side::Client),
            target: socket_url(text),
            status: status(text).or_else(|| status_line(text)),
            message: text.to_owned(),
            ..Parsed::default()
        })
    }
}

/// How the lines of such programs begin.
const STARTS: &[&str] = &[
    "error: Unexpected server response: ",
    "Error: Unexpected server response: ",
    "error: connect E",
    "Error: connect E",
    "Error: socket hang up",
    "error: socket hang up",
    "Connected (press CTRL+C to quit)",
    "connected (press CTRL+C to quit)",
    "Disconnected (code: ",
    "disconnected (code: ",
    "websockets.exceptions.Invalid",
    "websocket._exceptions.",
    "aiohttp.client_exceptions.WSServerHandshakeError: ",
    "websocat: ",
    "curl: (",
    "* Connected to ",
    "*   Trying ",
    "* connect to ",
    "java.net.ProtocolException: Expected HTTP 101",
    "--- request header ---",
    "--- response header ---",
];

/// Whether the line is a client program's.
pub(crate) fn is_clients(text: &str) -> bool {
    STARTS.iter().any(|start| text.starts_with(start)) || status_line(text).is_some()
}

/// The status in curl's `< HTTP/1.1 403 Forbidden`. The `websockets` library writes its server's
/// answer with the arrow the other way, and what its client received as this.
fn status_line(text: &str) -> Option<u16> {
    if let Some((_, rest)) = text.split_once("Handshake status ") {
        return status_at(rest);
    }
    if let Some((_, rest)) = text.split_once("unexpected status code (") {
        return status_at(rest);
    }
    let (_, rest) = text.strip_prefix("< HTTP/")?.split_once(' ')?;
    status_at(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read() {
        for text in [
            "error: Unexpected server response: 403",
            "websockets.exceptions.InvalidStatusCode: server rejected WebSocket connection: HTTP 403",
            "< HTTP/1.1 403 Forbidden",
            "websocket._exceptions.WebSocketBadStatusException: Handshake status 403 Forbidden",
            "java.net.ProtocolException: Expected HTTP 101 response but was '403 Forbidden'",
            "aiohttp.client_exceptions.WSServerHandshakeError: 403, message='Invalid response status'",
        ] {
            let parsed = ClientProgram.parse(text).expect(text);
            assert_eq!(
                (parsed.status, parsed.side),
                (Some(403), Some(Side::Client)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_servers_line_is_not_claimed() {
        for text in [
            "> HTTP/1.1 101 Switching Protocols",
            "< GET /ws/x HTTP/1.1",
            "error: connection refused",
            "Connected",
        ] {
            assert_eq!(ClientProgram.parse(text), None, "{text}");
        }
    }
}
