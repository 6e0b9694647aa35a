//! From the paths that the user named to the files to read, in one order that does not depend on
//! how they were named.

use super::rotation::{self, Likeness, Rotation};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Folders that hold other people's code and data, and never the user's logs.
const SKIPPED_FOLDERS: [&str; 3] = ["node_modules", "__pycache__", "site-packages"];

/// How many folders deep a folder is searched. Logs lie two or three deep; what is nested further
/// was nested on purpose, or by a link that leads around.
const MAX_DEPTH: usize = 32;

/// How many logs are taken from folders: more than the rotated logs of some hundred services.
const MAX_FILES: usize = 10_000;

/// How many entries of a folder are looked at, whatever they are.
const MAX_ENTRIES: usize = 200_000;

/// How much of a folder is searched.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    files: usize,
    entries: usize,
}

const BOUNDS: Bounds = Bounds {
    files: MAX_FILES,
    entries: MAX_ENTRIES,
};

/// How many entries of one folder that were skipped for the same reason are named each.
const MOST_NAMED: usize = 3;

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
    walk_within(paths, BOUNDS)
}

fn walk_within(paths: &[PathBuf], bounds: Bounds) -> Walk {
    let mut walk = Walk::default();
    let mut found: BTreeMap<PathBuf, Found> = BTreeMap::new();
    let paths: BTreeSet<&PathBuf> = paths.iter().collect();
    for path in paths {
        if path.as_os_str() == "-" {
            walk.stdin = true;
        } else if path.is_dir() {
            walk.folder(path, bounds, &mut found);
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
    fn folder(&mut self, folder: &Path, bounds: Bounds, found: &mut BTreeMap<PathBuf, Found>) {
        let mut seen = Seen::default();
        let entries = WalkDir::new(folder)
            .follow_links(true)
            .max_depth(MAX_DEPTH)
            .sort_by_file_name();
        // A folder that several links lead to is searched once for all of them.
        let mut linked = BTreeSet::new();
        let entries = entries.into_iter().filter_entry(|entry| {
            let is_linked_folder = entry.path_is_symlink() && entry.file_type().is_dir();
            let real = || entry.path().canonicalize().ok();
            is_wanted(entry) && (!is_linked_folder || real().is_none_or(|real| linked.insert(real)))
        });
        for (nth, entry) in entries.enumerate() {
            if nth == bounds.entries || found.len() >= bounds.files {
                seen.stopped = true;
                break;
            }
            match entry {
                Ok(entry) => seen.take(&entry, found),
                Err(error) => seen.unread.push(unreachable_entry(&error, folder)),
            }
        }
        seen.tell(folder, bounds, &mut self.warnings);
    }
}

/// What was met in one folder.
#[derive(Debug, Default)]
struct Seen {
    taken: usize,
    others: usize,
    /// Sentences on pipes, sockets and devices. They are never opened: a pipe without a writer
    /// would be waited for, a device may never end.
    special: Vec<String>,
    /// Sentences on what could not be read.
    unread: Vec<String>,
    too_deep: Option<String>,
    stopped: bool,
}

impl Seen {
    fn take(&mut self, entry: &DirEntry, found: &mut BTreeMap<PathBuf, Found>) {
        let name = display(entry.path());
        if entry.file_type().is_dir() {
            if entry.depth() == MAX_DEPTH {
                self.too_deep.get_or_insert(name);
            }
        } else if !entry.file_type().is_file() {
            self.special.push(format!(
                "{name} was skipped: it is a pipe, a socket or a device."
            ));
        } else {
            match rotation::likeness(&name) {
                Likeness::Log | Likeness::Bare => {
                    self.taken = self.taken.saturating_add(1);
                    add(found, entry.path(), false);
                }
                Likeness::Code | Likeness::Other => self.others = self.others.saturating_add(1),
            }
        }
    }

    fn tell(self, folder: &Path, bounds: Bounds, warnings: &mut Vec<String>) {
        let name = display(folder);
        let Bounds { files, entries } = bounds;
        some_of(
            self.special,
            |more| format!("{name} has {more} more pipes, sockets or devices; they were skipped."),
            warnings,
        );
        some_of(
            self.unread,
            |more| format!("{name} has {more} more entries that could not be read."),
            warnings,
        );
        if let Some(deep) = &self.too_deep {
            warnings.push(format!(
                "{deep} was skipped: it lies {MAX_DEPTH} folders deep; name it to have it read."
            ));
        }
        if self.stopped {
            warnings.push(format!(
                "{name} was searched in part: after {files} logs or {entries} entries the rest is left out; name the folder that matters."
            ));
        }
        if self.taken == 0 {
            let left_out = match self.others {
                0 => String::new(),
                1 => " (1 other file was left out; name it to have it read)".to_owned(),
                many => format!(" ({many} other files were left out; name one to have it read)"),
            };
            warnings.push(format!("{name} holds no logs{left_out}."));
        }
    }
}

/// Keeps the first sentences, and counts the others in one.
fn some_of(
    mut sentences: Vec<String>,
    others: impl Fn(usize) -> String,
    warnings: &mut Vec<String>,
) {
    let more = sentences.len().saturating_sub(MOST_NAMED);
    sentences.truncate(MOST_NAMED);
    warnings.append(&mut sentences);
    if more > 0 {
        warnings.push(others(more));
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

/// A path for people: one line, whatever stands in it. A name may hold line breaks, and a sentence
/// that quotes it is not to look like two.
fn display(path: &Path) -> String {
    let shown = |letter: char| match letter {
        '\0'..='\u{1f}' => char::from_u32(0x2400 | u32::from(letter)).unwrap_or('\u{fffd}'),
        '\u{7f}'..='\u{9f}' => '\u{fffd}',
        _ => letter,
    };
    let name: String = path.display().to_string().chars().map(shown).collect();
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use tempfile::TempDir;

    fn folder_with(files: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "INFO x\n").unwrap();
        }
        folder
    }

    fn walked(folder: &TempDir) -> (Vec<String>, Vec<String>) {
        let walk = walk(&[folder.path().to_owned()]);
        let root = display(folder.path());
        let plain = |text: &String| text.replace(&root, "ROOT");
        (
            walk.files.iter().map(|file| plain(&file.name)).collect(),
            walk.warnings.iter().map(plain).collect(),
        )
    }

    #[test]
    fn what_is_no_file_is_skipped_and_counted() {
        let folder = folder_with(&["a.log"]);
        for number in 0..5 {
            let path = folder.path().join(format!("s{number}.log"));
            UnixListener::bind(path).unwrap();
        }
        let (files, warnings) = walked(&folder);
        assert_eq!(files, ["ROOT/a.log"]);
        assert_eq!(warnings.len(), 4);
        assert_eq!(
            warnings[0],
            "ROOT has 2 more pipes, sockets or devices; they were skipped."
        );
        assert!(warnings[1].starts_with("ROOT/s0.log was skipped: it is a pipe"));
    }

    #[test]
    fn links_that_lead_back_or_nowhere_end_nothing() {
        let folder = folder_with(&["sub/a.log"]);
        symlink("..", folder.path().join("sub/up")).unwrap();
        symlink("nowhere", folder.path().join("gone.log")).unwrap();
        symlink("own.log", folder.path().join("own.log")).unwrap();
        let (files, warnings) = walked(&folder);
        assert_eq!(files, ["ROOT/sub/a.log"]);
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        assert!(warnings[2].contains("the link leads back to a folder above it"));
    }

    #[test]
    fn a_folder_nested_without_end_is_left_at_its_bound() {
        let deep = "d/".repeat(MAX_DEPTH + 3) + "a.log";
        let folder = folder_with(&["b.log", &deep]);
        let (files, warnings) = walked(&folder);
        assert_eq!(files, ["ROOT/b.log"]);
        assert!(
            warnings[0].contains("it lies 32 folders deep"),
            "{warnings:?}"
        );
    }

    #[test]
    fn links_that_multiply_folders_are_followed_once() {
        let folder = folder_with(&["d00/a.log"]);
        for number in 1..24 {
            let path = folder.path().join(format!("d{number:02}"));
            fs::create_dir(&path).unwrap();
            for link in ["one", "two"] {
                symlink(format!("../d{:02}", number - 1), path.join(link)).unwrap();
            }
        }
        let (files, warnings) = walked(&folder);
        assert_eq!((files.len(), warnings.len()), (1, 0), "{warnings:?}");
    }

    #[test]
    fn a_folder_is_searched_up_to_its_bounds() {
        let folder = folder_with(&["a.log", "b.log", "c.log"]);
        let search = |files, entries| {
            let walk = walk_within(&[folder.path().to_owned()], Bounds { files, entries });
            (walk.files.len(), walk.warnings)
        };
        assert_eq!(search(3, 10), (3, Vec::new()));
        let (files, warnings) = search(2, 10);
        assert_eq!(files, 2);
        assert!(warnings[0].contains("was searched in part: after 2 logs"));
        // The folder itself is an entry too.
        let (files, warnings) = search(3, 2);
        assert_eq!(files, 1);
        assert!(warnings[0].contains("or 2 entries"));
    }

    #[test]
    fn names_are_shown_on_one_line() {
        let folder = folder_with(&["a\nb\u{1b}[31m.log"]);
        assert_eq!(walked(&folder).0, ["ROOT/a␊b␛[31m.log"]);
    }
}
