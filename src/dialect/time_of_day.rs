//! The time of day and the zone within a time stamp, and the digits both are made of.
//!
//! Dates, and stamps as a whole, are [`super::clock`]'s.

use crate::stamp::since_midnight_ms;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n};
use nom::character::complete::{char, one_of};
use nom::combinator::{map, map_opt, opt, value};
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// A time of day: milliseconds since midnight, and the length of the last digit in milliseconds.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) ms: i64,
    pub(super) resolution_ms: u32,
}

/// Half a day added for `PM`.
fn half_day(input: &str) -> IResult<&str, bool> {
    preceded(
        opt(one_of(" \u{202f}\u{a0}")),
        alt((
            value(true, alt((tag("PM"), tag("pm")))),
            value(false, alt((tag("AM"), tag("am")))),
        )),
    )
    .parse(input)
}

fn fraction(input: &str) -> IResult<&str, (u32, u32)> {
    map_opt(
        preceded(
            one_of(".,"),
            take_while_m_n(1, 9, |c: char| c.is_ascii_digit()),
        ),
        |digits: &str| {
            let padded: String = digits.chars().chain("00".chars()).take(3).collect();
            let resolution = match digits.len() {
                1 => 100,
                2 => 10,
                _ => 1,
            };
            Some((padded.parse().ok()?, resolution))
        },
    )
    .parse(input)
}

pub(super) fn clock(input: &str) -> IResult<&str, Clock> {
    let (rest, (hour, _, minute, _, second)) = (
        digits(1, 2),
        char(':'),
        digits(2, 2),
        char(':'),
        digits(2, 2),
    )
        .parse(input)?;
    let (rest, fraction) = opt(fraction).parse(rest)?;
    let (rest, afternoon) = opt(half_day).parse(rest)?;
    let hour = match afternoon {
        Some(true) if hour < 12 => hour.saturating_add(12),
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    if hour > 23 || minute > 59 || second > 60 {
        return Err(mismatch(input));
    }
    let (ms, resolution_ms) = fraction.unwrap_or((0, 1000));
    let whole = since_midnight_ms(hour, minute, second.min(59));
    Ok((
        rest,
        Clock {
            ms: whole.saturating_add(ms.into()),
            resolution_ms,
        },
    ))
}

/// `Z`, ` UTC`, `+02:00`, ` +0200`, `+02`, ` GMT+0100`; the offset in seconds.
pub(super) fn zone(input: &str) -> IResult<&str, i32> {
    let named = preceded(
        (opt(char(' ')), alt((tag("UTC"), tag("GMT")))),
        opt(signed_hours),
    );
    let spaced = map(
        (char(' '), one_of("+-"), digits(4, 4)),
        |(_, sign, clock)| seconds_east(sign, clock / 100, clock % 100),
    );
    let (rest, offset) = alt((
        value(0, char('Z')),
        map(named, |offset| offset.unwrap_or(0)),
        spaced,
        signed_hours,
    ))
    .parse(input)?;
    if ends_cleanly(rest) && offset.abs() <= 15 * 3600 {
        Ok((rest, offset))
    } else {
        Err(mismatch(input))
    }
}

/// `+02:00`, `+0200`, `+02`; JavaScript's minus may be the typographic one.
fn signed_hours(input: &str) -> IResult<&str, i32> {
    map(
        (
            one_of("+-\u{2212}"),
            digits(2, 2),
            opt(preceded(opt(char(':')), digits(2, 2))),
        ),
        |(sign, hours, minutes)| seconds_east(sign, hours, minutes.unwrap_or(0)),
    )
    .parse(input)
}

fn seconds_east(sign: char, hours: u32, minutes: u32) -> i32 {
    let minutes = hours.saturating_mul(60).saturating_add(minutes);
    let seconds = i32::try_from(minutes.saturating_mul(60)).unwrap_or(0);
    if sign == '+' {
        seconds
    } else {
        seconds.saturating_neg()
    }
}

pub(super) fn mismatch(input: &str) -> nom::Err<nom::error::Error<&str>> {
    nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify))
}

/// A stamp is followed by a separator, never by more of a word or number.
pub(super) fn ends_cleanly(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// A number of `least` to `most` digits.
pub(super) fn digits<'a>(
    least: usize,
    most: usize,
) -> impl Parser<&'a str, Output = u32, Error = nom::error::Error<&'a str>> {
    map_opt(
        take_while_m_n(least, most, |c: char| c.is_ascii_digit()),
        |text: &str| text.parse().ok(),
    )
}
