//! JSON objects, one a line: python-json-logger, structlog, uvicorn's JSON formatters, Caddy,
//! Traefik and nginx formats of one's own.
//!
//! An object without a message or a request is none of these (a HAR, a console's object).

use super::fields::Fields;
use super::{Dialect, Layer, Parsed};
use serde_json::Value;

/// JSON lines.
pub(super) struct JsonLines;

impl Dialect for JsonLines {
    fn id(&self) -> &'static str {
        "json-lines"
    }

    fn layer(&self) -> Layer {
        Layer::Frame
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            r#"{"timestamp": "2024-06-01T10:00:00.120Z", "name": "uvicorn.error", "level": "INFO", "message": "('10.0.0.2', 0) - \"WebSocket /ws/x\" 403"}"#,
            r#"{"level":"info","ts":1717236000.12,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.2","remote_port":"5000","method":"GET","uri":"/ws/x/"},"status":101}"#,
            r#"{"event": "token expired", "level": "warning", "logger": "chat.middleware", "timestamp": "2024-06-01T10:00:00Z"}"#,
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let text = text.trim();
        if !text.starts_with("{\"") && !text.starts_with("{ \"") || !text.ends_with('}') {
            return None;
        }
        let Ok(Value::Object(object)) = serde_json::from_str(text) else {
            return None;
        };
        let mut fields = Fields::default();
        for (key, value) in &object {
            fields.take(key, value);
        }
        fields.into_parsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Level, Side};

    #[test]
    fn reads_a_loggers_object() {
        let parsed = JsonLines.parse(JsonLines.samples()[0]).unwrap();
        assert_eq!(parsed.message, "('10.0.0.2', 0) - \"WebSocket /ws/x\" 403");
        assert_eq!(
            (parsed.level, parsed.logger.as_deref()),
            (Some(Level::Info), Some("uvicorn.error"))
        );
        assert_eq!(parsed.stamp.unwrap().offset_s, Some(0));
    }

    #[test]
    fn reads_a_proxys_object() {
        let parsed = JsonLines.parse(JsonLines.samples()[1]).unwrap();
        assert_eq!(parsed.message, "\"GET /ws/x/\" 101");
        assert_eq!((parsed.side, parsed.status), (Some(Side::Proxy), Some(101)));
        assert_eq!(parsed.peer.unwrap().port, Some(5000));
    }

    #[test]
    fn a_traceback_in_a_field_becomes_detail() {
        let parsed = JsonLines
            .parse(r#"{"levelname": "ERROR", "message": "boom", "exc_info": "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: x"}"#)
            .unwrap();
        assert_eq!(parsed.detail.len(), 3);
        assert_eq!(JsonLines.parse("{\"code\": 1006, \"reason\": \"\"}"), None);
    }
}
