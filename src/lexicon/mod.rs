//! The meaning of messages: which kinds of event a record speaks of, by the phrases of
//! `rules/lexicon/*.toml`.
//!
//! Meaning is data. This module knows how phrases are matched, and no phrase.

mod expression;
mod filter;
mod lists;
mod look;
mod matcher;
mod placement;
mod required;
mod samples;
mod schema;

pub use filter::Filter;
pub use matcher::{KindId, Lexicon, LexiconError, Meaning};
pub use placement::{Place, ends_unseen, place};
pub use required::Required;
pub use samples::{check_expression, matches};
pub use schema::{CloseCode, Kind, LexiconFile, Mark, Phrase, Proof, Scope, Within};
