//! What people hand in: a pipe, `grep` output, folders, archives, damaged and foreign files.

use super::material::{Material, recording};
use super::program::run_in;
use flate2::Compression;
use flate2::write::GzEncoder;
use predicates::prelude::*;
use predicates::str::{contains, is_empty};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use tempfile::TempDir;

/// The server's log of a recording whose cause no reader could miss.
fn log() -> String {
    recording("redis-down").texts().concat()
}

fn folder_with(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// The JSON report on paths in a folder.
fn report(folder: &Path, paths: &[&str]) -> Value {
    let output = run_in(folder)
        .args(["--format", "json"])
        .args(paths)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// The JSON report on what is piped in.
fn report_on_pipe(text: impl Into<Vec<u8>>) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let output = run_in(folder.path())
        .args(["--format", "json"])
        .write_stdin(text)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn first_cause(report: &Value) -> &Value {
    &report["incidents"][0]["diagnoses"][0]["cause"]
}

fn warnings(report: &Value) -> String {
    report["warnings"].to_string()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_log_is_read_from_a_pipe() {
    let report = report_on_pipe(log());
    assert_eq!(first_cause(&report), "channel-layer-unreachable");
    assert_eq!(report["inputs"][0]["file"], "<stdin>");
}

#[test]
fn a_dash_stands_for_the_pipe_beside_files() {
    let folder = folder_with(&[("console.log", b"Navigated to http://localhost:5173/\n")]);
    let output = run_in(folder.path())
        .args(["--format", "json", "-", "console.log"])
        .write_stdin(log())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["inputs"].as_array().unwrap().len(), 2);
    assert_eq!(first_cause(&report), "channel-layer-unreachable");
}

#[test]
fn grep_with_numbers_is_cited_by_the_files_and_lines_it_names() {
    let lines: Vec<String> = log()
        .lines()
        .enumerate()
        .map(|(index, line)| format!("backend/logs/django.log:{}:{line}\n", index + 101))
        .collect();
    let report = report_on_pipe(lines.concat());
    assert_eq!(first_cause(&report), "channel-layer-unreachable");
    let evidence = &report["incidents"][0]["diagnoses"][0]["evidence"][0];
    assert_eq!(evidence["file"], "backend/logs/django.log");
    assert!(evidence["line"].as_u64().unwrap() > 100);
}

#[test]
fn grep_over_several_files_is_parted_by_their_names() {
    let console = "WebSocket connection to 'ws://localhost:8000/ws/dispatchers/' failed: \
                   Error during WebSocket handshake: Unexpected response code: 500";
    let mut text = format!("logs/console.log:{console}\n");
    for line in log().lines() {
        let _ = writeln!(text, "logs/django.log:{line}");
    }
    let report = report_on_pipe(text);
    let files: Vec<&str> = report["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| input["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["logs/console.log", "logs/django.log"]);
}

#[test]
fn a_folder_is_searched_for_logs() {
    let folder = folder_with(&[
        ("logs/web/django.log", log().as_bytes()),
        ("logs/notes.rs", b"fn main() {}"),
        ("logs/.hidden/old.log", b"x"),
    ]);
    let report = report(folder.path(), &["logs"]);
    assert_eq!(first_cause(&report), "channel-layer-unreachable");
    assert_eq!(report["inputs"].as_array().unwrap().len(), 1);
}

#[test]
fn compressed_logs_are_read() {
    let folder = folder_with(&[("django.log.1.gz", &gzip(&log()))]);
    let report = report(folder.path(), &["django.log.1.gz"]);
    assert_eq!(first_cause(&report), "channel-layer-unreachable");
    assert_eq!(warnings(&report), "[]");
}

#[test]
fn a_truncated_archive_is_used_as_far_as_it_goes_and_said_so() {
    let whole = gzip(&log());
    let folder = folder_with(&[("django.log.gz", &whole[..whole.len() / 2])]);
    let report = report(folder.path(), &["django.log.gz"]);
    assert!(report["inputs"][0]["lines"].as_u64().unwrap() > 0);
    assert!(warnings(&report).contains("django.log.gz was read up to line"));
}

#[test]
fn a_path_that_is_not_there_is_an_error_only_if_nothing_else_is() {
    let folder = folder_with(&[("django.log", log().as_bytes())]);
    let alone = run_in(folder.path()).arg("missing.log").assert().code(2);
    alone
        .stdout(is_empty())
        .stderr(contains("missing.log could not be read"));
    let report = report(folder.path(), &["missing.log", "django.log"]);
    assert_eq!(first_cause(&report), "channel-layer-unreachable");
    assert!(warnings(&report).contains("missing.log could not be read"));
}

#[test]
fn pictures_are_no_logs() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0";
    let folder = folder_with(&[("img/a.png", png), ("img/b.png", png), ("app.log", png)]);
    for path in ["img", "img/a.png", "app.log"] {
        let refused = run_in(folder.path()).arg(path).assert().code(2);
        let reason = contains("holds no logs").or(contains("it is a PNG image"));
        refused.stdout(is_empty()).stderr(reason);
    }
}

#[test]
fn an_empty_file_is_unclear_and_no_error() {
    let folder = folder_with(&[("django.log", b"")]);
    let empty = run_in(folder.path()).arg("django.log").assert().code(3);
    empty.stderr(is_empty());
}

#[test]
fn the_encodings_of_powershell_and_of_windows_are_read() {
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(log().replace('\n', "\r\n").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [b"\xef\xbb\xbf", log().as_bytes()].concat();
    let folder = folder_with(&[("wide.log", &wide), ("marked.log", &marked)]);
    for file in ["wide.log", "marked.log"] {
        let report = report(folder.path(), &[file]);
        assert_eq!(first_cause(&report), "channel-layer-unreachable", "{file}");
    }
}

#[test]
fn what_containers_and_terminals_add_is_taken_off() {
    let mut composed = String::new();
    for line in log().lines() {
        let _ = writeln!(composed, "\u{1b}[36mweb-1  |\u{1b}[0m {line}");
    }
    let report = report_on_pipe(composed);
    assert_eq!(first_cause(&report), "channel-layer-unreachable");
}

#[test]
fn control_characters_of_a_log_never_reach_the_terminal() {
    let hostile = log().replace("/ws/dispatchers/", "/ws/\u{1b}]0;owned\u{7}\u{1b}[2Jx/");
    let folder = tempfile::tempdir().unwrap();
    let output = run_in(folder.path()).write_stdin(hostile).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains(control), "{text:?}");
}
