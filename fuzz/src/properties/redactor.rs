//! A secret that the log holds is in no report, however it is carried and spelt.
//!
//! The first byte chooses the carrier, the second the spelling, the third what stands around it; then
//! come the secret's own bytes, and behind them any text.

use super::pipeline;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use wswhy::diagnosis::diagnose;
use wswhy::input::from_text;
use wswhy::report::redact::Redactor;
use wswhy::rules::RuleSet;

/// How many bytes the secret is made of.
const SECRET_BYTES: usize = 24;

/// Lines that hold a secret, as servers, clients and developers write them.
const CARRIERS: &[&str] = &[
    "127.0.0.1:39374 - - [20/Nov/2026:21:06:01] \"WSCONNECTING /ws/a/?token={}\" - -",
    "INFO:     127.0.0.1:45656 - \"WebSocket /ws/a/?x=1&access_token={}&y=2\" [accepted]",
    "10.0.0.9 - - [20/Nov/2026:21:06:01 +0000] \"GET /ws/a/?jwt={} HTTP/1.1\" 403 0 \"-\" \"curl\"",
    "WebSocket connection to 'ws://localhost:8000/ws/a/?token={}' failed: ",
    "INFO core.middleware Authorization: Bearer {}",
    "DEBUG:    > authorization: Token {}",
    "DEBUG core.middleware [(b'host', b'x'), (b'authorization', b'Bearer {}')]",
    "DEBUG core.middleware {'cookie': 'theme=dark; sessionid={}; lang=en'}",
    "< set-cookie: sessionid={}; HttpOnly; Path=/; SameSite=Lax",
    "{\"level\": \"info\", \"headers\": {\"Authorization\": \"Bearer {}\"}, \"event\": \"x\"}",
    "{\"message\": \"{\\\"token\\\": \\\"{}\\\"}\"}",
    "{\"name\": \"Authorization\", \"value\": \"Token {}\"}",
    "sec-websocket-protocol: access_token, {}",
    "ERROR cannot connect to redis://:{}@redis:6379/0",
    "ERROR core.settings SECRET_KEY={}",
    "WARNING core.auth wrong password '{}' for the account",
    "    password = \"{}\"",
    "2026-11-20 21:06:01,120 INFO core.middleware [JWT Middleware] Token extracted: {}",
    "curl -H \"Authorization: Token {}\" http://localhost:8000/api/me/",
    "level=info msg=\"request\" api_key={} path=/ws/a/",
];

pub(super) fn hold(rules: &RuleSet, bytes: &[u8]) {
    let [carrier, spelling, around, rest @ ..] = bytes else {
        return;
    };
    let (secret, noise) = rest.split_at(SECRET_BYTES.min(rest.len()));
    if secret.len() < SECRET_BYTES {
        return;
    }
    let noise = String::from_utf8_lossy(noise);
    let secret = Secret::of(secret, *spelling);
    let carrier = CARRIERS[usize::from(*carrier) % CARRIERS.len()];
    let log = laid_out(&carrier.replace("{}", &secret.written), &noise, *around);
    of_lines(&secret, &log);
    let diagnosis = diagnose(&from_text("server.log", &log), rules, &[]);
    for report in pipeline::reports(&diagnosis, true) {
        secret.is_hidden(&report, &log);
    }
}

/// The carrier among other text: alone, or with some of it on its own line.
fn laid_out(carrier: &str, noise: &str, around: u8) -> String {
    let (first, rest) = noise.split_once('\n').unwrap_or((noise, ""));
    match around % 3 {
        0 => format!("{first}\n{carrier}\n{rest}"),
        1 => format!("{first} {carrier}\n{rest}"),
        _ => format!("{carrier} {first}\n{rest}"),
    }
}

/// Line by line, and once more over what came out.
fn of_lines(secret: &Secret, log: &str) {
    let lines: Vec<&str> = log.lines().collect();
    let redactor = Redactor::over(lines.iter().copied());
    let shown: Vec<String> = lines.iter().map(|line| redactor.text(line)).collect();
    secret.is_hidden(&shown.join("\n"), log);
    let redactor = Redactor::over(shown.iter().map(String::as_str));
    let again: Vec<String> = shown.iter().map(|line| redactor.text(line)).collect();
    assert_eq!(again, shown, "redacted twice, {log:?}");
}

/// A random value, in the letters that its spelling asks for.
struct Secret {
    /// As the log spells it.
    written: String,
    /// What may be in no report.
    forms: Vec<String>,
}

impl Secret {
    fn of(bytes: &[u8], spelling: u8) -> Self {
        const PLAIN: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let in_letters = |letters: &[u8]| -> String {
            let letter = |byte: &u8| char::from(letters[usize::from(*byte) % letters.len()]);
            bytes.iter().map(letter).collect()
        };
        // Two digits and two letters at the ends: no word of any language.
        let core = |letters| format!("q7{}Z4", in_letters(letters));
        let plain = match spelling % 4 {
            0 => core(PLAIN),
            1 => core(b"0123456789abcdef"),
            2 => format!("eyJ{}.eyJ{}.{}", core(PLAIN), core(PLAIN), core(PLAIN)),
            _ => core(BASE64),
        };
        let encoded = utf8_percent_encode(&plain, NON_ALPHANUMERIC).to_string();
        let written = match spelling % 4 {
            3 => encoded.clone(),
            _ => plain.clone(),
        };
        let tail = plain.chars().skip(plain.chars().count() - 16).collect();
        Self {
            forms: vec![plain.replace('/', "\\/"), encoded, plain, tail],
            written,
        }
    }

    fn is_hidden(&self, report: &str, log: &str) {
        for form in &self.forms {
            assert!(
                !report.contains(form.as_str()),
                "{form} of {log:?} is in {report}"
            );
        }
    }
}
