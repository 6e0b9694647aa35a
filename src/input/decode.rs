//! From the bytes of a text to numbered lines: encoding, line endings, the bound on a line's length. What
//! stands in the lines is not looked at.

use super::document::{self, Reduced};
use super::escape;
use super::mojibake;
use super::sniff::{self, Content};
use super::source::{Form, Line};
use super::unpack::{self, Peeked};
use crate::sieve::MAX_LINE_BYTES;
use encoding_rs::{UTF_8, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use memchr::{memchr, memchr2};
use std::borrow::Cow;
use std::io::{self, BufRead, Read};

/// A text as it was read.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    pub(super) lines: Vec<Line>,
    pub(super) form: Form,
    /// Why reading ended before the text did.
    pub(super) broken: Option<String>,
    /// How many lines it has, those that are not among `lines` included.
    pub(super) read: u64,
    /// How many of them had their end dropped.
    pub(super) cut: u64,
    /// Whether only what the sieve kept of it is among `lines`.
    pub(super) sifted: bool,
}

/// What a stream turned out to be.
pub(super) enum Opened<'a> {
    /// No text; what it is, with its article.
    Foreign(&'static str),
    Text(Text<'a>),
    /// A browser's export, reduced to what concerns WebSockets.
    Document(Decoded),
}

/// Unpacked text in UTF-8 (or bytes of a code page amid it), not read yet.
pub(super) struct Text<'a> {
    /// Old Mac files end lines with a carriage return; elsewhere a lone one is a progress line drawn anew.
    pub(super) returns_end: bool,
    /// Whether the bytes are those that were opened, neither unpacked nor decoded.
    pub(super) as_stored: bool,
    pub(super) reader: Box<dyn BufRead + Send + 'a>,
}

/// Opens a stream, unpacking it where it is packed. Fails only where not one byte can be read.
pub(super) fn open<'a>(reader: impl Read + Send + 'a) -> io::Result<Opened<'a>> {
    let stored = unpack::open(reader)?;
    Ok(match sniff::content(&stored.head) {
        Content::Foreign(kind) => Opened::Foreign(kind),
        Content::Bytes => {
            let as_stored = !stored.unpacked;
            opened(stored, as_stored)
        }
        Content::Wide(encoding) => {
            let decoder = DecodeReaderBytesBuilder::new()
                .encoding(Some(encoding))
                .bom_sniffing(true)
                .build(stored.reader);
            opened(unpack::peek(decoder)?, false)
        }
    })
}

fn opened(peeked: Peeked<'_>, as_stored: bool) -> Opened<'_> {
    let Peeked { head, reader, .. } = peeked;
    match sniff::document(&head) {
        Some(kind) => Opened::Document(read_document(kind, reader)),
        None => Opened::Text(Text {
            returns_end: head.contains(&b'\r') && !head.contains(&b'\n'),
            as_stored,
            reader,
        }),
    }
}

fn read_document(kind: document::Kind, reader: impl Read) -> Decoded {
    // What is no UTF-8 is replaced: a parser would refuse the whole document.
    let decoder = DecodeReaderBytesBuilder::new()
        .encoding(Some(UTF_8))
        .build(reader);
    let Reduced { lines, broken } = document::read(kind, decoder);
    Decoded {
        read: lines.last().map_or(0, |line| line.number),
        lines,
        form: Form::Document,
        broken,
        ..Decoded::default()
    }
}

impl Text<'_> {
    /// Reads it to its end. What breaks is kept up to there.
    pub(super) fn read(mut self) -> Decoded {
        let mut decoded = Decoded::default();
        let rules = Rules {
            returns_end: self.returns_end,
            max_bytes: MAX_LINE_BYTES,
        };
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            let got = read_line(&mut self.reader, &mut bytes, &rules);
            let ended = match &got {
                Ok(Got::End) => true,
                Ok(Got::Line { cut }) => {
                    decoded.cut = decoded.cut.saturating_add(u64::from(*cut));
                    false
                }
                Err(error) => {
                    decoded.broken = Some(error.to_string());
                    true
                }
            };
            if ended && bytes.is_empty() {
                break;
            }
            let line = Line::new(number, line_of(&bytes));
            decoded.lines.push(line);
            if ended {
                break;
            }
        }
        decoded.read = decoded.lines.len() as u64;
        decoded
    }
}

/// How lines end.
struct Rules {
    returns_end: bool,
    max_bytes: usize,
}

enum Got {
    Line { cut: bool },
    End,
}

/// Reads one line without its ending. At the end of the text an unfinished line is a line.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>, rules: &Rules) -> io::Result<Got> {
    let mut cut = false;
    let mut begun = false;
    loop {
        let available = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            available => available?,
        };
        if available.is_empty() {
            return Ok(if begun { Got::Line { cut } } else { Got::End });
        }
        begun = true;
        let end = if rules.returns_end {
            memchr2(b'\n', b'\r', available)
        } else {
            memchr(b'\n', available)
        };
        let part = available
            .get(..end.unwrap_or(available.len()))
            .unwrap_or(available);
        let room = rules.max_bytes.saturating_sub(line.len());
        line.extend_from_slice(part.get(..room).unwrap_or(part));
        // The carriage return of CRLF is no content, so it does not count as cut.
        cut |= part.len() > room && part.get(room..) != Some(b"\r");
        let used = part.len().saturating_add(usize::from(end.is_some()));
        reader.consume(used);
        if end.is_some() {
            return Ok(Got::Line { cut });
        }
    }
}

/// One line as text: decoded, without carriage returns at its end and without escapes.
pub(super) fn line_of(bytes: &[u8]) -> String {
    let mut bytes = sniff::without_hole(bytes);
    bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    while let Some(shorter) = bytes.strip_suffix(b"\r") {
        bytes = shorter;
    }
    let text = text_of(bytes);
    let text = match escape::strip(&text) {
        Some(stripped) => stripped,
        None => text.into_owned(),
    };
    mojibake::repair(&text).unwrap_or(text)
}

/// Decodes UTF-8, and what is not UTF-8 as Windows-1252, of which Latin-1 is a part.
///
/// Only the bytes that are no UTF-8 are decoded so, not the line around them: a line may quote
/// both. A letter that was cut in half at the end of a line becomes U+FFFD.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    let mut chunks = bytes.utf8_chunks().peekable();
    let mut multibyte = false;
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        multibyte |= !chunk.valid().is_ascii();
        let invalid = chunk.invalid();
        if chunks.peek().is_none() && invalid.len() > 1 && multibyte {
            text.push(char::REPLACEMENT_CHARACTER);
        } else {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(invalid).0);
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Decoded {
        match open(bytes).unwrap() {
            Opened::Text(text) => text.read(),
            Opened::Document(decoded) => decoded,
            Opened::Foreign(kind) => panic!("{kind}"),
        }
    }

    fn lines(bytes: &[u8]) -> Vec<(u64, String)> {
        let decoded = read(bytes);
        let lines = decoded.lines.into_iter();
        lines.map(|line| (line.number, line.text)).collect()
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        lines(bytes).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn line_endings_of_every_system() {
        assert_eq!(texts(b"a\nb\n"), ["a", "b"]);
        assert_eq!(texts(b"a\r\nb\r\r\n\r\nc"), ["a", "b", "", "c"]);
        assert_eq!(texts(b"a\rb\rc"), ["a", "b", "c"]);
        assert_eq!(texts(b"10%\r20%\ndone\n"), ["10%\r20%", "done"]);
    }

    #[test]
    fn wide_text_is_decoded() {
        let wide: Vec<u8> = "\u{feff}INFO can’t\r\nb\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(texts(&wide), ["INFO can’t", "b"]);
        let bare: Vec<u8> = "INFO: Größe\r\nINFO: b\r\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(texts(&bare), ["INFO: Größe", "INFO: b"]);
    }

    #[test]
    fn code_page_bytes_amid_utf8() {
        assert_eq!(
            texts(b"caf\xe9 \x93x\x94\n\xe2\x9c\x93 ok\n"),
            ["café “x”", "✓ ok"]
        );
        assert_eq!(texts(b"\xef\xbb\xbfINFO\n"), ["INFO"]);
        assert_eq!(
            texts("✓ ok ✓".as_bytes().split_last().unwrap().1),
            ["✓ ok \u{fffd}"]
        );
    }

    #[test]
    fn long_lines_are_cut_and_counted() {
        let mut bytes = vec![b'x'; MAX_LINE_BYTES + 1];
        bytes.extend(b"\nshort\n");
        let decoded = read(&bytes);
        assert_eq!(decoded.cut, 1);
        assert_eq!(decoded.lines[0].text.len(), MAX_LINE_BYTES);
        assert_eq!(decoded.lines[1], Line::new(2, "short"));
    }

    #[test]
    fn a_document_is_reduced_whatever_the_length_of_its_lines() {
        let entry = r#"{"request": {"url": "ws://example.com/ws/"}}"#;
        let text = format!(
            "{{\"log\":{{\"creator\":{{}},\"x\":\"{}\",\"entries\":[{entry}]}}}}",
            "y".repeat(MAX_LINE_BYTES)
        );
        let decoded = read(text.as_bytes());
        assert_eq!((decoded.form, decoded.lines.len()), (Form::Document, 3));
        assert!(decoded.lines[1].text.contains("ws://example.com/ws/"));
    }
}
