//! A page's console as test runners and app tool chains pass it on: React Native's Metro
//! (` LOG  …`), Cypress' terminal report (`cons:error (X): …`), Playwright and Puppeteer
//! (`Browser console: …`), Karma (`LOG: '…'`), Firefox's own `console.log: …`, Android and Flutter.
//!
//! Levels that servers write too (`ERROR …`) are claimed only in the runner's own spacing.

use super::browser_location::{leading, trailing};
use super::browser_words::{socket_url, status};
use super::{Dialect, Layer, Parsed};
use crate::record::{Level, Side};

/// See the module.
pub(crate) struct BrowserRunner;

impl Dialect for BrowserRunner {
    fn id(&self) -> &'static str {
        "browser-runner"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            " LOG  [WebSocket] Connected",
            " ERROR  [WebSocket] Error: {\"isTrusted\": false, \"message\": \"Expected HTTP 101 response but was '403 Forbidden'\"}",
            "cons:error (X): WebSocket connection to 'ws://localhost:8000/ws/x/' failed: ",
            "console.warn: \"[WebSocket] Disconnected\" ({code:1006, reason:\"\", wasClean:false})",
            "JavaScript error: http://localhost:5173/useWebSocket.js, line 13: SecurityError: The operation is insecure.",
            "Chrome Headless 120.0.0 (Linux) LOG: 'WebSocket closed'",
            "I/flutter ( 1106): WebSocketChannelException: Connection refused",
            "10-05 19:46:48.472  1106  1150 I ReactNativeJS: Connected",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        read(text)
    }
}

/// What runners put before a message, with the level it states.
const PREFIXES: &[(&str, Level)] = &[
    (" LOG  ", Level::Info),
    (" INFO  ", Level::Info),
    (" DEBUG  ", Level::Debug),
    (" WARN  ", Level::Warning),
    (" ERROR  ", Level::Error),
    ("cons:log", Level::Info),
    ("cons:info", Level::Info),
    ("cons:debug", Level::Debug),
    ("cons:warn", Level::Warning),
    ("cons:error", Level::Error),
    ("console.log: ", Level::Info),
    ("console.info: ", Level::Info),
    ("console.debug: ", Level::Debug),
    ("console.warn: ", Level::Warning),
    ("console.error: ", Level::Error),
    ("console.error:", Level::Error),
    ("JavaScript error: ", Level::Error),
    ("JavaScript warning: ", Level::Warning),
    ("Browser console: ", Level::Info),
    ("[browser] ", Level::Info),
    ("BROWSER: ", Level::Info),
    ("PAGE LOG: ", Level::Info),
    ("PAGE ERROR: ", Level::Error),
];

/// What Android's log names a program that runs scripts, before its message.
const ANDROID: &[&str] = &[
    "ReactNativeJS",
    "flutter",
    "chromium",
    "AndroidRuntime",
    "System.err",
    "Capacitor/Console",
    "SystemWebChromeClient",
];

/// Reads one such line.
pub(crate) fn read(text: &str) -> Option<Parsed> {
    let (level, message) = prefixed(text)
        .or_else(|| karma(text))
        .or_else(|| android(text))?;
    let found = leading(message)
        .filter(|(location, _)| location.certain)
        .or_else(|| trailing(message));
    let (script, message) = found.map_or((None, message), |(location, message)| {
        (Some(location.file().to_owned()), message)
    });
    Some(Parsed {
        side: Some(Side::Client),
        level: Some(level),
        logger: script,
        target: socket_url(message),
        status: status(message),
        message: message.to_owned(),
        ..Parsed::default()
    })
}

/// A runner's own prefix.
fn prefixed(text: &str) -> Option<(Level, &str)> {
    let trimmed = text.trim_start_matches('\t');
    let begins = |c: char| c.is_whitespace() || matches!(c, 'c' | 'J' | '[' | 'B' | 'P');
    if !trimmed.starts_with(begins) {
        return None;
    }
    PREFIXES.iter().find_map(|(prefix, level)| {
        // Cypress indents its lines; Metro's single space is part of its prefix.
        let line = if prefix.starts_with("cons:") {
            trimmed.trim_start()
        } else {
            trimmed
        };
        let rest = line.strip_prefix(prefix)?;
        let message = if prefix.starts_with("cons:") {
            rest.split_once(": ")?.1
        } else {
            rest.trim_start()
        };
        Some((*level, message))
    })
}

/// `Chrome Headless 120.0.0 (Linux) LOG: 'message'`.
fn karma(text: &str) -> Option<(Level, &str)> {
    let names = ["Chrome", "Firefox", "Safari", "Mobile Safari", "Edge"];
    let is_named = |text: &str| names.iter().any(|name| text.starts_with(name));
    if !is_named(text) {
        return None;
    }
    let (browser, rest) = text.split_once(") ")?;
    if !is_named(browser) {
        return None;
    }
    let (level, message) = rest.split_once(": '")?;
    let level = match level {
        "LOG" | "INFO" => Level::Info,
        "WARN" => Level::Warning,
        "ERROR" => Level::Error,
        "DEBUG" => Level::Debug,
        _ => return None,
    };
    Some((level, message.strip_suffix('\'').unwrap_or(message)))
}

/// `I/flutter ( 1106): message`, `10-05 19:46:48.472  1106  1150 I ReactNativeJS: message`.
fn android(text: &str) -> Option<(Level, &str)> {
    let (head, message) = text.split_once(": ")?;
    let name = head.split('(').next().unwrap_or(head).trim_end();
    let (letter, tag) = name.rsplit_once(['/', ' '])?;
    let level = match letter.chars().next_back()? {
        'V' | 'D' => Level::Debug,
        'I' => Level::Info,
        'W' => Level::Warning,
        'E' => Level::Error,
        _ => return None,
    };
    // `[INFO:CONSOLE(13)] …` behind the tag is Chromium's own shape.
    (ANDROID.contains(&tag) && !message.starts_with("[INFO:")).then_some((level, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_prefix_leaves_the_message() {
        for (text, level, message) in [
            (
                " LOG  [WebSocket] Connected",
                Level::Info,
                "[WebSocket] Connected",
            ),
            ("      cons:error (X): x", Level::Error, "x"),
            (
                "Chrome 120.0.0 (Linux) WARN: 'WebSocket closed'",
                Level::Warning,
                "WebSocket closed",
            ),
            ("E/ReactNativeJS( 1106): x", Level::Error, "x"),
            (
                "10-05 19:46:48.472  1106  1150 I ReactNativeJS: Connected",
                Level::Info,
                "Connected",
            ),
        ] {
            let parsed = read(text).expect(text);
            assert_eq!(
                (parsed.level, parsed.message.as_str()),
                (Some(level), message),
                "{text}"
            );
        }
    }

    #[test]
    fn every_prefix_is_read() {
        for (prefix, level) in PREFIXES {
            let (read_level, _) = prefixed(&format!("{prefix} (X): x")).expect(prefix);
            assert_eq!(read_level, *level, "{prefix}");
        }
    }

    #[test]
    fn a_servers_level_is_not_claimed() {
        for text in [
            "ERROR  x",
            "INFO 2022-08-20 13:13:00,226 runserver x",
            "ERROR    Exception inside application: x",
            "LOG: x",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
