//! Where in the page's scripts a console message came from: `useWebSocket.ts:13`, `(index):21`,
//! `bundle.js:1:2345`, `lobby/:62`, before or behind the message, at times glued to it.
//!
//! Only the notation lives here; whether the rest is a console's message is for the dialects.

/// Endings of the files a browser runs scripts from.
const ENDINGS: &[&str] = &[
    "js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "vue", "svelte", "astro", "html", "htm",
    "xhtml", "coffee", "dart", "wasm", "elm", "cljs", "marko",
];

/// Bytes of a script's address at most. What is longer is no address, and would be searched again for each of
/// its colons.
const LONGEST_SCRIPT: usize = 2048;

/// A place in a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Location<'a> {
    /// The script as printed, its query included.
    pub(crate) script: &'a str,
    /// Whether a column was given, as Firefox does and Chrome does not.
    pub(crate) column: bool,
    /// Whether the name alone shows a script; `room1:21` needs other evidence.
    pub(crate) certain: bool,
}

impl Location<'_> {
    /// The script's file name, without folders, host and query.
    pub(crate) fn file(&self) -> &str {
        file_of(self.script)
    }
}

/// The file name at the end of a script's address.
fn file_of(script: &str) -> &str {
    let path = script.split(['?', '#']).next().unwrap_or(script);
    let trimmed = path.trim_end_matches('/');
    let name = trimmed.rsplit('/').next().unwrap_or(trimmed);
    if name.is_empty() { script } else { name }
}

/// Whether a name can only be a script, or a page with a script in it.
fn names_script(script: &str) -> bool {
    if ["(index)", "(anonymous)", "<anonymous>", "(unknown)"].contains(&script) {
        return true;
    }
    if script
        .strip_prefix("VM")
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    {
        return true;
    }
    // Chrome names a page's inline scripts by the last part of the page's path: `lobby/:62`.
    if script.len() > 1 && script.ends_with('/') && !script.starts_with('/') {
        return true;
    }
    file_of(script)
        .rsplit_once('.')
        .is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending))
}

/// Reads `name:line` or `name:line:column` at the start of a word; the rest of the word is
/// whatever is glued behind it.
fn in_word(word: &str) -> Option<(Location<'_>, &str)> {
    let mut fallback = None;
    let colons = word.match_indices(':');
    for (at, _) in colons.take_while(|(at, _)| *at <= LONGEST_SCRIPT) {
        let (script, rest) = word.split_at_checked(at)?;
        let Some(rest) = number(rest) else { continue };
        let (column, rest) = number(rest).map_or((false, rest), |rest| (true, rest));
        if script.is_empty() || script.starts_with(['[', '{', '"', '\'']) {
            continue;
        }
        let certain = names_script(script);
        let location = Location {
            script,
            column,
            certain,
        };
        if rest.is_empty() {
            if certain {
                return Some((location, rest));
            }
            fallback = fallback.or(Some((location, rest)));
        } else if certain && !script.ends_with('/') && starts_message(rest) {
            return Some((location, rest));
        }
    }
    fallback
}

/// `:13…` without the number.
fn number(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(':')?;
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() < digits.len()).then_some(rest)
}

/// Whether glued text can be the start of a message rather than more of an address.
fn starts_message(text: &str) -> bool {
    text.starts_with(|c: char| {
        c.is_alphabetic() || matches!(c, '[' | '{' | '<' | '"' | '\'') || !c.is_ascii()
    })
}

/// The location at the start of the text, and the message behind it.
pub(crate) fn leading(text: &str) -> Option<(Location<'_>, &str)> {
    // Scripts without a name of their own: `VM123 chat.js:12 message`.
    let named = match text.split_once(' ') {
        Some((first, rest))
            if first.len() > 2 && names_script(first) && first.starts_with("VM") =>
        {
            rest
        }
        _ => text,
    };
    let word = named.split([' ', '\t']).next()?;
    let (location, glued) = in_word(word)?;
    let message = named.get(word.len().saturating_sub(glued.len())..)?;
    Some((location, message.trim_start_matches([' ', '\t'])))
}

/// The location at the end of the text, and the message before it.
pub(crate) fn trailing(text: &str) -> Option<(Location<'_>, &str)> {
    let text = text.trim_end();
    if let Some(found) = trailing_link(text).or_else(|| trailing_brackets(text)) {
        return Some(found);
    }
    if !text.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let blank = text.trim_end_matches(|c| !matches!(c, ' ' | '\t')).len();
    let start = blank.saturating_add(seam(text.get(blank..)?));
    let (message, word) = text.split_at_checked(start)?;
    let (location, glued) = in_word(word)?;
    // Playwright's reports put an `@` between message and place.
    let message = message.trim_end();
    let message = message.strip_suffix(" @").unwrap_or(message);
    (location.certain && glued.is_empty() && !message.is_empty()).then_some((location, message))
}

/// `message [client:755:31](http://…)`: a console's link, copied as Markdown.
fn trailing_link(text: &str) -> Option<(Location<'_>, &str)> {
    let (before, address) = text.strip_suffix(')')?.rsplit_once("](")?;
    let (message, place) = before.rsplit_once('[')?;
    let (location, glued) = in_word(place)?;
    (glued.is_empty() && address.contains("://")).then_some((location, message.trim_end()))
}

/// `message (useWebSocket.ts:13)`, and Safari's `message (useWebSocket.ts, line 13)`.
fn trailing_brackets(text: &str) -> Option<(Location<'_>, &str)> {
    let (message, place) = text.strip_suffix(')')?.rsplit_once('(')?;
    let location = if let Some((script, line)) = place.rsplit_once(", line ") {
        let digits = line.bytes().all(|b| b.is_ascii_digit() || b == b':');
        (digits && !line.is_empty() && names_script(script)).then_some(Location {
            script,
            column: false,
            certain: true,
        })?
    } else {
        let (location, glued) = in_word(place)?;
        (location.certain && glued.is_empty()).then_some(location)?
    };
    (!message.is_empty()).then_some((location, message.trim_end()))
}

/// Where a script's name begins in a word that has the end of a message glued before it:
/// `failed:useWebSocket.ts:13`, `403useWebSocket.ts:13`, `/ws/x/.useWebSocket.ts:13:9`.
fn seam(word: &str) -> usize {
    if let Some((_, name)) = word.split_once("net::ERR_") {
        let script = name.len().saturating_sub(error_name_length(name));
        return word.len().saturating_sub(script);
    }
    let after = |mark: &str| word.rfind(mark).map(|at| at.saturating_add(mark.len()));
    if word.contains("://") && word.starts_with('w') {
        return after("/.").unwrap_or(0);
    }
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    ["failed:", "failed: ", "}", "]", "'", "\"", "…", "..."]
        .iter()
        .filter_map(|mark| after(mark))
        .max()
        .unwrap_or(if digits == 3 { 3 } else { 0 })
}

/// The length of a network error's name, before a script's name glued to it.
fn error_name_length(text: &str) -> usize {
    const NAMES: &[&str] = &[
        "CONNECTION_REFUSED",
        "CONNECTION_RESET",
        "CONNECTION_CLOSED",
        "CONNECTION_TIMED_OUT",
        "CONNECTION_ABORTED",
        "CONNECTION_FAILED",
        "NAME_NOT_RESOLVED",
        "ADDRESS_UNREACHABLE",
        "ADDRESS_INVALID",
        "TIMED_OUT",
        "INTERNET_DISCONNECTED",
        "NETWORK_CHANGED",
        "NETWORK_IO_SUSPENDED",
        "SSL_PROTOCOL_ERROR",
        "CERT_AUTHORITY_INVALID",
        "CERT_COMMON_NAME_INVALID",
        "CERT_DATE_INVALID",
        "INVALID_HTTP_RESPONSE",
        "EMPTY_RESPONSE",
        "BLOCKED_BY_CLIENT",
        "UNSAFE_PORT",
        "FAILED",
    ];
    NAMES
        .iter()
        .find(|name| text.starts_with(**name))
        .map_or_else(
            || {
                text.find(|c: char| !c.is_ascii_uppercase() && c != '_')
                    .unwrap_or(text.len())
            },
            |name| name.len(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_leading(text: &str, script: &str, message: &str) {
        let (location, rest) = leading(text).expect(text);
        assert_eq!((location.script, rest), (script, message), "{text}");
        assert!(location.certain, "{text}");
    }

    #[test]
    fn a_location_stands_before_the_message() {
        check_leading(
            "useWebSocket.ts:13 Connected",
            "useWebSocket.ts",
            "Connected",
        );
        check_leading(
            "useWebSocket.tsx?v=1:13:20 Connected",
            "useWebSocket.tsx?v=1",
            "Connected",
        );
        check_leading(
            "useWebSocket.ts:45WebSocket closed",
            "useWebSocket.ts",
            "WebSocket closed",
        );
        check_leading("(index):21 WebSocket closed", "(index)", "WebSocket closed");
        check_leading("lobby/:62 WebSocket closed", "lobby/", "WebSocket closed");
        check_leading("VM12 chat.js:7 x", "chat.js", "x");
        check_leading(
            "http://localhost:3000/src/App.tsx?t=17:4:5 x",
            "http://localhost:3000/src/App.tsx?t=17",
            "x",
        );
    }

    #[test]
    fn a_backend_line_has_no_script() {
        for text in [
            "127.0.0.1:53609 - - [16/Mar/2017:18:40:33] \"WSCONNECTING /ws/7\" - -",
            "INFO:     127.0.0.1:45656 - \"WebSocket /ws/x/\" [accepted]",
            "consumers.py:45 connect",
            "src/useWebSocket.ts:45:  ws.onclose = close",
            "10:41:07.123 x",
            "http://localhost:8000/ws/ x",
        ] {
            assert!(
                leading(text).is_none_or(|(location, _)| !location.certain),
                "{text}"
            );
        }
    }

    #[test]
    fn a_location_stands_behind_the_message() {
        for (text, script, message) in [
            (
                "Connected useWebSocket.ts:45",
                "useWebSocket.ts",
                "Connected",
            ),
            ("Connected bundle.js:1:2345", "bundle.js", "Connected"),
            (
                "x failed: net::ERR_CONNECTION_REFUSEDuseWebSocket.ts:13",
                "useWebSocket.ts",
                "x failed: net::ERR_CONNECTION_REFUSED",
            ),
            (
                "response code: 403useWebSocket.ts:13",
                "useWebSocket.ts",
                "response code: 403",
            ),
            (
                "at ws://a/ws/.useWebSocket.ts:13:9",
                "useWebSocket.ts",
                "at ws://a/ws/.",
            ),
            (
                "x failed:useWebSocket.ts:13",
                "useWebSocket.ts",
                "x failed:",
            ),
            (
                "Connected (useWebSocket.ts, line 13)",
                "useWebSocket.ts",
                "Connected",
            ),
            (
                "x. [client:755:31](http://127.0.0.1:3500/@vite/client)",
                "client",
                "x.",
            ),
        ] {
            let (location, rest) = trailing(text).expect(text);
            assert_eq!((location.script, rest), (script, message));
        }
        assert!(trailing("INFO runserver Listening on 127.0.0.1:8000").is_none());
        assert!(trailing("File consumers.py:45").is_none());
        assert!(trailing("useWebSocket.ts:45").is_none());
        assert!(trailing("SyntaxError: invalid syntax (views.py, line 13)").is_none());
    }
}
