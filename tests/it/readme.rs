//! The README is true: its report is what the program prints, its rules load and pass.
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
fn the_report_shown_is_what_the_program_prints() {
    let readme = readme();
    let shown = blocks(&readme, "console")[0];
    let mut lines = shown.lines();
    let folder = lines.next().unwrap().strip_prefix("$ cd ").unwrap();
    let command = lines.next().unwrap();
    let arguments = command.strip_prefix("$ wswhy ").unwrap().split(' ');
    let output = run_in(&root().join(folder)).args(arguments).output();
    let printed = String::from_utf8(output.unwrap().stdout).unwrap();
    let expected = format!("$ cd {folder}\n{command}\n{printed}");
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        let text = readme.replacen(shown, &expected, 1);
        fs::write(root().join("README.md"), text).unwrap();
        return;
    }
    assert!(
        shown == expected,
        "the README shows\n{shown}\nnot\n{expected}"
    );
}

#[test]
fn the_rules_shown_load_and_pass_their_own_tests() {
    let folder = tempfile::tempdir().unwrap();
    let readme = readme();
    let mut causes = Vec::new();
    for block in blocks(&readme, "toml") {
        let head = block.lines().next().unwrap();
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
