//! What the weights of the causes were fitted on: `fitting.toml`, written by `wswhy rules fit`.

use serde::{Deserialize, Serialize};

/// Where the weights come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitting {
    /// The personalities (styles of an application's logging) of the cases that were fitted on.
    /// On all others the rules can be measured as on strangers.
    pub personalities: Vec<String>,
}
