//! The public face of reading: files, folders, streams and texts to sources.

use super::decode::{self, Decoded, MAX_LINE_BYTES};
use super::grep::{self, Part};
use super::rotation::Rotation;
use super::source::{Completeness, Form, Source};
use super::walk::{self, Found};
use super::{paste, wrapper};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// The name of standard input among the sources.
pub const STDIN_NAME: &str = "<stdin>";

/// What was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The sources: those of one family oldest first, families in natural order of their names,
    /// standard input last. The order does not depend on the order of the paths.
    pub sources: Vec<Source>,
    /// What was skipped, cut or could not be read, and where: sentences for people.
    pub warnings: Vec<String>,
    /// How many files and streams could be read, empty ones included.
    pub readable: usize,
}

/// Why there is nothing to work with.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// Not one of the paths or streams could be read.
    #[error("nothing could be read:\n{}", .reasons.join("\n"))]
    NothingRead {
        /// One sentence for each.
        reasons: Vec<String>,
    },
}

/// Reads files, folders and, for `-`, standard input.
///
/// A folder is searched with its subfolders. Of its files those with a log's name are read
/// (`*.log`, `*.txt`, `*.json`, `*.jsonl`, `*.ndjson`, `*.har`, `*.out`, `*.err`, `*.gz`, `*.zst`,
/// rotated ones too), and those without any ending that hold text (`syslog`, `messages`). Hidden
/// files and folders are left out, as are `node_modules`, `__pycache__` and `site-packages`. A
/// file that is named itself is read whatever its name.
///
/// What cannot be read is reported among the warnings; an error means that nothing could.
pub fn read_paths(paths: &[PathBuf]) -> Result<Reading, InputError> {
    let walk = walk::walk(paths);
    let mut outcomes: Vec<Reading> = walk.files.par_iter().map(read_file).collect();
    if walk.stdin {
        outcomes.push(read_open(STDIN_NAME, io::stdin().lock(), true));
    }
    let mut reading = Reading {
        warnings: walk.warnings,
        ..Reading::default()
    };
    for outcome in outcomes {
        reading.sources.extend(outcome.sources);
        reading.warnings.extend(outcome.warnings);
        reading.readable += outcome.readable;
    }
    finish(reading)
}

/// Reads one stream, such as standard input.
pub fn read_stream(name: &str, reader: impl Read) -> Result<Reading, InputError> {
    finish(read_open(name, reader, name == STDIN_NAME))
}

/// The sources of a text that is already there; several where it is `grep` output of several
/// files.
#[must_use]
pub fn from_text(name: &str, text: &str) -> Vec<Source> {
    let mut reading = read_open(name, text.as_bytes(), name == STDIN_NAME);
    order(&mut reading.sources);
    reading.sources
}

fn finish(mut reading: Reading) -> Result<Reading, InputError> {
    if reading.readable == 0 {
        return Err(InputError::NothingRead {
            reasons: reading.warnings,
        });
    }
    order(&mut reading.sources);
    Ok(reading)
}

/// Orders the sources, and gives the parts of each family their places.
fn order(sources: &mut [Source]) {
    sources.sort_by(|one, other| {
        one.stdin
            .cmp(&other.stdin)
            .then_with(|| Rotation::order(&one.name, &other.name))
    });
    let mut next: BTreeMap<String, u32> = BTreeMap::new();
    for source in sources {
        let place = next.entry(source.family.clone()).or_default();
        source.sequence = *place;
        *place = place.saturating_add(1);
    }
}

fn read_file(found: &Found) -> Reading {
    match File::open(&found.path) {
        Ok(file) => {
            let mut reading = read_open(&found.name, file, false);
            // A file without ending in a folder was a guess: that it is binary is no news.
            if !found.named && reading.readable == 0 && is_bare(&found.name) {
                reading.warnings.clear();
            }
            reading
        }
        Err(error) => unread(&found.name, &error),
    }
}

fn is_bare(name: &str) -> bool {
    super::rotation::likeness(name) == super::rotation::Likeness::Bare
}

fn unread(name: &str, error: &io::Error) -> Reading {
    Reading {
        warnings: vec![format!("{name} could not be read: {error}.")],
        ..Reading::default()
    }
}

fn read_open(name: &str, reader: impl Read, stdin: bool) -> Reading {
    match decode::read(reader) {
        Err(error) => unread(name, &error),
        Ok(Decoded {
            foreign: Some(kind),
            ..
        }) => Reading {
            warnings: vec![format!("{name} was skipped: it is {kind}.")],
            ..Reading::default()
        },
        Ok(decoded) => {
            let mut warnings = warnings_of(name, &decoded);
            let sources = sources_of(name, decoded, stdin, &mut warnings);
            Reading {
                sources,
                warnings,
                readable: 1,
            }
        }
    }
}

fn warnings_of(name: &str, decoded: &Decoded) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(reason) = &decoded.broken {
        let lines = decoded.lines.len();
        warnings.push(format!(
            "{name} was read up to line {lines} only: {reason}."
        ));
    }
    if let Some(first) = decoded.cut.first() {
        let limit = MAX_LINE_BYTES / 1024;
        let count = decoded.cut.len();
        warnings.push(format!(
            "{name} has lines longer than {limit} KiB ({count}, the first is line {first}): the rest of each was dropped."
        ));
    }
    warnings
}

fn sources_of(
    name: &str,
    decoded: Decoded,
    stdin: bool,
    warnings: &mut Vec<String>,
) -> Vec<Source> {
    let whole = match decoded.broken {
        Some(_) => Completeness::Truncated,
        None => Completeness::Whole,
    };
    let (parts, remarks) = match decoded.form {
        Form::Lines => {
            let split = grep::split(decoded.lines);
            (split.parts, split.remarks)
        }
        Form::Document => {
            let part = Part {
                lines: decoded.lines,
                ..Part::default()
            };
            (vec![part], Vec::new())
        }
    };
    warnings.extend(remarks);
    let form = decoded.form;
    let sources = parts.into_iter().map(|part| {
        let completeness = if part.filtered {
            Completeness::Filtered
        } else {
            whole
        };
        source_of(name, part, completeness, form, stdin)
    });
    sources.collect()
}

/// A source of one part, its pastes and wrappers taken off.
fn source_of(
    name: &str,
    part: Part,
    completeness: Completeness,
    form: Form,
    stdin: bool,
) -> Source {
    let name = part.name.unwrap_or_else(|| name.to_owned());
    let mut lines = part.lines;
    let mut set_aside = part.set_aside;
    if form == Form::Lines {
        set_aside += paste::tidy(&mut lines);
        set_aside += wrapper::strip(&mut lines);
        paste::unfold(&mut lines);
    }
    Source {
        family: Rotation::of(&name).family,
        name,
        completeness,
        lines,
        form,
        stdin,
        sequence: 0,
        set_aside,
    }
}

#[cfg(test)]
mod tests;
