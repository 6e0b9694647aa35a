//! File names on lines of their own, with the lines of that file below: `rg --heading`, `ag`, and
//! `tail` or `head` of several files.

use super::prefix::{self, Mark};
use super::{Parts, Sorter};
use crate::input::source::Line;

/// Share of lines, in percent, that must fit the shape of `rg --heading`.
const MIN_FITTING_PERCENT: usize = 90;

/// Splits a text under headings; `None` where it has none.
pub(super) fn split(lines: &[Line]) -> Option<Parts> {
    if lines.iter().any(|line| tailed(&line.text).is_some()) {
        return Some(under_tail(lines));
    }
    is_under_names(lines).then(|| under_names(lines))
}

/// The name in `==> app.log <==`.
fn tailed(text: &str) -> Option<&str> {
    text.strip_prefix("==> ")?.strip_suffix(" <==")
}

fn under_tail(lines: &[Line]) -> Parts {
    let mut sorter = Sorter::default();
    for line in lines {
        if let Some(name) = tailed(&line.text) {
            sorter.turn_to(Some(name)).set_aside(1);
        } else {
            sorter.push(None, &line.text, line);
        }
    }
    sorter.finish()
}

fn found(text: &str) -> Option<Mark<'_>> {
    let colon = prefix::number(text, ':');
    let (number, rest) = colon.or_else(|| prefix::number(text, '-'))?;
    Some(Mark {
        file: None,
        number: Some(number),
        rest,
    })
}

/// Whether the first line is a name with numbered lines below, and nearly all others fit.
fn is_under_names(lines: &[Line]) -> bool {
    let mut texts = lines
        .iter()
        .map(|line| line.text.as_str())
        .filter(|text| !prefix::is_between(text));
    let headed = texts.next().is_some_and(prefix::is_log_name)
        && texts.next().is_some_and(|text| found(text).is_some());
    if !headed {
        return false;
    }
    let all = texts.clone().count();
    let fitting = texts
        .filter(|text| found(text).is_some() || prefix::is_log_name(text))
        .count();
    fitting.saturating_mul(100) >= all.saturating_mul(MIN_FITTING_PERCENT)
}

fn under_names(lines: &[Line]) -> Parts {
    let mut sorter = Sorter::default();
    for line in lines {
        if prefix::is_log_name(&line.text) {
            sorter.turn_to(Some(&line.text)).set_aside(1);
        } else if let Some(mark) = found(&line.text) {
            sorter.push(mark.number, mark.rest, line);
        } else {
            sorter.push_unmarked(line);
        }
    }
    sorter.finish()
}
