//! From lines to groups of lines that one record is made of: a head, and the lines that go on with
//! it (a traceback, indented lines, closing brackets).
//!
//! In doubt a line is a record of its own. Lines of several processes that a wrapper mixed are kept
//! apart.

use super::continuation::{is_closing, is_context};
use super::group::Group;
use super::phase::{Phase, phase_after};
use super::registry::{CONTINUATIONS, Claim, NEVER_FIRST};
use super::trace_line::{TraceKind, TraceLine, is_exception_class};
use crate::input::Line;
use crate::record::Level;
use rayon::prelude::*;

/// What one line is whatever stands above it.
struct Alone<'a> {
    judged: TraceLine<'a>,
    /// `None` where the lines above most likely take the line, so that nobody asks.
    claim: Option<Claim>,
}

impl<'a> Alone<'a> {
    fn of(line: &'a Line, margin: usize) -> Self {
        let text = line.text.as_str();
        let judged = TraceLine::of(text);
        let further = judged.kind.is_telling() || indent(text) > margin;
        let claim = (!further).then(|| Claim::of(text.trim_start()));
        Self { judged, claim }
    }
}

/// So many lines are looked at before another thread is worth its while.
const LEAST_LINES: usize = 64;

/// So many lines are looked at, on all threads, before they are folded: what was found of them need
/// not all be kept at once.
const LINES_AHEAD: usize = 8 * 1024;

/// Groups the lines of one source. Every line is in exactly one group.
pub(super) fn group(lines: &[Line]) -> Vec<Group> {
    let margin = margin(lines);
    let mut folder = Folder {
        lines,
        groups: Vec::new(),
        open: Vec::new(),
        margin,
    };
    let mut index = 0_usize;
    let mut rest = lines;
    while !rest.is_empty() {
        let (ahead, after) = rest.split_at_checked(LINES_AHEAD).unwrap_or((rest, &[]));
        rest = after;
        let alone: Vec<Alone<'_>> = ahead
            .par_iter()
            .with_min_len(LEAST_LINES)
            .map(|line| Alone::of(line, margin))
            .collect();
        for alone in alone {
            folder.push(index, alone);
            index = index.saturating_add(1);
        }
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
    text.len().saturating_sub(text.trim_start().len())
}

struct Folder<'a> {
    lines: &'a [Line],
    groups: Vec<Group>,
    /// The last group of each process.
    open: Vec<(Option<&'a str>, usize)>,
    margin: usize,
}

impl<'a> Folder<'a> {
    fn push(&mut self, index: usize, alone: Alone<'_>) {
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
        let Alone { judged, claim } = alone;
        let indented = indent(text) > self.margin;
        if let Some((group, near)) = open {
            let same_message = near && self.dialect_goes_on(group, text);
            if same_message || self.goes_on_with_traceback(group, &judged, near, indented) {
                self.attach(group, index, text, (!same_message).then_some(&judged));
                return;
            }
        }
        let near = open.and_then(|(group, near)| near.then_some(group));
        let claim = claim.unwrap_or_else(|| Claim::of(text.trim_start()));
        self.head_or_rest(index, process, near, (&judged, claim), indented);
    }

    /// A line that no open traceback takes for sure.
    fn head_or_rest(
        &mut self,
        index: usize,
        process: Option<&'a str>,
        near: Option<usize>,
        (judged, claim): (&TraceLine<'_>, Claim),
        indented: bool,
    ) {
        let text = self.lines.get(index).map_or("", |line| line.text.as_str());
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
        let body = claim.body.as_ref().map(|(id, _)| *id);
        let further = is_context(text) || body.is_some_and(|id| NEVER_FIRST.contains(&id));
        if let Some(group) = near.filter(|_| further) {
            self.attach(group, index, text, Some(judged));
            return;
        }
        let own_words = body.is_some_and(|id| id != "python-traceback");
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
                    || self.code_without_indent(*group, index)
            }
        });
        if let Some(group) = joins {
            self.attach(group, index, text, Some(judged));
        } else {
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

    /// The group that lines of this process go on with, and whether the line stands right below it.
    fn open_group(&self, line: &Line, process: Option<&str>) -> Option<(usize, bool)> {
        let of_process = |wanted: Option<&str>| {
            let found = self.open.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, group)| *group)
        };
        // A paste may begin without the wrapper that its further lines have.
        let unwrapped = || of_process(None).filter(|_| self.open.len() == 1);
        let group = of_process(process).or_else(unwrapped)?;
        let last = self.lines.get(self.groups.get(group)?.last)?;
        // Numbers that jump show that lines between were left out; lines of other processes may
        // stand between those of one.
        let near = process.is_some() || line.number == last.number.saturating_add(1);
        Some((group, near))
    }

    /// Whether the dialect of a group's head knows the line for a further one of its own.
    fn dialect_goes_on(&self, group: usize, text: &str) -> bool {
        let Some(open) = self.groups.get(group) else {
            return false;
        };
        // An object of more lines than this was cut off before its end.
        if open.detail.len() > 400 {
            return false;
        }
        let id = open.claim.dialect();
        let Some((_, continues)) = CONTINUATIONS
            .iter()
            .find(|(start, _)| id.starts_with(start))
        else {
            return false;
        };
        let head = self
            .lines
            .get(open.head)
            .map_or("", |line| line.text.as_str());
        let further = open.detail.iter().map(String::as_str);
        let record: Vec<&str> = std::iter::once(head).chain(further).collect();
        continues(&record.join("\n"), text)
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
        let below = || near && indented && !heads(line.text);
        match (open.phase, &line.kind) {
            (Phase::Outside, _) => false,
            (Phase::Chained, kind) => telling || matches!(kind, TraceKind::Exception { .. }),
            (Phase::Ended, TraceKind::Chain | TraceKind::Marker) => true,
            // A part of an exception group stands deeper than the group.
            (Phase::Ended, TraceKind::Header) => line.indent > self.margin.max(open.frame_indent),
            (Phase::Ended, TraceKind::Frame(_)) => open.claim.frame.is_none() && below(),
            // Another traceback begins; this one was cut.
            (_, TraceKind::Header | TraceKind::Failure { .. }) => {
                open.phase == Phase::Code && below()
            }
            (Phase::Frames | Phase::Code, TraceKind::Exception { .. }) => near,
            (phase, _) => (telling && phase != Phase::Ended) || below(),
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
            | (Phase::Chained | Phase::Code, _)
            | (Phase::Ended, TraceKind::Chain)
            | (Phase::Frames, TraceKind::Exception { .. }) => true,
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
            return open.phase == Phase::Chained;
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
                let below = self.lines.iter().skip(index.saturating_add(1));
                below.take(6).find_map(|line| {
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
        open.keep(text);
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
            left_out: 0,
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

/// Whether a text is a log line by its stamp, whatever stands around it.
fn heads(text: &str) -> bool {
    Claim::frame_of(text)
        .is_some_and(|(_, parsed)| parsed.stamp.is_some() || parsed.level.is_some())
}

#[cfg(test)]
pub(super) mod tests;
