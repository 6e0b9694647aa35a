//! Clocks that do not agree: the estimate of how far a browser's is off, and that the diagnosis does not
//! depend on it.

use super::material::{RULES, recording};
use chrono::{DateTime, Duration, NaiveTime};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use regex::{Captures, Regex};
use std::fs;
use std::sync::LazyLock;
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::input::from_text;
use wswhy::report::{Format, Options, render};
use wswhy::timeline::Offset;

/// Recordings with stamps on both sides: the server's file and the browser's.
const STAMPED: [(&str, &str); 5] = [
    ("clock-ahead-chromium", "console.log"),
    ("clocks-apart-chromium", "console.log"),
    ("handshake-timeout-quiet-chromium", "console.log"),
    ("har-token-expired-chromium", "network.har"),
    ("nginx-no-upgrade-chromium", "network.har"),
];

fn text(case: &str, file: &str) -> String {
    fs::read_to_string(recording(case).folder.join(file)).unwrap()
}

/// What is said of a recording whose browser's clock is put forward.
fn diagnosed(case: &str, file: &str, ahead_ms: i64) -> Diagnosis {
    let mut sources = from_text("server.log", &text(case, "server.log"));
    sources.extend(from_text(file, &put_forward(&text(case, file), ahead_ms)));
    diagnose(&sources, &RULES, &[])
}

fn offset(diagnosis: &Diagnosis) -> Offset {
    diagnosis.clocks[0].offset.expect("both saw the attempts")
}

/// The text with the stamps of a browser's file shifted: a console's times of day, a HAR's dates.
fn put_forward(text: &str, ahead_ms: i64) -> String {
    static TIME_OF_DAY: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^\d\d:\d\d:\d\d\.\d{3}").unwrap());
    static DATED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z").unwrap());
    static EPOCH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"("time": *)(\d{10}\.\d+)"#).unwrap());
    let ahead = Duration::milliseconds(ahead_ms);
    let text = TIME_OF_DAY.replace_all(text, |found: &Captures<'_>| {
        let time: NaiveTime = found[0].parse().unwrap();
        let (moved, _) = time.overflowing_add_signed(ahead);
        moved.format("%H:%M:%S%.3f").to_string()
    });
    let text = DATED.replace_all(&text, |found: &Captures<'_>| {
        let time = DateTime::parse_from_rfc3339(&found[0]).unwrap();
        let moved = (time + ahead).to_utc();
        moved.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
    });
    let text = EPOCH.replace_all(&text, |found: &Captures<'_>| {
        let time: f64 = found[2].parse().unwrap();
        #[expect(clippy::cast_precision_loss, reason = "hours in milliseconds")]
        let moved = time + ahead_ms as f64 / 1000.0;
        format!("{}{moved:.3}", &found[1])
    });
    text.into_owned()
}

/// Causes with their probabilities, per incident with its route, pattern and attempts.
fn told(diagnosis: &Diagnosis) -> Vec<String> {
    let incidents = diagnosis.incidents.iter().map(|incident| {
        let causes: Vec<String> = incident
            .causes
            .iter()
            .map(|cause| format!("{} {:.6}", cause.id, cause.confidence))
            .collect();
        let counts = (incident.attempts_failed, incident.attempts_total);
        format!(
            "{:?} {} {counts:?} {causes:?}",
            incident.route, incident.pattern
        )
    });
    incidents.collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        // The same examples in every run: a test that fails fails again.
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_browsers_clock_decides_nothing(
        (case, file) in select(&STAMPED[..]),
        ahead_ms in prop_oneof![-60_000_i64..60_000, -5 * 3_600_000_i64..5 * 3_600_000],
    ) {
        // A HAR states its zone: hours off, it is the server's zone that it tells.
        let ahead_ms = if file == "network.har" { ahead_ms % 600_000 } else { ahead_ms };
        let (before, after) = (diagnosed(case, file, 0), diagnosed(case, file, ahead_ms));
        prop_assert_eq!(told(&before), told(&after), "{} by {} ms", case, ahead_ms);
        let (before, after) = (offset(&before), offset(&after));
        // A HAR's stamps are finer than the milliseconds that are written back here.
        let moved = after.offset_ms - before.offset_ms - ahead_ms;
        prop_assert!(moved.abs() <= 2, "{}: {} moved to {} by {}", case, before.offset_ms, after.offset_ms, ahead_ms);
        prop_assert_eq!(before.shared_events, after.shared_events);
    }
}

#[test]
fn offsets_that_were_recorded_are_found() {
    for (case, ahead_ms) in [
        ("clock-ahead-chromium", -600_000),
        ("clocks-apart-chromium", -5 * 3_600_000),
    ] {
        let found = offset(&diagnosed(case, "console.log", 0));
        let error = (found.offset_ms - ahead_ms).abs();
        assert!(error <= found.uncertainty_ms, "{case}: {found:?}");
        assert!(
            error < 1_000 && found.uncertainty_ms <= 1_000,
            "{case}: {found:?}"
        );
    }
}

#[test]
fn stamps_of_whole_seconds_suffice() {
    static FRACTION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(\d\d:\d\d:\d\d)[.,]\d{3}").unwrap());
    for ahead_ms in [0, 7_000, -40_000, 600_000, 3 * 3_600_000 + 7_000] {
        let case = "clocks-apart-chromium";
        let console = put_forward(&text(case, "console.log"), ahead_ms);
        let mut sources = Vec::new();
        for (name, text) in [
            ("server.log", text(case, "server.log")),
            ("console.log", console),
        ] {
            sources.extend(from_text(name, &FRACTION.replace_all(&text, "$1")));
        }
        let found = offset(&diagnose(&sources, &RULES, &[]));
        let error = (found.offset_ms - (ahead_ms - 5 * 3_600_000)).abs();
        assert!(
            error <= found.uncertainty_ms && error <= 1_000,
            "{ahead_ms}: {found:?}"
        );
        assert!(found.uncertainty_ms <= 2_000, "{ahead_ms}: {found:?}");
    }
}

#[test]
fn an_attempt_that_could_be_any_of_several_tells_nothing() {
    let server = "2026-11-20 10:00:00,100 WARNING core.middleware: [JWT Middleware] Token expired: \
                  Signature has expired\n";
    let line = |minute: u32| {
        format!(
            "127.0.0.1:{minute} - - [20/Nov/2026:10:{minute}:00] \"WSCONNECTING /ws/a/\" - -\n\
             127.0.0.1:{minute} - - [20/Nov/2026:10:{minute}:00] \"WSREJECT /ws/a/\" - -\n\
             127.0.0.1:{minute} - - [20/Nov/2026:10:{minute}:00] \"WSDISCONNECT /ws/a/\" - -\n"
        )
    };
    let server = format!("{server}{}{}{}", line(11), line(17), line(38));
    let console =
        "10:03:20.120 app.js:12 WebSocket connection to 'ws://localhost:8000/ws/a/' failed: \n";
    let mut sources = from_text("server.log", &server);
    sources.extend(from_text("console.log", console));
    let diagnosis = diagnose(&sources, &RULES, &[]);
    assert_eq!(diagnosis.clocks[0].offset, None);
    assert_eq!(diagnosis.clocks[0].sentence, None);
}

#[test]
fn every_format_says_what_the_clocks_are() {
    let diagnosis = diagnosed("clock-ahead-chromium", "console.log", -7_000);
    for format in [Format::Terminal, Format::Markdown] {
        let options = Options {
            width: 200,
            ..Options::default()
        };
        let report = render(&diagnosis, format, &options);
        assert!(
            report.contains("The browser's clock is 10 min 7 s"),
            "{report}"
        );
        assert!(report.contains("behind the server's"), "{report}");
    }
    let report = render(&diagnosis, Format::Json, &Options::default());
    let document: serde_json::Value = serde_json::from_str(&report).unwrap();
    let clock = &document["clocks"][0];
    assert_eq!(clock["file"], "console.log");
    assert_eq!(clock["side"], "client");
    assert_eq!(clock["offset_ms"], offset(&diagnosis).offset_ms);
    assert_eq!(clock["shared_events"], offset(&diagnosis).shared_events);
}

/// A server's log with one refused handshake whose token was issued and ends so many minutes before.
fn refused(clock: &str, issued: i64, ends: i64) -> String {
    use base64::Engine as _;
    let at = DateTime::parse_from_rfc3339("2026-11-20T10:00:00Z")
        .unwrap()
        .timestamp();
    let claims = format!(r#"{{"iat":{},"exp":{}}}"#, at - issued * 60, at - ends * 60);
    let part = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let token = format!("{}.{}.c2ln", part(r#"{"alg":"HS256"}"#), part(&claims));
    let url = format!("/ws/dashboard/?token={token}");
    format!(
        "{clock} INFO uvicorn.error: 127.0.0.1:40926 - \"WebSocket {url}\" 403\n\
         {clock} INFO uvicorn.error: connection rejected (403 Forbidden)\n"
    )
}

fn confidence(log: &str, cause: &str) -> f64 {
    let diagnosis = diagnose(&from_text("server.log", log), &RULES, &[]);
    let causes = diagnosis
        .incidents
        .iter()
        .flat_map(|incident| &incident.causes);
    let found = causes
        .filter(|one| one.id == cause)
        .map(|one| one.confidence);
    found.fold(0.0, f64::max)
}

#[test]
fn a_fresh_token_of_a_server_on_local_time_is_not_called_expired() {
    let local = "2026-11-20 10:00:00,120";
    // Issued a minute ago for five minutes, in a log one hour ahead of UTC.
    assert!(confidence(&refused(local, 61, 56), "token-expired") < 0.5);
    // No zone makes this one good.
    assert!(confidence(&refused(local, 12, 7), "token-expired") > 0.8);
    // The zone is stated.
    assert!(
        confidence(
            &refused("2026-11-20T10:00:00.120Z", 61, 56),
            "token-expired"
        ) > 0.8
    );
}
