//! The shape of `wswhy.toml`.

use crate::lexicon::{CloseCode, Phrase};
use crate::rule_text::RuleText;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The file, as written.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OwnFile {
    /// What the application's messages mean, as in `rules/lexicon/*.toml`.
    #[serde(default, rename = "phrase")]
    pub phrases: Vec<Phrase>,
    /// The application's WebSocket routes.
    #[serde(default, rename = "route")]
    pub routes: Vec<RouteEntry>,
    /// What the application's close codes mean, by code, as in `rules/lexicon/*.toml`.
    #[serde(default)]
    pub close_codes: BTreeMap<RuleText, CloseCode>,
    /// Zones, by side (`server`, `proxy`, `browser`) or by the pattern of a log's path.
    #[serde(default)]
    pub time_zones: BTreeMap<String, String>,
}

/// One route, as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RouteEntry {
    /// The path as in Django's `path()`, with `<name>` or `<int:name>` for what varies; a leading
    /// slash may be there.
    pub path: String,
    /// The class of the consumer that serves it.
    #[serde(default)]
    pub consumer: Option<String>,
}
