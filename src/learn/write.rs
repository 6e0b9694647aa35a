//! A proposal as a TOML document in the schema of `wswhy.toml`, with the reasons as comments.
//!
//! What comes from a log stands in TOML strings or, made visible, in comments: no line of a log can
//! add a key, and none steers the terminal that shows the document.

use super::{Proposal, Proposed};
use crate::report::escape::{steers, visible};
use std::fmt::Write as _;
use toml::Value;

/// Columns of a comment.
const WIDTH: usize = 96;

/// The document, ending in a line break.
#[must_use]
pub fn to_toml(proposal: &Proposal) -> String {
    let read = format!(
        "Read {} and {}.",
        counted(proposal.lines, "line"),
        counted(proposal.attempts, "connection attempt")
    );
    if proposal.phrases.is_empty() {
        let nothing = if proposal.attempts == 0 {
            "Nothing to learn from: no connection attempt was found."
        } else {
            "Nothing to learn: every line of the application near a connection attempt is understood."
        };
        return comment(&format!("{nothing} {read}"));
    }
    let mut written = comment(&format!(
        "Proposed by `wswhy learn`. {read} Review each phrase: what it means is guessed from where its \
         lines stand. `wswhy rules check wswhy.toml` checks the file, and README.md says what else it \
         may hold."
    ));
    let mut was_sure = true;
    for phrase in &proposal.phrases {
        if was_sure && !phrase.sure {
            written.push('\n');
            written.push_str(&comment(
                "Less sure: take away the `# ` before a phrase once you know what it means.",
            ));
        }
        was_sure = phrase.sure;
        written.push('\n');
        written.push_str(&block(phrase));
    }
    written
}

fn block(phrase: &Proposed) -> String {
    let mut written = comment(&format!("{} {}", counts(phrase), phrase.reason));
    if !phrase.instead.is_empty() {
        let others: Vec<String> = phrase
            .instead
            .iter()
            .map(|kind| format!("`{kind}`"))
            .collect();
        written.push_str(&comment(&format!(
            "It could also mean {}.",
            others.join(", ")
        )));
    }
    let fields = [
        ("kind", string(phrase.kind)),
        ("any", format!("[{}]", string(&phrase.pattern))),
        ("side", string("backend")),
        ("samples", format!("[{}]", string(&phrase.sample))),
    ];
    let mut table = "[[phrase]]\n".to_owned();
    for (key, value) in fields {
        let _ = writeln!(table, "{key} = {value}");
    }
    for line in table.lines() {
        let mark = if phrase.sure { "" } else { "# " };
        let _ = writeln!(written, "{mark}{line}");
    }
    written
}

/// A text as a TOML string on one line. What steers a terminal stands there by its number, so that an
/// expression matches what it was learnt from all the same.
fn string(text: &str) -> String {
    let is_plain = |c: char| !c.is_control() && !steers(c);
    if text.chars().all(is_plain) {
        return Value::String(text.to_owned()).to_string();
    }
    let mut written = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            plain if is_plain(plain) => written.push(plain),
            steering => {
                let _ = write!(written, "\\U{:08X}", u32::from(steering));
            }
        }
    }
    written.push('"');
    written
}

fn counts(phrase: &Proposed) -> String {
    let place = match phrase.between {
        (Some(before), Some(after)) => format!("between {before} and {after}"),
        (Some(before), None) => format!("after {before}"),
        (None, Some(after)) => format!("before {after}"),
        (None, None) => "beside no known stage".to_owned(),
    };
    let there = match phrase.lines {
        1 => format!("1 line, {place}"),
        lines if lines == phrase.there => format!("{lines} lines, all {place}"),
        lines => format!("{lines} lines, {} of them {place}", phrase.there),
    };
    format!(
        "{there}; in {} that failed and {} that worked.",
        counted(phrase.failed, "attempt"),
        phrase.worked
    )
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// A text as comment lines.
fn comment(text: &str) -> String {
    let options = textwrap::Options::new(WIDTH)
        .initial_indent("# ")
        .subsequent_indent("# ")
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::fill(&visible(text), options) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own::OwnFile;
    use crate::stage::Stage;

    fn phrase(sample: &str) -> Proposed {
        Proposed {
            kind: "token-expired",
            instead: vec!["auth-failed"],
            pattern: r"^pass\s+has\s+run\s+out\b".to_owned(),
            sure: true,
            reason: "Because.".to_owned(),
            lines: 2,
            failed: 2,
            worked: 0,
            between: (Some(Stage::Server), None),
            there: 2,
            sample: sample.to_owned(),
        }
    }

    fn document(sample: &str) -> OwnFile {
        let proposal = Proposal {
            phrases: vec![phrase(sample)],
            lines: 9,
            attempts: 2,
        };
        toml::from_str(&to_toml(&proposal)).unwrap()
    }

    #[test]
    fn the_document_says_what_was_learnt() {
        let file = document("pass has run out");
        assert_eq!(file.phrases[0].kind, "token-expired");
        assert_eq!(file.phrases[0].samples, ["pass has run out"]);
    }

    #[test]
    fn what_steers_a_terminal_is_written_by_its_number() {
        let odd = "pass\u{9d} \u{202e}\u{3164}run \u{8}'out'\u{1b}[2J \"\\";
        let mut proposed = phrase(odd);
        proposed.pattern = format!("^{}", regex::escape(odd));
        let proposal = Proposal {
            phrases: vec![proposed],
            ..Proposal::default()
        };
        let written = to_toml(&proposal);
        assert!(
            written
                .chars()
                .all(|c| c == '\n' || !c.is_control() && !steers(c)),
            "{written}"
        );
        let file: OwnFile = toml::from_str(&written).unwrap();
        assert_eq!(file.phrases[0].samples, [odd]);
        let learnt = regex::Regex::new(&file.phrases[0].any[0]).unwrap();
        assert!(learnt.is_match(odd));
    }

    #[test]
    fn no_line_of_a_log_can_add_a_key() {
        let hostile = "x\"]\n[time-zones]\nserver = \"UTC\"\n# '''\"\"\"\u{1b}[2J";
        let file = document(hostile);
        assert!(file.time_zones.is_empty());
        assert_eq!(file.phrases.len(), 1);
    }
}
