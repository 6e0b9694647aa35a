//! What the program makes of recorded and quoted cases, held against their labels.
//!
//! Not every case can come out right. How many do is kept in `accuracy.toml`, and may only rise.

use super::material::{Material, RULES, cases, root};
use rayon::prelude::*;
use regex::Regex;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::sync::LazyLock;
use wswhy::attempt::Pattern;
use wswhy::diagnosis::{Diagnosis, Outcome};
use wswhy::report::{Format, Options, render};
use wswhy::score::{Answer, Case};

const FORMATS: [Format; 3] = [Format::Terminal, Format::Markdown, Format::Json];

/// What `accuracy.toml` says of one collection.
#[derive(Debug, Deserialize, PartialEq, Eq, Default)]
#[serde(deny_unknown_fields)]
struct Right {
    /// Cases whose first cause is the one that was put in, or one that may rightly come first;
    /// for cases without a cause, those whose outcome is right.
    causes: usize,
    /// Cases whose first incident shows the pattern of the label.
    patterns: usize,
}

/// What the program says of something with such confidence that nobody looks further.
const NEARLY_CERTAIN: f64 = 0.9;

/// Whether the report says "most likely", and means it.
pub(crate) fn is_nearly_certain(answer: &Answer) -> bool {
    let first = answer.first();
    first.is_some_and(|ranked| ranked.confidence >= NEARLY_CERTAIN)
}

/// Every case of both collections with what the program says.
static ALL: LazyLock<Vec<(Case, Diagnosis)>> = LazyLock::new(|| {
    let mut all = cases("recordings");
    all.extend(cases("quoted"));
    all.into_par_iter()
        .map(|case| {
            let diagnosis = case.diagnosis();
            (case, diagnosis)
        })
        .collect()
});

/// One line for each case that did not come out as labelled.
fn table(misses: &[(&Case, Answer)]) -> String {
    let mut table = String::new();
    for (case, answer) in misses {
        let _ = writeln!(
            table,
            "{:54} {:22} {:32} came to {:22} {} {:.2}",
            case.name,
            case.label.pattern,
            case.label.cause.as_deref().unwrap_or("-"),
            answer.pattern,
            answer.first().map_or("-", |ranked| ranked.cause.as_str()),
            answer.first().map_or(0.0, |ranked| ranked.confidence),
        );
    }
    table
}

fn count(collection: &str) -> (Right, String) {
    let mut right = Right::default();
    let mut misses = Vec::new();
    let is_member = |case: &Case| case.name.starts_with(&format!("{collection}/"));
    let members = ALL.iter().filter(|(case, _)| is_member(case));
    for (case, diagnosis) in members.clone() {
        let answer = Answer::of(diagnosis);
        let (cause, pattern) = (answer.is_right(case), answer.has_right_pattern(case));
        right.causes += usize::from(cause);
        right.patterns += usize::from(pattern);
        if !cause || !pattern {
            misses.push((case, answer));
        }
    }
    let head = format!(
        "{collection}: of {} cases {} causes and {} patterns are right\n",
        members.count(),
        right.causes,
        right.patterns
    );
    (right, head + &table(&misses))
}

#[test]
fn as_many_cases_come_out_right_as_ever_before() {
    let text = fs::read_to_string(root().join("tests/it/accuracy.toml")).unwrap();
    let floor: BTreeMap<String, Right> = toml::from_str(&text).unwrap();
    let mut worse = String::new();
    for (collection, least) in &floor {
        let (right, table) = count(collection);
        eprintln!("{table}");
        if right.causes < least.causes || right.patterns < least.patterns {
            let _ = writeln!(worse, "{collection}: {right:?}, once {least:?}");
        }
    }
    assert!(worse.is_empty(), "fewer cases come out right:\n{worse}");
}

#[test]
fn nothing_healthy_is_called_failing() {
    let wrong: Vec<String> = ALL
        .iter()
        .filter(|(case, _)| case.label.pattern == Pattern::Healthy)
        .filter(|(_, diagnosis)| diagnosis.outcome == Outcome::Failing)
        .map(|(case, _)| case.name.clone())
        .collect();
    assert!(wrong.is_empty(), "healthy cases called failing: {wrong:#?}");
}

#[test]
fn a_route_that_works_stays_healthy_beside_one_that_fails() {
    for name in [
        "recordings/chat-works-dashboard-fails",
        "recordings/route-not-found-beside-healthy-chat",
    ] {
        let (_, diagnosis) = ALL.iter().find(|(case, _)| case.name == name).unwrap();
        let failing: Vec<&str> = diagnosis
            .incidents
            .iter()
            .filter_map(|incident| incident.route.as_deref())
            .collect();
        assert!(
            matches!(failing.as_slice(), [only] if only.starts_with("/ws/dashboard")),
            "{name}: {failing:?}"
        );
        let works = diagnosis.healthy_routes.first();
        let works = works.map(|route| route.route.as_str()).unwrap_or_default();
        assert!(works.starts_with("/ws/chat/"), "{name}: {works}");
        assert_eq!(diagnosis.healthy_routes.len(), 1, "{name}");
    }
}

#[test]
fn what_is_called_nearly_certain_is_right() {
    let sure: Vec<(&Case, Answer)> = ALL
        .iter()
        .map(|(case, diagnosis)| (case, Answer::of(diagnosis)))
        .filter(|(_, answer)| is_nearly_certain(answer))
        .collect();
    let total = sure.len();
    let is_wrong = |(case, answer): &(&Case, Answer)| !answer.has_right_cause(case);
    let wrong: Vec<(&Case, Answer)> = sure.into_iter().filter(is_wrong).collect();
    assert!(
        wrong.len() * 20 <= total,
        "of {total} confident causes are wrong:\n{}",
        table(&wrong)
    );
}

#[test]
fn every_label_uses_the_public_names() {
    for (case, _) in ALL.iter() {
        for cause in case.right_causes() {
            assert!(RULES.cause(cause).is_some(), "{}: `{cause}`", case.name);
        }
    }
}

#[test]
fn every_line_of_every_case_is_counted_once() {
    for (case, diagnosis) in ALL.iter() {
        for (path, text) in case.paths().iter().zip(case.texts()) {
            let name = path.display().to_string();
            let input = diagnosis.inputs.iter().find(|input| input.file == name);
            let lines = input.map(|input| input.lines);
            // A HAR is one document, whatever its lines.
            if path.extension().is_some_and(|extension| extension == "log") {
                let expected = u64::try_from(text.lines().count()).unwrap();
                assert_eq!(lines, Some(expected), "{name}");
            }
        }
    }
}

/// The users of the recorded applications who have names that mean nothing else.
const USERS: &str = r"\b(maria|olaf|noor|ines|yusuf|nurse\.akin|reception\.li|trader4[12])\b";

/// Everything in the logs of a case that no report may show.
fn secrets(case: &Case) -> BTreeSet<String> {
    let input = case.texts().concat();
    [
        // A JSON Web Token, cut ones too.
        r"eyJ[\w-]{8,}(?:\.[\w-]+)*",
        // An e-mail address.
        r"[\w.+-]+@[\w-]+\.(?:com|org|net|example|test|invalid)\b",
        // A query's token and a session's cookie.
        r"(?:token|sessionid|csrftoken)=([\w.-]{12,})",
        USERS,
    ]
    .iter()
    .flat_map(|pattern| {
        let regex = Regex::new(pattern).unwrap();
        let found = regex.captures_iter(&input);
        found
            .map(|found| found.get(1).or(found.get(0)).unwrap().as_str().to_owned())
            .collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn no_report_shows_what_is_private() {
    let leaks: Vec<String> = ALL
        .par_iter()
        .flat_map_iter(|(case, diagnosis)| {
            let secrets = secrets(case);
            FORMATS.into_iter().flat_map(move |format| {
                let options = Options {
                    verbose: true,
                    ..Options::default()
                };
                let report = render(diagnosis, format, &options);
                let shown = secrets.clone().into_iter();
                shown
                    .filter(move |secret| report.contains(secret))
                    .map(move |secret| format!("{} as {format:?} shows {secret}", case.name))
            })
        })
        .collect();
    let seen: usize = ALL.iter().map(|(case, _)| secrets(case).len()).sum();
    assert!(seen > 100, "the cases hold secrets: {seen}");
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn every_json_report_is_one_whole_document() {
    for (case, diagnosis) in ALL.iter() {
        let report = render(diagnosis, Format::Json, &Options::default());
        let document: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!(document["schema_version"], 1, "{}", case.name);
    }
}
