//! The shape of `rules/causes/*.toml`: one cause a file, complete with its texts and tests.
//!
//! Evidence speaks of *signals*. A signal is either a kind of event of the lexicon
//! (`token-expired`) or a fact about the attempt, written `name=value`
//! (`pattern=middleware-only`); [`crate::attempt`] lists the facts. A leading `!` negates.

use crate::rule_text::RuleText;
use crate::stage::Stage;
use serde::{Deserialize, Serialize};

/// One cause.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cause {
    /// Its public name in kebab case, equal to the file's stem; it states the defect.
    pub id: RuleText,
    /// A short sentence without a full stop: `The access token has expired`.
    pub title: RuleText,
    /// What happens and why, in two to five sentences.
    pub explanation: RuleText,
    /// What the user of the application notices, in a sentence.
    pub impact: RuleText,
    /// The patterns it shows under, most frequent first.
    pub patterns: Vec<RuleText>,
    /// The stage it stops an attempt at.
    pub stage: Stage,
    /// Log-odds against "none of these" before any evidence: the base rate.
    pub prior: f64,
    /// Causes and kinds of event that are consequences of this one: where this one is proven,
    /// they are explained away.
    #[serde(default)]
    pub explains: Vec<RuleText>,
    /// Evidence for and against.
    pub evidence: Vec<Evidence>,
    /// What to do, the best first.
    #[serde(rename = "fix")]
    pub fixes: Vec<Fix>,
    /// What would settle it.
    #[serde(rename = "check")]
    pub checks: Vec<Check>,
    /// Where the facts come from: an RFC section, a library and version, a document.
    pub references: Vec<RuleText>,
    /// Logs in which this cause comes first.
    #[serde(rename = "example")]
    pub examples: Vec<Example>,
    /// Logs that look alike and must not name this cause first.
    #[serde(rename = "near-miss")]
    pub near_misses: Vec<Example>,
}

/// One item of evidence: it applies when all the conditions given in it hold.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Evidence {
    /// Its name within the cause, in kebab case.
    pub id: RuleText,
    /// Log-odds that it adds; negative speaks against.
    pub weight: f64,
    /// The weight that its author gave it, where fitting to recordings has moved it. Fitting starts
    /// from here, so that a second run changes nothing.
    #[serde(default)]
    pub by_hand: Option<f64>,
    /// Why it counts, as a clause (`the server says that the token has expired`).
    pub reason: RuleText,
    /// At least one of these signals.
    #[serde(default)]
    pub any: Vec<RuleText>,
    /// All of these signals.
    #[serde(default)]
    pub all: Vec<RuleText>,
    /// None of these signals.
    #[serde(default)]
    pub none: Vec<RuleText>,
    /// These kinds, in this order, within `within-ms` where that is given.
    #[serde(default)]
    pub sequence: Vec<RuleText>,
    /// A kind that occurs often.
    #[serde(default)]
    pub count: Option<Count>,
    /// The longest time a sequence or a count may span, in milliseconds.
    #[serde(default)]
    pub within_ms: Option<u64>,
    /// Where to look for signals.
    #[serde(default)]
    pub scope: EvidenceScope,
}

/// A kind that occurs at least so often.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Count {
    /// The kind of event.
    pub kind: RuleText,
    /// How often, at the least.
    pub at_least: usize,
}

/// Where an item of evidence looks for its signals.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceScope {
    /// The attempt itself, and what the server said of itself.
    #[default]
    Attempt,
    /// All attempts on the same route.
    Route,
    /// The whole input.
    Input,
}

/// One fix.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fix {
    /// What to do, in a sentence or two.
    pub text: RuleText,
    /// Code or configuration to paste.
    #[serde(default)]
    pub code: Option<RuleText>,
}

/// One check.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Check {
    /// What to look at and what the answer means.
    pub what: RuleText,
    /// A command to paste.
    #[serde(default)]
    pub command: Option<RuleText>,
    /// The causes whose probability the answer moves, this one included.
    #[serde(default)]
    pub settles: Vec<RuleText>,
}

/// A log with the diagnosis it must, or must not, get.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// What it shows.
    pub name: RuleText,
    /// Backend and proxy lines.
    #[serde(default)]
    pub log: RuleText,
    /// Browser console lines, where there are any.
    #[serde(default)]
    pub console: RuleText,
    /// The pattern it must get, where that matters.
    #[serde(default)]
    pub pattern: Option<RuleText>,
    /// For a near miss: the cause that must come first instead.
    #[serde(default)]
    pub instead: Option<RuleText>,
}
