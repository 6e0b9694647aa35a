//! What one line is within a Python traceback: a header, a frame, a marker, an exception.
//!
//! Each line is judged alone; what it means after the lines before it is the business of
//! [`super::traceback`] and [`super::fold`].

use crate::record::Frame;

/// One line of a traceback.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TraceLine<'a> {
    /// How far it is indented, the bars of exception groups counted as spaces.
    pub indent: usize,
    /// The text without indentation and bars.
    pub text: &'a str,
    /// What it is.
    pub kind: TraceKind<'a>,
}

/// The kinds of line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TraceKind<'a> {
    /// `Traceback (most recent call last):`
    Header,
    /// `During handling of the above exception …`, the direct cause, a rule between the parts of an
    /// exception group: another exception follows.
    Chain,
    /// `File "…", line 3, in f`, or Twisted's `path:line:function`.
    Frame(Frame),
    /// A frame cut at the end of its line, as terminals of 80 columns wrap it.
    CutFrame,
    /// `[Failure instance: Traceback: <class 'ValueError'>: message`
    Failure {
        /// The class, with its module.
        class: &'a str,
        /// What follows it.
        message: &'a str,
    },
    /// Markers below code, Twisted's `--- <exception caught here> ---`, elisions.
    Marker,
    /// `module.Class: message`, or a class alone.
    Exception {
        /// The class, with its module.
        class: &'a str,
        /// What follows it; empty for a class alone.
        message: &'a str,
    },
    /// Source code, or text of no known kind.
    Other,
}

impl TraceKind<'_> {
    /// Whether such a line stands in tracebacks alone.
    #[must_use]
    pub(super) fn is_telling(&self) -> bool {
        !matches!(self, Self::Other | Self::Exception { .. })
    }
}

impl<'a> TraceLine<'a> {
    /// Judges one line.
    #[must_use]
    pub(super) fn of(line: &'a str) -> Self {
        let mut text = line.trim_start();
        // The bars of exception groups, loguru's and pytest's marks.
        while let Some(rest) = text
            .strip_prefix("| ")
            .or_else(|| text.strip_prefix("> "))
            .or_else(|| text.strip_prefix("E   "))
        {
            text = rest.trim_start();
        }
        let indent = line.len().saturating_sub(text.len());
        let text = text.trim_end();
        Self {
            indent,
            text,
            kind: kind(text),
        }
    }
}

const CHAINS: [&str; 4] = [
    "During handling of the above exception",
    "The above exception was the direct cause",
    "+-+------",
    "+-------",
];

const ELISIONS: [&str; 7] = [
    "--- <exception caught here> ---",
    "[Previous line repeated",
    "...",
    "\u{2026}",
    "<exception str() failed>",
    "+----",
    "--- Logging error ---",
];

fn kind(text: &str) -> TraceKind<'_> {
    let Some(first) = text.chars().next() else {
        return TraceKind::Other;
    };
    match first {
        'T' if text.starts_with("Traceback (most recent") => return TraceKind::Header,
        '+' if text.contains("Traceback (most recent") => return TraceKind::Header,
        'F' | 'f' if text.starts_with("File \"") => {
            return frame(text).map_or(TraceKind::CutFrame, TraceKind::Frame);
        }
        'F' if text.starts_with("File ") => {
            if let Some(frame) = requoted_frame(text) {
                return TraceKind::Frame(frame);
            }
        }
        '[' | 'U' if text.contains("[Failure instance: Traceback") => return failure(text),
        '^' | '~' if text.chars().all(|c| matches!(c, '^' | '~' | ' ')) => {
            return TraceKind::Marker;
        }
        '\u{2502}' | '\u{2514}' => return TraceKind::Marker,
        _ => {}
    }
    if CHAINS.iter().any(|chain| text.starts_with(chain)) {
        return TraceKind::Chain;
    }
    if ELISIONS.iter().any(|elision| text.starts_with(elision)) {
        return TraceKind::Marker;
    }
    if let Some(frame) = twisted_frame(text).or_else(|| tracker_frame(text)) {
        return TraceKind::Frame(frame);
    }
    exception(text).map_or(TraceKind::Other, |(class, message)| TraceKind::Exception {
        class,
        message,
    })
}

/// A frame whose quotes a copy lost or exchanged for others: `File 'path', line 3, in f`.
fn requoted_frame(text: &str) -> Option<Frame> {
    let (file, rest) = text.strip_prefix("File ")?.split_once(", line ")?;
    let file = file.trim_matches([
        '\'', '"', '`', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}',
    ]);
    frame_at(file, rest).filter(|frame| frame.file.strip_suffix(".py").is_some())
}

/// `File "path", line 3, in f`; the function is missing for syntax errors.
fn frame(text: &str) -> Option<Frame> {
    let (file, rest) = text.strip_prefix("File \"")?.split_once('"')?;
    frame_at(file, rest.strip_prefix(", line ")?)
}

/// The frame of a file, by what stands behind `line`.
fn frame_at(file: &str, rest: &str) -> Option<Frame> {
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (number, rest) = rest.split_at_checked(end)?;
    // A source line glued to its frame, in pastes that lost their line breaks, is cut off.
    let function = rest
        .strip_prefix(", in ")
        .unwrap_or("")
        .trim_end_matches([':', ',']);
    let function = function.split("  ").next().unwrap_or_default();
    Some(Frame {
        file: file.to_owned(),
        line: number.parse().ok()?,
        function: function.to_owned(),
        code: String::new(),
    })
}

/// Twisted's `path:line:function`, Windows paths included.
fn twisted_frame(text: &str) -> Option<Frame> {
    if !text.contains(".py:") {
        return None;
    }
    let (place, function) = text.rsplit_once(':')?;
    let (file, number) = place.rsplit_once(':')?;
    let function_is_name = !function.is_empty()
        && function
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '<' | '>'));
    if file.strip_suffix(".py").is_none()
        || file.contains(['"', '\''])
        || !function_is_name
        || function.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    Some(Frame {
        file: file.to_owned(),
        line: number.parse().ok()?,
        function: function.to_owned(),
        code: String::new(),
    })
}

/// `path.py in function at line 3`, as error trackers list frames.
fn tracker_frame(text: &str) -> Option<Frame> {
    if !text.contains(" at line ") {
        return None;
    }
    let (file, rest) = text.split_once(".py in ")?;
    let (function, number) = rest.split_once(" at line ")?;
    let whole = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    (whole(file) && whole(function)).then_some(())?;
    Some(Frame {
        file: format!("{file}.py"),
        line: number.trim_end().parse().ok()?,
        function: function.to_owned(),
        code: String::new(),
    })
}

fn failure(text: &str) -> TraceKind<'_> {
    let rest = text
        .split_once("[Failure instance: Traceback")
        .map_or("", |(_, rest)| rest)
        .trim_start_matches([':', ' ']);
    let rest = rest
        .strip_prefix("(failure with no frames): ")
        .unwrap_or(rest);
    let named = rest
        .strip_prefix("<class '")
        .and_then(|rest| rest.split_once("'>"))
        .or_else(|| {
            rest.strip_prefix("<type '")
                .and_then(|rest| rest.split_once("'>"))
        });
    let (class, message) = named
        .or_else(|| rest.split_once(": "))
        .unwrap_or((rest, ""));
    TraceKind::Failure {
        class,
        message: message.trim_start_matches(':').trim(),
    }
}

/// Exceptions of the standard library that are written in lower case.
const LOWER_CASE_CLASSES: [&str; 7] = [
    "socket.gaierror",
    "socket.timeout",
    "socket.error",
    "struct.error",
    "binascii.Error",
    "zlib.error",
    "ssl.SSLError",
];

/// `module.Class: message` or `module.Class`, by shape alone.
fn exception(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(text.len());
    let (class, rest) = text.split_at_checked(end)?;
    let message = match rest.strip_prefix(':') {
        Some(message) if message.is_empty() || message.starts_with(' ') => message.trim_start(),
        None if rest.trim_matches(['`', ' ']).is_empty() => "",
        _ => return None,
    };
    let last = class.rsplit('.').next()?;
    let segments_whole = class
        .split('.')
        .all(|segment| segment.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
    let capital = last.starts_with(|c: char| c.is_ascii_uppercase())
        && last.bytes().any(|byte| byte.is_ascii_lowercase());
    let lower = LOWER_CASE_CLASSES.contains(&class);
    (segments_whole && (lower || capital && last.len() >= 4)).then_some((class, message))
}

/// Whether a class named alone on a line, outside of any traceback, is an exception: by the ending
/// that Python's and the libraries' exceptions have, or by the module they live in.
#[must_use]
pub(super) fn is_exception_class(class: &str) -> bool {
    let last = class.rsplit('.').next().unwrap_or(class);
    let ends = [
        "Error",
        "Exception",
        "ErrorGroup",
        "ExceptionGroup",
        "Exit",
        "Interrupt",
        "Warning",
        "Iteration",
        "Denied",
        "NotReady",
        "NotFound",
        "Timeout",
        "DoesNotExist",
        "Configured",
        "Closed",
        "ClosedOK",
        "ClosedError",
        "Operation",
        "Disconnect",
        "ConnectionDenied",
        "DenyConnection",
        "StopConsumer",
        "ChannelFull",
        "Http404",
        "Invalid",
        "Expired",
        "Failed",
        "gaierror",
    ];
    // `Closed:` and `Failed:` alone are words that a page's code prints.
    let by_name = ends
        .iter()
        .any(|end| last.ends_with(end) && (last.len() > end.len() || end.len() > 7));
    // `uvicorn.error` is a logger: a class in such a module starts with a capital.
    let by_module = last.starts_with(|c: char| c.is_ascii_uppercase())
        && class
            .rsplit('.')
            .skip(1)
            .any(|segment| matches!(segment, "exceptions" | "errors" | "error" | "exc"));
    by_name || by_module || LOWER_CASE_CLASSES.contains(&class)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        match TraceLine::of(line).kind {
            TraceKind::Frame(frame) => format!("{} {} {}", frame.file, frame.line, frame.function),
            TraceKind::Exception { class, message } => format!("exception {class}|{message}"),
            TraceKind::Failure { class, message } => format!("failure {class}|{message}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn tells_the_lines_apart() {
        for (line, expected) in [
            ("Traceback (most recent call last):", "Header"),
            (
                "  + Exception Group Traceback (most recent call last):",
                "Header",
            ),
            (
                "  File \"/srv/app/x.py\", line 3, in connect",
                "/srv/app/x.py 3 connect",
            ),
            (
                "    |   File \"a.py\", line 3, in <module>",
                "a.py 3 <module>",
            ),
            ("> File \"a.py\", line 3, in f", "a.py 3 f"),
            ("  File 'a/b.py', line 3, in f", "a/b.py 3 f"),
            ("File .../lib/b.py\", line 3, in f", ".../lib/b.py 3 f"),
            ("File upload, line 3, in the form", "Other"),
            (
                "channels/layers.py in send at line 81",
                "channels/layers.py 81 send",
            ),
            ("error in x.py in the send at line 81", "Other"),
            ("  File \"C:\\Users\\x\\chann", "CutFrame"),
            (
                "c:\\python37\\lib\\site-packages\\daphne\\server.py:200:create_application",
                "c:\\python37\\lib\\site-packages\\daphne\\server.py 200 create_application",
            ),
            ("/srv/app/a.py:58:__call__", "/srv/app/a.py 58 __call__"),
            ("           ^^^^^^^^~~~", "Marker"),
            ("    │    └ <bound method>", "Marker"),
            ("--- <exception caught here> ---", "Marker"),
            (
                "During handling of the above exception, another exception occurred:",
                "Chain",
            ),
            (
                "django.db.utils.OperationalError: no such table: x",
                "exception django.db.utils.OperationalError|no such table: x",
            ),
            (
                "asyncio.exceptions.CancelledError",
                "exception asyncio.exceptions.CancelledError|",
            ),
            (
                "AttributeError: 'NoneType' object has no attribute 'group_add'`",
                "exception AttributeError|'NoneType' object has no attribute 'group_add'`",
            ),
            (
                "ERROR    [Failure instance: Traceback: <class 'ValueError'>: No route",
                "Other",
            ),
            (
                "[Failure instance: Traceback: <class 'ValueError'>: No route",
                "failure ValueError|No route",
            ),
            ("    return await self.inner(scope)", "Other"),
            ("Not Found: /ws/x/", "Other"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn classes_alone_need_an_ending_or_a_module() {
        assert!(is_exception_class("redis.exceptions.ConnectionError"));
        assert!(is_exception_class("KeyError"));
        assert!(is_exception_class(
            "django.core.exceptions.ImproperlyConfigured"
        ));
        assert!(!is_exception_class("Request"));
        assert!(!is_exception_class("uvicorn.error"));
        assert!(is_exception_class("socket.timeout"));
        assert!(!is_exception_class("Error"));
    }
}
