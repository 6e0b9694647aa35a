//! The properties of `fuzz/`, held on a stable compiler: findings of before, every seed's kin for a
//! moment. The long search is libFuzzer's; how it is run is said in `fuzz/README.md`.

use super::material::{RULES, root};
use super::mutation::mutated;
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/src/properties/mod.rs"]
mod properties;
#[path = "../../fuzz/src/seeds.rs"]
mod seeds;

use properties::Property;

fn property(name: &str) -> Property {
    let known = properties::ALL.iter().find(|(known, _)| *known == name);
    known
        .unwrap_or_else(|| panic!("there is no property {name}"))
        .1
}

/// Holds a number of inputs, made of the seeds and the same at every run, against a property.
fn short_run(name: &str, runs: usize) {
    let seeds = seeds::seeds(root()).remove(name).expect("seeds");
    assert!(seeds.len() > 9, "{} seeds of {name}", seeds.len());
    let holds = property(name);
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    for _ in 0..runs {
        let bytes = mutated(&seeds, &mut random);
        held(
            &format!("{name}, {:?}", String::from_utf8_lossy(&bytes)),
            holds,
            &bytes,
        );
    }
}

/// Says on which input a property did not hold.
fn held(input: &str, holds: Property, bytes: &[u8]) {
    let outcome = std::panic::catch_unwind(|| holds(&RULES, bytes));
    assert!(outcome.is_ok(), "does not hold: {input}");
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn what_was_found_once_does_not_come_back() {
    let folders = listed(&root().join("fuzz/regressions"));
    assert!(!folders.is_empty());
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for file in listed(&folder) {
            held(
                &file.display().to_string(),
                property(&name),
                &fs::read(&file).unwrap(),
            );
        }
    }
}

#[test]
fn every_target_has_its_property_and_its_seeds() {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let seeds = seeds::seeds(root());
    for (name, _) in properties::ALL {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        assert!(
            root().join(format!("fuzz/targets/{name}.rs")).is_file(),
            "{name}"
        );
        assert!(seeds.contains_key(name), "{name}");
    }
    assert_eq!(
        listed(&root().join("fuzz/targets")).len(),
        properties::ALL.len()
    );
}

#[test]
fn dialects() {
    short_run("dialects", 40);
}

#[test]
fn documents() {
    short_run("documents", 40);
}

#[test]
fn escaping() {
    short_run("escaping", 100);
}

#[test]
fn pipeline() {
    short_run("pipeline", 20);
}

#[test]
fn redactor() {
    short_run("redactor", 20);
}

#[test]
fn rules() {
    short_run("rules", 6);
}

#[test]
fn sieve() {
    short_run("sieve", 100);
}

#[test]
fn unpacking() {
    short_run("unpacking", 100);
}

#[test]
fn wrappers() {
    short_run("wrappers", 40);
}
