//! What can be said of a console's lines only beside others: which line goes on with the message
//! before it, and whether a whole source is a console.
//!
//! Single lines are the other `browser_*` files' work; the folding itself is [`super::fold`]'s.

use super::browser_console::{BrowserConsole, time_of_day};
use super::browser_location::leading;
use super::browser_words::is_sentence;
use super::{
    Dialect, browser_network, browser_runner, browser_safari, browser_stack, browser_stderr,
};

/// How much of an open object is looked at before it is taken for one that was cut off.
const LONGEST_OBJECT: usize = 16 * 1024;

/// What consoles list of events, sockets and errors when an object is opened.
const PROPERTIES: &[&str] = &[
    "isTrusted",
    "bubbles",
    "cancelBubble",
    "cancelable",
    "code",
    "composed",
    "currentTarget",
    "defaultPrevented",
    "eventPhase",
    "reason",
    "returnValue",
    "srcElement",
    "target",
    "timeStamp",
    "type",
    "wasClean",
    "binaryType",
    "bufferedAmount",
    "extensions",
    "onclose",
    "onerror",
    "onmessage",
    "onopen",
    "protocol",
    "readyState",
    "url",
    "originalTarget",
    "explicitOriginalTarget",
    "data",
    "origin",
    "lastEventId",
    "ports",
    "source",
    "userActivation",
    "length",
    "path",
    "isReloaded",
    "message",
    "stack",
    "name",
    "[[Prototype]]",
    "__proto__",
    "<prototype>",
];

/// Whether `line` goes on with a console record that so far reads `record` (its first line, or all
/// its lines joined): a stack line, the rest of an object, or the location of a message that
/// Firefox broke over lines. To be asked only of records of the `browser-*` dialects.
pub(crate) fn continues(record: &str, line: &str) -> bool {
    if line.trim().is_empty() {
        return false;
    }
    if browser_stack::is_stack_line(line) || goes_on_in_quotes(record) || is_late_location(line) {
        return true;
    }
    if is_answer_of_request(record, line) {
        return true;
    }
    if starts_record(line) {
        return false;
    }
    let line = line.trim_end();
    (record.len() < LONGEST_OBJECT && open_brackets(record) > 0 && is_object_part(line))
        || line
            .trim_start()
            .starts_with(['▶', '▼', '►', '▸', '▾', '⯈', '⯆'])
        || (speaks_of_object(record) && is_property(line))
        || (record.starts_with("console.error:") && line.starts_with("  "))
}

/// Whether these lines are a browser's console: some are certainly, and hardly any a server's.
/// Lines of such a source that no dialect claims are then the client's side too.
pub(crate) fn looks_like_console<'a, I>(lines: I) -> bool
where
    I: IntoIterator<Item = &'a str, IntoIter: ExactSizeIterator>,
{
    let (mut console, mut server) = (0_usize, 0_usize);
    let mut lines = lines.into_iter();
    while let Some(line) = lines.next() {
        if is_console_line(line) {
            console = console.saturating_add(1);
        } else if is_server_line(line) {
            server = server.saturating_add(1);
        }
        // Of most logs a fifth tells: lines to come are a console's, all of them, or too few.
        let most = console.saturating_add(lines.len());
        if server.saturating_mul(4) > most {
            return false;
        }
    }
    console > 0 && server.saturating_mul(4) <= console
}

/// Whether one line is certainly a console's.
fn is_console_line(line: &str) -> bool {
    browser_stack::is_stack_line(line)
        || starts_located(line)
        || BrowserConsole.parse(line).is_some()
        || read_by_another(line)
}

/// Whether a dialect with a shape of its own reads the line.
fn read_by_another(line: &str) -> bool {
    browser_stderr::read(line).is_some()
        || browser_safari::read(line).is_some()
        || browser_runner::read(line).is_some()
        || browser_network::read(line).is_some()
}

/// Whether the line has a shape that only Python's loggers and servers write.
fn is_server_line(line: &str) -> bool {
    const STARTS: &[&str] = &[
        "Traceback (most recent call last)",
        "INFO:",
        "ERROR:",
        "WARNING:",
        "DEBUG:",
        "INFO ",
        "ERROR ",
        "WARNING ",
        "DEBUG ",
        "CRITICAL ",
        "HTTP GET /",
        "HTTP POST /",
        "HTTP OPTIONS /",
        "WebSocket HANDSHAKING /",
        "WebSocket CONNECT /",
        "WebSocket DISCONNECT /",
        "WebSocket REJECT /",
        "Not Found: /",
        "Forbidden",
        "Starting ASGI",
        "Listening on TCP",
        "System check identified",
        "Watching for file changes",
    ];
    let line = line.trim_start();
    STARTS.iter().any(|start| line.starts_with(start))
        || line.starts_with("File \"")
        || line.contains(" HTTP/1.1\" ")
        || line.contains("\"WSCONNECT")
        || line.contains("\"WSDISCONNECT")
        || starts_with_date(line)
}

/// `2024-06-01 …`, `[2024-06-01 …`, `[01/Jun/2024 …`: consoles give the time of day alone.
fn starts_with_date(line: &str) -> bool {
    let line = line.trim_start_matches('[');
    let shape: String = line
        .chars()
        .take(10)
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000-00-00"
        || shape == "0000/00/00"
        || (shape.starts_with("00/") && shape.split('/').count() == 3)
}

/// Whether the line begins a message of its own.
fn starts_record(line: &str) -> bool {
    let text = line.trim_start();
    let text = time_of_day(text).map_or(text, |(_, rest)| rest);
    starts_located(text) || is_sentence(text) || tagged(text) || read_by_another(line)
}

/// Whether a script's location opens the line.
fn starts_located(line: &str) -> bool {
    leading(line).is_some_and(|(location, _)| location.certain)
}

/// `[WebSocket] …`: a message with a tag; `[[Prototype]]` and `[…]` are parts of an object.
fn tagged(text: &str) -> bool {
    text.strip_prefix('[')
        .and_then(|rest| rest.split_once("] "))
        .is_some_and(|(tag, _)| tag.len() < 40 && tag.starts_with(char::is_alphabetic))
}

/// Chromium's standard error quotes a message of several lines.
fn goes_on_in_quotes(record: &str) -> bool {
    record.starts_with('[')
        && record.contains(":CONSOLE")
        && record.contains("] \"")
        && !record.contains("\", source: ")
}

/// Firefox puts the location of a message of several lines on a line of its own; only Firefox
/// gives a column.
fn is_late_location(line: &str) -> bool {
    leading(line.trim())
        .is_some_and(|(location, rest)| location.certain && location.column && rest.is_empty())
}

/// Firefox breaks `GET ws://…` and `[HTTP/1.1 403 Forbidden 5ms]` over two lines.
fn is_answer_of_request(record: &str, line: &str) -> bool {
    line.trim_start().starts_with("[HTTP/")
        && !record.contains("[HTTP/")
        && browser_network::read(record).is_some()
}

/// How many braces and brackets the text leaves open.
fn open_brackets(text: &str) -> i32 {
    text.chars().fold(0_i32, |depth, c| match c {
        '{' | '[' => depth.saturating_add(1),
        '}' | ']' => depth.saturating_sub(1),
        _ => depth,
    })
}

/// Whether a line can stand inside an object that is spread over lines.
fn is_object_part(line: &str) -> bool {
    let text = line.trim_start();
    text.len() < line.len()
        || text.starts_with(['}', ']', ')', '{', '[', '…', '<', '"', '\''])
        || text.starts_with(|c: char| c.is_ascii_digit())
        || text.ends_with(',')
        || key(text).is_some()
}

/// Whether the record shows an object whose properties may follow.
fn speaks_of_object(record: &str) -> bool {
    record.contains('{')
        || record.contains("Event")
        || record.lines().next_back().is_some_and(is_property)
}

/// `isTrusted: true`, `[[Prototype]]: Event`, `"code": 1006`.
fn is_property(line: &str) -> bool {
    key(line.trim_start()).is_some_and(|key| PROPERTIES.contains(&key))
}

/// The key of `key: value`.
fn key(text: &str) -> Option<&str> {
    let (key, _) = text.split_once(':')?;
    let key = key.trim_matches(['"', '\'', ' ']);
    (!key.is_empty() && !key.contains(char::is_whitespace)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folds the lines and says at which of them records begin.
    fn starts(text: &str) -> Vec<usize> {
        let mut record = String::new();
        let mut found = Vec::new();
        for (number, line) in text.lines().enumerate() {
            if number > 0 && continues(&record, line) {
                record.push('\n');
                record.push_str(line);
            } else {
                found.push(number);
                record = line.to_owned();
            }
        }
        found
    }

    #[test]
    fn a_stack_belongs_to_the_message_before() {
        let text = "x.js:12 WebSocket connection to 'ws://a/' failed: \nconnect @ x.js:12\n(anonymous) @ x.js:20\nx.js:24 [WebSocket] ReadyState: 3";
        assert_eq!(starts(text), [0, 3]);
    }

    #[test]
    fn an_object_over_several_lines_is_one_record() {
        let text = "[WebSocket] Disconnected {\n  code: 1006,\n  reason: '',\n  wasClean: false\n}\n[WebSocket] Reconnecting in 3s";
        assert_eq!(starts(text), [0, 5]);
        let opened = "[WebSocket] Error: Event {isTrusted: true, …}\nisTrusted: true\nbubbles: false\n[[Prototype]]: Event\nConnected";
        assert_eq!(starts(opened), [0, 4]);
        let marked = "WebSocket error:\n▶ Event {isTrusted: true}\nx.js:3 closed";
        assert_eq!(starts(marked), [0, 2]);
    }

    #[test]
    fn an_object_that_was_cut_does_not_swallow_messages() {
        let text = "[WebSocket] Error: Event {isTrusted: true, type: 'err\n[WebSocket] ReadyState: 3\nx.js:26 [WebSocket] URL: ws://a/";
        assert_eq!(starts(text), [0, 1, 2]);
    }

    #[test]
    fn firefox_breaks_a_message_over_lines() {
        let text = "WebSocket error:\nerror { target: WebSocket, isTrusted: true }\nx.js:45:17\nGET ws://a/ws/\n[HTTP/1.1 403 Forbidden 5ms]";
        assert!(starts(text).contains(&3));
        assert!(!starts(text).contains(&2) && !starts(text).contains(&4));
    }

    #[test]
    fn a_console_is_told_from_a_server_log() {
        assert!(looks_like_console([
            "Connected",
            "WS: CLOSED",
            "x.js:3 WebSocket connection to 'ws://a/' failed: "
        ]));
        assert!(!looks_like_console(["Connected", "WS: CLOSED"]));
        assert!(!looks_like_console([
            "x.js:3 WebSocket connection to 'ws://a/' failed: ",
            "WebSocket HANDSHAKING /ws/ [127.0.0.1:5]",
            "INFO 2022-08-20 13:13:00,226 runserver x",
        ]));
    }
}
