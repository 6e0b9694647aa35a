//! Checking the words of a lexicon file that was loaded: kinds, expressions and close codes that
//! nothing knows, with their place in the file.

use super::error::{RuleError, nearest};
use super::spot::{Document, Step};
use crate::cause::{Cause, Evidence, EvidenceScope};
use crate::dialect;
use crate::lexicon::{LexiconFile, Phrase, check_expression};
use std::collections::BTreeSet;

/// What a close code that states a cause adds to its log-odds: it is exact, where it is defined.
const CODE_STATES_CAUSE: f64 = 7.0;

/// The names that words may mean.
pub(super) struct Known<'k> {
    pub(super) kinds: BTreeSet<&'k str>,
    pub(super) causes: BTreeSet<&'k str>,
}

/// The first thing that is wrong with a file's words.
pub(super) fn check(
    document: &Document<'_>,
    file: &LexiconFile,
    known: &Known<'_>,
) -> Result<(), RuleError> {
    for (index, phrase) in file.phrases.iter().enumerate() {
        check_phrase(document, index, phrase, known)?;
    }
    for (code, meaning) in &file.close_codes {
        let table = Step::Key("close-codes");
        check_code(code).map_err(|problem| document.error(&[table, Step::Name(code)], problem))?;
        let means = meaning.means.as_str();
        if !known.kinds.contains(means) && !known.causes.contains(means) {
            let names = known.kinds.iter().chain(&known.causes).copied();
            let problem = unknown("kind of event or cause", means, names);
            let steps = [table, Step::Key(code), Step::Key("means")];
            return Err(document.error(&steps, problem));
        }
    }
    Ok(())
}

fn check_phrase(
    document: &Document<'_>,
    index: usize,
    phrase: &Phrase,
    known: &Known<'_>,
) -> Result<(), RuleError> {
    let here = [Step::Key("phrase"), Step::Index(index)];
    let error = |rest: &[Step<'_>], problem: String| {
        let steps: Vec<Step<'_>> = here.iter().chain(rest).copied().collect();
        document.error(&steps, problem)
    };
    if !known.kinds.contains(phrase.kind.as_str()) {
        let problem = unknown("kind of event", &phrase.kind, known.kinds.iter().copied());
        return Err(error(&[Step::Key("kind")], problem));
    }
    if phrase.any.is_empty() {
        let problem = "a phrase needs at least one expression here".to_owned();
        return Err(error(&[Step::Key("any")], problem));
    }
    for (key, patterns) in [("any", &phrase.any), ("unless", &phrase.unless)] {
        for (place, pattern) in patterns.iter().enumerate() {
            check_expression(pattern).map_err(|problem| {
                error(
                    &[Step::Key(key), Step::Index(place)],
                    format!("this {problem}"),
                )
            })?;
        }
    }
    for (place, dialect) in phrase.dialects.iter().enumerate() {
        if !dialect::ids().any(|id| *dialect == id) {
            let problem = unknown("dialect", dialect, dialect::ids());
            return Err(error(&[Step::Key("dialects"), Step::Index(place)], problem));
        }
    }
    Ok(())
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near =
        nearest(name, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    format!("there is no {what} `{name}`{near}")
}

/// RFC 6455 section 7.4: what is left to applications and libraries, and the codes of the protocol
/// that an application may rightly send with a meaning of its own.
fn check_code(code: &str) -> Result<(), String> {
    match code.parse::<u16>() {
        Ok(3000..=4999 | 1008 | 1011..=1013) => Ok(()),
        Ok(1000..=1015) => Err(format!(
            "{code} has its meaning from the protocol; an application's own codes are 3000 to 4999"
        )),
        _ => Err(format!(
            "`{code}` is no close code: an application's own are 3000 to 4999"
        )),
    }
}

/// Tells each cause which close codes state it.
pub(super) fn add_codes(causes: &mut [Cause], name: &str, file: &LexiconFile) {
    for (code, meaning) in &file.close_codes {
        let Some(cause) = causes.iter_mut().find(|cause| cause.id == meaning.means) else {
            continue;
        };
        let text = meaning.text.as_deref().unwrap_or(&meaning.means);
        cause.evidence.push(Evidence {
            id: format!("close-code-{code}").into(),
            weight: CODE_STATES_CAUSE,
            reason: format!("close code {code} means this here, says {name}: {text}").into(),
            any: vec![format!("close-means={}", meaning.means).into()],
            all: Vec::new(),
            none: Vec::new(),
            sequence: Vec::new(),
            count: None,
            within_ms: None,
            scope: EvidenceScope::Attempt,
            by_hand: None,
        });
    }
}
