//! Finding and reading the user's `wswhy.toml`.
//!
//! The file may lie in a folder above the logs that somebody else wrote, so it is held small, can
//! name words and nothing else, and its mistakes are said with their place.

use super::error::RuleError;
use super::load;
use super::spot::{Document, Step};
use crate::lexicon::LexiconFile;
use crate::own::{Own, OwnFile, Route, Routes, Zone, Zones};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The name that is looked for.
pub const FILE_NAME: &str = "wswhy.toml";

/// The largest file that is read, in bytes; hundreds of phrases take a tenth.
const MOST_BYTES: u64 = 256 << 10;

/// A file of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPath {
    /// Where it is.
    pub path: PathBuf,
    /// What messages and reports call it.
    pub name: String,
}

impl OwnPath {
    /// A file that was named.
    #[must_use]
    pub fn named(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: path.display().to_string(),
        }
    }

    /// The first `wswhy.toml` in a folder or those above it. What bears that name and is no file (a
    /// folder, a pipe) is passed over.
    #[must_use]
    pub fn search(folder: &Path) -> Option<Self> {
        folder.ancestors().enumerate().find_map(|(above, folder)| {
            let path = folder.join(FILE_NAME);
            path.is_file().then(|| Self {
                path,
                name: format!("{}{FILE_NAME}", "../".repeat(above)),
            })
        })
    }
}

/// The words of a file: those of the lexicon's schema, and the rest.
pub(super) struct OwnParts {
    pub(super) lexicon: LexiconFile,
    pub(super) own: Own,
}

/// Reads a file's text; only what is a file, and small.
pub(super) fn read(from: &OwnPath) -> Result<String, RuleError> {
    let unreadable = |problem: String| RuleError::UnreadableFile {
        name: from.name.clone(),
        problem,
    };
    if from.path.is_dir() {
        return Err(unreadable("it is a folder".to_owned()));
    }
    let failed = |error: std::io::Error| unreadable(error.to_string());
    let file = File::open(&from.path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        let limit = MOST_BYTES >> 10;
        return Err(unreadable(format!("it is larger than {limit} KiB")));
    }
    String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))
}

/// Reads the words of a text.
pub(super) fn parse(name: &str, text: &str) -> Result<OwnParts, RuleError> {
    let document = Document { file: name, text };
    refuse_rules(&document)?;
    let file: OwnFile = load::parse(name, text)?;
    let own = Own {
        file: Some(name.to_owned()),
        routes: routes(&file, &document)?,
        zones: zones(&file, &document)?,
    };
    Ok(OwnParts {
        lexicon: LexiconFile {
            phrases: file.phrases,
            close_codes: file.close_codes,
            ..LexiconFile::default()
        },
        own,
    })
}

/// Kinds and causes change what a diagnosis is: they are loaded from where the user says, not from
/// where a file happens to lie.
fn refuse_rules(document: &Document<'_>) -> Result<(), RuleError> {
    let Ok(table) = toml::de::DeTable::parse(document.text) else {
        return Ok(());
    };
    for key in ["kind", "cause"] {
        if table.get_ref().contains_key(key) {
            let message = format!(
                "`{key}` does not belong into {FILE_NAME}: it goes into a folder of rules, \
                 which `--rules` names"
            );
            return Err(document.error(&[Step::Name(key)], message));
        }
    }
    Ok(())
}

fn routes(file: &OwnFile, document: &Document<'_>) -> Result<Routes, RuleError> {
    let mut routes = Vec::new();
    for (index, entry) in file.routes.iter().enumerate() {
        let route = Route::new(entry).map_err(|error| {
            let steps = [Step::Key("route"), Step::Index(index), Step::Key("path")];
            document.error(&steps, error.to_string())
        })?;
        routes.push(route);
    }
    Ok(Routes::new(routes))
}

fn zones(file: &OwnFile, document: &Document<'_>) -> Result<Zones, RuleError> {
    let mut zones = Zones::default();
    for (key, value) in &file.time_zones {
        let zone = Zone::parse(value).map_err(|error| {
            document.error(
                &[Step::Key("time-zones"), Step::Key(key)],
                error.to_string(),
            )
        })?;
        zones.add(key, zone).map_err(|error| {
            document.error(
                &[Step::Key("time-zones"), Step::Name(key)],
                error.to_string(),
            )
        })?;
    }
    Ok(zones)
}
