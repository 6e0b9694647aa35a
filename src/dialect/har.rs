//! HAR, the export of a browser's Network tab: its WebSocket entries as a console would tell them.
//!
//! A failed handshake has status 0 there; what really came stands in `_webSocketMessages`, as an
//! entry of type `error` (Chromium 156). Close codes never appear. Plain requests are left out.

use crate::dialect::clock;
use crate::input::{Line, Source};
use crate::record::{Origin, Record, Side};
use crate::stamp::Stamp;
use serde_json::Value;

/// The id that records of a HAR carry.
const ID: &str = "har";

/// The WebSocket entries of a HAR; `None` where the source is no HAR.
#[must_use]
pub(super) fn records(source_index: usize, source: &Source) -> Option<Vec<Record>> {
    let text: Vec<&str> = source.lines.iter().map(|line| line.text.as_str()).collect();
    let document: Value = serde_json::from_str(&text.join("\n")).ok()?;
    let entries = document.get("log")?.get("entries")?.as_array()?;
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
        records.extend(entry_records(entry, url, place));
    }
    Some(records)
}

fn entry_url(entry: &Value) -> &str {
    entry
        .pointer("/request/url")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn is_websocket(entry: &Value) -> bool {
    let by_type = entry.get("_resourceType").and_then(Value::as_str) == Some("websocket");
    by_type || entry.get("_webSocketMessages").is_some() || entry_url(entry).starts_with("ws")
}

/// The line on which a URL stands, and where to look for the next.
fn line_of(lines: &[Line], url: &str, from: usize) -> (u64, usize) {
    let found = lines
        .iter()
        .enumerate()
        .skip(from)
        .find(|(_, line)| line.text.contains(url));
    match found {
        Some((index, line)) => (line.number, index + 1),
        None => (lines.first().map_or(1, |line| line.number), from),
    }
}

fn entry_records(entry: &Value, url: &str, place: Origin) -> Vec<Record> {
    let started = entry
        .get("startedDateTime")
        .and_then(Value::as_str)
        .and_then(clock::leading)
        .map(|(stamp, _)| stamp);
    let status = entry
        .pointer("/response/status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| *status != 0);
    let mut records = vec![record(place, started, url, format!("Connecting to {url}"))];
    if let Some(status) = status {
        let message = if status == 101 {
            "WebSocket connected".to_owned()
        } else {
            format!(
                "WebSocket connection to '{url}' failed: Error during WebSocket handshake: \
                 Unexpected response code: {status}"
            )
        };
        let mut answer = record(place, started, url, message);
        answer.status = Some(status);
        records.push(answer);
    }
    let messages = entry.get("_webSocketMessages").and_then(Value::as_array);
    let mut received = false;
    for message in messages.into_iter().flatten() {
        let stamp = message
            .get("time")
            .and_then(Value::as_f64)
            .and_then(clock::epoch);
        let data = message.get("data").and_then(Value::as_str).unwrap_or("");
        match message.get("type").and_then(Value::as_str) {
            Some("error") => {
                let told = format!("WebSocket connection to '{url}' failed: {data}");
                records.push(record(place, stamp, url, told));
            }
            // One is enough to show that messages come.
            Some("receive") if !received => {
                received = true;
                records.push(record(
                    place,
                    stamp,
                    url,
                    "WebSocket message received".to_owned(),
                ));
            }
            _ => {}
        }
    }
    records
}

fn record(origin: Origin, stamp: Option<Stamp>, url: &str, message: String) -> Record {
    Record {
        origin,
        dialect: ID,
        side: Side::Client,
        stamp,
        wrapper_stamp: None,
        level: None,
        logger: None,
        process: None,
        peer: None,
        target: Some(url.to_owned()),
        status: None,
        text: message.clone(),
        message,
        detail: Vec::new(),
        traceback: None,
        repeats: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<Record>> {
        let lines = text.lines().zip(1..).map(|(text, number)| Line {
            number,
            text: text.to_owned(),
            wrapper: None,
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
}
