//! Rule sets: the lexicon, the causes and the checklist, built in or loaded from a folder.
//!
//! A folder has the shape of `rules/`: `lexicon/*.toml`, `causes/*.toml`, `checklist.toml`, each
//! part optional. What it names anew is added; what it names again replaces the built-in one.
//! `fitting.toml` beside them says what the weights were fitted on. The user's `wswhy.toml` adds phrases and close codes to the lexicon, and what [`crate::own`] holds.

mod causes;
mod checklist;
mod error;
mod fitting;
mod load;
mod own;
mod spot;
mod validate;
mod words;

pub use causes::Causes;
pub use checklist::{Checklist, Item};
pub(crate) use error::malformed;
pub use error::{Location, RuleError};
pub use fitting::Fitting;
pub use own::{FILE_NAME, OwnPath};
pub use validate::Finding as Problem;

use crate::cause::Cause;
use crate::lexicon::{Filter, Lexicon, LexiconFile, Phrase};
use crate::own::Own;
use crate::rule_text::RuleText;
use crate::sieve::Marks;
use load::Tests;
use std::collections::BTreeMap;
use std::path::Path;

/// Everything a diagnosis knows beforehand.
#[derive(Debug)]
pub struct RuleSet {
    /// What messages mean.
    pub lexicon: Lexicon,
    /// The causes, by id.
    pub causes: Causes,
    /// The checklist, in the order shown.
    pub checklist: Checklist,
    /// The styles of logging whose recordings the weights of the causes were fitted on.
    pub fitted_on: Vec<String>,
    /// What only the user's application can tell.
    pub own: Own,
    /// What the lines that are worth reading in a long log have in them.
    pub marks: Marks,
    /// The phrases that were not compiled in, each with its file.
    loaded_phrases: Vec<(String, Phrase)>,
}

impl RuleSet {
    /// The rules compiled into the program.
    pub fn built_in() -> Result<Self, RuleError> {
        load::assemble(load::built_in(Tests::With)?)
    }

    /// The built-in rules with those of a folder added.
    pub fn with_folder(folder: &Path) -> Result<Self, RuleError> {
        Self::load(Some(folder), None)
    }

    /// The built-in rules with those of a folder and the user's own words added.
    pub fn load(folder: Option<&Path>, own: Option<&OwnPath>) -> Result<Self, RuleError> {
        Self::with(Tests::With, folder, own)
    }

    /// The same without the samples and examples of the built-in rules, which no diagnosis needs.
    pub fn for_diagnoses(folder: Option<&Path>, own: Option<&OwnPath>) -> Result<Self, RuleError> {
        if folder.is_none() && own.is_none() {
            return load::built_in_for_diagnoses();
        }
        Self::with(Tests::Without, folder, own)
    }

    fn with(tests: Tests, folder: Option<&Path>, own: Option<&OwnPath>) -> Result<Self, RuleError> {
        let mut parts = load::built_in(tests)?;
        if let Some(folder) = folder {
            parts.merge(load::folder(folder)?);
        }
        if let Some(from) = own {
            parts.add_own(&from.name, own::read(from)?)?;
        }
        load::assemble(parts)
    }

    /// The built-in rules with the user's own words of a text added. Errors call it by this name.
    pub fn with_own_text(name: &str, text: &str) -> Result<Self, RuleError> {
        let mut parts = load::built_in(Tests::With)?;
        parts.add_own(name, text.to_owned())?;
        load::assemble(parts)
    }

    /// The cause with this public name.
    #[must_use]
    pub fn cause(&self, id: &str) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.id == id)
    }

    /// Every problem of the rules that can be told without a log: unknown names, missing texts.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        validate::validate(self)
    }
}

/// The parts of a rule set before they are put together, each with the file it came from.
#[derive(Debug, Default)]
struct Parts {
    lexicon: Vec<(String, LexiconFile)>,
    /// The filter for the expressions of the first lexicon files, the built-in ones.
    filter: Filter<'static>,
    causes: Vec<(String, Cause)>,
    checklist: Option<Checklist>,
    fitting: Option<Fitting>,
    own: Own,
    /// The texts of the lexicon files that were not compiled in, by name.
    texts: BTreeMap<String, String>,
}

impl Parts {
    /// Adds the user's own words.
    fn add_own(&mut self, name: &str, text: String) -> Result<(), RuleError> {
        let parts = own::parse(name, &text)?;
        self.own = parts.own;
        self.lexicon.push((name.to_owned(), parts.lexicon));
        self.texts.insert(name.to_owned(), text);
        Ok(())
    }

    /// Adds the parts of a folder: later files replace earlier ones of the same cause.
    fn merge(&mut self, other: Self) {
        let again: Vec<RuleText> = other
            .lexicon
            .iter()
            .flat_map(|(_, file)| &file.kinds)
            .map(|kind| kind.id.clone())
            .collect();
        for (_, file) in &mut self.lexicon {
            file.kinds.retain(|kind| !again.contains(&kind.id));
        }
        self.lexicon.extend(other.lexicon);
        self.texts.extend(other.texts);
        for (file, cause) in other.causes {
            self.causes.retain(|(_, known)| known.id != cause.id);
            self.causes.push((file, cause));
        }
        if other.checklist.is_some() {
            self.checklist = other.checklist;
        }
        if other.fitting.is_some() {
            self.fitting = other.fitting;
        }
    }
}
