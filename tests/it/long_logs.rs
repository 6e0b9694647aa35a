//! Logs too long to be read line by line: what is in them is found and counted as in short ones, however
//! they are cut into blocks, files and archives.

use super::made_logs::made::{self, Kind};
use super::material::{Material, RULES, cases};
use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::input::{
    Completeness, Reading, WHOLE_BYTES, from_text, read_in, read_paths, read_stream,
};
use wswhy::score::{Answer, Case};
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

fn in_parts(names: &[String], parts: &[String]) -> TempDir {
    let files = names.iter().zip(parts);
    let files: Vec<(&str, &[u8])> = files
        .map(|(name, part)| (name.as_str(), part.as_bytes()))
        .collect();
    in_folder(&files)
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
    let folder = in_parts(&names, &parts);
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

/// What a confident answer is: at least this likely.
const SURE: f64 = 0.6;

/// The failing routes with the causes that are surely named for them.
fn sure_causes(diagnosis: &Diagnosis) -> BTreeSet<(Option<String>, String)> {
    let incidents = diagnosis.incidents.iter();
    let first = incidents.filter_map(|incident| {
        let cause = incident.causes.first()?;
        (cause.confidence >= SURE).then(|| (incident.route.clone(), cause.id.clone()))
    });
    first.collect()
}

/// All attempts on each route.
fn of_routes(diagnosis: &Diagnosis) -> BTreeMap<String, usize> {
    let incidents = diagnosis.incidents.iter();
    let failing = incidents.map(|one| (one.route.clone().unwrap_or_default(), one.attempts_total));
    let healthy = diagnosis.healthy_routes.iter();
    failing
        .chain(healthy.map(|one| (one.route.clone(), one.attempts)))
        .collect()
}

#[test]
fn a_long_log_tells_what_reading_every_line_of_it_tells() {
    for kind in [Kind::Sparse, Kind::Dense, Kind::Traceback] {
        let text = long_log(kind);
        let every_line = diagnose(&from_text("server.log", &text), &RULES, &[]);
        let folder = in_folder(&[("server.log", text.as_bytes())]);
        let sifted = diagnosis(&folder.path().join("server.log"));
        let (told, known) = (sure_causes(&sifted), sure_causes(&every_line));
        let strange: Vec<_> = told.difference(&known).collect();
        assert!(!told.is_empty() || known.is_empty(), "{kind:?}");
        assert!(
            strange.len() * 5 <= told.len(),
            "{kind:?}: {strange:?} of {told:?}, not in {known:?}"
        );
        let (told, known) = (of_routes(&sifted), of_routes(&every_line));
        for (route, attempts) in &told {
            let expected = known.get(route).copied().unwrap_or_default();
            assert!(
                attempts.abs_diff(expected) * 20 <= expected.max(20),
                "{kind:?} {route}: {attempts} of {expected}"
            );
        }
        let failing = |diagnosis: &Diagnosis| attempts(diagnosis).0;
        let (told, known) = (failing(&sifted), failing(&every_line));
        assert!(
            told.abs_diff(known) * 5 <= known.max(5),
            "{kind:?}: {told} of {known} failed"
        );
    }
}

#[test]
fn a_log_cut_into_files_anywhere_counts_as_one() {
    let text = long_log(Kind::Dense);
    let begun = text.matches("WSCONNECTING").count();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for seed in 1..4 {
        let mut cuts: Vec<usize> = (1..5)
            .map(|at| (seed * 7919 * at * at) % lines.len())
            .collect();
        cuts.extend([0, lines.len()]);
        cuts.sort_unstable();
        let parts: Vec<String> = cuts
            .windows(2)
            .map(|cut| lines[cut[0]..cut[1]].concat())
            .collect();
        let names: Vec<String> = (0..parts.len())
            .rev()
            .map(|age| format!("app.log.{}", age + 1))
            .collect();
        let folder = in_parts(&names, &parts);
        // A connection that a cut parts may count for both files.
        let counted: usize = of_routes(&diagnosis(folder.path())).values().sum();
        assert!(
            counted.abs_diff(begun) * 10 < begun,
            "{counted} of {begun}, cut at {cuts:?}"
        );
    }
}

/// Lines that have nothing to do with WebSockets.
fn everyday_lines() -> String {
    let mut log = Vec::new();
    made::write(Kind::Sparse, 3, 0, WHOLE_BYTES * 5 / 4, &mut log).unwrap();
    let text = String::from_utf8(log).unwrap();
    let other = |line: &&str| !line.starts_with(' ') && !RULES.marks.are_in(line.as_bytes());
    text.split_inclusive('\n').filter(other).collect()
}

/// What is said of a case whose server's log stands amid everyday lines.
fn amid(case: &Case, everyday: &str) -> Answer {
    let half = everyday.len() / 2;
    let half = half + everyday[half..].find('\n').unwrap() + 1;
    let (before, behind) = everyday.split_at(half);
    let folder = TempDir::new().unwrap();
    let mut paths = Vec::new();
    for (file, path) in case.label.files.iter().zip(case.paths()) {
        let mut bytes = fs::read(path).unwrap();
        if file.as_os_str() == "server.log" {
            let line_end: &[u8] = if bytes.ends_with(b"\n") { b"" } else { b"\n" };
            bytes = [before.as_bytes(), &bytes, line_end, behind.as_bytes()].concat();
        }
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(&to, bytes).unwrap();
        paths.push(to);
    }
    let reading = read_paths(&paths, &RULES.marks).unwrap();
    Answer::of(&diagnose(&reading.sources, &RULES, &reading.warnings))
}

#[test]
fn a_recording_amid_a_long_log_is_understood_as_it_is_alone() {
    let everyday = everyday_lines();
    assert!(everyday.len() as u64 > WHOLE_BYTES);
    let with_log = |case: &Case| {
        case.label
            .files
            .iter()
            .any(|file| file.as_os_str() == "server.log")
    };
    let cases: Vec<Case> = cases("recordings").into_iter().filter(with_log).collect();
    let differing: Vec<&str> = cases
        .par_iter()
        .filter(|case| {
            let (alone, amid) = (Answer::of(&case.diagnosis()), amid(case, &everyday));
            let first = |answer: &Answer| answer.first().map(|first| first.cause.clone());
            (alone.outcome, first(&alone)) != (amid.outcome, first(&amid))
        })
        .map(|case| case.name.as_str())
        .collect();
    assert!(
        cases.len() > 200 && differing.len() * 40 <= cases.len(),
        "{} of {}: {differing:?}",
        differing.len(),
        cases.len()
    );
}
