//! What Channels' and Daphne's `runserver` print: `WebSocket HANDSHAKING /ws/x/ [127.0.0.1:51094]`,
//! `HTTP GET /api/me/ 200 [0.03, 127.0.0.1:51094]`.

use super::{Dialect, Layer, Parsed, peer, request};
use crate::record::Side;

/// The development server's lines about connections.
pub(super) struct ChannelsRunserver;

const EVENTS: [&str; 4] = ["HANDSHAKING", "CONNECT", "REJECT", "DISCONNECT"];

impl Dialect for ChannelsRunserver {
    fn id(&self) -> &'static str {
        "channels-runserver"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094]",
            "WebSocket REJECT /ws/chat/ [172.20.0.1:53724]",
            "HTTP GET /api/me/ 200 [0.03, 127.0.0.1:51094]",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let parsed = if let Some(rest) = text.strip_prefix("WebSocket ") {
            websocket(text, rest)
        } else {
            http(text, text.strip_prefix("HTTP ")?)
        };
        parsed.map(|parsed| Parsed {
            side: Some(Side::Backend),
            ..parsed
        })
    }
}

fn websocket(text: &str, rest: &str) -> Option<Parsed> {
    let (event, rest) = rest.split_once(' ')?;
    if !EVENTS.contains(&event) {
        return None;
    }
    let (target, client) = before_bracket(rest);
    Some(Parsed {
        target: (!target.is_empty()).then(|| target.to_owned()),
        peer: client.and_then(peer::address),
        message: text.to_owned(),
        ..Parsed::default()
    })
}

fn http(text: &str, rest: &str) -> Option<Parsed> {
    let (rest, bracket) = before_bracket(rest);
    let (method, rest) = rest.split_once(' ')?;
    let is_method = method.len() >= 3 && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let (target, status) = rest.rsplit_once(' ')?;
    let (status, _) = request::status(status)?;
    (is_method && target.starts_with('/')).then(|| Parsed {
        target: Some(target.to_owned()),
        status: Some(status),
        peer: bracket.and_then(|inside| peer::address(inside.split_once(", ")?.1)),
        message: text.to_owned(),
        ..Parsed::default()
    })
}

/// The text before the last `[…]`, and what is in it; the closing bracket may be cut off.
fn before_bracket(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(" [") {
        Some((before, inside)) => (before.trim(), Some(inside.trim_end().trim_end_matches(']'))),
        None => (text.trim(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_target_client_and_status() {
        let parsed = ChannelsRunserver
            .parse("WebSocket DISCONNECT /ws/chat/ [127.0.0.1:41934]")
            .unwrap();
        assert_eq!(
            (parsed.target.as_deref(), parsed.peer.unwrap().port),
            (Some("/ws/chat/"), Some(41934))
        );
        assert_eq!(
            parsed.message,
            "WebSocket DISCONNECT /ws/chat/ [127.0.0.1:41934]"
        );
        let parsed = ChannelsRunserver
            .parse(ChannelsRunserver.samples()[2])
            .unwrap();
        assert_eq!(
            (parsed.status, parsed.peer.unwrap().port),
            (Some(200), Some(51094))
        );
    }

    #[test]
    fn other_sentences_about_websockets_are_not_its() {
        assert_eq!(
            ChannelsRunserver.parse("WebSocket connection to 'ws://x/' failed: "),
            None
        );
        assert_eq!(ChannelsRunserver.parse("WebSocket CONNECTED"), None);
    }
}
