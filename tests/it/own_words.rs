//! The user's own words: `wswhy.toml` found, read and obeyed, its mistakes said with their place, and
//! `wswhy learn`, which proposes one.

use super::material::{RULES, cases, recording, root};
use super::program::{run, run_in};
use predicates::prelude::*;
use predicates::str::{contains, is_empty, starts_with};
use std::fs;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use tempfile::TempDir;
use wswhy::diagnosis::{Diagnosis, Incident, diagnose};
use wswhy::input::{from_text, read_paths};
use wswhy::learn;
use wswhy::rules::RuleSet;

/// A folder with a `wswhy.toml` of this text.
fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("wswhy.toml"), text).unwrap();
    folder
}

fn with_words(words: &str, server: &str, console: &str) -> Diagnosis {
    let rules =
        RuleSet::with_own_text("wswhy.toml", words).unwrap_or_else(|error| panic!("{error}"));
    let mut sources = from_text("server.log", server);
    if !console.is_empty() {
        sources.extend(from_text("console.log", console));
    }
    diagnose(&sources, &rules, &[])
}

fn first_cause(diagnosis: &Diagnosis) -> (&str, f64) {
    let cause = &diagnosis.incidents[0].causes[0];
    (&cause.id, cause.confidence)
}

/// What a mistake in `wswhy.toml` is answered with.
fn complaint(text: &str) -> String {
    let folder = folder(text);
    let output = run_in(folder.path())
        .write_stdin("a line\n")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

const EXPIRED: &str = "[[phrase]]\nkind = \"token-expired\"\nany = ['pass has run out']\n";

#[test]
fn the_file_is_found_above_the_working_directory_and_named() {
    let folder = folder(EXPIRED);
    let deep = folder.path().join("one/two");
    fs::create_dir_all(&deep).unwrap();
    let log = recording("token-expired-terse").folder.join("server.log");
    let report = run_in(&deep).arg(&log).assert().code(1);
    report
        .stdout(contains("The access token has expired (9"))
        .stdout(contains("Config      ../../wswhy.toml"));
    let json = run_in(&deep).args(["--format", "json"]).arg(&log).output();
    let document: serde_json::Value = serde_json::from_slice(&json.unwrap().stdout).unwrap();
    assert_eq!(document["config"], "../../wswhy.toml");
    let markdown = run_in(&deep)
        .args(["--format", "markdown"])
        .arg(&log)
        .assert();
    markdown.stdout(contains("`../../wswhy.toml`"));
}

#[test]
fn the_file_can_be_named_or_left_out() {
    let words = folder(EXPIRED);
    let broken = folder("[[phrase]\n");
    let log = recording("token-expired-terse").folder.join("server.log");
    let without = run_in(words.path()).arg("--no-config").arg(&log).assert();
    without.code(1).stdout(contains("Config").not());
    // What is named is read, and nothing is looked for.
    let named = run_in(broken.path())
        .arg("--config")
        .arg(words.path().join("wswhy.toml"))
        .arg(&log)
        .assert();
    named
        .code(1)
        .stdout(contains("The access token has expired"));
    let both = run().args(["--config", "x.toml", "--no-config"]).assert();
    both.code(2).stderr(contains("cannot be used with"));
}

#[test]
fn a_mistake_is_said_with_its_place_and_the_near_word() {
    for (text, place, words) in [
        ("[[phrase]]\nknd = \"x\"\n", "2:1", "did you mean `kind`?"),
        ("[[phrse]]\n", "1:3", "did you mean `phrase`?"),
        ("[[phrase]\n", "1:", "wswhy.toml"),
        (
            "[[phrase]]\nkind = 3\nany = []\n",
            "2:8",
            "expected a string",
        ),
        (
            "[[phrase]]\nkind = \"token-expird\"\nany = ['x']\n",
            "2:8",
            "did you mean `token-expired`?",
        ),
        (
            "[[phrase]]\nkind = \"token-expired\"\nany = ['ok', '(']\n",
            "3:14",
            "not a regular expression",
        ),
        (
            "[[phrase]]\nkind = \"token-expired\"\nany = []\n",
            "3:7",
            "at least one",
        ),
        (
            "[[phrase]]\nkind = \"token-expired\"\nany = ['x']\nwithin = \"loger\"\n",
            "4:10",
            "did you mean `logger`?",
        ),
        (
            "[[phrase]]\nkind = \"token-expired\"\nany = ['x']\ndialects = [\"logger-heder\"]\n",
            "4:13",
            "did you mean `logger-header`?",
        ),
        (
            "[[route]]\npath = '^ws/(?P<x>\\w+)/$'\n",
            "2:8",
            "regular expression",
        ),
        (
            "[time-zones]\nserver = \"Europe/Berln\"\n",
            "2:10",
            "did you mean `Europe/Berlin`?",
        ),
        (
            "[time-zones]\nsever = \"UTC\"\n",
            "2:1",
            "did you mean `server`?",
        ),
        (
            "[close-codes]\n4001 = { means = \"token-expird\" }\n",
            "2:18",
            "did you mean `token-expired`?",
        ),
        (
            "[close-codes]\n1006 = { means = \"token-expired\" }\n",
            "2:1",
            "3000 to 4999",
        ),
        ("[[cause]]\nid = \"x\"\n", "1:3", "--rules"),
    ] {
        let said = complaint(text);
        assert!(
            said.contains(&format!("wswhy.toml:{place}")),
            "{text}: {said}"
        );
        assert!(said.contains(words), "{text}: {said}");
        assert!(said.contains('^'), "{text}: {said}");
        if place.ends_with(char::is_numeric) {
            let line: usize = place.split(':').next().unwrap().parse().unwrap();
            assert!(said.contains(text.lines().nth(line - 1).unwrap()), "{said}");
        }
    }
}

#[test]
fn what_is_no_file_is_passed_over_unless_it_is_named() {
    let outer = folder("");
    let inner = outer.path().join("inner");
    fs::create_dir_all(inner.join("wswhy.toml")).unwrap();
    let healthy = recording("healthy-dispatcher").folder.join("server.log");
    let found = run_in(&inner).arg(&healthy).assert().code(0);
    found.stdout(contains("../wswhy.toml")).stderr(is_empty());
    for (name, words) in [("wswhy.toml", "folder"), ("missing.toml", "missing.toml")] {
        let refused = run_in(&inner)
            .args(["--config", name])
            .arg(&healthy)
            .assert();
        refused.code(2).stdout(is_empty()).stderr(contains(words));
    }
    let binary = inner.join("binary.toml");
    fs::write(&binary, b"\xff\xfe\x00").unwrap();
    let refused = run_in(&inner).args(["--config", "binary.toml"]).assert();
    refused.code(2).stderr(contains("UTF-8"));
    fs::write(&binary, "#".repeat(1 << 20)).unwrap();
    let refused = run_in(&inner).args(["--config", "binary.toml"]).assert();
    refused.code(2).stderr(contains("larger than"));
}

#[test]
fn a_strangers_file_can_neither_show_secrets_nor_steer_the_terminal() {
    for key in [
        "no-redact = true\n",
        "redact = false\n",
        "rules = \"/tmp\"\n",
    ] {
        assert!(complaint(key).contains("unknown field"), "{key}");
    }
    let said = complaint("[[phrase]]\nkind = \"\u{1b}]0;owned\u{7}\u{9b}2J\"\nany = ['x']\n");
    assert!(
        !said.contains('\u{1b}') && !said.contains('\u{7}') && !said.contains('\u{9b}'),
        "{said:?}"
    );
    let said = complaint("[[phrase]]\nkind = \"token-expired\"\nany = ['(?:a{999}){999}']\n");
    assert!(said.contains("too large"), "{said}");
}

#[test]
fn rules_check_reads_a_file_of_words_and_tries_its_samples() {
    let good = folder(&format!("{EXPIRED}samples = ['your pass has run out']\n"));
    let checked = run_in(good.path())
        .args(["rules", "check", "wswhy.toml"])
        .assert();
    checked.code(0).stdout(contains("no problems"));
    let bad = folder(&format!(
        "{EXPIRED}samples = ['it ran out']\nnear-misses = ['pass has run out']\n"
    ));
    let checked = run_in(bad.path())
        .args(["rules", "check", "wswhy.toml"])
        .assert();
    checked
        .code(1)
        .stdout(contains("does not match its sample `it ran out`"))
        .stdout(contains("matches its near miss"));
}

const REFUSED_PATH: &str = "\
127.0.0.1:42326 - - [20/Nov/2026:21:06:20] \"WSCONNECTING PATH\" - -
2026-11-20 21:06:20,711 ERROR    Exception inside application: No route found for path 'PATH'.
127.0.0.1:42326 - - [20/Nov/2026:21:06:20] \"WSDISCONNECT PATH\" - -
";

#[test]
fn listed_routes_tell_a_slip_from_a_stranger() {
    let words = "[[route]]\npath = 'ws/dashboard/'\n[[route]]\npath = 'ws/chat/<room>/'\n";
    for (path, cause, remark) in [
        (
            "/ws/dashboards/",
            "route-not-found",
            "did you mean /ws/dashboard/?",
        ),
        ("/ws/dashboard", "route-not-found", "final slash"),
        ("/ws/orders/stream/", "stray-client", "nor like one of them"),
    ] {
        let diagnosis = with_words(words, &REFUSED_PATH.replace("PATH", path), "");
        assert_eq!(first_cause(&diagnosis).0, cause, "{path}");
        let remarks = diagnosis.incidents[0].remarks.join("\n");
        assert!(remarks.contains(remark), "{path}: {remarks}");
    }
    // Without a list nothing tells the stranger.
    let log = REFUSED_PATH.replace("PATH", "/ws/orders/stream/");
    assert_eq!(first_cause(&with_words("", &log, "")).0, "route-not-found");
}

#[test]
fn paths_of_a_listed_route_are_one_route() {
    let line = "127.0.0.1:PORT - - [20/Nov/2026:21:06:SS] \"WSVERB /ws/chat/ROOM/\" - -\n";
    let mut log = String::new();
    for (index, room) in ["blue", "red", "green"].iter().enumerate() {
        for verb in ["CONNECTING", "REJECT", "DISCONNECT"] {
            let line = line
                .replace("PORT", &format!("4000{index}"))
                .replace("SS", &format!("1{index}"));
            log.push_str(&line.replace("VERB", verb).replace("ROOM", room));
        }
    }
    assert_eq!(with_words("", &log, "").incidents.len(), 3);
    let one = with_words("[[route]]\npath = '/ws/chat/<room>/'\n", &log, "");
    assert_eq!(one.incidents.len(), 1);
    assert_eq!(one.incidents[0].route.as_deref(), Some("/ws/chat/<room>/"));
    assert_eq!(one.incidents[0].attempts_total, 3);
}

#[test]
fn a_listed_consumer_speaks_for_its_route() {
    // Two handshakes wait at once; the class shares no word with its route.
    let log = "\
127.0.0.1:42001 - - [20/Nov/2026:21:06:20] \"WSCONNECTING /ws/feed/\" - -
127.0.0.1:42002 - - [20/Nov/2026:21:06:20] \"WSCONNECTING /ws/map/\" - -
[2026-11-20 21:06:20,424] INFO core.sockets: [TickerSocket] Connection attempt
[2026-11-20 21:06:20,425] WARNING core.sockets: [TickerSocket] Connection rejected: market is closed
127.0.0.1:42002 - - [20/Nov/2026:21:06:20] \"WSREJECT /ws/map/\" - -
127.0.0.1:42001 - - [20/Nov/2026:21:06:20] \"WSCONNECT /ws/feed/\" - -
";
    let words = "[[route]]\npath = '/ws/map/'\nconsumer = 'core.sockets.TickerSocket'\n[[route]]\npath = '/ws/feed/'\n";
    let diagnosis = with_words(words, log, "");
    let incident = &diagnosis.incidents[0];
    assert_eq!(incident.route.as_deref(), Some("/ws/map/"));
    assert_eq!(incident.pattern, "consumer-refused");
    // Alone, without any path: the list names it.
    let alone: Vec<&str> = log.lines().filter(|line| line.contains("Ticker")).collect();
    let diagnosis = with_words(words, &alone.join("\n"), "");
    assert_eq!(diagnosis.incidents[0].route.as_deref(), Some("/ws/map/"));
}

const CLOSED_BEFORE_ACCEPT: &str = "\
127.0.0.1:42326 - - [20/Nov/2026:21:06:20] \"WSCONNECTING /ws/chat/7/\" - -
[2026-11-20 21:06:20,424] INFO chat.consumers: [ChatConsumer] Connection attempt
[2026-11-20 21:06:20,425] INFO chat.consumers: [ChatConsumer] Closing connection with code 4017
127.0.0.1:42326 - - [20/Nov/2026:21:06:20] \"WSREJECT /ws/chat/7/\" - -
";

const CLOSED_AFTER_ACCEPT: &str = "\
127.0.0.1:42326 - - [20/Nov/2026:21:06:20] \"WSCONNECTING /ws/chat/7/\" - -
127.0.0.1:42326 - - [20/Nov/2026:21:06:20] \"WSCONNECT /ws/chat/7/\" - -
127.0.0.1:42326 - - [20/Nov/2026:21:06:20] \"WSDISCONNECT /ws/chat/7/\" - -
";

#[test]
fn a_close_code_means_what_the_application_says() {
    let console = "[WebSocket] Connected\n[WebSocket] Disconnected {code: 4017, reason: '', wasClean: true}\n";
    for (means, cause) in [
        ("user-inactive", "user-inactive"),
        ("connection-limited", "connection-limit"),
        ("role-mismatch", "role-mismatch"),
    ] {
        let words = format!("[close-codes]\n4017 = {{ means = '{means}', text = 'as agreed' }}\n");
        for (server, console) in [(CLOSED_BEFORE_ACCEPT, ""), (CLOSED_AFTER_ACCEPT, console)] {
            let diagnosis = with_words(&words, server, console);
            assert_eq!(first_cause(&diagnosis).0, cause, "{server}");
            let remarks = diagnosis.incidents[0].remarks.join("\n");
            assert!(
                remarks.contains("4017") && remarks.contains("as agreed"),
                "{remarks}"
            );
        }
    }
    assert_eq!(
        first_cause(&with_words("", CLOSED_AFTER_ACCEPT, console)).0,
        "closed-by-consumer"
    );
}

#[test]
fn stated_zones_put_two_clocks_on_one() {
    // The server writes Berlin's time. Two hours before the failure, another attempt failed.
    let server = "\
[2026-07-20 10:00:00,100] INFO core.middleware: [JWT Middleware] WebSocket connection: /ws/x/
[2026-07-20 10:00:00,101] ERROR core.middleware: [JWT Middleware] Signature has expired
[2026-07-20 10:00:00,102] WARNING core.middleware: [JWT Middleware] Connection rejected
[2026-07-20 12:00:00,100] INFO core.middleware: [JWT Middleware] WebSocket connection: /ws/x/
[2026-07-20 12:00:00,101] ERROR core.middleware: [JWT Middleware] User account is disabled
[2026-07-20 12:00:00,102] WARNING core.middleware: [JWT Middleware] Connection rejected
";
    let console = "10:00:00.150 useWebSocket.js:13 WebSocket connection to 'ws://localhost:8000/ws/x/' \
                   failed: Error during WebSocket handshake: Unexpected response code: 403\n";
    // Nothing in the logs tells that the page's line is not of the attempt two hours earlier.
    assert_eq!(seen_by_the_page("", server, console), "token-expired");
    let words = "[time-zones]\n'server.log' = 'Europe/Berlin'\nbrowser = 'UTC'\n";
    assert_eq!(seen_by_the_page(words, server, console), "user-inactive");
    let stated = with_words(words, server, console);
    let first_seen = stated.incidents.iter().map(|one| one.first_seen.as_deref());
    let earliest = first_seen.min().flatten();
    assert_eq!(earliest, Some("2026-07-20T08:00:00.100Z"));
}

/// The first cause of the incident that the page's log takes part in.
fn seen_by_the_page(words: &str, server: &str, console: &str) -> String {
    let diagnosis = with_words(words, server, console);
    let by_page = |incident: &&Incident| {
        let mut proofs = incident.stages.iter().filter_map(|one| one.proof.as_ref());
        proofs.any(|proof| proof.file == "console.log")
    };
    let seen: Vec<&Incident> = diagnosis.incidents.iter().filter(by_page).collect();
    assert_eq!(seen.len(), 1, "{seen:#?}");
    seen[0].causes[0].id.clone()
}

#[test]
fn a_clock_that_is_off_is_measured_though_its_zone_is_stated() {
    let server = "\
[2026-07-20 12:00:00,100] INFO core.middleware: [JWT Middleware] WebSocket connection: /ws/x/
[2026-07-20 12:00:00,101] ERROR core.middleware: [JWT Middleware] Signature has expired
[2026-07-20 12:00:00,102] WARNING core.middleware: [JWT Middleware] Connection rejected
";
    let console = "09:59:53.150 useWebSocket.js:13 WebSocket connection to 'ws://localhost:8000/ws/x/' \
                   failed: Error during WebSocket handshake: Unexpected response code: 403\n";
    let words = "[time-zones]\nserver = 'Europe/Berlin'\nbrowser = 'UTC'\n";
    let stated = with_words(words, server, console);
    assert_eq!(stated.incidents.len(), 1);
    let sentence = stated.clocks[0].sentence.as_deref().unwrap_or_default();
    assert!(
        sentence.starts_with("The browser's clock is 7.") && sentence.contains("behind"),
        "{sentence}"
    );
}

#[test]
fn hours_between_two_stated_zones_are_not_taken_for_another_zone() {
    let server = "\
[2026-07-20 12:00:00,100] INFO core.middleware: [JWT Middleware] WebSocket connection: /ws/x/
[2026-07-20 12:00:00,101] ERROR core.middleware: [JWT Middleware] Signature has expired
[2026-07-20 12:00:00,102] WARNING core.middleware: [JWT Middleware] Connection rejected
";
    let console = "12:00:00.150 useWebSocket.js:13 WebSocket connection to 'ws://localhost:8000/ws/y/' \
                   failed: Error during WebSocket handshake: Unexpected response code: 403\n";
    let guessed = with_words("", server, &console.replace("12:", "10:"));
    assert_eq!(
        guessed.clocks[0].offset.map(|one| one.shared_events),
        Some(0)
    );
    let words = "[time-zones]\nserver = 'Europe/Berlin'\nbrowser = 'UTC'\n";
    assert_eq!(with_words(words, server, console).clocks[0].offset, None);
}

#[test]
fn what_is_learnt_names_the_cause_that_the_words_hid() {
    let log = recording("token-expired-terse").folder.join("server.log");
    let before = run()
        .args(["--no-config", "--format", "json"])
        .arg(&log)
        .output()
        .unwrap();
    let before: serde_json::Value = serde_json::from_slice(&before.stdout).unwrap();
    assert_ne!(
        before["incidents"][0]["diagnoses"][0]["cause"],
        "token-expired"
    );
    let folder = tempfile::tempdir().unwrap();
    let learnt = run_in(folder.path())
        .arg("learn")
        .arg(&log)
        .output()
        .unwrap();
    assert_eq!(learnt.status.code(), Some(0));
    fs::write(folder.path().join("wswhy.toml"), &learnt.stdout).unwrap();
    let checked = run_in(folder.path())
        .args(["rules", "check", "wswhy.toml"])
        .assert();
    checked.code(0).stdout(contains("no problems"));
    let after = run_in(folder.path()).arg(&log).assert().code(1);
    after.stdout(contains("Most likely: The access token has expired (9"));
    // With its words known, nothing is left to learn from that log but what it is unsure of.
    let again = run_in(folder.path())
        .arg("learn")
        .arg(&log)
        .assert()
        .code(0);
    again.stdout(contains("\n[[phrase]]").not());
}

#[test]
fn whatever_is_learnt_loads_and_keeps_private_values() {
    for case in cases("recordings") {
        let reading = read_paths(&case.paths(), &RULES.marks).unwrap();
        let learnt = learn::to_toml(&learn::propose(&reading.sources, &super::material::RULES));
        let uncommented: Vec<&str> = learnt
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| is_toml(rest))
                    .unwrap_or(line)
            })
            .collect();
        let uncommented = uncommented.join("\n");
        for text in [&learnt, &uncommented] {
            let file: Result<wswhy::own::OwnFile, _> = toml::from_str(text);
            let file = file.unwrap_or_else(|error| panic!("{}: {error}\n{text}", case.name));
            for phrase in &file.phrases {
                assert!(super::material::RULES.lexicon.find(&phrase.kind).is_some());
                for sample in &phrase.samples {
                    assert!(
                        wswhy::lexicon::matches(phrase, sample),
                        "{}: {phrase:?}",
                        case.name
                    );
                }
            }
        }
        for secret in ["eyJhbGci", "@example", "maria"] {
            assert!(
                !learnt.contains(secret),
                "{}: {secret} in\n{learnt}",
                case.name
            );
        }
    }
}

fn is_toml(line: &str) -> bool {
    line.starts_with("[[phrase]]")
        || ["kind = ", "any = ", "side = ", "samples = "]
            .iter()
            .any(|key| line.starts_with(key))
}

#[test]
fn learning_says_where_there_is_nothing_to_learn() {
    let healthy = recording("healthy-quiet-python").folder.join("server.log");
    let nothing = run().arg("learn").arg(healthy).assert().code(0);
    nothing.stdout(starts_with("# Nothing to learn"));
    let empty = run().arg("learn").write_stdin("").assert().code(0);
    empty.stdout(contains("no connection attempt was found"));
    let missing = run().args(["learn", "no/such.log"]).assert().code(2);
    missing.stdout(is_empty()).stderr(contains("no/such.log"));
}

#[test]
fn learning_reads_pipes_and_survives_a_reader_that_goes_away() {
    let log = fs::read(recording("token-expired-terse").folder.join("server.log")).unwrap();
    let piped = run().arg("learn").write_stdin(log).assert().code(0);
    piped.stdout(contains("pass has run out"));
    let mut child = Process::new(assert_cmd::cargo::cargo_bin!("wswhy"))
        .args(["learn", "fixtures/recordings/token-expired-terse"])
        .current_dir::<&Path>(root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
