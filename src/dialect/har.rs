//! HAR, the export of a browser's Network tab: its WebSocket entries as a console would tell them.
//!
//! The flavours differ. Chrome marks entries by `_resourceType`, gives a failed handshake status 0,
//! and what really came as a message of type `error`; its export leaves cookies out unless asked.
//! Firefox and Safari mark nothing and give the real status; recording proxies write `https` URLs with
//! an `Upgrade` header. Close codes appear in few. Plain requests are left out.

use super::handshake::{Cookie, Handshake, closing_line, failure_line, told, unexpected};
use super::net_log::joined;
use crate::dialect::clock;
use crate::input::{Line, Source};
use crate::record::{Origin, Record};
use crate::stamp::Stamp;
use serde_json::Value;

/// The id that records of a HAR carry.
const ID: &str = "har";

/// The WebSocket entries of a HAR; `None` where the source is no HAR.
#[must_use]
pub(super) fn records(source_index: usize, source: &Source) -> Option<Vec<Record>> {
    let document: Value = serde_json::from_str(&joined(&source.lines)).ok()?;
    let log = document.get("log")?;
    let entries = log.get("entries")?.as_array()?;
    let exporter = Exporter::of(log, entries);
    let mut records = Vec::new();
    let mut from = 0;
    for entry in entries.iter().filter(|entry| is_websocket(entry)) {
        let url = entry_url(entry);
        let (line, next) = line_of(&source.lines, url, from);
        from = next;
        let place = Origin {
            source: source_index,
            line,
            last_line: line,
        };
        let mut told = Entry {
            value: entry,
            url,
            place,
            started: started(entry),
            records: Vec::new(),
        };
        told.tell(exporter);
        records.append(&mut told.records);
    }
    Some(records)
}

/// What the program that wrote the file can be held to.
#[derive(Debug, Clone, Copy)]
struct Exporter {
    /// A request without a `Cookie` header was sent without cookies, rather than exported so.
    shows_cookies: bool,
    /// Status 0 without further words is a connection that failed.
    zero_is_failure: bool,
}

impl Exporter {
    fn of(log: &Value, entries: &[Value]) -> Self {
        let name = |who: &str| {
            let name = log.pointer(who).and_then(Value::as_str);
            name.is_some_and(|name| name.to_ascii_lowercase().contains("firefox"))
        };
        let firefox = name("/creator/name") || name("/browser/name");
        Self {
            shows_cookies: firefox || entries.iter().any(has_cookie),
            zero_is_failure: firefox,
        }
    }
}

fn has_cookie(entry: &Value) -> bool {
    let listed = entry
        .pointer("/request/cookies")
        .and_then(Value::as_array)
        .is_some_and(|cookies| !cookies.is_empty());
    listed || headers(entry, "request").any(|(name, _)| name.eq_ignore_ascii_case("cookie"))
}

fn headers<'e>(entry: &'e Value, side: &str) -> impl Iterator<Item = (&'e str, &'e str)> {
    let list = entry
        .get(side)
        .and_then(|side| side.get("headers"))
        .and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|header| {
        Some((
            header.get("name")?.as_str()?,
            header.get("value")?.as_str()?,
        ))
    })
}

fn entry_url(entry: &Value) -> &str {
    entry
        .pointer("/request/url")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn is_websocket(entry: &Value) -> bool {
    let url = entry_url(entry);
    entry.get("_resourceType").and_then(Value::as_str) == Some("websocket")
        || entry.get("_webSocketMessages").is_some()
        || url.starts_with("ws://")
        || url.starts_with("wss://")
        || headers(entry, "request").any(|(name, value)| {
            name.eq_ignore_ascii_case("upgrade") && value.eq_ignore_ascii_case("websocket")
        })
}

fn started(entry: &Value) -> Option<Stamp> {
    let text = entry.get("startedDateTime").and_then(Value::as_str)?;
    clock::leading(text).map(|(stamp, _)| stamp)
}

/// The line on which a URL stands, and where to look for the next.
fn line_of(lines: &[Line], url: &str, from: usize) -> (u64, usize) {
    let found = lines
        .iter()
        .enumerate()
        .skip(from)
        .find(|(_, line)| line.text.contains(url));
    match found {
        Some((index, line)) => (line.number, index.saturating_add(1)),
        None => (lines.first().map_or(1, |line| line.number), from),
    }
}

/// One entry, and what is told of it.
struct Entry<'e> {
    value: &'e Value,
    url: &'e str,
    place: Origin,
    started: Option<Stamp>,
    records: Vec<Record>,
}

impl Entry<'_> {
    fn tell(&mut self, exporter: Exporter) {
        self.say(self.started, format!("Connecting to {}", self.url));
        let handshake = self.handshake(exporter);
        if let Some(handshake) = &handshake {
            self.say(self.started, handshake.request_line());
        }
        let answered = self.answer(handshake.as_ref());
        let told = self.messages();
        if !answered && !told {
            self.failure(exporter);
        }
    }

    fn say(&mut self, stamp: Option<Stamp>, message: String) {
        self.records
            .push(told(ID, self.place, stamp, self.url, message));
    }

    fn handshake(&self, exporter: Exporter) -> Option<Handshake> {
        let mut handshake = Handshake::read(headers(self.value, "request"))?;
        if handshake.cookie == Cookie::NotSent {
            if has_cookie(self.value) {
                handshake.cookie = Cookie::Sent(Vec::new());
            } else if !exporter.shows_cookies {
                handshake.cookie = Cookie::Unknown;
            }
        }
        Some(handshake)
    }

    /// The answer, where its status is there; says whether it is.
    fn answer(&mut self, handshake: Option<&Handshake>) -> bool {
        let status = self.value.pointer("/response/status");
        let status = status
            .and_then(Value::as_u64)
            .and_then(|status| u16::try_from(status).ok())
            .filter(|status| *status != 0);
        let Some(status) = status else {
            return false;
        };
        let message = if status == 101 || status == 200 && self.is_extended_connect() {
            let answered = headers(self.value, "response")
                .find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-protocol"))
                .map(|(_, value)| value);
            let shows_headers = headers(self.value, "response").next().is_some();
            match handshake.filter(|_| shows_headers) {
                Some(handshake) => handshake.answer_line(answered),
                None => "WebSocket connected".to_owned(),
            }
        } else {
            failure_line(self.url, &unexpected(status))
        };
        self.say(self.started, message);
        if let Some(record) = self.records.last_mut() {
            let accepted = record.message.starts_with("WebSocket connected");
            record.status = Some(if accepted { 101 } else { status });
        }
        true
    }

    /// Over HTTP/2 a WebSocket is a `CONNECT` with a protocol, and accepted with 200 (RFC 8441).
    fn is_extended_connect(&self) -> bool {
        let method = self.value.pointer("/request/method");
        method.and_then(Value::as_str) == Some("CONNECT")
            || headers(self.value, "request").any(|(name, _)| name == ":protocol")
    }

    /// The messages: of those received and sent one each, since one shows that they come; errors and
    /// close frames all. Says whether there was an error.
    fn messages(&mut self) -> bool {
        let (mut received, mut failed) = (false, false);
        let messages = self
            .value
            .get("_webSocketMessages")
            .and_then(Value::as_array);
        for message in messages.into_iter().flatten() {
            let stamp = message
                .get("time")
                .and_then(Value::as_f64)
                .and_then(clock::epoch);
            let data = message.get("data").and_then(Value::as_str).unwrap_or("");
            let closes = message.get("opcode").and_then(Value::as_u64) == Some(8);
            match message.get("type").and_then(Value::as_str) {
                Some("error") => {
                    failed = true;
                    self.say(stamp, failure_line(self.url, data));
                }
                Some(direction @ ("receive" | "send")) if closes => {
                    let code = message.get("code").and_then(Value::as_u64);
                    let code = code.and_then(|code| u16::try_from(code).ok());
                    let by = if direction == "receive" {
                        "the server"
                    } else {
                        "the page"
                    };
                    self.say(stamp, closing_line(code, by));
                }
                Some("receive") if !received => {
                    received = true;
                    self.say(stamp, "WebSocket message received".to_owned());
                }
                _ => {}
            }
        }
        failed
    }

    /// What is left where neither a status nor a message says how it went: the browser's own word.
    fn failure(&mut self, exporter: Exporter) {
        let error = self.value.pointer("/response/_error");
        let error = error
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty());
        match error {
            Some(code) if code.starts_with("net::") => {
                let reason = format!("Error in connection establishment: {code}");
                self.say(self.started, failure_line(self.url, &reason));
            }
            Some(words) => self.say(self.started, failure_line(self.url, words)),
            None if exporter.zero_is_failure && self.is_answered_zero() => {
                self.say(self.started, failure_line(self.url, ""));
            }
            None => {}
        }
    }

    fn is_answered_zero(&self) -> bool {
        let status = self.value.pointer("/response/status");
        status.and_then(Value::as_u64) == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<Record>> {
        let lines = text.lines().zip(1..).map(|(text, number)| Line {
            number,
            text: text.to_owned(),
            ..Line::default()
        });
        let source = Source {
            name: "network.har".to_owned(),
            lines: lines.collect(),
            ..Source::default()
        };
        records(0, &source)
    }

    #[test]
    fn a_refused_handshake_is_told_in_the_browsers_words() {
        let records = read(
            r#"{"log": {"entries": [
                {"startedDateTime": "2026-11-21T03:37:59.363Z",
                 "request": {"url": "https://example.com/"}, "response": {"status": 200}},
                {"startedDateTime": "2026-11-21T03:37:59.363Z", "_resourceType": "websocket",
                 "request": {"url": "ws://example.com/ws/x/"}, "response": {"status": 0},
                 "_webSocketMessages": [{"type": "error", "time": 1795232279.389198,
                   "data": "Error during WebSocket handshake: Unexpected response code: 403"}]}
            ]}}"#,
        )
        .unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(records[1].origin.line, 5);
        assert!(
            records[1]
                .message
                .ends_with("Unexpected response code: 403")
        );
        assert_eq!(records[1].target.as_deref(), Some("ws://example.com/ws/x/"));
    }

    #[test]
    fn other_documents_are_no_har() {
        assert_eq!(read(r#"{"constants": {}, "events": []}"#), None);
        assert_eq!(read("not json"), None);
    }

    fn told(entry: &str, creator: &str) -> Vec<String> {
        let text =
            format!(r#"{{"log": {{"creator": {{"name": "{creator}"}}, "entries": [{entry}]}}}}"#);
        let records = read(&text).unwrap();
        records.into_iter().map(|record| record.message).collect()
    }

    const HEADERS: &str = r#"{"name": "Host", "value": "localhost:8000"},
        {"name": "Origin", "value": "http://localhost:5173"},
        {"name": "Sec-WebSocket-Key", "value": "mYIT6kZ5ARcFFEn3jiDJtg=="},
        {"name": "Sec-WebSocket-Protocol", "value": "ticks.v1"}"#;

    #[test]
    fn firefox_gives_the_status_and_shows_that_no_cookie_went() {
        let entry = format!(
            r#"{{"request": {{"url": "ws://localhost:8000/ws/", "cookies": [], "headers": [{HEADERS}]}},
                "response": {{"status": 403}}}}"#
        );
        let told_by = told(&entry, "Firefox");
        assert_eq!(told_by.len(), 3);
        assert!(told_by[1].contains("Cookie: none"), "{told_by:?}");
        assert!(told_by[2].ends_with("Unexpected response code: 403"));
        // Chrome's usual export leaves cookies out: their absence says nothing.
        assert!(!told(&entry, "WebInspector")[1].contains("Cookie"));
    }

    #[test]
    fn a_cookie_is_told_and_its_value_is_not() {
        let entry = format!(
            r#"{{"request": {{"url": "ws://localhost:8000/ws/",
                "headers": [{HEADERS}, {{"name": "Cookie", "value": "sessionid=q7v1m3x9k2"}}]}},
                "response": {{"status": 101, "headers": [{{"name": "Upgrade", "value": "WebSocket"}}]}}}}"#
        );
        let told = told(&entry, "WebInspector");
        assert!(told[1].contains("Cookie: sent (sessionid)"), "{told:?}");
        assert!(!told.concat().contains("q7v1m3x9k2"));
        assert_eq!(
            told[2],
            "WebSocket connected, none of the offered subprotocols in the answer"
        );
    }

    #[test]
    fn a_connection_that_never_was_is_told_by_the_browsers_own_word() {
        let entry = |response: &str| {
            format!(
                r#"{{"request": {{"url": "ws://localhost:8000/ws/"}}, "response": {response}}}"#
            )
        };
        let chrome = told(
            &entry(r#"{"status": 0, "_error": "net::ERR_CONNECTION_REFUSED"}"#),
            "WebInspector",
        );
        assert!(chrome[1].ends_with("net::ERR_CONNECTION_REFUSED"));
        let safari = told(
            &entry(r#"{"status": 0, "_error": "Could not connect to the server."}"#),
            "WebKit Web Inspector",
        );
        assert!(safari[1].ends_with("failed: Could not connect to the server."));
        assert_eq!(told(&entry(r#"{"status": 0}"#), "Firefox").len(), 2);
        // Chrome has no answer yet, which is no failure.
        assert_eq!(told(&entry(r#"{"status": 0}"#), "WebInspector").len(), 1);
    }

    #[test]
    fn over_http2_an_accepted_handshake_is_answered_200() {
        let entry = |method: &str| {
            format!(
                r#"{{"request": {{"url": "wss://example.com/ws/", "method": "{method}"}},
                    "response": {{"status": 200}}}}"#
            )
        };
        assert_eq!(told(&entry("CONNECT"), "x")[1], "WebSocket connected");
        assert!(told(&entry("GET"), "x")[1].ends_with("code: 200"));
    }

    #[test]
    fn a_recording_proxys_entry_is_known_by_its_upgrade_and_its_close_frame_is_told() {
        let told = told(
            r#"{"request": {"url": "https://example.com/ws/", "headers": [{"name": "upgrade", "value": "websocket"}]},
                "response": {"status": 101},
                "_webSocketMessages": [
                    {"type": "send", "opcode": 1, "data": "a"},
                    {"type": "receive", "opcode": 1, "data": "b"},
                    {"type": "receive", "opcode": 1, "data": "c"},
                    {"type": "receive", "opcode": 8, "data": "", "code": 4401}]}"#,
            "proxy",
        );
        assert_eq!(
            told,
            [
                "Connecting to https://example.com/ws/",
                "WebSocket connected",
                "WebSocket message received",
                "WebSocket closed by the server, code: 4401"
            ]
        );
    }
}
