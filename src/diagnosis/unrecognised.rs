//! Lines that nothing understood: counted for every source, and shown as templates where they stand
//! near an attempt, so that an unmatched log still gives something to look at.

use super::Findings;
use super::model::{InputSummary, Template};
use crate::event::Event;
use crate::input::Source;
use crate::timeline::Timeline;
use std::collections::{BTreeMap, BTreeSet};

/// A line is near an attempt when so few lines lie between it and one of the attempt's.
const NEAR_LINES: u64 = 12;
/// So many templates are kept.
const MOST: usize = 12;

/// What was read of each source.
pub(super) fn summaries(sources: &[Source], timeline: &Timeline) -> Vec<InputSummary> {
    let mut dialects: Vec<BTreeMap<&str, usize>> = vec![BTreeMap::new(); sources.len()];
    let mut unrecognised: Vec<u64> = vec![0; sources.len()];
    for event in &timeline.events {
        let origin = event.record.origin;
        if let Some(seen) = dialects.get_mut(origin.source) {
            let count = seen.entry(event.record.dialect).or_default();
            *count = count.saturating_add(1);
        }
        if !is_understood(event)
            && let Some(count) = unrecognised.get_mut(origin.source)
        {
            let further = origin.last_line.saturating_sub(origin.line);
            *count = count.saturating_add(further).saturating_add(1);
        }
    }
    sources
        .iter()
        .zip(dialects)
        .zip(unrecognised)
        .map(|((source, seen), unrecognised)| {
            let mut seen: Vec<(&str, usize)> = seen
                .into_iter()
                .filter(|(id, _)| *id != crate::dialect::registry::PLAIN)
                .collect();
            seen.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
            InputSummary {
                file: source.name.clone(),
                dialects: seen.into_iter().map(|(id, _)| id.to_owned()).collect(),
                lines: source.line_count(),
                passed_over: source.passed_over,
                unrecognised,
            }
        })
        .collect()
}

/// Templates of the lines without meaning near attempts that failed.
pub(super) fn templates(findings: &Findings<'_>) -> Vec<Template> {
    let near = lines_of_cases(findings);
    let mut found: BTreeMap<String, Template> = BTreeMap::new();
    for (id, event) in findings.timeline.events.iter().enumerate() {
        if is_understood(event) || !is_near(event, &near) {
            continue;
        }
        let Some(first) = findings.cite(id) else {
            continue;
        };
        let text = template(&event.record.message);
        if !text.chars().any(char::is_alphabetic) {
            continue;
        }
        found
            .entry(text.clone())
            .and_modify(|known| known.count = known.count.saturating_add(1))
            .or_insert(Template {
                text,
                count: 1,
                first,
            });
    }
    let mut templates: Vec<Template> = found.into_values().collect();
    templates.sort_by(|one, other| {
        other
            .count
            .cmp(&one.count)
            .then(one.first.cmp(&other.first))
    });
    templates.truncate(MOST);
    templates
}

/// Whether a phrase knows the words, or a dialect the whole line (an access line, a stack line, an
/// object with a request and its status). A frame around words that no phrase knows is not enough.
fn is_understood(event: &Event) -> bool {
    const FRAMES: [&str; 6] = [
        "logger-header",
        "json-lines",
        "structlog-console",
        "logfmt",
        "zap-console",
        crate::dialect::registry::PLAIN,
    ];
    let names_request = event.record.status.is_some() && event.record.target.is_some();
    !event.meanings.is_empty()
        || names_request
        || event.record.message.trim().is_empty()
        || !FRAMES.contains(&event.record.dialect)
}

fn lines_of_cases(findings: &Findings<'_>) -> BTreeSet<(usize, u64)> {
    findings
        .cases
        .iter()
        .flat_map(|case| &case.attempts)
        .filter_map(|index| findings.attempts.attempts.get(*index))
        .flat_map(|attempt| &attempt.events)
        .filter_map(|id| findings.event(*id))
        .map(|event| (event.record.origin.source, event.record.origin.line))
        .collect()
}

fn is_near(event: &Event, lines: &BTreeSet<(usize, u64)>) -> bool {
    let origin = event.record.origin;
    let from = (origin.source, origin.line.saturating_sub(NEAR_LINES));
    let to = (origin.source, origin.line.saturating_add(NEAR_LINES));
    lines.range(from..=to).next().is_some()
}

/// The message with what varies (numbers, quoted texts, long words with digits) replaced by `<*>`.
fn template(message: &str) -> String {
    let words: Vec<&str> = message
        .split_whitespace()
        .map(|word| {
            let digits = word.chars().any(|c| c.is_ascii_digit());
            let quoted = word.starts_with(['\'', '"']) || word.contains('@');
            if digits || quoted { "<*>" } else { word }
        })
        .take(40)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn what_varies_is_masked() {
        assert_eq!(
            template("peer 17 joined room 'blue' at 10:00"),
            "peer <*> joined room <*> at <*>"
        );
    }
}
