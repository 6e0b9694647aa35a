//! Reading rule files: those compiled in, and those of a folder.

use super::error::{RuleError, malformed};
use super::spot::Document;
use super::{Causes, Parts, RuleSet, words};
use crate::cause::Cause;
use crate::lexicon::{Lexicon, LexiconFile};
use crate::rule_text;
use crate::sieve::Marks;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::{Path, PathBuf};

/// Whether the samples and examples of the built-in rules are wanted, a third of what there is to read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tests {
    With,
    Without,
}

macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name))
    };
}

/// What the rules compiled in say.
const TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/texts"));

/// The rules compiled in, as diagnoses need them.
pub(super) fn built_in_for_diagnoses() -> Result<RuleSet, RuleError> {
    let causes = Causes::packed(packed!("causes"));
    let words = words_and_checklist(packed!("lexicon"))?;
    Ok(RuleSet {
        causes,
        ..assemble(words)?
    })
}

/// The parts compiled in, which the build has read and checked: those that diagnoses need, or all.
pub(super) fn built_in(tests: Tests) -> Result<Parts, RuleError> {
    let (lexicon, causes): (&'static [u8], &'static [u8]) = match tests {
        Tests::Without => (packed!("lexicon"), packed!("causes")),
        Tests::With => (packed!("lexicon-with-tests"), packed!("causes-with-tests")),
    };
    // The longest first, so that a thread that comes later can take the other.
    let (causes, words) = rayon::join(|| unpack(causes), || words_and_checklist(lexicon));
    Ok(Parts {
        causes: causes?,
        ..words?
    })
}

/// All parts compiled in but the causes.
fn words_and_checklist(lexicon: &'static [u8]) -> Result<Parts, RuleError> {
    Ok(Parts {
        lexicon: unpack(lexicon)?,
        filter: postcard::from_bytes(packed!("filter")).map_err(RuleError::Unpacking)?,
        checklist: unpack(packed!("checklist")).map(Some)?,
        fitting: unpack(packed!("fitting")).map(Some)?,
        ..Parts::default()
    })
}

/// What the build has written.
pub(super) fn unpack<T: DeserializeOwned>(bytes: &'static [u8]) -> Result<T, RuleError> {
    rule_text::unpack(bytes, TEXTS).map_err(RuleError::Unpacking)
}

/// The parts of a folder; at least one file must be there.
pub(super) fn folder(path: &Path) -> Result<Parts, RuleError> {
    if !path.is_dir() {
        return Err(RuleError::NoFolder {
            path: path.to_owned(),
        });
    }
    let mut parts = Parts::default();
    let mut found = false;
    for file in files(path, "lexicon")? {
        let (name, text) = read(&file)?;
        parts.lexicon.push((name.clone(), parse(&name, &text)?));
        parts.texts.insert(name, text);
        found = true;
    }
    for file in files(path, "causes")? {
        let (name, text) = read(&file)?;
        parts
            .causes
            .push((name.clone(), parse_cause(&name, &text)?));
        found = true;
    }
    let checklist = path.join("checklist.toml");
    if checklist.is_file() {
        let (name, text) = read(&checklist)?;
        parts.checklist = Some(parse(&name, &text)?);
        found = true;
    }
    let fitting = path.join("fitting.toml");
    if fitting.is_file() {
        let (name, text) = read(&fitting)?;
        parts.fitting = Some(parse(&name, &text)?);
    }
    if found {
        Ok(parts)
    } else {
        Err(RuleError::Empty {
            path: path.to_owned(),
        })
    }
}

/// Puts the parts together.
pub(super) fn assemble(parts: Parts) -> Result<RuleSet, RuleError> {
    check_loaded(&parts)?;
    let mut causes: Vec<Cause> = parts.causes.into_iter().map(|(_, cause)| cause).collect();
    for (name, file) in &parts.lexicon {
        words::add_codes(&mut causes, name, file);
    }
    let loaded = |(name, _): &&(String, LexiconFile)| parts.texts.contains_key(name);
    Ok(RuleSet {
        loaded_phrases: parts
            .lexicon
            .iter()
            .filter(loaded)
            .flat_map(|(name, file)| file.phrases.iter().map(|one| (name.clone(), one.clone())))
            .collect(),
        lexicon: Lexicon::with_filter(parts.lexicon, parts.filter)?,
        causes: Causes::new(causes),
        checklist: parts.checklist.unwrap_or_default(),
        fitted_on: parts.fitting.unwrap_or_default().personalities,
        own: parts.own,
        marks: Marks::built_in()?,
    })
}

/// Checks the words that were not compiled in; those are held to their promises by tests.
fn check_loaded(parts: &Parts) -> Result<(), RuleError> {
    let kinds = parts.lexicon.iter().flat_map(|(_, file)| &file.kinds);
    let known = words::Known {
        kinds: kinds.map(|kind| kind.id.as_str()).collect(),
        causes: parts
            .causes
            .iter()
            .map(|(_, cause)| cause.id.as_str())
            .collect(),
    };
    for (name, file) in &parts.lexicon {
        if let Some(text) = parts.texts.get(name) {
            words::check(&Document { file: name, text }, file, &known)?;
        }
    }
    Ok(())
}

pub(super) fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, RuleError> {
    toml::from_str(text).map_err(|error| malformed(name, text, &error))
}

fn parse_cause(name: &str, text: &str) -> Result<Cause, RuleError> {
    let cause: Cause = parse(name, text)?;
    let stem = Path::new(name).file_stem().unwrap_or_default();
    if stem == cause.id.as_str() {
        Ok(cause)
    } else {
        Err(RuleError::Misnamed {
            file: name.to_owned(),
            id: cause.id.into(),
        })
    }
}

/// The TOML files of a part of the folder, by name; none where the part is not there.
fn files(folder: &Path, part: &str) -> Result<Vec<PathBuf>, RuleError> {
    let path = folder.join(part);
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| RuleError::Unreadable { path, source }
    };
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(&path).map_err(unreadable(&path))? {
        let file = entry.map_err(unreadable(&path))?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<(String, String), RuleError> {
    let text = fs::read_to_string(file).map_err(|source| RuleError::Unreadable {
        path: file.to_owned(),
        source,
    })?;
    Ok((file.display().to_string(), text))
}
