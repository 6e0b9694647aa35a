//! What client programs and libraries print when a WebSocket fails: wscat, websocat, curl, Node's
//! `ws`, `OkHttp`, Java's and Go's clients, Apple's.
//!
//! Clients in Python end in a traceback, which is another dialect's. What the words mean is data of
//! the lexicon.

use super::browser_words::{socket_url, status, status_at};
use super::word_list::WordList;
use super::{Dialect, Layer, Parsed, browser_runner};
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
            "websocat: WebSocketError: Received unexpected status code (403 Forbidden)",
            "* Connected to localhost (127.0.0.1) port 8000",
            "curl: (7) Failed to connect to localhost port 8000: Connection refused",
            "java.net.ProtocolException: Expected HTTP 101 response but was '403 Forbidden'",
            "The status code of the opening handshake response is not '101 Switching Protocols'. The status line is: HTTP/1.1 403 Forbidden",
            "AggregateError [ECONNREFUSED]:",
            "websocket.Dial ws://localhost:8000/ws/x/: dial tcp [::1]:8000: connect: connection refused",
            "$ curl -i -N -H 'Connection: Upgrade' -H 'Upgrade: websocket' http://localhost:8000/ws/x/",
            "HTTP/1.1 403 Access denied",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        // A test runner or a phone's log puts a level and a tag of its own before the same words.
        let text = text.trim_end();
        let known = is_clients(text.trim()) || is_command(text) || is_status_line(text);
        if !known || browser_runner::read(text).is_some() {
            return None;
        }
        let text = text.trim();
        Some(Parsed {
            side: Some(Side::Client),
            target: socket_url(text),
            status: status(text)
                .or_else(|| stated_status(text))
                .or_else(|| answered_status(text)),
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
    "websocat: ",
    "curl: (",
    "* Connected to ",
    "*   Trying ",
    "* connect to ",
    "--- request header ---",
    "--- response header ---",
    "AggregateError [E",
    "[Error: connect E",
    "{ [Error: connect E",
    "{ Error: connect E",
];

/// What only the client's end of a handshake says, wherever a program puts it.
static WORDS: WordList = WordList::new(&[
    "Expected HTTP 101 response but was '",
    "Unexpected server response: ",
    "response is not '101 Switching Protocols'",
    "Invalid status code received: ",
    "WebSocket Client failed to connect. Invalid handshake response",
    "Server responded with a non-101 status: ",
    "when status code '101' was expected",
    "was not upgraded to websocket",
    "websocket: bad handshake",
    "websocket.Dial ws",
    "received close frame: status = StatusCode(4",
    "No more WebSocket frame from the server",
    "Stream end encountered",
    "Client network socket disconnected before secure TLS connection was established",
]);

/// Whether the line is a client program's.
pub(crate) fn is_clients(text: &str) -> bool {
    // How one of them begins; most lines begin otherwise.
    let begins = text.starts_with(['e', 'E', 'C', 'c', 'D', 'd', 'w', '*', '-', 'A', '[', '{']);
    begins && STARTS.iter().any(|start| text.starts_with(start)) || WORDS.is_in(text)
}

/// Whether the line is a client's command behind a shell's prompt, as a terminal shows it.
fn is_command(text: &str) -> bool {
    const PROGRAMS: [&str; 6] = ["curl", "wscat", "websocat", "node", "npx", "wsdump"];
    let Some((prompt, command)) = text.split_once(['$', '#', '%', '>']) else {
        return false;
    };
    let has_prompt = prompt.chars().count() <= 60 && !prompt.contains(['"', '{', '=']);
    let program = command.trim_start().split(' ').next().unwrap_or_default();
    has_prompt && command.starts_with(' ') && PROGRAMS.contains(&program)
}

/// Whether the line is an answer's first line as curl shows it, and nothing else.
fn is_status_line(text: &str) -> bool {
    answered_status(text).is_some()
}

/// The status of `HTTP/1.1 403 Forbidden`.
fn answered_status(text: &str) -> Option<u16> {
    let rest = text
        .strip_prefix("HTTP/1.1 ")
        .or_else(|| text.strip_prefix("HTTP/1.0 "))?;
    let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let plain = reason.chars().count() <= 90 && !reason.contains(['"', '{']);
    (code.len() == 3 && plain)
        .then(|| status_at(code))
        .flatten()
}

/// The status in websocat's `Received unexpected status code (403 Forbidden)`.
fn stated_status(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once("unexpected status code (")?;
    status_at(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_is_known() {
        for text in STARTS {
            assert!(is_clients(text), "{text}");
        }
    }

    #[test]
    fn the_status_is_read() {
        for text in [
            "error: Unexpected server response: 403",
            "websocat: WebSocketError: Received unexpected status code (403 Forbidden)",
            "Expected HTTP 101 response but was '403 Forbidden'",
            "onFailure: java.net.ProtocolException: Expected HTTP 101 response but was '403 Forbidden'",
            "The status code of the opening handshake response is not '101 Switching Protocols'. The status line is: HTTP/1.1 403 Forbidden.",
            "closed by: us, reason: Invalid status code received: 403 Status line: HTTP/1.1 403 Forbidden, code: 1002",
            "WebSocket Client failed to connect. Invalid handshake response getStatus: 403 Forbidden",
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
            "< HTTP/1.1 403 Forbidden",
            "error: connection refused",
            "Connected",
        ] {
            assert_eq!(ClientProgram.parse(text), None, "{text}");
        }
    }
}
