//! What a browser's export shows of a handshake's headers, told in one line: Host, Origin, whether
//! a cookie went along, the subprotocols offered and the one answered.
//!
//! Shared by the exports that have headers (HAR, net-export). A cookie's value is not told, only
//! that there is one, and by which names. What the lines mean is data of the lexicon.

use crate::record::{Origin, Record, Side};
use crate::stamp::Stamp;

/// Whether cookies went with the handshake, as far as the export can tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Cookie {
    /// The export leaves cookies out, or has not all headers.
    #[default]
    Unknown,
    /// There is a `Cookie` header, with these names where its value is shown.
    Sent(Vec<String>),
    /// All headers are there, and none of them is `Cookie`.
    NotSent,
    /// The browser has cookies for the host and held them back, for this reason.
    Withheld(String),
}

/// The headers of one handshake that decide on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Handshake {
    /// The request's `Host`, or `:authority`.
    pub(super) host: Option<String>,
    /// The request's `Origin`.
    pub(super) origin: Option<String>,
    /// Its cookies.
    pub(super) cookie: Cookie,
    /// The subprotocols offered, as written.
    pub(super) offered: Option<String>,
    /// The extensions offered, as written.
    pub(super) extensions: Option<String>,
}

impl Handshake {
    /// Reads the request's headers; `None` where they are not those of a handshake as it was sent.
    /// Browsers show provisional headers for requests that never left.
    pub(super) fn read<'h>(headers: impl Iterator<Item = (&'h str, &'h str)>) -> Option<Self> {
        let mut handshake = Self {
            cookie: Cookie::NotSent,
            ..Self::default()
        };
        let mut was_sent = false;
        for (name, value) in headers {
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "host" | ":authority" => handshake.host = Some(value.to_owned()),
                "origin" => handshake.origin = Some(value.to_owned()),
                "cookie" => handshake.cookie = Cookie::Sent(cookie_names(value)),
                "sec-websocket-protocol" => handshake.offered = Some(value.to_owned()),
                "sec-websocket-extensions" => handshake.extensions = Some(value.to_owned()),
                "sec-websocket-key" | ":protocol" => was_sent = true,
                _ => {}
            }
        }
        (was_sent && handshake.host.is_some()).then_some(handshake)
    }

    /// The line that tells the request.
    pub(super) fn request_line(&self) -> String {
        let mut line = "WebSocket handshake request.".to_owned();
        let mut tell = |name: &str, value: &str| {
            if !line.ends_with('.') {
                line.push(';');
            }
            line.extend([" ", name, ": ", value]);
        };
        tell("Host", self.host.as_deref().unwrap_or("none"));
        tell("Origin", self.origin.as_deref().unwrap_or("none"));
        match &self.cookie {
            Cookie::Unknown => {}
            Cookie::Sent(names) if names.is_empty() => tell("Cookie", "sent"),
            Cookie::Sent(names) => tell("Cookie", &format!("sent ({})", names.join(", "))),
            Cookie::NotSent => tell("Cookie", "none"),
            Cookie::Withheld(reason) => tell("Cookie", &format!("withheld ({reason})")),
        }
        if let Some(offered) = &self.offered {
            tell("Sec-WebSocket-Protocol", offered);
        }
        line
    }

    /// The line that tells a 101, with the subprotocol that it answered.
    pub(super) fn answer_line(&self, answered: Option<&str>) -> String {
        match (answered, &self.offered) {
            (Some(answered), _) => {
                format!("WebSocket connected, Sec-WebSocket-Protocol: {answered}")
            }
            (None, Some(_)) => {
                "WebSocket connected, none of the offered subprotocols in the answer".to_owned()
            }
            (None, None) => "WebSocket connected".to_owned(),
        }
    }
}

/// The names of a `Cookie` header; none where its value was stripped (`[42 bytes were stripped]`).
fn cookie_names(value: &str) -> Vec<String> {
    if value.starts_with('[') {
        return Vec::new();
    }
    let names = value.split(';').filter_map(|pair| {
        let (name, _) = pair.split_once('=')?;
        let name = name.trim();
        let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        (!name.is_empty() && name.len() <= 40 && name.chars().all(is_token))
            .then(|| name.to_owned())
    });
    names.collect()
}

/// A record of an export, in the words of the browser's console.
pub(super) fn told(
    dialect: &'static str,
    origin: Origin,
    stamp: Option<Stamp>,
    url: &str,
    message: String,
) -> Record {
    Record {
        origin,
        dialect,
        side: Side::Client,
        stamp,
        wrapper_stamp: None,
        level: None,
        logger: None,
        process: None,
        peer: None,
        target: Some(url.to_owned()),
        status: None,
        text: message.clone(),
        message,
        detail: Vec::new(),
        left_out: 0,
        traceback: None,
        repeats: 1,
        copies: None,
        by_chance: false,
        partial: false,
        after_gap: false,
    }
}

/// The console's line of a failed connection.
pub(super) fn failure_line(url: &str, reason: &str) -> String {
    format!("WebSocket connection to '{url}' failed: {reason}")
}

/// The reason that the console gives for a handshake answered with another status than 101.
pub(super) fn unexpected(status: u16) -> String {
    format!("Error during WebSocket handshake: Unexpected response code: {status}")
}

/// The line that tells how a connection ended.
pub(super) fn closing_line(code: Option<u16>, by: &str) -> String {
    match code {
        Some(code) => format!("WebSocket closed by {by}, code: {code}"),
        None => format!("WebSocket closed by {by}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &str)]) -> Option<Handshake> {
        Handshake::read(headers.iter().copied())
    }

    #[test]
    fn a_request_is_told_without_the_cookies_value() {
        let handshake = read(&[
            ("Host", "localhost:8000"),
            ("Origin", "http://localhost:5173"),
            ("Sec-WebSocket-Key", "mYIT6kZ5ARcFFEn3jiDJtg=="),
            ("Cookie", "sessionid=q7v1m3x9k2c8; csrftoken=b6n5z0w1"),
            ("sec-websocket-protocol", "chat.v1, chat.v2"),
        ])
        .unwrap();
        assert_eq!(
            handshake.request_line(),
            "WebSocket handshake request. Host: localhost:8000; Origin: http://localhost:5173; \
             Cookie: sent (sessionid, csrftoken); Sec-WebSocket-Protocol: chat.v1, chat.v2"
        );
    }

    #[test]
    fn provisional_headers_are_no_request() {
        assert_eq!(read(&[("Upgrade", "websocket"), ("Origin", "null")]), None);
    }

    #[test]
    fn a_stripped_cookie_was_sent() {
        let handshake = read(&[
            ("Host", "a"),
            ("Sec-WebSocket-Key", "x"),
            ("Cookie", "[42 bytes were stripped]"),
        ]);
        assert_eq!(handshake.unwrap().cookie, Cookie::Sent(Vec::new()));
    }

    #[test]
    fn the_answer_names_its_subprotocol_or_the_lack_of_one() {
        let offering = Handshake {
            offered: Some("chat.v1".to_owned()),
            ..Handshake::default()
        };
        assert!(offering.answer_line(None).contains("none of the offered"));
        assert!(offering.answer_line(Some("chat.v1")).ends_with("chat.v1"));
        assert_eq!(
            Handshake::default().answer_line(None),
            "WebSocket connected"
        );
    }
}
