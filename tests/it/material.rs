//! What the tests work on: the built-in rules, and the cases under `fixtures/` with their labels.
//! What must hold for them stands in the tests.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::input::read_paths;
use wswhy::rules::RuleSet;
use wswhy::score::{self, Case};

/// The built-in rules: compiling their expressions takes a while, so it is done once.
pub(crate) static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::built_in().unwrap_or_else(|error| panic!("{error}")));

/// What tests ask of a case.
pub(crate) trait Material {
    /// Its logs as one text each, in the order of the label.
    fn texts(&self) -> Vec<String>;
    /// What the program makes of it.
    fn diagnosis(&self) -> Diagnosis;
}

impl Material for Case {
    fn texts(&self) -> Vec<String> {
        let bytes = self.paths().into_iter().map(|path| fs::read(path).unwrap());
        bytes
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }

    fn diagnosis(&self) -> Diagnosis {
        let reading = read_paths(&self.paths(), &RULES.marks).unwrap();
        diagnose(&reading.sources, &RULES, &reading.warnings)
    }
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All cases of a collection (`recordings`, `quoted`), by name: `recordings/redis-down`.
pub(crate) fn cases(collection: &str) -> Vec<Case> {
    let folder = root().join("fixtures").join(collection);
    let mut cases = score::cases(&folder).unwrap_or_else(|error| panic!("{error}"));
    for case in &mut cases {
        case.name = format!("{collection}/{}", case.name);
    }
    cases
}

/// One recording, by the name of its folder.
pub(crate) fn recording(name: &str) -> Case {
    let folder = root().join("fixtures/recordings").join(name);
    let name = format!("recordings/{name}");
    Case::read(&folder, &name).unwrap_or_else(|error| panic!("{error}"))
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}
