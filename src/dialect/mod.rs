//! The structure of log lines: stamp, level, logger, client address, request, message.
//!
//! A line is read in two layers. A *frame* is what a logging library puts around a message (stamp,
//! level, logger; or a JSON object); a *body* is a message whose own structure is known (an access
//! line, a browser's console message). Frames may stand around bodies, so each is tried on its own,
//! line by line: one file may mix them all. What the words mean is left to [`crate::lexicon`].
//!
//! Adding a dialect: one file here and one line in the registry. Each carries samples that it alone
//! may claim within its layer, and a test holds it to that.

pub mod clock;
pub mod frames;
pub mod level;
pub mod mentions;
pub mod registry;

mod browser_console;
mod browser_location;
mod browser_network;
mod browser_runner;
mod browser_safari;
mod browser_source;
mod browser_stack;
mod browser_stderr;
mod browser_words;
mod client_program;
mod client_script;
mod access_line;
mod access_log;
mod alb_access;
mod assemble;
mod channels_runserver;
mod continuation;
mod daphne_access;
mod daphne_debug;
mod dev_proxy;
mod envoy_access;
mod field_names;
mod fields;
mod fold;
mod group;
mod handshake;
mod har;
mod haproxy_http;
mod header_gap;
mod header_token;
mod heroku_router;
mod hypercorn_access;
mod json_lines;
mod key_value;
mod logfmt;
mod logger_header;
mod module_column;
mod net_attempt;
mod net_export;
mod net_log;
mod nginx_error;
mod peer;
mod phase;
mod place_column;
mod python_traceback;
mod read;
mod rich_traceback;
mod request;
mod request_columns;
mod structlog_console;
mod time_of_day;
mod tornado_access;
mod trace_line;
mod traceback;
mod uvicorn_access;
mod websockets_debug;
mod word_list;
mod wsgi_runserver;
mod zap_console;

pub use read::read;

/// The ids of all dialects.
pub fn ids() -> impl Iterator<Item = &'static str> {
    let all = registry::FRAMES.iter().chain(registry::BODIES);
    all.map(|dialect| dialect.id()).chain([registry::PLAIN])
}

use crate::record::{Level, Peer, Side};
use crate::stamp::Stamp;

/// What a dialect read from one line. Empty fields were not there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// The side, where this shape settles it.
    pub side: Option<Side>,
    /// The time the line states.
    pub stamp: Option<Stamp>,
    /// The severity it states.
    pub level: Option<Level>,
    /// Logger, module, bracketed tag, or a console's script.
    pub logger: Option<String>,
    /// The client's address.
    pub peer: Option<Peer>,
    /// The request's target: a path with its query, or a whole URL.
    pub target: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The message without all of the above (a body may keep its line whole).
    pub message: String,
    /// The message was put together of fields, so that no body is in it.
    pub built: bool,
    /// Further lines that one physical line carried (a JSON field with a traceback).
    pub detail: Vec<String>,
    /// Where a bare word before the message may be the module: whether it was taken for one.
    /// Only all lines of a source together tell; see [`module_column`].
    pub bare_module: Option<bool>,
    /// A console's repeat count; 0 and 1 both mean once.
    pub repeats: u32,
}

/// Which layer a dialect reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Stamp, level and logger around any message.
    Frame,
    /// A message of known structure.
    Body,
}

/// One kind of log line.
pub trait Dialect: Sync {
    /// Its public id, in kebab case (`daphne-access`), equal to its file's stem.
    fn id(&self) -> &'static str;

    /// The layer it reads.
    fn layer(&self) -> Layer;

    /// Real lines that this dialect claims, and no other of its layer.
    fn samples(&self) -> &'static [&'static str];

    /// Reads one line (a frame) or one message (a body), without its line ending.
    ///
    /// `None` means the line is not of this kind; it is never an error.
    fn parse(&self, text: &str) -> Option<Parsed>;
}
