//! What browsers export: a net-export of Chromium, whole, cut and with its secrets in it.

use super::material::root;
use super::program::{FORMATS, run_in};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn export(name: &str) -> String {
    fs::read_to_string(root().join("fixtures/exports").join(name)).unwrap()
}

/// The JSON report on one file.
fn report_on(text: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("net-export.json"), text).unwrap();
    serde_json::from_str(&printed(folder.path(), "json")).unwrap()
}

fn printed(folder: &Path, format: &str) -> String {
    let output = run_in(folder)
        .args(["--format", format, "net-export.json"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_port_where_nothing_listens_is_named_by_the_networks_own_error() {
    let report = report_on(&export("net-export-refused.json"));
    let incident = &report["incidents"][0];
    assert_eq!(incident["attempts"]["failed"], 2, "{report}");
    assert_eq!(incident["diagnoses"][0]["cause"], "server-not-running");
    let evidence = incident["diagnoses"][0]["evidence"][0]["text"].as_str();
    assert!(evidence.unwrap().contains("net::ERR_CONNECTION_REFUSED"));
}

#[test]
fn a_healthy_connection_is_no_incident() {
    let report = report_on(&export("net-export-healthy.json"));
    assert_eq!(report["outcome"], "healthy", "{report}");
}

#[test]
fn the_status_that_scripts_do_not_see_is_read() {
    let report = report_on(&export("net-export-forbidden.json"));
    assert_eq!(report["incidents"][0]["pattern"], "server-only", "{report}");
    assert_eq!(report["incidents"][0]["attempts"]["total"], 2);
}

#[test]
fn an_export_that_was_cut_anywhere_is_read_as_far_as_it_goes() {
    let text = export("net-export-forbidden.json");
    let first_failure = text.find("Unexpected response code: 403").unwrap();
    let line_end = first_failure + text[first_failure..].find('\n').unwrap();
    for end in [line_end, line_end - 1, line_end + 40] {
        let report = report_on(&text[..end]);
        let attempts = &report["incidents"][0]["attempts"]["total"];
        // Without the brace that closes it, the event is not there yet.
        let known = u64::from(end != line_end - 1);
        assert_eq!(attempts.as_u64().unwrap_or(0), 1, "{end} {known} {report}");
    }
}

#[test]
fn secrets_that_an_export_includes_are_in_no_report() {
    let text = export("net-export-forbidden.json");
    let secrets = [
        "wr0ngs3ss10n1dwr0ngs3ss10n1dabcd",
        "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTUyMzIyNzl9.c2lnbmF0dXJl",
    ];
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("net-export.json"), &text).unwrap();
    for secret in secrets {
        assert!(text.contains(secret));
        for format in FORMATS {
            assert!(!printed(folder.path(), format).contains(secret), "{format}");
        }
    }
}
