//! Envoy's default access lines, and Istio's, behind their stamp: the request, the status, flags that
//! say how it ended (`UF`, `DC`), details, sizes, times, addresses.

use super::request::{self, Request};
use super::{Dialect, Layer, Parsed, peer};
use crate::record::Side;

/// See the module.
pub(super) struct EnvoyAccess;

impl Dialect for EnvoyAccess {
    fn id(&self) -> &'static str {
        "envoy-access"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "\"GET /ws/chat/7/ HTTP/1.1\" 503 UF upstream_reset_before_response_started{connection_failure} - \"-\" 0 91 10 - \"203.0.113.9\" \"Mozilla/5.0\" \"cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2\" \"example.com\" \"10.0.0.3:8000\"",
            "\"GET /ws/chat/7/ HTTP/1.1\" 101 - 120 911 60010 - \"203.0.113.9\" \"Mozilla/5.0\" \"cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2\" \"example.com\" \"10.0.0.3:8000\"",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (request, rest) = Request::quoted(text)?;
        if !request.protocol.starts_with("HTTP/") {
            return None;
        }
        // A connection that ended before an answer has status 0.
        let (status, rest) = if let Some(rest) = rest.trim_start().strip_prefix("0 ") {
            (None, rest)
        } else {
            let (status, rest) = request::status(rest)?;
            (Some(status), rest)
        };
        let (flags, _) = rest.trim_start().split_once(' ')?;
        // The forwarded addresses, the agent, the request's id, the authority, the upstream.
        let quoted: Vec<&str> = rest.split('"').skip(1).step_by(2).collect();
        if !is_flags(flags) || quoted.len() < 5 {
            return None;
        }
        let client = quoted
            .iter()
            .find_map(|field| peer::address(field.split(',').next()?.trim()))
            .filter(|peer| peer.host.parse::<std::net::IpAddr>().is_ok());
        Some(Parsed {
            side: Some(Side::Proxy),
            peer: client,
            target: request.target(),
            status,
            message: text.to_owned(),
            ..Parsed::default()
        })
    }
}

/// `-`, `UF`, `UH,URX`.
fn is_flags(word: &str) -> bool {
    word == "-"
        || word
            .split(',')
            .all(|flag| !flag.is_empty() && flag.bytes().all(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_tell_it_from_other_access_lines() {
        let parsed = EnvoyAccess.parse(EnvoyAccess.samples()[0]).unwrap();
        assert_eq!((parsed.status, parsed.side), (Some(503), Some(Side::Proxy)));
        assert_eq!(parsed.peer.unwrap().host, "203.0.113.9");
        for other in [
            "\"GET /ws/x HTTP/1.1\" 404 2221",
            "\"GET /ws/x HTTP/1.1\" 101 - \"-\" \"ua\"",
            "\"GET /ws/x HTTP/1.1\" 499 0 \"-\" \"Mozilla/5.0\"",
        ] {
            assert_eq!(EnvoyAccess.parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_client_that_left_has_no_status() {
        let text = "\"GET /ws/x/ HTTP/1.1\" 0 DC downstream_remote_disconnect - \"-\" 0 0 4004 - \"203.0.113.9\" \"-\" \"id\" \"example.com\" \"10.0.0.3:8000\"";
        assert_eq!(EnvoyAccess.parse(text).unwrap().status, None);
    }
}
