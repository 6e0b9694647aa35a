//! Rule files and `wswhy.toml`: a mistake is an error that names its spot, never a crash.
//!
//! The first byte says what the rest is: `c` a cause, `l` a lexicon, `k` a checklist, anything else
//! the user's own words.

use super::pipeline;
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use wswhy::cause::Cause;
use wswhy::input::from_text;
use wswhy::lexicon::{Lexicon, LexiconFile};
use wswhy::rules::{RuleError, RuleSet};

/// A log with something for most rules: a request, a token, an error, an answer.
const LOG: &str = "\
127.0.0.1:39374 - - [20/Nov/2026:21:06:01] \"WSCONNECTING /ws/a/?token=x\" - -
2026-11-20 21:06:01,120 INFO core.middleware [JWT Middleware] Token received
2026-11-20 21:06:01,121 ERROR core.consumers Exception inside application: no such room
127.0.0.1:39374 - - [20/Nov/2026:21:06:01] \"WSREJECT /ws/a/?token=x\" - -
";

pub(super) fn hold(_: &RuleSet, bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    match kind {
        b'c' => cause(&text),
        b'l' => lexicon(&text),
        b'k' => loaded(&[("checklist.toml", &text)]),
        _ => judged(RuleSet::with_own_text("wswhy.toml", &text), &text),
    }
}

fn cause(text: &str) {
    // The file is named after the cause, where the name can be a file's.
    let id = toml::from_str::<Cause>(text).map(|cause| cause.id.to_string());
    let plain = |id: &String| {
        let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-';
        (1..50).contains(&id.len()) && id.bytes().all(is_letter)
    };
    let id = id.ok().filter(plain).unwrap_or("fuzzed".to_owned());
    loaded(&[(&format!("causes/{id}.toml"), text)]);
}

fn lexicon(text: &str) {
    if let Ok(file) = toml::from_str::<LexiconFile>(text) {
        // Alone it may lack kinds; then it is an error.
        let _ = Lexicon::new(vec![("fuzzed.toml".to_owned(), file)]);
    }
    loaded(&[("lexicon/fuzzed.toml", text)]);
}

/// Loads a folder of these files.
fn loaded(files: &[(&str, &str)]) {
    let folder = TempDir::new().expect("a folder");
    let mut texts = String::new();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder");
        fs::write(&path, text).expect("a file");
        texts.push_str(text);
    }
    judged(RuleSet::with_folder(folder.path()), &texts);
}

fn judged(outcome: Result<RuleSet, RuleError>, text: &str) {
    match outcome {
        Ok(rules) => {
            for problem in rules.problems() {
                assert!(!problem.to_string().is_empty());
            }
            pipeline::report(&rules, &from_text("server.log", LOG), &[]);
        }
        Err(error) => {
            let message = error.to_string();
            assert!(!message.is_empty());
            if let RuleError::Malformed { location, .. } = error {
                let lines = text.split('\n').count().max(1);
                assert!((1..=lines).contains(&location.line), "{message}");
                assert!(location.column > 0, "{message}");
            }
        }
    }
}
