//! Requests as Django's plain `runserver` prints them behind its stamp:
//! `"GET /ws/chat/ HTTP/1.1" 404 2221`.

use super::request::{self, Request};
use super::{Dialect, Layer, Parsed};
use crate::record::Side;

/// A quoted request with its status, and no client.
pub(super) struct WsgiRunserver;

impl Dialect for WsgiRunserver {
    fn id(&self) -> &'static str {
        "wsgi-runserver"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "\"GET /ws/chat/ HTTP/1.1\" 404 2221",
            "\"GET /ws/chat/ HTTP/1.1\" 500 145",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (request, rest) = Request::quoted(text)?;
        if request.is_daphne_event() {
            return None;
        }
        let (status, rest) = request::status(rest)?;
        // Behind the status stands the size; anything else is another server's line.
        let size = rest.split_whitespace().next();
        if size.is_some_and(|size| !size.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        Some(Parsed {
            side: Some(Side::Backend),
            target: request.target(),
            status: Some(status),
            message: text.to_owned(),
            ..Parsed::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_a_request_and_a_status() {
        let parsed = WsgiRunserver.parse(WsgiRunserver.samples()[0]).unwrap();
        assert_eq!(
            (parsed.target.as_deref(), parsed.status),
            (Some("/ws/chat/"), Some(404))
        );
        assert_eq!(WsgiRunserver.parse("\"quoted\" 404"), None);
        assert_eq!(WsgiRunserver.parse("\"GET /ws/x HTTP/1.1\""), None);
    }
}
