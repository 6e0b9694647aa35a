//! Lines made of `key=value` pairs that hold a message: `time="…" level=info msg="…"`.

use super::fields::Fields;
use super::{Dialect, Layer, Parsed, key_value};

/// The key=value lines of Go programs (Traefik, Caddy's predecessors) and some Python formatters.
pub(super) struct Logfmt;

impl Dialect for Logfmt {
    fn id(&self) -> &'static str {
        "logfmt"
    }

    fn layer(&self) -> Layer {
        Layer::Frame
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "time=\"2024-06-01T10:00:00Z\" level=error msg=\"service not found\"",
            "ts=2024-06-01T10:00:00.1Z level=info logger=chat.consumers msg=connected path=/ws/x/",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        if !key_value::leads(text)
            || !["msg=", "message=", "event="]
                .iter()
                .any(|key| text.contains(key))
        {
            return None;
        }
        let mut fields = Fields::default();
        for (key, value) in key_value::pairs(text) {
            fields.take_text(key, &value);
        }
        fields.into_parsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Level;

    #[test]
    fn takes_the_message_out() {
        let parsed = Logfmt.parse(Logfmt.samples()[1]).unwrap();
        assert_eq!(
            (parsed.message.as_str(), parsed.level),
            ("connected", Some(Level::Info))
        );
        assert_eq!(
            (parsed.logger.as_deref(), parsed.target.as_deref()),
            (Some("chat.consumers"), Some("/ws/x/"))
        );
        assert_eq!(Logfmt.parse("x = msg=1"), None);
    }
}
