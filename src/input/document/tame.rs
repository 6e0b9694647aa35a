//! A stream of JSON made harmless for a strict parser: strings of bounded length, without raw control
//! characters and without halves of characters, which tools that cut texts leave behind.
//!
//! Also counts the lines, since a parser that reads a stream does not say where a value began.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

/// Bytes kept of one string: 16 KiB, more than servers take of a URL or a header.
pub(super) const MAX_STRING_BYTES: usize = 16 * 1024;

/// How deep a document may be nested: as deep as `serde_json` reads. What it only skips it would
/// follow further, and remember every level.
pub(super) const MAX_DEPTH: u32 = 128;

/// Where in a text the reader is.
#[derive(Debug, Clone, Copy)]
enum Place {
    Outside,
    String,
    /// Behind a backslash.
    Escape,
    /// Behind `\u`: how many digits have been read, and their value.
    Unicode(u8, u16),
}

/// The stream.
pub(super) struct Tame<'l, R> {
    reader: BufReader<R>,
    line: &'l Cell<u64>,
    place: Place,
    depth: u32,
    /// Bytes given of the string that is being read.
    length: usize,
    /// Whether the string is longer than what is kept.
    dropping: bool,
    /// Bytes to give before more is read.
    ready: VecDeque<u8>,
}

impl<'l, R: Read> Tame<'l, R> {
    pub(super) fn new(reader: R, line: &'l Cell<u64>) -> Self {
        Self {
            reader: BufReader::with_capacity(1 << 16, reader),
            line,
            place: Place::Outside,
            depth: 0,
            length: 0,
            dropping: false,
            ready: VecDeque::new(),
        }
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        loop {
            if let Some(byte) = self.ready.pop_front() {
                return Ok(Some(byte));
            }
            let available = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                available => available?,
            };
            let Some(byte) = available.first().copied() else {
                return Ok(None);
            };
            if self.dropping && matches!(self.place, Place::String) {
                let is_mark = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
                let skipped = available.iter().position(is_mark);
                let skipped = skipped.unwrap_or(available.len());
                if skipped > 0 {
                    self.reader.consume(skipped);
                    continue;
                }
            }
            self.reader.consume(1);
            if byte == b'\n' {
                self.line.set(self.line.get().saturating_add(1));
            }
            self.take(byte);
            if self.depth > MAX_DEPTH {
                return Err(io::Error::other(format!(
                    "it is nested deeper than {MAX_DEPTH} levels there"
                )));
            }
        }
    }

    /// Takes one byte, and makes ready what is to be read instead.
    fn take(&mut self, byte: u8) {
        match (self.place, byte) {
            (Place::Outside, b'"') => {
                self.place = Place::String;
                self.length = 0;
                self.dropping = false;
                self.ready.push_back(byte);
            }
            (Place::Outside, _) => {
                match byte {
                    b'[' | b'{' => self.depth = self.depth.saturating_add(1),
                    b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                self.ready.push_back(byte);
            }
            (Place::String, b'"') => {
                self.place = Place::Outside;
                self.ready.push_back(byte);
            }
            // An escape is given as a whole, or not at all.
            (Place::String, b'\\') => self.place = Place::Escape,
            (Place::String, ..b' ') => self.give(b" "),
            (Place::String, _) => self.give(&[byte]),
            (Place::Escape, b'u') => self.place = Place::Unicode(0, 0),
            (Place::Escape, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.place = Place::String;
                self.give(&[b'\\', byte]);
            }
            // `\'` and the like, which JSON does not have.
            (Place::Escape, _) => {
                self.place = Place::String;
                self.give(&[byte]);
            }
            (Place::Unicode(digits, value), _) => self.take_digit(byte, digits, value),
        }
    }

    /// A digit of `\u0000`. Halves of characters (`\ud83d`) come in pairs, of which a cut leaves
    /// one; no half is worth a parser's refusal of the whole document.
    fn take_digit(&mut self, byte: u8, digits: u8, value: u16) {
        let Some(digit) = char::from(byte).to_digit(16) else {
            self.place = Place::String;
            self.take(byte);
            return;
        };
        // Four digits fill sixteen bits.
        let value = value << 4 | u16::try_from(digit).unwrap_or_default();
        self.place = Place::Unicode(digits.saturating_add(1), value);
        if digits == 3 {
            self.place = Place::String;
            if matches!(value, 0xd800..=0xdfff) {
                self.give(b"?");
            } else {
                self.give(format!("\\u{value:04x}").as_bytes());
            }
        }
    }

    /// Gives bytes of a string, unless it is longer than what is kept. It is cut between characters.
    fn give(&mut self, bytes: &[u8]) {
        let goes_on = bytes
            .first()
            .is_some_and(|byte| matches!(byte, 0x80..=0xbf));
        self.dropping |= self.length >= MAX_STRING_BYTES && !goes_on;
        if !self.dropping {
            self.length = self.length.saturating_add(bytes.len());
            self.ready.extend(bytes);
        }
    }
}

impl<R: Read> Read for Tame<'_, R> {
    /// Gives one byte a time: so the count of lines is that of the byte that was read last.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(place) = buffer.first_mut() else {
            return Ok(0);
        };
        let Some(byte) = self.next()? else {
            return Ok(0);
        };
        *place = byte;
        Ok(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tamed(text: &str) -> (String, u64) {
        let line = Cell::new(1);
        let mut tame = String::new();
        Tame::new(text.as_bytes(), &line)
            .read_to_string(&mut tame)
            .unwrap();
        (tame, line.get())
    }

    #[test]
    fn valid_text_stays() {
        let text = r#"{"a": [1, "ü\n\"\\ \u0026", {}], "b": null}"#;
        assert_eq!(tamed(text), (text.to_owned(), 1));
    }

    #[test]
    fn what_a_parser_refuses_is_replaced() {
        assert_eq!(tamed(r#""a\ud83d b\uDE00""#).0, r#""a? b?""#);
        assert_eq!(tamed("\"a\nb\tc\\'d\""), (r#""a b c'd""#.to_owned(), 2));
        assert_eq!(tamed(r#""\u12""#).0, r#""""#);
    }

    #[test]
    fn long_strings_are_cut_between_characters() {
        let long = "aü".repeat(MAX_STRING_BYTES);
        let (tame, _) = tamed(&format!("[\"{long}\\\"{long}\", 1]"));
        assert!(tame.len() < MAX_STRING_BYTES + 20, "{}", tame.len());
        let values: serde_json::Value = serde_json::from_str(&tame).unwrap();
        assert_eq!(values.as_array().unwrap().len(), 2);
    }
}
