//! One WebSocket request of a net-export: its events turned into lines, in the console's words.
//!
//! Which events belong to it is decided by `net_export`.

use super::handshake::{Cookie, Handshake, closing_line, failure_line, unexpected};
use super::net_log::{NetEvent, NetLog, whole};
use super::{peer, request};
use crate::record::Peer;
use crate::stamp::Stamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// What a request that became a WebSocket ends with: it is one no longer.
const UPGRADED: &str = "ERR_WS_UPGRADE";

/// One thing said of a request.
#[derive(Debug)]
pub(super) struct Said {
    /// The line, counted from zero.
    pub(super) line: usize,
    /// When.
    pub(super) stamp: Option<Stamp>,
    /// In which words.
    pub(super) message: String,
    /// The HTTP status, where it is one.
    pub(super) status: Option<u16>,
}

/// One WebSocket request.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is said once, in whatever order a version writes them"
)]
pub(super) struct NetAttempt {
    /// Its URL.
    pub(super) url: String,
    /// The client's own address, as a server without a proxy sees it.
    pub(super) peer: Option<Peer>,
    /// What is told of it, in order.
    pub(super) said: Vec<Said>,
    handshake: Option<Handshake>,
    answered: Option<String>,
    withheld: Option<String>,
    proxy: Option<String>,
    failed: bool,
    opened: bool,
    heard: bool,
    closed: bool,
    latest_bytes: Vec<u8>,
}

impl NetAttempt {
    /// A request that begins.
    pub(super) fn begin(url: &str, line: usize, stamp: Option<Stamp>) -> Self {
        let mut attempt = Self {
            url: url.to_owned(),
            ..Self::default()
        };
        attempt.said.push(Said {
            line,
            stamp,
            message: format!("Connecting to {url}"),
            status: None,
        });
        attempt
    }

    /// Takes an event of the request, or of a source that serves it.
    pub(super) fn take(&mut self, event: &NetEvent<'_>, log: &NetLog<'_>) {
        match (event.source_kind, event.name) {
            ("URL_REQUEST", "COOKIE_INCLUSION_STATUS") => self.take_cookie(event),
            (_, name) if name.contains("PROXY_SERVER_RESOLVED") => self.take_proxy(event),
            ("SOCKET", "TCP_CONNECT") if event.ends => self.take_connection(event),
            ("SOCKET", name) if name.ends_with("SOCKET_BYTES_RECEIVED") => {
                self.latest_bytes = text(event, "bytes")
                    .and_then(|bytes| STANDARD.decode(bytes).ok())
                    .unwrap_or_default();
            }
            ("URL_REQUEST", name) if name.ends_with("SEND_REQUEST_HEADERS") => {
                self.take_request(event);
            }
            ("URL_REQUEST", "HTTP_TRANSACTION_READ_RESPONSE_HEADERS") => self.take_answer(event),
            ("URL_REQUEST", "WEBSOCKET_UPGRADE_FAILURE") => {
                if let Some(reason) = text(event, "message") {
                    self.fail(event, reason);
                }
            }
            (_, "WEBSOCKET_STATE_CHANGED") => self.take_state(event),
            (_, "WEBSOCKET_RECV_FRAME_HEADER") => self.take_frame(event, "the server"),
            (_, "WEBSOCKET_SENT_FRAME_HEADER") => self.take_frame(event, "the page"),
            ("URL_REQUEST", "CANCELLED" | "REQUEST_ALIVE" | "URL_REQUEST_START_JOB") => {
                self.take_end(event, log);
            }
            _ => {}
        }
    }

    fn say(&mut self, event: &NetEvent<'_>, message: String, status: Option<u16>) {
        self.said.push(Said {
            line: event.line,
            stamp: event.stamp,
            message,
            status,
        });
    }

    /// Cookies that the browser has and keeps back; those of other paths do not count.
    fn take_cookie(&mut self, event: &NetEvent<'_>) {
        let status = text(event, "status").unwrap_or_default();
        let reasons: Vec<&str> = REASONS
            .iter()
            .filter(|(code, _)| status.contains(code))
            .map(|(_, reason)| *reason)
            .collect();
        if text(event, "operation") == Some("send") && !reasons.is_empty() {
            self.withheld = Some(reasons.join(", "));
        }
    }

    /// `[direct://]` or `[127.0.0.1:3128]`, in older versions `PROXY 127.0.0.1:3128`.
    fn take_proxy(&mut self, event: &NetEvent<'_>) {
        let Some(chain) = text(event, "proxy_chain").or_else(|| text(event, "proxy_server")) else {
            return;
        };
        if !chain.to_ascii_lowercase().contains("direct") && self.proxy.is_none() {
            let name = chain.trim_matches(['[', ']']).trim_start_matches("PROXY ");
            self.proxy = Some(name.to_owned());
            let message = format!("WebSocket handshake goes through the client's proxy {name}");
            self.say(event, message, None);
        }
    }

    fn take_connection(&mut self, event: &NetEvent<'_>) {
        let Some(remote) = text(event, "remote_address") else {
            return;
        };
        if self.proxy.is_some() {
            return;
        }
        let local = text(event, "local_address").or_else(|| text(event, "source_address"));
        self.peer = local.and_then(peer::address);
        self.say(
            event,
            format!("TCP connection to {remote} established"),
            None,
        );
    }

    fn take_request(&mut self, event: &NetEvent<'_>) {
        let Some(mut handshake) = Handshake::read(headers(event)) else {
            return;
        };
        if handshake.cookie == Cookie::NotSent
            && let Some(reason) = self.withheld.take()
        {
            handshake.cookie = Cookie::Withheld(reason);
        }
        self.say(event, handshake.request_line(), None);
        self.handshake = Some(handshake);
    }

    /// Versions that state no upgrade failure log the headers of every answer.
    fn take_answer(&mut self, event: &NetEvent<'_>) {
        let lines = event.params.get("headers").and_then(Value::as_array);
        let first = lines
            .and_then(|lines| lines.first())
            .and_then(Value::as_str);
        let status = first
            .and_then(|line| line.split_once(' '))
            .and_then(|(_, rest)| request::status(rest))
            .map(|(status, _)| status);
        // Over HTTP/2 an accepted WebSocket is answered 200.
        let over_http2 = first.is_some_and(|line| line.starts_with("HTTP/2"));
        match status {
            Some(101) => self.answered = answered_protocol(event),
            Some(200) if over_http2 => self.answered = answered_protocol(event),
            Some(status) => {
                self.fail(event, &unexpected(status));
                if let Some(said) = self.said.last_mut() {
                    said.status = Some(status);
                }
            }
            None => {}
        }
    }

    fn take_state(&mut self, event: &NetEvent<'_>) {
        match text(event, "new_state") {
            Some("CONNECTED") => self.open(event),
            Some("CLOSED") if self.opened && !self.closed => {
                self.closed = true;
                let message = "WebSocket closed without a close frame, code: 1006".to_owned();
                self.say(event, message, None);
            }
            _ => {}
        }
    }

    fn take_frame(&mut self, event: &NetEvent<'_>, by: &str) {
        let opcode = event.params.get("opcode").and_then(whole);
        match opcode {
            // One is enough to show that messages come.
            Some(1 | 2) if by == "the server" && !self.heard => {
                self.heard = true;
                self.say(event, "WebSocket message received".to_owned(), None);
            }
            Some(8) if !self.closed => {
                self.closed = true;
                let empty = event.params.get("payload_length").and_then(whole) == Some(0);
                let code = match self.latest_bytes.as_slice() {
                    _ if empty => Some(1005),
                    // The server's last bytes, which only a capture of everything shows.
                    [0x88, _, high, low, ..] if by == "the server" => {
                        Some(u16::from_be_bytes([*high, *low]))
                    }
                    _ => None,
                };
                self.say(event, closing_line(code, by), None);
            }
            _ => {}
        }
    }

    fn take_end(&mut self, event: &NetEvent<'_>, log: &NetLog<'_>) {
        let Some(number) = event.params.get("net_error").and_then(whole) else {
            return;
        };
        match log.error(number) {
            Some(UPGRADED) => self.open(event),
            // The request had gone out: what ran out is the time for its answer.
            Some("ERR_TIMED_OUT") if self.handshake.is_some() => {
                self.fail(event, "WebSocket opening handshake timed out");
            }
            Some("ERR_ABORTED") => {
                self.fail(
                    event,
                    "WebSocket is closed before the connection is established.",
                );
            }
            Some(name) => {
                let reason = format!("Error in connection establishment: net::{name}");
                self.fail(event, &reason);
            }
            None => {}
        }
    }

    fn open(&mut self, event: &NetEvent<'_>) {
        if self.opened || self.failed {
            return;
        }
        self.opened = true;
        let message = self
            .handshake
            .as_ref()
            .map_or("WebSocket connected".to_owned(), |handshake| {
                handshake.answer_line(self.answered.as_deref())
            });
        self.say(event, message, Some(101));
    }

    fn fail(&mut self, event: &NetEvent<'_>, reason: &str) {
        if !self.opened && !self.failed {
            self.failed = true;
            self.say(event, failure_line(&self.url, reason), None);
        }
    }
}

/// Why a cookie that the host would get is held back, by Chrome's name of it.
const REASONS: [(&str, &str); 7] = [
    ("EXCLUDE_SAMESITE_STRICT", "SameSite=Strict"),
    ("EXCLUDE_SAMESITE_LAX", "SameSite=Lax"),
    (
        "EXCLUDE_SAMESITE_UNSPECIFIED_TREATED_AS_LAX",
        "no SameSite, taken for Lax",
    ),
    (
        "EXCLUDE_SAMESITE_NONE_INSECURE",
        "SameSite=None without Secure",
    ),
    ("EXCLUDE_SECURE_ONLY", "Secure cookie, no TLS"),
    ("EXCLUDE_THIRD_PARTY", "third-party cookies are blocked"),
    ("EXCLUDE_USER_PREFERENCES", "the user blocks cookies"),
];

fn text<'e>(event: &'e NetEvent<'_>, key: &str) -> Option<&'e str> {
    event.params.get(key).and_then(Value::as_str)
}

/// The headers, `Name: value` each; those of HTTP/2 begin with a colon.
fn headers<'e>(event: &'e NetEvent<'_>) -> impl Iterator<Item = (&'e str, &'e str)> {
    let lines = event.params.get("headers").and_then(Value::as_array);
    lines
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter_map(|line| {
            let (name, value) = match line.strip_prefix(':') {
                Some(pseudo) => {
                    let (name, _) = pseudo.split_once(':')?;
                    line.split_at_checked(name.len().saturating_add(1))?
                }
                None => line.split_once(':')?,
            };
            Some((name, value.trim_start_matches(':')))
        })
}

fn answered_protocol(event: &NetEvent<'_>) -> Option<String> {
    headers(event)
        .find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-protocol"))
        .map(|(_, value)| value.trim().to_owned())
}
