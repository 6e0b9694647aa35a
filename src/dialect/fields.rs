//! The names that structured loggers give to time, level, logger, message, exception and request.
//!
//! Shared by the dialects of JSON and key=value lines, which differ in syntax alone.

use super::field_names::{Slot, is_proxys, plain, slot};
use super::request::Request;
use super::{Parsed, clock, level, peer};
use crate::record::{Level, Peer, Side};
use crate::stamp::Stamp;
use serde_json::{Map, Value};

/// What the fields of one line said so far. The first of several names for a thing counts.
#[derive(Debug, Default)]
pub(super) struct Fields {
    stamp: Option<Stamp>,
    level: Option<Level>,
    logger: Option<String>,
    message: Option<String>,
    trace: Vec<String>,
    error_class: Option<String>,
    error_text: Option<String>,
    host: Option<Peer>,
    port: Option<u16>,
    method: Option<String>,
    target: Option<String>,
    query: Option<String>,
    status: Option<u16>,
    code: Option<u16>,
    side: Option<Side>,
    /// Fields of the application's own, in the order written: `reason=Signature has expired`.
    further: Vec<String>,
}

impl Fields {
    /// Takes one field of a JSON object; nested objects of known name are entered.
    pub(super) fn take(&mut self, key: &str, value: &Value) {
        let slot = slot(key);
        if slot.is_none() {
            self.take_further(key, value);
        }
        match value {
            Value::String(text) => self.take_text(key, text),
            Value::Number(number) => self.take_number(key, number.as_f64().unwrap_or(0.0)),
            Value::Object(fields) => match slot {
                Some(Slot::Nest | Slot::Request) => {
                    for (inner, value) in fields {
                        self.take(inner, value);
                    }
                }
                _ => self.enter(key, fields),
            },
            Value::Array(lines) if slot == Some(Slot::Trace) => {
                let texts = lines.iter().filter(|item| item.is_string());
                // Of objects the exception that escaped comes first, what it was raised from behind.
                let objects = lines.iter().rev().filter(|item| item.is_object());
                self.trace
                    .extend(texts.chain(objects).flat_map(trace_lines));
            }
            Value::Array(pair) if slot == Some(Slot::Client) => self.take_pair(pair),
            _ => {}
        }
    }

    /// Objects whose name only together with an inner one says what it is: `log: {level: …}`.
    fn enter(&mut self, key: &str, fields: &Map<String, Value>) {
        if asks_for_websocket(fields) && is_requests_headers(key) {
            self.further.push(UPGRADE.to_owned());
        }
        for (inner, value) in fields {
            let joined = format!("{key}.{inner}");
            let scalar = !matches!(value, Value::Object(_) | Value::Array(_));
            if scalar && slot(&joined).is_some() {
                self.take(&joined, value);
            } else if let Value::Object(deeper) = value {
                self.enter(&joined, deeper);
            }
        }
        if is_proxys(key) {
            self.side = Some(Side::Proxy);
        }
    }

    fn take_further(&mut self, key: &str, value: &Value) {
        match value {
            Value::String(text) if !text.is_empty() && text.len() <= MOST_FURTHER => {
                self.further
                    .push(format!("{key}={}", text.replace('\n', " ")));
            }
            Value::Number(number) => self.further.push(format!("{key}={number}")),
            Value::Bool(flag) => self.further.push(format!("{key}={flag}")),
            _ => {}
        }
    }

    fn take_pair(&mut self, pair: &[Value]) {
        if let Some(peer) = pair.first().and_then(Value::as_str).and_then(peer::address) {
            self.host = Some(peer);
            self.port = pair
                .get(1)
                .and_then(Value::as_u64)
                .and_then(|port| u16::try_from(port).ok());
        }
    }

    /// Takes one field whose value is text.
    pub(super) fn take_text(&mut self, key: &str, text: &str) {
        match slot(key) {
            Some(Slot::Stamp) => {
                let stamp = clock::leading(text.trim_start_matches('[')).map(|(stamp, _)| stamp);
                self.stamp = self
                    .stamp
                    .or(stamp)
                    .or_else(|| text.parse().ok().and_then(clock::epoch));
            }
            Some(Slot::Level) => self.level = self.level.or_else(|| level::named(text)),
            Some(Slot::Logger) => first(&mut self.logger, text),
            Some(Slot::Message) => self.take_message(text),
            Some(Slot::Trace) if !text.trim().is_empty() && text != "None" => {
                self.trace.extend(text.lines().map(str::to_owned));
            }
            Some(Slot::ErrorClass) => first(&mut self.error_class, text),
            Some(Slot::ErrorText) => first(&mut self.error_text, text),
            Some(Slot::Request) => {
                if let Some(request) = Request::bare(text) {
                    first(&mut self.method, request.verb);
                    first(&mut self.target, request.target);
                }
            }
            Some(Slot::Target) if text.starts_with('/') || text.contains("://") => {
                first(&mut self.target, text);
            }
            Some(Slot::Query) => first(&mut self.query, text.trim_start_matches('?')),
            Some(Slot::Method) => first(&mut self.method, text),
            Some(Slot::Status | Slot::Code) => {
                if let Ok(number) = text.parse() {
                    self.take_number(key, number);
                }
            }
            Some(Slot::Client) => self.host = self.host.take().or_else(|| peer::address(text)),
            Some(Slot::ClientPort) => self.port = self.port.or_else(|| text.parse().ok()),
            _ => {}
        }
        self.notice_proxy(key, text);
    }

    /// Loguru's objects hold the message, and once more the whole text with its traceback.
    fn take_message(&mut self, text: &str) {
        if self.message.is_some() && self.trace.is_empty() {
            let trace = text.find("Traceback (most recent call last)");
            if let Some(trace) = trace.and_then(|at| text.get(at..)) {
                self.trace.extend(trace.lines().map(str::to_owned));
            }
        }
        first(&mut self.message, text.trim_end_matches('\n'));
    }

    fn take_number(&mut self, key: &str, number: f64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked by the ranges that use it"
        )]
        let whole = number.max(0.0) as u64;
        let status = || {
            u16::try_from(whole)
                .ok()
                .filter(|status| (100..600).contains(status))
        };
        match slot(key) {
            Some(Slot::Stamp) => self.stamp = self.stamp.or_else(|| clock::epoch(number)),
            Some(Slot::Level) => self.level = self.level.or_else(|| level::numbered(whole)),
            Some(Slot::Status) => self.status = self.status.or_else(status),
            Some(Slot::Code) => {
                self.code = status();
                if self.code.is_none() {
                    self.further.push(format!("{key}={number}"));
                }
            }
            Some(Slot::ClientPort) => {
                self.port = self.port.or_else(|| u16::try_from(whole).ok());
            }
            _ => {}
        }
        self.notice_proxy(key, "");
    }

    /// Fields and loggers that proxies alone write.
    fn notice_proxy(&mut self, key: &str, text: &str) {
        let by_logger = slot(key) == Some(Slot::Logger) && text.starts_with("http.log.");
        if is_proxys(key) || by_logger {
            self.side = Some(Side::Proxy);
        }
    }

    /// A query of its own belongs to its path, a code to its request; else it is a word as others.
    fn complete_request(&mut self) {
        if let (Some(target), Some(query)) = (&mut self.target, &self.query)
            && !query.is_empty()
            && !target.contains('?')
        {
            target.push('?');
            target.push_str(query);
        }
        let is_request = self.method.is_some() && self.target.is_some();
        match self.code {
            Some(code) if is_request => self.status = self.status.or(Some(code)),
            Some(code) => self.further.push(format!("code={code}")),
            None => {}
        }
    }

    /// Frames and exception in fields of their own (ECS) become the traceback that they were.
    fn complete_trace(&mut self) {
        let Some(class) = &self.error_class else {
            return;
        };
        let named = self
            .trace
            .iter()
            .any(|line| line.starts_with(class.as_str()));
        if self.trace.is_empty() || named {
            return;
        }
        let head = "Traceback (most recent call last):";
        if self.trace.first().is_none_or(|line| line.trim() != head) {
            self.trace.insert(0, head.to_owned());
        }
        let text = self.error_text.as_deref().unwrap_or_default();
        self.trace.push(format!("{class}: {text}"));
    }

    /// The record's fields; `None` where neither message nor request was among them.
    #[must_use]
    pub(super) fn into_parsed(mut self) -> Option<Parsed> {
        self.complete_request();
        self.complete_trace();
        let mut built = self.message.is_none();
        let request = match (&self.method, &self.target, self.status) {
            (Some(method), Some(target), Some(status)) => {
                Some(format!("\"{method} {target}\" {status}"))
            }
            _ => None,
        };
        let message = match (self.message, request) {
            (Some(message), Some(request)) if says_nothing(&message) => {
                built = true;
                request
            }
            (Some(message), _) => message,
            (None, Some(request)) => request,
            (None, None) if !self.trace.is_empty() && self.level.is_some() => String::new(),
            (None, None) => return None,
        };
        let mut lines = message.lines();
        let mut first_line = lines.next().unwrap_or_default().to_owned();
        for field in &self.further {
            first_line.push(' ');
            first_line.push_str(field);
        }
        let detail = lines.map(str::to_owned).chain(self.trace).collect();
        let mut peer = self.host;
        if let Some(peer) = &mut peer {
            peer.port = peer.port.or(self.port.filter(|port| *port != 0));
        }
        Some(Parsed {
            side: self.side,
            stamp: self.stamp,
            level: self.level,
            logger: self.logger,
            peer,
            target: self.target,
            status: self.status,
            message: first_line,
            built,
            detail,
            ..Parsed::default()
        })
    }
}

/// How the message of a request tells that it asked for a WebSocket.
const UPGRADE: &str = "upgrade=websocket";

/// Whether a field holds the headers of a request.
fn is_requests_headers(key: &str) -> bool {
    let name = plain(key.rsplit('.').next().unwrap_or(key));
    matches!(name.as_str(), "headers" | "requestheaders" | "reqheaders")
}

/// Whether headers ask for a WebSocket (RFC 6455, section 4.1); a value is a text or a list of texts (Go).
fn asks_for_websocket(headers: &Map<String, Value>) -> bool {
    let is_websocket = |value: &Value| {
        let text = value.as_str();
        text.is_some_and(|text| text.eq_ignore_ascii_case("websocket"))
    };
    let upgrade = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("upgrade"));
    upgrade.is_some_and(|(_, value)| {
        is_websocket(value)
            || value
                .as_array()
                .is_some_and(|list| list.iter().any(is_websocket))
    })
}

/// What access loggers put where a message belongs.
fn says_nothing(message: &str) -> bool {
    matches!(
        message.trim(),
        "" | "handled request" | "-" | "access" | "access_log" | "request" | "http_access"
    )
}

/// A field longer than this is data, not words, in bytes.
const MOST_FURTHER: usize = 300;

fn first(slot: &mut Option<String>, text: &str) {
    if slot.is_none() && !text.is_empty() {
        *slot = Some(text.to_owned());
    }
}

/// The lines of one item of a list: text, a frame as structlog's or rich's dictionaries give it, or
/// an exception of theirs.
fn trace_lines(item: &Value) -> Vec<String> {
    match item {
        Value::String(text) => text.lines().map(str::to_owned).collect(),
        Value::Object(exception) if exception.contains_key("exc_type") => {
            let word = |key: &str| exception.get(key).and_then(Value::as_str).unwrap_or("");
            let mut lines = vec!["Traceback (most recent call last):".to_owned()];
            let frames = exception.get("frames").and_then(Value::as_array);
            for frame in frames.into_iter().flatten() {
                let text = |key: &str| frame.get(key).and_then(Value::as_str).unwrap_or("");
                let line = frame.get("lineno").and_then(Value::as_u64).unwrap_or(0);
                lines.push(format!(
                    "  File \"{}\", line {line}, in {}",
                    text("filename"),
                    text("name")
                ));
                let code = text("line");
                if !code.is_empty() {
                    lines.push(format!("    {}", code.trim()));
                }
            }
            lines.push(format!("{}: {}", word("exc_type"), word("exc_value")));
            lines
        }
        _ => Vec::new(),
    }
}
