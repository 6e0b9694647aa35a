//! The habits of the source that a reviewer would otherwise have to watch for.

use super::material::root;
use std::fs;
use std::path::{Path, PathBuf};

/// Physical lines of one file, its unit tests not counted.
const MOST_LINES: usize = 500;

/// A source file, the path as seen from `src/`.
struct SourceFile {
    path: String,
    text: String,
}

impl SourceFile {
    /// The module of the flow that it belongs to; `lib` and `main` for these two.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Whether the whole file is tests.
    fn is_tests(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| part == "tests" || part == "tests.rs" || part == "sample.rs")
    }

    /// Its lines, without the module of unit tests at its end.
    fn lines(&self) -> Vec<&str> {
        let lines: Vec<&str> = self.text.lines().collect();
        let end = lines.windows(2).position(|pair| {
            pair[0] == "#[cfg(test)]" && pair[1].contains("mod ") && pair[1].ends_with('{')
        });
        lines[..end.unwrap_or(lines.len())].to_vec()
    }

    /// The lines that are code, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.lines().into_iter().enumerate();
        lines
            .map(|(index, line)| (index + 1, line))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn source_files() -> Vec<SourceFile> {
    let folder = root().join("src");
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| SourceFile {
            text: fs::read_to_string(&path).unwrap(),
            path: shown(path.strip_prefix(&folder).unwrap()),
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The modules in the order in which data flows through them, which is that of `src/lib.rs`.
fn flow() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

/// Every module of ours that a line of code names by its path from the root.
fn named_modules(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// The lines of files (chosen by path) that hold one of the words.
fn lines_with(words: &[&str], chosen: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in source_files() {
        if file.is_tests() || !chosen(&file.path) {
            continue;
        }
        for (number, line) in file.code() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("src/{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    found
}

fn assert_none(found: &[String], what: &str) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn a_module_uses_only_modules_before_it_in_the_flow() {
    let flow = flow();
    assert!(flow.len() > 10, "src/lib.rs lists the modules: {flow:?}");
    let place = |module: &str| flow.iter().position(|known| known == module);
    let mut found = Vec::new();
    for file in source_files() {
        let Some(own) = place(file.module()) else {
            continue;
        };
        if file.is_tests() {
            continue;
        }
        for (number, line) in file.code() {
            for used in named_modules(line) {
                if place(used).is_some_and(|used| used > own) {
                    found.push(format!("src/{}:{number}: {}", file.path, line.trim()));
                }
            }
        }
    }
    assert_none(&found, "uses of a module that stands later in src/lib.rs");
}

#[test]
fn every_file_says_at_its_head_what_lives_there() {
    let silent: Vec<String> = source_files()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path)
        .collect();
    assert_none(&silent, "files that do not open with `//!`");
}

#[test]
fn rooms_are_small() {
    let long: Vec<String> = source_files()
        .into_iter()
        .filter(|file| !file.is_tests() && file.lines().len() > MOST_LINES)
        .map(|file| format!("src/{}: {} lines", file.path, file.lines().len()))
        .collect();
    assert_none(&long, "files that should be split by noun");
}

#[test]
fn only_the_command_line_prints() {
    let words = ["println!", "eprintln!", "print!(", "dbg!("];
    let found = lines_with(&words, |path| !path.starts_with("cli/"));
    assert_none(&found, "printing below the command line");
}

#[test]
fn only_the_command_line_reads_the_clock_and_the_environment() {
    let words = [
        "std::env",
        "env::var",
        "env::args",
        "SystemTime::now",
        "Instant::now",
        "Utc::now",
        "Local::now",
    ];
    let found = lines_with(&words, |path| !path.starts_with("cli/"));
    assert_none(
        &found,
        "the clock or the environment below the command line",
    );
}

#[test]
fn only_input_the_rules_and_their_fitting_open_files() {
    let words = [
        "std::fs",
        "File::open",
        "fs::read",
        "File::create",
        "OpenOptions",
    ];
    // A scoreboard reads its labels, and fitting writes its weights.
    let opens = |path: &str| {
        path.starts_with("input/")
            || path.starts_with("rules/")
            // It is given files that input opened.
            || path.starts_with("mapped/")
            || matches!(path, "score/case.rs" | "fit/write.rs")
    };
    let found = lines_with(&words, |path| !opens(path));
    assert_none(
        &found,
        "file access outside input, rules, labels and weights",
    );
}

#[test]
fn names_say_what_is_inside() {
    let empty_words = ["utils", "util", "helpers", "helper", "common", "misc"];
    let found: Vec<String> = source_files()
        .into_iter()
        .map(|file| file.path)
        .filter(|path| {
            path.split('/').any(|part| {
                let stem = part.strip_suffix(".rs").unwrap_or(part);
                empty_words.contains(&stem)
            })
        })
        .collect();
    assert_none(&found, "names that say nothing");
}

#[test]
fn memory_is_trusted_only_where_files_are_mapped() {
    let found = lines_with(&["unsafe "], |path| !path.starts_with("mapped/"));
    assert_none(&found, "unsafe code beside the memory map");
}
