//! The words for severity in the loggers of Python, proxies and consoles.
//!
//! Only the words; whether a word stands where a severity stands is decided by the dialects.

use crate::record::Level;

/// The level that `word` names, in any case.
#[must_use]
pub fn named(word: &str) -> Option<Level> {
    if !(3..=9).contains(&word.len()) {
        return None;
    }
    // Most words are none; their first letter tells it of many.
    let first = word.bytes().next()?.to_ascii_lowercase();
    if !b"acdefilnpstvw".contains(&first) {
        return None;
    }
    Some(match word.to_ascii_lowercase().as_str() {
        "debug" | "trace" | "verbose" => Level::Debug,
        "info" | "notice" | "log" | "success" => Level::Info,
        "warning" | "warn" => Level::Warning,
        "error" | "err" | "exception" | "severe" => Level::Error,
        "critical" | "fatal" | "crit" | "emerg" | "emergency" | "alert" | "panic" => {
            Level::Critical
        }
        _ => return None,
    })
}

/// The level of a number: Python's 10 to 50, and the same of pino and bunyan, whose fatal is 60.
#[must_use]
pub fn numbered(number: u64) -> Option<Level> {
    Some(match number {
        5..=19 => Level::Debug,
        20..=29 => Level::Info,
        30..=39 => Level::Warning,
        40..=49 => Level::Error,
        50..=60 => Level::Critical,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_any_case() {
        assert_eq!(named("WARN"), Some(Level::Warning));
        assert_eq!(named("Critical"), Some(Level::Critical));
        assert_eq!(named("information"), None);
        assert_eq!(numbered(30), Some(Level::Warning));
    }
}
