//! What other programs put around a log line: container names, platform stamps, syslog, JSON of
//! collectors, tables. Taken off and remembered, layer by layer.
//!
//! A shape that a line could have by itself is a wrapper only where the lines of a source agree
//! on it; see [`container::Names`] and [`platform::Clocks`].

mod clock;
mod container;
mod journal;
mod json;
mod layer;
mod platform;
mod table;

pub(super) use layer::begins_as_a_log_line;

use super::source::{Line, Wrapper};
use crate::sieve::MAX_LINE_BYTES;
use layer::Layer;

/// Wrappers within wrappers that are taken off: a compose name, a platform's stamp and syslog
/// around one line have been seen.
const MAX_DEPTH: usize = 4;

/// Takes the wrappers off all lines of a source. Gives how many lines went into others or away.
pub(super) fn strip(lines: &mut Vec<Line>) -> u64 {
    let mut set_aside = table::unwrap(lines);
    for _ in 0..MAX_DEPTH {
        let (peeled, joined) = strip_layer(lines);
        set_aside = set_aside.saturating_add(joined);
        if !peeled {
            break;
        }
    }
    set_aside
}

/// Takes one layer off each line that has one: whether any had, and how many lines were joined
/// to the one before.
fn strip_layer(lines: &mut Vec<Line>) -> (bool, u64) {
    let texts = lines.iter().map(|line| line.text.as_str());
    let names = container::Names::of(texts.clone());
    let mut clocks = platform::Clocks::of(texts);
    let mut peeled = false;
    let mut unfinished = Vec::new();
    for (index, line) in lines.iter_mut().enumerate() {
        let Some(layer) = peel(&line.text, &names, &mut clocks) else {
            continue;
        };
        peeled = true;
        if layer.unfinished {
            unfinished.push(index);
        }
        let wrapper = line.wrapper.get_or_insert_default();
        remember(wrapper, &layer);
        line.text = layer.text.into_owned();
    }
    let joined = if unfinished.is_empty() {
        0
    } else {
        join(lines, &unfinished)
    };
    (peeled, joined)
}

/// The innermost name and the innermost stamp win.
fn remember(wrapper: &mut Wrapper, layer: &Layer<'_>) {
    if let Some(process) = &layer.process {
        wrapper.process = Some(process.clone().into_owned());
    }
    wrapper.stamp = layer.stamp.or(wrapper.stamp);
}

/// The outermost layer of a line, by its first character: most lines have none, and are seen to
/// have none by one look.
fn peel<'a>(
    text: &'a str,
    names: &container::Names,
    clocks: &mut platform::Clocks,
) -> Option<Layer<'a>> {
    let layer = match text.bytes().next()? {
        b'{' => json::unwrap(text),
        b'[' => container::in_brackets(text, names).or_else(|| journal::after_uptime(text)),
        b'<' => platform::after_priority(text, clocks),
        b'0'..=b'9' => platform::after_iso(text, clocks)
            .or_else(|| journal::after_epoch(text))
            .or_else(|| container::before_bar(text, names))
            .or_else(|| platform::after_priority(text, clocks)),
        b'A'..=b'Z' => platform::after_month(text, clocks)
            .or_else(|| journal::after_weekday(text))
            .or_else(|| container::before_bar(text, names)),
        b'a'..=b'z' => container::before_bar(text, names).or_else(|| heroku_without_time(text)),
        _ => None,
    };
    layer.or_else(|| platform::after_tabs(text))
}

/// `heroku[router]: at=error …`, as copied without its stamp.
fn heroku_without_time(text: &str) -> Option<Layer<'_>> {
    let rest = text
        .strip_prefix("heroku[")
        .or_else(|| text.strip_prefix("app["))?;
    let (dyno, inside) = rest.split_once("]: ")?;
    let dyno_name = !dyno.is_empty() && !dyno.contains([' ', '[', ']']);
    let process = text.strip_suffix(inside)?.strip_suffix(": ")?;
    dyno_name.then(|| Layer::of(process, inside))
}

/// Joins each unfinished line with the next one.
fn join(lines: &mut Vec<Line>, unfinished: &[usize]) -> u64 {
    let before = lines.len();
    let mut unfinished = unfinished.iter().copied().peekable();
    let mut kept: Vec<Line> = Vec::with_capacity(before);
    let mut open = false;
    for (index, line) in lines.drain(..).enumerate() {
        match kept.last_mut() {
            Some(last) if open => {
                if last.text.len().saturating_add(line.text.len()) <= MAX_LINE_BYTES {
                    last.text.push_str(&line.text);
                }
            }
            _ => kept.push(line),
        }
        open = unfinished.next_if_eq(&index).is_some();
    }
    *lines = kept;
    before.saturating_sub(lines.len()) as u64
}

#[cfg(test)]
mod tests;
