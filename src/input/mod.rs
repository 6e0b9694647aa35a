//! Reading: from paths and standard input to named sources of decoded, unwrapped lines.
//!
//! This is the only code that opens logs. It knows encodings, compression, rotation, `grep` output
//! and wrappers, and does not know what a log line means.
//!
//! A text passes these steps, in this order: unpacked (`unpack`), told from what is no text
//! (`sniff`), a browser's export reduced to what concerns WebSockets (`document`), split into decoded lines without colour (`decode`, `escape`, `mojibake`), parted by
//! the files that `grep` named (`grep`), freed of quote marks, fences and indentation (`paste`),
//! and of what containers and platforms put before its lines (`wrapper`).

mod source;

mod rotation;
mod walk;

mod document;
mod sniff;
mod unpack;

mod escape;
mod mojibake;

mod decode;
mod intake;

mod grep;
mod paste;
mod wrapper;

mod parts;
mod reading;

pub use intake::WHOLE_BYTES;
pub use reading::{InputError, Reading, STDIN_NAME, from_text, read_in, read_paths, read_stream};
pub use source::{Completeness, Copies, Form, Line, Source, Wrapper};
