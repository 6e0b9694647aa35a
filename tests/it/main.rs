//! Whole-program tests, by user task. One binary, so that the rules are built once.
//!
//! Tests that walk `fixtures/` and `rules/` find new files by themselves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and says why"
)]

mod material;
mod mutation;
mod program;

mod architecture;
mod cli;
mod client_side;
mod clocks;
mod containers;
mod cuts;
mod dependencies;
mod determinism;
mod exports;
mod filtering;
mod fitting;
mod fuzzing;
mod inputs;
mod interleaving;
mod layouts;
mod library_words;
mod long_logs;
mod made_logs;
mod next_checks;
mod own_words;
mod pastes;
mod properties;
mod readme;
mod recordings;
mod reports;
mod rules;
mod scoring;
mod server_errors;
mod variations;
