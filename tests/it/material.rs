//! What the tests work on: the built-in rules, and the cases under `fixtures/` with their labels.
//! What must hold for them stands in the tests.

use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::input::read_paths;
use wswhy::rules::RuleSet;

/// The built-in rules: compiling their expressions takes a while, so it is done once.
pub(crate) static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::built_in().unwrap_or_else(|error| panic!("{error}")));

/// A folder of logs with the answer that is known for them.
#[derive(Debug)]
pub(crate) struct Case {
    /// Collection and folder: `recordings/redis-down`.
    pub(crate) name: String,
    /// Where its files are.
    pub(crate) folder: PathBuf,
    /// The known answer.
    pub(crate) label: Label,
}

/// What `case.toml` says.
#[derive(Debug, Deserialize)]
pub(crate) struct Label {
    /// Where the connection stopped.
    pub(crate) pattern: String,
    /// Why; absent for what is healthy and where the files cannot tell.
    pub(crate) cause: Option<String>,
    /// Other causes that could rightly come first.
    #[serde(default)]
    pub(crate) also: Vec<String>,
    /// `explicit` where a line states the cause, `inferred` where it follows.
    pub(crate) statement: Option<String>,
    /// The files that are input.
    pub(crate) files: Vec<String>,
}

impl Case {
    /// The paths of its logs.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        let files = self.label.files.iter();
        files.map(|file| self.folder.join(file)).collect()
    }

    /// Its logs as one text each, in the order of the label.
    pub(crate) fn texts(&self) -> Vec<String> {
        let bytes = self.paths().into_iter().map(|path| fs::read(path).unwrap());
        bytes
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }

    /// What the program makes of it.
    pub(crate) fn diagnosis(&self) -> Diagnosis {
        let reading = read_paths(&self.paths()).unwrap();
        diagnose(&reading.sources, &RULES, &reading.warnings)
    }
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All cases of a collection (`recordings`, `quoted`), by name.
pub(crate) fn cases(collection: &str) -> Vec<Case> {
    let folder = root().join("fixtures").join(collection);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut cases: Vec<Case> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("case.toml").is_file())
        .map(|path| read_case(collection, path))
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!cases.is_empty(), "{} holds no case", folder.display());
    cases
}

/// One recording, by the name of its folder.
pub(crate) fn recording(name: &str) -> Case {
    read_case("recordings", root().join("fixtures/recordings").join(name))
}

fn read_case(collection: &str, folder: PathBuf) -> Case {
    let stem = folder.file_name().unwrap().to_string_lossy();
    let name = format!("{collection}/{stem}");
    let text = fs::read_to_string(folder.join("case.toml")).unwrap();
    let label = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}/case.toml: {error}"));
    Case {
        name,
        folder,
        label,
    }
}
