//! What the first bytes of an unpacked stream are: text in which encoding, one JSON document, or
//! something that is no log.

use super::document::Kind;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::memchr;

/// What a stream holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Content {
    /// UTF-8, or bytes of a single-byte code page: decoded line by line.
    Bytes,
    /// UTF-16, with or without byte order mark.
    Wide(&'static Encoding),
    /// No text; what it is, with its article (`a PNG image`).
    Foreign(&'static str),
}

/// First bytes of files that are no log.
const SIGNATURES: [(&[u8], &str); 14] = [
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"\xfd7zXZ\0", "compressed with xz; unpack it first"),
    (b"BZh9", "compressed with bzip2; unpack it first"),
    (b"\x1f\x8b", "compressed twice; unpack it first"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (
        b"LPKSHHRH",
        "a binary journal; export it with `journalctl -o short-iso`",
    ),
    (b"\0asm", "a program"),
    (b"RIFF", "a picture or sound"),
];

/// Where a tar archive has its mark.
const TAR_MARK_AT: usize = 257;

/// Share of control characters, in percent, from which bytes are not taken for text.
const MAX_CONTROL_PERCENT: usize = 10;

/// Tells what a stream holds by its first bytes.
pub(super) fn content(head: &[u8]) -> Content {
    if let Some((encoding, _)) = Encoding::for_bom(head)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        return Content::Wide(encoding);
    }
    let signature = SIGNATURES.iter().find(|(start, _)| head.starts_with(start));
    if let Some((_, kind)) = signature {
        return Content::Foreign(kind);
    }
    if head
        .get(TAR_MARK_AT..)
        .is_some_and(|from| from.starts_with(b"ustar"))
    {
        return Content::Foreign("a tar archive; unpack it first");
    }
    if let Some(encoding) = unmarked_wide(head) {
        return Content::Wide(encoding);
    }
    if is_text(without_hole(head)) {
        Content::Bytes
    } else {
        Content::Foreign("a binary file")
    }
}

/// Which JSON document of a browser's tools the text is, over all its lines; `None` where it is
/// none. A document may be one line of many megabytes.
///
/// Loggers write objects with a `log` of their own (`{"log": {"level": "info"}, …}`): only a HAR
/// has entries and says who created it.
pub(super) fn document(head: &[u8]) -> Option<Kind> {
    let start = head.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let inside = start.trim_ascii_start().strip_prefix(b"{")?;
    let inside = inside.trim_ascii_start();
    let opens = |key: &[u8]| {
        inside
            .strip_prefix(key)
            .and_then(|rest| rest.trim_ascii_start().strip_prefix(b":"))
            .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"))
    };
    let holds = |key: &[u8]| inside.windows(key.len()).any(|window| window == key);
    if opens(b"\"log\"") && (holds(b"\"entries\"") || holds(b"\"creator\"")) {
        return Some(Kind::Har);
    }
    opens(b"\"constants\"").then_some(Kind::NetExport)
}

/// Bytes without the hole that `copytruncate` leaves at the start of a log whose writer goes on
/// at its old offset.
pub(super) fn without_hole(bytes: &[u8]) -> &[u8] {
    let hole = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(hole..).unwrap_or_default()
}

/// UTF-16 without a mark: of the first letters most are ASCII, so every other byte is zero.
fn unmarked_wide(head: &[u8]) -> Option<&'static Encoding> {
    memchr(0, head)?;
    let pairs = head.len() / 2;
    let zeros = |offset: usize| {
        let bytes = head.iter().skip(offset).step_by(2);
        bytes.take(pairs).filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let most = pairs.saturating_mul(7) / 10;
    if pairs < 2 || even.max(odd) <= most || even.min(odd) > pairs / 20 {
        return None;
    }
    Some(if odd > even { UTF_16LE } else { UTF_16BE })
}

/// Zero bytes in any text at most.
const MOST_STRAY: usize = 4;

fn is_text(bytes: &[u8]) -> bool {
    let zeros = count(bytes, |byte| byte == 0);
    // Without a branch for each kind: many bytes are compared at once then.
    let controls = count(bytes, |byte| {
        let kinds = [byte < 0x20, byte.wrapping_sub(0x07) >= 7, byte != 0x1b];
        kinds == [true; 3] || byte == 0x7f
    });
    // A stray zero in a log happens (a frame printed as it came), in a short one too; a file of records has
    // many.
    (zeros <= MOST_STRAY || zeros.saturating_mul(200) <= bytes.len())
        && controls.saturating_mul(100) <= bytes.len().saturating_mul(MAX_CONTROL_PERCENT)
}

fn count(bytes: &[u8], is_counted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().filter(|byte| is_counted(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn wide_text_is_told_with_and_without_mark() {
        let line = "2024-06-01 10:00:00,000 ERROR can’t\r\n";
        assert_eq!(content(&wide(line, true)), Content::Wide(UTF_16LE));
        assert_eq!(content(&wide(line, false)), Content::Wide(UTF_16BE));
        let marked = [b"\xff\xfe".to_vec(), wide("日本", true)].concat();
        assert_eq!(content(&marked), Content::Wide(UTF_16LE));
    }

    #[test]
    fn binary_files_are_told() {
        assert_eq!(
            content(b"\x89PNG\r\n\x1a\n\0\0"),
            Content::Foreign("a PNG image")
        );
        assert_eq!(
            content(b"abc\0\x01\x02\0\0def"),
            Content::Foreign("a binary file")
        );
    }

    #[test]
    fn text_is_text() {
        for bytes in [
            &b""[..],
            b"INFO x\n",
            b"caf\xe9\n",
            "✅ Größe".as_bytes(),
            b"\0\0\0\0\0\0\0\0INFO after a hole in the file\n",
        ] {
            assert_eq!(content(bytes), Content::Bytes, "{bytes:?}");
        }
    }

    #[test]
    fn a_document_is_told_from_json_lines() {
        assert_eq!(
            document(b"\n{ \"log\" : {\"version\": \"1.2\", \"creator\": {"),
            Some(Kind::Har)
        );
        assert_eq!(
            document(b"{\"constants\":{\"activeFieldTrialGroups\""),
            Some(Kind::NetExport)
        );
        assert_eq!(document(br#"{"log":"INFO x\n","stream":"stderr"}"#), None);
        assert_eq!(
            document(br#"{"log":{"level":"info"},"ecs":{"version":"1.6"}}"#),
            None
        );
        assert_eq!(document(b"INFO {\"log\": {}}"), None);
    }
}
