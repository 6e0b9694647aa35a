//! What `journalctl` puts before a line in its rarer forms: `short-full` and `with-unit` (weekday,
//! date, zone), `short-unix` (seconds since the epoch), `short-monotonic` (seconds since the start).
//!
//! Its usual form is syslog's, its ISO forms are read with the platforms', its JSON with the other JSON.

use super::clock;
use super::layer::Layer;
use super::platform::{behind_host, named_with_id};
use crate::stamp::Stamp;

/// `Fri 2026-11-20 10:00:00 UTC app02 daphne.service[1106]: text`.
pub(super) fn after_weekday(text: &str) -> Option<Layer<'_>> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let (day, rest) = text.split_once(' ')?;
    if !DAYS.contains(&day) {
        return None;
    }
    let (date, rest) = rest.split_once(' ')?;
    let (time, rest) = rest.split_once(' ')?;
    let (zone, rest) = rest.split_once(' ')?;
    let mut stamp = clock::exported(&format!("{date}T{time}"))?;
    // The names of other zones are not unique.
    stamp.offset_s = matches!(zone, "UTC" | "GMT").then_some(0);
    let is_zone = zone.len() <= 6
        && zone
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-".contains(&byte));
    let layer = named_with_id(behind_host(rest)?).filter(|_| is_zone)?;
    Some(layer.at(Some(stamp)))
}

/// `1795240533.821000 app02 daphne[1106]: text`.
pub(super) fn after_epoch(text: &str) -> Option<Layer<'_>> {
    let (seconds, rest) = text.split_once(' ')?;
    let (whole, fraction) = seconds.split_once('.')?;
    if whole.len() != 10 || fraction.len() != 6 {
        return None;
    }
    let (whole, fraction) = (whole.parse::<i64>().ok()?, fraction.parse::<i64>().ok()?);
    let stamp = Stamp {
        wall_ms: whole.saturating_mul(1000).saturating_add(fraction / 1000),
        offset_s: Some(0),
        resolution_ms: 1,
        dated: true,
    };
    let layer = named_with_id(behind_host(rest)?)?;
    Some(layer.at(Some(stamp)))
}

/// `[ 1234.567890] app02 daphne[1106]: text`: a clock that starts with the machine tells no time.
pub(super) fn after_uptime(text: &str) -> Option<Layer<'_>> {
    let (seconds, rest) = text.strip_prefix('[')?.split_once("] ")?;
    let (whole, fraction) = seconds.trim_start().split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || fraction.len() != 6 || !digits(fraction) {
        return None;
    }
    named_with_id(behind_host(rest)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_journalctl() {
        let full = after_weekday("Fri 2026-11-20 10:00:00 UTC app02 daphne.service[1106]: boom");
        let full = full.unwrap();
        assert_eq!(full.text, "boom");
        assert_eq!(full.process.as_deref(), Some("daphne.service[1106]"));
        assert_eq!(full.stamp.unwrap().offset_s, Some(0));
        let local = after_weekday("Fri 2026-11-20 10:00:00 CET app02 daphne[1106]: boom");
        assert_eq!(local.unwrap().stamp.unwrap().offset_s, None);
        let epoch = after_epoch("1795240533.821000 app02 daphne[1106]: boom").unwrap();
        assert_eq!(epoch.stamp.unwrap().wall_ms, 1_795_240_533_821);
        let uptime = after_uptime("[ 1234.567890] app02 daphne[1106]: boom").unwrap();
        assert_eq!((uptime.text.as_ref(), uptime.stamp), ("boom", None));
    }

    #[test]
    fn other_lines_stay() {
        assert!(after_weekday("Fri 2026-11-20 10:00:00 UTC boom").is_none());
        assert!(after_weekday("Fri Nov 20 10:00:00 2026 boom").is_none());
        assert!(after_epoch("1795240533.821 app02 daphne[1106]: boom").is_none());
        assert!(after_uptime("[1106] app02 daphne[1106]: boom").is_none());
        assert!(after_uptime("[web] app02 daphne[1106]: boom").is_none());
    }
}
