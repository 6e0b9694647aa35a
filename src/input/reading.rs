//! The public face of reading: files, folders, streams and texts to sources.

use super::decode::{self, Opened};
use super::intake::{self, Inlet, Taken};
use super::parts;
use super::rotation::{self, Rotation};
use super::source::Source;
use super::walk;
use crate::sieve::{Manner, Marks};
use std::collections::BTreeMap;
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
pub fn read_paths(paths: &[PathBuf], marks: &Marks) -> Result<Reading, InputError> {
    read_in(paths, marks, manner())
}

/// [`read_paths`] in another manner, which makes no difference to what is read.
pub fn read_in(paths: &[PathBuf], marks: &Marks, manner: Manner) -> Result<Reading, InputError> {
    let walk = walk::walk(paths);
    let mut inlets: Vec<(Name, Inlet<'_>)> = walk
        .files
        .into_iter()
        .map(|found| {
            let name = Name {
                guessed: !found.named && is_bare(&found.name),
                text: found.name,
            };
            let inlet = Inlet::file(name.text.clone(), found.path);
            (name, inlet)
        })
        .collect();
    if walk.stdin {
        inlets.push((
            Name::of(STDIN_NAME),
            Inlet::stream(STDIN_NAME.to_owned(), io::stdin()),
        ));
    }
    finish(read_inlets(inlets, marks, manner), walk.warnings)
}

/// Reads one stream, such as standard input.
pub fn read_stream(
    name: &str,
    reader: impl Read + Send,
    marks: &Marks,
) -> Result<Reading, InputError> {
    let inlet = Inlet::stream(name.to_owned(), reader);
    let reading = read_inlets(vec![(Name::of(name), inlet)], marks, manner());
    finish(reading, Vec::new())
}

/// The sources of a text that is already there, all its lines read; several where it is `grep` output of
/// several files.
#[must_use]
pub fn from_text(name: &str, text: &str) -> Vec<Source> {
    let decoded = match decode::open(text.as_bytes()) {
        Ok(Opened::Text(text)) => text.read(),
        Ok(Opened::Document(decoded)) => decoded,
        Ok(Opened::Foreign(_)) | Err(_) => return Vec::new(),
    };
    let (mut sources, _) = parts::sources(name, decoded, name == STDIN_NAME);
    order(&mut sources);
    sources
}

/// As many threads as every other step uses: those that the machine runs at once.
fn manner() -> Manner {
    Manner {
        threads: rayon::current_num_threads(),
        ..Manner::default()
    }
}

/// The name of an inlet.
struct Name {
    text: String,
    /// A file without ending in a folder was a guess: that it is binary is no news.
    guessed: bool,
}

impl Name {
    fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            guessed: false,
        }
    }
}

fn read_inlets(inlets: Vec<(Name, Inlet<'_>)>, marks: &Marks, manner: Manner) -> Reading {
    let (names, inlets): (Vec<Name>, Vec<Inlet<'_>>) = inlets.into_iter().unzip();
    let mut reading = Reading::default();
    for (name, taken) in names.into_iter().zip(intake::read(inlets, marks, manner)) {
        let Name {
            text: name,
            guessed,
        } = name;
        match taken {
            Taken::Unread(error) => {
                let warning = format!("{name} could not be read: {error}.");
                reading.warnings.push(warning);
            }
            Taken::Foreign(_) if guessed => {}
            Taken::Foreign(kind) => {
                let warning = format!("{name} was skipped: it is {kind}.");
                reading.warnings.push(warning);
            }
            Taken::Text(decoded) => {
                let (sources, warnings) = parts::sources(&name, decoded, name == STDIN_NAME);
                reading.sources.extend(sources);
                reading.warnings.extend(warnings);
                reading.readable = reading.readable.saturating_add(1);
            }
        }
    }
    reading.warnings.extend(sifted(&reading.sources));
    reading
}

/// What the sieve passed over, as a sentence.
fn sifted(sources: &[Source]) -> Option<String> {
    let passed_over = sources.iter().map(|source| source.passed_over);
    let passed_over = passed_over.fold(0, u64::saturating_add);
    let read = sources
        .iter()
        .map(|source| source.lines.len())
        .sum::<usize>();
    (passed_over > 0).then(|| {
        format!(
            "The input is long: {read} of its lines show something new and were read closely. The other \
             {passed_over} were searched; they do not speak of WebSockets, or repeat what the read ones say, \
             and are counted."
        )
    })
}

fn is_bare(name: &str) -> bool {
    rotation::likeness(name) == rotation::Likeness::Bare
}

fn finish(mut reading: Reading, mut warnings: Vec<String>) -> Result<Reading, InputError> {
    warnings.append(&mut reading.warnings);
    reading.warnings = warnings;
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

#[cfg(test)]
mod tests;
