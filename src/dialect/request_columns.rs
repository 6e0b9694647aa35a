//! Access lines whose request is not quoted, as formats of one's own write them:
//! `203.0.113.9 GET /ws/x/ HTTP/1.1 502 0.003 10.0.0.2:8000 502 websocket`, with a stamp before or not.
//!
//! Only the order client, method, path, status is asked for; what stands behind it is kept. A line
//! without a client or without a path is some program's words.

use super::request::{self, Request};
use super::{Dialect, Layer, Parsed, peer};
use crate::record::Side;

/// See the module.
pub(super) struct RequestColumns;

impl Dialect for RequestColumns {
    fn id(&self) -> &'static str {
        "request-columns"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "127.0.0.1 GET /ws/nothing/ 500 0.557 127.0.0.1:18400 500 websocket",
            "203.0.113.9 - GET /ws/chat/?room=7 HTTP/1.1 101 3.003 10.0.0.2:8000 101 websocket",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (client, rest) = text.split_once(' ')?;
        let peer = peer::address(client)?;
        peer.host.parse::<std::net::IpAddr>().ok()?;
        let rest = rest.trim_start_matches(['-', ' ']);
        let (verb, after) = rest.split_once(' ')?;
        let (target, after) = after.split_once(' ')?;
        if !target.starts_with('/') {
            return None;
        }
        let (protocol, after) = match after.split_once(' ') {
            Some((word, after)) if word.starts_with("HTTP/") => (word, after),
            _ => ("", after),
        };
        let (status, after) = request::status(after)?;
        let line = format!("{verb} {target} {protocol}");
        let request = Request::bare(line.trim_end())?;
        let further = after.trim();
        let message = format!("{} {status} {further}", request.in_quotes());
        Some(Parsed {
            side: passes_on(further).then_some(Side::Proxy),
            peer: Some(peer),
            target: request.target(),
            status: Some(status),
            message: message.trim_end().to_owned(),
            ..Parsed::default()
        })
    }
}

/// Whether an upstream stands among the columns: an address with a port and a status of its own,
/// or a request time and the upgrade header.
fn passes_on(columns: &str) -> bool {
    columns.split_whitespace().any(|word| {
        let word = word.trim_matches(['"', ',', '[', ']']);
        word.parse::<std::net::SocketAddr>().is_ok() || word.starts_with("unix:")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_put_into_the_usual_order() {
        let parsed = RequestColumns.parse(RequestColumns.samples()[1]).unwrap();
        assert_eq!(
            parsed.message,
            "\"GET /ws/chat/?room=7 HTTP/1.1\" 101 3.003 10.0.0.2:8000 101 websocket"
        );
        assert_eq!((parsed.side, parsed.status), (Some(Side::Proxy), Some(101)));
        assert_eq!(parsed.peer.unwrap().host, "203.0.113.9");
    }

    #[test]
    fn words_are_no_columns() {
        for text in [
            "127.0.0.1 GET of a thing",
            "10.0.0.2 GET /ws/x/ failed with 500",
            "client GET /ws/x/ 404 12",
            "127.0.0.1 connected to /ws/x/ 200 times",
        ] {
            assert_eq!(RequestColumns.parse(text), None, "{text}");
        }
    }
}
