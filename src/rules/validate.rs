//! What can be wrong with rules that parse: names that nothing knows, texts that are missing.

use super::RuleSet;
use super::error::nearest;
use crate::attempt::{FACTS, Pattern};
use crate::cause::{Cause, Evidence};
use crate::lexicon::{Phrase, matches};
use std::collections::BTreeSet;
use std::fmt;

/// A problem of a rule, with the nearest known name where one was mistyped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The cause, kind or checklist item that has it.
    pub rule: String,
    /// What is wrong.
    pub problem: String,
    /// The known name that is nearest.
    pub near: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.problem)?;
        match &self.near {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None => Ok(()),
        }
    }
}

/// All problems, sorted.
pub(super) fn validate(rules: &RuleSet) -> Vec<Finding> {
    let names = Names::of(rules);
    let mut found = Vec::new();
    for cause in &rules.causes {
        check_texts(cause, &mut found);
        check_names(cause, &names, &mut found);
    }
    for item in &rules.checklist.items {
        for signal in item.passed_by.iter().chain(&item.failed_by) {
            names.check_signal(&item.id, signal, &mut found);
        }
    }
    for (file, phrase) in &rules.loaded_phrases {
        check_samples(file, phrase, &mut found);
    }
    found.sort();
    found
}

/// What a phrase shows to be its own must be, and what it shows not to be must not.
fn check_samples(file: &str, phrase: &Phrase, found: &mut Vec<Finding>) {
    let mut add = |problem: String| {
        found.push(Finding {
            rule: format!("{file}, a phrase of `{}`", phrase.kind),
            problem,
            near: None,
        });
    };
    for sample in phrase.samples.iter().filter(|text| !matches(phrase, text)) {
        add(format!("does not match its sample `{sample}`"));
    }
    for text in phrase
        .near_misses
        .iter()
        .filter(|text| matches(phrase, text))
    {
        add(format!("matches its near miss `{text}`"));
    }
}

struct Names<'a> {
    kinds: BTreeSet<&'a str>,
    causes: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(rules: &'a RuleSet) -> Self {
        Self {
            kinds: rules.lexicon.kinds().map(|kind| kind.id.as_str()).collect(),
            causes: rules.causes.iter().map(|cause| cause.id.as_str()).collect(),
        }
    }

    fn check_signal(&self, rule: &str, signal: &str, found: &mut Vec<Finding>) {
        let name = signal.strip_prefix('!').unwrap_or(signal);
        match name.split_once('=') {
            Some((fact, _)) if FACTS.contains(&fact) => {}
            Some((fact, _)) => found.push(Finding {
                rule: rule.to_owned(),
                problem: format!("`{fact}` is no fact about an attempt"),
                near: nearest(fact, FACTS.iter().copied()),
            }),
            None if self.kinds.contains(name) => {}
            None => found.push(Finding {
                rule: rule.to_owned(),
                problem: format!("no lexicon file defines the kind `{name}`"),
                near: nearest(name, self.kinds.iter().copied()),
            }),
        }
    }

    fn check_cause(&self, rule: &str, id: &str, found: &mut Vec<Finding>) {
        if !self.causes.contains(id) {
            found.push(Finding {
                rule: rule.to_owned(),
                problem: format!("there is no cause `{id}`"),
                near: nearest(id, self.causes.iter().copied()),
            });
        }
    }
}

fn check_texts(cause: &Cause, found: &mut Vec<Finding>) {
    let missing = [
        ("a title", cause.title.trim().is_empty()),
        ("an explanation", cause.explanation.trim().is_empty()),
        ("an impact", cause.impact.trim().is_empty()),
        ("a fix", cause.fixes.is_empty()),
        ("a check", cause.checks.is_empty()),
        ("a pattern", cause.patterns.is_empty()),
        ("evidence", cause.evidence.is_empty()),
        ("an example that must name it", cause.examples.is_empty()),
        ("a near miss that must not", cause.near_misses.is_empty()),
    ];
    for (text, is_missing) in missing {
        if is_missing {
            found.push(Finding {
                rule: cause.id.to_string(),
                problem: format!("{text} is missing"),
                near: None,
            });
        }
    }
    for evidence in &cause.evidence {
        if asks_nothing(evidence) {
            found.push(Finding {
                rule: cause.id.to_string(),
                problem: format!("the evidence `{}` asks for nothing", evidence.id),
                near: None,
            });
        }
    }
}

fn asks_nothing(evidence: &Evidence) -> bool {
    evidence.any.is_empty()
        && evidence.all.is_empty()
        && evidence.sequence.is_empty()
        && evidence.count.is_none()
}

fn check_names(cause: &Cause, names: &Names<'_>, found: &mut Vec<Finding>) {
    let patterns: Vec<&str> = Pattern::ALL.iter().map(|pattern| pattern.name()).collect();
    for pattern in &cause.patterns {
        if !patterns.contains(&pattern.as_str()) {
            found.push(Finding {
                rule: cause.id.to_string(),
                problem: format!("there is no pattern `{pattern}`"),
                near: nearest(pattern, patterns.iter().copied()),
            });
        }
    }
    for evidence in &cause.evidence {
        let signals = evidence
            .any
            .iter()
            .chain(&evidence.all)
            .chain(&evidence.none)
            .chain(&evidence.sequence)
            .chain(evidence.count.iter().map(|count| &count.kind));
        for signal in signals {
            names.check_signal(&cause.id, signal, found);
        }
    }
    for id in &cause.explains {
        if !names.kinds.contains(id.as_str()) {
            names.check_cause(&cause.id, id, found);
        }
    }
    for check in &cause.checks {
        for id in &check.settles {
            names.check_cause(&cause.id, id, found);
        }
    }
}
