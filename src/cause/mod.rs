//! Causes: their schema, and their evaluation against attempts.

mod schema;

pub use schema::{Cause, Check, Count, Evidence, EvidenceScope, Example, Fix};
