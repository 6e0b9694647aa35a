//! Lines of Go's zap for terminals, as Caddy prints them: stamp, level, logger and message between
//! tabs, and a JSON object with the rest.

use super::fields::Fields;
use super::{Dialect, Layer, Parsed, clock, level};
use serde_json::Value;

/// See the module.
pub(super) struct ZapConsole;

impl Dialect for ZapConsole {
    fn id(&self) -> &'static str {
        "zap-console"
    }

    fn layer(&self) -> Layer {
        Layer::Frame
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "2024/06/01 10:00:00.123\tINFO\thttp.log.access\thandled request\t{\"request\": {\"remote_ip\": \"203.0.113.9\", \"method\": \"GET\", \"uri\": \"/ws/chat/7/\"}, \"status\": 502}",
            "2024-06-01T10:00:00.123Z\terror\treverseproxy\tdial failed\t{\"upstream\": \"127.0.0.1:8000\"}",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let columns = columns(text)?;
        let mut fields = Fields::default();
        let (object, before) = columns.split_last()?;
        let [stamp, severity, middle @ ..] = before else {
            return None;
        };
        level::named(severity)?;
        fields.take_text("ts", stamp);
        fields.take_text("level", severity);
        let (message, loggers) = middle.split_last()?;
        if let Some(logger) = loggers.first() {
            fields.take_text("logger", logger);
        }
        fields.take_text("msg", message);
        let Ok(Value::Object(object)) = serde_json::from_str(object) else {
            return None;
        };
        for (key, value) in &object {
            fields.take(key, value);
        }
        fields.into_parsed()
    }
}

/// Whether the line has this shape.
pub(super) fn is_zap(text: &str) -> bool {
    columns(text).is_some_and(|columns| {
        columns
            .get(1)
            .is_some_and(|word| level::named(word).is_some())
    })
}

fn columns(text: &str) -> Option<Vec<&str>> {
    if !text.ends_with('}') || !text.contains("\t{") {
        return None;
    }
    let columns: Vec<&str> = text.split('\t').collect();
    let begins = clock::leading(columns.first()?).is_some_and(|(_, rest)| rest.is_empty());
    let object = columns.last()?.starts_with('{');
    (begins && object && (4..=6).contains(&columns.len())).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Side;

    #[test]
    fn an_access_line_becomes_its_request() {
        let parsed = ZapConsole.parse(ZapConsole.samples()[0]).unwrap();
        assert_eq!(parsed.message, "\"GET /ws/chat/7/\" 502");
        assert_eq!((parsed.status, parsed.side), (Some(502), Some(Side::Proxy)));
        assert!(parsed.stamp.is_some());
    }
}
