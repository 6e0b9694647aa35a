//! Inputs to begin with, made of `fixtures/` and `rules/` whenever they are asked for, so that none
//! has to be kept.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a log that make one seed: enough for a handshake with its traceback.
const LINES: usize = 40;

/// Bytes of a seed at most: libFuzzer mutates small ones better.
const MOST_BYTES: usize = 16 << 10;

/// The seeds of every target, by its name.
#[must_use]
pub(crate) fn seeds(root: &Path) -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    let cases = cases(root);
    let logs: Vec<Vec<u8>> = cases.iter().flatten().flat_map(pieces).collect();
    BTreeMap::from([
        ("dialects", logs.clone()),
        ("documents", documents(root, &cases)),
        ("escaping", logs.clone()),
        (
            "pipeline",
            cases.iter().map(|case| together(case)).collect(),
        ),
        ("redactor", carried(&logs)),
        ("rules", rules(root)),
        ("sieve", sifted(&logs)),
        ("unpacking", packed(&logs)),
        ("wrappers", wrapped(&logs)),
    ])
}

/// A file of a case.
struct Log {
    name: String,
    bytes: Vec<u8>,
}

impl Log {
    fn read(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default();
        Self {
            name: name.to_string_lossy().into_owned(),
            bytes: fs::read(path).unwrap_or_default(),
        }
    }
}

/// The files of all cases, labels left out.
fn cases(root: &Path) -> Vec<Vec<Log>> {
    let collections = ["recordings", "quoted"].map(|name| root.join("fixtures").join(name));
    let folders = collections.iter().flat_map(|folder| listed(folder));
    folders
        .map(|folder| {
            let files = listed(&folder).into_iter().filter(|file| file.is_file());
            let logs = files.filter(|file| file.extension().is_none_or(|it| it != "toml"));
            logs.map(|file| Log::read(&file)).collect()
        })
        .collect()
}

/// What a folder holds, by name.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// A log in pieces of some lines.
fn pieces(log: &Log) -> Vec<Vec<u8>> {
    let lines: Vec<&[u8]> = log.bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let pieces = lines.chunks(LINES).map(<[&[u8]]>::concat);
    pieces.filter(|piece| piece.len() <= MOST_BYTES).collect()
}

/// The logs of a case as one input of `pipeline`.
fn together(case: &[Log]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for log in case.iter().filter(|log| log.bytes.len() <= MOST_BYTES) {
        bytes.push(0x1e);
        bytes.extend(log.name.bytes());
        bytes.push(b'\n');
        bytes.extend(&log.bytes);
    }
    bytes
}

/// HARs and net-exports with a few entries each, written on one line.
fn documents(root: &Path, cases: &[Vec<Log>]) -> Vec<Vec<u8>> {
    let exports = listed(&root.join("fixtures/exports"));
    let exports: Vec<Log> = exports.iter().map(|path| Log::read(path)).collect();
    let logs = cases.iter().flatten().chain(&exports);
    let parsed = logs.filter_map(|log| serde_json::from_slice(&log.bytes).ok());
    let shortened = parsed.flat_map(|document: Value| shortened(&document));
    shortened
        .map(|document| document.to_string().into_bytes())
        .collect()
}

/// A document with one entry each, or with a window of its events.
fn shortened(document: &Value) -> Vec<Value> {
    let with = |pointer: &str, kept: &[Value]| {
        let mut copy = document.clone();
        if let Some(list) = copy.pointer_mut(pointer) {
            *list = Value::Array(kept.to_vec());
        }
        copy
    };
    if let Some(entries) = document.pointer("/log/entries").and_then(Value::as_array) {
        return entries
            .chunks(1)
            .map(|kept| with("/log/entries", kept))
            .collect();
    }
    let Some(events) = document.get("events").and_then(Value::as_array) else {
        return Vec::new();
    };
    let windows = events.chunks(LINES).take(20);
    windows
        .map(|kept| with_used_constants(with("/events", kept), kept))
        .collect()
}

/// A net-export names thousands of kinds of event; those that occur are kept.
fn with_used_constants(mut document: Value, events: &[Value]) -> Value {
    let used: Vec<&Value> = events
        .iter()
        .filter_map(|event| event.get("type"))
        .collect();
    let kinds = document.pointer_mut("/constants/logEventTypes");
    if let Some(kinds) = kinds.and_then(Value::as_object_mut) {
        kinds.retain(|_, number| used.contains(&&*number));
    }
    if let Some(constants) = document.get_mut("constants").and_then(Value::as_object_mut) {
        constants.retain(|name, _| {
            [
                "logEventTypes",
                "logSourceType",
                "timeTickOffset",
                "logEventPhase",
            ]
            .contains(&name.as_str())
        });
    }
    document
}

/// Every carrier and spelling, with a log around it.
fn carried(logs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let choices = (0_u8..20).flat_map(|carrier| (0_u8..12).map(move |rest| (carrier, rest)));
    choices
        .zip(logs.iter().cycle())
        .map(|((carrier, rest), log)| {
            let mut bytes = vec![carrier, rest % 4, rest / 4];
            bytes.extend((0_u8..24).map(|at| at.wrapping_mul(37).wrapping_add(carrier)));
            bytes.extend(log.iter().take(2000));
            bytes
        })
        .collect()
}

/// Rule files behind the letter of their kind.
fn rules(root: &Path) -> Vec<Vec<u8>> {
    let of = |folder: &str, letter: u8| -> Vec<Vec<u8>> {
        let files = listed(&root.join(folder)).into_iter();
        files
            .filter_map(|file| fs::read(file).ok())
            .map(|text| [&[letter], text.as_slice()].concat())
            .collect()
    };
    let checklist = fs::read(root.join("rules/checklist.toml")).unwrap_or_default();
    let readme = fs::read_to_string(root.join("README.md")).unwrap_or_default();
    let own = readme
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let own = own.map(|text| format!("o{text}").into_bytes());
    let mut all = of("rules/causes", b'c');
    all.extend(of("rules/lexicon", b'l'));
    all.push([b"k", checklist.as_slice()].concat());
    all.extend(own);
    all.retain(|seed| seed.len() <= MOST_BYTES);
    all
}

/// Logs with every connection some times over, behind the byte that chooses the way of reading.
fn sifted(logs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let chosen = logs.iter().step_by(3).zip((0_u8..=255).cycle());
    chosen
        .map(|(log, manner)| {
            let times = if log.len() < 2000 { 6 } else { 1 };
            [&[manner], log.repeat(times).as_slice()].concat()
        })
        .collect()
}

/// Logs as gzip and zstd write them, and as they are.
fn packed(logs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    use std::io::Write;
    let gzip = |log: &Vec<u8>| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder
            .write_all(log)
            .and_then(|()| encoder.finish())
            .unwrap_or_default()
    };
    let some = || logs.iter().step_by(7);
    let zipped = some().map(gzip);
    let zstd = some().filter_map(|log| zstd::encode_all(log.as_slice(), 3).ok());
    zipped.chain(zstd).chain(some().cloned()).collect()
}

/// Logs behind what is put around lines.
fn wrapped(logs: &[Vec<u8>]) -> Vec<Vec<u8>> {
    const BEFORE: [&str; 14] = [
        "",
        "backend/logs/django.log:12:",
        "backend/logs/django.log-13-",
        "12:",
        "web-1  | ",
        "[pod/web-6d4/web] ",
        "2026-11-20T10:00:00.123456789Z ",
        "Nov 20 10:00:00 host daphne[1106]: ",
        "2026-11-20T10:00:00+0100 host gunicorn[7]: ",
        "2026-11-20T10:00:00.123456+00:00 app[web.1]: ",
        "> ",
        "    ",
        "# ",
        "2026-11-20T10:00:00.123456789Z stdout F ",
    ];
    let text = |log: &Vec<u8>| String::from_utf8_lossy(log).into_owned();
    let lines = logs.iter().map(text).zip(BEFORE.iter().cycle());
    let mut wrapped: Vec<Vec<u8>> = lines
        .map(|(log, before)| {
            let lines: Vec<String> = log.lines().map(|line| [before, line].concat()).collect();
            lines.join("\n")
        })
        .map(String::into_bytes)
        .collect();
    wrapped.extend(
        logs.iter()
            .step_by(5)
            .map(|log| in_json(&text(log)).into_bytes()),
    );
    wrapped
}

/// As docker's `json-file` driver keeps lines.
fn in_json(log: &str) -> String {
    let line = |text: &str| {
        let text = Value::String(format!("{text}\n"));
        format!(
            "{{\"log\":{text},\"stream\":\"stdout\",\"time\":\"2026-11-20T10:00:00.123456789Z\"}}\n"
        )
    };
    log.lines().map(line).collect()
}
