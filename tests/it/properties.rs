//! What must hold for any input, also for one that nobody thought of.

use super::material::{Material, RULES, recording};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::LazyLock;
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::input::{from_text, read_stream};
use wswhy::report::{Format, Options, render};

/// The lines of recordings that differ in server, client and style.
static LINES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    [
        "token-expired-chromium",
        "token-invalid-structlog",
        "redis-down",
        "nginx-bad-gateway-chromium",
        "double-mount-is-harmless-chromium",
        "hypercorn-exception-after-accept",
    ]
    .into_iter()
    .map(|name| {
        let text = recording(name).texts().join("\n");
        text.lines().map(str::to_owned).collect()
    })
    .collect()
});

fn understood(text: &str) -> Diagnosis {
    diagnose(&from_text("server.log", text), &RULES, &[])
}

/// The report in all formats, one after the other.
fn reports(diagnosis: &Diagnosis) -> String {
    [Format::Terminal, Format::Markdown, Format::Json]
        .map(|format| render(diagnosis, format, &Options::default()))
        .concat()
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn bytes_of_any_kind_are_read_and_reported(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(reading) = read_stream("any.log", bytes.as_slice(), &RULES.marks) {
            reports(&diagnose(&reading.sources, &RULES, &reading.warnings));
        }
    }

    #[test]
    fn text_of_any_kind_is_read_and_reported(text in "(?s).{0,400}") {
        reports(&understood(&text));
    }

    #[test]
    fn a_recording_with_characters_lost_is_read_and_reported(
        lines in select(&*LINES),
        cuts in prop::collection::vec(any::<(Index, Index)>(), 1..20),
    ) {
        let mut lines = lines;
        for (line, place) in cuts {
            let line = line.index(lines.len());
            let kept = place.index(lines[line].chars().count() + 1);
            lines[line] = lines[line].chars().take(kept).collect();
        }
        reports(&understood(&lines.join("\n")));
    }

    #[test]
    fn a_recording_in_any_order_is_read_and_reported(
        lines in select(&*LINES).prop_shuffle(),
        length in any::<Index>(),
    ) {
        let kept = length.index(lines.len() + 1);
        reports(&understood(&lines[..kept].join("\n")));
    }

    #[test]
    fn an_earlier_end_of_a_log_is_no_reason_to_fail(
        lines in select(&*LINES),
        start in any::<Index>(),
        end in any::<Index>(),
    ) {
        let (start, end) = (start.index(lines.len()), end.index(lines.len()));
        let window = &lines[start.min(end)..start.max(end)];
        reports(&understood(&window.join("\n")));
    }

    #[test]
    fn nothing_private_is_in_a_report(
        header in "[A-Za-z0-9_-]{30}",
        signature in "[A-Za-z0-9_-]{43}",
        opaque in "[a-f0-9]{40}",
        session in "[a-z0-9]{32}",
        mailbox in "[a-z]{4,9}\\.[a-z]{4,9}",
    ) {
        let jwt = format!("eyJ{header}.eyJ{header}.{signature}");
        let address = format!("{mailbox}@mail.example.org");
        let log = format!(
            "127.0.0.1:39374 - - [20/Nov/2026:21:06:01] \"WSCONNECTING /ws/a/?token={jwt}\" - -\n\
             INFO core.middleware: [JWT Middleware] Token received: {jwt}\n\
             INFO core.middleware: headers: Authorization: Bearer {opaque}, Cookie: sessionid={session}\n\
             WARNING core.middleware: [JWT Middleware] User {address} not found\n\
             INFO core.middleware: GET /ws/a/?access_token={opaque}&password={opaque} by {address}\n\
             127.0.0.1:39374 - - [20/Nov/2026:21:06:01] \"WSREJECT /ws/a/?token={jwt}\" - -\n\
             127.0.0.1:39374 - - [20/Nov/2026:21:06:01] \"WSDISCONNECT /ws/a/?token={jwt}\" - -\n"
        );
        let report = reports(&understood(&log));
        for secret in [&jwt, &signature, &opaque, &session, &address] {
            prop_assert!(!report.contains(secret.as_str()), "{} is in {}", secret, report);
        }
    }
}
