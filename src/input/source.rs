//! What reading yields: named sources of numbered lines.

use crate::sieve::Why;
use crate::stamp::Stamp;

/// How complete a source is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Completeness {
    /// A file or stream as it was written, as far as can be told.
    #[default]
    Whole,
    /// Lines chosen by `grep` or the like: a line that is not there may have been dropped.
    Filtered,
    /// The reader came to an end before the source did (a truncated archive, a bound).
    Truncated,
    /// A long log, of which only the lines are there that show something new ([`crate::sieve`]).
    Sifted,
}

/// What the lines of a source are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// A log: each line stands for itself.
    #[default]
    Lines,
    /// One JSON document (a HAR, Chrome's net-export), reduced to what concerns WebSockets: join its
    /// lines and parse. Of the lines of the file many are missing.
    Document,
}

/// One log, with its lines in the order written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// The name as the user knows it: the path given, the file `grep` named, `<stdin>`.
    pub name: String,
    /// Whether lines may be missing.
    pub completeness: Completeness,
    /// Its lines.
    pub lines: Vec<Line>,
    /// What the lines are.
    pub form: Form,
    /// Whether it came by standard input. Bare lines there may have passed a `grep` that left no
    /// mark, so [`Completeness::Whole`] is weaker than for a file.
    pub stdin: bool,
    /// The name of the log that this file is a part of: `app.log` for `app.log.2.gz`. Equal to
    /// `name` where nothing says that it was rotated.
    pub family: String,
    /// The place among the read parts of its family, oldest first, counted from zero: part 1
    /// goes on where part 0 ends.
    pub sequence: u32,
    /// Lines read that carry nothing of the log and are not among `lines`: separators and file
    /// names that `grep` printed, code fences, the second half of a line that docker had split.
    pub set_aside: u64,
    /// Lines that the sieve passed over, because they say nothing about WebSockets or repeat what others
    /// say. They are neither among `lines` nor set aside.
    pub passed_over: u64,
}

impl Source {
    /// How many lines it has, those passed over included. Of a document only what matters is kept, the last line in any case.
    #[must_use]
    pub fn line_count(&self) -> u64 {
        match self.form {
            Form::Lines => u64::try_from(self.lines.len())
                .unwrap_or(u64::MAX)
                .saturating_add(self.passed_over),
            Form::Document => self.lines.last().map_or(0, |line| line.number),
        }
    }
}

/// One line, decoded, without line ending, colour and wrapper.
///
/// Several may bear the same number: a JSON wrapper that holds a whole traceback, and progress
/// lines that a terminal draws over one another, are one line of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Its number in the source, counted from one; as `grep -n` printed it, where it did.
    pub number: u64,
    /// The text inside the wrapper.
    pub text: String,
    /// What a wrapper around the line said.
    pub wrapper: Option<Wrapper>,
    /// What it stands for besides itself, in a long log.
    pub copies: Option<Box<Copies>>,
    /// Why it is there, in a long log.
    pub why: Why,
    /// Whether lines before it were not read closely, in a long log.
    pub after_gap: bool,
}

/// Lines or connections like a line that is read, which were counted and not read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copies {
    /// The same number for all that are alike.
    pub class: u64,
    /// How many; one of the lines of a class says so.
    pub more: u64,
    /// Whether whole connections were counted, told by the client's address, or lines.
    pub connections: bool,
    /// The last of these lines, freed of wrappers as far as it is like the line itself.
    pub last: String,
}

impl Line {
    /// The same line, as it stands in the file that `grep` names.
    pub(super) fn with(&self, number: u64, text: &str) -> Self {
        Self {
            number,
            text: text.to_owned(),
            ..self.clone()
        }
    }

    /// A line without wrapper.
    pub(super) fn new(number: u64, text: impl Into<String>) -> Self {
        Self {
            number,
            text: text.into(),
            wrapper: None,
            copies: None,
            why: Why::default(),
            after_gap: false,
        }
    }
}

/// What docker compose, kubectl, journald, a platform … put before a line. Of nested wrappers the
/// name is the innermost that has one, the stamp the innermost that has one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wrapper {
    /// Container, pod or unit (`web-1`, `daphne[1106]`).
    pub process: Option<String>,
    /// The wrapper's own clock.
    pub stamp: Option<Stamp>,
}
