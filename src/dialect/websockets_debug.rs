//! What the `websockets` library says at debug level: `< GET /ws/x HTTP/1.1`,
//! `> HTTP/1.1 101 Switching Protocols`, `= connection is OPEN`, `> CLOSE 1009 (message too big)`.

use super::request::{self, Request};
use super::{Dialect, Layer, Parsed};

/// Lines that begin with the direction of what they tell.
pub(super) struct WebsocketsDebug;

const FRAMES: [&str; 6] = ["CLOSE", "PING", "PONG", "TEXT", "BINARY", "CONT"];

impl Dialect for WebsocketsDebug {
    fn id(&self) -> &'static str {
        "websockets-debug"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "< GET /ws/x HTTP/1.1",
            "> HTTP/1.1 101 Switching Protocols",
            "= connection is OPEN",
            "> CLOSE 1009 (message too big) [2 bytes]",
            "< upgrade: websocket",
            "! failing connection with code 1009",
            "x half-closing TCP connection",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (mark, rest) = text.split_once(' ')?;
        let rest = rest.trim_start();
        let mut parsed = Parsed {
            message: text.to_owned(),
            ..Parsed::default()
        };
        match mark {
            "=" if rest.starts_with("connection is ") => {}
            "%" if rest.starts_with("sen")
                || rest.starts_with("rec")
                || rest.starts_with("tim") => {}
            "!" if rest.starts_with("failing ") || rest.starts_with("timed out ") => {}
            "x" if rest.starts_with("half-closing ")
                || rest.starts_with("closing ")
                || rest.starts_with("aborting ") => {}
            "<" | ">" => {
                if let Some(request) =
                    Request::bare(rest).filter(|request| request.protocol.starts_with("HTTP/"))
                {
                    parsed.target = request.target();
                } else if let Some(answer) = rest
                    .strip_prefix("HTTP/1.1 ")
                    .or_else(|| rest.strip_prefix("HTTP/1.0 "))
                {
                    parsed.status = request::status(answer).map(|(status, _)| status);
                } else if !is_frame(rest) && !is_header(rest) {
                    return None;
                }
            }
            _ => return None,
        }
        Some(parsed)
    }
}

fn is_frame(rest: &str) -> bool {
    FRAMES.iter().any(|frame| {
        rest.strip_prefix(frame)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

/// An HTTP header of the handshake.
fn is_header(rest: &str) -> bool {
    rest.split_once(": ").is_some_and(|(name, _)| {
        let lower = name.to_ascii_lowercase();
        matches!(
            lower.as_str(),
            "host"
                | "upgrade"
                | "connection"
                | "origin"
                | "date"
                | "server"
                | "user-agent"
                | "cookie"
                | "pragma"
        ) || [
            "sec-websocket-",
            "accept",
            "cache-",
            "content-",
            "x-forwarded-",
        ]
        .iter()
        .any(|start| lower.starts_with(start))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_directions() {
        assert_eq!(
            WebsocketsDebug
                .parse("< GET /ws/x HTTP/1.1")
                .unwrap()
                .target
                .as_deref(),
            Some("/ws/x")
        );
        assert_eq!(
            WebsocketsDebug
                .parse("> HTTP/1.1 403 Forbidden")
                .unwrap()
                .status,
            Some(403)
        );
        assert_eq!(WebsocketsDebug.parse("> quoted in a reply"), None);
        assert_eq!(WebsocketsDebug.parse("> note: quoted"), None);
    }
}
