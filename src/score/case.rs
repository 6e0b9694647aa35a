//! A case: a folder of logs whose answer is known, and the `case.toml` that says it.

use crate::attempt::Pattern;
use crate::input::{self, InputError, Reading};
use crate::rules::{RuleError, RuleSet, malformed};
use serde::Deserialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What makes a folder a case.
const LABEL: &str = "case.toml";

/// A folder of logs with the answer that is known for them.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its folder, as seen from the one that was scored; `.` where that is the case itself.
    pub name: String,
    /// Where its files are.
    pub folder: PathBuf,
    /// The known answer.
    pub label: Label,
}

/// What `case.toml` says; what it says beyond this is for people.
#[derive(Debug, Clone, Deserialize)]
pub struct Label {
    /// Where the connection stopped.
    pub pattern: Pattern,
    /// Why; absent for what is healthy and where the files cannot tell.
    #[serde(default)]
    pub cause: Option<String>,
    /// Other causes that an expert could rightly name first from these files alone.
    #[serde(default)]
    pub also: Vec<String>,
    /// How the cause can be known.
    #[serde(default)]
    pub statement: Option<Statement>,
    /// The style of the application's own logging.
    #[serde(default)]
    pub personality: Option<String>,
    /// The files that are input, in this order; without it, all others of the folder.
    #[serde(default)]
    pub files: Vec<PathBuf>,
}

/// How a cause can be known from the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statement {
    /// A line states it.
    Explicit,
    /// It follows from order, silence or a token's claims.
    Inferred,
}

impl Statement {
    /// Its name in `case.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Inferred => "inferred",
        }
    }
}

/// Why a folder could not be scored.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// The folder or a label in it cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nothing to score.
    #[error("{path} has no cases: expected folders with a {LABEL} in them")]
    NoCases {
        /// The folder.
        path: PathBuf,
    },
    /// A label is not of the shape that a label has.
    #[error(transparent)]
    Malformed(#[from] RuleError),
    /// The files of a case cannot be read.
    #[error("the files of the case {case}")]
    Input {
        /// The case.
        case: String,
        /// What the reader says.
        source: InputError,
    },
}

impl Case {
    /// Reads the label of a folder. `name` is what the case is called in a scoreboard.
    pub fn read(folder: &Path, name: &str) -> Result<Self, ScoreError> {
        let path = folder.join(LABEL);
        let text = fs::read_to_string(&path).map_err(|source| unreadable(&path, source))?;
        let mut label: Label = toml::from_str(&text)
            .map_err(|error| malformed(&path.display().to_string(), &text, &error))?;
        if label.files.is_empty() {
            label.files = other_files(folder)?;
        }
        Ok(Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            label,
        })
    }

    /// The paths of its logs.
    #[must_use]
    pub fn paths(&self) -> Vec<PathBuf> {
        let files = self.label.files.iter();
        files.map(|file| self.folder.join(file)).collect()
    }

    /// Reads its logs.
    pub fn reading(&self, rules: &RuleSet) -> Result<Reading, ScoreError> {
        input::read_paths(&self.paths(), &rules.marks).map_err(|source| ScoreError::Input {
            case: self.name.clone(),
            source,
        })
    }

    /// The causes that may come first.
    pub fn right_causes(&self) -> impl Iterator<Item = &str> {
        let also = self.label.also.iter();
        self.label.cause.iter().chain(also).map(String::as_str)
    }
}

/// All cases under a folder, by name.
pub fn cases(folder: &Path) -> Result<Vec<Case>, ScoreError> {
    let mut cases = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            let source = error.into_io_error();
            unreadable(
                &path,
                source
                    .unwrap_or_else(|| io::Error::other("a link leads back to a folder above it")),
            )
        })?;
        if entry.file_name() != LABEL || !entry.file_type().is_file() {
            continue;
        }
        let Some(inside) = entry.path().parent() else {
            continue;
        };
        cases.push(Case::read(inside, &called(inside, folder))?);
    }
    if cases.is_empty() {
        return Err(ScoreError::NoCases {
            path: folder.to_owned(),
        });
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(cases)
}

/// A folder as seen from another, with `/` on every system.
fn called(inside: &Path, folder: &Path) -> String {
    let parts: Vec<_> = inside
        .strip_prefix(folder)
        .unwrap_or(inside)
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

fn other_files(folder: &Path) -> Result<Vec<PathBuf>, ScoreError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
        let entry = entry.map_err(|source| unreadable(folder, source))?;
        if entry.file_name() != LABEL {
            files.push(PathBuf::from(entry.file_name()));
        }
    }
    files.sort();
    Ok(files)
}

fn unreadable(path: &Path, source: io::Error) -> ScoreError {
    ScoreError::Unreadable {
        path: path.to_owned(),
        source,
    }
}
