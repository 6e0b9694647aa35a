//! From a group of lines to the record: the fields of frame, body and wrapper put together.
//!
//! The innermost word counts; what only the message mentions fills the gaps.

use super::group::Group;
use super::registry::{Claim, PLAIN};
use super::{Parsed, client_script, mentions, traceback};
use crate::input::{Line, Wrapper};
use crate::record::{Copies, Origin, Record, Side};
use crate::sieve::Why;
use crate::stamp::Stamp;

/// The record of one group; `side` is for lines whose dialect does not settle it.
pub(super) fn record(source: usize, lines: &[Line], group: Group, side: Side) -> Option<Record> {
    let head = lines.get(group.head)?;
    let last = lines.get(group.last)?;
    let dialect = match group.claim.dialect() {
        PLAIN if group.traced => "python-traceback",
        claimed => claimed,
    };
    // Where a logger's head stands above, the traceback is of that program.
    let headless = group.claim.frame.is_none();
    let parsed = merged(
        group.claim.frame.map(|(_, parsed)| parsed),
        group.claim.body.map(|(_, parsed)| parsed),
        &head.text,
    );
    let mut detail = parsed.detail;
    let carried = !detail.is_empty();
    detail.extend(group.detail);
    let kept = detail
        .iter()
        .rposition(|line| !line.trim().is_empty())
        .map_or(0, |at| at.saturating_add(1));
    detail.truncate(kept);
    let traceback = (group.traced || carried)
        .then(|| {
            traceback::of(
                std::iter::once(traced_head(&parsed.message, &head.text))
                    .chain(detail.iter().map(String::as_str)),
            )
        })
        .flatten();
    let mentioned = mentions::of(&parsed.message);
    let script = traceback
        .as_ref()
        .filter(|one| headless && client_script::is_of_script(one));
    let dialled = script.and_then(client_script::dialled);
    let side = match script {
        Some(_) => Side::Client,
        None => parsed.side.unwrap_or(side),
    };
    let Wrapper {
        process,
        stamp: wrapper_stamp,
    } = head.wrapper.clone().unwrap_or_default();
    Some(Record {
        origin: Origin {
            source,
            line: head.number,
            last_line: last.number.max(head.number),
        },
        dialect,
        side,
        stamp: parsed.stamp,
        wrapper_stamp,
        level: parsed.level,
        logger: parsed.logger,
        process,
        peer: parsed.peer.or(mentioned.peer),
        target: parsed.target.or(dialled).or(mentioned.target),
        status: parsed.status.or(mentioned.status),
        message: parsed.message,
        detail,
        left_out: group.left_out,
        traceback,
        repeats: parsed.repeats.max(1),
        copies: head.copies.as_deref().map(copies),
        by_chance: head.why == Why::Neighbour,
        partial: head.why == Why::Part,
        after_gap: head.after_gap,
        text: head.text.clone(),
    })
}

/// What a line stands for. Of the last of its copies only the time is read.
fn copies(counted: &crate::input::Copies) -> Copies {
    let last = counted.last.trim_start();
    // Of a class only one line says when it was seen last.
    let claim = if last.is_empty() {
        Claim::default()
    } else {
        Claim::of(last)
    };
    let frame = claim.frame.and_then(|(_, parsed)| parsed.stamp);
    let body = claim.body.and_then(|(_, parsed)| parsed.stamp);
    Copies {
        class: counted.class,
        more: counted.more,
        connections: counted.connections,
        last: finer(frame, body),
    }
}

/// The head as the traceback reads it: a frame that heads a record keeps its indentation, by which
/// code is told from exceptions.
fn traced_head<'a>(message: &'a str, text: &'a str) -> &'a str {
    if text.trim_start().starts_with(message) {
        text
    } else {
        message
    }
}

fn merged(frame: Option<Parsed>, body: Option<Parsed>, text: &str) -> Parsed {
    match (frame, body) {
        (Some(frame), Some(body)) => Parsed {
            side: body.side.or(frame.side),
            stamp: finer(frame.stamp, body.stamp),
            level: frame.level.or(body.level),
            logger: frame.logger.or(body.logger),
            peer: body.peer.or(frame.peer),
            target: body.target.or(frame.target),
            status: body.status.or(frame.status),
            message: body.message,
            built: false,
            detail: frame.detail.into_iter().chain(body.detail).collect(),
            bare_module: frame.bare_module,
            repeats: body.repeats,
        },
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => Parsed {
            message: text.trim().to_owned(),
            logger: super::header_token::tag(text.trim()).map(str::to_owned),
            ..Parsed::default()
        },
    }
}

/// Of two clocks of one event the finer; of two alike the inner. The zone that one of them states
/// holds for the other where both show the same time.
fn finer(outer: Option<Stamp>, inner: Option<Stamp>) -> Option<Stamp> {
    let (Some(outer), Some(inner)) = (outer, inner) else {
        return inner.or(outer);
    };
    let (mut chosen, other) = if outer.dated && outer.resolution_ms < inner.resolution_ms {
        (outer, inner)
    } else {
        (inner, outer)
    };
    if chosen.offset_s.is_none()
        && chosen.dated == other.dated
        && chosen.wall_ms.abs_diff(other.wall_ms) <= 2000
    {
        chosen.offset_s = other.offset_s;
    }
    Some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finer_clock_keeps_the_zone_of_the_other() {
        let outer = Stamp {
            wall_ms: 1_000_123,
            offset_s: None,
            resolution_ms: 1,
            dated: true,
        };
        let inner = Stamp {
            wall_ms: 1_000_000,
            offset_s: Some(3600),
            resolution_ms: 1000,
            dated: true,
        };
        assert_eq!(
            finer(Some(outer), Some(inner)),
            Some(Stamp {
                offset_s: Some(3600),
                ..outer
            })
        );
        assert_eq!(finer(None, Some(inner)), Some(inner));
    }
}
