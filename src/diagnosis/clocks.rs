//! What the report says of clocks that do not agree: how far a client's is off the server's, and what
//! of it is another time zone.

use super::Findings;
use super::model::ClientClock;
use crate::record::{Record, Side};
use crate::timeline::{ClockOffset, Offset};

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Clocks that agree within this need no word.
const AGREED_MS: i64 = 1_000;
/// Zones differ by at least this.
const LEAST_ZONE_MS: i64 = 20 * MINUTE_MS;

pub(super) fn of(findings: &Findings<'_>) -> Vec<ClientClock> {
    let server_zone = zone(findings, |record| record.side == Side::Backend);
    let clocks = &findings.timeline.clocks;
    clocks
        .iter()
        .map(|clock| {
            let file = findings.sources.get(clock.source);
            let file = file.map_or_else(String::new, |source| source.name.clone());
            let named = if clocks.len() > 1 {
                format!(" in {file}")
            } else {
                String::new()
            };
            ClientClock {
                offset: clock.offset,
                sentence: clock.offset.and_then(|offset| {
                    let zones = Zones {
                        client: zone(findings, |record| of_clock(record, clock)),
                        server: server_zone,
                    };
                    sentence(offset, zones, client(findings, clock), &named)
                }),
                file,
            }
        })
        .collect()
}

fn of_clock(record: &Record, clock: &ClockOffset) -> bool {
    record.side == Side::Client && record.origin.source == clock.source
}

/// The zones that stamps state, in seconds east of UTC.
#[derive(Debug, Clone, Copy)]
struct Zones {
    client: Option<i32>,
    server: Option<i32>,
}

fn zone(findings: &Findings<'_>, wanted: impl Fn(&Record) -> bool) -> Option<i32> {
    findings
        .timeline
        .events
        .iter()
        .filter(|event| wanted(&event.record))
        .find_map(|event| event.record.stamp.or(event.record.wrapper_stamp)?.offset_s)
}

fn client(findings: &Findings<'_>, clock: &ClockOffset) -> &'static str {
    let browser = findings.timeline.events.iter().any(|event| {
        let dialect = event.record.dialect;
        of_clock(&event.record, clock) && (dialect.starts_with("browser") || dialect == "har")
    });
    if browser { "browser" } else { "client" }
}

fn sentence(offset: Offset, zones: Zones, client: &str, named: &str) -> Option<String> {
    let doubt = offset.uncertainty_ms;
    let matters = |ms: i64| ms.saturating_abs() > AGREED_MS.max(doubt);
    if !matters(offset.offset_ms) {
        return None;
    }
    let shift = zone_shift(offset.offset_ms, zones);
    let rest = offset.offset_ms.saturating_sub(shift);
    let mut clauses = Vec::new();
    if shift != 0 {
        clauses.push(zone_clause(shift, zones, client, named));
    }
    if matters(rest) {
        let clock = if shift == 0 {
            format!("The {client}'s clock{named}")
        } else {
            "its clock".to_owned()
        };
        clauses.push(format!(
            "{clock} is {} (to within {}) {} the server's",
            duration(rest.saturating_abs()),
            duration(doubt),
            if rest > 0 { "ahead of" } else { "behind" },
        ));
    }
    let basis = match offset.shared_events {
        0 => "; assumed, because only so the logs meet".to_owned(),
        1 => ", by 1 event that both saw".to_owned(),
        many => format!(", by {many} events that both saw"),
    };
    Some(format!("{}{basis}.", clauses.join(", and ")))
}

/// The part of an offset that is another zone: none where both sides state theirs.
fn zone_shift(offset_ms: i64, zones: Zones) -> i64 {
    if offset_ms.saturating_abs() < LEAST_ZONE_MS
        || zones.client.is_some() && zones.server.is_some()
    {
        return 0;
    }
    // Zones of Nepal, the Chathams and Eucla are the only ones off the half hour.
    let half = HOUR_MS / 2;
    let above = offset_ms.saturating_add(half / 2);
    let nearest = above.saturating_sub(above.rem_euclid(half));
    let odd = [5 * HOUR_MS + 45 * MINUTE_MS, 8 * HOUR_MS + 45 * MINUTE_MS];
    odd.into_iter()
        .flat_map(|zone| [zone, zone.saturating_neg()])
        .chain([nearest])
        .min_by_key(|zone| zone.abs_diff(offset_ms))
        .unwrap_or(nearest)
}

fn zone_clause(shift_ms: i64, zones: Zones, client: &str, named: &str) -> String {
    match (zones.client, zones.server) {
        (_, Some(_)) => format!("The {client}'s stamps{named} are in {}", utc(shift_ms)),
        (Some(_), None) => format!(
            "The server's stamps are in {}",
            utc(shift_ms.saturating_neg())
        ),
        (None, None) => format!(
            "The {client}'s stamps{named} are of another time zone, {} {} the server's ({} if the \
             server's are in UTC)",
            duration(shift_ms.saturating_abs()),
            if shift_ms > 0 { "ahead of" } else { "behind" },
            utc(shift_ms),
        ),
    }
}

/// `UTC−5`, `UTC+5:30`.
fn utc(shift_ms: i64) -> String {
    let sign = if shift_ms < 0 { '−' } else { '+' };
    let minutes = shift_ms.saturating_abs() / MINUTE_MS;
    match minutes % 60 {
        0 => format!("UTC{sign}{}", minutes / 60),
        rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
    }
}

fn duration(ms: i64) -> String {
    let tenths = ms.saturating_add(50) / 100;
    let seconds = ms.saturating_add(500) / 1_000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, _) => format!("{}.{} s", tenths / 10, tenths % 10),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNKNOWN: Zones = Zones {
        client: None,
        server: None,
    };

    fn said(offset_ms: i64, zones: Zones) -> Option<String> {
        let offset = Offset {
            offset_ms,
            uncertainty_ms: 500,
            shared_events: 3,
        };
        sentence(offset, zones, "browser", "")
    }

    #[test]
    fn clocks_that_agree_need_no_word() {
        assert_eq!(said(-900, UNKNOWN), None);
    }

    #[test]
    fn a_clock_that_is_off_is_said_with_its_uncertainty() {
        assert_eq!(
            said(-7_000, UNKNOWN).as_deref(),
            Some(
                "The browser's clock is 7.0 s (to within 0.5 s) behind the server's, by 3 events that both \
                 saw."
            )
        );
        let ahead = said(600_000, UNKNOWN).unwrap();
        assert!(
            ahead.contains("is 10 min (to within 0.5 s) ahead of"),
            "{ahead}"
        );
    }

    #[test]
    fn a_zone_is_told_from_a_clock() {
        let zoned = Zones {
            client: None,
            server: Some(0),
        };
        let text = said(-5 * HOUR_MS + 7_000, zoned).unwrap();
        assert!(
            text.starts_with(
                "The browser's stamps are in UTC−5, and its clock is 7.0 s (to within 0.5 s) ahead"
            ),
            "{text}"
        );
        let text = said(5 * HOUR_MS + 30 * MINUTE_MS, UNKNOWN).unwrap();
        assert!(
            text.contains("5 h 30 min ahead of") && text.contains("UTC+5:30"),
            "{text}"
        );
    }
}
