//! Words that announce a secret at times only: `session=…`, `"refresh": "…"`, `key=…`. They mean much
//! else (a cache key, a state of a session), so the value has to look random.
//!
//! Words that always announce a secret, and those of a URL's query, are not here.

use super::expressions;
use super::finding::{Carrier, Finding};
use super::pattern::Pattern;
use super::secrets::{each_match, is_first_of_pair, kind_of, push};
use super::shapes::is_opaque;
use super::value;

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    static KEY: Pattern = Pattern::new(expressions::AMBIGUOUS_KEY);
    each_match(text, &KEY, found, |captures, end, found| {
        let whole = captures.get(0)?;
        let key = captures.get(1).or(captures.get(2))?;
        if whole.as_str().to_lowercase().contains("websocket") {
            return None;
        }
        if whole.as_str().trim_end().ends_with(',') && !is_first_of_pair(text, key.start()) {
            return None;
        }
        let value = value::read(text, end)?;
        let raw = text.get(value.range.clone())?;
        if value::is_nothing(raw) || value::is_code(raw) || !looks_random(raw) {
            return None;
        }
        Some(push(
            found,
            &value,
            kind_of(key.as_str()),
            Carrier::SecretWord,
        ))
    });
}

/// Whether a value is a random one rather than a name: `room_12`, `user:42`, `ABC-1234`, times and
/// addresses in memory are names. Digits with letters behind them, or many digits beside letters,
/// are not; nor are 16 or more hexadecimal digits.
fn looks_random(value: &str) -> bool {
    static TIME: Pattern = Pattern::new(expressions::TIME_START);
    // Parts of names: a word, a short number, a word with one behind (`room12`, `v2`).
    static PART: Pattern = Pattern::new(expressions::PLAIN_PART);
    static LETTERS: Pattern = Pattern::new(expressions::RANDOM_LETTERS);
    if is_opaque(value) && !value.contains([':', ' ']) {
        return true;
    }
    if !LETTERS.is_match(value) || TIME.is_match(value) {
        return false;
    }
    let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !has_digit || !has_letter {
        return false;
    }
    let is_hex = value.len() >= 16 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex
        || value
            .split(['_', '-', '.'])
            .any(|part| !PART.is_match(part))
}

#[cfg(test)]
mod tests {
    use super::looks_random;

    #[test]
    fn random_values_are_told_from_names() {
        for random in [
            "deadbeefdeadbeef01",
            "abcdef0123456789",
            "zz11yy22xx33",
            "rt-99887766aabb",
            "9f8e7d6c5b4a3f2e",
            "7f1c2b3a-1111-4222-8333-abcdefabcdef",
        ] {
            assert!(looks_random(random), "{random}");
        }
        for name in [
            "group_names_42",
            "notifications_user_3",
            "room12345",
            "ABC-1234",
            "user:42:profile",
            "localhost8000",
            "2026-11-20T10",
            "0x7f12ab34cd56",
            "read-only",
            "12345678",
            "a1b2",
        ] {
            assert!(!looks_random(name), "{name}");
        }
    }
}
