//! Names of users, and what carries them: a key before the name, Django's `<User: …>`, home directories
//! in paths. Names in sentences have a file of their own.

use super::expressions;
use super::finding::{Carrier, Finding, Kind};
use super::known::is_common;
use super::marks::{Mark, Marks};
use super::pattern::Pattern;
use super::secrets::each_match;
use super::value;

pub(super) fn find(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    for (mark, look) in [
        (Mark::Named, announced as fn(&str, &mut Vec<Finding>)),
        (Mark::Claim, claims),
        (Mark::Printed, printed),
        (Mark::Home, homes),
    ] {
        if marks.has(mark) {
            look(text, found);
        }
    }
}

/// `user: maria`, `username=maria`, `"user": "maria"`, `User connected: maria`.
fn announced(text: &str, found: &mut Vec<Finding>) {
    static KEY: Pattern = Pattern::new(expressions::NAME_KEY);
    each_match(text, &KEY, found, |_, end, found| {
        let value = value::read(text, end)?;
        let range = if value.quoted {
            value.range.clone()
        } else {
            let start = value.range.start;
            start..start.saturating_add(bare_name(text, start))
        };
        let raw = text.get(range.clone()).unwrap_or_default();
        let after = text.get(range.end..).unwrap_or_default();
        let is_code = !value.quoted && (value::is_code(raw) || after.starts_with(['(', '[']));
        // An id names nobody to a stranger.
        let is_id = raw.chars().all(|c| c.is_ascii_digit() || c == '-') || is_uuid(raw);
        if is_id || is_code || is_no_name(raw) {
            return None;
        }
        let mut finding = Finding::new(range, kind_of(raw), Carrier::UserWord);
        finding.cut = value.cut;
        let end = finding.range.end;
        found.push(finding);
        Some(end)
    });
}

/// The length of a name without quotes: Django's letters for user names, then further capitalised
/// words where a bracket, a comma or the line's end closes them (`Maria Lopez, …`).
fn bare_name(text: &str, start: usize) -> usize {
    static NAME: Pattern = Pattern::new(expressions::NAME_IN_FULL);
    static WORD: Pattern = Pattern::new(expressions::NAME_WORD);
    let rest = text.get(start..).unwrap_or_default();
    let whole = NAME.captures(rest).and_then(|found| found.get(1));
    whole
        .or_else(|| WORD.find(rest))
        .map_or(0, |found| found.end())
}

/// `{'sub': 'maria'}`, `user.name=maria`, `'user': {'name': 'maria'}`: keys that are words of other
/// things where they are not written as keys.
fn claims(text: &str, found: &mut Vec<Finding>) {
    static CLAIM: Pattern = Pattern::new(expressions::CLAIM);
    each_match(text, &CLAIM, found, |_, end, found| {
        let is_near = |value: &value::Value| value.range.start <= end.saturating_add(3);
        let value = value::read(text, end).filter(is_near)?;
        let raw = text.get(value.range.clone()).unwrap_or_default();
        let is_code = !value.quoted && value::is_code(raw);
        let is_id = !raw.chars().any(char::is_alphabetic) || is_uuid(raw);
        let is_other = is_no_name(raw) || is_common(raw) || raw.contains(['(', '<', '{']);
        if is_id || is_code || is_other {
            return None;
        }
        let end = value.range.end;
        let is_long = raw.len() > LONGEST_NAME;
        found.push(Finding::new(value.range, kind_of(raw), Carrier::UserWord));
        // Another claim may stand in what was taken for the value, unless there is no end to it.
        is_long.then_some(end)
    });
}

/// Bytes of the longest name that is one.
const LONGEST_NAME: usize = 256;

/// `<User: maria>`, as Django prints a model, `<CustomUser: Maria Lopez>` too.
fn printed(text: &str, found: &mut Vec<Finding>) {
    static REPR: Pattern = Pattern::new(expressions::PRINTED_USER);
    for one in REPR.captures_iter(text) {
        let Some(name) = one.get(1) else { continue };
        let is_object = name.as_str().contains(" object");
        if !is_object && !is_no_name(name.as_str()) {
            found.push(Finding::new(
                name.range(),
                kind_of(name.as_str()),
                Carrier::UserWord,
            ));
        }
    }
}

/// `/home/maria/…`, `/Users/maria/…`, `C:\Users\Maria\…`, and where systems mount them.
fn homes(text: &str, found: &mut Vec<Finding>) {
    static HOME: Pattern = Pattern::new(expressions::HOME);
    // A request for a page below `/home/` is no directory.
    static REQUEST: Pattern = Pattern::new(expressions::REQUEST_START);
    for one in HOME.captures_iter(text) {
        let (Some(whole), Some(name)) = (one.get(0), one.get(2)) else {
            continue;
        };
        let head_end = one.get(1).map_or(whole.start(), |head| head.end());
        let before = text.get(..head_end).unwrap_or_default();
        let is_request = one.get(1).is_some() && REQUEST.is_match(before);
        if !is_request && !is_common(name.as_str()) && name.as_str() != "app" {
            found.push(Finding::new(name.range(), Kind::User, Carrier::Home));
        }
    }
}

pub(super) fn kind_of(name: &str) -> Kind {
    static MAIL: Pattern = Pattern::new(expressions::WHOLE_MAIL);
    if MAIL.is_match(name) {
        Kind::Email
    } else {
        Kind::User
    }
}

pub(super) fn is_uuid(word: &str) -> bool {
    static UUID: Pattern = Pattern::new(expressions::WHOLE_UUID);
    UUID.is_match(word)
}

/// Whether a word after `user` is no name: nobody, a type, a word of a sentence.
pub(super) fn is_no_name(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "a",
        "account",
        "an",
        "and",
        "anonymous",
        "anonymoususer",
        "any",
        "are",
        "auth",
        "authenticated",
        "authentication",
        "authorization",
        "bool",
        "be",
        "can",
        "cannot",
        "could",
        "connected",
        "connection",
        "data",
        "denied",
        "disabled",
        "disconnected",
        "does",
        "error",
        "expired",
        "failed",
        "false",
        "field",
        "for",
        "found",
        "from",
        "get",
        "guest",
        "had",
        "has",
        "have",
        "id",
        "in",
        "inactive",
        "int",
        "invalid",
        "is",
        "it",
        "lookup",
        "matching",
        "missing",
        "model",
        "must",
        "name",
        "no",
        "not",
        "object",
        "of",
        "on",
        "ok",
        "optional",
        "or",
        "permission",
        "pk",
        "please",
        "profile",
        "required",
        "role",
        "session",
        "should",
        "str",
        "string",
        "that",
        "the",
        "this",
        "to",
        "token",
        "true",
        "unauthenticated",
        "unauthorized",
        "unknown",
        "user",
        "userlazyobject",
        "username",
        "validation",
        "was",
        "which",
        "who",
        "will",
        "with",
        "without",
    ];
    let word = word.trim();
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    value::is_nothing(word)
        || bare.is_empty()
        || WORDS.contains(&bare.to_lowercase().as_str())
        || bare.ends_with("AnonymousUser")
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_of_sentences_are_no_names() {
        assert!(super::is_no_name("AnonymousUser"));
        for word in ["a", "bool", "with", "without", "is", "not", "zoe"] {
            assert_eq!(super::is_no_name(word), word != "zoe", "{word}");
        }
    }
}
