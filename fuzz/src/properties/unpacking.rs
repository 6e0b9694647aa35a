//! Compressed bytes: as they come, and made of any bytes.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use wswhy::input::{Form, Line, Reading, Source, read_stream};
use wswhy::rules::RuleSet;

pub(super) fn hold(rules: &RuleSet, bytes: &[u8]) {
    let read = |bytes: &[u8]| read_stream("server.log", bytes, &rules.marks).ok();
    let plain = read(bytes);
    if is_archive(bytes) {
        return;
    }
    for packed in [gzip(bytes), zstd(bytes)] {
        let whole = read(&packed);
        assert_eq!(
            lines(whole.as_ref()),
            lines(plain.as_ref()),
            "packed and plain"
        );
        let part = packed.get(..packed.len() / 2).unwrap_or_default();
        a_part_is_a_beginning(read(part).as_ref(), whole.as_ref());
    }
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

/// A truncated archive gives no line that the whole one has not, but for its last, and says so.
fn a_part_is_a_beginning(part: Option<&Reading>, whole: Option<&Reading>) {
    let (Some(part), Some(whole)) = (part, whole) else {
        return;
    };
    // A browser's export is reduced while it is read; cut too early it is not even known for one.
    let is_document = |source: &Source| source.form == Form::Document;
    if whole.sources.iter().any(is_document) {
        return;
    }
    let given = part
        .sources
        .iter()
        .map(|source| source.lines.len())
        .sum::<usize>();
    let all = whole
        .sources
        .iter()
        .map(|source| source.lines.len())
        .sum::<usize>();
    assert!(given <= all.max(1), "{given} lines of {all}");
    assert!(
        given == 0 || !part.warnings.is_empty(),
        "cut, and nothing said"
    );
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all bytes");
    encoder.finish().expect("memory takes all bytes")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory takes all bytes")
}
