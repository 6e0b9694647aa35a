//! The README is true: what it shows is what the program prints, its words and rules load and pass.
//!
//! `INSTA_UPDATE=always cargo test` writes the report anew, as it does for the snapshots.

use super::material::root;
use super::program::run_in;
use predicates::str::contains;
use std::env;
use std::fs;
use wswhy::rules::RuleSet;
use wswhy::trial;

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The contents of the fenced blocks in this language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    text.split(&fence)
        .skip(1)
        .map(|rest| rest.split("```\n").next().unwrap())
        .collect()
}

#[test]
fn what_is_shown_is_what_the_program_prints() {
    let mut readme = readme();
    let update = env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    // The others show commands without what they print.
    let all: Vec<String> = blocks(&readme, "console")
        .into_iter()
        .filter(|block| block.starts_with("$ cd "))
        .map(str::to_owned)
        .collect();
    assert_eq!(all.len(), 2, "a report, and what was learnt");
    for shown in all {
        let expected = run_anew(&shown);
        if update {
            readme = readme.replacen(&shown, &expected, 1);
            continue;
        }
        assert!(
            shown == expected,
            "the README shows\n{shown}\nnot\n{expected}"
        );
    }
    if update {
        fs::write(root().join("README.md"), readme).unwrap();
    }
}

/// A block with its command run again.
fn run_anew(shown: &str) -> String {
    let mut lines = shown.lines();
    let folder = lines.next().unwrap().strip_prefix("$ cd ").unwrap();
    let command = lines.next().unwrap();
    let arguments = command.strip_prefix("$ wswhy ").unwrap().split(' ');
    let output = run_in(&root().join(folder)).args(arguments).output();
    let printed = String::from_utf8(output.unwrap().stdout).unwrap();
    format!("$ cd {folder}\n{command}\n{printed}")
}

#[test]
fn the_words_shown_load_and_name_the_cause() {
    let readme = readme();
    let words = blocks(&readme, "toml")
        .into_iter()
        .find(|block| block.starts_with("# wswhy.toml\n"))
        .expect("the README shows a wswhy.toml");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("wswhy.toml"), words).unwrap();
    let checked = run_in(folder.path())
        .args(["rules", "check", "wswhy.toml"])
        .assert();
    checked.code(0).stdout(contains("no problems"));
    let log = root().join("fixtures/recordings/token-expired-terse/server.log");
    let report = run_in(folder.path()).arg(log).assert().code(1);
    report.stdout(contains("Most likely: The access token has expired"));
}

#[test]
fn the_rules_shown_load_and_pass_their_own_tests() {
    let folder = tempfile::tempdir().unwrap();
    let readme = readme();
    let mut causes = Vec::new();
    for block in blocks(&readme, "toml") {
        let head = block.lines().next().unwrap();
        if head == "# wswhy.toml" {
            continue;
        }
        let path = folder
            .path()
            .join(head.strip_prefix("# my-rules/").unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, block).unwrap();
        if head.contains("/causes/") {
            causes.push(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    assert!(!causes.is_empty(), "the README shows a cause");
    let rules = RuleSet::with_folder(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rules.problems(), []);
    let (_, mut failures) = trial::run(&rules);
    failures.retain(|failure| causes.contains(&failure.cause));
    assert_eq!(failures, []);
    let checked = run_in(folder.path()).args(["rules", "check", "."]).assert();
    checked.code(0).stdout(contains("no problems"));
}
