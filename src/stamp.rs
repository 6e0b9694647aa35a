//! A time stamp as a log line wrote it, with what it leaves open.
//!
//! Parsing the many notations is the work of [`crate::dialect::clock`]; putting stamps of several
//! sources on one clock is the work of [`crate::timeline`].

/// A point in time as one log line states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Milliseconds since 1970-01-01T00:00:00 on the wall clock that the line shows (no offset
    /// applied). Where [`Stamp::dated`] is false: milliseconds since midnight.
    pub wall_ms: i64,
    /// Seconds east of UTC, where the line states its zone. `None` means the zone is unknown.
    pub offset_s: Option<i32>,
    /// Length of one unit of the last digit given, in milliseconds: 1000 for whole seconds,
    /// 1 for milliseconds or finer. The event happened in `wall_ms .. wall_ms + resolution_ms`.
    pub resolution_ms: u32,
    /// Whether the line gave a date; consoles and some formatters give the time of day alone.
    pub dated: bool,
}

/// Milliseconds from midnight to a time of day.
#[must_use]
pub fn since_midnight_ms(hours: u32, minutes: u32, seconds: u32) -> i64 {
    let minutes = i64::from(hours)
        .saturating_mul(60)
        .saturating_add(minutes.into());
    let seconds = minutes.saturating_mul(60).saturating_add(seconds.into());
    seconds.saturating_mul(1000)
}

impl Stamp {
    /// Milliseconds since the epoch in UTC, taking an unknown zone as UTC.
    #[must_use]
    pub fn utc_ms(&self) -> i64 {
        self.wall_ms
            .saturating_sub(i64::from(self.offset_s.unwrap_or(0)).saturating_mul(1000))
    }
}
