//! Reads the value that stands behind a key, whatever the quoting: `=x`, `="x"`, `: b'x'`, `%3Dx`,
//! `\": \"x\"`; and says which values are none (`null`, `<…>`, code).
//!
//! Which keys make a value private is not known here.

use super::expressions;
use super::finding::Cut;
use super::pattern::Pattern;
use std::ops::Range;

/// A value behind a sign.
#[derive(Debug, Clone)]
pub(super) struct Value {
    /// Bytes of the text, without quotes.
    pub(super) range: Range<usize>,
    pub(super) quoted: bool,
    /// The first of a list, `['x']`, as the parameters of queries and forms are printed.
    pub(super) listed: bool,
    pub(super) cut: Cut,
}

/// Reads the value that begins at `at`, after blanks.
pub(super) fn read(text: &str, at: usize) -> Option<Value> {
    static OPENING: Pattern = Pattern::new(expressions::VALUE_OPENING);
    let rest = text.get(at..)?;
    let opening = OPENING.captures(rest)?;
    let start = at.saturating_add(opening.get(0)?.end());
    let listed = opening.get(1).is_some();
    if let Some(quote) = opening.get(2)
        && let Some(range) = quoted(text, start, quote.as_str())
    {
        if listed && text.get(range.clone()).is_some_and(is_sentence) {
            return None;
        }
        let value = finished(text, range, true);
        return Some(Value { listed, ..value });
    }
    let rest = text.get(start..)?;
    let end = start.saturating_add(bare_length(rest));
    Some(finished(text, start..end, false))
}

/// The next of a list's values.
pub(super) fn next_of_list(text: &str, before: &Value) -> Option<Value> {
    static NEXT: Pattern = Pattern::new(expressions::NEXT_OF_LIST);
    let rest = text.get(before.range.end..).filter(|_| before.listed)?;
    let opening = NEXT.captures(rest)?;
    let start = before.range.end.saturating_add(opening.get(0)?.end());
    let range = quoted(text, start, opening.get(1)?.as_str())?;
    let value = finished(text, range, true);
    Some(Value {
        listed: true,
        ..value
    })
}

/// What stands between an opening quote, which ends at `start`, and the closing one.
fn quoted(text: &str, start: usize, quote: &str) -> Option<Range<usize>> {
    let inner = text.get(start..)?;
    let line = inner.split('\n').next().unwrap_or(inner);
    let length = closing(line, quote)?;
    Some(start..start.saturating_add(length))
}

/// Whether a list holds what Django says of a form's field: `["This field is required."]`.
fn is_sentence(value: &str) -> bool {
    value.contains(' ') && value.ends_with('.') && value.starts_with(char::is_uppercase)
}

/// Where the quote that closes a value stands. A string within strings has backslashes before its
/// quotes, a quote that is part of the value more of them: in `"a\"b"` the second does not close, in
/// `\"a\\\"b\"` neither. Fewer backslashes than at the opening end the string around it.
fn closing(line: &str, opening: &str) -> Option<usize> {
    let mark = opening.trim_start_matches('\\');
    let inside = opening.len().saturating_sub(mark.len());
    let unit = inside.saturating_add(1);
    line.match_indices(mark).find_map(|(at, _)| {
        let before = line.get(..at)?;
        let slashes = before
            .len()
            .saturating_sub(before.trim_end_matches('\\').len());
        let next = slashes.saturating_add(1);
        let within = next.checked_rem(unit)? != 0;
        let even = next.checked_div(unit)?.is_multiple_of(2);
        let closes = slashes < unit || within || !even;
        closes.then(|| at.saturating_sub(slashes.min(inside)))
    })
}

/// How far a value without quotes goes.
fn bare_length(rest: &str) -> usize {
    static END: Pattern = Pattern::new(expressions::VALUE_END);
    END.find(rest).map_or(rest.len(), |end| end.start())
}

/// Takes the punctuation around a value off, and notes the ellipsis of a shortened one.
fn finished(text: &str, range: Range<usize>, quoted: bool) -> Value {
    let raw = text.get(range.clone()).unwrap_or_default();
    let headless = raw.trim_start_matches(['.', '…', '[', '(', '{']);
    let head = raw.len().saturating_sub(headless.len());
    let head_missing = raw.starts_with("...") || raw.starts_with('…');
    let tail_missing = raw
        .trim_end_matches([')', ']', '}', ',', ':'])
        .ends_with("...")
        || raw.contains("…");
    let closing: &[char] = &['.', '…', ',', ')', ']', '}', ':', '!', '?'];
    let trimmed = if quoted && !head_missing && !tail_missing {
        raw
    } else {
        raw.get(head..)
            .unwrap_or_default()
            .trim_end_matches(closing)
    };
    let head = if trimmed.len() == raw.len() { 0 } else { head };
    let start = range.start.saturating_add(head.min(raw.len()));
    let cut = match (head_missing, tail_missing) {
        (true, _) => Cut::HeadMissing,
        (_, true) => Cut::TailMissing,
        _ => Cut::No,
    };
    Value {
        range: start..start.saturating_add(trimmed.len()),
        quoted,
        listed: false,
        cut,
    }
}

/// Whether there is nothing to hide: an empty value, a word for none, a placeholder.
pub(super) fn is_nothing(value: &str) -> bool {
    static PLACEHOLDER: Pattern = Pattern::new(expressions::PLACEHOLDER);
    let value = value.trim();
    value.is_empty() || PLACEHOLDER.is_match(value)
}

/// Whether a value is the start that all JWTs share: it hides nothing, and a pseudonym would say that
/// two tokens are one.
pub(super) fn is_head_of_any_jwt(value: &str) -> bool {
    value.len() < 8 && value.starts_with("eyJ")
}

/// Whether a value without quotes is a piece of source code, as tracebacks quote it: a call, an
/// index, an attribute of a usual name.
pub(super) fn is_code(value: &str) -> bool {
    static CODE: Pattern = Pattern::new(expressions::CODE);
    CODE.is_match(value)
}
