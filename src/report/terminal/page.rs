//! A page of lines that never exceed the window, coloured last.
//!
//! Lines are made of pieces with a role, so widths are measured on text alone and colour is added
//! when everything has its place. What is written on the page is the business of its neighbours.

use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use textwrap::{WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthChar;

/// What a piece of a line is, for the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Strong,
    Good,
    Bad,
    Doubtful,
    Faint,
}

impl Role {
    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Good => colour(AnsiColor::Green),
            Self::Bad => colour(AnsiColor::Red).bold(),
            Self::Doubtful => colour(AnsiColor::Yellow),
            Self::Faint => Style::new().dimmed(),
        }
    }
}

/// One line in pieces.
#[derive(Debug, Clone, Default)]
pub(super) struct Line(Vec<(Role, String)>);

impl Line {
    pub(super) fn indented(columns: usize) -> Self {
        Self(vec![(Role::Plain, " ".repeat(columns))])
    }

    pub(super) fn add(mut self, role: Role, text: &str) -> Self {
        self.0.push((role, text.to_owned()));
        self
    }

    /// Adds a text and fills up to a number of columns.
    pub(super) fn add_padded(self, role: Role, text: &str, columns: usize) -> Self {
        let gap = columns.saturating_sub(width_of(text));
        self.add(role, text).add(Role::Plain, &" ".repeat(gap))
    }

    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| width_of(text)).sum()
    }
}

/// The lines so far, and the window they are for.
#[derive(Debug)]
pub(super) struct Page {
    /// Columns of the window.
    pub(super) width: usize,
    lines: Vec<Line>,
    said: BTreeSet<String>,
}

impl Page {
    pub(super) fn new(width: usize) -> Self {
        Self {
            width: width.max(20),
            lines: Vec::new(),
            said: BTreeSet::new(),
        }
    }

    /// Whether columns side by side would be too narrow to read.
    pub(super) fn is_narrow(&self) -> bool {
        self.width < 60
    }

    /// Whether a text is new on this page: several incidents of one cause need one explanation.
    pub(super) fn is_new(&mut self, text: &str) -> bool {
        self.said.insert(text.to_owned())
    }

    /// Adds a line that may be wider than the window: a command, which cut could not be pasted.
    pub(super) fn push_whole(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Adds a line, cut where the window ends.
    pub(super) fn push(&mut self, line: Line) {
        let mut room = self.width;
        let total = line.width();
        let mut kept = Line::default();
        for (role, text) in line.0 {
            let piece = if total > self.width {
                cut(&text, room)
            } else {
                text
            };
            room = room.saturating_sub(width_of(&piece));
            kept.0.push((role, piece));
        }
        self.lines.push(kept);
    }

    /// Adds an empty line, never two in a row.
    pub(super) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// Adds a text over as many lines as it needs; the first begins with `lead`, which is as wide as
    /// the indentation of the others.
    pub(super) fn wrapped(&mut self, lead: Line, role: Role, text: &str) {
        let indent = lead.width();
        // A hanging indentation that eats the window is worse than none.
        let indent = if indent.saturating_add(12) > self.width {
            self.push(lead);
            return self.wrapped(Line::indented(2), role, text);
        } else {
            indent
        };
        let options = textwrap::Options::new(self.width.saturating_sub(indent))
            // Paths and commands are broken at blanks, or not at all.
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        let mut lead = Some(lead);
        for part in textwrap::wrap(text, options) {
            let line = lead.take().unwrap_or_else(|| Line::indented(indent));
            self.push(line.add(role, &part));
        }
    }

    /// Adds pieces side by side with `between` blanks, over as many lines as they need.
    pub(super) fn flow(
        &mut self,
        first: Line,
        indent: usize,
        between: usize,
        pieces: &[(Role, String)],
    ) {
        let mut line = first;
        let mut is_fresh = true;
        for (role, text) in pieces {
            let gap = if is_fresh { 0 } else { between };
            let room = self.width.saturating_sub(line.width());
            if !is_fresh && gap.saturating_add(width_of(text)) > room {
                self.push(std::mem::replace(&mut line, Line::indented(indent)));
            } else {
                line = line.add(Role::Plain, &" ".repeat(gap));
            }
            line = line.add(*role, text);
            is_fresh = false;
        }
        self.push(line);
    }

    /// The page as text; without colour, no line ends in blanks.
    pub(super) fn finish(self, colour: bool) -> String {
        let mut written = String::new();
        for line in self.lines {
            let start = written.len();
            for (role, text) in line.0 {
                let style = role.style();
                if colour && role != Role::Plain && !text.trim().is_empty() {
                    // Writing to a string cannot fail.
                    let _ = write!(written, "{style}{text}{style:#}");
                } else {
                    written.push_str(&text);
                }
            }
            let kept = written.trim_end_matches(' ').len().max(start);
            written.truncate(kept);
            written.push('\n');
        }
        written
    }
}

/// Columns of a text. Escaping has removed all that has no width of its own.
pub(super) fn width_of(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The text, cut before a character that would exceed `room`, `…` instead.
pub(super) fn cut(text: &str, room: usize) -> String {
    if width_of(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1_usize;
    for character in text.chars() {
        used = used.saturating_add(character.width().unwrap_or(0));
        if used > room {
            break;
        }
        kept.push(character);
    }
    if room > 0 {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_stand_between_characters_and_count_columns() {
        assert_eq!(cut("straße", 6), "straße");
        assert_eq!(cut("straße", 5), "stra…");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("x", 0), "");
    }

    #[test]
    fn colour_comes_last_and_only_when_asked() {
        let page = || {
            let mut page = Page::new(20);
            page.push(Line::indented(1).add(Role::Bad, "a very long line of twenty-six"));
            page
        };
        assert_eq!(page().finish(false), " a very long line o…\n");
        assert!(page().finish(true).contains("\u{1b}[31m"));
    }
}
