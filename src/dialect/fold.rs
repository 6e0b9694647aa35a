//! From lines to groups of lines that one record is made of: a head, and the lines that go on with
//! it (a traceback, indented lines, closing brackets).
//!
//! In doubt a line is a record of its own. Lines of several processes that a wrapper mixed are kept
//! apart.

use super::registry::Claim;
use super::trace_line::{TraceKind, TraceLine, is_exception_class};
use crate::input::Line;
use crate::record::Level;

/// The lines of one record.
#[derive(Debug)]
pub(super) struct Group {
    /// What the head line said.
    pub(super) claim: Claim,
    /// Index of the head line.
    pub(super) head: usize,
    /// Index of the last line.
    pub(super) last: usize,
    /// The lines after the head, each without a header of its own.
    pub(super) detail: Vec<String>,
    /// Whether any of the lines is a traceback's.
    pub(super) traced: bool,
    phase: Phase,
    frame_indent: usize,
}

/// How far the traceback of a group has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// There is none.
    Outside,
    /// Behind a header or among frames; code may follow.
    Frames,
    /// Directly behind a frame: its code follows.
    Code,
    /// Behind the words that join two exceptions.
    Chained,
    /// Behind an exception.
    Ended,
}

/// Groups the lines of one source. Every line is in exactly one group.
pub(super) fn group(lines: &[Line]) -> Vec<Group> {
    let mut folder = Folder {
        lines,
        groups: Vec::new(),
        open: Vec::new(),
        margin: margin(lines),
    };
    for index in 0..lines.len() {
        folder.push(index);
    }
    folder.groups
}

/// The indentation that all lines share, as in a paste from an indented block.
fn margin(lines: &[Line]) -> usize {
    let indents = lines
        .iter()
        .filter(|line| !line.text.trim().is_empty())
        .map(|line| indent(&line.text));
    indents.min().unwrap_or(0)
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

struct Folder<'a> {
    lines: &'a [Line],
    groups: Vec<Group>,
    /// The last group of each process.
    open: Vec<(Option<&'a str>, usize)>,
    margin: usize,
}

impl<'a> Folder<'a> {
    fn push(&mut self, index: usize) {
        let Some(line) = self.lines.get(index) else {
            return;
        };
        let text = line.text.as_str();
        let process = process(line);
        let open = self.open_group(line, process);
        if text.trim().is_empty() {
            match open {
                Some((group, true)) => self.attach(group, index, text, None),
                _ => self.start(index, process, Claim::default(), Phase::Outside),
            }
            return;
        }
        let judged = TraceLine::of(text);
        let indented = indent(text) > self.margin;
        if let Some((group, near)) = open {
            if self.goes_on_with_traceback(group, &judged, near, indented) {
                self.attach(group, index, text, Some(&judged));
                return;
            }
        }
        let near = open.and_then(|(group, near)| near.then_some(group));
        self.head_or_rest(index, process, near, &judged, indented);
    }

    /// A line that no open traceback takes for sure.
    fn head_or_rest(
        &mut self,
        index: usize,
        process: Option<&'a str>,
        near: Option<usize>,
        judged: &TraceLine<'_>,
        indented: bool,
    ) {
        let text = self.lines.get(index).map_or("", |line| line.text.as_str());
        let claim = Claim::of(text.trim_start());
        if let Some((_, parsed)) = &claim.frame {
            let inner = TraceLine::of(&parsed.message);
            if let Some(group) =
                near.filter(|group| self.repeats_header(*group, parsed.level, &inner))
            {
                let message = parsed.message.clone();
                self.attach(group, index, &message, Some(&inner));
                return;
            }
            let phase = phase_after(&inner, Phase::Outside);
            self.start(index, process, claim, phase);
            return;
        }
        let telling = judged.kind.is_telling();
        let own_words = claim
            .body
            .as_ref()
            .is_some_and(|(id, _)| *id != "python-traceback");
        if own_words {
            self.start(index, process, claim, Phase::Outside);
            return;
        }
        let joins = near.filter(|group| {
            if telling {
                self.introduces(*group)
            } else {
                indented && claim.body.is_none()
                    || is_closing(text)
                    || is_context(text)
                    || self.code_without_indent(*group, index)
            }
        });
        match joins {
            Some(group) => self.attach(group, index, text, Some(judged)),
            None => {
                let claimed = claim.body.is_some();
                self.start(
                    index,
                    process,
                    claim,
                    if claimed {
                        phase_after(judged, Phase::Outside)
                    } else {
                        Phase::Outside
                    },
                );
            }
        }
    }

    /// The group that lines of this process go on with, and whether the line stands right below it.
    fn open_group(&self, line: &Line, process: Option<&str>) -> Option<(usize, bool)> {
        let (_, group) = self.open.iter().find(|(name, _)| *name == process)?;
        let last = self.lines.get(self.groups.get(*group)?.last)?;
        // Numbers that jump show that lines between were left out; lines of other processes may
        // stand between those of one.
        let near = process.is_some() || line.number == last.number.saturating_add(1);
        Some((*group, near))
    }

    fn goes_on_with_traceback(
        &self,
        group: usize,
        line: &TraceLine<'_>,
        near: bool,
        indented: bool,
    ) -> bool {
        let Some(open) = self.groups.get(group) else {
            return false;
        };
        let telling = line.kind.is_telling();
        match (open.phase, &line.kind) {
            (Phase::Outside, _) => false,
            (Phase::Chained, kind) => telling || matches!(kind, TraceKind::Exception { .. }),
            (Phase::Ended, TraceKind::Chain | TraceKind::Marker) => true,
            (Phase::Ended, TraceKind::Header) => {
                line.indent > self.margin && line.indent > open.frame_indent
            }
            (Phase::Ended, TraceKind::Frame(_)) => near && open.claim.frame.is_none() && indented,
            (Phase::Ended, _) => near && indented && !heads(line.text),
            (Phase::Frames | Phase::Code, TraceKind::Header) => {
                near && open.detail.is_empty() && !is_header(open)
            }
            (Phase::Frames | Phase::Code, TraceKind::Failure { .. }) => false,
            (Phase::Frames | Phase::Code, TraceKind::Exception { .. }) => near,
            (Phase::Frames | Phase::Code, _) if telling => true,
            (Phase::Frames | Phase::Code, _) => near && indented && !heads(line.text),
        }
    }

    /// Whether a line with a header of its own goes on with a traceback whose every line has one.
    fn repeats_header(&self, group: usize, level: Option<Level>, inner: &TraceLine<'_>) -> bool {
        let Some(open) = self.groups.get(group) else {
            return false;
        };
        let same = open
            .claim
            .frame
            .as_ref()
            .is_some_and(|(_, head)| head.level == level);
        if !same || level.is_some_and(|level| level < Level::Warning) {
            return false;
        }
        match (open.phase, &inner.kind) {
            (Phase::Outside, TraceKind::Header)
            | (Phase::Chained, _)
            | (Phase::Ended, TraceKind::Chain) => true,
            (Phase::Frames | Phase::Code, TraceKind::Exception { .. }) | (Phase::Code, _) => true,
            (Phase::Frames, kind) => kind.is_telling() && *kind != TraceKind::Header,
            _ => false,
        }
    }

    /// Whether a group is the log line that a traceback below it belongs to.
    fn introduces(&self, group: usize) -> bool {
        const WORDS: [&str; 9] = [
            "rror",
            "xception",
            "RROR",
            "raceback",
            "ailed",
            "ailure",
            "future: <",
            "task: <",
            "nhandled",
        ];
        let Some(open) = self.groups.get(group) else {
            return false;
        };
        if open.phase != Phase::Outside {
            return open.phase != Phase::Ended;
        }
        let framed = open.claim.frame.as_ref();
        let severe =
            framed.is_some_and(|(_, head)| head.level.is_some_and(|level| level >= Level::Warning));
        let text = self
            .lines
            .get(open.head)
            .map_or("", |line| line.text.as_str());
        severe || WORDS.iter().any(|word| text.contains(word))
    }

    /// Source code at the margin, in a paste that lost its indentation: directly below a frame, or
    /// with more of the traceback close behind it.
    fn code_without_indent(&self, group: usize, index: usize) -> bool {
        match self.groups.get(group).map(|open| open.phase) {
            Some(Phase::Code) => true,
            Some(Phase::Frames) => {
                self.lines.iter().skip(index + 1).take(6).find_map(|line| {
                    let next = TraceLine::of(&line.text);
                    match next.kind {
                        TraceKind::Exception { class, .. } => {
                            is_exception_class(class).then_some(true)
                        }
                        TraceKind::Header => Some(false),
                        TraceKind::Other => heads(next.text).then_some(false),
                        _ => Some(true),
                    }
                }) == Some(true)
            }
            _ => false,
        }
    }

    fn attach(&mut self, group: usize, index: usize, text: &str, judged: Option<&TraceLine<'_>>) {
        let Some(open) = self.groups.get_mut(group) else {
            return;
        };
        open.last = index;
        open.detail.push(text.to_owned());
        let Some(line) = judged else { return };
        open.traced |= line.kind.is_telling();
        let is_code = matches!(line.kind, TraceKind::Exception { .. })
            && line.indent > open.frame_indent
            && open.frame_indent > 0;
        open.phase = if is_code {
            Phase::Frames
        } else {
            phase_after(line, open.phase)
        };
        if matches!(line.kind, TraceKind::Frame(_) | TraceKind::CutFrame) {
            open.frame_indent = line.indent;
        }
    }

    fn start(&mut self, index: usize, process: Option<&'a str>, claim: Claim, phase: Phase) {
        let group = self.groups.len();
        self.groups.push(Group {
            traced: phase != Phase::Outside,
            claim,
            head: index,
            last: index,
            detail: Vec::new(),
            phase,
            frame_indent: self.lines.get(index).map_or(0, |line| indent(&line.text)),
        });
        match self.open.iter_mut().find(|(name, _)| *name == process) {
            Some(entry) => entry.1 = group,
            None => self.open.push((process, group)),
        }
    }
}

fn process(line: &Line) -> Option<&str> {
    line.wrapper
        .as_ref()
        .and_then(|wrapper| wrapper.process.as_deref())
}

fn is_header(group: &Group) -> bool {
    group.phase == Phase::Frames
}

/// Whether a text is a log line by its stamp, whatever stands around it.
fn heads(text: &str) -> bool {
    Claim::of(text)
        .frame
        .is_some_and(|(_, parsed)| parsed.stamp.is_some() || parsed.level.is_some())
}

fn phase_after(line: &TraceLine<'_>, before: Phase) -> Phase {
    match line.kind {
        TraceKind::Header | TraceKind::Failure { .. } | TraceKind::CutFrame => Phase::Frames,
        TraceKind::Frame(_) => Phase::Code,
        TraceKind::Chain => Phase::Chained,
        TraceKind::Exception { class, .. }
            if before != Phase::Outside || is_exception_class(class) =>
        {
            Phase::Ended
        }
        TraceKind::Other | TraceKind::Marker if before == Phase::Code => Phase::Frames,
        TraceKind::Other if is_closing(line.text) && before == Phase::Frames => Phase::Ended,
        _ => before,
    }
}

/// Brackets that close what stands above.
fn is_closing(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.len() <= 4
        && text
            .chars()
            .all(|c| matches!(c, '}' | ']' | ')' | ',' | ';'))
}

/// Lines at the margin that are never a record of their own: what asyncio and PostgreSQL print
/// below their messages, a console's stack.
fn is_context(text: &str) -> bool {
    const STARTS: [&str; 12] = [
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
    STARTS.iter().any(|start| text.starts_with(start)) || is_script_frame(text)
}

/// `connect @ useWebSocket.ts:45`.
fn is_script_frame(text: &str) -> bool {
    text.rsplit_once(" @ ").is_some_and(|(function, place)| {
        let numbered = place.rsplit_once(':').is_some_and(|(_, line)| {
            !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
        });
        function.split_whitespace().count() <= 3
            && !place.contains(' ')
            && (numbered || place.ends_with(".js") || place.starts_with("VM"))
    })
}
