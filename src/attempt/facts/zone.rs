//! In which zones the stamps may be, and what a token's times say at a line whose zone is open.
//!
//! A token tells the zone itself: it is issued before it is used, and one that was good enough to open a
//! connection had not expired. A token is called expired only where it is in every zone that is left.

use super::super::token::{self, Times, Token};
use super::super::{Attempt, Pattern};
use super::event_target;
use crate::event::Event;
use crate::record::Side;
use crate::timeline::Timeline;
use std::collections::{BTreeMap, BTreeSet};

const MINUTE_MS: i64 = 60 * 1000;
/// Issuers' and servers' clocks agree within this.
const SKEW_MS: i64 = 2 * MINUTE_MS;
/// A token used so soon after its issue was fetched for this connection.
const FRESH_MS: i64 = 5 * MINUTE_MS;
/// Stamps before this give no date.
const FIRST_DATE_MS: i64 = 24 * 60 * MINUTE_MS;
/// The zones in use that are off the hour, in minutes east of UTC.
const OFF_THE_HOUR: [i64; 12] = [
    -570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765,
];

/// For each clock: the zones it may show, in milliseconds east of UTC.
#[derive(Debug, Clone, Default)]
pub(super) struct Zones(BTreeMap<Clock, Vec<i64>>);

/// Who stamped a line. Clients are on the server's clock; a proxy has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Clock {
    Server,
    Source(usize),
}

impl Zones {
    /// What stated zones and the tokens of all attempts leave open.
    pub(super) fn learn(attempts: &[Attempt], timeline: &Timeline) -> Self {
        let mut zones = Self::stated(timeline);
        let mut open: BTreeMap<Clock, Vec<i64>> = BTreeMap::new();
        for attempt in attempts {
            let worked = attempt.pattern == Pattern::Healthy;
            for event in attempt
                .events
                .iter()
                .filter_map(|id| timeline.events.get(*id))
            {
                let (Some(times), Some(at)) = (token_times(event), line_ms(event, attempt)) else {
                    continue;
                };
                let clock = clock_of(event);
                if zones.0.contains_key(&clock) {
                    continue;
                }
                open.entry(clock)
                    .or_insert_with(all_zones)
                    .retain(|zone| allows(times, at.saturating_sub(*zone), worked));
            }
        }
        // Tokens that leave no zone come from an issuer whose clock is wrong: they tell nothing.
        open.retain(|_, left| !left.is_empty());
        zones.0.extend(open);
        zones
    }

    /// Clocks whose zone stamps state; the server's also where an aligned client's stamps state theirs.
    fn stated(timeline: &Timeline) -> Self {
        let mut zones: BTreeMap<Clock, Vec<i64>> = BTreeMap::new();
        let mut stating: BTreeSet<usize> = BTreeSet::new();
        for event in &timeline.events {
            let stamp = event.record.stamp.or(event.record.wrapper_stamp);
            if stamp.is_some_and(|stamp| stamp.offset_s.is_some()) {
                stating.insert(event.record.origin.source);
                if event.record.side != Side::Client {
                    zones.insert(clock_of(event), vec![0]);
                }
            }
        }
        let has_server = timeline
            .events
            .iter()
            .any(|event| event.record.side == Side::Backend && event.own_ms().is_some());
        for clock in timeline
            .clocks
            .iter()
            .filter(|clock| stating.contains(&clock.source))
        {
            if let Some(offset) = clock.offset.filter(|offset| offset.shared_events > 0) {
                zones
                    .entry(Clock::Server)
                    .or_insert_with(|| vec![nearest_zone(offset.offset_ms.saturating_neg())]);
            }
        }
        if !has_server && !stating.is_empty() {
            zones.entry(Clock::Server).or_insert_with(|| vec![0]);
        }
        Self(zones)
    }

    /// What a token's times say at a line, as the value of the fact `url-token`.
    pub(super) fn judge(
        &self,
        times: Times,
        event: &Event,
        attempt: &Attempt,
    ) -> Option<&'static str> {
        let at = line_ms(event, attempt)?;
        match self.0.get(&clock_of(event)) {
            Some(left) => say(times, at, left),
            None => say(times, at, &all_zones()),
        }
    }
}

/// What a token's times say at a time on a clock that may show these zones.
fn say(times: Times, at: i64, zones: &[i64]) -> Option<&'static str> {
    let utc = |zone: &i64| at.saturating_sub(*zone);
    let expired = |zone: &i64| times.expires.is_some_and(|end| utc(zone) > end);
    let early = |zone: &i64| {
        times
            .starts
            .is_some_and(|start| utc(zone).saturating_add(SKEW_MS) < start)
    };
    let fresh = |zone: &i64| {
        let age = times.issued.map(|issued| utc(zone).saturating_sub(issued));
        !expired(zone) && age.is_some_and(|age| (-SKEW_MS..=FRESH_MS).contains(&age))
    };
    if zones.iter().all(expired) {
        return Some("expired");
    }
    if zones.iter().all(early) {
        return Some("not-yet-valid");
    }
    // Without a word for another zone, stamps are mostly in UTC.
    let usual = zones.contains(&0);
    match (usual, expired(&0)) {
        (true, true) if !zones.iter().any(fresh) => Some("past-if-utc"),
        (true, false) => Some("valid"),
        _ if !zones.iter().any(expired) => Some("valid"),
        _ => None,
    }
}

/// Whether a token can have been used at a time: it was issued before, and had not expired if it worked.
fn allows(times: Times, at_ms: i64, worked: bool) -> bool {
    let issued = times.issued.or(times.starts);
    let before = issued.is_none_or(|issued| issued <= at_ms.saturating_add(SKEW_MS));
    let good = times
        .expires
        .is_none_or(|end| at_ms <= end.saturating_add(SKEW_MS));
    before && (good || !worked)
}

fn token_times(event: &Event) -> Option<Times> {
    match token::inspect(&event_target(event)?)? {
        Token::Jwt(times) => Some(times),
        _ => None,
    }
}

/// The time of a line; of one without stamp in a file without any, that of its attempt.
fn line_ms(event: &Event, attempt: &Attempt) -> Option<i64> {
    let dated = |at: &i64| *at > FIRST_DATE_MS;
    let started = attempt.progress.started_ms;
    event.at_ms.filter(dated).or(started.filter(dated))
}

fn clock_of(event: &Event) -> Clock {
    if event.record.side == Side::Proxy {
        Clock::Source(event.record.origin.source)
    } else {
        Clock::Server
    }
}

/// Every zone in use, in milliseconds east of UTC.
fn all_zones() -> Vec<i64> {
    let whole = (-12 * 60..=14 * 60).step_by(60);
    let minutes = whole.chain(OFF_THE_HOUR);
    minutes
        .map(|minutes: i64| minutes.saturating_mul(MINUTE_MS))
        .collect()
}

fn nearest_zone(ms: i64) -> i64 {
    let nearest = all_zones().into_iter().min_by_key(|zone| zone.abs_diff(ms));
    nearest.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;
    /// Some day, far from the epoch.
    const ISSUED_MS: i64 = 500 * 24 * HOUR_MS;

    /// What is said of a token that lives for minutes, so long after its issue, where nothing else is known.
    fn said(life_min: i64, after_min: i64) -> Option<&'static str> {
        let times = Times {
            issued: Some(ISSUED_MS),
            starts: None,
            expires: Some(ISSUED_MS + life_min * MINUTE_MS),
        };
        let at = ISSUED_MS + after_min * MINUTE_MS;
        let mut left = all_zones();
        left.retain(|zone| allows(times, at - zone, false));
        say(times, at, &left)
    }

    #[test]
    fn a_token_that_no_zone_saves_has_expired() {
        assert_eq!(said(5, 12), Some("expired"));
        assert_eq!(said(30, 16 * 60), Some("expired"));
    }

    #[test]
    fn a_fresh_token_of_a_server_on_local_time_has_not_expired() {
        assert_eq!(said(5, 61), None);
        assert_eq!(said(30, 5 * 60 + 31), None);
        assert_eq!(said(60, 8 * 60), None);
    }

    #[test]
    fn what_other_zones_leave_open_is_open() {
        assert_eq!(said(120, 162), Some("past-if-utc"));
    }

    #[test]
    fn a_token_from_the_future_tells_the_zone() {
        assert_eq!(said(30, -5 * 60 + 3), None);
        assert_eq!(said(30, 3), Some("valid"));
    }

    #[test]
    fn a_clock_behind_its_issuer_is_no_zone() {
        assert_eq!(said(30, -1), Some("valid"));
    }
}
