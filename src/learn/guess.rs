//! What a group of lines seems to mean: from where it stands between known lines, which attempts show
//! it, who wrote it, and, where it stands at the end of failing attempts, its words.

use super::Proposed;
use super::mask::{Masked, expression};
use super::occurrence::Occurrence;
use super::templates::Template;
use super::vocabulary::suggested;
use crate::attempt::Pattern;
use crate::diagnosis::Findings;
use crate::lexicon::{Phrase, Within, matches};
use crate::record::Level;
use crate::stage::Stage;
use std::collections::{BTreeMap, BTreeSet};

/// So large a share of a group's lines must stand in one place for that place to say anything.
const MAJORITY: f64 = 0.8;

/// A kind, others that could be meant, whether it is told surely, and why.
struct Guess {
    kind: &'static str,
    instead: Vec<&'static str>,
    sure: bool,
    reason: &'static str,
}

/// A group with what is counted of it.
struct Group<'g> {
    lines: Vec<&'g Occurrence>,
    between: (Option<Stage>, Option<Stage>),
    there: usize,
    failed: BTreeSet<usize>,
    worked: BTreeSet<usize>,
    /// Attempts that worked, and showed no line of it.
    worked_without: usize,
    /// Attempts that came as far as its author's code or further, failed, and showed no line of it.
    failed_without: usize,
    speaker: Option<Stage>,
    text: &'g str,
}

/// The phrase for a group; nothing where too little of its words is left.
pub(super) fn propose(
    template: &Template,
    occurrences: &[Occurrence],
    masked: &[Masked],
    findings: &Findings<'_>,
) -> Option<Proposed> {
    let members = || template.lines.iter().filter_map(|line| masked.get(*line));
    let spaced = members().any(|line| line.spaced);
    let pattern = expression(&template.tokens, spaced)?;
    let sample = &masked.get(*template.lines.first()?)?.shown;
    let lines: Vec<&Occurrence> = template
        .lines
        .iter()
        .filter_map(|line| occurrences.get(*line))
        .collect();
    let group = Group::of(lines, sample, findings);
    let guess = group.guess();
    let proposed = Proposed {
        kind: guess.kind,
        instead: guess.instead,
        sure: guess.sure && holds(&pattern, guess.kind, sample),
        pattern,
        reason: guess.reason.to_owned(),
        lines: group.lines.len(),
        failed: group.failed.len(),
        worked: group.worked.len(),
        between: group.between,
        there: group.there,
        sample: sample.clone(),
    };
    Some(proposed)
}

/// The most frequent stage, and how often it is there.
fn most(stages: impl Iterator<Item = Option<Stage>>) -> (Option<Stage>, usize) {
    let mut counts: BTreeMap<Option<Stage>, usize> = BTreeMap::new();
    for stage in stages {
        let count = counts.entry(stage).or_default();
        *count = count.saturating_add(1);
    }
    counts
        .into_iter()
        .max_by_key(|(stage, count)| (*count, std::cmp::Reverse(*stage)))
        .unwrap_or_default()
}

/// Whether the phrase would match its own sample.
fn holds(pattern: &str, kind: &str, sample: &str) -> bool {
    let phrase = Phrase {
        kind: kind.into(),
        any: vec![pattern.into()],
        within: Within::Message,
        unless: Vec::new(),
        dialects: Vec::new(),
        side: None,
        level: None,
        clue: false,
        samples: Vec::new(),
        near_misses: Vec::new(),
    };
    matches(&phrase, sample)
}

impl<'g> Group<'g> {
    fn of(lines: Vec<&'g Occurrence>, text: &'g str, findings: &Findings<'_>) -> Self {
        let (before, there) = most(lines.iter().map(|line| line.before));
        let followed = lines.iter().filter(|line| line.before == before);
        let between = (before, most(followed.map(|line| line.after)).0);
        let shown = |failed: bool| -> BTreeSet<usize> {
            let of = lines.iter().filter(|line| line.failed == failed);
            of.map(|line| line.attempt).collect()
        };
        let (failed, worked) = (shown(true), shown(false));
        let speaker = lines.iter().filter_map(|line| line.speaker).max();
        let all = || findings.attempts.attempts.iter().enumerate();
        let worked_without = all()
            .filter(|(index, one)| one.pattern == Pattern::Healthy && !worked.contains(index))
            .count();
        let failed_without = all()
            .filter(|(index, one)| one.pattern.is_failure() && !failed.contains(index))
            .filter(|(_, one)| speaker.is_some_and(|stage| one.progress.came_to(stage)))
            .count();
        Self {
            lines,
            between,
            there,
            failed,
            worked,
            worked_without,
            failed_without,
            speaker,
            text,
        }
    }

    fn guess(&self) -> Guess {
        if !self.is_settled() {
            return Self::unsure(
                "housekeeping",
                &["middleware-spoke", "consumer-spoke"],
                "It stands in no one place of an attempt.",
            );
        }
        if self.mostly(|line| line.ended) {
            return Self::unsure(
                "consumer-disconnected",
                &["housekeeping"],
                "It comes after the end of the connection.",
            );
        }
        if self.mostly(|line| line.accepted) {
            return self.after_accept();
        }
        // Where reasons are named, more words of parting may follow; else the last word counts.
        let names_reason = !suggested(self.text).is_empty();
        let stops = self.worked.is_empty() && self.mostly(|line| line.after.is_none());
        if stops && (names_reason || self.mostly(|line| line.last)) {
            return self.stopping();
        }
        self.passing()
    }

    /// On an open connection.
    fn after_accept(&self) -> Guess {
        let error = self
            .lines
            .iter()
            .all(|line| line.level >= Some(Level::Error));
        if error && self.worked.is_empty() {
            return Guess {
                kind: "consumer-error",
                instead: vec!["initial-data-failed", "database-error"],
                sure: true,
                reason: "It is logged as an error on connections that failed.",
            };
        }
        Self::unsure(
            "consumer-spoke",
            &["message-sent", "message-received", "housekeeping"],
            "It is said on open connections.",
        )
    }

    /// At the end of attempts that failed, and in none that worked.
    fn stopping(&self) -> Guess {
        let told = suggested(self.text);
        let contrast = self.worked_without > 0;
        let several = self.failed.len() >= 2;
        if let Some((first, others)) = told.split_first() {
            let others = others.iter().copied().chain(["auth-failed"]);
            return Guess {
                kind: first,
                instead: others.filter(|other| other != first).collect(),
                sure: contrast || several,
                reason: "Failing attempts get no further than this line, and its words name a reason.",
            };
        }
        let instead = [
            "auth-failed",
            "token-expired",
            "token-invalid",
            "user-not-found",
            "role-refused",
        ];
        if contrast && several {
            return Guess {
                kind: "connection-refused-by-application",
                instead: instead.to_vec(),
                sure: self.lines.len() == self.failed.len(),
                reason: "Failing attempts get no further than this line, and those that work do not show it.",
            };
        }
        Self::unsure(
            "connection-refused-by-application",
            &instead,
            "Failing attempts get no further than this line.",
        )
    }

    /// On the way of attempts that went on, or that may have.
    fn passing(&self) -> Guess {
        let once = self.lines.len() == self.failed.len().saturating_add(self.worked.len());
        let several = self.lines.len() >= 2;
        let went_on = !self.worked.is_empty() && self.failed.is_empty();
        if self.speaker == Some(Stage::Middleware) && went_on && self.failed_without > 0 {
            return Guess {
                kind: "auth-passed",
                instead: vec!["middleware-spoke", "token-extracted"],
                sure: several && once,
                reason: "The middleware says it only of attempts that went on to the consumer.",
            };
        }
        let by_consumer =
            self.speaker >= Some(Stage::Consumer) || self.between.0 >= Some(Stage::Consumer);
        if by_consumer && self.between.0 < Some(Stage::Consumer) && once {
            return Guess {
                kind: "consumer-called",
                instead: vec!["consumer-spoke"],
                sure: several,
                reason: "The consumer says it once in each attempt, before anything else.",
            };
        }
        let (kind, other) = if by_consumer {
            ("consumer-spoke", "group-joined")
        } else {
            ("middleware-spoke", "token-extracted")
        };
        Guess {
            kind,
            instead: vec![other, "housekeeping"],
            sure: several && self.speaker.is_some(),
            reason: "It stands on the way of the handshake.",
        }
    }

    fn unsure(kind: &'static str, instead: &[&'static str], reason: &'static str) -> Guess {
        Guess {
            kind,
            instead: instead.to_vec(),
            sure: false,
            reason,
        }
    }

    /// Whether most lines stand in one place; of a few, all must.
    fn is_settled(&self) -> bool {
        share(self.there, self.lines.len()) >= MAJORITY
    }

    fn mostly(&self, holds: impl Fn(&Occurrence) -> bool) -> bool {
        let count = self.lines.iter().filter(|line| holds(line)).count();
        share(count, self.lines.len()) >= MAJORITY
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of lines")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
