//! Lines at the margin that, by their own shape, go on with the line above: closing brackets,
//! context that loggers add, a console's stack.
//!
//! Tracebacks are [`super::trace_line`]'s.

/// Brackets that close what stands above.
pub(super) fn is_closing(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.len() <= 4
        && text
            .chars()
            .all(|c| matches!(c, '}' | ']' | ')' | ',' | ';'))
}

/// Lines at the margin that are never a record of their own: what asyncio and `PostgreSQL` print
/// below their messages, a console's stack.
pub(super) fn is_context(text: &str) -> bool {
    const STARTS: [&str; 13] = [
        "NoneType: None",
        "future: <",
        "task: <",
        "handle: <",
        "transport: <",
        "protocol: <",
        "source_traceback: ",
        "DETAIL:  ",
        "HINT:  ",
        "LINE 1: ",
        "Call stack:",
        "Arguments: ",
        "Message: '",
    ];
    let is_elision = text.chars().all(|c| matches!(c, '.' | '\u{2026}' | ' '));
    STARTS.iter().any(|start| text.starts_with(start)) || is_elision || is_script_frame(text)
}

/// `connect @ useWebSocket.ts:45`.
fn is_script_frame(text: &str) -> bool {
    text.rsplit_once(" @ ").is_some_and(|(function, place)| {
        let numbered = place.rsplit_once(':').is_some_and(|(_, line)| {
            !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
        });
        function.split_whitespace().count() <= 3
            && !place.contains(' ')
            && (numbered || place.starts_with("VM"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_context() {
        assert!(is_context("(anonymous) @ useWebSocket.ts:45"));
        assert!(is_context("future: <Task finished name='Task-9'>"));
        assert!(!is_context("mail to a @ b: please connect"));
        assert!(is_closing("  },"));
        assert!(!is_closing("} else"));
    }
}
