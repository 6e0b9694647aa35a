//! The document that Chrome's net-export writes: its names for numbers, and its events one by one.
//!
//! Chrome writes it event by event while it runs, so a document whose end is missing is the usual
//! one; it is read as far as it goes. What the events say of a WebSocket is the
//! business of `net_export`.

use crate::input::Line;
use crate::stamp::Stamp;
use serde::Deserialize;
use serde_json::{Deserializer, Value};
use std::collections::BTreeMap;

/// A document: what its numbers mean, and where its events begin.
#[derive(Debug)]
pub(super) struct NetLog<'t> {
    types: BTreeMap<i64, String>,
    sources: BTreeMap<i64, String>,
    phases: BTreeMap<i64, String>,
    errors: BTreeMap<i64, String>,
    tick_offset: Option<i64>,
    text: &'t str,
    events_at: usize,
}

/// One event, its numbers resolved.
#[derive(Debug)]
pub(super) struct NetEvent<'n> {
    /// The line on which it begins, counted from zero.
    pub(super) line: usize,
    /// When it happened; `None` where the document does not tie its ticks to a clock.
    pub(super) stamp: Option<Stamp>,
    /// What happened (`REQUEST_ALIVE`).
    pub(super) name: &'n str,
    /// Whether it ends what an earlier event of the name began.
    pub(super) ends: bool,
    /// The id of what it happened to.
    pub(super) source: i64,
    /// The kind of what it happened to (`URL_REQUEST`).
    pub(super) source_kind: &'n str,
    /// Further values; null where there are none.
    pub(super) params: Value,
}

#[derive(Deserialize)]
struct RawEvent {
    #[serde(default)]
    params: Value,
    #[serde(default)]
    phase: Value,
    #[serde(default)]
    source: Value,
    #[serde(default)]
    time: Value,
    #[serde(default, rename = "type")]
    kind: Value,
}

impl<'t> NetLog<'t> {
    /// Reads the constants; `None` where the text is no such document.
    pub(super) fn open(text: &'t str) -> Option<Self> {
        let (constants, end) = value_of(text, "\"constants\"", 0)?;
        let types = names(constants.get("logEventTypes")?);
        let (_, rest) = after_key(text, "\"events\"", end)?;
        let (_, events) = rest.split_once('[')?;
        Some(Self {
            types,
            sources: names(constants.get("logSourceType").unwrap_or(&Value::Null)),
            phases: names(constants.get("logEventPhase").unwrap_or(&Value::Null)),
            errors: names(constants.get("netError").unwrap_or(&Value::Null)),
            tick_offset: constants.get("timeTickOffset").and_then(whole),
            text,
            events_at: text.len().saturating_sub(events.len()),
        })
    }

    /// Chrome's name of an error by its number: `ERR_CONNECTION_REFUSED`.
    pub(super) fn error(&self, number: i64) -> Option<&str> {
        self.errors.get(&number).map(String::as_str)
    }

    /// What a source of this type number is called.
    pub(super) fn source_kind(&self, number: i64) -> &str {
        self.sources.get(&number).map_or("", String::as_str)
    }

    /// The events in the order written, up to the end or the first that is cut.
    pub(super) fn events(&self) -> impl Iterator<Item = NetEvent<'_>> {
        let mut at = self.events_at;
        let mut line = newlines(self.text.get(..at).unwrap_or_default());
        std::iter::from_fn(move || {
            loop {
                let rest = self.text.get(at..)?;
                let start = rest.find(|c: char| !c.is_whitespace() && c != ',')?;
                line = line.saturating_add(newlines(rest.get(..start)?));
                at = at.saturating_add(start);
                let rest = self.text.get(at..)?;
                if !rest.starts_with('{') {
                    return None;
                }
                let mut values = Deserializer::from_str(rest).into_iter::<RawEvent>();
                let raw = values.next()?.ok()?;
                let length = values.byte_offset();
                let begins = line;
                line = line.saturating_add(newlines(rest.get(..length)?));
                at = at.saturating_add(length);
                if let Some(event) = self.resolve(raw, begins) {
                    return Some(event);
                }
            }
        })
    }

    fn resolve(&self, raw: RawEvent, line: usize) -> Option<NetEvent<'_>> {
        let name = self.types.get(&whole(&raw.kind)?)?;
        let phase = whole(&raw.phase).and_then(|phase| self.phases.get(&phase));
        Some(NetEvent {
            line,
            stamp: whole(&raw.time).and_then(|ticks| self.stamp(ticks)),
            name,
            ends: phase.is_some_and(|phase| phase.ends_with("END")),
            source: whole(raw.source.get("id")?)?,
            source_kind: self.source_kind(raw.source.get("type").and_then(whole).unwrap_or(-1)),
            params: raw.params,
        })
    }

    fn stamp(&self, ticks: i64) -> Option<Stamp> {
        Some(Stamp {
            wall_ms: self.tick_offset?.checked_add(ticks)?,
            offset_s: Some(0),
            resolution_ms: 1,
            dated: true,
        })
    }
}

/// The value of the first key of this name, and where it ends.
fn value_of(text: &str, key: &str, from: usize) -> Option<(Value, usize)> {
    let (at, rest) = after_key(text, key, from)?;
    let mut values = Deserializer::from_str(rest).into_iter::<Value>();
    let value = values.next()?.ok()?;
    Some((value, at.saturating_add(values.byte_offset())))
}

/// What stands behind a key and its colon.
fn after_key<'t>(text: &'t str, key: &str, from: usize) -> Option<(usize, &'t str)> {
    let (_, behind) = text.get(from..)?.split_once(key)?;
    let (_, rest) = behind.split_once(':')?;
    Some((text.len().saturating_sub(rest.len()), rest))
}

/// A table of names, by their numbers.
fn names(table: &Value) -> BTreeMap<i64, String> {
    let rows = table.as_object().into_iter().flatten();
    rows.filter_map(|(name, number)| Some((whole(number)?, name.clone())))
        .collect()
}

/// A whole number, also where it is written as text: ticks exceed what JavaScript can count.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// The lines of a document as one text.
pub(super) fn joined(lines: &[Line]) -> String {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    texts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"constants":{"logEventTypes":{"REQUEST_ALIVE":2},"logSourceType":{"URL_REQUEST":1},
"logEventPhase":{"PHASE_BEGIN":1,"PHASE_END":2},"netError":{"ERR_FAILED":-2},"timeTickOffset":"1795229176349"},
"events": [
{"params":{"url":"ws://example.com/ws/"},"phase":1,"source":{"id":88,"type":1},"time":"11357438","type":2},
{"phase":2,"source":{"id":88,"type":1},"time":"11357472","type":2}"#;

    #[test]
    fn numbers_are_resolved_and_ticks_put_on_a_clock() {
        let log = NetLog::open(HEAD).unwrap();
        let events: Vec<NetEvent<'_>> = log.events().collect();
        assert_eq!(events.len(), 2);
        assert_eq!(
            (events[0].name, events[0].source_kind, events[0].ends),
            ("REQUEST_ALIVE", "URL_REQUEST", false)
        );
        assert_eq!((events[0].line, events[1].line), (3, 4));
        assert_eq!(events[1].stamp.unwrap().wall_ms, 1_795_240_533_821);
        assert!(events[1].ends);
        assert_eq!(log.error(-2), Some("ERR_FAILED"));
    }

    #[test]
    fn a_document_without_its_end_is_read_as_far_as_it_goes() {
        for end in [
            "",
            ",\n",
            ",\n{\"params\":{\"url\":\"ws",
            "],\n\"polledData\": [{}]}",
        ] {
            let text = format!("{HEAD}{end}");
            let log = NetLog::open(&text).unwrap();
            assert_eq!(log.events().count(), 2, "{end}");
        }
    }

    #[test]
    fn other_documents_are_none() {
        assert!(NetLog::open(r#"{"log": {"entries": []}}"#).is_none());
        assert!(NetLog::open(r#"{"constants":{"a":1},"events":[]}"#).is_none());
        assert!(NetLog::open(r#"{"constants":{"logEventTypes":{"#).is_none());
    }
}
