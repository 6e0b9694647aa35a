//! Printing: to standard output whole, to standard error in sentences.

use std::io::{self, IsTerminal, Write};
use wswhy::report::escape::visible_lines;

/// The width of a report that goes to no terminal, in columns.
const PIPED_WIDTH: usize = 80;

/// Writes a whole document to standard output.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Says on standard error what went wrong.
pub(crate) fn complain(message: &str) {
    // There is nowhere left to report that standard error is closed.
    // A message may quote a file of somebody else's.
    let message = visible_lines(message);
    let _ = writeln!(io::stderr().lock(), "wswhy: {message}");
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
