//! nginx's error log behind its stamp and level: `118#0: *20871 recv() failed (104: …) while …,
//! client: …, server: …, request: "GET /ws/x HTTP/1.1", upstream: "…", host: "…"`.

use super::request::Request;
use super::{Dialect, Layer, Parsed, peer};
use crate::record::Side;

/// nginx's error messages.
pub(super) struct NginxError;

impl Dialect for NginxError {
    fn id(&self) -> &'static str {
        "nginx-error"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "118#0: *20871 recv() failed (104: Connection reset by peer) while proxying upgraded connection, client: 10.0.0.9, server: example.org, request: \"GET /ws/x HTTP/1.1\", upstream: \"http://127.0.0.1:8000/ws/x\", host: \"example.org\"",
            "29#29: signal 3 (SIGQUIT) received, shutting down",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (process, message) = text.split_once(": ")?;
        let (pid, tid) = process.split_once('#')?;
        if !is_number(pid) || !is_number(tid) {
            return None;
        }
        let message = match message
            .strip_prefix('*')
            .and_then(|rest| rest.split_once(' '))
        {
            Some((connection, rest)) if is_number(connection) => rest,
            _ => message,
        };
        let request =
            field(message, "request: \"").and_then(|rest| Request::bare(rest.split('"').next()?));
        Some(Parsed {
            side: Some(Side::Proxy),
            peer: field(message, "client: ")
                .and_then(|rest| peer::address(rest.split(',').next()?)),
            target: request.and_then(|request| request.target()),
            message: message.to_owned(),
            ..Parsed::default()
        })
    }
}

/// Whether a line goes on with the headers that nginx prints at level debug, one a line.
pub(super) fn continues(record: &str, line: &str) -> bool {
    let head = record.lines().next().unwrap_or_default();
    let prints_headers = head.contains("http proxy header:") || head.contains(" HTTP/1.");
    let is_debug = head.contains("[debug]");
    let header = line.trim_end().split_once(": ");
    let is_header = header.is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
    });
    let is_request = line.starts_with('"') && line.contains(" HTTP/");
    is_debug && prints_headers && (is_header || is_request || matches!(line.trim(), "" | "\""))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What follows the last `, name`: the free text before the fields may hold the same word.
fn field<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message
        .rsplit_once(&format!(", {name}"))
        .map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headers_of_a_debug_line_belong_to_it() {
        let head = "2026/11/21 06:17:31 [debug] 16385#16385: *36 http proxy header:";
        for line in [
            "\"GET /ws/board/ HTTP/1.1",
            "Sec-WebSocket-Version: 13",
            "\"",
            "",
        ] {
            assert!(continues(head, line), "{line}");
        }
        assert!(!continues(head, "Listening on TCP address 127.0.0.1:8000"));
        let other = "2026/11/21 06:17:31 [error] 16385#16385: *36 connect() failed";
        assert!(!continues(other, "Sec-WebSocket-Version: 13"));
    }

    #[test]
    fn finds_client_and_target() {
        let parsed = NginxError.parse(NginxError.samples()[0]).unwrap();
        assert_eq!(
            (parsed.side, parsed.target.as_deref()),
            (Some(Side::Proxy), Some("/ws/x"))
        );
        assert_eq!(parsed.peer.unwrap().host, "10.0.0.9");
        assert!(parsed.message.starts_with("recv() failed"));
    }
}
