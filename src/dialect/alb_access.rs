//! Access lines of AWS application load balancers: type, time, balancer, client, target, three times,
//! the balancer's status and the target's, sizes, the request with its whole URL.

use super::request::{self, Request};
use super::{Dialect, Layer, Parsed, clock, peer};
use crate::record::Side;

/// See the module.
pub(super) struct AlbAccess;

impl Dialect for AlbAccess {
    fn id(&self) -> &'static str {
        "alb-access"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "wss 2024-06-01T10:00:00.186641Z app/my-lb/50dc6c495c0c9188 203.0.113.9:51095 10.0.1.192:8000 0.001 0.003 0.000 101 101 218 587 \"GET https://example.com:443/ws/chat/7/ HTTP/1.1\" \"-\" - -",
            "https 2024-06-01T10:00:00.186641Z app/my-lb/50dc6c495c0c9188 203.0.113.9:51095 - -1 -1 -1 502 - 218 587 \"GET https://example.com:443/ws/chat/7/ HTTP/1.1\" \"-\" - -",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let mut columns = text.split(' ');
        let kind = columns.next()?;
        if !matches!(kind, "http" | "https" | "h2" | "grpcs" | "ws" | "wss") {
            return None;
        }
        let (stamp, _) = clock::leading(columns.next()?)?;
        if !columns.next()?.starts_with("app/") {
            return None;
        }
        let client = columns.next()?;
        let target = columns.next()?;
        let status = columns.nth(3)?;
        let of_target = columns.next()?;
        let (status, _) = request::status(status)?;
        let quoted = text.find('"').and_then(|at| text.get(at..))?;
        let (request, _) = Request::quoted(quoted)?;
        let path = path_of(request.target)?;
        Some(Parsed {
            side: Some(Side::Proxy),
            stamp: Some(stamp),
            peer: peer::address(client),
            target: Some(path.to_owned()),
            status: Some(status),
            message: format!(
                "\"{} {path} {}\" {status}, target {target} {of_target}",
                request.verb, request.protocol
            ),
            ..Parsed::default()
        })
    }
}

/// The path of a whole URL, with its query.
fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.find('/').and_then(|at| rest.get(at..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_balancers_own_status_counts() {
        let parsed = AlbAccess.parse(AlbAccess.samples()[1]).unwrap();
        assert_eq!(
            parsed.message,
            "\"GET /ws/chat/7/ HTTP/1.1\" 502, target - -"
        );
        assert_eq!((parsed.status, parsed.side), (Some(502), Some(Side::Proxy)));
        assert_eq!(parsed.peer.unwrap().port, Some(51095));
    }
}
