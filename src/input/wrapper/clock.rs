//! The times that wrappers write: RFC 3339, syslog's month and day, honcho's time of day.
//!
//! The many notations of loggers are not read here.

use crate::stamp::{Stamp, since_midnight_ms};
use chrono::NaiveDate;
use nom::bytes::complete::take_while_m_n;
use nom::character::complete::{char, one_of};
use nom::combinator::{map_res, opt, verify};
use nom::sequence::{preceded, separated_pair};
use nom::{IResult, Parser};

/// A time of day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeOfDay {
    /// Milliseconds since midnight.
    pub(super) ms: i64,
    /// Digits behind the seconds.
    pub(super) digits: usize,
}

impl TimeOfDay {
    fn resolution_ms(self) -> u32 {
        match self.digits {
            0 => 1000,
            1 => 100,
            2 => 10,
            _ => 1,
        }
    }

    /// The stamp of this time on no known day.
    pub(super) fn undated(self) -> Stamp {
        Stamp {
            wall_ms: self.ms,
            offset_s: None,
            resolution_ms: self.resolution_ms(),
            dated: false,
        }
    }

    /// The stamp of this time on a day; `None` where there is no such day.
    pub(super) fn on(
        self,
        year: i32,
        month: u32,
        day: u32,
        offset_s: Option<i32>,
    ) -> Option<Stamp> {
        let midnight = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(0, 0, 0)?;
        Some(Stamp {
            wall_ms: midnight
                .and_utc()
                .timestamp_millis()
                .saturating_add(self.ms),
            offset_s,
            resolution_ms: self.resolution_ms(),
            dated: true,
        })
    }
}

/// An RFC 3339 time and what follows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Iso<'a> {
    pub(super) stamp: Stamp,
    /// Digits behind the seconds: docker and Kubernetes write nine.
    pub(super) digits: usize,
    pub(super) rest: &'a str,
}

/// Reads `2024-02-12T16:25:00.896092556Z`. The `T` is asked for: wrappers write it, and many
/// loggers do not.
pub(super) fn iso(text: &str) -> Option<Iso<'_>> {
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let (rest, (date, time, zone)) = (date, preceded(char('T'), time_of_day), opt(zone))
        .parse(text)
        .ok()?;
    let (year, month, day) = date;
    Some(Iso {
        stamp: time.on(year, month, day, zone)?,
        digits: time.digits,
        rest,
    })
}

/// Reads `Aug 25 09:44:24` or `Aug 25 09:44:24.123456`: month, day, time, and what follows.
pub(super) fn syslog(text: &str) -> Option<(u32, u32, TimeOfDay, &str)> {
    let (month, rest) = month(text)?;
    let rest = rest.trim_start_matches(' ');
    let (rest, (day, time)) = separated_pair(number(1, 2, 1, 31), char(' '), time_of_day)
        .parse(rest)
        .ok()?;
    Some((month, day, time, rest))
}

/// Reads `10:00:00`, with AM or PM perhaps, and gives what follows.
pub(super) fn time_alone(text: &str) -> Option<(TimeOfDay, &str)> {
    const HALF_DAY_MS: i64 = 12 * 3600 * 1000;
    let (rest, mut time) = time_of_day(text).ok()?;
    let (rest, shift) = if let Some(rest) = rest.strip_prefix(" PM") {
        (
            rest,
            if time.ms < HALF_DAY_MS {
                HALF_DAY_MS
            } else {
                0
            },
        )
    } else if let Some(rest) = rest.strip_prefix(" AM") {
        (
            rest,
            if time.ms >= HALF_DAY_MS {
                -HALF_DAY_MS
            } else {
                0
            },
        )
    } else {
        (rest, 0)
    };
    time.ms = time.ms.saturating_add(shift);
    Some((time, rest))
}

/// A whole text that is a time as log viewers export it: RFC 3339, or with a space for the `T`.
pub(super) fn exported(text: &str) -> Option<Stamp> {
    let text = text.trim().trim_end_matches(" UTC");
    let whole = |(rest, stamp): (&str, Option<Stamp>)| rest.is_empty().then_some(stamp).flatten();
    let parsed = (date, preceded(one_of("T "), time_of_day), opt(zone)).parse(text);
    let (rest, ((year, month, day), time, offset)) = parsed.ok()?;
    whole((rest, time.on(year, month, day, offset)))
}

fn month(text: &str) -> Option<(u32, &str)> {
    const MONTHS: [&str; 12] = [
        "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ",
        "Dec ",
    ];
    (1..)
        .zip(MONTHS)
        .find_map(|(number, name)| Some((number, text.strip_prefix(name)?)))
}

/// A number of so many digits within bounds.
fn number<'a>(
    least: usize,
    most: usize,
    low: u32,
    high: u32,
) -> impl Parser<&'a str, Output = u32, Error = nom::error::Error<&'a str>> {
    let digits = take_while_m_n(least, most, |letter: char| letter.is_ascii_digit());
    verify(map_res(digits, str::parse), move |value| {
        (low..=high).contains(value)
    })
}

fn date(text: &str) -> IResult<&str, (i32, u32, u32)> {
    let (rest, year) = number(4, 4, 1970, 2999).parse(text)?;
    let (rest, month) = preceded(char('-'), number(2, 2, 1, 12)).parse(rest)?;
    let (rest, day) = preceded(char('-'), number(2, 2, 1, 31)).parse(rest)?;
    Ok((rest, (i32::try_from(year).unwrap_or(1970), month, day)))
}

fn time_of_day(text: &str) -> IResult<&str, TimeOfDay> {
    let (rest, hour) = number(1, 2, 0, 23).parse(text)?;
    let (rest, minute) = preceded(char(':'), number(2, 2, 0, 59)).parse(rest)?;
    let (rest, second) = preceded(char(':'), number(2, 2, 0, 60)).parse(rest)?;
    let digits = take_while_m_n(1, 9, |letter: char| letter.is_ascii_digit());
    let (rest, fraction) = opt(preceded(one_of(".,"), digits)).parse(rest)?;
    let fraction: &str = fraction.unwrap_or("");
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let thousandths: i64 = thousandths.parse().unwrap_or(0);
    Ok((
        rest,
        TimeOfDay {
            ms: since_midnight_ms(hour, minute, second).saturating_add(thousandths),
            digits: fraction.len(),
        },
    ))
}

/// `Z`, `+02:00`, `+0200`, `+02`: seconds east of UTC.
fn zone(text: &str) -> IResult<&str, i32> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Ok((rest, 0));
    }
    let (rest, sign) = one_of("+-").parse(text)?;
    let (rest, hours) = number(2, 2, 0, 18).parse(rest)?;
    let (rest, minutes) = opt(preceded(opt(char(':')), number(2, 2, 0, 59))).parse(rest)?;
    let minutes = hours
        .saturating_mul(60)
        .saturating_add(minutes.unwrap_or(0));
    let seconds = i32::try_from(minutes.saturating_mul(60)).unwrap_or(0);
    Ok((
        rest,
        if sign == '-' {
            seconds.saturating_neg()
        } else {
            seconds
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_with_nanoseconds() {
        let read = iso("2024-02-12T16:25:00.896092556Z ERROR").unwrap();
        assert_eq!((read.digits, read.rest), (9, " ERROR"));
        assert_eq!(read.stamp.wall_ms, 1_707_755_100_896);
        assert_eq!(
            (read.stamp.offset_s, read.stamp.resolution_ms),
            (Some(0), 1)
        );
        let read = iso("2020-10-05T19:46:48+02:00 x").unwrap();
        assert_eq!(
            (read.stamp.offset_s, read.stamp.resolution_ms),
            (Some(7200), 1000)
        );
        assert_eq!(
            iso("2020-10-05T19:46:48-0430").unwrap().stamp.offset_s,
            Some(-16_200)
        );
        assert_eq!(iso("2020-10-05 19:46:48"), None);
        assert_eq!(iso("2020-02-31T19:46:48Z"), None);
    }

    #[test]
    fn syslog_time_has_no_year() {
        let (month, day, time, rest) = syslog("Aug  5 09:44:24 app02").unwrap();
        assert_eq!((month, day, time.ms, rest), (8, 5, 35_064_000, " app02"));
        assert!(syslog("Aug 45 09:44:24 x").is_none());
        assert!(syslog("August 5 09:44:24 x").is_none());
    }

    #[test]
    fn times_of_day() {
        assert_eq!(time_alone("1:00:00 PM web.1").unwrap().0.ms, 46_800_000);
        assert_eq!(time_alone("12:00:01 AM x").unwrap().0.ms, 1000);
        assert!(!time_alone("10:00:00 x").unwrap().0.undated().dated);
    }
}
