//! The shape of `rules/checklist.toml`.

use crate::rule_text::RuleText;
use serde::{Deserialize, Serialize};

/// The checklist file.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq, Eq, Default)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Its items, in the order shown.
    #[serde(default, rename = "item")]
    pub items: Vec<Item>,
}

/// One item.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Item {
    /// Its public name.
    pub id: RuleText,
    /// What it asks, as a statement.
    pub title: RuleText,
    /// Signals that tick it.
    #[serde(default)]
    pub passed_by: Vec<RuleText>,
    /// Signals that cross it; they outweigh those that tick it.
    #[serde(default)]
    pub failed_by: Vec<RuleText>,
    /// What to do by hand while it is unknown.
    pub by_hand: RuleText,
    /// The causes for which it matters; empty means always.
    #[serde(default)]
    pub matters_for: Vec<RuleText>,
}
