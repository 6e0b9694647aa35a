//! Lines of a script's call stack, as consoles print them below a message.
//!
//! A stack line belongs to the message before it; alone it stands only where that was cut away, and
//! then says nothing: names of functions (`onclose @ x.ts:4`) are no events.

use super::browser_location::{leading, trailing};
use super::{Dialect, Layer, Parsed};
use crate::record::Side;

/// See the module.
pub(crate) struct BrowserStack;

impl Dialect for BrowserStack {
    fn id(&self) -> &'static str {
        "browser-stack"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "(anonymous) @ useWebSocket.ts:45",
            "connect\t@\tuseWebSocket.ts:45",
            "    at connect (http://localhost:3000/src/useWebSocket.ts?t=171:45:17)",
            "    at async start (useWebSocket.ts:45:17)",
            "connect@http://localhost:3000/useWebSocket.ts:45:17",
            "    setTimeout handler*connect http://localhost:3000/useWebSocket.ts:45",
            "Promise.then (async)",
            "Show 12 more frames",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        is_stack_line(text).then(|| Parsed {
            side: Some(Side::Client),
            ..Parsed::default()
        })
    }
}

/// Whether the line is part of a script's call stack.
pub(crate) fn is_stack_line(text: &str) -> bool {
    let line = text.trim();
    is_asynchronous_step(line)
        || is_at_frame(line)
        || is_chrome_frame(line)
        || is_address_frame(line)
        || is_indented_frame(text)
}

/// `Promise.then`, `setTimeout (async)`, and what the developer tools print below a stack.
fn is_asynchronous_step(line: &str) -> bool {
    const STEPS: &[&str] = &[
        "Promise.then",
        "Promise.catch",
        "Promise.finally",
        "setTimeout",
        "setInterval",
        "queueMicrotask",
        "requestAnimationFrame",
        "requestIdleCallback",
        "Show less",
        "Show ignore-listed frames",
        "Understand this error",
        "Understand this warning",
    ];
    let step = line.strip_suffix("(async)").unwrap_or(line).trim_end();
    STEPS.contains(&step)
        || (step.len() < line.len() && !step.is_empty() && step.len() < 60)
        || (line.starts_with("(Async: ") && line.ends_with(')'))
        || (line.starts_with("await in ") && line.split(' ').count() == 3)
        || (line.starts_with("Show ")
            && (line.ends_with(" more frames") || line.ends_with(" more frame")))
}

/// `at connect (http://…/x.ts:45:17)`, `at http://…/x.ts:45:17`, `at new WebSocket (<anonymous>)`.
fn is_at_frame(line: &str) -> bool {
    let Some(frame) = line.strip_prefix("at ") else {
        return false;
    };
    if let Some((_, place)) = frame
        .strip_suffix(')')
        .and_then(|frame| frame.rsplit_once('('))
    {
        return place == "<anonymous>"
            || place == "native"
            || place
                .rsplit_once(':')
                .is_some_and(|(_, number)| is_number(number) && place.contains(['.', '/', '(']))
            || place.starts_with("node:");
    }
    leading(frame).is_some_and(|(location, rest)| location.certain && rest.is_empty())
}

/// `connect @ useWebSocket.ts:45`; between the columns stand spaces or tabs.
fn is_chrome_frame(line: &str) -> bool {
    let Some((function, place)) = line.rsplit_once('@') else {
        return false;
    };
    let (name, place) = (function.trim_end(), place.trim_start());
    // Both sides need space: `ann@example.js:1` is an address of another kind.
    name.len() < function.len()
        && name.len() < 120
        && name.split_whitespace().count() <= 3
        && !name.contains(['\'', '"', ':', '='])
        && leading(place).is_some_and(|(_, rest)| rest.is_empty())
}

/// `connect@http://…/x.ts:45:17` of Firefox and Safari.
fn is_address_frame(line: &str) -> bool {
    let Some((function, place)) = line.split_once('@') else {
        return false;
    };
    let address = [
        "http://",
        "https://",
        "file://",
        "webpack",
        "app://",
        "capacitor://",
        "blob:",
        "resource://",
    ]
    .iter()
    .any(|scheme| place.starts_with(scheme));
    let numbered = place
        .rsplit_once(':')
        .is_some_and(|(_, number)| is_number(number));
    !function.contains([' ', '\'', '"']) && ((address && numbered) || place == "[native code]")
}

/// Firefox's `    connect http://…/x.ts:45` and Safari's `⇥connect (x.ts:45)`.
fn is_indented_frame(text: &str) -> bool {
    let line = text.trim();
    if text.len() == line.len() || line.starts_with(['{', '"', '[']) {
        return false;
    }
    let Some((location, function)) = trailing(line) else {
        return false;
    };
    let words = function.split_whitespace().count();
    (location.script.contains("://") && (words == 1 || function.contains('*')))
        || (text.starts_with('\t') && line.ends_with(')') && words <= 2)
}

/// Whether the text is a number.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_of_every_browser_are_known() {
        for text in BrowserStack.samples().iter().chain(&[
            "ws.onerror @ useWebSocket.js:24",
            "(anonymous)\t@\tclient:755",
            "    at new WebSocket (<anonymous>)",
            "    at http://localhost:3000/app.js:1:2",
            "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
            "\tconnect (useWebSocket.ts:45)",
            "await in connect",
            "commitHookEffectListMount @ react-dom.development.js:23150",
        ]) {
            assert!(is_stack_line(text), "{text}");
        }
    }

    #[test]
    fn messages_are_no_stack() {
        for text in [
            "at 10:00:00",
            "at=error code=H15 desc=\"Idle connection\" method=GET path=\"/ws/\"",
            "Connected useWebSocket.ts:45",
            "    Connected useWebSocket.ts:45",
            "user ann@example.com:8000",
            "postgres://ann@localhost:5432",
            "[ERROR] WebSocket connection to 'ws://a/' failed: x @ http://localhost:3000/app.js:13",
            "  File \"/app/x.py\", line 4, in connect",
            "WebSocket connection to 'ws://a/' failed: ",
        ] {
            assert!(!is_stack_line(text), "{text}");
        }
    }
}
