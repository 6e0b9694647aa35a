//! The quoted request of access lines: `"GET /ws/x HTTP/1.1"`, `"WSCONNECTING /ws/x"`,
//! `"WebSocket /ws/x/"`, and the status after it.
//!
//! Shared by the dialects of access lines; which server wrote a line is their business.

/// A verb, its target, and a protocol where one is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request<'a> {
    /// `GET`, `WSCONNECTING`, `WebSocket`.
    pub verb: &'a str,
    /// The path with its query, or a whole URL.
    pub target: &'a str,
    /// `HTTP/1.1`, or Hypercorn's bare `1.1`; empty where there is none.
    pub protocol: &'a str,
}

/// The methods of HTTP, by which a request is told from other quoted text.
const METHODS: [&str; 9] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE",
];

impl<'a> Request<'a> {
    /// Reads `"VERB target protocol"` at the start of `text`; a quote missing at a cut end is
    /// forgiven.
    #[must_use]
    pub(super) fn quoted(text: &'a str) -> Option<(Self, &'a str)> {
        let inside = text.strip_prefix('"')?;
        let (inside, rest) = inside.split_once('"').unwrap_or((inside, ""));
        Self::bare(inside).map(|request| (request, rest))
    }

    /// Reads `VERB target protocol`, the whole of `text`.
    #[must_use]
    pub(super) fn bare(text: &'a str) -> Option<Self> {
        let (verb, rest) = text.trim_end().split_once(' ')?;
        if !METHODS.contains(&verb) && verb != "WebSocket" && !is_daphne_verb(verb) {
            return None;
        }
        let rest = rest.trim_start();
        let (target, protocol) = match rest.rsplit_once(' ') {
            Some((target, last)) if is_protocol(last) => (target.trim_end(), last),
            _ => (rest, ""),
        };
        let is_target =
            target.starts_with(['/', '*', '?']) || target.is_empty() || target.contains("://");
        // A relative path: Daphne 1 printed some without their slash.
        let is_word = !target.contains(' ');
        (is_target || is_word).then_some(Self {
            verb,
            target,
            protocol,
        })
    }

    /// Whether this is one of Daphne's WebSocket events.
    #[must_use]
    pub(super) fn is_daphne_event(&self) -> bool {
        is_daphne_verb(self.verb)
    }

    /// The target, where it says anything.
    #[must_use]
    pub(super) fn target(&self) -> Option<String> {
        (!self.target.is_empty() && self.target != "*").then(|| self.target.to_owned())
    }

    /// The request in quotes, as messages begin with it.
    #[must_use]
    pub(super) fn in_quotes(&self) -> String {
        let mut text = format!("\"{} {}", self.verb, self.target);
        if !self.protocol.is_empty() {
            text.push(' ');
            text.push_str(self.protocol);
        }
        text.push('"');
        text
    }
}

fn is_daphne_verb(verb: &str) -> bool {
    verb.strip_prefix("WS").is_some_and(|event| {
        event.len() >= 4 && event.bytes().all(|byte| byte.is_ascii_uppercase())
    })
}

fn is_protocol(word: &str) -> bool {
    let version = word.strip_prefix("HTTP/").unwrap_or(word);
    matches!(version, "0.9" | "1.0" | "1.1" | "2" | "2.0" | "3" | "3.0")
}

/// The HTTP status that `text` starts with, and what follows.
#[must_use]
pub(super) fn status(text: &str) -> Option<(u16, &str)> {
    let text = text.trim_start();
    let (digits, rest) = text.split_at_checked(3)?;
    let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
    let code: u16 = digits.parse().ok()?;
    (ends && (100..600).contains(&code)).then_some((code, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_requests() {
        let (request, rest) = Request::quoted("\"GET /ws/x?a=b HTTP/1.1\" 404 2221").unwrap();
        assert_eq!(
            (request.verb, request.target, request.protocol),
            ("GET", "/ws/x?a=b", "HTTP/1.1")
        );
        assert_eq!(status(rest), Some((404, " 2221")));
        let (request, _) = Request::quoted("\"WSCONNECTING /ws/7\" - -").unwrap();
        assert!(request.is_daphne_event());
        assert_eq!(
            Request::quoted("\"GET /ws/x 1.1\" 101").unwrap().0.protocol,
            "1.1"
        );
        assert_eq!(Request::quoted("\"quoted words of a message\""), None);
        assert_eq!(Request::bare("GET of a thing"), None);
    }

    #[test]
    fn a_status_has_three_digits() {
        assert_eq!(status(" 403"), Some((403, "")));
        assert_eq!(status(" 4031"), None);
        assert_eq!(status(" - -"), None);
    }
}
