//! JSON documents of browsers' tools, reduced while they are read to what concerns WebSockets: a HAR
//! or a net-export holds a whole page's traffic, up to gigabytes of it, and a few entries that matter.
//!
//! What is left is a document of the same form, only smaller, its lines numbered as in the original.
//! A document that is cut or broken is closed where that happens, so that what stands before it can
//! be read. What the entries say is the business of the dialects; here is only known which of them
//! may say something.
//!
//! Bounds: one string keeps [`tame::MAX_STRING_BYTES`], all that is kept [`MAX_KEPT_BYTES`], nesting
//! ends at [`tame::MAX_DEPTH`]. Everything else is dropped as it passes.

mod har;
mod lenient;
mod net_export;
mod tame;

use super::source::Line;
use serde::Serialize;
use serde_json::error::Category;
use std::cell::Cell;
use std::io::{self, Read};
use tame::Tame;

/// How many bytes are kept of one document: 4 MiB.
const MAX_KEPT_BYTES: usize = 4 << 20;

/// How many handshakes are kept of one HAR, each of which is an attempt.
const MAX_HANDSHAKES: usize = 4000;

/// A document as it was read.
#[derive(Debug, Default)]
pub(super) struct Reduced {
    /// The smaller document. Its last line bears the number of the last line read.
    pub(super) lines: Vec<Line>,
    /// Why reading ended before the document did, or why some of it was left out.
    pub(super) broken: Option<String>,
}

/// Which document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The export of a browser's Network tab.
    Har,
    /// Chrome's `chrome://net-export`.
    NetExport,
}

/// Reads a document to its end.
pub(super) fn read(kind: Kind, reader: impl Read) -> Reduced {
    let line = Cell::new(1);
    let mut kept = Kept::new(&line);
    let mut document = serde_json::Deserializer::from_reader(Tame::new(reader, &line));
    let (read, closing) = match kind {
        Kind::Har => (har::reduce(&mut document, &mut kept), "]}}"),
        Kind::NetExport => (net_export::reduce(&mut document, &mut kept), "]}"),
    };
    let last = line.get();
    let broken = match read {
        // Chrome writes event by event while it runs: an end that is missing is usual.
        Err(error) if kind == Kind::NetExport && error.is_eof() => None,
        Err(error) => Some(reason(error)),
        Ok(()) if document.end().is_err() => Some("something else follows the document".to_owned()),
        Ok(()) if kept.full => Some(format!(
            "it holds more about WebSockets than is kept of one document ({} MiB, {MAX_HANDSHAKES} \
             handshakes), and the rest was left out",
            MAX_KEPT_BYTES >> 20
        )),
        Ok(()) => None,
    };
    kept.push_text(last, closing.to_owned());
    Reduced {
        lines: kept.lines,
        broken,
    }
}

/// Why a document could not be read further, without quoting it.
fn reason(error: serde_json::Error) -> String {
    match error.classify() {
        Category::Eof => "the document is cut there".to_owned(),
        Category::Io => io::Error::from(error).to_string(),
        Category::Syntax | Category::Data => "it is no valid JSON there".to_owned(),
    }
}

/// The smaller document as it grows.
struct Kept<'l> {
    lines: Vec<Line>,
    /// The line that is being read.
    line: &'l Cell<u64>,
    bytes: usize,
    /// Whether something was left out for want of room.
    full: bool,
}

impl<'l> Kept<'l> {
    fn new(line: &'l Cell<u64>) -> Self {
        Self {
            lines: Vec::new(),
            line,
            bytes: 0,
            full: false,
        }
    }

    /// Adds a handshake that is an item by itself.
    fn push_handshake(&mut self, number: u64, item: &impl Serialize) {
        // The document's head is a line too.
        if self.lines.len() > MAX_HANDSHAKES {
            self.full = true;
        } else {
            self.push(number, item);
        }
    }

    fn push_text(&mut self, number: u64, text: String) {
        self.lines.push(Line::new(number, text));
    }

    /// Adds an item of a list.
    fn push(&mut self, number: u64, item: &impl Serialize) {
        // Plain structures of texts and numbers cannot fail to be written.
        let Ok(text) = serde_json::to_string(item) else {
            return;
        };
        let bytes = self.bytes.saturating_add(text.len());
        if bytes > MAX_KEPT_BYTES {
            self.full = true;
            return;
        }
        self.bytes = bytes;
        let comma = if self.lines.len() > 1 { "," } else { "" };
        self.push_text(number, format!("{comma}{text}"));
    }
}

#[cfg(test)]
mod tests;
