//! Requests and navigation as a console lists them: `GET http://… 401 (Unauthorized)`,
//! `XHRGET http://…`, `[HTTP/1.1 403 Forbidden 5ms]`, `Navigated to http://…`.
//!
//! Access lines of servers, which name a path and not a whole address, are other dialects'.

use super::browser_console::{plain_spaces, time_of_day};
use super::browser_location::{leading, trailing};
use super::browser_words::{status, status_at};
use super::{Dialect, Layer, Parsed};
use crate::record::Side;

/// See the module.
pub(crate) struct BrowserNetwork;

impl Dialect for BrowserNetwork {
    fn id(&self) -> &'static str {
        "browser-network"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "Navigated to http://localhost:5173/",
            "favicon.ico:1  GET http://localhost:5173/favicon.ico 404 (File not found)",
            "GET http://localhost:8000/api/me/ net::ERR_CONNECTION_REFUSED",
            "10:41:07.123 XHRGET http://localhost:8000/api/me/ [HTTP/1.1 401 Unauthorized 5ms]",
            "GET ws://localhost:8000/ws/x/",
            "[HTTP/1.1 403 Forbidden 5ms]",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        read(text)
    }
}

/// Methods that a console names; with what stands before them in Firefox.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Reads one such line.
pub(crate) fn read(text: &str) -> Option<Parsed> {
    if !text.contains("://") && !text.contains("[HTTP/") {
        return None;
    }
    let text = plain_spaces(text);
    let (stamp, rest) =
        time_of_day(text.trim()).map_or((None, text.trim()), |(stamp, rest)| (Some(stamp), rest));
    let (location, message) = leading(rest)
        .filter(|(_, message)| request_address(message).is_some())
        .or_else(|| trailing(rest).filter(|(_, message)| request_address(message).is_some()))
        .map_or((None, rest), |(location, message)| {
            (Some(location.file().to_owned()), message)
        });
    let target = if message.starts_with("[HTTP/") && message.ends_with("ms]") {
        None
    } else {
        Some(
            navigation(message)
                .or_else(|| request_address(message))?
                .to_owned(),
        )
    };
    Some(Parsed {
        side: Some(Side::Client),
        stamp,
        logger: location,
        status: status(message).or_else(|| {
            target
                .as_deref()
                .and_then(|url| status_behind(message, url))
        }),
        target,
        message: message.to_owned(),
        ..Parsed::default()
    })
}

/// The address of `Navigated to …`.
fn navigation(message: &str) -> Option<&str> {
    let address = message
        .strip_prefix("Navigated to ")
        .or_else(|| message.strip_prefix("Navigation to "))?;
    is_address(address).then(|| first_word(address))
}

/// The address of `GET http://…`, `XHRGET http://…`, `XHR GET http://…`, `GEThttp://…`.
fn request_address(message: &str) -> Option<&str> {
    // Firefox may leave the method on the line before.
    if is_address(message) && message.contains(" [HTTP/") {
        return Some(first_word(message));
    }
    let request = message.strip_prefix("XHR").unwrap_or(message).trim_start();
    let address = METHODS
        .iter()
        .find_map(|method| request.strip_prefix(method))?
        .trim_start();
    is_address(address).then(|| first_word(address))
}

/// Whether a whole address stands here; servers log paths.
fn is_address(text: &str) -> bool {
    ["http://", "https://", "ws://", "wss://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}

/// The text up to the first space.
fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or(text)
}

/// The status in `GET http://… 401 (Unauthorized)`.
fn status_behind(message: &str, address: &str) -> Option<u16> {
    let (_, rest) = message.split_once(address)?;
    status_at(rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_an_address_and_a_status() {
        for (text, target, status) in [
            (
                "api.js:12 GET http://localhost:8000/api/me/ 401 (Unauthorized)",
                "http://localhost:8000/api/me/",
                Some(401),
            ),
            (
                "XHR GET http://localhost:8000/api/me/ [HTTP/1.1 403 Forbidden 5ms]",
                "http://localhost:8000/api/me/",
                Some(403),
            ),
            (
                "GETws://localhost:8000/ws/x/",
                "ws://localhost:8000/ws/x/",
                None,
            ),
            (
                "Navigated to http://localhost:3000/",
                "http://localhost:3000/",
                None,
            ),
        ] {
            let parsed = read(text).expect(text);
            assert_eq!(
                (parsed.target.as_deref(), parsed.status),
                (Some(target), status),
                "{text}"
            );
        }
    }

    #[test]
    fn an_answer_stands_alone_in_firefox() {
        assert_eq!(
            read("[HTTP/1.1 403 Forbidden 5ms]").and_then(|parsed| parsed.status),
            Some(403)
        );
    }

    #[test]
    fn a_servers_line_is_not_claimed() {
        for text in [
            "GET /ws/x/ HTTP/1.1",
            "\"GET /ws/x/ HTTP/1.1\" 404 2221",
            "HTTP GET /api/me/ 200 [0.03, 127.0.0.1:5]",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
