//! What must hold for any bytes, one file per target. Each property panics where it does not hold.

mod dialects;
mod documents;
mod escaping;
mod markdown;
mod pipeline;
mod redactor;
mod rules;
mod sieve;
mod unpacking;
mod wrappers;

use wswhy::rules::RuleSet;

/// A property: it holds, or it panics.
pub(crate) type Property = fn(&RuleSet, &[u8]);

/// All of them, by the name of their target.
pub(crate) const ALL: &[(&str, Property)] = &[
    ("dialects", dialects::hold),
    ("documents", documents::hold),
    ("escaping", escaping::hold),
    ("pipeline", pipeline::hold),
    ("redactor", redactor::hold),
    ("rules", rules::hold),
    ("sieve", sieve::hold),
    ("unpacking", unpacking::hold),
    ("wrappers", wrappers::hold),
];
