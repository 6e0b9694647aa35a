//! Reads the files of `rules/` and writes them in the form that the program loads, with the automata of their
//! expressions and of the redactor's, and the words that the redactor looks for: reading TOML, and compiling,
//! takes longer than most diagnoses.
//!
//! A new rule is a new file, and no list anywhere. What rules mean is checked by the program and
//! its tests; here a file must be of its shape.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "the shapes are the program's own, and it uses more of them"
)]

#[path = "src/cause/schema.rs"]
mod cause;
#[path = "src/rules/checklist.rs"]
mod checklist;
#[path = "src/engine/columns.rs"]
mod columns;
#[path = "src/engine/dfa.rs"]
mod dfa;
#[path = "src/lexicon/filter.rs"]
mod filter;
#[path = "src/rules/fitting.rs"]
mod fitting;
#[path = "src/lexicon/schema.rs"]
mod lexicon;
#[path = "src/lexicon/lists.rs"]
mod lists;
#[path = "build/marks.rs"]
mod marks;
#[path = "src/engine/minimal.rs"]
mod minimal;
#[path = "src/engine/pack.rs"]
mod pack;
#[path = "src/engine/packed.rs"]
mod packed;
#[path = "src/report/redact/expressions.rs"]
mod redactor;
#[path = "src/lexicon/required.rs"]
mod required;
#[path = "src/rule_text.rs"]
mod rule_text;
#[path = "src/stage.rs"]
mod stage;
#[path = "src/engine/syntax.rs"]
mod syntax;
#[path = "src/engine/table.rs"]
mod table;
#[path = "src/report/redact/marks/table.rs"]
mod word_table;
#[path = "src/report/redact/marks/words.rs"]
mod words;

use cause::Cause;
use checklist::Checklist;
use filter::Filter;
use fitting::Fitting;
use lexicon::{LexiconFile, Phrase};
use required::Required;
use rule_text::Texts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs};
use syntax::Syntax;
// As the program calls it.
use syntax as engine;

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    let rules = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("rules");
    let lexicon: Vec<(String, LexiconFile)> = read_folder(&rules, "lexicon")?;
    let phrases = lexicon.iter().flat_map(|(_, file)| &file.phrases);
    let mut required = Required::default();
    required.extend(phrases.clone().flat_map(Phrase::expressions));
    let causes: Vec<(String, Cause)> = read_folder(&rules, "causes")?;
    for (name, cause) in &causes {
        if Path::new(name).file_stem() != Some(OsStr::new(cause.id.as_str())) {
            return Err(format!("rules/{name}: the id must be the file's name").into());
        }
    }
    let sources = phrases.flat_map(Phrase::expressions);
    let of_lexicon = sources.map(|(source, _)| (source, lexicon::reading(source)));
    let of_redactor = redactor::ALL
        .iter()
        .map(|source| (*source, redactor::READING));
    // The form that is tried on texts of ASCII, as most are.
    let forms = of_lexicon.chain(of_redactor);
    let forms = forms.map(|(source, reading)| (source, Syntax::of_bytes(reading)));
    write_bytes("automata", &pack::table(forms).ok_or("too many automata")?)?;
    write_bytes("marks", &marks::table()?)?;
    write_bytes("filter", &postcard::to_allocvec(&Filter::new(&required))?)?;
    // What diagnoses need comes first, so that it lies together.
    let mut texts = Texts::default();
    let lean: Vec<_> = lexicon.iter().cloned().map(without_samples).collect();
    write("lexicon", &lean, &mut texts)?;
    let lean: Vec<_> = causes.iter().cloned().map(without_examples).collect();
    write("causes", &lean, &mut texts)?;
    let checklist: Checklist = read(&rules.join("checklist.toml"))?;
    write("checklist", &checklist, &mut texts)?;
    let fitting: Fitting = read(&rules.join("fitting.toml"))?;
    write("fitting", &fitting, &mut texts)?;
    write("lexicon-with-tests", &lexicon, &mut texts)?;
    write("causes-with-tests", &causes, &mut texts)?;
    write_bytes("texts", texts.all().as_bytes())
}

/// The TOML files of a folder, by name.
fn read_folder<T: DeserializeOwned>(rules: &Path, folder: &str) -> Done<Vec<(String, T)>> {
    let path = rules.join(folder);
    println!("cargo::rerun-if-changed={}", path.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        if file.extension() == Some(OsStr::new("toml")) {
            files.push(file);
        }
    }
    files.sort();
    let named = files.iter().map(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        Ok((format!("{folder}/{name}"), read(file)?))
    });
    named.collect()
}

fn read<T: DeserializeOwned>(file: &Path) -> Done<T> {
    println!("cargo::rerun-if-changed={}", file.display());
    let text = fs::read_to_string(file)?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()).into())
}

/// A lexicon file as diagnoses need it.
fn without_samples((name, mut file): (String, LexiconFile)) -> (String, LexiconFile) {
    for phrase in &mut file.phrases {
        phrase.samples.clear();
        phrase.near_misses.clear();
    }
    (name, file)
}

/// A cause as diagnoses need it.
fn without_examples((name, mut cause): (String, Cause)) -> (String, Cause) {
    cause.examples.clear();
    cause.near_misses.clear();
    (name, cause)
}

fn write(name: &str, rules: &impl Serialize, texts: &mut Texts) -> Done<()> {
    write_bytes(name, &texts.pack(rules)?)
}

fn write_bytes(name: &str, bytes: &[u8]) -> Done<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join(name), bytes)?;
    Ok(())
}
