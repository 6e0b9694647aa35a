//! The whole way: bytes to reports in all formats.
//!
//! A record separator (0x1e) with a name behind it begins another file, so that one input can be the
//! logs of both sides.

use super::{escaping, markdown};
use serde_json::Value;
use wswhy::diagnosis::{Diagnosis, diagnose, explain};
use wswhy::input::{Reading, Source, read_stream};
use wswhy::report::{Format, Options, explain_for_logs, render};
use wswhy::rules::RuleSet;

pub(super) fn hold(rules: &RuleSet, bytes: &[u8]) {
    let reading = read(rules, bytes);
    let once = report(rules, &reading.sources, &reading.warnings);
    let again = read(rules, bytes);
    assert_eq!(reading, again, "read twice");
    let twice = report(rules, &again.sources, &again.warnings);
    assert_eq!(once, twice, "reported twice");
}

/// Reads the files of an input.
fn read(rules: &RuleSet, bytes: &[u8]) -> Reading {
    let mut whole = Reading::default();
    let parts = bytes.split(|byte| *byte == 0x1e).enumerate();
    for (index, part) in parts {
        let (name, part) = match (index, part.iter().position(|byte| *byte == b'\n')) {
            (1.., Some(end)) => part.split_at(end + 1),
            _ => (&b"server.log"[..], part),
        };
        let name = String::from_utf8_lossy(name);
        match read_stream(name.trim(), part, &rules.marks) {
            Ok(reading) => {
                whole.sources.extend(reading.sources);
                whole.warnings.extend(reading.warnings);
            }
            Err(error) => whole.warnings.push(error.to_string()),
        }
    }
    whole
}

/// The reports in all formats, each held to what its format promises.
pub(super) fn report(rules: &RuleSet, sources: &[Source], warnings: &[String]) -> Vec<String> {
    let diagnosis = diagnose(sources, rules, warnings);
    numbers_are_sane(&diagnosis);
    citations_exist(&diagnosis, sources);
    let mut written = reports(&diagnosis, true);
    for open in reports(&diagnosis, false) {
        assert!(open.ends_with('\n'));
    }
    let incident = diagnosis.incidents.first();
    let first = incident.and_then(|incident| incident.causes.first());
    if let Some(cause) = first.and_then(|first| rules.cause(&first.id)) {
        let explained = explain_for_logs(cause, &explain(sources, rules, cause), 80, true);
        escaping::nothing_steers(&explained);
        written.push(explained);
    }
    written
}

/// A narrow and a wide terminal, Markdown and JSON.
pub(super) fn reports(diagnosis: &Diagnosis, redact: bool) -> Vec<String> {
    let shown = |format, width, verbose| {
        let options = Options {
            width,
            verbose,
            colour: false,
            redact,
        };
        render(diagnosis, format, &options)
    };
    let narrow = shown(Format::Terminal, 1, false);
    let wide = shown(Format::Terminal, 300, true);
    let markdown = shown(Format::Markdown, 80, false);
    let json = shown(Format::Json, 80, false);
    for text in [&narrow, &wide, &markdown, &json] {
        escaping::nothing_steers(text);
    }
    markdown::holds_its_shape(&markdown);
    json_is_whole(&json, diagnosis);
    vec![narrow, wide, markdown, json]
}

fn json_is_whole(text: &str, diagnosis: &Diagnosis) {
    let document: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(document["schema_version"], 1);
    let incidents = document["incidents"].as_array().expect("a list");
    assert_eq!(incidents.len(), diagnosis.incidents.len());
}

fn numbers_are_sane(diagnosis: &Diagnosis) {
    for incident in &diagnosis.incidents {
        assert!(incident.attempts_failed <= incident.attempts_total);
        assert!((0.0..=1.0).contains(&incident.none_of_these));
        for cause in &incident.causes {
            assert!((0.0..=1.0).contains(&cause.confidence), "{cause:?}");
        }
    }
    for input in &diagnosis.inputs {
        assert!(input.unrecognised <= input.lines, "{input:?}");
    }
}

/// Evidence is a line that was read.
fn citations_exist(diagnosis: &Diagnosis, sources: &[Source]) {
    let causes = diagnosis.incidents.iter().flat_map(|one| &one.causes);
    let items = causes.flat_map(|cause| &cause.evidence);
    for citation in items.filter_map(|item| item.citation.as_ref()) {
        let is_there = sources.iter().any(|source| {
            source.name == citation.file
                && source.lines.iter().any(|line| line.number == citation.line)
        });
        assert!(is_there, "{citation:?} was never read");
    }
}
