//! From the lines of a record to the exceptions of its traceback, however damaged they are:
//! indentation lost, cut in the middle, the end or the start missing.
//!
//! Which lines belong to the record was decided before, by [`super::fold`].

use super::trace_line::{TraceKind, TraceLine, is_exception_class};
use crate::record::{Exception, Traceback};

/// The traceback that `lines` hold, the record's message first; `None` where they hold none.
#[must_use]
pub(super) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Traceback> {
    let mut reader = Reader::default();
    let mut cut: Option<String> = None;
    for line in lines {
        // A frame that a narrow terminal wrapped goes on in the next line.
        let joined = cut.take().map(|start| format!("{start}{line}"));
        let text = joined.as_deref().unwrap_or(line);
        let judged = TraceLine::of(text);
        if judged.kind == TraceKind::CutFrame && joined.is_none() {
            cut = Some(line.to_owned());
        } else {
            reader.take(&judged);
        }
    }
    reader.finish()
}

/// Where in an exception's text the reader is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside of any.
    #[default]
    Outside,
    /// Behind a header, among frames.
    Frames,
    /// Behind the line with the class.
    Message,
}

#[derive(Debug, Default)]
struct Reader {
    exceptions: Vec<Exception>,
    current: Exception,
    place: Place,
    frame_indent: usize,
    named_by_failure: bool,
}

impl Reader {
    fn take(&mut self, line: &TraceLine<'_>) {
        match &line.kind {
            TraceKind::Header => {
                self.close();
                self.place = Place::Frames;
                self.frame_indent = line.indent.saturating_add(2);
            }
            TraceKind::Chain => self.close(),
            TraceKind::Failure { class, message } => {
                self.close();
                self.current = Exception {
                    class: (*class).to_owned(),
                    message: message.trim_end_matches(']').to_owned(),
                    frames: Vec::new(),
                };
                self.named_by_failure = true;
                self.place = Place::Frames;
            }
            TraceKind::Frame(frame) => {
                if self.place == Place::Message && !self.named_by_failure {
                    self.close();
                }
                self.place = Place::Frames;
                self.frame_indent = line.indent;
                self.current.frames.push(frame.clone());
            }
            TraceKind::Exception { class, message } if self.ends_here(line, class) => {
                (*class).clone_into(&mut self.current.class);
                (*message).clone_into(&mut self.current.message);
                self.place = Place::Message;
            }
            TraceKind::CutFrame | TraceKind::Marker => {}
            TraceKind::Exception { .. } | TraceKind::Other => self.other(line),
        }
    }

    /// Whether an exception's shape is the exception, and not a line of source code or of text.
    fn ends_here(&mut self, line: &TraceLine<'_>, class: &str) -> bool {
        match self.place {
            Place::Frames if self.named_by_failure => false,
            // Source code is indented deeper than its frame, unless all indentation is lost.
            Place::Frames => line.indent <= self.frame_indent,
            Place::Message => {
                // A second exception directly behind the first: lines that grep cut out.
                let another = is_exception_class(class) && self.current.frames.is_empty();
                if another {
                    self.close();
                }
                another
            }
            Place::Outside => is_exception_class(class),
        }
    }

    fn other(&mut self, line: &TraceLine<'_>) {
        let text = line.text;
        if text.is_empty() || text == "]" {
            return;
        }
        match self.place {
            Place::Outside => {}
            Place::Message => {
                self.current.message.push('\n');
                self.current.message.push_str(text);
            }
            Place::Frames => {
                let named = self.named_by_failure;
                let indent = self.frame_indent;
                match self.current.frames.last_mut() {
                    Some(frame) if frame.code.is_empty() && !named => {
                        text.clone_into(&mut frame.code);
                    }
                    // Daphne once printed the message without its class behind the frames.
                    Some(_) if line.indent <= indent && indent > 0 && !named => {
                        text.clone_into(&mut self.current.message);
                    }
                    None if named => {
                        self.current.message.push('\n');
                        self.current.message.push_str(text.trim_end_matches(']'));
                    }
                    _ => {}
                }
            }
        }
    }

    fn close(&mut self) {
        let mut done = std::mem::take(&mut self.current);
        let begun = self.place != Place::Outside;
        self.place = Place::Outside;
        self.named_by_failure = false;
        if !begun || (done.class.is_empty() && done.frames.is_empty()) {
            return;
        }
        if done.class.is_empty() {
            name_by_raise(&mut done);
        }
        let whole = done.message.trim_end().len();
        done.message.truncate(whole);
        self.exceptions.push(done);
    }

    fn finish(mut self) -> Option<Traceback> {
        self.close();
        (!self.exceptions.is_empty()).then_some(Traceback {
            exceptions: self.exceptions,
        })
    }
}

/// Where the end is missing, the last frame's `raise Class(…)` still names the class, as its source
/// writes it.
fn name_by_raise(exception: &mut Exception) {
    let Some(raised) = exception
        .frames
        .last()
        .and_then(|frame| frame.code.strip_prefix("raise "))
    else {
        return;
    };
    let end = raised
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(raised.len());
    let class = raised.get(..end).unwrap_or_default();
    if class
        .rsplit('.')
        .next()
        .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()))
    {
        exception.class = class.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `class|message|frames` of each exception.
    fn shown(text: &str) -> Vec<String> {
        of(text.lines()).map_or_else(Vec::new, |traceback| {
            traceback
                .exceptions
                .iter()
                .map(|e| format!("{}|{}|{}", e.class, e.message, e.frames.len()))
                .collect()
        })
    }

    #[test]
    fn a_plain_traceback() {
        let text = "Exception inside application: x\nTraceback (most recent call last):\n  File \"/srv/app/a.py\", line 3, in connect\n    await self.x(\n        ^^^^^^\n        y)\n  File \"b.py\", line 1, in f\n    KeyError: not_this\nKeyError: 'user'";
        assert_eq!(shown(text), ["KeyError|'user'|2"]);
        let traceback = of(text.lines()).unwrap();
        assert_eq!(traceback.exceptions[0].frames[0].code, "await self.x(");
    }

    #[test]
    fn chained_exceptions_in_the_order_printed() {
        let text = "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    x\nOSError: [Errno 111]\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"b.py\", line 4, in g\n    y\nredis.exceptions.ConnectionError: Error 111 connecting to localhost:6379.";
        assert_eq!(
            shown(text),
            [
                "OSError|[Errno 111]|1",
                "redis.exceptions.ConnectionError|Error 111 connecting to localhost:6379.|1"
            ]
        );
    }

    #[test]
    fn indentation_lost() {
        let text = "File \"/app/a.py\", line 59, in __call__\n[receive, self.channel_receive], self.dispatch\nFile \"/app/b.py\", line 3, in dispatch\nawait handler(message)\nReaderError: end";
        assert_eq!(shown(text), ["ReaderError|end|2"]);
    }

    #[test]
    fn twisted_failures() {
        let text = "[Failure instance: Traceback: <class 'ValueError'>: No route found for path 'ws/x/'.\n/lib/site-packages/daphne/ws_protocol.py:82:onConnect\n--- <exception caught here> ---\n/srv/app/routing.py:58:__call__\n]";
        assert_eq!(
            shown(text),
            ["ValueError|No route found for path 'ws/x/'.|2"]
        );
    }

    #[test]
    fn the_end_cut_off() {
        let text = "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    raise ValueError(\"No route\")";
        assert_eq!(shown(text), ["ValueError||1"]);
        assert_eq!(
            shown("Traceback (most recent call last):"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn frames_wrapped_by_a_terminal() {
        let text = "  File \"C:\\talk\\channe\nls\\worker.py\", line 78, in run\n    consumer(message)\nKeyError: u'user'";
        let traceback = of(text.lines()).unwrap();
        assert_eq!(
            traceback.exceptions[0].frames[0].file,
            "C:\\talk\\channels\\worker.py"
        );
    }

    #[test]
    fn groups_hold_their_parts() {
        let text = "  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 1, in f\n  |     x\n  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)\n  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n    |   File \"b.py\", line 2, in g\n    |     y\n    | ValueError: boom\n    +------------------------------------";
        assert_eq!(
            shown(text),
            [
                "ExceptionGroup|unhandled errors in a TaskGroup (1 sub-exception)|1",
                "ValueError|boom|1"
            ]
        );
    }

    #[test]
    fn messages_of_several_lines() {
        let text = "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x\npsycopg2.OperationalError: connection failed\n\tIs the server running?";
        assert_eq!(
            shown(text),
            ["psycopg2.OperationalError|connection failed\nIs the server running?|1"]
        );
    }
}
