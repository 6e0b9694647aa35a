//! One layer of wrapping around a line, and the words by which a log line's own beginning is
//! known.

use crate::stamp::Stamp;
use std::borrow::Cow;

/// What one wrapper said, and the text inside it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Layer<'a> {
    /// Container, pod, unit, program.
    pub(super) process: Option<Cow<'a, str>>,
    /// The wrapper's clock.
    pub(super) stamp: Option<Stamp>,
    /// The line inside.
    pub(super) text: Cow<'a, str>,
    /// Whether the line goes on in the next one, because the wrapper's writer had split it.
    pub(super) unfinished: bool,
}

impl<'a> Layer<'a> {
    /// A layer that names a process and no time.
    pub(super) fn of(process: &'a str, text: &'a str) -> Self {
        Self {
            process: Some(Cow::Borrowed(process)),
            text: Cow::Borrowed(text),
            ..Self::default()
        }
    }

    /// The same layer with a time.
    pub(super) fn at(self, stamp: Option<Stamp>) -> Self {
        Self { stamp, ..self }
    }
}

/// Words that loggers write for a severity. None of them is the name of a process.
const LEVELS: [&str; 14] = [
    "TRACE", "DEBUG", "INFO", "NOTICE", "SUCCESS", "WARN", "WARNING", "ERROR", "ERR", "CRITICAL",
    "CRIT", "FATAL", "ALERT", "EMERG",
];

/// Whether a word is a severity, in either case.
pub(super) fn is_level(word: &str) -> bool {
    LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level))
}

/// Whether a text begins as log lines do: with a date, a severity or a traceback's first words.
pub(in crate::input) fn begins_as_a_log_line(text: &str) -> bool {
    let text = text.trim_start_matches(' ');
    let word_end = |letter: char| !letter.is_ascii_alphabetic();
    let inner = text.strip_prefix('[').unwrap_or(text);
    let word = inner.split(word_end).next().unwrap_or("");
    begins_with_a_date(inner)
        || LEVELS.contains(&word)
        || text.starts_with("Traceback (most recent")
        || text.starts_with("WebSocket ")
        || text.starts_with("HTTP ")
}

/// Whether a text begins with a date in digits: `2024-06-01`, `2017/07/18`, `08/Nov/2022`.
pub(super) fn begins_with_a_date(text: &str) -> bool {
    let text = text.strip_prefix(['[', '(']).unwrap_or(text);
    let mut parts = text.splitn(3, ['-', '/']);
    let (Some(first), Some(second), Some(third)) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let numeric = |text: &str, length: usize| text.len() == length && digits(text) == length;
    let by_year = numeric(first, 4) && numeric(second, 2) && digits(third) >= 2;
    let by_day =
        numeric(first, 2) && (numeric(second, 2) || second.len() == 3) && digits(third) >= 2;
    by_year || by_day
}

/// Whether a text is the inside of a traceback or blank: what no logger stamps by itself.
pub(super) fn continues_a_record(text: &str) -> bool {
    let inner = text.trim_start();
    let word = inner
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .next();
    // `   INFO` is a severity set to the right.
    let deeper = text.starts_with("  ") && !word.is_some_and(is_level);
    inner.is_empty()
        || deeper
        || text.starts_with("File \"")
        || text.starts_with("Traceback (most recent")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_of_log_lines() {
        for text in [
            "2024-06-01 10:00:00,000 ERROR",
            "[2017/07/18 10:49:55] WebSocket",
            "[08/Nov/2022 15:01:19] \"GET",
            "INFO:     x",
            "[INFO] x",
            "Traceback (most recent call last):",
        ] {
            assert!(begins_as_a_log_line(text), "{text}");
        }
        for text in [
            "Connection attempt",
            "abnormal",
            "/ws/chat/",
            "INFORMATION",
            "1-2-3",
            "",
        ] {
            assert!(!begins_as_a_log_line(text), "{text}");
        }
    }
}
