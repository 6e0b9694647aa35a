//! The result: plain data that every renderer prints and none decides.

mod model;

pub use model::*;
