//! The common and combined log formats of nginx, Apache, Gunicorn and others:
//! `203.0.113.9 - - [22/Aug/2018:16:47:53 +0000] "GET /ws/x HTTP/1.1" 499 0 "-" "Mozilla/5.0 …"`.
//!
//! Many programs write it, so it settles the side only where a line can come from a proxy alone.

use super::access_line::AccessLine;
use super::{Dialect, Layer, Parsed};
use crate::record::Side;

/// Common and combined access lines.
pub(super) struct AccessLog;

impl Dialect for AccessLog {
    fn id(&self) -> &'static str {
        "access-log"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "203.0.113.9 - - [22/Aug/2018:16:47:53 +0000] \"GET /ws/x HTTP/1.1\" 499 0 \"-\" \"Mozilla/5.0\"",
            "203.0.113.9 - - [01/Jun/2024:10:00:00 +0000] \"GET /ws/x HTTP/1.1\" 403 - \"-\" \"-\" 17 \"app@docker\" \"http://172.18.0.3:8000\" 3ms",
            "example.org:443 203.0.113.9 - frank [10/Oct/2000:13:55:36 -0700] \"GET /ws/x HTTP/1.0\" 502 2326",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        if !text.contains("] \"") {
            return None;
        }
        let line = AccessLine::read(text)?;
        if !line.request.protocol.starts_with("HTTP/") {
            return None;
        }
        let mut parsed = line.parsed();
        // Apache's format with virtual hosts puts the server's own name first.
        if let Some((first, rest)) = text.split_once(' ') {
            let second = rest.split(' ').next().unwrap_or("-");
            if second != "-" && first.contains(':') {
                parsed.peer = super::peer::address(second).or(parsed.peer);
            }
        }
        parsed.side = only_a_proxy(&line).then_some(Side::Proxy);
        Some(parsed)
    }
}

/// 494 to 499 are nginx's own words (499: the client left); a server of WSGI applications, which
/// writes this format too, answers neither 101 nor 502 and 504; upstream times and addresses stand
/// in proxies' formats alone.
fn only_a_proxy(line: &AccessLine<'_>) -> bool {
    matches!(line.status, Some(101 | 494..=499 | 502 | 504))
        || ["upstream", "urt=", "uct=", "rt="]
            .iter()
            .any(|word| line.rest.contains(word))
        || names_a_backend(line.rest)
}

/// Traefik's line ends with the router, the backend's URL and the time in milliseconds.
fn names_a_backend(rest: &str) -> bool {
    let Some((url, time)) = rest.trim_end().rsplit_once("\" ") else {
        return false;
    };
    let backend = url.rsplit('"').next().unwrap_or_default();
    backend.contains("://") && time.ends_with("ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_499_is_a_proxys() {
        let parsed = AccessLog.parse(AccessLog.samples()[0]).unwrap();
        assert_eq!((parsed.side, parsed.status), (Some(Side::Proxy), Some(499)));
        let parsed = AccessLog.parse(AccessLog.samples()[1]).unwrap();
        assert_eq!((parsed.side, parsed.status), (Some(Side::Proxy), Some(403)));
        let parsed = AccessLog.parse(AccessLog.samples()[2]).unwrap();
        assert_eq!(parsed.peer.unwrap().host, "203.0.113.9");
        let parsed = AccessLog
            .parse("203.0.113.9 - - [22/Aug/2018:16:47:53 +0000] \"GET /ws/x HTTP/1.1\" 404 2")
            .unwrap();
        assert_eq!(parsed.side, None);
    }
}
