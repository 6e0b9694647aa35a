//! What can be wrong with rules, said so that the author finds the spot.

use crate::lexicon::LexiconError;
use std::fmt;
use std::io;
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
    /// The lexicon does not hold together.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
}

/// Turns an error of the TOML reader into one that points at the spot.
pub(crate) fn malformed(file: &str, text: &str, error: &toml::de::Error) -> RuleError {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |position| position + 1);
    let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
    let shown = text.lines().nth(line - 1).unwrap_or("");
    RuleError::Malformed {
        location: Location {
            file: file.to_owned(),
            line,
            column,
        },
        message: error.message().to_owned(),
        excerpt: format!("  | {shown}\n  | {}^", " ".repeat(column - 1)),
    }
}
