//! The built-in rules keep their own promises: every sample, example and near miss in them holds.

use super::material::RULES;
use wswhy::lexicon::{Kind, Lexicon, LexiconFile, Phrase, Within};
use wswhy::record::{Exception, Frame, Level, Origin, Record, Side, Traceback};
use wswhy::trial;

/// The causes that the documents this project began with name; their names are public.
const NAMED_AT_THE_START: [&str; 37] = [
    "accept-never-called",
    "auth-middleware-missing",
    "auth-rejected",
    "channel-layer-in-memory",
    "channel-layer-not-configured",
    "channel-layer-unreachable",
    "client-closed-early",
    "closed-by-consumer",
    "consumer-exception-after-accept",
    "consumer-exception-before-accept",
    "consumer-rejected",
    "database-error",
    "frame-error",
    "group-name-invalid",
    "host-unreachable",
    "initial-data-error",
    "initial-data-missing",
    "middleware-exception",
    "middleware-swallowed",
    "network-blocked",
    "origin-rejected",
    "reconnect-storm",
    "role-mismatch",
    "route-not-found",
    "route-shadowed",
    "send-before-accept",
    "server-not-running",
    "session-missing",
    "subprotocol-mismatch",
    "token-expired",
    "token-invalid",
    "token-missing",
    "user-inactive",
    "user-not-found",
    "wrong-port",
    "wrong-url-scheme",
    "wsgi-server",
];

fn assert_none<T: ToString>(found: &[T], what: &str) {
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(
        found.is_empty(),
        "{} {what}:\n{}",
        shown.len(),
        shown.join("\n")
    );
}

/// A lexicon of this phrase alone, so that no other can answer in its place or silence a clue.
fn lexicon_of(phrase: &Phrase, kinds: &[Kind]) -> Lexicon {
    let file = LexiconFile {
        kinds: kinds.to_vec(),
        phrases: vec![phrase.clone()],
        ..LexiconFile::default()
    };
    Lexicon::new(vec![("one phrase".to_owned(), file)]).unwrap()
}

/// The record in which a phrase would find this text: everything it asks for is there.
pub(crate) fn record_for(phrase: &Phrase, text: &str) -> Record {
    let mut record = Record {
        origin: Origin {
            source: 0,
            line: 1,
            last_line: 1,
        },
        dialect: "none",
        side: phrase.side.map_or(Side::Backend, Side::from),
        stamp: None,
        wrapper_stamp: None,
        level: phrase.level.map(Level::from),
        logger: None,
        process: None,
        peer: None,
        target: None,
        status: None,
        message: String::new(),
        detail: Vec::new(),
        left_out: 0,
        traceback: None,
        repeats: 1,
        copies: None,
        by_chance: false,
        partial: false,
        after_gap: false,
        text: text.to_owned(),
    };
    if let Some(dialect) = phrase.dialects.first() {
        record.dialect = dialect.to_string().leak();
    }
    match phrase.within {
        Within::Message => {
            let mut lines = text.lines().map(str::to_owned);
            record.message = lines.next().unwrap_or_default();
            record.detail = lines.collect();
        }
        Within::Logger => record.logger = Some(text.to_owned()),
        Within::Exception => record.traceback = Some(raised(text)),
        Within::Frame => record.traceback = Some(passed(text)),
    }
    record
}

/// `Class: message` as an exception.
fn raised(text: &str) -> Traceback {
    let (class, message) = text.split_once(": ").unwrap_or((text, ""));
    Traceback {
        exceptions: vec![Exception {
            class: class.to_owned(),
            message: message.to_owned(),
            frames: Vec::new(),
        }],
    }
}

/// `file:line, in function`, or `file: code`, as a frame.
fn passed(text: &str) -> Traceback {
    let frame = if let Some((place, function)) = text.rsplit_once(", in ") {
        let (file, line) = place.rsplit_once(':').unwrap_or((place, "0"));
        Frame {
            file: file.to_owned(),
            line: line.parse().unwrap_or(0),
            function: function.to_owned(),
            code: String::new(),
        }
    } else {
        let (file, code) = text.split_once(": ").unwrap_or((text, ""));
        Frame {
            file: file.to_owned(),
            line: 0,
            function: String::new(),
            code: code.to_owned(),
        }
    };
    Traceback {
        exceptions: vec![Exception {
            frames: vec![frame],
            ..Exception::default()
        }],
    }
}

#[test]
fn the_built_in_rules_have_no_problems() {
    assert_none(&RULES.problems(), "problems in rules/");
}

#[test]
fn the_causes_named_at_the_start_are_all_there() {
    let missing: Vec<&str> = NAMED_AT_THE_START
        .into_iter()
        .filter(|id| RULES.cause(id).is_none())
        .collect();
    assert_none(&missing, "causes are missing");
}

#[test]
fn every_phrase_matches_its_samples_and_none_of_its_near_misses() {
    let kinds: Vec<Kind> = RULES.lexicon.kinds().cloned().collect();
    let mut found = Vec::new();
    for phrase in RULES.lexicon.phrases() {
        let lexicon = lexicon_of(phrase, &kinds);
        let matches = |text: &str| !lexicon.meanings(&record_for(phrase, text)).is_empty();
        for sample in phrase.samples.iter().filter(|text| !matches(text)) {
            found.push(format!("{}: does not match `{sample}`", phrase.kind));
        }
        for text in phrase.near_misses.iter().filter(|text| matches(text)) {
            found.push(format!("{}: matches `{text}`", phrase.kind));
        }
    }
    assert_none(&found, "samples and near misses do not hold");
}

#[test]
fn every_phrase_shows_what_it_is_for() {
    let silent: Vec<&str> = RULES
        .lexicon
        .phrases()
        .filter(|phrase| phrase.samples.is_empty())
        .map(|phrase| phrase.kind.as_str())
        .collect();
    assert_none(&silent, "phrases have no sample");
}

#[test]
fn a_sample_keeps_its_meaning_among_all_other_phrases() {
    let mut found = Vec::new();
    for phrase in RULES.lexicon.phrases() {
        for sample in &phrase.samples {
            let meanings = RULES.lexicon.meanings(&record_for(phrase, sample));
            let kept = meanings.iter().any(|meaning| {
                let kind = RULES.lexicon.kind(meaning.kind);
                // A clue gives way to a phrase that states something.
                phrase.clue || kind.is_some_and(|kind| kind.id == phrase.kind)
            });
            if !kept {
                found.push(format!("{}: `{sample}`", phrase.kind));
            }
        }
    }
    assert_none(&found, "samples lose their meaning");
}

#[test]
fn every_cause_comes_first_in_its_examples_and_in_none_of_its_near_misses() {
    let (total, failures) = trial::run(&RULES);
    assert!(total >= 2 * RULES.causes.len());
    assert_none(&failures, &format!("of {total} examples fail"));
}
