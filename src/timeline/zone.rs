//! Stating the zones that the user knows: stamps that leave theirs open are given it, before anything
//! is guessed from their differences.

use super::clock::midnight_before;
use crate::own::{Zone, Zones};
use crate::record::Record;
use crate::stamp::Stamp;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Gives the stamps of every source the zone that is stated for it. `names` are, for each source,
/// its name and that of the log it is a part of.
///
/// A line that states its own zone keeps it. A time of day without a date is put on the clock of UTC,
/// by the zone's offset on the day of the first dated line; where no line of the input has a date,
/// only zones without summer time can be applied to it.
pub fn state_zones(sources: &mut [Vec<Record>], names: &[[&str; 2]], zones: &Zones) {
    if zones.is_empty() {
        return;
    }
    let day = sources
        .iter()
        .flatten()
        .filter_map(|record| record.stamp.or(record.wrapper_stamp))
        .filter(|stamp| stamp.dated)
        .map(|stamp| stamp.wall_ms)
        .min();
    for (records, names) in sources.iter_mut().zip(names) {
        let mut latest = None;
        for record in records {
            let Some(zone) = zones.of(names, record.side) else {
                continue;
            };
            let stamps = [&mut record.stamp, &mut record.wrapper_stamp];
            for stamp in stamps.into_iter().flatten() {
                state(stamp, zone, day, &mut latest);
            }
        }
    }
}

fn state(stamp: &mut Stamp, zone: &Zone, day: Option<i64>, latest: &mut Option<i64>) {
    if stamp.offset_s.is_some() {
        return;
    }
    if stamp.dated {
        stamp.offset_s = zone.offset_s(stamp.wall_ms, *latest);
        *latest = Some(stamp.utc_ms());
        return;
    }
    let offset = match (zone, day) {
        (Zone::Fixed(seconds), _) => Some(*seconds),
        (Zone::Named(_), Some(day)) => {
            zone.offset_s(midnight_before(day).saturating_add(stamp.wall_ms), None)
        }
        (Zone::Named(_), None) => None,
    };
    if let Some(offset) = offset {
        let east_ms = i64::from(offset).saturating_mul(1000);
        let utc = stamp.wall_ms.saturating_sub(east_ms);
        stamp.wall_ms = utc.rem_euclid(DAY_MS);
        stamp.offset_s = Some(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * 60 * 1000;

    fn stamp(wall_ms: i64, dated: bool) -> Stamp {
        Stamp {
            wall_ms,
            offset_s: None,
            resolution_ms: 1,
            dated,
        }
    }

    fn stated(mut stamp: Stamp, zone: &str, day: Option<i64>) -> Stamp {
        state(&mut stamp, &Zone::parse(zone).unwrap(), day, &mut None);
        stamp
    }

    #[test]
    fn a_dated_stamp_is_given_its_offset() {
        let december = 1_796_000_000_000;
        let berlin = stated(stamp(december, true), "Europe/Berlin", None);
        assert_eq!(berlin.utc_ms(), december - HOUR_MS);
        let own = Stamp {
            offset_s: Some(0),
            ..stamp(december, true)
        };
        assert_eq!(stated(own, "Europe/Berlin", None), own);
    }

    #[test]
    fn a_time_of_day_is_put_on_the_clock_of_utc() {
        let half_past_midnight = stamp(HOUR_MS / 2, false);
        let fixed = stated(half_past_midnight, "+01:00", None);
        assert_eq!(fixed.utc_ms(), 23 * HOUR_MS + HOUR_MS / 2);
        // Which offset holds is not known without a date.
        let unknown = stated(half_past_midnight, "Europe/Berlin", None);
        assert_eq!(unknown.offset_s, None);
        let july = Some(1_782_900_000_000);
        let summer = stated(half_past_midnight, "Europe/Berlin", july);
        assert_eq!(summer.utc_ms(), 22 * HOUR_MS + HOUR_MS / 2);
    }
}
