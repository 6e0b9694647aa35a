//! Secrets in the query of a URL: `?token=…`, `&auth[key]=…`, encoded ones too.
//!
//! Behind the name of a secret everything up to the next parameter is secret: a browser sends no code,
//! and what looks like the end of a word belongs to the value unless the URL ends there.

use super::expressions;
use super::finding::{Carrier, Cut, Finding};
use super::pattern::Pattern;
use super::secrets::{each_match, kind_of, push};
use super::value::{self, Value};
use percent_encoding::percent_decode_str;

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    static PARAMETER: Pattern = Pattern::new(expressions::PARAMETER);
    each_match(text, &PARAMETER, found, |captures, end, found| {
        let name = normal_name(captures.get(1)?.as_str());
        let (is_secret, is_time) = judge(&name);
        if !is_secret {
            return None;
        }
        let depth = captures
            .get(3)
            .map_or(0, |again| (again.len() / 2).saturating_add(1));
        let value = read(text, end, depth)?;
        let raw = text.get(value.range.clone())?;
        // Cache busters and socket.io's times are short names with plain numbers.
        let is_number = raw.chars().all(|c| c.is_ascii_digit() || c == '-');
        if is_time && (raw.len() < 12 || is_number) {
            return None;
        }
        Some(push(found, &value, kind_of(&name), Carrier::SecretWord))
    });
}

/// Whether the word that ends or goes on at `at` names a parameter of a query.
pub(super) fn is_parameter(text: &str, at: usize) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
    let head = text.get(..at).unwrap_or_default();
    let before = head.trim_end_matches(is_name);
    let name = head.get(before.len()..).unwrap_or_default();
    let encoded = name.trim_start_matches("25").to_ascii_lowercase();
    before.ends_with(['?', '&', ';'])
        || is_query_string(before)
        || before.ends_with('%') && (encoded.starts_with("3f") || encoded.starts_with("26"))
        || before.ends_with('\\') && name.starts_with("u0026")
}

/// Whether a query without a URL begins here: `b'`, `'query_string': b'`.
fn is_query_string(before: &str) -> bool {
    static QUERY: Pattern = Pattern::new(expressions::BEFORE_QUERY);
    // The expression looks at so many characters at most.
    let near = before.char_indices().rev().nth(32).map_or(0, |(at, _)| at);
    before.ends_with(['\'', '"', ' ', ':', '=', ','])
        && before.get(near..).is_some_and(|end| QUERY.is_match(end))
}

/// The name in small letters, decoded, without the brackets of `token[]` and `auth[token]`.
fn normal_name(name: &str) -> String {
    let mut name = name.replace("\\u00", "%");
    // Each round takes one encoding off; a longer name holds more of them.
    while name.contains('%') {
        let decoded = percent_decode_str(&name).decode_utf8_lossy().into_owned();
        if decoded == name {
            break;
        }
        name = decoded;
    }
    let dotted = name.to_lowercase().replace('[', ".").replace(']', "");
    let is_index = |c: char| c == '.' || c.is_ascii_digit();
    let whole = dotted.trim_end_matches(is_index);
    let is_indexed = dotted.get(whole.len()..).is_some_and(|it| it.contains('.'));
    if is_indexed { whole.to_owned() } else { dotted }
}

/// Whether a parameter of this name is secret; whether it may be a time.
fn judge(name: &str) -> (bool, bool) {
    static SECRET: Pattern = Pattern::new(expressions::SECRET_PARAMETER);
    (SECRET.is_match(name), matches!(name, "t" | "st" | "at"))
}

/// The value that begins at `at`, where the URL was encoded `depth` times; none where there is nothing
/// to hide.
fn read(text: &str, at: usize, depth: usize) -> Option<Value> {
    static SCHEME: Pattern = Pattern::new(expressions::PARAMETER_SCHEME);
    let skipped = SCHEME.find(text.get(at..)?).map_or(0, |scheme| {
        // Behind a plain blank, the first sign of the value was looked at.
        let value = scheme
            .as_str()
            .find(' ')
            .map(|blank| blank.saturating_add(1));
        value.unwrap_or(scheme.len())
    });
    let at = at.saturating_add(skipped);
    let rest = text.get(at..)?;
    let raw = rest.get(..length(rest, depth))?;
    let opening: &[char] = &['.', '…', '[', '(', '{', '\'', '"', '`', '$'];
    let closing: &[char] = &['.', '…', ',', ')', ']', '}', ':', '!', '?', '\\'];
    let start = at.saturating_add(
        raw.len()
            .saturating_sub(raw.trim_start_matches(opening).len()),
    );
    let bare = raw.trim_start_matches(opening).trim_end_matches(closing);
    if is_nothing(raw, bare) {
        return None;
    }
    let cut = if raw.starts_with("...") || raw.starts_with('…') {
        Cut::HeadMissing
    } else if raw
        .trim_end_matches([')', ']', '}', ',', ':'])
        .ends_with("...")
        || raw.contains('…')
    {
        Cut::TailMissing
    } else {
        Cut::No
    };
    Some(Value {
        range: start..start.saturating_add(bare.len()),
        quoted: false,
        listed: false,
        cut,
    })
}

/// Whether a parameter has no value, or a placeholder's.
fn is_nothing(raw: &str, bare: &str) -> bool {
    static PLACE: Pattern = Pattern::new(expressions::PARAMETER_PLACEHOLDER);
    let decoded = percent_decode_str(raw).decode_utf8_lossy();
    let is_bracketed = bare.starts_with(['<', '[', '{', '&', '%']);
    bare.is_empty()
        || value::is_head_of_any_jwt(bare)
        || !is_bracketed && value::is_nothing(bare)
        || PLACE.is_match(&decoded)
        || PLACE.is_match(bare)
        || matches!(raw, "%s" | "%d" | "%r")
        || raw.starts_with("%(") && raw.len() < 64
}

/// How far a value goes. A quote, an angle or a pipe ends the URL where no word goes on behind it.
fn length(rest: &str, depth: usize) -> usize {
    static END: Pattern = Pattern::new(expressions::PARAMETER_END);
    let mut at = 0;
    while let Some(end) = END.captures_at(rest, at) {
        let Some(whole) = end.get(0) else { break };
        // What is encoded more often than the URL is part of the value.
        let ends = end
            .get(1)
            .is_none_or(|again| (again.len() / 2).saturating_add(1) <= depth);
        if ends {
            return whole.start();
        }
        at = whole.end();
    }
    rest.len()
}
