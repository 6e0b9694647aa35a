//! Fuzzing of `wswhy`: what must hold for any bytes, and the seeds to begin with.
//!
//! The properties are plain functions that panic where something does not hold. libFuzzer calls
//! them by `targets/`; the program's own tests include `src/properties` and `src/seeds.rs` by path, so that a
//! short run is part of every build with a stable compiler.

mod properties;
mod seeds;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use wswhy::rules::RuleSet;

/// The built-in rules: compiling their expressions takes a while, so it is done once.
fn rules() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| RuleSet::built_in().unwrap_or_else(|error| panic!("{error}")))
}

/// Compiles the rules, so that the first input is not blamed for the time.
pub fn prepare() {
    rules();
}

/// Holds bytes against the property of this name.
pub fn run(name: &str, bytes: &[u8]) {
    let known = properties::ALL.iter().find(|(known, _)| *known == name);
    let Some((_, holds)) = known else {
        panic!("there is no property {name}");
    };
    holds(rules(), bytes);
}

/// The seeds of every target, by its name, made of what lies in the repository.
#[must_use]
pub fn seeds_of(root: &Path) -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    seeds::seeds(root)
}
