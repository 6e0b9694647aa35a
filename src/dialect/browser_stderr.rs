//! What Chromium (also Electron and Android's web view) writes to its standard error:
//! `[pid:tid:0612/104107.123:INFO:CONSOLE(13)] "message", source: http://… (13)`.
//!
//! The month and day have no year, so the stamp is a time of day.

use super::browser_console::two_digits;
use super::browser_words::{socket_url, status};
use super::{Dialect, Layer, Parsed};
use crate::record::{Level, Side};
use crate::stamp::{Stamp, since_midnight_ms};

/// See the module.
pub(crate) struct BrowserStderr;

impl Dialect for BrowserStderr {
    fn id(&self) -> &'static str {
        "browser-stderr"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "[1106:1106:0612/104107.123456:INFO:CONSOLE(13)] \"WebSocket connection to 'ws://localhost:8000/ws/x/' failed: \", source: http://localhost:5173/useWebSocket.js (13)",
            "[1106:1106:0612/104107.123456:INFO:CONSOLE:13] \"[WebSocket] Connected\", source: http://localhost:5173/useWebSocket.js (13)",
            "I/chromium: [INFO:CONSOLE(13)] \"[WebSocket] Connected\", source: http://localhost:5173/useWebSocket.js (13)",
            "[1106:1110:0612/104107.123456:ERROR:ssl_client_socket_impl.cc(878)] handshake failed; returned -1, SSL error code 1, net_error -202",
            "DevTools listening on ws://127.0.0.1:9222/devtools/browser/0a1b2c3d",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        read(text)
    }
}

/// Reads one such line.
pub(crate) fn read(text: &str) -> Option<Parsed> {
    let text = text.trim();
    if text.starts_with("DevTools listening on ws://") {
        return Some(Parsed {
            side: Some(Side::Client),
            message: text.to_owned(),
            ..Parsed::default()
        });
    }
    let text = text
        .find("[INFO:CONSOLE")
        .and_then(|at| text.get(at..))
        .unwrap_or(text);
    let (head, message) = text.strip_prefix('[')?.split_once("] ")?;
    let (stamp, level, place) = head_fields(head)?;
    let (message, script) = quoted(message);
    let console = place.starts_with("CONSOLE");
    if !console && !place.contains(".cc") {
        return None;
    }
    Some(Parsed {
        side: Some(Side::Client),
        stamp,
        level: Some(level),
        logger: Some(
            if console {
                script.unwrap_or("console")
            } else {
                place
            }
            .to_owned(),
        ),
        target: socket_url(message),
        status: status(message),
        message: message.to_owned(),
        ..Parsed::default()
    })
}

/// `pid:tid:MMDD/HHMMSS.ffffff:LEVEL:place`, of which all but level and place may be missing.
fn head_fields(head: &str) -> Option<(Option<Stamp>, Level, &str)> {
    let mut rest = head;
    let mut stamp = None;
    while let Some((field, after)) = rest.split_once(':') {
        if let Some(level) = level(field) {
            return Some((stamp, level, after));
        }
        stamp = stamp.or_else(|| time(field));
        let numeric = !field.is_empty()
            && field
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'/' || b == b'.');
        if !numeric {
            return None;
        }
        rest = after;
    }
    None
}

/// Chromium's names of levels.
fn level(name: &str) -> Option<Level> {
    match name {
        "INFO" => Some(Level::Info),
        "WARNING" => Some(Level::Warning),
        "ERROR" => Some(Level::Error),
        "FATAL" => Some(Level::Critical),
        _ if name.starts_with("VERBOSE") => Some(Level::Debug),
        _ => None,
    }
}

/// `0612/104107.123456` as a time of day.
fn time(field: &str) -> Option<Stamp> {
    let (date, time) = field.split_once('/')?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    if date.len() != 4 || clock.len() != 6 || !clock.is_ascii() {
        return None;
    }
    let (hours, rest) = clock.split_at_checked(2)?;
    let (minutes, seconds) = rest.split_at_checked(2)?;
    let millis = fraction
        .get(..3)
        .and_then(|digits| digits.parse::<i64>().ok());
    let whole = since_midnight_ms(
        two_digits(hours)?,
        two_digits(minutes)?,
        two_digits(seconds)?,
    );
    Some(Stamp {
        wall_ms: whole.saturating_add(millis.unwrap_or(0)),
        offset_s: None,
        resolution_ms: if millis.is_some() { 1 } else { 1000 },
        dated: false,
    })
}

/// The message and the script's file of `"message", source: http://… (13)`.
fn quoted(text: &str) -> (&str, Option<&str>) {
    let Some((message, source)) = text.rsplit_once("\", source: ") else {
        return (text.strip_prefix('"').unwrap_or(text), None);
    };
    let address = source.split([' ', '?']).next().unwrap_or(source);
    let file = address.rsplit('/').next().filter(|file| !file.is_empty());
    (message.strip_prefix('"').unwrap_or(message), file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_leaves_its_quotes() {
        for sample in &BrowserStderr.samples()[1..3] {
            let parsed = read(sample).expect(sample);
            assert_eq!(parsed.message, "[WebSocket] Connected");
            assert_eq!(parsed.logger.as_deref(), Some("useWebSocket.js"));
        }
    }

    #[test]
    fn the_clock_is_a_time_of_day() {
        let stamp = read(BrowserStderr.samples()[0])
            .and_then(|parsed| parsed.stamp)
            .expect("a stamp");
        assert_eq!((stamp.wall_ms, stamp.dated), (38_467_123, false));
    }

    #[test]
    fn a_servers_bracketed_head_is_not_claimed() {
        for text in [
            "[2023-07-04 11:08:02 +0000] [14] [INFO] ('172.19.0.11', 44988) - \"WebSocket /ws/x/\" 403",
            "[INFO] Starting gunicorn",
            "[08/Nov/2022 15:01:19] \"GET /ws/chat/ HTTP/1.1\" 404 2221",
            "[2017/07/18 10:49:55] WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094]",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
