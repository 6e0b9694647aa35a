//! How far a client's clock stands from the server's, told by the attempts that both saw.
//!
//! An effect is never seen before its cause: the server's line about a handshake is written after the
//! page asked for it, the page's about the answer after the server gave it. So each attempt seen by
//! both bounds the offset from both sides, as an exchange does in NTP; the offset that most
//! attempts allow is taken ([`crate::timeline::overlap`]), and where several would do as well, none
//! is. The server's clock is the reference.

mod choice;
mod sight;

use super::trace::{self, Traces};
use crate::lexicon::Lexicon;
use crate::own::Routes;
use crate::record::Side;
use crate::timeline::{ClockOffset, Timeline};
use choice::{Estimate, Pair, choose};
use sight::Sight;
use std::collections::BTreeMap;

/// Zones lie no further apart; what seems to is another day.
const FARTHEST_MS: u64 = 15 * 60 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// So many attempts of a client are compared; more would not make it surer.
const COMPARED: usize = 40;

/// Puts the events of each client on the server's clock, as far as attempts that both saw tell how.
pub fn align(timeline: &mut Timeline, lexicon: &Lexicon, routes: &Routes) {
    let sources = timeline.clocks_of(Side::Client);
    if sources.is_empty() || timeline.clocks_of(Side::Backend).is_empty() {
        return;
    }
    let sights = |timeline: &Timeline, side, source| {
        let traces = trace::collect_from(timeline, lexicon, routes, side, source);
        sights(&traces, timeline, lexicon)
    };
    let servers = sights(timeline, Side::Backend, None);
    let mut shifts: BTreeMap<usize, i64> = BTreeMap::new();
    let mut clocks: Vec<ClockOffset> = Vec::new();
    for source in sources {
        let clients = sights(timeline, Side::Client, Some(source));
        let by_day = !timeline.is_dated(source) || !timeline.is_dated_on(Side::Backend);
        let found = estimate(&clients, &servers, by_day);
        if let Some((estimate, days)) = &found {
            shifts.insert(
                source,
                estimate
                    .offset_ms
                    .saturating_add(days.saturating_mul(DAY_MS)),
            );
        }
        clocks.push(ClockOffset::new(
            source,
            found.map(|(estimate, _)| estimate.into()),
        ));
    }
    timeline.realign(&shifts, clocks);
}

impl From<Estimate> for crate::timeline::Offset {
    fn from(estimate: Estimate) -> Self {
        Self {
            offset_ms: estimate.offset_ms,
            uncertainty_ms: estimate.uncertainty_ms,
            shared_events: estimate.shared_events,
        }
    }
}

fn sights(traces: &Traces, timeline: &Timeline, lexicon: &Lexicon) -> Vec<Sight> {
    let all = traces.all.iter();
    all.filter_map(|trace| Sight::of(trace, timeline, lexicon))
        .collect()
}

/// The offset, and how many whole days the stamps without date are off besides.
fn estimate(clients: &[Sight], servers: &[Sight], by_day: bool) -> Option<(Estimate, i64)> {
    let clients: Vec<&Sight> = clients.iter().take(COMPARED).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    let mut days = None;
    for (client, seen) in clients.iter().enumerate() {
        for (server, other) in servers.iter().enumerate() {
            let Some(bounds) = seen.bounds(other) else {
                continue;
            };
            let whole = if by_day {
                bounds.low_ms.saturating_add(DAY_MS / 2).div_euclid(DAY_MS)
            } else {
                0
            };
            let bounds = bounds.earlier(whole.saturating_mul(DAY_MS));
            if bounds.low_ms.unsigned_abs() > FARTHEST_MS {
                continue;
            }
            days = days.or(Some(whole));
            pairs.push(Pair {
                client,
                server,
                bounds,
            });
        }
    }
    Some((choose(&pairs, clients.len(), servers)?, days.unwrap_or(0)))
}
