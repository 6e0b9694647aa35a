//! The shape of `rules/lexicon/*.toml`: kinds of event, and the phrases that mean them.
//!
//! The build reads the built-in files with these same types, so they need little else.

use crate::engine::Reading;
use crate::rule_text::RuleText;
use crate::stage::Stage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One lexicon file.
#[derive(Debug, Clone, Deserialize, Serialize, Default)]
#[serde(deny_unknown_fields)]
pub struct LexiconFile {
    /// Kinds of event that this file introduces.
    #[serde(default, rename = "kind")]
    pub kinds: Vec<Kind>,
    /// Phrases that mean a kind, of this file or of another.
    #[serde(default, rename = "phrase")]
    pub phrases: Vec<Phrase>,
    /// What close codes of the application mean, by code.
    #[serde(default, rename = "close-codes")]
    pub close_codes: BTreeMap<RuleText, CloseCode>,
}

/// What an application means by a close code of its own.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CloseCode {
    /// The kind of event that a line naming the code is, or the cause that the code states.
    pub means: RuleText,
    /// The meaning in the application's own words, for reports.
    #[serde(default)]
    pub text: Option<RuleText>,
}

/// A kind of event: what a log record can mean.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Kind {
    /// Its public name in kebab case, unique (`token-expired`).
    pub id: RuleText,
    /// What it says, as a clause that follows "the line says that" (`the token has expired`).
    pub says: RuleText,
    /// The stage it speaks of.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// What it proves about that stage.
    #[serde(default)]
    pub proves: Proof,
    /// What it does to the life of an attempt.
    #[serde(default)]
    pub marks: Option<Mark>,
    /// Whom it concerns.
    #[serde(default)]
    pub scope: Scope,
}

/// What an event proves about its stage.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Nothing about a stage.
    #[default]
    Nothing,
    /// The attempt came at least as far as this stage (for `auth`, `accept`, `open`: passed it).
    Reached,
    /// The attempt came to this stage and was stopped there.
    Failed,
}

/// What an event does to the life of an attempt.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// It is the first thing its side says of an attempt.
    Start,
    /// The handshake was answered with 101, on this side's word.
    Accept,
    /// The handshake was refused.
    Refuse,
    /// The connection ended, or was found ended.
    Close,
}

/// Whom an event concerns.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One connection.
    #[default]
    Connection,
    /// The server as a whole: every attempt near it sees it.
    Server,
    /// Plain HTTP traffic; never evidence about a WebSocket.
    Http,
}

/// Words that mean a kind.
#[derive(Debug, Clone, Deserialize, Serialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Phrase {
    /// The kind it means.
    pub kind: RuleText,
    /// Regular expressions (crate `regex`); one match is enough. Case is ignored unless the
    /// expression says `(?-i)`. Named groups become fields of the event: `path`, `url`, `user`,
    /// `code`, `reason`, `status`, `port`, `host`, `origin`, `token`, `group`, `consumer`, `seconds`.
    pub any: Vec<RuleText>,
    /// Where to look.
    #[serde(default)]
    pub within: Within,
    /// Expressions that must not match in the record's message, or the phrase means nothing.
    #[serde(default)]
    pub unless: Vec<RuleText>,
    /// Only in records of these dialects.
    #[serde(default)]
    pub dialects: Vec<RuleText>,
    /// Only on this side.
    #[serde(default)]
    pub side: Option<SideName>,
    /// Only in records that state at least this level.
    #[serde(default)]
    pub level: Option<LevelName>,
    /// Only where no phrase without this flag matched: for clues, such as a logger's name.
    #[serde(default)]
    pub clue: bool,
    /// Messages (or loggers, exceptions, frames: what `within` names) that it must match.
    #[serde(default)]
    pub samples: Vec<RuleText>,
    /// Ones that it must not match.
    #[serde(default)]
    pub near_misses: Vec<RuleText>,
}

impl Phrase {
    /// Its expressions, `any` before `unless`, each with whether it reads texts as Unicode: those
    /// of `any` that are ASCII do not, so that they compile many times faster.
    pub fn expressions(&self) -> impl Iterator<Item = (&str, bool)> + Clone {
        let any = self.any.iter();
        let any = any.map(|source| (source.as_str(), !reads_ascii(source)));
        any.chain(self.unless.iter().map(|source| (source.as_str(), true)))
    }
}

/// Whether an expression can do without Unicode's tables.
pub(crate) fn reads_ascii(source: &str) -> bool {
    source.is_ascii() && !source.contains("\\p{")
}

/// How an expression is read; its named groups become fields.
pub(crate) fn reading(source: &str) -> Reading {
    Reading {
        case_insensitive: true,
        groups: source.contains("(?P<") || source.contains("(?<"),
    }
}

/// The part of a record a phrase is looked for in.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    /// The message with its further lines (tracebacks excluded).
    #[default]
    Message,
    /// The logger, module, tag or script.
    Logger,
    /// Any exception of the traceback, as `Class: message`.
    Exception,
    /// Any frame of the traceback, library frames included, as `file:line, in function` and as
    /// `file: line of code`.
    Frame,
}

/// [`crate::record::Side`] as rule files write it.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum SideName {
    /// `backend`
    Backend,
    /// `proxy`
    Proxy,
    /// `client`
    Client,
}

/// [`crate::record::Level`] as rule files write it.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum LevelName {
    /// `debug`
    Debug,
    /// `info`
    Info,
    /// `warning`
    Warning,
    /// `error`
    Error,
    /// `critical`
    Critical,
}
