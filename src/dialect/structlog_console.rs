//! structlog's console output: `2024-01-01 10:00:00 [info     ] message   [logger] key=value`.

use super::{Dialect, Layer, Parsed, clock, fields::Fields, key_value, level};
use crate::record::Level;

/// structlog's development renderer, which pads the level inside its bracket.
pub(super) struct StructlogConsole;

impl Dialect for StructlogConsole {
    fn id(&self) -> &'static str {
        "structlog-console"
    }

    fn layer(&self) -> Layer {
        Layer::Frame
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "2024-01-01 10:00:00 [info     ] websocket connected            path=/ws/x/",
            "2024-01-01T10:00:00.123456Z [warning  ] token expired      [chat.middleware] user_id=3",
            "[error    ] boom",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (stamp, rest) = match clock::leading(text) {
            Some((stamp, rest)) => (Some(stamp), rest.trim_start()),
            None => (None, text),
        };
        let (level, rest) = padded_level(rest)?;
        // Two spaces or more end the event, which is padded to thirty columns.
        let rest = rest.trim_start();
        let (event, tail) = rest.split_once("  ").unwrap_or((rest, ""));
        let tail = tail.trim_start();
        let logger = tail
            .strip_prefix('[')
            .and_then(|tail| tail.split_once(']'))
            .map(|(name, _)| name.to_owned());
        let mut fields = Fields::default();
        for (key, value) in key_value::pairs(tail) {
            if key != "event" && key != "message" {
                fields.take_text(key, value.trim_matches('\''));
            }
        }
        fields.take_text("message", event);
        let parsed = fields.into_parsed()?;
        let message = if tail.is_empty() {
            parsed.message
        } else {
            format!("{} {tail}", parsed.message)
        };
        Some(Parsed {
            stamp,
            level: Some(level),
            logger: logger.or(parsed.logger),
            message,
            ..parsed
        })
    }
}

/// `[info     ]` at the start of `text`, and what follows: lower case, padded to nine columns.
pub(super) fn padded_level(text: &str) -> Option<(Level, &str)> {
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    let padded = inside.len() >= 9
        && inside.ends_with(' ')
        && !inside.bytes().any(|byte| byte.is_ascii_uppercase());
    level::named(inside.trim_end())
        .filter(|_| padded)
        .map(|level| (level, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_event_logger_and_fields() {
        let parsed = StructlogConsole
            .parse(StructlogConsole.samples()[1])
            .unwrap();
        assert_eq!(parsed.logger.as_deref(), Some("chat.middleware"));
        assert_eq!(parsed.message, "token expired [chat.middleware] user_id=3");
        let parsed = StructlogConsole
            .parse(StructlogConsole.samples()[0])
            .unwrap();
        assert_eq!(parsed.target.as_deref(), Some("/ws/x/"));
        assert_eq!(StructlogConsole.parse("2024-01-01 10:00:00 [info] x"), None);
    }
}
