//! Compressed bytes: as they come, made of any bytes, and cut short.

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{Read, Write};
use wswhy::input::{Line, Reading, read_stream};
use wswhy::rules::RuleSet;

pub(super) fn hold(rules: &RuleSet, bytes: &[u8]) {
    let read = |bytes: &[u8]| read_stream("server.log", bytes, &rules.marks).ok();
    let plain = read(bytes);
    if is_archive(bytes) {
        return;
    }
    let (gzip, zstd) = (gzip(bytes), zstd(bytes));
    for packed in [&gzip, &zstd] {
        assert_eq!(
            lines(read(packed).as_ref()),
            lines(plain.as_ref()),
            "packed and plain"
        );
    }
    let part = first_half(&gzip);
    let left = up_to_the_cut(GzDecoder::new(part));
    a_part_is_a_beginning(read(part).as_ref(), read(&left).as_ref());
    let part = first_half(&zstd);
    let left = zstd::Decoder::with_buffer(part).map(up_to_the_cut);
    let left = left.unwrap_or_default();
    a_part_is_a_beginning(read(part).as_ref(), read(&left).as_ref());
}

/// What is unpacked once is not unpacked again, so an archive of an archive is something else.
fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b")
        || bytes.starts_with(b"\x28\xb5\x2f\xfd")
        || matches!(bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

fn lines(reading: Option<&Reading>) -> Option<Vec<&Line>> {
    let sources = &reading?.sources;
    Some(sources.iter().flat_map(|source| &source.lines).collect())
}

/// A truncated archive gives what of its text is left, and says that it was cut.
fn a_part_is_a_beginning(part: Option<&Reading>, left: Option<&Reading>) {
    let (given, left) = (whole_letters(part), whole_letters(left));
    assert_eq!(given, left, "cut and left");
    let said = part.is_some_and(|part| !part.warnings.is_empty());
    assert!(given.is_empty() || said, "cut, and nothing said");
}

/// The lines; whether half a letter at a text's end is shown depends on why it ends.
fn whole_letters(reading: Option<&Reading>) -> Vec<Line> {
    let mut lines: Vec<Line> = lines(reading).into_iter().flatten().cloned().collect();
    if let Some(last) = lines.last_mut() {
        let whole = last.text.trim_end_matches(char::REPLACEMENT_CHARACTER);
        last.text.truncate(whole.len());
    }
    lines.pop_if(|last| last.text.is_empty());
    lines
}

fn first_half(packed: &[u8]) -> &[u8] {
    packed.get(..packed.len() / 2).unwrap_or_default()
}

fn up_to_the_cut(mut reader: impl Read) -> Vec<u8> {
    let mut left = Vec::new();
    let cut = reader.read_to_end(&mut left);
    assert!(cut.is_err(), "half an archive is a whole one");
    left
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all bytes");
    encoder.finish().expect("memory takes all bytes")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory takes all bytes")
}
