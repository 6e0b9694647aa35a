//! The zones of clocks that do not state theirs: by side, or by the path of a log.

use crate::record::Side;
use chrono::FixedOffset;
use globset::{GlobBuilder, GlobMatcher};
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use std::collections::BTreeMap;

/// The sides, as `wswhy.toml` calls them.
pub const SIDES: [(&str, Side); 3] = [
    ("server", Side::Backend),
    ("proxy", Side::Proxy),
    ("browser", Side::Client),
];

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// The same offset all year, in seconds east of UTC.
    Fixed(i32),
    /// A zone of the IANA database.
    Named(TimeZone),
}

/// Why an entry says no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// Neither an offset nor a name of the database.
    #[error("`{name}` is no time zone: name one as `Europe/Berlin`, `UTC` or `+02:00`{}", near_of(.near.as_deref()))]
    Unknown {
        /// What was written.
        name: String,
        /// The name that is nearest.
        near: Option<String>,
    },
    /// Neither a side nor a pattern.
    #[error("`{name}` is neither `server`, `proxy` or `browser` nor the pattern of a log's path, such as `*.log`{}", near_of(.near.as_deref()))]
    NoSide {
        /// What was written.
        name: String,
        /// The side that is nearest.
        near: Option<String>,
    },
    /// A pattern that cannot be read.
    #[error("`{name}` is no pattern of a path: {problem}")]
    BadPattern {
        /// What was written.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}

fn near_of(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

impl Zone {
    /// Reads an offset (`+02:00`, `-0530`, `UTC`) or a name of the database.
    pub fn parse(text: &str) -> Result<Self, ZoneError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("z") {
            return Ok(Self::Fixed(0));
        }
        if text.starts_with(['+', '-'])
            && let Ok(offset) = text.parse::<FixedOffset>()
        {
            return Ok(Self::Fixed(offset.local_minus_utc()));
        }
        TimeZoneDatabase::bundled()
            .get(text)
            .map(Self::Named)
            .map_err(|_| ZoneError::Unknown {
                name: text.to_owned(),
                near: near_zone(text),
            })
    }

    /// Seconds east of UTC at a time of its own clock, in milliseconds since 1970 on that clock.
    ///
    /// Where a clock that is set back shows the time twice, it is the first that is not before
    /// `after_ms` (UTC), else the second. A time that a clock set forward skips is taken as before
    /// the change.
    #[must_use]
    pub fn offset_s(&self, wall_ms: i64, after_ms: Option<i64>) -> Option<i32> {
        let zone = match self {
            Self::Fixed(seconds) => return Some(*seconds),
            Self::Named(zone) => zone,
        };
        // As if the clock were UTC's, to read its date and time.
        let wall = Timestamp::from_millisecond(wall_ms).ok()?;
        let wall = Offset::UTC.to_datetime(wall);
        let offset = match zone.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } => before,
            AmbiguousOffset::Fold { before, after } => {
                let east_ms = i64::from(before.seconds()).saturating_mul(1000);
                let at = wall_ms.saturating_sub(east_ms);
                if after_ms.is_none_or(|earliest| at >= earliest) {
                    before
                } else {
                    after
                }
            }
        };
        Some(offset.seconds())
    }
}

fn near_zone(text: &str) -> Option<String> {
    let wanted = text.to_lowercase();
    TimeZoneDatabase::bundled()
        .available()
        .map(|zone| {
            let name = zone.as_str().to_lowercase();
            // People leave the continent out: `Berlin`.
            let city = name.rsplit('/').next().unwrap_or(&name);
            let whole = strsim::normalized_damerau_levenshtein(&wanted, &name);
            let part = strsim::normalized_damerau_levenshtein(&wanted, city);
            (whole.max(part * 0.99), zone.as_str().to_owned())
        })
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)))
        .map(|(_, name)| name)
}

/// Which clock runs in which zone.
#[derive(Debug, Default)]
pub struct Zones {
    sides: BTreeMap<Side, Zone>,
    /// The longest pattern first.
    files: Vec<(GlobMatcher, Zone)>,
}

impl Zones {
    /// Adds an entry: a side or the pattern of a path, and its zone.
    pub fn add(&mut self, key: &str, zone: Zone) -> Result<(), ZoneError> {
        let side = SIDES.iter().find(|(name, _)| *name == key);
        if let Some((_, side)) = side {
            self.sides.insert(*side, zone);
            return Ok(());
        }
        if !key.contains(['*', '?', '[', '/', '\\', '.']) {
            let near = SIDES
                .iter()
                .map(|(name, _)| (strsim::jaro_winkler(key, name), *name))
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|one, other| one.0.total_cmp(&other.0));
            return Err(ZoneError::NoSide {
                name: key.to_owned(),
                near: near.map(|(_, name)| name.to_owned()),
            });
        }
        let pattern = key.replace('\\', "/");
        let glob = GlobBuilder::new(pattern.trim_start_matches("./"))
            .literal_separator(true)
            .build()
            .map_err(|error| ZoneError::BadPattern {
                name: key.to_owned(),
                problem: error.kind().to_string(),
            })?;
        self.files.push((glob.compile_matcher(), zone));
        self.files.sort_by(|(one, _), (other, _)| {
            let (one, other) = (one.glob().glob(), other.glob().glob());
            other.len().cmp(&one.len()).then(one.cmp(other))
        });
        Ok(())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sides.is_empty() && self.files.is_empty()
    }

    /// The zone of a log by its names (its own, that of the log it is a rotated part of), or of its
    /// side. A pattern may leave folders out at its beginning: `logs/*.log` is `/srv/logs/a.log` too.
    #[must_use]
    pub fn of(&self, names: &[&str], side: Side) -> Option<&Zone> {
        let by_file = self
            .files
            .iter()
            .find(|(glob, _)| names.iter().any(|name| matches_end(glob, name)));
        by_file
            .map(|(_, zone)| zone)
            .or_else(|| self.sides.get(&side))
    }
}

fn matches_end(glob: &GlobMatcher, name: &str) -> bool {
    let name = name.replace('\\', "/");
    let parts: Vec<&str> = name.split('/').collect();
    (0..parts.len()).any(|start| {
        let end: Vec<&str> = parts.iter().skip(start).copied().collect();
        glob.is_match(end.join("/"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDateTime;

    const HOUR_S: i32 = 3600;

    fn wall(text: &str) -> i64 {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
            .unwrap()
            .and_utc()
            .timestamp_millis()
    }

    #[test]
    fn zones_are_read_as_people_write_them() {
        for (text, offset) in [
            ("UTC", 0),
            ("Z", 0),
            ("+02:00", 2 * HOUR_S),
            ("-0530", -19_800),
        ] {
            let zone = Zone::parse(text).unwrap();
            assert_eq!(zone.offset_s(0, None), Some(offset), "{text}");
        }
        assert_eq!(Zone::parse("europe/berlin"), Zone::parse("Europe/Berlin"));
    }

    #[test]
    fn a_mistyped_zone_is_answered_with_the_nearest() {
        for (text, near) in [
            ("Europe/Berln", "Europe/Berlin"),
            ("Berlin", "Europe/Berlin"),
            ("America/NewYork", "America/New_York"),
        ] {
            let error = Zone::parse(text).unwrap_err();
            assert!(
                error
                    .to_string()
                    .ends_with(&format!("did you mean `{near}`?")),
                "{error}"
            );
        }
    }

    #[test]
    fn summer_and_winter_differ() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let at = |text: &str| berlin.offset_s(wall(text), None);
        assert_eq!(at("2026-07-01 12:00:00"), Some(2 * HOUR_S));
        assert_eq!(at("2026-12-01 12:00:00"), Some(HOUR_S));
        // The hour that is skipped.
        assert_eq!(at("2026-03-29 02:30:00"), Some(HOUR_S));
    }

    #[test]
    fn the_hour_that_comes_twice_goes_on_where_the_log_is() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let twice = wall("2026-10-25 02:30:00");
        assert_eq!(berlin.offset_s(twice, None), Some(2 * HOUR_S));
        let later = wall("2026-10-25 00:45:00");
        assert_eq!(berlin.offset_s(twice, Some(later)), Some(HOUR_S));
    }

    #[test]
    fn the_longest_pattern_decides_before_the_side() {
        let mut zones = Zones::default();
        let zone = |text: &str| Zone::parse(text).unwrap();
        zones.add("server", zone("+01:00")).unwrap();
        zones.add("backend/*.log", zone("+02:00")).unwrap();
        zones.add("backend/daphne.log", zone("+03:00")).unwrap();
        let of = |name: &str| zones.of(&[name], Side::Backend).unwrap();
        assert_eq!(of("/srv/backend/daphne.log"), &zone("+03:00"));
        assert_eq!(of("backend\\django.log"), &zone("+02:00"));
        assert_eq!(of("backend/old/django.log"), &zone("+01:00"));
        assert_eq!(zones.of(&["console.log"], Side::Client), None);
    }
}
