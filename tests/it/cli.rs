//! The command line: exit status, formats, colour, `explain`, `rules`. What can be read stands in
//! `inputs`, what reports look like in `reports`.

use super::material::recording;
use super::program::{FORMATS, run, run_in};
use predicates::prelude::*;
use predicates::str::{contains, is_empty, starts_with};
use std::fs;
use std::process::{Command as Process, Stdio};
use unicode_width::UnicodeWidthStr;

const FAILING: &str = "fixtures/recordings/redis-down";
const HEALTHY: &str = "fixtures/recordings/healthy-dispatcher";

#[test]
fn the_exit_status_tells_failing_from_healthy_from_unclear() {
    run().arg(FAILING).assert().code(1).stderr(is_empty());
    run().arg(HEALTHY).assert().code(0).stderr(is_empty());
    run().write_stdin("a line of no meaning\n").assert().code(3);
    run().write_stdin("").assert().code(3).stderr(is_empty());
}

#[test]
fn exit_zero_silences_every_result_but_no_error() {
    run().args(["--exit-zero", FAILING]).assert().code(0);
    run().arg("--exit-zero").write_stdin("").assert().code(0);
    run().args(["--exit-zero", "no/such.log"]).assert().code(2);
}

#[test]
fn wrong_usage_is_said_on_standard_error() {
    for arguments in [["--bogus", FAILING], ["--width", "0"], ["--format", "pdf"]] {
        let refused = run().args(arguments).assert().code(2);
        refused.stdout(is_empty()).stderr(contains("--help"));
    }
}

#[test]
fn help_goes_to_standard_output_and_shows_examples() {
    let help = run().arg("--help").assert().code(0).stderr(is_empty());
    help.stdout(contains("Examples:").and(contains("| wswhy")))
        .stdout(contains("Exit status:"));
    run()
        .arg("--version")
        .assert()
        .stdout(starts_with("wswhy "));
}

#[test]
fn json_is_one_whole_document_whatever_the_outcome() {
    for (folder, outcome) in [
        (FAILING, "failing"),
        (HEALTHY, "healthy"),
        (
            "fixtures/recordings/insufficient-only-readystate",
            "insufficient-evidence",
        ),
    ] {
        let output = run().args(["--format", "json", folder]).output().unwrap();
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["outcome"], outcome, "{folder}");
        for list in [
            "incidents",
            "healthy_routes",
            "checklist",
            "collect",
            "inputs",
            "warnings",
        ] {
            assert!(document[list].is_array(), "{folder}: {list}");
        }
        assert!(output.stdout.ends_with(b"\n"));
    }
}

#[test]
fn json_leads_with_the_cause_and_the_line_that_proves_it() {
    let folder = recording("redis-down").folder;
    let command = ["--format", "json", "server.log"];
    let output = run_in(&folder).args(command).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &document["incidents"][0]["diagnoses"][0];
    assert_eq!(first["cause"], "channel-layer-unreachable");
    assert_eq!(first["rank"], 1);
    assert!(first["confidence"].as_f64().unwrap() > 0.8);
    let evidence = &first["evidence"][0];
    assert_eq!(evidence["file"], "server.log");
    let number = usize::try_from(evidence["line"].as_u64().unwrap()).unwrap();
    let log = fs::read_to_string(folder.join("server.log")).unwrap();
    let line = log.lines().nth(number - 1).unwrap();
    assert!(line.contains("6379"), "line {number} is {line:?}");
}

#[test]
fn a_pipe_gets_no_colour_unless_it_is_asked_for() {
    let escape = "\u{1b}[";
    for format in FORMATS {
        let plain = run().args(["--format", format, FAILING]).assert();
        plain.stdout(contains(escape).not());
    }
    let coloured = run().args(["--color", "always", FAILING]).assert();
    coloured.stdout(contains(escape));
}

/// Every command of a report, wherever it stands.
fn collect_commands(value: &serde_json::Value, commands: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            let own = fields.get("command").and_then(|command| command.as_str());
            commands.extend(own.map(str::to_owned));
            for inner in fields.values() {
                collect_commands(inner, commands);
            }
        }
        serde_json::Value::Array(items) => {
            for inner in items {
                collect_commands(inner, commands);
            }
        }
        _ => {}
    }
}

#[test]
fn no_line_is_wider_than_asked() {
    // Its log holds emoji, its paths and commands are longer than the narrow widths.
    let folder = "fixtures/recordings/token-missing-emoji";
    let json = run().args(["--format", "json", folder]).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let mut commands = Vec::new();
    collect_commands(&document, &mut commands);
    for width in [20, 33, 80, 120] {
        let width_text = width.to_string();
        let arguments = ["--verbose", "--width", &width_text, folder];
        let output = run().args(arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.is_empty());
        for line in text.lines() {
            // A word of a command stays whole, or it could not be pasted.
            let shown = line.trim().trim_end_matches(" \\");
            let of_command = commands.iter().any(|command| command.contains(shown));
            assert!(of_command || line.width() <= width, "{width}: {line:?}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for arguments in [&["--format", "json", FAILING][..], &["rules", "list"]] {
        let mut child = Process::new(assert_cmd::cargo::cargo_bin!("wswhy"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn explain_says_what_a_cause_is() {
    let text = run().args(["explain", "origin-rejected"]).assert().code(0);
    text.stdout(contains("(origin-rejected)").and(contains("AllowedHostsOriginValidator")));
}

#[test]
fn explain_names_the_nearest_cause_for_a_slip() {
    let near = run().args(["explain", "token-expierd"]).assert().code(2);
    near.stdout(is_empty()).stderr(contains("`token-expired`?"));
    let far = run().args(["explain", "zebra"]).assert().code(2);
    far.stderr(contains("wswhy rules list"));
}

#[test]
fn explain_says_why_a_cause_was_or_was_not_named_for_logs() {
    let named = run()
        .args(["explain", "channel-layer-unreachable", FAILING])
        .assert();
    named.code(0).stdout(contains("Named, rank 1"));
    let other = run().args(["explain", "token-expired", FAILING]).assert();
    other.code(0).stdout(contains("Not named"));
}

/// Lines as `grep` prints them, each behind the name of its file.
fn searched(file: &str) -> String {
    format!(
        "{file}:1:127.0.0.1:1 - - [21/Nov/2026:03:30:33] \"WSCONNECTING /a/\" - -\n\
         {file}:2:2026-11-21 03:30:33,873 ERROR acme.middleware: [JWT Middleware] Signature has expired\n\
         {file}:3:127.0.0.1:1 - - [21/Nov/2026:03:30:33] \"WSREJECT /a/\" - -\n\
         {file}:4:127.0.0.1:1 - - [21/Nov/2026:03:30:33] \"WSDISCONNECT /a/\" - -\n"
    )
}

#[test]
fn explain_shows_names_of_files_as_it_shows_their_lines() {
    let lines = searched("/home/mlopez77/\u{202e}\u{9d}\u{8}a.log");
    let shown = run()
        .args(["explain", "token-expired", "-"])
        .write_stdin(lines)
        .output()
        .unwrap();
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.contains("a.log:2"), "{text}");
    for hidden in ["mlopez77", "\u{202e}", "\u{9d}", "\u{8}"] {
        assert!(!text.contains(hidden), "{hidden:?} in {text}");
    }
}

#[test]
fn warnings_on_standard_error_hide_what_the_report_hides() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder
        .path()
        .join("token=hunter2xyz maria.lopez@example.com.log");
    fs::create_dir(&file).unwrap();
    let file = file.to_str().unwrap();
    let ok = folder.path().join("ok.log");
    fs::write(&ok, "nothing\n").unwrap();
    let ok = ok.to_str().unwrap();
    for command in [&[][..], &["explain", "token-expired"], &["learn"]] {
        let said = run().args(command).args([ok, file]).output().unwrap();
        let said = String::from_utf8(said.stderr).unwrap();
        assert!(said.contains("<email-1>"), "{said}");
        assert!(
            !said.contains("hunter2xyz") && !said.contains("lopez"),
            "{said}"
        );
    }
    let said = run().args(["--no-redact", ok, file]).output().unwrap();
    assert!(
        String::from_utf8(said.stderr)
            .unwrap()
            .contains("maria.lopez@example.com")
    );
}

#[test]
fn rules_list_names_every_cause_once() {
    let output = run().args(["rules", "list"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for cause in &super::material::RULES.causes {
        let rows = text
            .lines()
            .filter(|line| line.split_whitespace().next() == Some(&cause.id));
        assert_eq!(rows.count(), 1, "{}", cause.id);
    }
}

#[test]
fn rules_check_passes_a_folder_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let causes = folder.path().join("causes");
    fs::create_dir(&causes).unwrap();
    fs::copy(
        "rules/causes/token-missing.toml",
        causes.join("token-missing.toml"),
    )
    .unwrap();
    let checked = run().args(["rules", "check"]).arg(folder.path()).assert();
    checked.code(0).stdout(contains("no problems"));
}

#[test]
fn rules_check_finds_nothing_wrong_with_our_own() {
    let checked = run().args(["rules", "check", "rules"]).assert();
    checked.code(0).stdout(contains("no problems"));
}

#[test]
fn a_malformed_rule_is_shown_with_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("causes")).unwrap();
    fs::write(
        folder.path().join("causes/odd.toml"),
        "id = \"odd\"\ntitle = 3\n",
    )
    .unwrap();
    for arguments in [["rules", "check", "."], ["--rules", ".", "odd.log"]] {
        let refused = run_in(folder.path()).args(arguments).assert().code(2);
        refused
            .stdout(is_empty())
            .stderr(contains("odd.toml:2:9: ").and(contains("title = 3\n")));
    }
}

#[test]
fn a_mistyped_name_in_a_rule_is_answered_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("causes")).unwrap();
    let text = fs::read_to_string("rules/causes/token-missing.toml").unwrap();
    let text = text.replacen("any = [\"token-missing\"]", "any = [\"token-mising\"]", 1);
    fs::write(folder.path().join("causes/token-missing.toml"), text).unwrap();
    let checked = run().args(["rules", "check"]).arg(folder.path()).assert();
    checked
        .code(1)
        .stdout(contains("token-mising").and(contains("did you mean `token-missing`?")));
}

#[test]
fn rules_that_are_not_there_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let empty = run().args(["rules", "check"]).arg(folder.path()).assert();
    empty.code(2).stderr(contains("causes/*.toml"));
    let missing = run().args(["--rules", "no/such/folder", FAILING]).assert();
    missing.code(2).stderr(contains("no/such/folder"));
}
