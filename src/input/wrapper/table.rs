//! A log viewer's export as a Markdown table: `| time | text |`, often the newest line first.

use super::clock;
use crate::input::source::{Line, Wrapper};

/// Share of lines, in percent, that must be rows.
const MIN_ROW_PERCENT: usize = 60;

/// Unwraps the rows of a table; what stands around them stays. Gives how many lines were set
/// aside (the head and its rule).
pub(super) fn unwrap(lines: &mut Vec<Line>) -> u64 {
    let text_lines = lines
        .iter()
        .filter(|line| !line.text.trim().is_empty())
        .count();
    let rows = lines
        .iter()
        .filter(|line| cells(&line.text).is_some())
        .count();
    if rows < 2 || rows.saturating_mul(100) < text_lines.saturating_mul(MIN_ROW_PERCENT) {
        return 0;
    }
    let before = lines.len();
    let head = lines.windows(2).find_map(|pair| match pair {
        [head, rule] if is_rule(&rule.text) => Some(head.number),
        _ => None,
    });
    lines.retain(|line| !is_rule(&line.text) && Some(line.number) != head);
    let set_aside = before.saturating_sub(lines.len());
    for line in lines.iter_mut() {
        unwrap_row(line);
    }
    turn_if_newest_first(lines);
    set_aside as u64
}

/// The first cell that is a time goes to the wrapper; the others are the text, in their order.
fn unwrap_row(line: &mut Line) {
    let Some(cells) = cells(&line.text) else {
        return;
    };
    let mut stamp = None;
    let mut texts: Vec<String> = Vec::new();
    for cell in cells {
        match clock::exported(&cell) {
            Some(found) if stamp.is_none() => stamp = Some(found),
            _ => texts.push(cell),
        }
    }
    texts.retain(|text| !text.is_empty());
    line.text = texts.join(" ");
    if stamp.is_some() {
        line.wrapper = Some(Wrapper {
            process: None,
            stamp,
        });
    }
}

/// The cells of a row, trimmed, `\|` turned back.
fn cells(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = vec![String::new()];
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut()?;
        match letter {
            '\\' if letters.peek() == Some(&'|') => {
                letters.next();
                cell.push('|');
            }
            '|' => cells.push(String::new()),
            letter => cell.push(letter),
        }
    }
    (cells.len() >= 2).then(|| cells.iter().map(|cell| cell.trim().to_owned()).collect())
}

/// `|---|:--:|`.
fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('|')
        && text.contains("--")
        && text.chars().all(|letter| "|-: ".contains(letter))
}

fn turn_if_newest_first(lines: &mut [Line]) {
    let times: Vec<i64> = lines
        .iter()
        .filter_map(|line| Some(line.wrapper.as_ref()?.stamp?.utc_ms()))
        .collect();
    let falling = times
        .iter()
        .zip(times.iter().skip(1))
        .all(|(one, next)| one >= next);
    if falling && times.first() > times.last() {
        lines.reverse();
    }
}
