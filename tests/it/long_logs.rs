//! Logs too long to be read line by line: what is in them is found and counted as in short ones, however
//! they are cut into blocks, files and archives.

use super::made_logs::made::{self, Kind};
use super::material::RULES;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::input::{Completeness, Reading, WHOLE_BYTES, read_in, read_paths, read_stream};
use wswhy::sieve::Manner;

/// A log that is just too long to be read whole.
fn long_log(kind: Kind) -> String {
    let mut log = Vec::new();
    made::write(kind, 7, 0, WHOLE_BYTES * 5 / 4, &mut log).unwrap();
    String::from_utf8(log).unwrap()
}

fn in_folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn reading(path: &Path) -> Reading {
    read_paths(&[path.to_owned()], &RULES.marks).unwrap()
}

fn diagnosis(path: &Path) -> Diagnosis {
    let reading = reading(path);
    diagnose(&reading.sources, &RULES, &reading.warnings)
}

/// Attempts that the incidents and the healthy routes speak of.
fn attempts(diagnosis: &Diagnosis) -> (usize, usize) {
    let failed = diagnosis.incidents.iter().map(|one| one.attempts_failed);
    let healthy = diagnosis.healthy_routes.iter().map(|one| one.attempts);
    (failed.sum(), healthy.sum())
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn blocks_and_threads_make_no_difference() {
    let text = long_log(Kind::Dense);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (old, new) = lines.split_at(lines.len() / 3);
    let folder = in_folder(&[
        ("app.log.1", old.concat().as_bytes()),
        ("app.log", new.concat().as_bytes()),
    ]);
    let paths = [folder.path().to_owned()];
    let simple = read_paths(&paths, &RULES.marks).unwrap();
    assert!(
        simple
            .sources
            .iter()
            .all(|source| source.completeness == Completeness::Sifted)
    );
    for (threads, block_bytes) in [(1, 3_000), (2, 70_001), (3, 200_000)] {
        let manner = Manner {
            threads,
            block_bytes,
            returns_end: false,
        };
        let other = read_in(&paths, &RULES.marks, manner).unwrap();
        assert!(
            other == simple,
            "{threads} threads, blocks of {block_bytes}"
        );
    }
}

#[test]
fn a_pipe_and_an_archive_are_read_as_the_file_is() {
    let text = long_log(Kind::Json);
    let packed = gzip(text.as_bytes());
    let zstd = zstd::encode_all(text.as_bytes(), 1).unwrap();
    let folder = in_folder(&[
        ("a.log", text.as_bytes()),
        ("b.gz", &packed),
        ("c.zst", &zstd),
    ]);
    let lines = |reading: Reading| reading.sources.into_iter().next().unwrap().lines;
    let plain = lines(reading(&folder.path().join("a.log")));
    assert!(plain.len() < text.lines().count());
    for name in ["b.gz", "c.zst"] {
        assert!(lines(reading(&folder.path().join(name))) == plain, "{name}");
    }
    let piped = read_stream("<stdin>", text.as_bytes(), &RULES.marks).unwrap();
    assert!(lines(piped) == plain);
}

#[test]
fn every_attempt_counts() {
    let text = long_log(Kind::Dense);
    let begun = text.matches("WSCONNECTING").count();
    let folder = in_folder(&[("server.log", text.as_bytes())]);
    let diagnosis = diagnosis(&folder.path().join("server.log"));
    let routes: BTreeMap<_, _> = diagnosis
        .incidents
        .iter()
        .map(|incident| (incident.route.clone(), incident.attempts_total))
        .collect();
    let (_, healthy) = attempts(&diagnosis);
    let counted = healthy + routes.values().sum::<usize>();
    assert!(
        begun > 500 && counted.abs_diff(begun) * 50 < begun,
        "{counted} of {begun}"
    );
    let input = &diagnosis.inputs[0];
    assert_eq!(input.lines, text.lines().count() as u64);
    assert!(input.passed_over > input.lines / 2);
    assert!(
        diagnosis
            .warnings
            .iter()
            .any(|warning| warning.contains("The input is long"))
    );
}

#[test]
fn one_failure_among_many_attempts_that_work_is_found() {
    const FAILURE: &str = "\
2026-11-20 10:00:00,100 INFO     daphne.server WebSocket HANDSHAKING /ws/alerts/ [10.9.9.9:50999]
2026-11-20 10:00:00,104 ERROR    daphne.server Exception inside application: No route found for path 'ws/alerts/'.
Traceback (most recent call last):
  File \"/srv/venv/channels/routing.py\", line 132, in __call__
    raise ValueError(\"No route found for path %r.\" % path)
ValueError: No route found for path 'ws/alerts/'.
2026-11-20 10:00:00,105 INFO     daphne.server WebSocket DISCONNECT /ws/alerts/ [10.9.9.9:50999]
";
    let attempt = |index: usize| {
        let line = |ms: usize, what: &str| {
            let seconds = index % 3600 + ms / 1000;
            let (minute, second, milli) = (seconds / 60 % 60, seconds % 60, ms % 1000);
            let hour = 3 + index / 3600;
            format!(
                "2026-11-20 {hour:02}:{minute:02}:{second:02},{milli:03} INFO     daphne.server WebSocket {what} /ws/chat/ [10.0.0.7:{}]\n",
                20_000 + index
            )
        };
        [line(0, "HANDSHAKING"), line(5, "CONNECT")].concat()
    };
    let half: String = (0..3_500).map(attempt).collect();
    let text = format!("{half}{FAILURE}{half}");
    assert!(text.len() as u64 > WHOLE_BYTES);
    let folder = in_folder(&[("server.log", text.as_bytes())]);
    let diagnosis = diagnosis(&folder.path().join("server.log"));
    let incident = &diagnosis.incidents[0];
    assert_eq!(incident.causes[0].id, "route-not-found");
    assert_eq!((incident.attempts_failed, incident.attempts_total), (1, 1));
    let evidence = incident.causes[0].evidence.iter();
    let mut cited = evidence.filter_map(|item| item.citation.as_ref());
    assert!(cited.any(|citation| (7_001..=7_007).contains(&citation.line)));
    assert_eq!(attempts(&diagnosis), (1, 7_000));
}

#[test]
fn the_limit_is_that_of_all_inputs_together() {
    let text = long_log(Kind::Sparse);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let parts: Vec<String> = lines
        .chunks(lines.len() / 5)
        .map(<[&str]>::concat)
        .collect();
    let names: Vec<String> = (0..parts.len())
        .map(|place| format!("{place}.log"))
        .collect();
    let files = names.iter().zip(&parts);
    let files: Vec<(&str, &[u8])> = files
        .map(|(name, part)| (name.as_str(), part.as_bytes()))
        .collect();
    let folder = in_folder(&files);
    let whole = |paths: &[PathBuf]| {
        let reading = read_paths(paths, &RULES.marks).unwrap();
        let mut sources = reading.sources.iter();
        sources.all(|source| source.completeness == Completeness::Whole)
    };
    assert!(!whole(&[folder.path().to_owned()]));
    assert!(whole(&[
        folder.path().join("0.log"),
        folder.path().join("1.log")
    ]));
}
