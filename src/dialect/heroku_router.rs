//! Heroku's router: `at=error code=H15 desc="Idle connection" method=GET path="/ws/x/" …`.

use super::{Dialect, Layer, Parsed, key_value, peer};
use crate::record::{Level, Side};

/// The router's lines about requests and connections.
pub(super) struct HerokuRouter;

impl Dialect for HerokuRouter {
    fn id(&self) -> &'static str {
        "heroku-router"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "at=error code=H15 desc=\"Idle connection\" method=GET path=\"/ws/x/\" host=example.org fwd=\"203.0.113.9\" dyno=web.1 connect=1ms service=55001ms status=503 bytes=0",
            "at=info method=GET path=\"/ws/x/\" host=example.org request_id=1 fwd=\"203.0.113.9\" dyno=web.1 connect=0ms service=3ms status=101 bytes=129 protocol=http",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        // Log drains put fields of their own before it.
        let start = text.find("at=")?;
        let bounded = start == 0 || text.get(..start)?.ends_with(' ');
        if !bounded || !(text.contains("dyno=") || text.contains("code=H")) {
            return None;
        }
        let fields = key_value::pairs(text.get(start..)?);
        let get = |name: &str| {
            fields
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.as_str())
        };
        Some(Parsed {
            side: Some(Side::Proxy),
            level: match get("at") {
                Some("error") => Some(Level::Error),
                Some("warning") => Some(Level::Warning),
                _ => Some(Level::Info),
            },
            peer: get("fwd").and_then(|clients| peer::address(clients.split(',').next()?)),
            target: get("path")
                .filter(|path| !path.is_empty())
                .map(str::to_owned),
            status: get("status").and_then(|status| status.parse().ok()),
            message: text.get(start..)?.to_owned(),
            ..Parsed::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_fields() {
        let parsed = HerokuRouter.parse(HerokuRouter.samples()[0]).unwrap();
        assert_eq!(
            (parsed.target.as_deref(), parsed.status),
            (Some("/ws/x/"), Some(503))
        );
        assert_eq!(
            (parsed.level, parsed.peer.unwrap().host.as_str()),
            (Some(Level::Error), "203.0.113.9")
        );
    }

    #[test]
    fn at_inside_a_word_is_nothing() {
        assert_eq!(HerokuRouter.parse("format=x dyno=web.1"), None);
    }
}
