//! The HTTP log of `HAProxy` behind its syslog header: `10.0.1.2:33317 [06/Feb/2024:12:14:14.655] front
//! back/srv1 10/0/30/69/109 504 2750 - - sH-- 1/1/1/1/0 0/0 "GET /ws/x HTTP/1.1"`.
//!
//! The four letters that say how the session ended (`sH--`: the server did not answer in time) stay
//! in the message; the lexicon reads them.

use super::request::{self, Request};
use super::{Dialect, Layer, Parsed, clock, peer};
use crate::record::Side;

/// Lines of `HAProxy` about HTTP requests.
pub(super) struct HaproxyHttp;

impl Dialect for HaproxyHttp {
    fn id(&self) -> &'static str {
        "haproxy-http"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "10.0.1.2:33317 [06/Feb/2024:12:14:14.655] front back/srv1 10/0/30/-1/109 504 194 - - sH-- 1/1/1/1/0 0/0 \"GET /ws/x HTTP/1.1\"",
            "10.0.1.2:33317 [06/Feb/2024:12:14:14.655] front~ back/<NOSRV> 0/-1/-1/-1/0 503 212 - - SC-- 1/1/0/0/0 0/0 {example.org|Mozilla} \"GET /ws/x HTTP/1.1\"",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (client, rest) = text.split_once(" [")?;
        let peer = peer::address(client)?;
        let (stamp, rest) = clock::leading(rest)?;
        let rest = rest.strip_prefix("] ")?;
        let (columns, quoted) = rest.split_at_checked(rest.find('"')?)?;
        let (request, _) = Request::quoted(quoted)?;
        let mut columns = columns.split_whitespace();
        let backend = columns.nth(1).filter(|backend| backend.contains('/'))?;
        let timers = columns.next().filter(|timers| timers.contains('/'))?;
        let status = request::status(columns.next()?).map(|(status, _)| status);
        let ended = columns.nth(3)?;
        let shown = status.map_or_else(|| "-1".to_owned(), |status| status.to_string());
        Some(Parsed {
            side: Some(Side::Proxy),
            stamp: Some(stamp),
            peer: Some(peer),
            target: request.target(),
            status,
            message: format!("{} {shown} {ended} {backend} {timers}", request.in_quotes()),
            ..Parsed::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_status_and_how_it_ended() {
        let parsed = HaproxyHttp.parse(HaproxyHttp.samples()[0]).unwrap();
        assert_eq!(
            parsed.message,
            "\"GET /ws/x HTTP/1.1\" 504 sH-- back/srv1 10/0/30/-1/109"
        );
        assert_eq!(
            (parsed.status, parsed.target.as_deref()),
            (Some(504), Some("/ws/x"))
        );
        assert_eq!(parsed.stamp.unwrap().resolution_ms, 1);
        let parsed = HaproxyHttp.parse(HaproxyHttp.samples()[1]).unwrap();
        assert_eq!(parsed.status, Some(503));
    }
}
