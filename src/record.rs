//! The shared noun of the first half of the way: one log record, its structure known, its meaning
//! not.
//!
//! A record is what one call of a logger (or one console message, one access line) wrote: usually
//! a line, with a traceback or a console object several. Records know nothing of stages or causes.

use crate::stamp::Stamp;

/// Where a record stands: source by index, first and last line, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index into the list of sources that were read.
    pub source: usize,
    /// The first line of the record.
    pub line: u64,
    /// The last line of the record; equal to `line` for a single line.
    pub last_line: u64,
}

/// The side of the connection a record was written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The application server, the framework or the application.
    Backend,
    /// A reverse proxy or a platform's router.
    Proxy,
    /// A browser, or another client program.
    Client,
}

/// The severity a record states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// `DEBUG`, `TRACE`, `verbose`.
    Debug,
    /// `INFO`, `notice`, `log`.
    Info,
    /// `WARNING`, `warn`.
    Warning,
    /// `ERROR`.
    Error,
    /// `CRITICAL`, `FATAL`, `emerg`.
    Critical,
}

/// The client's address as the server saw it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Peer {
    /// IP address or host name, without brackets.
    pub host: String,
    /// The client's port; `None` where the line gives none, or gives 0 (behind a proxy or on a
    /// unix socket), so that it does not tell two connections apart.
    pub port: Option<u16>,
}

/// One frame of a traceback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The path as printed.
    pub file: String,
    /// The line in that file.
    pub line: u64,
    /// The function's name, as printed after `in`.
    pub function: String,
    /// The source line that Python prints below, trimmed; empty where it is not there.
    pub code: String,
}

/// One exception of a traceback, the causes it was raised from included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exception {
    /// The class as printed, with its module (`django.db.utils.OperationalError`); empty if cut.
    pub class: String,
    /// What stands after the class.
    pub message: String,
    /// Its frames, outermost first.
    pub frames: Vec<Frame>,
}

/// A Python traceback: the exceptions in the order printed, so the last is the one that escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traceback {
    /// Never empty.
    pub exceptions: Vec<Exception>,
}

impl Traceback {
    /// The frames of all exceptions, in the order printed.
    pub fn frames(&self) -> impl Iterator<Item = &Frame> {
        let exceptions = self.exceptions.iter();
        exceptions.flat_map(|exception| &exception.frames)
    }
}

/// Records like one that is read, which were counted and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copies {
    /// The same number for all that are alike.
    pub class: u64,
    /// How many; one of the records of a class says so.
    pub more: u64,
    /// Whether whole connections were counted, told by the client's address, or records.
    pub connections: bool,
    /// The time that the last of them states.
    pub last: Option<Stamp>,
}

/// One log record.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Where it stands.
    pub origin: Origin,
    /// The id of the dialect that claimed its first line (the innermost one, where they nest).
    pub dialect: &'static str,
    /// The side that wrote it.
    pub side: Side,
    /// The time it states, the innermost clock first.
    pub stamp: Option<Stamp>,
    /// The time its wrapper states (docker, journald, a platform), a clock of its own.
    pub wrapper_stamp: Option<Stamp>,
    /// The severity it states.
    pub level: Option<Level>,
    /// Logger, module or bracketed tag (`channels.server`, `consumers`, `JWT Middleware`), or a
    /// console's script (`useWebSocket.ts`).
    pub logger: Option<String>,
    /// The process or container, where a wrapper names it (`web-1`, `daphne[1106]`).
    pub process: Option<String>,
    /// The client's address.
    pub peer: Option<Peer>,
    /// The request's target as printed: a path with its query, or a whole URL.
    pub target: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// What was said: the first line without stamp, level and logger.
    pub message: String,
    /// The further lines of the record, as they stand, a traceback's and a console object's
    /// included.
    pub detail: Vec<String>,
    /// How many further lines were left out of the middle, where there were very many.
    pub left_out: u64,
    /// The traceback, where `detail` (or a JSON field) holds one.
    pub traceback: Option<Traceback>,
    /// How often the record stood there; consoles fold repeats into a count.
    pub repeats: u32,
    /// What it stands for besides itself, in a log too long to be read line by line.
    pub copies: Option<Copies>,
    /// Whether others like it may be missing anywhere: a long log's line that was kept for where it stands.
    pub by_chance: bool,
    /// Whether others of its connection are missing, in a long log.
    pub partial: bool,
    /// Whether it stands behind a gap: lines of a long log that were not read closely.
    pub after_gap: bool,
    /// The first line as read, wrapper removed: what a report quotes.
    pub text: String,
}

impl Record {
    /// The message and the further lines as one text, for phrases that span lines.
    #[must_use]
    pub fn full_message(&self) -> String {
        let mut text = self.message.clone();
        for line in &self.detail {
            text.push('\n');
            text.push_str(line);
        }
        text
    }
}
