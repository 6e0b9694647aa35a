//! `wswhy` says why a WebSocket connection to a Django Channels backend failed, from logs.
//!
//! Data flows one way, and the modules stand in that order:
//!
//! ```text
//! input ─► dialect ─► lexicon ─► timeline ─► attempt ─► cause ─► diagnosis ─► report
//! bytes    line's     what the   all sources one per    rules    ranked       terminal,
//! to lines structure  words mean on a clock  handshake           incidents    Markdown, JSON
//! ```
//!
//! A module uses only what stands before it; [`stage`], [`stamp`] and [`record`] are the nouns they
//! share. Knowledge of programs' words and of causes is data under `rules/`, compiled in. Below the
//! command line nothing reads the clock or the environment, only [`input`] and the rule loader open
//! files, and nothing prints: the same input gives the same report.
//!
//! Beside the flow stand three tools for those who write rules: [`trial`] runs the examples inside
//! rule files, [`score`] measures rules on labelled cases, [`fit`] finds their weights.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::disallowed_methods,
        reason = "a test that panics fails, and says where"
    )
)]

mod engine;
pub mod rule_text;
pub mod stage;
pub mod stamp;
pub mod record;
pub mod mapped;
pub mod sieve;
pub mod input;
pub mod dialect;
pub mod lexicon;
pub mod own;
pub mod event;
pub mod timeline;
pub mod attempt;
pub mod cause;
pub mod rules;
pub mod diagnosis;
pub mod report;
pub mod learn;
pub mod trial;
pub mod score;
pub mod fit;
