//! A point in time, and the three ways in which the programs of this stack write it.

use chrono::{DateTime, Datelike, Timelike};
use std::io::Write as _;

/// Milliseconds since the epoch, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Moment {
    pub(crate) fn after(self, milliseconds: u64) -> Self {
        Self(self.0 + milliseconds.cast_signed())
    }

    /// `2026-11-20 10:00:00,125`, as Python's `logging` writes it.
    pub(crate) fn logging(self, out: &mut Vec<u8>) {
        self.digits(out, b' ');
        let _ = write!(out, ",{:03}", self.0.rem_euclid(1000));
    }

    /// `2026-11-20T10:00:00.125000Z`, as structlog writes it.
    pub(crate) fn iso(self, out: &mut Vec<u8>) {
        self.digits(out, b'T');
        let _ = write!(out, ".{:03}000Z", self.0.rem_euclid(1000));
    }

    /// `20/Nov/2026:10:00:00`, as Daphne's access log writes it.
    pub(crate) fn access(self, out: &mut Vec<u8>) {
        let at = self.civil();
        let month = MONTHS[at.month0() as usize];
        two(out, at.day());
        let _ = write!(out, "/{month}/{}:", at.year());
        time(out, &at);
    }

    fn digits(self, out: &mut Vec<u8>, between: u8) {
        let at = self.civil();
        let _ = write!(out, "{}-", at.year());
        two(out, at.month());
        out.push(b'-');
        two(out, at.day());
        out.push(between);
        time(out, &at);
    }

    fn civil(self) -> DateTime<chrono::Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

fn time(out: &mut Vec<u8>, at: &DateTime<chrono::Utc>) {
    two(out, at.hour());
    out.push(b':');
    two(out, at.minute());
    out.push(b':');
    two(out, at.second());
}

/// Two digits; most of a stamp is made of these, and `write!` would take half of the whole time.
fn two(out: &mut Vec<u8>, number: u32) {
    let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or(0);
    out.extend([digit(number / 10), digit(number)]);
}
