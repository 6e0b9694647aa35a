//! Daphne's own messages about one connection: `WebSocket ['127.0.0.1', 48306] open and established`
//! and the others of `-v 2`, the warning about an application that took too long, and Autobahn's
//! about a peer.

use super::{Dialect, Layer, Parsed, peer, trace_line};
use crate::record::{Peer, Side};

/// Messages that name a connection as Daphne's protocol classes do.
pub(super) struct DaphneDebug;

impl Dialect for DaphneDebug {
    fn id(&self) -> &'static str {
        "daphne-debug"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "WebSocket ['127.0.0.1', 48306] open and established",
            "Upgraded connection ['127.0.0.1', 48377] to WebSocket",
            "Application instance <Task pending name='Task-3'> for connection <WebSocketProtocol client=['10.0.0.8', 56636] path=b'/ws/x/'> took too long to shut down and was killed.",
            "dropping connection to peer tcp4:127.0.0.1:55562 with abort=True: WebSocket opening handshake timeout (peer did not finish the opening handshake in time)",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let by_protocol = text.split_once("Protocol client=").map(|(_, rest)| rest);
        let by_peer = text.split_once("connection to peer ").map(|(_, rest)| rest);
        let starts = [
            "WebSocket ",
            "HTTP ",
            "Upgraded connection ",
            "Connection ",
            "Sent WebSocket ",
            "Closed ",
        ];
        let (client, target) = if let Some(rest) = by_protocol {
            let target = rest.split_once("path=").and_then(|(_, path)| literal(path));
            (peer::pair(rest), target)
        } else if let Some(rest) = by_peer {
            (rest.split(' ').next().and_then(peer::address), None)
        } else if starts.iter().any(|start| text.starts_with(start)) {
            (Some(listed(text)?), None)
        } else {
            return None;
        };
        if trace_line::TraceLine::of(text).kind.is_telling() {
            return None;
        }
        Some(Parsed {
            side: Some(Side::Backend),
            peer: client,
            target,
            message: text.to_owned(),
            ..Parsed::default()
        })
    }
}

/// The list `['127.0.0.1', 48306]` anywhere in a message.
fn listed(text: &str) -> Option<Peer> {
    let at = text.find("['")?;
    peer::pair(text.get(at..)?)
}

/// The content of a Python literal, bytes or text: `b'/ws/x/'`.
fn literal(text: &str) -> Option<String> {
    let text = text.strip_prefix('b').unwrap_or(text);
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (inside, _) = text.strip_prefix(quote)?.split_once(quote)?;
    (!inside.is_empty()).then(|| inside.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_peer_and_path() {
        let parsed = DaphneDebug.parse(DaphneDebug.samples()[2]).unwrap();
        assert_eq!(
            (parsed.peer.unwrap().port, parsed.target.as_deref()),
            (Some(56636), Some("/ws/x/"))
        );
        assert_eq!(
            DaphneDebug
                .parse(DaphneDebug.samples()[0])
                .unwrap()
                .peer
                .unwrap()
                .port,
            Some(48306)
        );
        assert_eq!(
            DaphneDebug
                .parse(DaphneDebug.samples()[3])
                .unwrap()
                .peer
                .unwrap()
                .port,
            Some(55562)
        );
        assert_eq!(
            DaphneDebug.parse("WebSocket CONNECT /ws/ [127.0.0.1:1]"),
            None
        );
    }
}
