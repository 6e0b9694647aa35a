//! Printing: to standard output whole, to standard error in sentences.

use anyhow::{Context as _, Result};
use std::io::{self, IsTerminal, Write};
use wswhy::report::escape::visible_lines;
use wswhy::report::redact::Redactor;

/// The width of a report that goes to no terminal, in columns.
const PIPED_WIDTH: usize = 80;

/// Writes a whole document to standard output.
///
/// A reader that went away (`| head`) has what it wanted: that is no error, and the exit status is
/// the one of the answer, however much of it was read. A full disk is an error.
pub(crate) fn print(text: &str) -> Result<()> {
    settled(write(text.as_bytes()))
}

fn write(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// What is left to report of a write that ended so.
pub(crate) fn settled(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("standard output could not be written"),
    }
}

/// Says on standard error what went wrong.
pub(crate) fn complain(message: &str) {
    // There is nowhere left to report that standard error is closed.
    // A message may quote a file of somebody else's.
    let message = visible_lines(message);
    let _ = writeln!(io::stderr().lock(), "wswhy: {message}");
}

/// Says on standard error what could not be read. The sentences name files of logs, and are pasted
/// together with the report.
pub(crate) fn warn(warnings: &[String], redact: bool) {
    let redactor = redact.then(|| Redactor::over(warnings.iter().map(String::as_str)));
    for warning in warnings {
        match &redactor {
            Some(redactor) => complain(&redactor.text(warning)),
            None => complain(warning),
        }
    }
}

/// Columns to print in: the terminal's, or 80 where there is none.
pub(crate) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return PIPED_WIDTH;
    }
    terminal_size::terminal_size().map_or(PIPED_WIDTH, |(width, _)| usize::from(width.0))
}

/// Whether to colour: on a terminal that can, unless the environment says otherwise (`NO_COLOR`,
/// `CLICOLOR`, `TERM=dumb`).
pub(crate) fn colour() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}
