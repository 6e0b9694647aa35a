//! Secrets behind a word that announces them: queries, assignments, JSON and Python dumps, `Bearer …`.
//! Headers, the logins of URLs and words that announce a secret at times only have files of their own.

use super::finding::{Carrier, Cut, Finding, Kind};
use super::logins;
use super::marks::{Mark, Marks};
use super::pattern::{Captures, Pattern};
use super::shapes::is_opaque;
use super::value::{self, SIGN, Value};
use std::ops::Range;
use std::sync::LazyLock;

pub(super) fn find(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    if marks.has(Mark::Secret) {
        announced(text, found);
    }
    if marks.has(Mark::Query) {
        of_query(text, found);
    }
    if marks.has(Mark::Scheme) {
        after_scheme(text, found);
    }
}

/// Runs through the matches of `carrier` and asks `take` for the private range behind each; where
/// there is none, goes on right behind the carrier, since the next one may begin in its value.
pub(super) fn each_match(
    text: &str,
    carrier: &Pattern,
    mut take: impl FnMut(&Captures<'_>, usize) -> Option<usize>,
) {
    let mut at = 0;
    while let Some(captures) = carrier.captures_at(text, at) {
        let Some(whole) = captures.get(0) else { return };
        let end = take(&captures, whole.end()).unwrap_or(whole.end());
        // A value may be empty and a carrier is not, so this always moves on.
        at = end.max(whole.end());
    }
}

/// `token=…`, `"password": "…"`, `Token extracted: …`.
fn announced(text: &str, found: &mut Vec<Finding>) {
    static KEY: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(&format!(
            concat!(
                r"(?i)(token|passwd|password\d?|passphrase|\bpwd|\bpass|secret(?:[_-]?key)?|jwt|session[_ -]?(?:id|key)|",
                r"\bsid|sess|cookie[_-]?id|api[_ -]?key|access[_-]?key|private[_-]?key|signature|credentials?)",
                r"(?:\s(?:[a-z]+\s){{0,2}}[a-z]+\s?:|\s(?:ending|starting)(?:\s(?:in|with))?\s|{sign})",
            ),
            sign = SIGN
        ))
    });
    each_match(text, &KEY, |captures, end| {
        let key = captures.get(1)?.as_str();
        let sign = captures.get(0)?.as_str();
        let value = value::read(text, end)?;
        if sign.trim_end().ends_with(',') && !is_first_of_pair(text, captures.get(0)?.start()) {
            return None;
        }
        if value.range.start > end && is_in_query(text, captures.get(0)?.start()) {
            return None; // `?token= HTTP/1.1`: the value is empty.
        }
        let raw = text.get(value.range.clone())?;
        let is_no_secret = value::is_nothing(raw) || value::is_head_of_any_jwt(raw);
        if is_no_secret || logins::is_url(raw) || !value.quoted && value::is_code(raw) {
            return None;
        }
        // A sentence, too, may put a colon behind the word: `Invalid token: Signature has expired`.
        let is_sentence = sign.ends_with([':', ' ', ',']) && !value.quoted;
        if is_sentence && is_prose(text, &value, raw) {
            return None;
        }
        // Of a key in a file, the path is shown: `privateKey=/etc/…/privkey.pem`.
        let is_path = raw.starts_with('/') && raw.contains('.')
            || is_sentence && raw.contains(['/', '\\']) && !is_opaque(raw)
            || sign.ends_with([':', ' ']) && sign.contains(" for ");
        if is_path {
            return None;
        }
        Some(push(found, &value, kind_of(key), Carrier::SecretWord))
    });
}

/// Whether the word that ends or goes on at `at` stands behind `?` or `&`.
fn is_in_query(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or_default();
    head.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        .ends_with(['?', '&'])
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

/// Words that are secret in a URL's query only: `key` and `code` mean much else outside.
fn of_query(text: &str, found: &mut Vec<Finding>) {
    static KEY: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r"(?i)(?:[?&;]|%(?:25)*(?:3f|26)|\\u0026|\bamp;)",
            r"((?:[\w.-]*[_.-])?(?:key|code|ticket|sig|state|auth|authorization|otp|nonce|hash|hmac|session|access|",
            r"credential|pass|policy|t|st|at|sid)|x-amz-\w+)(?:=|%(?:25)*3d|\\u003d)",
        ))
    });
    each_match(text, &KEY, |captures, end| {
        let key = captures.get(1)?.as_str().to_lowercase();
        let value = value::read(text, end)?;
        let raw = text.get(value.range.clone())?;
        // Cache busters and socket.io's times are short names with plain numbers.
        let is_number = raw.chars().all(|c| c.is_ascii_digit() || c == '-');
        let is_time = matches!(key.as_str(), "t" | "st" | "at") && (raw.len() < 12 || is_number);
        if value::is_nothing(raw) || is_time {
            return None;
        }
        Some(push(found, &value, kind_of(&key), Carrier::SecretWord))
    });
}

/// `Bearer …`, `Token …` with nothing before.
fn after_scheme(text: &str, found: &mut Vec<Finding>) {
    static SCHEME: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r#"(?i)(bearer|\btoken|\bbasic|\bjwt|\bapi-?key)(?:\s|%20|\+|\\*["']\s?,\s?\\*["'])"#,
        )
    });
    each_match(text, &SCHEME, |captures, end| {
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
    if has("pass") || has("pwd") {
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
