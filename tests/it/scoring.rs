//! `wswhy rules score`: measuring rules on cases whose answer is known.

use super::material::{copy, root};
use super::program::{run, run_in};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use std::env;
use std::fs;
use std::path::Path;

const SCOREBOARD: &str = "fixtures/SCOREBOARD.md";

/// Copies recordings into a folder, so that few cases make a scoreboard of their own.
fn copy_recordings(names: &[&str], into: &Path) {
    for name in names {
        copy(
            &root().join("fixtures/recordings").join(name),
            &into.join(name),
        );
    }
}

/// Says of a copied case that another answer is right.
fn relabel(folder: &Path, from: &str, to: &str) {
    let path = folder.join("case.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(&path, text.replace(from, to)).unwrap();
}

fn board(folder: &Path) -> Value {
    let output = run_in(folder)
        .args(["rules", "score", ".", "--format", "json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_scoreboard_in_the_repository_is_what_the_program_prints() {
    let arguments = [
        "rules",
        "score",
        "fixtures/recordings",
        "--format",
        "markdown",
    ];
    let printed = String::from_utf8(run().args(arguments).output().unwrap().stdout).unwrap();
    let path = root().join(SCOREBOARD);
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, printed).unwrap();
        return;
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written == printed,
        "{SCOREBOARD} is not what `wswhy {}` prints:\n{printed}",
        arguments.join(" ")
    );
}

#[test]
fn what_is_right_is_counted_and_what_is_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    copy_recordings(
        &["redis-down", "route-not-found-alone", "healthy-dispatcher"],
        folder.path(),
    );
    let before = board(folder.path());
    assert_eq!(before["all"]["causes"]["cases"], 2);
    assert_eq!(before["all"]["causes"]["top_1"], 2);
    assert_eq!(before["all"]["healthy"], 1);
    assert_eq!(before["all"]["false_alarms"], 0);
    assert_eq!(before["confusions"], Value::Array(Vec::new()));
    let strictly = ["rules", "score", ".", "--strict"];
    run_in(folder.path()).args(strictly).assert().code(0);

    let redis = folder.path().join("redis-down");
    relabel(&redis, "channel-layer-unreachable", "database-error");
    let after = board(folder.path());
    assert_eq!(after["all"]["causes"]["top_1"], 1);
    run_in(folder.path()).args(strictly).assert().code(1);
    let confusion = &after["confusions"][0];
    assert_eq!(confusion["expected"], "database-error");
    assert_eq!(confusion["named"], "channel-layer-unreachable");
    assert_eq!(confusion["cases"][0], "redis-down");
}

#[test]
fn a_healthy_case_called_failing_is_a_false_alarm() {
    let folder = tempfile::tempdir().unwrap();
    copy_recordings(&["redis-down"], folder.path());
    let case = folder.path().join("redis-down");
    let label = "pattern = \"healthy\"\nfiles = [\"server.log\"]\n";
    fs::write(case.join("case.toml"), label).unwrap();
    let board = board(folder.path());
    assert_eq!(board["all"]["healthy"], 1);
    assert_eq!(board["all"]["false_alarms"], 1);
    assert_eq!(board["all"]["calibration"]["answers"], 1);
    assert_eq!(board["all"]["calibration"]["bins"][0]["right"], 0);
}

#[test]
fn a_cause_that_may_also_come_first_is_right_and_not_exact() {
    let folder = tempfile::tempdir().unwrap();
    copy_recordings(&["redis-down"], folder.path());
    let case = folder.path().join("redis-down");
    relabel(
        &case,
        "cause = \"channel-layer-unreachable\"",
        "cause = \"database-error\"\nalso = [\"channel-layer-unreachable\"]",
    );
    let tally = board(folder.path())["all"]["causes"].clone();
    assert_eq!(tally["top_1"], 1);
    assert_eq!(tally["exact"], 0);
}

#[test]
fn a_folder_without_cases_and_a_broken_label_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let score = |folder: &Path| {
        run_in(folder)
            .args(["rules", "score", "."])
            .assert()
            .code(2)
    };
    score(folder.path()).stderr(contains("has no cases").and(contains("case.toml")));

    let case = folder.path().join("broken");
    fs::create_dir(&case).unwrap();
    fs::write(case.join("case.toml"), "pattern = \"helthy\"\n").unwrap();
    score(folder.path()).stderr(contains("case.toml:1:11").and(contains("helthy")));

    fs::write(
        case.join("case.toml"),
        "pattern = \"healthy\"\nfiles = [\"gone.log\"]\n",
    )
    .unwrap();
    score(folder.path()).stderr(contains("broken").and(contains("gone.log")));
}
