//! Tornado's access messages: `403 GET /ws/x (127.0.0.1) 1.55ms`.

use super::request::{self, Request};
use super::{Dialect, Layer, Parsed, peer};
use crate::record::Side;

/// Requests as Tornado's logger `tornado.access` tells them.
pub(super) struct TornadoAccess;

impl Dialect for TornadoAccess {
    fn id(&self) -> &'static str {
        "tornado-access"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "403 GET /ws/x (127.0.0.1) 1.55ms",
            "101 GET /ws/x?a=b (::1) 30002.10ms",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (status, rest) = request::status(text).filter(|_| text.ends_with("ms"))?;
        let (request, client) = rest.trim_start().rsplit_once(" (")?;
        let (client, _) = client.split_once(") ")?;
        let request = Request::bare(request).filter(|request| request.target.starts_with('/'))?;
        Some(Parsed {
            side: Some(Side::Backend),
            peer: peer::address(client),
            target: request.target(),
            status: Some(status),
            message: format!("{} {status}", request.in_quotes()),
            ..Parsed::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_status_and_client() {
        let parsed = TornadoAccess.parse(TornadoAccess.samples()[0]).unwrap();
        assert_eq!(parsed.message, "\"GET /ws/x\" 403");
        assert_eq!(parsed.peer.unwrap().host, "127.0.0.1");
        assert_eq!(TornadoAccess.parse("403 users in 20 ms"), None);
    }
}
