//! Reading as a whole: folders, order, damage, and that every line is counted once.

use super::*;
use crate::input::{Completeness, Form};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::fs;
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

fn marks() -> Marks {
    Marks::built_in().unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Names relative to the folder.
fn names(reading: &Reading, folder: &Path) -> Vec<String> {
    let prefix = format!("{}/", folder.display());
    let names = reading.sources.iter().map(|source| &source.name);
    names.map(|name| name.replace(&prefix, "")).collect()
}

#[test]
fn a_folder_gives_its_logs_oldest_first() {
    let packed = gzip(b"oldest\n");
    let folder = folder(&[
        ("app.log", b"newest\n"),
        ("app.log.1", b"older\n"),
        ("app.log.2.gz", &packed),
        ("deep/syslog", b"text\n"),
        ("deep/core", b"\0\0\x01\0"),
        (".hidden/a.log", b"x\n"),
        (".a.log", b"x\n"),
        ("node_modules/a/x.log", b"x\n"),
        ("code.py", b"x\n"),
        ("picture.log", b"\x89PNG\0\0\0"),
    ]);
    let reading = read_paths(&[folder.path().to_owned()], &marks()).unwrap();
    assert_eq!(
        names(&reading, folder.path()),
        ["app.log.2.gz", "app.log.1", "app.log", "deep/syslog"]
    );
    let places: Vec<u32> = reading
        .sources
        .iter()
        .map(|source| source.sequence)
        .collect();
    assert_eq!(places, [0, 1, 2, 0]);
    assert_eq!(reading.sources[0].family, reading.sources[2].family);
    assert_eq!(reading.sources[0].lines[0].text, "oldest");
    assert_eq!(reading.warnings.len(), 1, "{:?}", reading.warnings);
    assert!(reading.warnings[0].contains("picture.log was skipped: it is a PNG image."));
}

#[test]
fn the_order_of_paths_does_not_matter_and_files_are_read_once() {
    let folder = folder(&[
        ("a.log", b"a\n"),
        ("b.log.1", b"b\n"),
        ("b.log", b"b\n"),
        ("x.md", b"m\n"),
    ]);
    let path = |name: &str| folder.path().join(name);
    let one = [
        path("b.log"),
        path("x.md"),
        folder.path().to_owned(),
        path("a.log"),
    ];
    let mut other = one.clone();
    other.reverse();
    let reading = read_paths(&one, &marks()).unwrap();
    assert_eq!(reading, read_paths(&other, &marks()).unwrap());
    assert_eq!(
        names(&reading, folder.path()),
        ["a.log", "b.log.1", "b.log", "x.md"]
    );
}

#[cfg(unix)]
#[test]
fn loops_and_sockets_do_not_hang() {
    let folder = folder(&[("a.log", b"a\n")]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("a.log"), folder.path().join("b.log")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s.log")).unwrap();
    let reading = read_paths(&[folder.path().to_owned()], &marks()).unwrap();
    assert_eq!(reading.sources.len(), 1);
    assert_eq!(reading.warnings.len(), 2, "{:?}", reading.warnings);
}

#[test]
fn a_truncated_archive_is_kept_up_to_the_damage() {
    let mut text = Vec::new();
    for number in 0..5000_u32 {
        writeln!(text, "INFO line {}", number.wrapping_mul(2_654_435_761)).unwrap();
    }
    let mut packed = gzip(&text);
    packed.truncate(packed.len() / 2);
    let folder = folder(&[("a.log.gz", &packed)]);
    let reading = read_paths(&[folder.path().to_owned()], &marks()).unwrap();
    assert_eq!(reading.sources[0].completeness, Completeness::Truncated);
    assert!(reading.sources[0].lines.len() > 1000);
    assert!(reading.warnings[0].contains("a.log.gz was read up to line"));
}

#[test]
fn nothing_readable_is_an_error_with_reasons() {
    let folder = folder(&[("x.png", b"\x89PNG")]);
    let missing = folder.path().join("missing.log");
    let InputError::NothingRead { reasons } =
        read_paths(&[missing.clone(), folder.path().to_owned()], &marks()).unwrap_err();
    assert_eq!(reasons.len(), 2);
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("missing.log could not be read"))
    );
    fs::write(folder.path().join("a.log"), "").unwrap();
    let reading = read_paths(&[missing, folder.path().to_owned()], &marks()).unwrap();
    assert_eq!((reading.readable, reading.warnings.len()), (1, 1));
}

#[test]
fn searched_lines_on_standard_input_become_sources_of_their_files() {
    let text = "logs/b.log:12:web-1  | INFO b\nlogs/a.log.1:3:INFO a\nlogs/a.log:4:INFO c\n";
    let reading = read_stream(STDIN_NAME, text.as_bytes(), &marks()).unwrap();
    let shown: Vec<(&str, u32, u64, &str)> = reading
        .sources
        .iter()
        .map(|source| {
            let line = &source.lines[0];
            (
                source.name.as_str(),
                source.sequence,
                line.number,
                line.text.as_str(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("logs/a.log.1", 0, 3, "INFO a"),
            ("logs/a.log", 1, 4, "INFO c"),
            ("logs/b.log", 0, 12, "INFO b"),
        ]
    );
    assert!(
        reading
            .sources
            .iter()
            .all(|source| { source.stdin && source.completeness == Completeness::Filtered })
    );
}

#[test]
fn coloured_search_output_is_split_too() {
    let text = "\u{1b}[35m\u{1b}[Ka.log\u{1b}[m\u{1b}[K\u{1b}[36m\u{1b}[K:\u{1b}[m\u{1b}[K\u{1b}[32m\u{1b}[K12\u{1b}[m\u{1b}[K\u{1b}[36m\u{1b}[K:\u{1b}[m\u{1b}[KINFO x\n";
    let sources = from_text("found.txt", text);
    assert_eq!(
        (sources[0].name.as_str(), sources[0].lines[0].number),
        ("a.log", 12)
    );
}

#[test]
fn a_document_stays_one_and_says_how_long_it_was() {
    let text = "{\n  \"log\": {\n    \"creator\": {},\n    \"entries\": []\n  }\n}\n";
    let sources = from_text("n.har", text);
    assert_eq!(sources[0].form, Form::Document);
    assert_eq!(sources[0].line_count(), 6);
}

#[test]
fn a_cut_document_gives_what_it_has_and_says_so() {
    let text =
        "{\"log\": {\"entries\": [\n{\"request\": {\"url\": \"ws://example.com/ws/\"}},\n{\"requ";
    let reading = read_stream("n.har", text.as_bytes(), &marks()).unwrap();
    assert_eq!(reading.sources[0].completeness, Completeness::Truncated);
    assert_eq!(
        reading.warnings,
        ["n.har was read up to line 3 only: the document is cut there."]
    );
}

#[test]
fn a_quoted_fenced_wrapped_paste_is_unwrapped() {
    let text = "> ```\n>     web_1  | ERROR x\n>     web_1  |   File \"a\"\n> ```\n";
    let sources = from_text("issue.txt", text);
    let texts: Vec<&str> = sources[0]
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(
        (texts, sources[0].set_aside),
        (vec!["ERROR x", "  File \"a\""], 2)
    );
    assert_eq!(sources[0].lines[0].number, 2);
}

/// Lines read, each counted once: distinct numbers where several lines stood in one.
fn counted(sources: &[Source]) -> u64 {
    let counts = sources
        .iter()
        .map(|source| source.lines.len() as u64 + source.set_aside);
    counts.sum()
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("logs/a.log:"),
        Just("b.log:12:"),
        Just("b.log-13-"),
        Just("12:"),
        Just("--"),
        Just("==> a.log <=="),
        Just("web_1  | "),
        Just("[1] "),
        Just("> "),
        Just("```"),
        Just("| 2024-01-01 10:00:00 | x |"),
        Just("|---|"),
        Just("2024-02-12T16:25:00.896092556Z "),
        Just("stdout P "),
        Just("Aug 25 09:44:24 app02 daphne[1106]: "),
        Just("{\"log\":\"x\",\"time\":\"2024-01-01T00:00:00Z\"}"),
        Just("\u{1b}[31m"),
        Just("INFO x"),
        Just("é✅"),
        Just("\n"),
        Just("\n"),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read_stream("x", &bytes[..], &marks());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = from_text("x", &text);
    }

    #[test]
    fn every_line_is_counted_once(text in pieces()) {
        let expected = text.lines().count() as u64;
        prop_assert_eq!(counted(&from_text("x", &text)), expected, "{:?}", text);
    }
}
