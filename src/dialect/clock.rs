//! The time stamps that log lines carry, in the notations of ten years of Python, proxies and
//! browsers.
//!
//! A stamp is read where a text starts with one; looking for the place is up to the caller. What
//! zone an unmarked clock is in, and how clocks relate, is not known here.

use super::time_of_day::{Clock, clock, digits, ends_cleanly, mismatch, zone};
use crate::stamp::Stamp;
use chrono::NaiveDate;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n};
use nom::character::complete::{char, one_of};
use nom::combinator::{map, map_opt, opt};
use nom::sequence::preceded;
use nom::{IResult, Parser};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Year, month, day; no year in syslog's notation.
type Date = (Option<i32>, u32, u32);

/// Reads the stamp that `text` starts with, without brackets around it, and gives what follows.
///
/// A date without a year (syslog) gives an undated stamp: the time of day is all that can be
/// relied on.
#[must_use]
pub fn leading(text: &str) -> Option<(Stamp, &str)> {
    let first = text.bytes().next()?;
    if first.is_ascii_digit() {
        let (rest, stamp) = alt((dated, undated, epoch_text)).parse(text).ok()?;
        ends_cleanly(rest).then_some((stamp, rest))
    } else if first.is_ascii_alphabetic() && looks_like_a_day(text) {
        let (rest, stamp) = alt((worded, banner, syslog)).parse(text).ok()?;
        ends_cleanly(rest).then_some((stamp, rest))
    } else {
        None
    }
}

/// A count of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size.
///
/// Only values between 1973 and 2286 are taken for a time.
#[must_use]
pub fn epoch(number: f64) -> Option<Stamp> {
    let (ms, resolution_ms) = match number {
        n if (1e8..1e10).contains(&n) => (n * 1e3, if n.fract() == 0.0 { 1000 } else { 1 }),
        n if (1e11..1e13).contains(&n) => (n, 1),
        n if (1e14..1e16).contains(&n) => (n / 1e3, 1),
        n if (1e17..1e19).contains(&n) => (n / 1e6, 1),
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "the ranges above fit")]
    let wall_ms = ms.round() as i64;
    Some(Stamp {
        wall_ms,
        offset_s: Some(0),
        resolution_ms,
        dated: true,
    })
}

fn looks_like_a_day(text: &str) -> bool {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let Some(word) = text.as_bytes().get(..3) else {
        return false;
    };
    let is_word = |known: &&str| word.eq_ignore_ascii_case(known.as_bytes());
    MONTHS.iter().any(is_word) || DAYS.iter().any(is_word)
}

fn month_name(input: &str) -> IResult<&str, u32> {
    map_opt(
        take_while_m_n(3, 9, |c: char| c.is_ascii_alphabetic()),
        |word: &str| {
            let short = word.get(..3)?.to_ascii_lowercase();
            let (number, _) = (1..).zip(MONTHS).find(|(_, month)| *month == short)?;
            Some(number)
        },
    )
    .parse(input)
}

fn year(input: &str) -> IResult<&str, i32> {
    map_opt(digits(4, 4), |year| {
        i32::try_from(year)
            .ok()
            .filter(|year| (1970..2200).contains(year))
    })
    .parse(input)
}

/// `2024-06-01`, `2024/06/01`, `2024.06.01`.
fn year_first(input: &str) -> IResult<&str, Date> {
    let (rest, (year, separator, month)) = (year, one_of("-/."), digits(1, 2)).parse(input)?;
    let (rest, day) = preceded(char(separator), digits(1, 2)).parse(rest)?;
    Ok((rest, (Some(year), month, day)))
}

/// `21/Nov/2026`, `21-Nov-2026`, `21 Nov 2026`.
fn day_first(input: &str) -> IResult<&str, Date> {
    let (rest, (day, _, month, _, year)) =
        (digits(1, 2), one_of("/- "), month_name, one_of("/- "), year).parse(input)?;
    Ok((rest, (Some(year), month, day)))
}

/// `11/21/2026`, `06/20/23`, `21.11.2026`: month first with slashes unless it cannot be a month.
fn numbers(input: &str) -> IResult<&str, Date> {
    let (rest, (first, separator, second)) =
        (digits(1, 2), one_of("/."), digits(1, 2)).parse(input)?;
    let short = map(digits(2, 2), |year| {
        i32::try_from(year).unwrap_or(0).saturating_add(2000)
    });
    let (rest, year) = preceded(char(separator), alt((year, short))).parse(rest)?;
    let day_is_first = separator == '.' || first > 12;
    let (month, day) = if day_is_first {
        (second, first)
    } else {
        (first, second)
    };
    Ok((rest, (Some(year), month, day)))
}

fn stamp(date: Date, clock: Clock, offset_s: Option<i32>) -> Option<Stamp> {
    let (year, month, day) = date;
    let days = if let Some(year) = year {
        NaiveDate::from_ymd_opt(year, month, day)?
            .and_hms_opt(0, 0, 0)?
            .and_utc()
            .timestamp_millis()
    } else {
        NaiveDate::from_ymd_opt(2000, month, day)?;
        0
    };
    Some(Stamp {
        wall_ms: days.saturating_add(clock.ms),
        offset_s,
        resolution_ms: clock.resolution_ms,
        dated: year.is_some(),
    })
}

fn finish<'a>(input: &'a str, rest: &'a str, date: Date, clock: Clock) -> IResult<&'a str, Stamp> {
    let (rest, offset) = opt(zone).parse(rest)?;
    stamp(date, clock, offset)
        .map(|stamp| (rest, stamp))
        .ok_or_else(|| mismatch(input))
}

fn dated(input: &str) -> IResult<&str, Stamp> {
    let (rest, date) = alt((year_first, day_first, numbers)).parse(input)?;
    let between = alt((
        tag(", "),
        tag("T"),
        tag(":"),
        tag("_"),
        tag("  "),
        tag(" - "),
        tag(" "),
    ));
    let (rest, clock) = preceded(between, clock).parse(rest)?;
    finish(input, rest, date, clock)
}

fn undated(input: &str) -> IResult<&str, Stamp> {
    let (rest, clock) = clock(input)?;
    let stamp = Stamp {
        wall_ms: clock.ms,
        offset_s: None,
        resolution_ms: clock.resolution_ms,
        dated: false,
    };
    Ok((rest, stamp))
}

/// `1441935812.5531`: only with a fraction, or any long number would be a time.
fn epoch_text(input: &str) -> IResult<&str, Stamp> {
    map_opt(
        (
            take_while_m_n(10, 10, |c: char| c.is_ascii_digit()),
            char('.'),
            take_while_m_n(1, 9, |c: char| c.is_ascii_digit()),
        ),
        |(seconds, _, fraction): (&str, char, &str)| {
            epoch(format!("{seconds}.{fraction}").parse().ok()?)
        },
    )
    .parse(input)
}

/// `Sat Nov 21 01:27:37 2026`, `Thu Dec 21 2023 09:47:30 GMT+0100`.
fn worded(input: &str) -> IResult<&str, Stamp> {
    let weekday = take_while_m_n(3, 3, |c: char| c.is_ascii_alphabetic());
    let (rest, (_, _, _, month, _, _, day)) = (
        weekday,
        opt(char(',')),
        char(' '),
        month_name,
        char(' '),
        opt(char(' ')),
        digits(1, 2),
    )
        .parse(input)?;
    let year_last = |rest| {
        let (rest, (clock, zone, _, year)) =
            preceded(char(' '), (clock, opt(zone), char(' '), year)).parse(rest)?;
        Ok::<_, nom::Err<nom::error::Error<_>>>((rest, (clock, zone, year)))
    };
    if let Ok((after, (clock, zone, year))) = year_last(rest) {
        return match stamp((Some(year), month, day), clock, zone) {
            Some(stamp) => Ok((after, stamp)),
            None => Err(mismatch(input)),
        };
    }
    let (rest, (_, year, _, clock)) = (char(' '), year, char(' '), clock).parse(rest)?;
    finish(input, rest, (Some(year), month, day), clock)
}

/// `April 06, 2017 - 10:52:11`, as `runserver` prints it at its start.
fn banner(input: &str) -> IResult<&str, Stamp> {
    let (rest, (month, _, day, _, year, _, clock)) = (
        month_name,
        char(' '),
        digits(1, 2),
        tag(", "),
        year,
        tag(" - "),
        clock,
    )
        .parse(input)?;
    finish(input, rest, (Some(year), month, day), clock)
}

/// `Aug 25 09:44:24`, day padded with a space.
fn syslog(input: &str) -> IResult<&str, Stamp> {
    let (rest, (month, _, _, day, _, clock)) = (
        month_name,
        char(' '),
        opt(char(' ')),
        digits(1, 2),
        char(' '),
        clock,
    )
        .parse(input)?;
    finish(input, rest, (None, month, day), clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> i64 {
        chrono::DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_millis()
    }

    #[test]
    fn reads_every_notation() {
        for (text, wall, offset, resolution) in [
            ("2024-06-01 10:00:00,000", "2024-06-01T10:00:00Z", None, 1),
            (
                "2024-06-01 10:00:00.12",
                "2024-06-01T10:00:00.120Z",
                None,
                10,
            ),
            (
                "2024-02-12T16:25:00.896092556Z",
                "2024-02-12T16:25:00.896Z",
                Some(0),
                1,
            ),
            (
                "2024-06-01T10:00:00+02:00",
                "2024-06-01T10:00:00Z",
                Some(7200),
                1000,
            ),
            (
                "2023-07-04 11:08:02 +0000",
                "2023-07-04T11:08:02Z",
                Some(0),
                1000,
            ),
            (
                "2025-06-19 17:27:48.001 UTC",
                "2025-06-19T17:27:48.001Z",
                Some(0),
                1,
            ),
            ("21/Nov/2026:01:27:37", "2026-11-21T01:27:37Z", None, 1000),
            ("08/Nov/2022 15:01:19", "2022-11-08T15:01:19Z", None, 1000),
            (
                "22/Aug/2018:16:47:53 -0530",
                "2018-08-22T16:47:53Z",
                Some(-19800),
                1000,
            ),
            ("2017/07/18 10:49:55", "2017-07-18T10:49:55Z", None, 1000),
            ("11/21/2026, 1:27:37 PM", "2026-11-21T13:27:37Z", None, 1000),
            ("21.11.2026, 12:27:37", "2026-11-21T12:27:37Z", None, 1000),
            ("06/20/23 09:15:22", "2023-06-20T09:15:22Z", None, 1000),
            (
                "Sat Nov 21 01:27:37 2026",
                "2026-11-21T01:27:37Z",
                None,
                1000,
            ),
            (
                "Thu Dec 21 2023 09:47:30 GMT+0100",
                "2023-12-21T09:47:30Z",
                Some(3600),
                1000,
            ),
            (
                "April 06, 2017 - 10:52:11",
                "2017-04-06T10:52:11Z",
                None,
                1000,
            ),
        ] {
            let (stamp, rest) = leading(text).unwrap_or_else(|| panic!("not read: {text}"));
            assert_eq!(rest, "", "{text}");
            assert_eq!(stamp.wall_ms, utc(wall), "{text}");
            assert_eq!(
                (stamp.offset_s, stamp.resolution_ms),
                (offset, resolution),
                "{text}"
            );
            assert!(stamp.dated);
        }
    }

    #[test]
    fn a_time_of_day_is_undated() {
        let (stamp, rest) = leading("10:41:07.123 useWebSocket.ts:45").unwrap();
        assert_eq!(
            (stamp.wall_ms, stamp.dated, rest),
            (38_467_123, false, " useWebSocket.ts:45")
        );
        let (stamp, rest) = leading("Aug  5 09:44:24 host").unwrap();
        assert_eq!(
            (stamp.wall_ms, stamp.dated, rest),
            (35_064_000, false, " host")
        );
    }

    #[test]
    fn other_numbers_are_no_times() {
        for text in [
            "127.0.0.1:42032 - -",
            "2024-13-01 10:00:00",
            "404",
            "10:41",
            "2024-06-01",
            "Monitoring 1",
            "99:99:99",
            "1.2.3",
        ] {
            assert_eq!(leading(text), None, "{text}");
        }
    }

    #[test]
    fn a_zone_is_not_taken_from_the_message() {
        let (stamp, rest) = leading("2024-06-01 10:00:00 - INFO - x").unwrap();
        assert_eq!((stamp.offset_s, rest), (None, " - INFO - x"));
    }

    #[test]
    fn epochs_are_told_apart_by_size() {
        assert_eq!(epoch(1_700_000_000.0).unwrap().wall_ms, 1_700_000_000_000);
        assert_eq!(
            epoch(1_700_000_000_123.0).unwrap().wall_ms,
            1_700_000_000_123
        );
        assert_eq!(epoch(42.0), None);
        assert_eq!(
            leading("1441935812.5531] x").unwrap().0.wall_ms,
            1_441_935_812_553
        );
    }
}
