//! The lines that no phrase knows, each with its place in an attempt: what was proven before it, what
//! comes after it, and how the attempt ended.

use crate::attempt::Attempt;
use crate::diagnosis::Findings;
use crate::event::{Event, EventId};
use crate::lexicon::{Kind, Mark, Proof, Scope};
use crate::record::{Level, Side};
use crate::stage::Stage;
use std::collections::BTreeMap;

/// A line that no attempt covers is near one that so few lines part from it.
const NEAR_LINES: u64 = 3;
/// It is of the same moment within so many milliseconds.
const MOMENT_MS: u64 = 1_500;

/// One line near an attempt whose words are unknown.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent observations about one line"
)]
pub(super) struct Occurrence {
    pub(super) event: EventId,
    pub(super) attempt: usize,
    /// The furthest stage that known lines prove before it.
    pub(super) before: Option<Stage>,
    /// The next stage that known lines prove after it.
    pub(super) after: Option<Stage>,
    /// The connection was accepted by then.
    pub(super) accepted: bool,
    /// The connection had ended by then.
    pub(super) ended: bool,
    /// No other line with unknown words follows in its attempt.
    pub(super) last: bool,
    /// The attempt failed.
    pub(super) failed: bool,
    /// The stage whose code wrote it, by its logger's or its class's name.
    pub(super) speaker: Option<Stage>,
    pub(super) level: Option<Level>,
}

/// All of them, in the order of the timeline.
pub(super) fn collect(findings: &Findings<'_>) -> Vec<Occurrence> {
    let owners = Owners::of(findings);
    let events = findings.timeline.events.iter().enumerate();
    let mut found: Vec<Occurrence> = events
        .filter(|(_, event)| is_unknown(event, findings))
        .filter_map(|(id, event)| {
            let attempt = owners.owner(id, event, findings)?;
            Some(occurrence(id, event, attempt, findings))
        })
        .collect();
    // What is said after the end is no word on the way.
    let last: BTreeMap<usize, EventId> = found
        .iter()
        .filter(|one| !one.ended)
        .map(|one| (one.attempt, one.event))
        .collect();
    for one in &mut found {
        one.last = last.get(&one.attempt) == Some(&one.event);
    }
    found
}

/// Whether a line of the application has words that no phrase knows; a clue tells who spoke, not what.
fn is_unknown(event: &Event, findings: &Findings<'_>) -> bool {
    const FRAMES: [&str; 5] = [
        "logger-header",
        "json-lines",
        "structlog-console",
        "logfmt",
        crate::dialect::registry::PLAIN,
    ];
    let of_connections = |kind: &Kind| kind.scope == Scope::Connection;
    event.record.side == Side::Backend
        && FRAMES.contains(&event.record.dialect)
        && event.record.traceback.is_none()
        && event.record.message.chars().any(char::is_alphabetic)
        && event.meanings.iter().all(|meaning| {
            let kind = findings.rules.lexicon.kind(meaning.kind);
            meaning.clue && kind.is_some_and(of_connections)
        })
}

/// Which attempt each known line belongs to.
struct Owners {
    /// For each source: its lines that belong to attempts, in order.
    by_source: BTreeMap<usize, Vec<(EventId, usize)>>,
}

impl Owners {
    fn of(findings: &Findings<'_>) -> Self {
        let mut by_source: BTreeMap<usize, Vec<(EventId, usize)>> = BTreeMap::new();
        for (index, attempt) in findings.attempts.attempts.iter().enumerate() {
            for id in &attempt.events {
                if let Some(event) = findings.event(*id) {
                    let source = event.record.origin.source;
                    by_source.entry(source).or_default().push((*id, index));
                }
            }
        }
        for lines in by_source.values_mut() {
            lines.sort_unstable();
        }
        Self { by_source }
    }

    /// The attempt that a line belongs to: its own, the one whose lines stand around it, or the one
    /// right beside it.
    fn owner(&self, id: EventId, event: &Event, findings: &Findings<'_>) -> Option<usize> {
        let lines = self.by_source.get(&event.record.origin.source)?;
        let place = lines.partition_point(|(known, _)| *known < id);
        let next = lines.get(place).copied();
        if let Some((_, attempt)) = next.filter(|(known, _)| *known == id) {
            return Some(attempt);
        }
        let previous = place
            .checked_sub(1)
            .and_then(|place| lines.get(place))
            .copied();
        let covers = |attempt: usize| {
            let events = &findings.attempts.attempts.get(attempt)?.events;
            (*events.first()? < id && *events.last()? > id).then_some(attempt)
        };
        let around = [previous, next].into_iter().flatten();
        around
            .clone()
            .find_map(|(_, attempt)| covers(attempt))
            .or_else(|| {
                let mut beside = around;
                let near = |other: EventId| is_beside(event, findings.event(other));
                beside
                    .find(|(other, _)| near(*other))
                    .map(|(_, attempt)| attempt)
            })
    }
}

fn is_beside(event: &Event, other: Option<&Event>) -> bool {
    let Some(other) = other else {
        return false;
    };
    let lines = event.record.origin.line.abs_diff(other.record.origin.line);
    let apart = match (event.own_ms(), other.own_ms()) {
        (Some(one), Some(two)) => one.abs_diff(two),
        _ => 0,
    };
    lines <= NEAR_LINES && apart <= MOMENT_MS
}

fn occurrence(id: EventId, event: &Event, index: usize, findings: &Findings<'_>) -> Occurrence {
    let attempt = findings.attempts.attempts.get(index);
    let stated = |chosen: &dyn Fn(EventId) -> bool| -> Vec<&Kind> {
        let events = attempt.into_iter().flat_map(|attempt| &attempt.events);
        events
            .filter(|other| chosen(**other))
            .filter_map(|other| findings.event(*other))
            .filter(|other| other.record.side != Side::Client)
            .flat_map(|other| &other.meanings)
            .filter(|meaning| !meaning.clue)
            .filter_map(|meaning| findings.rules.lexicon.kind(meaning.kind))
            .collect()
    };
    let (earlier, later) = (stated(&|other| other < id), stated(&|other| other > id));
    let before = earlier.iter().copied().filter_map(reaches).max();
    let after = later
        .iter()
        .copied()
        .filter_map(reaches)
        .find(|stage| before.is_none_or(|before| *stage > before));
    let marked = |mark: Mark| earlier.iter().any(|kind| kind.marks == Some(mark));
    let speaker = event
        .meanings
        .iter()
        .filter_map(|meaning| findings.rules.lexicon.kind(meaning.kind)?.stage)
        .max();
    Occurrence {
        event: id,
        attempt: index,
        before,
        after,
        accepted: marked(Mark::Accept),
        ended: marked(Mark::Close) || marked(Mark::Refuse),
        last: false,
        failed: attempt.is_some_and(has_failed),
        speaker,
        level: event.record.level,
    }
}

fn has_failed(attempt: &Attempt) -> bool {
    attempt.pattern.is_failure()
}

/// The stage that a kind proves to be reached. What refuses or ends a connection proves only that its
/// author was called.
fn reaches(kind: &Kind) -> Option<Stage> {
    let ends = matches!(kind.marks, Some(Mark::Refuse | Mark::Close));
    kind.stage
        .filter(|_| kind.proves == Proof::Reached && !ends)
}
