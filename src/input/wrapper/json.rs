//! Lines that a collector wrapped in JSON: docker's json-file driver and journald's export. A
//! logger's own JSON is no wrapper and stays.

use super::layer::Layer;
use crate::stamp::Stamp;
use chrono::DateTime;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Reads one line.
pub(super) fn unwrap(text: &str) -> Option<Layer<'_>> {
    let docker = text.contains("\"log\"");
    let journald = text.contains("\"MESSAGE\"");
    if !text.starts_with('{') || !(docker || journald) {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_str(text).ok()?;
    if journald {
        journal(&object)
    } else {
        json_file(&object)
    }
}

/// `{"log":"text\n","stream":"stderr","time":"…"}`; collectors add fields of their own.
fn json_file(object: &Map<String, Value>) -> Option<Layer<'static>> {
    let log = string(object, "log")?;
    let stamp = string(object, "time").and_then(time);
    let known =
        stamp.is_some() || object.contains_key("stream") || object.contains_key("kubernetes");
    if !known {
        return None;
    }
    let (line, unfinished) = match log.strip_suffix('\n') {
        Some(line) => (line, false),
        // The driver splits long lines, and only the last piece ends.
        None => (log, string(object, "time").is_some()),
    };
    let process = string(object, "container_name").map(|name| name.trim_start_matches('/'));
    Some(Layer {
        process: process.map(|name| Cow::Owned(name.to_owned())),
        stamp,
        text: Cow::Owned(line.trim_end_matches('\r').to_owned()),
        unfinished,
    })
}

/// `journalctl -o json`.
fn journal(object: &Map<String, Value>) -> Option<Layer<'static>> {
    if !object
        .keys()
        .any(|key| key.starts_with("__") || key.starts_with("_PID") || key == "PRIORITY")
    {
        return None;
    }
    let text = match object.get("MESSAGE")? {
        Value::String(text) => text.clone(),
        // A message that is no UTF-8 is exported as a list of its bytes.
        Value::Array(bytes) => {
            let byte = |value: &Value| u8::try_from(value.as_u64()?).ok();
            let bytes: Option<Vec<u8>> = bytes.iter().map(byte).collect();
            String::from_utf8_lossy(&bytes?).into_owned()
        }
        _ => return None,
    };
    let name = ["SYSLOG_IDENTIFIER", "_COMM", "_SYSTEMD_UNIT"]
        .iter()
        .find_map(|key| string(object, key));
    let pid = string(object, "_PID").or_else(|| string(object, "SYSLOG_PID"));
    let process = match (name, pid) {
        (Some(name), Some(pid)) => Some(format!("{name}[{pid}]")),
        (name, _) => name.map(str::to_owned),
    };
    let micros = ["_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"]
        .iter()
        .find_map(|key| string(object, key)?.parse::<i64>().ok());
    Some(Layer {
        process: process.map(Cow::Owned),
        stamp: micros.map(|micros| utc(micros / 1000)),
        text: Cow::Owned(super::super::escape::strip(&text).unwrap_or(text)),
        unfinished: false,
    })
}

fn string<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

fn time(text: &str) -> Option<Stamp> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    Some(utc(time.timestamp_millis()))
}

fn utc(wall_ms: i64) -> Stamp {
    Stamp {
        wall_ms,
        offset_s: Some(0),
        resolution_ms: 1,
        dated: true,
    }
}
