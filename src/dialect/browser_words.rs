//! The words that browsers alone print: what tells a console's line from a backend's.
//!
//! Only recognition lives here; what the words mean is data of the lexicon.

use super::word_list::WordList;

/// How the browsers' own sentences begin (Chrome, Edge, Firefox, Safari; old and new).
const SENTENCES: &[&str] = &[
    "WebSocket connection to '",
    "WebSocket is already in CLOSING or CLOSED",
    "WebSocket network error:",
    "WebSocket opening handshake was canceled",
    "Error during WebSocket handshake:",
    "Error in connection establishment:",
    "Failed to construct 'WebSocket'",
    "Failed to execute 'send' on 'WebSocket'",
    "Failed to execute 'close' on 'WebSocket'",
    "Failed to load resource:",
    "Mixed Content:",
    "Refused to connect to '",
    "Connecting to '",
    "Content Security Policy:",
    "Content-Security-Policy:",
    "Access to XMLHttpRequest at '",
    "Access to fetch at '",
    "Cross-Origin Request Blocked:",
    "Uncaught (in promise)",
    "Uncaught SyntaxError",
    "Uncaught DOMException",
    "Uncaught InvalidStateError",
    "Uncaught TypeError",
    "Uncaught ReferenceError",
    "Uncaught Error:",
    "Unhandled Promise Rejection:",
    "SecurityError: The operation is insecure",
    "[blocked] The page at",
    "[Violation] ",
    "[Deprecation] ",
    "DevTools failed to load",
    "Download the React DevTools",
    "XHR finished loading:",
    "Fetch finished loading:",
    "Fetch failed loading:",
    "Manifest: Line:",
];

/// Without one of these words nothing in a line is evidence.
static HINTS: WordList = WordList::new(&[
    "net::ERR_",
    "isTrusted",
    "wasClean",
    "Event {",
    "CloseEvent",
    "[object ",
    "DOMException",
    "WebSocket connection to '",
    "was interrupted while the page was loading",
    "'WebSocket'",
    "onopen",
    "onclose",
    "onerror",
    "onmessage",
    "eadyState",
    "eady State",
    "ready state",
    "ws://",
    "wss://",
]);

/// What stands inside lines that only a browser's script can have printed, case respected.
const EVIDENCE: &[&str] = &[
    "net::ERR_",
    "isTrusted",
    "wasClean",
    "CloseEvent",
    "MessageEvent {",
    "ErrorEvent {",
    "ProgressEvent {",
    "[object Event]",
    "[object WebSocket]",
    "DOMException",
    "WebSocket connection to 'ws",
    "was interrupted while the page was loading",
    "Failed to construct 'WebSocket'",
    "on 'WebSocket': Still in CONNECTING state",
];

/// The handlers of the WebSocket interface, as front-end code names them in its messages.
const HANDLERS: &[&str] = &["onopen", "onclose", "onerror", "onmessage"];

/// Development tools that speak in the console of a page they serve.
const DEVELOPMENT_TOOLS: &[&str] = &[
    "[vite] connecting",
    "[vite] connected",
    "[vite] server connection lost",
    "[vite] hot updated",
    "[vite] failed to connect to websocket",
    "[HMR]",
    "[WDS]",
    "[webpack-dev-server]",
    "[Fast Refresh]",
];

/// Whether the text is one of a browser's own sentences.
pub(crate) fn is_sentence(text: &str) -> bool {
    // How one of them begins; most lines begin otherwise.
    let begins = text.starts_with(['W', 'E', 'F', 'M', 'R', 'C', 'A', 'U', 'S', '[', 'D', 'X']);
    begins && SENTENCES.iter().any(|start| text.starts_with(start))
        || is_firefox_failure(text)
        || is_interruption(text)
        || begins && DEVELOPMENT_TOOLS.iter().any(|tool| text.starts_with(tool))
}

/// Whether something in the text can only come from a browser, or from a page's script.
pub(crate) fn has_evidence(text: &str) -> bool {
    HINTS.is_in(text)
        && (EVIDENCE.iter().any(|words| text.contains(words))
            || HANDLERS.iter().any(|name| names_handler(text, name))
            || states_ready_state(text)
            || announces_address(text))
}

/// Firefox names itself in this one sentence, in whatever language it speaks.
fn is_firefox_failure(text: &str) -> bool {
    text.contains("Firefox") && socket_url(text).is_some()
}

/// Firefox's "was interrupted while the page was loading", in the languages of the lexicon.
fn is_interruption(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "was interrupted while",
        "wurde unterbrochen, während",
        "a été interrompue pendant",
        "interrumpi",
        "è stata interrotta durante",
        "foi interrompida",
        "zostało przerwane podczas",
        "было прервано во время",
    ];
    socket_url(text).is_some() && WORDS.iter().any(|words| text.contains(words))
}

/// `onclose 1006`, `[WS] onopen`; not `ws.onclose = (event) =>`, which is code.
fn names_handler(text: &str, name: &str) -> bool {
    text.split_once(name).is_some_and(|(before, after)| {
        !before.ends_with(char::is_alphanumeric)
            && !after.starts_with(char::is_alphanumeric)
            && !after.trim_start().starts_with('=')
    })
}

/// `ReadyState: 3`, `readyState=CLOSED`, `readyState 3`; not a comparison in code.
fn states_ready_state(text: &str) -> bool {
    ["readyState", "ReadyState", "Ready State", "ready state"]
        .iter()
        .filter_map(|name| text.split_once(name))
        .any(|(_, after)| {
            let value = after.trim_start_matches([':', '=', ' ', '"', '\'', '\u{a0}']);
            !after.trim_start().starts_with("==")
                && (value.starts_with(['0', '1', '2', '3'])
                    || ["CONNECTING", "OPEN", "CLOSING", "CLOSED"]
                        .iter()
                        .any(|state| value.starts_with(state)))
        })
}

/// `URL: ws://…`, `Connecting to ws://…`: a script saying where it connects to.
fn announces_address(text: &str) -> bool {
    let address = text
        .split_once("ws://")
        .or_else(|| text.split_once("wss://"));
    let Some((before, _)) = address else {
        return false;
    };
    let before = before
        .trim_end_matches([' ', ':', '\'', '"', '`', '=', '\u{a0}'])
        .to_ascii_lowercase();
    [
        "connecting to",
        "connecting",
        "connect to",
        "connected to",
        "url",
        "websocket",
        "opening",
        "dialing",
        "disconnected from",
        "reconnecting to",
    ]
    .iter()
    .any(|words| before.ends_with(words))
}

/// The first `ws://` or `wss://` address in the text; else what `WebSocket connection to '…'`
/// names, which newer browsers allow to be `http(s)://`.
pub(crate) fn socket_url(text: &str) -> Option<String> {
    const SENTENCE: &str = "WebSocket connection to '";
    // Most lines have neither; a plain search for that is a fraction of taking them apart.
    if !text.contains("s://") && !text.contains(SENTENCE) {
        return None;
    }
    if let Some((_, rest)) = text.split_once(SENTENCE) {
        // A copy may have lost the quote behind the address; no address has a blank.
        let url = rest.split(['\'', ' ']).next().unwrap_or(rest);
        return (!url.is_empty()).then(|| url.to_owned());
    }
    let start = ["ws://", "wss://"]
        .iter()
        .filter_map(|scheme| text.find(scheme))
        .min()?;
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '\'' | '"' | '`' | '>' | '<' | ')' | '}' | ',' | '’' | '”'
            )
    };
    let url = text.get(start..)?.split(ends).next()?;
    Some(url.trim_end_matches(['.', ';', ':']).to_owned())
}

/// The HTTP status that a client's sentence states.
pub(crate) fn status(text: &str) -> Option<u16> {
    static MARKS: WordList = WordList::new(BEFORE);
    const BEFORE: &[&str] = &[
        "Unexpected response code: ",
        "Unexpected server response: ",
        "responded with a status of ",
        "WebSocket connection: HTTP ",
        "[HTTP/1.1 ",
        "[HTTP/1.0 ",
        "[HTTP/2 ",
        "[HTTP/2.0 ",
        "[HTTP/3 ",
        "101 response but was '",
        "Invalid response status: ",
        "WSServerHandshakeError: ",
        "The status line is: HTTP/1.1 ",
        "The status line is: HTTP/1.0 ",
        "Invalid status code received: ",
        "Invalid handshake response getStatus: ",
        "Invalid handshake response: ",
        "with a non-101 status: ",
    ];
    if !MARKS.is_in(text) {
        return None;
    }
    BEFORE.iter().find_map(|words| {
        let (_, rest) = text.split_once(words)?;
        status_at(rest)
    })
}

/// The three digits of a status at the start of the text.
pub(crate) fn status_at(text: &str) -> Option<u16> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).next()?;
    digits
        .parse()
        .ok()
        .filter(|status| (100..600).contains(status) && digits.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_what_only_a_page_prints() {
        for text in [
            "[WebSocket] Error: Event {isTrusted: true, type: 'error'}",
            "[WebSocket] ReadyState: 3",
            "ReadyState: CLOSED",
            "[WebSocket] URL: ws://localhost:8000/ws/dashboard/",
            "ws onclose 1006",
            "Connecting to wss://example.com/ws/",
        ] {
            assert!(has_evidence(text), "{text}");
        }
        for text in [
            "ws.onclose = (e) => console.log('Closed:', e.code, e.reason)",
            "if (ws.readyState === 3) {",
            "onopenhandshake",
            "WebSocket CONNECT /ws/chat/ [127.0.0.1:41934]",
            "Listening on TCP address 127.0.0.1:8000",
            "connection open",
        ] {
            assert!(!has_evidence(text), "{text}");
        }
    }

    #[test]
    fn every_sentence_is_one() {
        for text in SENTENCES.iter().chain(DEVELOPMENT_TOOLS) {
            assert!(is_sentence(text), "{text}");
        }
    }

    #[test]
    fn firefox_is_known_in_any_language() {
        assert!(is_sentence(
            "Firefox kann keine Verbindung zu dem Server unter ws://localhost:8000/ws/ aufbauen."
        ));
        assert!(is_sentence(
            "Die Verbindung zu ws://localhost:8000/ws/x/ wurde unterbrochen, während die Seite geladen wurde."
        ));
        assert!(!is_sentence(
            "Mozilla/5.0 (X11; Linux x86_64; rv:100.0) Firefox/100.0"
        ));
    }

    #[test]
    fn the_address_ends_where_the_sentence_goes_on() {
        for (text, url) in [
            (
                "WebSocket connection to 'ws://a/ws/?token=x.y.z' failed: ",
                "ws://a/ws/?token=x.y.z",
            ),
            (
                "WebSocket connection to 'http://a/ws/' failed: ",
                "http://a/ws/",
            ),
            (
                "establish a connection to the server at ws://localhost:8000/ws/x/.",
                "ws://localhost:8000/ws/x/",
            ),
            ("target: \"wss://a/b\", x", "wss://a/b"),
        ] {
            assert_eq!(socket_url(text).as_deref(), Some(url));
        }
        assert_eq!(socket_url("GET http://a/"), None);
    }

    #[test]
    fn a_status_has_three_digits() {
        assert_eq!(
            status("Error during WebSocket handshake: Unexpected response code: 403"),
            Some(403)
        );
        assert_eq!(
            status("server rejected WebSocket connection: HTTP 404"),
            Some(404)
        );
        assert_eq!(status("Unexpected response code: 1006"), None);
    }
}
