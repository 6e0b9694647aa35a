//! Which of the offsets that would do is taken, and when none is.

use super::sight::{Bounds, Sight};
use crate::timeline::overlap::{Region, Span, best};
use std::collections::BTreeSet;

/// Clocks that are set by the network agree within this.
const AGREED_MS: i64 = 1_000;
/// Regions closer together than this are one, with a gap.
const ONE_REGION_MS: i64 = 3_000;
/// A lone attempt may put clocks of one zone so far apart, not more.
const LONE_MS: u64 = 15 * 60 * 1000;
/// Zones lie whole quarter hours apart.
const QUARTER_HOUR_MS: i64 = 15 * 60 * 1000;

/// A client's attempt, a server's, and what follows if they are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) client: usize,
    pub(super) server: usize,
    pub(super) bounds: Bounds,
}

impl Pair {
    fn span(&self) -> Span {
        Span {
            one: self.client,
            other: self.server,
            low_ms: self.bounds.low_ms,
            high_ms: self.bounds.high_ms,
        }
    }
}

/// The client's clock less the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Estimate {
    pub(super) offset_ms: i64,
    pub(super) uncertainty_ms: i64,
    pub(super) shared_events: usize,
}

/// Chooses among the offsets that pair most attempts: that of agreeing clocks, else that of clocks in
/// different zones, else the only one there is. Several that nothing tells apart are none.
pub(super) fn choose(pairs: &[Pair], clients: usize, servers: &[Sight]) -> Option<Estimate> {
    let (most, regions) = best(pairs.iter().map(Pair::span));
    if most == 0 {
        return None;
    }
    let regions = joined(regions);
    let complete = most == clients;
    if let Some(agreed) = agreed(pairs, most, complete) {
        return estimate(agreed, pairs);
    }
    if most < clients.div_ceil(2) {
        return None;
    }
    let by_zone: Vec<Region> = regions
        .iter()
        .copied()
        .filter(|region| region.is_near(nearest_zone(*region), AGREED_MS))
        .collect();
    let chosen = match (regions.as_slice(), by_zone.as_slice()) {
        ([only], _) | (_, [only]) => *only,
        _ => return None,
    };
    let in_zone = !by_zone.is_empty();
    let lone = most == 1 && middle(chosen).abs_diff(nearest_zone(chosen)) > LONE_MS;
    let counted = complete && servers.len() == clients;
    if lone || !in_zone && !counted && is_chance(most, servers) {
        return None;
    }
    estimate(chosen, pairs)
}

/// The offsets near zero, if they pair as many attempts as any: or all but one, where others do not
/// pair all.
fn agreed(pairs: &[Pair], most: usize, complete: bool) -> Option<Region> {
    let near: Vec<Pair> = pairs
        .iter()
        .copied()
        .filter(|pair| {
            let bounds = pair.bounds;
            bounds.low_ms <= AGREED_MS && bounds.high_ms >= -AGREED_MS
        })
        .collect();
    let (paired, regions) = best(near.iter().map(Pair::span));
    let enough = paired == most || !complete && paired >= most.saturating_sub(1) && paired > 0;
    let region = joined(regions)
        .into_iter()
        .min_by_key(|region| middle(*region).unsigned_abs())?;
    enough.then_some(region)
}

/// Whether so many attempts would pair at some offset or other by chance, among so many of the server.
fn is_chance(paired: usize, servers: &[Sight]) -> bool {
    let times = || servers.iter().map(Sight::began_ms);
    let (Some(first), Some(last)) = (times().min(), times().max()) else {
        return true;
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "an estimate of how likely chance is"
    )]
    let (others, span) = (
        servers.len().saturating_sub(1) as f64,
        last.abs_diff(first).max(1) as f64,
    );
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of one constant")]
    let covered = (others * AGREED_MS as f64 / span).min(1.0);
    let further = i32::try_from(paired.saturating_sub(1)).unwrap_or(i32::MAX);
    others * covered.powi(further) > 0.1
}

fn joined(regions: Vec<Region>) -> Vec<Region> {
    let mut joined: Vec<Region> = Vec::new();
    for region in regions {
        match joined.last_mut() {
            Some(last) if region.high_ms.saturating_sub(last.low_ms) <= ONE_REGION_MS => {
                last.high_ms = region.high_ms;
            }
            _ => joined.push(region),
        }
    }
    joined
}

fn middle(region: Region) -> i64 {
    i64::midpoint(region.low_ms, region.high_ms)
}

fn nearest_zone(region: Region) -> i64 {
    let above = middle(region).saturating_add(QUARTER_HOUR_MS / 2);
    above.saturating_sub(above.rem_euclid(QUARTER_HOUR_MS))
}

/// The median of what the attempts that agree on a region hold likeliest.
fn estimate(region: Region, pairs: &[Pair]) -> Option<Estimate> {
    let mut clients: BTreeSet<usize> = BTreeSet::new();
    let mut servers: BTreeSet<usize> = BTreeSet::new();
    let mut shared_events = 0_usize;
    let mut likely: Vec<i64> = Vec::new();
    for pair in pairs {
        let bounds = pair.bounds;
        let allows = bounds.low_ms <= region.high_ms && bounds.high_ms >= region.low_ms;
        if allows && !clients.contains(&pair.client) && !servers.contains(&pair.server) {
            clients.insert(pair.client);
            servers.insert(pair.server);
            shared_events = shared_events.saturating_add(bounds.shared);
            likely.push(bounds.likely_ms);
        }
    }
    likely.sort_unstable();
    let median = likely.get(likely.len() / 2)?;
    let offset_ms = (*median).clamp(region.low_ms, region.high_ms);
    let below = offset_ms.saturating_sub(region.low_ms);
    let above = region.high_ms.saturating_sub(offset_ms);
    Some(Estimate {
        offset_ms,
        uncertainty_ms: below.max(above),
        shared_events,
    })
}
