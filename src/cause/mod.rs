//! Causes: the shape of their rule files, and their evaluation against attempts.
//!
//! No cause has code of its own. If one seems to need some, a kind of event or a fact is missing
//! further up.

mod evaluate;
mod schema;

pub use evaluate::{Assessment, Finding, TEMPERATURE, View, evaluate, finding, likeliest};
pub use schema::{Cause, Check, Count, Evidence, EvidenceScope, Example, Fix};
