//! Reading: from paths and standard input to named sources of decoded, unwrapped lines.
//!
//! This is the only code that opens logs. It knows encodings, compression, rotation, `grep` output
//! and wrappers, and does not know what a log line means.

mod source;

pub use source::{Completeness, Line, Source, Wrapper};
