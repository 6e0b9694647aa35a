//! Secrets behind a word that announces them: assignments, JSON and Python dumps, XML, `Bearer …`.
//! Headers, queries and logins of URLs, and words that announce a secret at times only have files of
//! their own.

use super::expressions;
use super::finding::{Carrier, Cut, Finding, Kind};
use super::logins;
use super::marks::{Mark, Marks};
use super::pattern::{Captures, Pattern};
use super::query;
use super::shapes::is_opaque;
use super::value::{self, Value};
use std::ops::Range;

pub(super) fn find(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    if marks.has(Mark::Secret) {
        announced(text, found);
    }
    if marks.has(Mark::Query) {
        query::find(text, found);
    }
    if marks.has(Mark::Tag) {
        in_tags(text, found);
    }
    if marks.has(Mark::Scheme) {
        after_scheme(text, found);
    }
}

/// So many words of one text may announce a secret or a name. The value behind each is read to its end, and in a
/// line made of such words the ends are far: from there on all of it counts as secret.
const MOST_MATCHES: usize = 1000;

/// Runs through the matches of `carrier` and asks `take` for the private range behind each; where
/// there is none, goes on right behind the carrier's word, since the next one may begin in what was
/// taken for its sign, or in its value.
pub(super) fn each_match(
    text: &str,
    carrier: &Pattern,
    found: &mut Vec<Finding>,
    mut take: impl FnMut(&Captures<'_>, usize, &mut Vec<Finding>) -> Option<usize>,
) {
    let mut at = 0;
    let mut matches = 0_usize;
    while let Some(captures) = carrier.captures_at(text, at) {
        let Some(whole) = captures.get(0) else { return };
        let word_end = captures.get(1).map_or(whole.end(), |word| word.end());
        matches = matches.saturating_add(1);
        if matches > MOST_MATCHES {
            let rest = whole.start()..text.len();
            found.push(Finding::new(rest, Kind::Token, Carrier::SecretWord));
            return;
        }
        // A value may be empty and a carrier is not, so this always moves on.
        at = take(&captures, whole.end(), found)
            .map_or(word_end, |end| end.max(whole.end()))
            .max(at.saturating_add(1));
    }
}

/// `token=…`, `"password": "…"`, `Token extracted: …`.
fn announced(text: &str, found: &mut Vec<Finding>) {
    static KEY: Pattern = Pattern::new(expressions::SECRET_KEY);
    each_match(text, &KEY, found, |captures, end, found| {
        let key = captures.get(1)?.as_str();
        let sign = captures.get(0)?.as_str();
        let value = value::read(text, end)?;
        let bare_sign = sign.strip_prefix(key).unwrap_or_default();
        let is_equal = bare_sign.starts_with(['=', '%']) || bare_sign.starts_with("\\u003");
        if is_equal && query::is_parameter(text, captures.get(0)?.start()) {
            return None; // All of its value is found with the query.
        }
        if sign.trim_end().ends_with(',') && !is_first_of_pair(text, captures.get(0)?.start()) {
            return None;
        }
        let raw = text.get(value.range.clone())?;
        let is_no_secret = value::is_nothing(raw) || value::is_head_of_any_jwt(raw);
        if is_no_secret || logins::is_url(raw) || !value.quoted && value::is_code(raw) {
            return rest_of_list(text, &value, kind_of(key), found);
        }
        // A sentence, too, may put a colon behind the word: `Invalid token: Signature has expired`.
        let is_sentence = sign.ends_with([':', ' ', ',']) && !value.quoted;
        if is_sentence && is_prose(text, &value, raw) || is_told(sign) && is_state(key, &value, raw)
        {
            return None;
        }
        // Of a key in a file, the path is shown: `privateKey=/etc/…/privkey.pem`.
        let is_path = raw.starts_with('/') && raw.contains('.')
            || is_sentence && raw.contains(['/', '\\']) && !is_opaque(raw)
            || sign.ends_with([':', ' ']) && sign.contains(" for ")
            // `proxy_pass: http://…` of a proxy.
            || key.to_lowercase().ends_with("pass") && raw.starts_with("http");
        if is_path {
            return None;
        }
        let end = push(found, &value, kind_of(key), Carrier::SecretWord);
        rest_of_list(text, &value, kind_of(key), found).or(Some(end))
    });
}

/// Adds the values of a list behind its first; the end of the last.
fn rest_of_list(text: &str, first: &Value, kind: Kind, found: &mut Vec<Finding>) -> Option<usize> {
    let mut last = value::next_of_list(text, first)?;
    loop {
        if !text.get(last.range.clone()).is_none_or(value::is_nothing) {
            push(found, &last, kind, Carrier::SecretWord);
        }
        let Some(next) = value::next_of_list(text, &last) else {
            return Some(last.range.end);
        };
        last = next;
    }
}

/// `password is …`.
fn is_told(sign: &str) -> bool {
    let sign = sign.to_lowercase();
    sign.ends_with(" is ") || sign.ends_with(" was ")
}

/// Whether a sentence tells of a secret how it is, rather than what: `password is too short`.
fn is_state(key: &str, value: &Value, raw: &str) -> bool {
    const STATES: &[&str] = &[
        "too",
        "very",
        "weak",
        "short",
        "long",
        "empty",
        "blank",
        "set",
        "unset",
        "common",
        "correct",
        "stale",
        "reset",
        "now",
        "stored",
        "similar",
        "null",
        "needed",
        "optional",
        "only",
        "also",
        "still",
        "already",
        "in",
        "on",
        "for",
        "from",
        "of",
        "to",
        "at",
        "an",
        "a",
        "entirely",
        "case-sensitive",
    ];
    let is_word = raw.chars().all(|c| c.is_alphabetic() || c == '-');
    let lower = raw.to_lowercase();
    !value.quoted
        && is_word
        && (kind_of(key) != Kind::Password
            || key.to_lowercase().ends_with("pass")
            || lower.ends_with("ed")
            || STATES.contains(&lower.as_str()))
}

/// Whether the quoted word that goes on at `at` opens a pair, `(b'token', …`: in a list or an object,
/// what follows the comma is another matter.
pub(super) fn is_first_of_pair(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or_default();
    head.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        .trim_end_matches(['"', '\'', '\\'])
        .trim_end_matches(['b', 'u'])
        .trim_end()
        .ends_with(['(', '['])
}

/// `<password>…</password>`.
fn in_tags(text: &str, found: &mut Vec<Finding>) {
    static TAG: Pattern = Pattern::new(expressions::SECRET_TAG);
    for tag in TAG.captures_iter(text) {
        let (Some(key), Some(value)) = (tag.get(1), tag.get(2)) else {
            continue;
        };
        if !value::is_nothing(value.as_str()) {
            let kind = kind_of(key.as_str());
            found.push(Finding::new(value.range(), kind, Carrier::SecretWord));
        }
    }
}

/// `Bearer …`, `Token …` with nothing before.
fn after_scheme(text: &str, found: &mut Vec<Finding>) {
    static SCHEME: Pattern = Pattern::new(expressions::SCHEME);
    each_match(text, &SCHEME, found, |captures, end, found| {
        let value = value::read(text, end)?;
        let raw = text.get(value.range.clone())?;
        let digits = raw.bytes().filter(u8::is_ascii_digit).count();
        let is_bearer = captures.get(1)?.as_str().eq_ignore_ascii_case("bearer");
        let is_random = is_opaque(raw)
            || value.cut != Cut::No && raw.len() >= 4
            || digits >= 1 && raw.len() >= 8
            || is_bearer && !is_prose(text, &value, raw);
        if value::is_nothing(raw)
            || !is_random
            || raw.contains(['=', '/']) && !is_opaque(raw) && !is_bearer
        {
            return None;
        }
        Some(push(found, &value, Kind::Token, Carrier::Header))
    });
}

pub(super) fn push(found: &mut Vec<Finding>, value: &Value, kind: Kind, carrier: Carrier) -> usize {
    let range: Range<usize> = value.range.clone();
    let end = range.end;
    found.push(Finding {
        range,
        kind,
        carrier,
        cut: value.cut,
    });
    end
}

pub(super) fn kind_of(key: &str) -> Kind {
    let key = key.to_lowercase();
    let has = |word: &str| key.contains(word);
    if has("pass") || has("pwd") || key.trim_start_matches('_') == "pw" {
        Kind::Password
    } else if has("sess") || has("sid") {
        Kind::Session
    } else if has("key") || has("secret") || has("credential") {
        Kind::Key
    } else {
        Kind::Token
    }
}

/// Whether an unquoted value is a word of a sentence: letters only, and either a word that messages
/// about secrets use, or followed by another word.
pub(super) fn is_prose(text: &str, value: &Value, raw: &str) -> bool {
    const WORDS: &[&str] = &[
        "accepted",
        "authenticated",
        "bad",
        "blacklisted",
        "cannot",
        "could",
        "decode",
        "decoded",
        "denied",
        "error",
        "exception",
        "expired",
        "extracted",
        "failed",
        "failure",
        "field",
        "found",
        "incorrect",
        "invalid",
        "is",
        "malformed",
        "mismatch",
        "missing",
        "must",
        "no",
        "not",
        "ok",
        "present",
        "provided",
        "received",
        "rejected",
        "required",
        "revoked",
        "signature",
        "success",
        "the",
        "this",
        "token",
        "unauthorized",
        "unknown",
        "unsupported",
        "valid",
        "verification",
        "verified",
        "was",
        "wrong",
        "bearer",
        "basic",
        "jwt",
        "digest",
        "str",
        "string",
        "bytes",
        "int",
        "yes",
    ];
    if value.cut != Cut::No
        || !raw
            .chars()
            .all(|c| c.is_alphabetic() || c == '\'' || c == '-')
    {
        return false;
    }
    if WORDS.contains(&raw.to_lowercase().as_str()) {
        return true;
    }
    let inner_capital = raw.chars().skip(1).any(char::is_uppercase);
    let after = text.get(value.range.end..).unwrap_or_default();
    let next = after.strip_prefix(' ').unwrap_or_default();
    let followed = next.starts_with(|c: char| c.is_lowercase())
        && !next
            .split(' ')
            .next()
            .unwrap_or_default()
            .contains(['=', ':']);
    raw.len() < 20 && !inner_capital && followed
}
