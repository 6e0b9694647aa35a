//! Writing fitted weights into rule files, which keep their comments, order and wording.

use super::{Change, Fit};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item, Table, TomlError, value};

/// Why weights could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A rule file cannot be read or written.
    #[error("cannot read or write {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A rule file is not TOML.
    #[error("{path} is not TOML")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        source: TomlError,
    },
    /// A rule file does not hold the evidence that the program was built with.
    #[error("{path} has no evidence called `{evidence}`")]
    NoSuchEvidence {
        /// The file.
        path: PathBuf,
        /// The item.
        evidence: String,
    },
}

/// Writes the changed weights into `causes/*.toml` of a folder, and what they were fitted on into its
/// `fitting.toml`.
pub fn write(fit: &Fit, folder: &Path) -> Result<(), WriteError> {
    let mut by_cause: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in &fit.changes {
        by_cause.entry(&change.cause).or_default().push(change);
    }
    for (cause, changes) in by_cause {
        let path = folder.join("causes").join(format!("{cause}.toml"));
        edit(&path, |document| {
            changes.iter().try_for_each(|change| {
                let item = evidence(document, &change.evidence);
                let item = item.ok_or_else(|| WriteError::NoSuchEvidence {
                    path: path.clone(),
                    evidence: change.evidence.clone(),
                })?;
                set(item, change);
                Ok(())
            })
        })?;
    }
    edit(&folder.join("fitting.toml"), |document| {
        let names: toml_edit::Array = fit.personalities.iter().collect();
        document.insert("personalities", value(names));
        Ok(())
    })
}

fn edit(
    path: &Path,
    change: impl FnOnce(&mut DocumentMut) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let in_file = |source| WriteError::File {
        path: path.to_owned(),
        source,
    };
    let text = fs::read_to_string(path).map_err(in_file)?;
    let mut document: DocumentMut = text.parse().map_err(|source| WriteError::Malformed {
        path: path.to_owned(),
        source,
    })?;
    change(&mut document)?;
    fs::write(path, document.to_string()).map_err(in_file)
}

fn evidence<'a>(document: &'a mut DocumentMut, id: &str) -> Option<&'a mut Table> {
    let items = document.get_mut("evidence")?.as_array_of_tables_mut()?;
    items
        .iter_mut()
        .find(|item| item.get("id").and_then(Item::as_str) == Some(id))
}

/// Sets the weight, and beside it the author's own where they differ.
fn set(evidence: &mut Table, change: &Change) {
    if let Some(weight) = evidence.get_mut("weight") {
        // The decoration of the old value would be lost with it.
        *weight = value(change.after);
    }
    let same = (change.after - change.by_hand).abs() < f64::EPSILON;
    if same {
        evidence.remove("by-hand");
    } else {
        evidence.insert("by-hand", value(change.by_hand));
    }
    let place = |key: &str| match key {
        "id" => 0,
        "weight" => 1,
        "by-hand" => 2,
        _ => 3,
    };
    evidence.sort_values_by(|one, _, other, _| place(one.get()).cmp(&place(other.get())));
}
