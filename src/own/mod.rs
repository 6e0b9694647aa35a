//! What only the user's own application can tell: its WebSocket routes, and the zones its clocks run
//! in. Its phrases and close codes are the [lexicon](crate::lexicon)'s, in the lexicon's schema.
//!
//! The words come from `wswhy.toml`. Which file that is and how it is read stands in
//! [`crate::rules`]; nothing here opens a file.

mod route;
mod schema;
mod zone;

pub use route::{Route, RouteError, Routes, Standing};
pub use schema::{OwnFile, RouteEntry};
pub use zone::{SIDES, Zone, ZoneError, Zones};

/// The user's own words, ready to ask.
#[derive(Debug, Default)]
pub struct Own {
    /// The file they stand in, as the user knows it; `None` where there is none.
    pub file: Option<String>,
    /// The application's WebSocket routes; empty where none are listed.
    pub routes: Routes,
    /// The zones of clocks that do not state theirs.
    pub zones: Zones,
}
