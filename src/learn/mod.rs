//! Learning an application's words: the lines near connection attempts that no phrase knows, grouped
//! by their shape, with a guess of what each group means from where it stands between known lines.
//!
//! The result is a proposal in the schema of `wswhy.toml`, for a person to review. What varies
//! between lines is left out, and so is what the redactor takes for private.

mod guess;
mod mask;
mod occurrence;
mod templates;
mod vocabulary;
mod write;

pub use write::to_toml;

use crate::diagnosis::find;
use crate::input::Source;
use crate::rules::RuleSet;
use crate::stage::Stage;
use templates::Templates;

/// Words that one group of lines shares, with what they seem to mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The kind of event that it is guessed to be.
    pub kind: &'static str,
    /// Others that could be meant.
    pub instead: Vec<&'static str>,
    /// The expression that its lines match.
    pub pattern: String,
    /// Whether it is told surely enough to be used without a person's word.
    pub sure: bool,
    /// Why it is guessed so, as a sentence.
    pub reason: String,
    /// Lines of this shape near attempts.
    pub lines: usize,
    /// Attempts that showed it, and failed.
    pub failed: usize,
    /// Attempts that showed it, and worked.
    pub worked: usize,
    /// The last stage proven before it, and the next one proven after it, in most of its lines.
    pub between: (Option<Stage>, Option<Stage>),
    /// How many of its lines stand there.
    pub there: usize,
    /// Its first line, redacted.
    pub sample: String,
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Proposal {
    /// In the order in which the lines first appeared, the sure ones first.
    pub phrases: Vec<Proposed>,
    /// Lines of all inputs.
    pub lines: usize,
    /// Attempts among them.
    pub attempts: usize,
}

/// Proposes phrases for what these logs say and no phrase knows.
#[must_use]
pub fn propose(sources: &[Source], rules: &RuleSet) -> Proposal {
    let findings = find(sources, rules);
    let occurrences = occurrence::collect(&findings);
    let masked = mask::mask_all(&occurrences, &findings);
    let mut templates = Templates::default();
    for (index, line) in masked.iter().enumerate() {
        templates.add(index, &line.tokens);
    }
    let mut phrases: Vec<Proposed> = templates
        .finish()
        .iter()
        .filter_map(|template| guess::propose(template, &occurrences, &masked, &findings))
        .collect();
    phrases.sort_by_key(|phrase| !phrase.sure);
    Proposal {
        phrases,
        lines: sources.iter().map(|source| source.lines.len()).sum(),
        attempts: findings.attempts.attempts.len(),
    }
}
