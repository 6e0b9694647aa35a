//! Logs of clients that connect at the same time: what is said of each route is what is said of it alone.

use super::material::{RULES, recording};
use chrono::{Duration, NaiveTime};
use rayon::prelude::*;
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::input::from_text;

/// Recordings of one server's log whose lines have stamps, with routes of their own.
const ALONE: [&str; 8] = [
    "token-invalid-signature",
    "user-inactive",
    "route-not-found-json",
    "redis-down",
    "token-expired-terse",
    "token-invalid-structlog",
    "token-missing-structlog",
    "healthy-structlog",
];

static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d{4}-\d\d-\d\d[T ]|\d\d/\w{3}/\d{4}[: ])(\d\d:\d\d:\d\d)([.,]\d{3})?").unwrap()
});

/// A stamped line with those that follow it without a stamp, and its time.
type Block = (NaiveTime, String);

/// The blocks of a log, its first stamp moved to `start`.
fn blocks(case: &str, start: NaiveTime) -> Vec<Block> {
    let text = fs::read_to_string(recording(case).folder.join("server.log")).unwrap();
    let first = STAMP.captures(&text).expect("a stamp");
    let by = start - first[2].parse::<NaiveTime>().unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut latest = start;
    for line in text.lines() {
        let moved = STAMP.replace_all(line, |found: &Captures<'_>| {
            let time = found[2].parse::<NaiveTime>().unwrap() + by;
            let fraction = found.get(3).map_or("", |fraction| fraction.as_str());
            format!("{}{}{fraction}", &found[1], time.format("%H:%M:%S"))
        });
        if let Some(found) = STAMP.captures(&moved) {
            let fraction = found
                .get(3)
                .map_or(0, |digits| digits.as_str()[1..].parse().unwrap());
            let time = found[2].parse::<NaiveTime>().unwrap() + Duration::milliseconds(fraction);
            latest = latest.max(time);
            blocks.push((latest, format!("{moved}\n")));
        } else if let Some((_, block)) = blocks.last_mut() {
            block.push_str(&moved);
            block.push('\n');
        } else {
            blocks.push((start, format!("{moved}\n")));
        }
    }
    blocks
}

fn diagnosed(mut blocks: Vec<Block>) -> Diagnosis {
    blocks.sort_by_key(|(time, _)| *time);
    let text: String = blocks.into_iter().map(|(_, block)| block).collect();
    diagnose(&from_text("server.log", &text), &RULES, &[])
}

/// For each route: the pattern and the first cause, or that it is healthy.
fn told(diagnosis: &Diagnosis) -> BTreeMap<String, (String, String)> {
    let failing = diagnosis.incidents.iter().rev().map(|incident| {
        let cause = incident.causes.first().map(|cause| cause.id.clone());
        let route = incident.route.clone().unwrap_or_default();
        (route, (incident.pattern.clone(), cause.unwrap_or_default()))
    });
    let healthy = diagnosis.healthy_routes.iter();
    let healthy = healthy.map(|one| (one.route.clone(), ("healthy".to_owned(), String::new())));
    healthy.chain(failing).collect()
}

/// Milliseconds by which the second log begins later.
const LATER_MS: [i64; 3] = [0, 1_000, 3_000];

/// Where two logs, interleaved by time, are told otherwise than alone; `None` where they are not, or
/// share a route.
fn differs(one: &str, other: &str, later_ms: i64) -> Option<String> {
    let start = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    let first = blocks(one, start);
    let second = blocks(other, start + Duration::milliseconds(later_ms));
    let mut alone = told(&diagnosed(first.clone()));
    let of_other = told(&diagnosed(second.clone()));
    if of_other.keys().any(|route| alone.contains_key(route)) {
        return None;
    }
    alone.extend(of_other);
    let together = told(&diagnosed(first.into_iter().chain(second).collect()));
    (alone != together)
        .then(|| format!("{one} and {other}, {later_ms} ms later: {together:?}, alone {alone:?}"))
}

#[test]
fn each_route_is_told_as_if_it_were_alone() {
    let pairs = ALONE
        .iter()
        .flat_map(|one| ALONE.iter().map(move |other| (*one, *other)))
        .filter(|(one, other)| one != other);
    let pairs: Vec<(&str, &str, i64)> = pairs
        .flat_map(|(one, other)| LATER_MS.map(|later| (one, other, later)))
        .collect();
    let wrong: Vec<String> = pairs
        .par_iter()
        .filter_map(|(one, other, later)| differs(one, other, *later))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
