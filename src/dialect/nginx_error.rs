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
