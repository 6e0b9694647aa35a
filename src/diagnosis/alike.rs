//! Attempts that show the same: thousands of them share few sets of signals, and the causes of each
//! set are weighed once.

use crate::attempt::{Attempt, Pattern};
use crate::cause::{Cause, EvidenceScope};
use crate::event::EventId;
use crate::rule_text::RuleText;
use std::collections::{BTreeSet, HashMap};

/// Attempts of which every cause is as likely.
pub(super) struct Classes<'a> {
    /// One attempt of each class, in the order of their first attempts.
    pub(super) examples: Vec<&'a Attempt>,
    /// The class of each attempt, by its place among those given.
    pub(super) of_each: Vec<usize>,
}

/// All that the causes of an attempt are told by.
#[derive(PartialEq, Eq, Hash)]
struct Shown<'a> {
    route_key: Option<&'a str>,
    pattern: Pattern,
    /// Those that it does not share with every attempt.
    signals: Vec<&'a str>,
    /// The events of the signals whose order and number some evidence asks for.
    ordered: Vec<&'a [EventId]>,
}

impl<'a> Classes<'a> {
    /// Puts attempts into classes; `causes` are those that they will be asked for.
    pub(super) fn of(attempts: impl Iterator<Item = &'a Attempt>, causes: &[Cause]) -> Self {
        let ordered = ordered_signals(causes);
        let mut known: HashMap<Shown<'a>, usize> = HashMap::new();
        let mut classes = Self {
            examples: Vec::new(),
            of_each: Vec::new(),
        };
        for attempt in attempts {
            let class = *known
                .entry(shown(attempt, &ordered))
                .or_insert(classes.examples.len());
            if class == classes.examples.len() {
                classes.examples.push(attempt);
            }
            classes.of_each.push(class);
        }
        classes
    }
}

fn shown<'a>(attempt: &'a Attempt, ordered: &BTreeSet<&str>) -> Shown<'a> {
    let signals = &attempt.signals;
    Shown {
        route_key: attempt.route_key.as_deref(),
        pattern: attempt.pattern,
        signals: signals.own().map(|(name, _)| name).collect(),
        ordered: ordered.iter().map(|name| signals.events(name)).collect(),
    }
}

/// The signals of which evidence about single attempts asks when and how often they came.
fn ordered_signals(causes: &[Cause]) -> BTreeSet<&str> {
    causes
        .iter()
        .flat_map(|cause| &cause.evidence)
        .filter(|evidence| evidence.scope == EvidenceScope::Attempt)
        .flat_map(|evidence| {
            let counted = evidence.count.iter().map(|count| &count.kind);
            evidence.sequence.iter().chain(counted)
        })
        .map(RuleText::as_str)
        .collect()
}
