//! Putting stamps on one clock: lines without stamps, stamps without dates, unknown zones.

use super::writers::{self, Writer};
use crate::event::Event;
use crate::record::{Record, Side};
use crate::stamp::Stamp;

const QUARTER_HOUR_MS: i64 = 15 * 60 * 1000;
pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Turns an export that shows the newest line first into the order written.
///
/// Whole logs whose dated stamps never rise and fall at least twice are taken as such an export.
pub(super) fn in_writing_order(mut records: Vec<Record>) -> Vec<Record> {
    let times: Vec<i64> = records
        .iter()
        .filter_map(|record| record.stamp.or(record.wrapper_stamp))
        .filter(|stamp| stamp.dated)
        .map(|stamp| stamp.utc_ms())
        .collect();
    let pairs = || times.iter().zip(times.iter().skip(1));
    let rises = pairs().any(|(first, second)| second > first);
    let falls = pairs().filter(|(first, second)| second < first).count();
    if !rises && falls >= 2 {
        records.reverse();
    }
    records
}

/// Gives each event of a source its time: its own stamp, or that of a line before by the same clock.
/// Where it was found that there are several zones, gives a sentence that says so.
pub(super) fn stamp(stream: &mut [Event]) -> Option<String> {
    let writers = writers::of(stream);
    for writer in &writers {
        choose_stamps(stream, writer);
    }
    date_beside_dated(stream);
    // A wrapper that stamped every line is one clock for all of them; the lines' own may be several.
    for writer in writers.iter().filter(|writer| !writer.by_wrapper) {
        reconcile_zones(stream, &writer.events);
    }
    let aligned = writers::align(stream, &writers);
    for group in &aligned.groups {
        fill_gaps(stream, group);
    }
    aligned.remark
}

fn choose_stamps(stream: &mut [Event], writer: &Writer) {
    for position in &writer.events {
        let Some(event) = stream.get_mut(*position) else {
            continue;
        };
        let own = event.record.stamp;
        let chosen = if writer.by_wrapper {
            event.record.wrapper_stamp
        } else {
            own.or(event.record.wrapper_stamp)
        };
        event.stamped = chosen.is_some();
        event.at_ms = chosen.as_ref().map(Stamp::utc_ms);
        event.resolution_ms = chosen.map_or(0, |stamp| i64::from(stamp.resolution_ms));
    }
}

/// Where some lines give a date and others the time of day alone, these are of the day that brings
/// them nearest to the dated line before (or, at the start, behind).
fn date_beside_dated(stream: &mut [Event]) {
    let first = stream
        .iter()
        .find(|event| has_date(event))
        .and_then(|event| event.at_ms);
    let Some(mut near) = first else {
        return;
    };
    for event in stream.iter_mut() {
        let Some(at) = event.at_ms else {
            continue;
        };
        if has_date(event) {
            near = at;
            continue;
        }
        let time = at.saturating_add(midnight_before(near));
        let candidates = [
            time.saturating_sub(DAY_MS),
            time,
            time.saturating_add(DAY_MS),
        ];
        event.at_ms = candidates
            .into_iter()
            .min_by_key(|candidate| candidate.abs_diff(near));
    }
}

/// Whether an event's time is of a day, not the time of day alone. Which of its stamps was chosen decides:
/// a line may give no date, and its wrapper one.
pub(super) fn has_date(event: &Event) -> bool {
    event.at_ms.is_some_and(|at| at > 2 * DAY_MS)
}

/// Whether a line, or its wrapper, gives the date.
pub(super) fn is_dated(event: &Event) -> bool {
    let stamp = event.record.stamp.or(event.record.wrapper_stamp);
    stamp.is_some_and(|stamp| stamp.dated)
}

/// Where one writer mixes lines with and without a zone (Gunicorn beside Django), the difference of
/// neighbours, rounded to quarter hours, is the zone of those without.
fn reconcile_zones(stream: &mut [Event], positions: &[usize]) {
    let zoned = |event: &Event| event.record.stamp.map(|stamp| stamp.offset_s.is_some());
    let mut differences: Vec<i64> = Vec::new();
    let mut previous: Option<(bool, i64)> = None;
    for event in positions.iter().filter_map(|at| stream.get(*at)) {
        let (Some(zone), Some(at)) = (zoned(event), event.at_ms) else {
            continue;
        };
        if let Some((before, time)) = previous
            && before != zone
        {
            let (here, utc) = if zone { (time, at) } else { (at, time) };
            differences.push(here.saturating_sub(utc));
        }
        previous = Some((zone, at));
    }
    let Some(shift) = by_neighbours(differences) else {
        return;
    };
    for position in positions {
        if let Some(event) = stream.get_mut(*position)
            && zoned(event) == Some(false)
        {
            event.at_ms = event.at_ms.map(|at| at.saturating_sub(shift));
        }
    }
}

/// The whole quarter hours that lie between lines that stand side by side, from the differences of
/// their stamps.
pub(super) fn by_neighbours(mut differences: Vec<i64>) -> Option<i64> {
    differences.sort_unstable();
    let median = *differences.get(differences.len() / 2)?;
    let shift = to_quarter_hour(median);
    (shift != 0 && median.abs_diff(shift) <= 2 * 60 * 1000).then_some(shift)
}

fn to_quarter_hour(ms: i64) -> i64 {
    let half = ms.signum().saturating_mul(QUARTER_HOUR_MS / 2);
    let beyond = ms.saturating_add(half);
    beyond.saturating_sub(beyond % QUARTER_HOUR_MS)
}

/// The midnight that a day with this time began with.
pub(super) fn midnight_before(ms: i64) -> i64 {
    ms.saturating_sub(ms.rem_euclid(DAY_MS))
}

/// Lines without a stamp happened between their neighbours by the same clock.
fn fill_gaps(stream: &mut [Event], positions: &[usize]) {
    let mut events = positions.iter().filter_map(|at| stream.get(*at));
    let first = events.find_map(|event| event.at_ms);
    let mut latest = first;
    let mut unstamped: Vec<usize> = Vec::new();
    let mut spans: Vec<(usize, i64)> = Vec::new();
    for position in positions {
        let Some(event) = stream.get_mut(*position) else {
            continue;
        };
        if let Some(at) = event.at_ms {
            if let Some(before) = latest {
                let span = at.saturating_sub(before).max(0);
                spans.extend(unstamped.drain(..).map(|index| (index, span)));
            }
            latest = Some(at);
        } else {
            event.at_ms = latest;
            unstamped.push(*position);
        }
    }
    for (index, span) in spans {
        if let Some(event) = stream.get_mut(index) {
            event.resolution_ms = span.max(1);
        }
    }
}

/// Stamps that give the time of day alone take the day of the dated events.
pub(super) fn date_undated(streams: &mut [Vec<Event>]) {
    let dated = has_date;
    let Some(first) = streams
        .iter()
        .flatten()
        .filter(|event| dated(event))
        .filter_map(|event| event.at_ms)
        .min()
    else {
        return;
    };
    let midnight = midnight_before(first);
    for stream in streams.iter_mut() {
        if stream.iter().any(dated) {
            continue;
        }
        let mut day = midnight;
        let mut previous = 0_i64;
        for event in stream.iter_mut() {
            let Some(at) = event.at_ms.filter(|at| *at < DAY_MS) else {
                continue;
            };
            if at < previous.saturating_sub(DAY_MS / 2) {
                day = day.saturating_add(DAY_MS);
            }
            previous = at;
            event.at_ms = Some(day.saturating_add(at));
        }
    }
}

/// Logs that meet only when one is shifted by whole quarter hours meet this closely.
pub(super) const ZONE_SLACK_MS: i64 = 60 * 1000;

/// A browser's stamps are often local time, a server's often UTC. Where a client's source and the other
/// side lie whole quarter hours apart and would meet when shifted, the source is shifted: by so much.
pub(super) fn align_zones(streams: &mut [Vec<Event>], source: usize) -> Option<i64> {
    let is_own =
        |event: &Event| event.record.side == Side::Client && event.record.origin.source == source;
    let of = |own: bool| {
        let events = streams.iter().flatten();
        events.filter(move |event| {
            if own {
                is_own(event)
            } else {
                event.record.side != Side::Client
            }
        })
    };
    // Where every stamp has its zone, stated by its line or by the user, there is nothing to guess.
    if of(true).chain(of(false)).all(has_zone) {
        return None;
    }
    let span = |own: bool| {
        let times: Vec<i64> = of(own)
            .filter(|event| !event.meanings.is_empty())
            .filter_map(|event| event.at_ms)
            .collect();
        Some((*times.iter().min()?, *times.iter().max()?))
    };
    let (client_first, client_last) = span(true)?;
    let (server_first, server_last) = span(false)?;
    let meets = |shift: i64| {
        client_first.saturating_sub(shift) <= server_last.saturating_add(ZONE_SLACK_MS)
            && client_last.saturating_sub(shift) >= server_first.saturating_sub(ZONE_SLACK_MS)
    };
    let shift = to_quarter_hour(client_first.saturating_sub(server_first));
    if meets(0) || shift == 0 || shift.saturating_abs() > DAY_MS || !meets(shift) {
        return None;
    }
    for event in streams.iter_mut().flatten().filter(|event| is_own(event)) {
        event.at_ms = event.at_ms.map(|at| at.saturating_sub(shift));
    }
    Some(shift)
}

fn has_zone(event: &Event) -> bool {
    let stamp = event.record.stamp.or(event.record.wrapper_stamp);
    stamp.is_none_or(|stamp| stamp.offset_s.is_some())
}
