//! Messages of a browser's console, saved or copied: with the script's location before them
//! (Chrome, Edge), behind them (Firefox), glued to them, or without one.
//!
//! Claimed is what a script's location or words of a browser's own make certain. Lines of a page's
//! code without either (`Connected`) are for [`super::browser_source::looks_like_console`].

use super::browser_location::{Location, leading, trailing};
use super::browser_words::{has_evidence, is_sentence, socket_url, status};
use super::{Dialect, Layer, Parsed};
use super::{
    browser_network, browser_runner, browser_safari, browser_stack, browser_stderr, client_program,
    dev_proxy,
};
use crate::record::Side;
use crate::stamp::{Stamp, since_midnight_ms};
use std::borrow::Cow;

/// See the module.
pub(crate) struct BrowserConsole;

impl Dialect for BrowserConsole {
    fn id(&self) -> &'static str {
        "browser-console"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "useWebSocket.js:13 WebSocket connection to 'ws://localhost:8000/ws/x/' failed: ",
            "useWebSocket.tsx?v=1:13:20 [WebSocket] Connected",
            "10:41:07.123 useWebSocket.ts:13 [WebSocket] Disconnected {code: 1006, reason: '', wasClean: false}",
            "lobby/:62 Chat socket closed unexpectedly",
            "(3) WebSocket connection to 'ws://localhost:8000/ws/x/' failed: useWebSocket.ts:13",
            "WebSocket connection to 'ws://localhost:8000/ws/x/' failed: Error during WebSocket handshake: Unexpected response code: 403useWebSocket.ts:13",
            "Firefox can’t establish a connection to the server at ws://localhost:8000/ws/x/. 3 useWebSocket.ts:45:17",
            "The connection to ws://localhost:8000/ws/x/ was interrupted while the page was loading. bundle.js:1:2345",
            "[WebSocket] Error: Event {isTrusted: true, type: 'error', …}",
            "[WebSocket] ReadyState: 3",
            "client:495 [vite] connecting...",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let line = text;
        let text = plain_spaces(text);
        let (stamp, rest) = time_of_day(text.trim_end())
            .map_or((None, text.trim_end()), |(stamp, rest)| (Some(stamp), rest));
        // Safari's count, where a frame took the level in brackets before it.
        let (last, rest) = browser_safari::repeat_count(rest);
        let (before, rest) = count_before(&rest);
        let (location, message) = located(rest)?;
        // Asked last, since few lines come so far.
        if claimed_by_another(line) {
            return None;
        }
        let (behind, message) = location.map_or((0, message), |_| count_behind(message));
        let (glued, message) = count_before(message);
        Some(Parsed {
            side: Some(Side::Client),
            stamp,
            logger: location.map(|location| location.file().to_owned()),
            target: socket_url(message),
            status: status(message),
            message: message.to_owned(),
            repeats: before.max(behind).max(glued).max(last),
            ..Parsed::default()
        })
    }
}

/// Shapes of their own that also hold a browser's words.
fn claimed_by_another(text: &str) -> bool {
    browser_stack::is_stack_line(text)
        || browser_stderr::read(text).is_some()
        || browser_safari::read(text).is_some()
        || browser_runner::read(text).is_some()
        || browser_network::read(text).is_some()
        || client_program::is_clients(text.trim())
        || dev_proxy::speaks(text.trim())
}

/// The location and the message of a line that is certainly a console's.
fn located(text: &str) -> Option<(Option<Location<'_>>, &str)> {
    if let Some((location, message)) = leading(text) {
        if location.certain || is_sentence(message) || has_evidence(message) {
            return Some((Some(location), message));
        }
        return None;
    }
    if let Some((location, message)) = trailing(text) {
        return Some((Some(location), message));
    }
    let certain = is_sentence(text) || (has_evidence(text) && !is_bare_property(text));
    certain.then_some((None, text))
}

/// `wasClean: false`, `url: "ws://…",`: a line of an object that is spread over several.
fn is_bare_property(text: &str) -> bool {
    text.split_once(':').is_some_and(|(key, _)| {
        let key = key.trim_matches(['"', '\'', ' ']);
        ["isTrusted", "wasClean"].contains(&key) || key == "url" && text.ends_with(',')
    })
}

/// The developer tools write no-break spaces into previews of objects; phrases expect plain ones.
pub(crate) fn plain_spaces(text: &str) -> Cow<'_, str> {
    if text.contains('\u{a0}') {
        Cow::Owned(text.replace('\u{a0}', " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// `10:41:07.123 ` before the message, where the console shows time stamps.
pub(crate) fn time_of_day(text: &str) -> Option<(Stamp, &str)> {
    let (word, rest) = text.split_once([' ', '\t'])?;
    let (time, fraction) = word
        .split_once('.')
        .map_or((word, None), |(time, fraction)| (time, Some(fraction)));
    let mut parts = time.split(':');
    let (hours, minutes, seconds) = (
        two_digits(parts.next()?)?,
        two_digits(parts.next()?)?,
        two_digits(parts.next()?)?,
    );
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let millis = match fraction {
        Some(digits) if digits.len() == 3 => digits.parse::<i64>().ok()?,
        Some(_) => return None,
        None => 0,
    };
    let stamp = Stamp {
        wall_ms: since_midnight_ms(hours, minutes, seconds).saturating_add(millis),
        offset_s: None,
        resolution_ms: if fraction.is_some() { 1 } else { 1000 },
        dated: false,
    };
    Some((stamp, rest.trim_start()))
}

/// Two digits as a number.
pub(crate) fn two_digits(text: &str) -> Option<u32> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A repeat count before a browser's sentence: `(3) WebSocket …`, `3WebSocket …`, `3 WebSocket …`.
fn count_before(text: &str) -> (u32, &str) {
    let bare = text.trim_start_matches('(');
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = bare
        .strip_suffix(rest)
        .and_then(|digits| digits.parse().ok());
    let message = rest.trim_start_matches(')').trim_start();
    match count {
        Some(count) if is_sentence(message) || (text.starts_with('(') && has_evidence(message)) => {
            (count, message)
        }
        _ => (0, text),
    }
}

/// Firefox's repeat count between message and location. A number that ends the message itself
/// (`Closed: 1006`) is none: a count follows the end of a sentence or of an object.
fn count_behind(text: &str) -> (u32, &str) {
    let message = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = text
        .strip_prefix(message)
        .and_then(|digits| digits.parse().ok());
    let before = message.trim_end();
    match count {
        Some(count)
            if message.len() > before.len() && before.ends_with(['.', '}', ']', '"', '”']) =>
        {
            (count, before)
        }
        _ => (0, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Parsed {
        BrowserConsole.parse(text).expect(text)
    }

    #[test]
    fn the_script_becomes_the_logger_and_leaves_the_message() {
        for text in [
            "useWebSocket.ts:13 [WebSocket] Connected",
            "[WebSocket] Connected useWebSocket.ts:13",
            "[WebSocket] Connected useWebSocket.ts:13:7",
            "http://localhost:3000/src/useWebSocket.ts?t=171:13:7 [WebSocket] Connected",
            "useWebSocket.ts:13[WebSocket] Connected",
        ] {
            let parsed = parse(text);
            assert_eq!(parsed.message, "[WebSocket] Connected", "{text}");
            assert_eq!(parsed.logger.as_deref(), Some("useWebSocket.ts"));
            assert_eq!(parsed.side, Some(Side::Client));
        }
    }

    #[test]
    fn a_failed_handshake_keeps_its_words_its_address_and_its_status() {
        let parsed = parse(
            "x.js:3 WebSocket connection to 'ws://a/ws/' failed: Error during WebSocket handshake: Unexpected response code: 403",
        );
        assert_eq!(parsed.target.as_deref(), Some("ws://a/ws/"));
        assert_eq!(parsed.status, Some(403));
        assert!(
            parsed
                .message
                .starts_with("WebSocket connection to 'ws://a/ws/' failed: Error")
        );
    }

    #[test]
    fn repeats_are_counted_and_close_codes_are_not() {
        assert_eq!(
            parse("(3) WebSocket connection to 'ws://a/' failed: ").repeats,
            3
        );
        assert_eq!(
            parse("x.js:1 12WebSocket connection to 'ws://a/' failed: ").repeats,
            12
        );
        assert_eq!(
            parse("Firefox can’t establish a connection to the server at ws://a/. 3 x.js:1:2")
                .repeats,
            3
        );
        assert_eq!(
            parse("WebSocket connection to 'ws://a/' failed: x. (x.js:1, x3)").repeats,
            3
        );
        let closed = parse("Closed: 1006 x.js:1:2");
        assert_eq!(
            (closed.repeats, closed.message.as_str()),
            (0, "Closed: 1006")
        );
    }

    #[test]
    fn a_property_alone_is_no_message() {
        for text in [
            "wasClean: false",
            "\"isTrusted\": true,",
            "url: \"ws://a/ws/\",",
        ] {
            assert_eq!(BrowserConsole.parse(text), None, "{text}");
        }
        assert_eq!(parse("WebSocket error: {isTrusted: true}").repeats, 0);
    }

    #[test]
    fn a_time_of_day_has_no_date() {
        let stamp = parse("10:41:07.123 x.js:3 Connected")
            .stamp
            .expect("a stamp");
        assert_eq!(
            (stamp.wall_ms, stamp.resolution_ms, stamp.dated),
            (38_467_123, 1, false)
        );
    }

    #[test]
    fn a_backend_line_is_not_claimed() {
        for text in [
            "WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094]",
            "[DashboardConsumer] Connection attempt",
            "INFO:     connection open",
            "WebSocket connected for user: ann",
            "[WebSocket] Connected",
            "Not Found: /ws/x/",
            "room1:21 connected",
            "  File \"/app/chat/consumers.py\", line 13, in connect",
        ] {
            assert_eq!(BrowserConsole.parse(text), None, "{text}");
        }
    }
}
