//! What reading yields: named sources of numbered lines.

use crate::stamp::Stamp;

/// How complete a source is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// A file or stream as it was written, as far as can be told.
    Whole,
    /// Lines chosen by `grep` or the like: a line that is not there may have been dropped.
    Filtered,
    /// The reader came to an end before the source did (a truncated archive, a bound).
    Truncated,
}

/// One log, with its lines in the order written.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The name as the user knows it: the path given, the file `grep` named, `<stdin>`.
    pub name: String,
    /// Whether lines may be missing.
    pub completeness: Completeness,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// One line, decoded, without line ending, colour and wrapper.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its number in the source, counted from one; as `grep -n` printed it, where it did.
    pub number: u64,
    /// The text inside the wrapper.
    pub text: String,
    /// What a wrapper around the line said.
    pub wrapper: Option<Wrapper>,
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
