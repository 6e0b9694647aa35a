//! From the paths that the user named to the files to read, in one order that does not depend on
//! how they were named.

use super::rotation::{self, Likeness, Rotation};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Folders that hold other people's code and data, and never the user's logs.
const SKIPPED_FOLDERS: [&str; 3] = ["node_modules", "__pycache__", "site-packages"];

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// The name for people.
    pub(super) name: String,
    /// Whether the user named it, so that it is read whatever it is called.
    pub(super) named: bool,
}

/// What the paths led to.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Files, oldest of each family first.
    pub(super) files: Vec<Found>,
    /// Whether `-` was among the paths.
    pub(super) stdin: bool,
    /// What was not read, and why, as sentences.
    pub(super) warnings: Vec<String>,
}

/// Follows every path. A file that several of them lead to is found once.
pub(super) fn walk(paths: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    let mut found: BTreeMap<PathBuf, Found> = BTreeMap::new();
    let paths: BTreeSet<&PathBuf> = paths.iter().collect();
    for path in paths {
        if path.as_os_str() == "-" {
            walk.stdin = true;
        } else if path.is_dir() {
            walk.folder(path, &mut found);
        } else {
            add(&mut found, path, true);
        }
    }
    walk.files = found.into_values().collect();
    walk.files
        .sort_by(|left, right| Rotation::order(&left.name, &right.name));
    walk.warnings.sort();
    walk
}

impl Walk {
    fn folder(&mut self, folder: &Path, found: &mut BTreeMap<PathBuf, Found>) {
        let (mut taken, mut others) = (false, 0_usize);
        let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        for entry in entries.into_iter().filter_entry(is_wanted) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if !entry.file_type().is_file() => self.warnings.push(format!(
                    "{} was skipped: it is a pipe, a socket or a device.",
                    display(entry.path())
                )),
                Ok(entry) => match rotation::likeness(&display(entry.path())) {
                    Likeness::Log | Likeness::Bare => {
                        taken = true;
                        add(found, entry.path(), false);
                    }
                    Likeness::Code | Likeness::Other => others = others.saturating_add(1),
                },
                Err(error) => self.warnings.push(unreachable_entry(&error, folder)),
            }
        }
        if !taken {
            let left_out = match others {
                0 => String::new(),
                1 => " (1 other file was left out; name it to have it read)".to_owned(),
                many => format!(" ({many} other files were left out; name one to have it read)"),
            };
            self.warnings
                .push(format!("{} holds no logs{left_out}.", display(folder)));
        }
    }
}

fn is_wanted(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let skipped = entry.file_type().is_dir() && SKIPPED_FOLDERS.contains(&name.as_ref());
    entry.depth() == 0 || !(name.starts_with('.') || skipped)
}

/// Keeps a file under what it truly is, so that links and repeated names lead to it once; of its
/// names the first in order is kept, and having been named by the user counts.
fn add(found: &mut BTreeMap<PathBuf, Found>, path: &Path, named: bool) {
    // A pipe of the shell (`<(…)`) has no real path; then the name has to do.
    let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let new = Found {
        path: path.to_owned(),
        name: display(path),
        named,
    };
    found
        .entry(identity)
        .and_modify(|known| {
            let named = known.named || named;
            if new.name < known.name {
                *known = new.clone();
            }
            known.named = named;
        })
        .or_insert(new);
}

fn display(path: &Path) -> String {
    let name = path.display().to_string();
    let plain = name.strip_prefix("./").filter(|rest| !rest.is_empty());
    plain.map_or_else(|| name.clone(), str::to_owned)
}

fn unreachable_entry(error: &walkdir::Error, folder: &Path) -> String {
    let path = display(error.path().unwrap_or(folder));
    match (error.loop_ancestor(), error.io_error()) {
        (Some(_), _) => format!("{path} was skipped: the link leads back to a folder above it."),
        (None, Some(cause)) => format!("{path} could not be read: {cause}."),
        (None, None) => format!("{path} could not be read."),
    }
}
