//! Uvicorn's access messages: `127.0.0.1:45656 - "WebSocket /ws/x/" [accepted]`.
//!
//! Its words without an address (`connection open`) have no structure and are left to the lexicon.

use super::request::{self, Request};
use super::{Dialect, Layer, Parsed, peer};
use crate::record::Side;

/// Uvicorn's access messages, of `WebSockets` and of HTTP.
pub(super) struct UvicornAccess;

impl Dialect for UvicornAccess {
    fn id(&self) -> &'static str {
        "uvicorn-access"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "127.0.0.1:45656 - \"WebSocket /ws/x/?token=abc\" [accepted]",
            "127.0.0.1:45656 - \"WebSocket /ws/x/\" 403",
            "('172.19.0.11', 44988) - \"WebSocket /ws/x/\" 403",
            "None - \"WebSocket /notifications/\" [accepted]",
            "127.0.0.1:50922 - \"GET /api/ HTTP/1.1\" 200 OK",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (client, rest) = text.split_at_checked(text.find(" - \"")?)?;
        let is_pair = client.starts_with('(') && client.ends_with(')');
        if client.len() > 80 || (client.contains(' ') && !is_pair) {
            return None;
        }
        let (request, rest) = Request::quoted(rest.strip_prefix(" - ")?)?;
        let status = request::status(rest).map(|(status, _)| status);
        let accepted = rest.trim_start().starts_with("[accepted]");
        let mut message = request.in_quotes();
        let rest = rest.trim();
        if !rest.is_empty() {
            message.push(' ');
            message.push_str(rest);
        }
        Some(Parsed {
            side: Some(Side::Backend),
            peer: peer::address(client),
            target: request.target(),
            status: if accepted { Some(101) } else { status },
            message,
            ..Parsed::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_means_101() {
        let parsed = UvicornAccess.parse(UvicornAccess.samples()[0]).unwrap();
        assert_eq!(parsed.status, Some(101));
        assert_eq!(parsed.message, "\"WebSocket /ws/x/?token=abc\" [accepted]");
        assert_eq!(parsed.target.as_deref(), Some("/ws/x/?token=abc"));
    }

    #[test]
    fn old_versions_print_the_client_as_a_pair() {
        let parsed = UvicornAccess.parse(UvicornAccess.samples()[2]).unwrap();
        assert_eq!(
            (parsed.peer.unwrap().port, parsed.status),
            (Some(44988), Some(403))
        );
        assert_eq!(
            UvicornAccess.parse("user said - \"WebSocket /ws/x/\" 403"),
            None
        );
    }
}
