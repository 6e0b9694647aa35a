//! What can be wrong with rules, said so that the author finds the spot.

use crate::lexicon::LexiconError;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

/// A spot in a rule file, counted from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file as named.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why rules could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read the rules in {path}")]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The user's own file cannot be read.
    #[error("cannot read {name}: {problem}")]
    UnreadableFile {
        /// The file as named.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// The words of a rule cannot be searched for in long logs.
    #[error(transparent)]
    Marks(#[from] crate::sieve::MarksError),
    /// There is no such folder.
    #[error("there is no folder {path}")]
    NoFolder {
        /// What was named.
        path: PathBuf,
    },
    /// The folder holds no rule files.
    #[error("{path} has no rules: expected causes/*.toml, lexicon/*.toml or checklist.toml in it")]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// A file is not TOML, or not of the shape its folder asks for.
    #[error("{location}: {message}\n{excerpt}")]
    Malformed {
        /// The spot.
        location: Location,
        /// What is wrong there.
        message: String,
        /// The line with a mark below the spot.
        excerpt: String,
    },
    /// A cause's id is not its file's name.
    #[error("{file}: the id `{id}` must be the file's name without `.toml`")]
    Misnamed {
        /// The file.
        file: String,
        /// The id it states.
        id: String,
    },
    /// The rules compiled in cannot be read: the program and its build disagree.
    #[error("the rules compiled into the program cannot be read")]
    Unpacking(#[source] postcard::Error),
    /// The lexicon does not hold together.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
}

/// Turns an error of the TOML reader into one that points at the spot.
pub(crate) fn malformed(file: &str, text: &str, error: &toml::de::Error) -> RuleError {
    let message = error.message().replace('\n', "; ");
    let near =
        near_word(&message).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    at(
        file,
        text,
        error.span().unwrap_or(0..0),
        format!("{message}{near}"),
    )
}

/// An error about a part of a file's text, by its bytes.
pub(super) fn at(file: &str, text: &str, span: Range<usize>, message: String) -> RuleError {
    let before = text.get(..span.start).unwrap_or(text);
    let indent = before.rsplit('\n').next().unwrap_or("");
    let line_start = before.len().saturating_sub(indent.len());
    let shown = text.get(line_start..).unwrap_or("");
    let shown = shown.lines().next().unwrap_or("");
    let marked = text.get(span).unwrap_or("").lines().next().unwrap_or("");
    RuleError::Malformed {
        location: Location {
            file: file.to_owned(),
            line: before.split('\n').count(),
            column: indent.chars().count().saturating_add(1),
        },
        message,
        excerpt: excerpt(shown, indent.chars().count(), marked.chars().count()),
    }
}

/// The line with the part underlined that begins at a column, counted from nought. Of a long line
/// only what stands around that part is shown.
fn excerpt(line: &str, column: usize, length: usize) -> String {
    const BEFORE: usize = 60;
    const SHOWN: usize = 100;
    let skipped = column.saturating_sub(BEFORE);
    let indented = column.min(BEFORE);
    let shown: String = line.chars().skip(skipped).take(SHOWN).collect();
    // A tab stays one in both lines, so that they agree however wide it is shown.
    let indent: String = line
        .chars()
        .skip(skipped)
        .take(indented)
        .map(|c| if c == '\t' { c } else { ' ' })
        .collect();
    let room = shown.chars().count().saturating_sub(indented);
    format!(
        "  | {shown}\n  | {indent}{}",
        "^".repeat(length.min(room).max(1))
    )
}

/// The word that was meant, of a message that quotes a wrong one first and then those that are
/// expected.
fn near_word(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next()?;
    nearest(wrong, quoted)
}

/// The known name nearest to a mistyped one, if any is near.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, part: &str, message: &str) -> String {
        let start = text.find(part).unwrap();
        at(
            "wswhy.toml",
            text,
            start..start + part.len(),
            message.to_owned(),
        )
        .to_string()
    }

    #[test]
    fn the_offending_part_is_underlined() {
        assert_eq!(
            shown("a = 1\n  b = \"ü\" # c\n", "\"ü\"", "no number"),
            "wswhy.toml:2:7: no number\n  |   b = \"ü\" # c\n  |       ^^^"
        );
    }

    #[test]
    fn of_a_long_line_only_the_part_around_it_is_shown() {
        let text = format!("a = [{}, \"odd\"]", vec!["1"; 400].join(", "));
        let error = shown(&text, "\"odd\"", "no number");
        assert!(
            error.lines().all(|line| line.chars().count() <= 110),
            "{error}"
        );
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(lines[1].find("\"odd\""), lines[2].find("^^^^^"));
    }

    #[test]
    fn the_near_word_is_offered() {
        let message = "unknown field `knd`, expected one of `kind`, `any`";
        assert_eq!(near_word(message).as_deref(), Some("kind"));
        assert_eq!(near_word("unknown field `xyz`, expected `kind`"), None);
    }
}
