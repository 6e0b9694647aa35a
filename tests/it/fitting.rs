//! `wswhy rules fit`: weights from labelled cases into rule files.

use super::material::{copy, root};
use super::program::run_in;
use predicates::prelude::*;
use predicates::str::contains;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use wswhy::rules::RuleSet;

/// Expired tokens in two styles, and other failures in the same.
const CASES: [&str; 7] = [
    "clocks-apart-chromium",
    "redis-down",
    "route-not-found-json",
    "token-expired-chromium",
    "token-expired-inferred-chromium",
    "token-expired-json",
    "token-invalid-cut-chromium",
];

/// What the tests make of the weight of a statement that a token has expired: far too little.
const TOO_LITTLE: &str = "# A comment that stays.\nweight = 2.0";

/// A folder with a copy of the rules and some recordings.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("rules"), &folder.path().join("rules"));
    for name in CASES {
        let from = root().join("fixtures/recordings").join(name);
        copy(&from, &folder.path().join("cases").join(name));
    }
    let cause = folder.path().join("rules/causes/token-expired.toml");
    let text = fs::read_to_string(&cause).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let stated = lines
        .iter()
        .position(|line| *line == "id = \"stated\"")
        .unwrap();
    assert!(
        lines[stated + 1].starts_with("weight = "),
        "{}",
        lines[stated + 1]
    );
    lines[stated + 1] = TOO_LITTLE;
    lines.retain(|line| !line.starts_with("by-hand"));
    fs::write(cause, lines.join("\n")).unwrap();
    folder
}

/// Every file of a folder's rules, by its name.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let causes = fs::read_dir(folder.join("rules/causes")).unwrap();
    let paths = causes.map(|entry| entry.unwrap().path());
    paths
        .chain([folder.join("rules/fitting.toml")])
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn fit(folder: &Path, more: &[&str]) -> assert_cmd::assert::Assert {
    let arguments = ["rules", "fit", "cases", "--into", "rules"];
    run_in(folder).args(arguments).args(more).assert()
}

#[test]
fn a_weight_moves_towards_the_labels_and_a_second_run_changes_nothing() {
    let folder = workspace();
    let on = ["--on", "bracketed,json"];
    fit(folder.path(), &on)
        .code(0)
        .stdout(contains("token-expired").and(contains("Fitted on 5 cases (bracketed, json)")));
    let once = contents(folder.path());
    let cause = &once["token-expired.toml"];
    assert!(cause.contains("by-hand = 2.0"), "{cause}");
    assert!(cause.contains("# A comment that stays."), "{cause}");
    let rules = RuleSet::with_folder(&folder.path().join("rules")).unwrap();
    let stated = &rules.cause("token-expired").unwrap().evidence[0];
    assert!(stated.weight > 2.0, "{stated:?}");
    assert_eq!(rules.fitted_on, ["bracketed", "json"]);

    // The personalities are those of the first run, and the start is what the author wrote.
    fit(folder.path(), &[])
        .code(0)
        .stdout(contains("0 weights changed"));
    assert_eq!(contents(folder.path()), once);
}

#[test]
fn a_dry_run_prints_and_writes_nothing() {
    let folder = workspace();
    let before = contents(folder.path());
    fit(folder.path(), &["--on", "bracketed,json", "--dry-run"])
        .code(0)
        .stdout(contains("token-expired"));
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn nothing_to_fit_on_is_an_error_that_says_what_to_name() {
    let folder = workspace();
    fs::write(
        folder.path().join("rules/fitting.toml"),
        "personalities = []\n",
    )
    .unwrap();
    fit(folder.path(), &[]).code(2).stderr(contains("--on"));
    fit(folder.path(), &["--on", "nobody"])
        .code(2)
        .stderr(contains("no case under cases"));
}
