//! The first line of a traceback without a log line before it, or all that `grep` left of one:
//! `redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379.`

use super::trace_line::{TraceKind, TraceLine, is_exception_class};
use super::{Dialect, Layer, Parsed, client_program};
use crate::record::{Level, Side};

/// Python's tracebacks, Twisted's failures and exceptions that stand alone.
pub(super) struct PythonTraceback;

impl Dialect for PythonTraceback {
    fn id(&self) -> &'static str {
        "python-traceback"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "Traceback (most recent call last):",
            "  File \"/srv/app/chat/consumers.py\", line 12, in connect",
            "[Failure instance: Traceback: <class 'ValueError'>: No route found for path 'ws/x/'.",
            "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        if client_program::is_clients(text.trim()) {
            return None;
        }
        // A file's first word is a clue that costs nothing: all of these start with a letter, a
        // bracket or an indentation.
        let line = TraceLine::of(text);
        let claimed = match line.kind {
            TraceKind::Header
            | TraceKind::Frame(_)
            | TraceKind::CutFrame
            | TraceKind::Failure { .. }
            | TraceKind::Chain => true,
            TraceKind::Exception { class, message } => {
                is_exception_class(class)
                    && (class.contains('.') || !message.is_empty() || class.ends_with("Error"))
            }
            TraceKind::Marker | TraceKind::Other => false,
        };
        claimed.then(|| Parsed {
            side: is_pythons(&line).then_some(Side::Backend),
            level: Some(Level::Error),
            message: line.text.to_owned(),
            ..Parsed::default()
        })
    }
}

/// JavaScript has `TypeError: …` too, and Java's classes say where they come from; the rest is
/// Python's.
fn is_pythons(line: &TraceLine<'_>) -> bool {
    const JAVAS: [&str; 8] = [
        "java.", "javax.", "kotlin.", "android.", "okhttp3.", "okio.", "com.", "org.",
    ];
    match line.kind {
        TraceKind::Exception { class, .. }
            if JAVAS.iter().any(|start| class.starts_with(start)) =>
        {
            false
        }
        TraceKind::Exception { class, .. } => !matches!(
            class,
            "TypeError"
                | "SyntaxError"
                | "ReferenceError"
                | "RangeError"
                | "SecurityError"
                | "AggregateError"
        ),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_alone_is_claimed() {
        assert!(PythonTraceback.parse("KeyError: 'user'").is_some());
        assert!(
            PythonTraceback
                .parse("django.db.utils.OperationalError")
                .is_some()
        );
        assert_eq!(PythonTraceback.parse("Timeout"), None);
        assert_eq!(PythonTraceback.parse("Not Found: /ws/x/"), None);
        assert_eq!(PythonTraceback.parse("Status: failed"), None);
    }

    #[test]
    fn what_javascript_says_too_leaves_the_side_open() {
        assert_eq!(
            PythonTraceback
                .parse("TypeError: Failed to fetch")
                .unwrap()
                .side,
            None
        );
        assert_eq!(
            PythonTraceback.parse("KeyError: 'user'").unwrap().side,
            Some(Side::Backend)
        );
    }
}
