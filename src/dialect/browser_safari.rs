//! Safari's console as copied: `[Error] WebSocket connection to '…' failed: …`,
//! `[Log] Connected (useWebSocket.js, line 13)`, with a repeat count as `(x3)`.
//!
//! A bracketed level alone is no proof, since servers write it too.

use super::browser_console::plain_spaces;
use super::browser_location::{leading, trailing};
use super::browser_words::{has_evidence, is_sentence, socket_url, status};
use super::{Dialect, Layer, Parsed};
use crate::record::{Level, Side};
use std::borrow::Cow;

/// See the module.
pub(crate) struct BrowserSafari;

impl Dialect for BrowserSafari {
    fn id(&self) -> &'static str {
        "browser-safari"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "[Error] WebSocket connection to 'wss://example.com/ws/x/' failed: The network connection was lost.",
            "[Log] Connected (useWebSocket.js, line 13)",
            "[Error] WebSocket connection to 'ws://localhost:8000/ws/x/' failed: There was a bad response from the server. (useWebSocket.js:13, x3)",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        read(text)
    }
}

/// Safari's names of levels.
const LEVELS: &[(&str, Level)] = &[
    ("[Error]", Level::Error),
    ("[Warning]", Level::Warning),
    ("[Log]", Level::Info),
    ("[Info]", Level::Info),
    ("[Debug]", Level::Debug),
];

/// Reads one such line.
pub(crate) fn read(text: &str) -> Option<Parsed> {
    let (level, rest) = LEVELS.iter().find_map(|(name, level)| {
        text.trim_start()
            .strip_prefix(name)
            .map(|rest| (*level, rest))
    })?;
    let rest = plain_spaces(rest);
    let (repeats, rest) = repeat_count(rest.trim());
    let (script, message) =
        match trailing(&rest).or_else(|| leading(&rest).filter(|(location, _)| location.certain)) {
            Some((location, message)) => (Some(location.file().to_owned()), message),
            None if is_sentence(&rest) || has_evidence(&rest) => (None, &*rest),
            None => return None,
        };
    Some(Parsed {
        side: Some(Side::Client),
        level: Some(level),
        logger: script,
        target: socket_url(message),
        status: status(message),
        message: message.to_owned(),
        repeats,
        ..Parsed::default()
    })
}

/// Takes `x3` out of the brackets at the end: `(useWebSocket.js:13, x3)`, `(x3)`.
pub(crate) fn repeat_count(text: &str) -> (u32, Cow<'_, str>) {
    let found = text.strip_suffix(')').and_then(|inner| {
        let (before, digits) = inner.rsplit_once('x')?;
        Some((before, digits.parse::<u32>().ok()?))
    });
    match found {
        Some((before, count)) if before.ends_with(", ") => {
            let shortened = format!("{})", before.trim_end_matches([',', ' ']));
            (count, Cow::Owned(shortened))
        }
        Some((before, count)) if before.ends_with('(') => {
            (count, Cow::Borrowed(before.trim_end_matches(['(', ' '])))
        }
        _ => (0, Cow::Borrowed(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_script_and_count_leave_the_message() {
        let parsed = read(BrowserSafari.samples()[2]).expect("Safari's line");
        assert_eq!(
            parsed.message,
            "WebSocket connection to 'ws://localhost:8000/ws/x/' failed: There was a bad response from the server."
        );
        assert_eq!((parsed.repeats, parsed.level), (3, Some(Level::Error)));
        assert_eq!(parsed.logger.as_deref(), Some("useWebSocket.js"));
    }

    #[test]
    fn a_servers_bracketed_level_is_not_claimed() {
        for text in [
            "[Error] Application callable raised an exception",
            "[ERROR] x",
            "[Error] invalid syntax (views.py, line 3)",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
