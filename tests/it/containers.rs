//! One file of several containers, as `docker compose logs` and `kubectl logs --prefix` print it: in
//! which time zones the containers write decides nothing.

use super::material::{Material, RULES, cases, recording};
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use rayon::prelude::*;
use regex::{Captures, Regex};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::sync::LazyLock;
use wswhy::diagnosis::{Diagnosis, Outcome, diagnose};
use wswhy::input::from_text;

/// What a container's clock is ahead of the others', in minutes.
const ZONES: [i64; 4] = [120, -300, 330, 345];

/// Recordings of one server, with a proxy's logs beside it or without.
const SERVERS: [&str; 6] = [
    "healthy-dashboard-chromium",
    "healthy-emoji-chromium",
    "redis-down",
    "token-invalid-signature",
    "user-inactive",
    "server-restarted-tagged-chromium",
];

/// Date, time and zone, where a line states them.
static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?<date> \d{4}[-/]\d\d[-/]\d\d | \d\d[/\ ](?:Nov|Dec)[/\ ]\d{4}) (?<gap>[T\ :])
          (?<time>\d\d:\d\d:\d\d) (?<fraction>[.,]\d{3})? (?<zone>\ \+0000|\+00:00)?",
    )
    .unwrap()
});

static TIME_OF_DAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^\d\d:\d\d:\d\d\b").unwrap());

fn form(date: &str) -> &'static str {
    match (date.as_bytes()[2], date.as_bytes()[4]) {
        (b'/', _) => "%d/%b/%Y",
        (b' ', _) => "%d %b %Y",
        (_, b'/') => "%Y/%m/%d",
        _ => "%Y-%m-%d",
    }
}

fn time(found: &Captures<'_>) -> NaiveDateTime {
    let date = NaiveDate::parse_from_str(&found["date"], form(&found["date"])).unwrap();
    let fraction = found.name("fraction");
    let ms = fraction.map_or(0, |digits| digits.as_str()[1..].parse().unwrap());
    date.and_time(found["time"].parse().unwrap()) + Duration::milliseconds(ms)
}

/// The text as it is written where clocks are so much ahead; zones that are stated are stated anew.
fn moved(text: &str, by: Duration) -> String {
    let moved = STAMP.replace_all(text, |found: &Captures<'_>| {
        let there = time(found) + by;
        let fraction = found.name("fraction").map_or("", |part| part.as_str());
        let (sign, minutes) = (
            if by < Duration::zero() { '-' } else { '+' },
            by.abs().num_minutes(),
        );
        let (hours, rest) = (minutes / 60, minutes % 60);
        let zone = match found.name("zone").map(|part| part.as_str()) {
            Some("+00:00") => format!("{sign}{hours:02}:{rest:02}"),
            Some(_) => format!(" {sign}{hours:02}{rest:02}"),
            None => String::new(),
        };
        let date = there.format(form(&found["date"]));
        let time = there.format("%H:%M:%S");
        format!("{date}{}{time}{fraction}{zone}", &found["gap"])
    });
    let moved = TIME_OF_DAY.replace_all(&moved, |found: &Captures<'_>| {
        let (there, _) = found[0]
            .parse::<NaiveTime>()
            .unwrap()
            .overflowing_add_signed(by);
        there.format("%H:%M:%S").to_string()
    });
    moved.into_owned()
}

/// A line with the time it was written at.
#[derive(Clone)]
struct Written {
    at: NaiveDateTime,
    line: String,
}

/// The lines of a log; one without stamp is as late as the one before.
fn written(text: &str) -> Vec<Written> {
    let mut at = time(&STAMP.captures(text).expect("a stamp"));
    text.lines()
        .map(|line| {
            at = STAMP
                .captures(line)
                .map_or(at, |found| at.max(time(&found)));
            let line = line.to_owned();
            Written { at, line }
        })
        .collect()
}

/// A container with what it wrote, and by how many minutes its clock is ahead.
struct Container {
    name: &'static str,
    lines: Vec<Written>,
    ahead: i64,
}

impl Container {
    fn new(name: &'static str, lines: Vec<Written>) -> Self {
        let ahead = 0;
        Self { name, lines, ahead }
    }
}

/// How a program prints the lines of several containers.
type Wrap = fn(&str, &Written) -> String;

const COMPOSE: Wrap = |name, written| format!("{name:7}  | {}", written.line);
const KUBECTL: Wrap = |name, written| format!("[pod/{name}-6d4f8/app] {}", written.line);
const WITH_STAMPS: Wrap = |name, written| {
    let at = written.at.format("%Y-%m-%dT%H:%M:%S%.9fZ");
    format!("{name:7}  | {at} {}", written.line)
};

/// What the program makes of all containers' lines in the order written.
fn together(containers: &[Container], wrap: Wrap) -> Diagnosis {
    let mut lines: Vec<(NaiveDateTime, String)> = Vec::new();
    for container in containers {
        for written in &container.lines {
            let line = moved(&written.line, Duration::minutes(container.ahead));
            let at = written.at;
            lines.push((at, wrap(container.name, &Written { at, line })));
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    let mut text = String::new();
    for (_, line) in lines {
        writeln!(text, "{line}").unwrap();
    }
    diagnose(&from_text("compose.log", &text), &RULES, &[])
}

/// All of a diagnosis that no clock decides.
fn told(diagnosis: &Diagnosis) -> String {
    let incidents = diagnosis.incidents.iter().map(|incident| {
        let causes = incident.causes.iter();
        let causes: Vec<_> = causes
            .map(|cause| format!("{} {:.4}", cause.id, cause.confidence))
            .collect();
        let stages = (incident.furthest, incident.missing);
        let counts = (incident.attempts_failed, incident.attempts_total);
        let (route, pattern) = (&incident.route, &incident.pattern);
        format!("{route:?} {pattern} {stages:?} {counts:?} {causes:?}")
    });
    let healthy = diagnosis.healthy_routes.iter();
    let healthy = healthy.map(|one| format!("{} {}", one.route, one.attempts));
    let mut all: Vec<String> = incidents.chain(healthy).collect();
    all.sort();
    format!("{:?} {all:#?}", diagnosis.outcome)
}

/// Where the zone of one container changes what is told.
fn differences(mut containers: Vec<Container>, wrap: Wrap) -> Vec<String> {
    let expected = told(&together(&containers, wrap));
    let mut wrong = Vec::new();
    for at in 0..containers.len() {
        for ahead in ZONES {
            containers[at].ahead = ahead;
            let found = told(&together(&containers, wrap));
            if found != expected {
                let name = containers[at].name;
                wrong.push(format!("{name} by {ahead}: {found}, else {expected}"));
            }
        }
        containers[at].ahead = 0;
    }
    wrong
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A server's log of a recording, from about ten o'clock on.
fn server(case: &str) -> Vec<Written> {
    let text = fs::read_to_string(recording(case).folder.join("server.log")).unwrap();
    let first = time(&STAMP.captures(&text).expect("a stamp"));
    let ten = first.date().and_hms_opt(10, 0, 0).unwrap();
    // Whole seconds, so that fractions stay as they are.
    written(&moved(
        &text,
        Duration::seconds((ten - first).num_seconds()),
    ))
}

#[test]
fn recorded_files_of_several_containers_are_told_alike_in_all_zones() {
    static PREFIX: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^([\w-]+-1) +\| ").unwrap());
    let texts = cases("recordings")
        .into_iter()
        .flat_map(|case| case.texts());
    let name = |line: &str| PREFIX.captures(line).map(|found| found[1].to_owned());
    let recorded: Vec<String> = texts
        .filter(|text| text.lines().next().and_then(name).is_some())
        .collect();
    assert!(recorded.len() > 10);
    let wrong: Vec<String> = recorded
        .par_iter()
        .flat_map_iter(|text| {
            let said = |text: &str| told(&diagnose(&from_text("compose.log", text), &RULES, &[]));
            let expected = said(text);
            let names: BTreeSet<String> = text.lines().filter_map(name).collect();
            let mut wrong = Vec::new();
            for (moving, ahead) in names.iter().flat_map(|one| ZONES.map(|zone| (one, zone))) {
                let lines = text.lines().map(|line| {
                    let by = if name(line).as_ref() == Some(moving) {
                        ahead
                    } else {
                        0
                    };
                    moved(line, Duration::minutes(by)) + "\n"
                });
                let found = said(&lines.collect::<String>());
                if found != expected {
                    wrong.push(format!("{moving} by {ahead}: {found}, else {expected}"));
                }
            }
            wrong
        })
        .collect();
    none(&wrong);
}

#[test]
fn two_servers_side_by_side_are_told_alike_in_all_zones() {
    let pairs = SERVERS
        .iter()
        .enumerate()
        .flat_map(|(at, one)| SERVERS[at + 1..].iter().map(move |other| (*one, *other)));
    let pairs: Vec<(&str, &str, Wrap)> = pairs
        .zip([COMPOSE, KUBECTL, WITH_STAMPS].into_iter().cycle())
        .map(|((one, other), wrap)| (one, other, wrap))
        .collect();
    let wrong: Vec<String> = pairs
        .par_iter()
        .flat_map_iter(|(one, other, wrap)| {
            let containers = vec![
                Container::new("web-1", server(one)),
                Container::new("app-1", server(other)),
            ];
            let wrong = differences(containers, *wrap).into_iter();
            wrong.map(move |text| format!("{one} and {other}: {text}"))
        })
        .collect();
    none(&wrong);
}

#[test]
fn a_proxys_container_may_be_in_another_zone_than_the_servers() {
    for case in [
        "nginx-idle-timeout",
        "nginx-bad-gateway-chromium",
        "healthy-nginx-499-chromium",
        "nginx-origin-rejected-chromium",
    ] {
        let folder = recording(case).folder;
        let mut proxy = String::new();
        for name in ["nginx-error.log", "nginx-access.log"] {
            proxy += &fs::read_to_string(folder.join(name)).unwrap_or_default();
        }
        let mut lines: Vec<Written> = proxy.lines().flat_map(written).collect();
        lines.sort_by_key(|written| written.at);
        let server = written(&fs::read_to_string(folder.join("server.log")).unwrap());
        let containers = vec![
            Container::new("web-1", server),
            Container::new("nginx-1", lines),
        ];
        none(&differences(containers, COMPOSE));
    }
}

#[test]
fn what_is_said_of_zones_names_the_container() {
    let mut containers = [
        Container::new("web-1", server("healthy-dashboard-chromium")),
        Container::new("app-1", server("healthy-emoji-chromium")),
    ];
    let said = |containers: &[Container]| {
        let diagnosis = together(containers, COMPOSE);
        assert_eq!(diagnosis.outcome, Outcome::Healthy);
        diagnosis.warnings.join("\n")
    };
    assert!(!said(&containers).contains("time zone"));
    containers[1].ahead = 330;
    let warning = said(&containers);
    assert!(warning.contains("app-1 5 h 30 min ahead"), "{warning}");
}

/// The lines of one container behind those of the other, as a finished stack's log may be printed.
#[test]
fn a_file_that_shows_one_container_after_another_proves_no_zone() {
    for (one, other) in [(0, 37), (0, 60), (180, 0)] {
        let text: String = [("web-1", one), ("app-1", other)]
            .into_iter()
            .flat_map(|(name, minutes)| {
                let lines = server("healthy-emoji-chromium").into_iter();
                lines.map(move |mut written| {
                    written.line = moved(&written.line, Duration::minutes(minutes));
                    COMPOSE(name, &written) + "\n"
                })
            })
            .collect();
        let diagnosis = diagnose(&from_text("compose.log", &text), &RULES, &[]);
        assert_eq!(diagnosis.outcome, Outcome::Healthy);
        assert_eq!(diagnosis.healthy_routes[0].attempts, 2);
        let warnings = diagnosis.warnings.join("\n");
        assert!(!warnings.contains("time zone"), "{warnings}");
    }
}

/// Docker's stamps state what a shifted server's do not: when a line was written.
#[test]
fn a_wrappers_stamps_are_taken_for_all_that_bear_them() {
    let log = "web-1  | 2026-11-21T10:00:18.619000000Z 127.0.0.1:44514 - - [21/Nov/2026:10:00:18] \"WSCONNECTING /live/ticker/\" - -\n\
               web-1  | 2026-11-21T10:00:18.620000000Z 10:00:18.620 acme.live.gate D knock at /live/ticker/\n\
               web-1  | 2026-11-21T10:00:18.710000000Z 10:00:18.710 acme.live.gate D let in 41\n\
               web-1  | 2026-11-21T10:00:18.712000000Z 127.0.0.1:44514 - - [21/Nov/2026:10:00:18] \"WSCONNECT /live/ticker/\" - -\n\
               web-1  | 2026-11-21T10:00:18.713000000Z 10:00:18.713 acme.live.sockets I ticker: peer joined\n\
               web-1  | 2026-11-21T10:00:22.586000000Z 127.0.0.1:44514 - - [21/Nov/2026:10:00:22] \"WSDISCONNECT /live/ticker/\" - -\n\
               web-1  | 2026-11-21T10:00:22.587000000Z 10:00:22.587 acme.live.sockets I ticker: peer left (1001)\n";
    for log in [log.to_owned(), format!("{log}web-1 exited with code 0\n")] {
        let diagnosis = diagnose(&from_text("compose.log", &log), &RULES, &[]);
        assert_eq!(diagnosis.outcome, Outcome::Healthy, "{log}");
        assert_eq!(diagnosis.healthy_routes[0].attempts, 1);
    }
}
