//! Secrets in the headers of a handshake: `Authorization`, cookies, subprotocols; as servers log
//! them, as Python prints their pairs, as JSON.

use super::expressions;
use super::finding::{Carrier, Finding, Kind};
use super::marks::{Mark, Marks};
use super::pattern::Pattern;
use super::secrets::{each_match, is_prose, push};
use super::shapes::is_opaque;
use super::value::{self, Value};

pub(super) fn find(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    if marks.has(Mark::Authorization) {
        authorization(text, found);
    }
    if marks.has(Mark::Cookie) {
        cookies(text, found);
    }
    if marks.has(Mark::Subprotocol) {
        subprotocols(text, found);
    }
}

/// `Authorization: Token …`, also in Python's header pairs and JSON. Whatever stands behind the scheme
/// is secret.
fn authorization(text: &str, found: &mut Vec<Finding>) {
    static HEADER: Pattern = Pattern::new(expressions::AUTHORIZATION_HEADER);
    each_match(text, &HEADER, found, |captures, end, found| {
        let value = value::read(text, end)?;
        let any = captures.get(1).is_some();
        let behind = scheme(text, &value, any).and_then(|it| credentials(text, &value, it));
        if let Some(behind) = behind {
            let raw = text.get(behind.range.clone())?;
            if value::is_nothing(raw) {
                return None;
            }
            if !value::is_code(raw) && !is_prose(text, &behind, raw) {
                return parts(text, &behind, found)
                    .or_else(|| Some(push(found, &behind, Kind::Token, Carrier::Header)));
            }
            if value.quoted {
                return None;
            }
        }
        let raw = text.get(value.range.clone())?;
        let is_prose = is_prose(text, &value, raw) || is_told(raw);
        if value::is_nothing(raw) || !value.quoted && value::is_code(raw) || is_prose {
            return None;
        }
        Some(push(found, &value, Kind::Token, Carrier::Header))
    });
}

/// The length of an authentication scheme and the blanks behind it.
fn scheme(text: &str, value: &Value, any: bool) -> Option<usize> {
    static WORD: Pattern = Pattern::new(expressions::SCHEME_WORD);
    static KNOWN: Pattern = Pattern::new(expressions::KNOWN_SCHEME);
    // A scheme is written large: `SCRAM-SHA-256`. What holds other digits may be the secret itself.
    static SHAPE: Pattern = Pattern::new(expressions::SCHEME_SHAPE);
    let found = WORD.captures(text.get(value.range.start..)?)?;
    let word = found.get(1)?.as_str();
    let is_scheme = KNOWN.is_match(word) || any && SHAPE.is_match(word);
    is_scheme.then(|| found.get(0).map_or(0, |it| it.end()))
}

/// What stands behind the scheme.
fn credentials(text: &str, value: &Value, scheme: usize) -> Option<Value> {
    let start = value.range.start.saturating_add(scheme);
    if value.quoted && start < value.range.end {
        return Some(Value {
            range: start..value.range.end,
            ..value.clone()
        });
    }
    value::read(text, start)
}

/// The secret ones of named parts, as `Digest` and its like have them; the end of the last. `None`
/// where there are no parts.
fn parts(text: &str, credentials: &Value, found: &mut Vec<Finding>) -> Option<usize> {
    static PART: Pattern = Pattern::new(expressions::CREDENTIALS_PART);
    // The user's name has a word of its own.
    const PUBLIC: [&str; 10] = [
        "realm",
        "algorithm",
        "qop",
        "username",
        "uri",
        "nc",
        "ts",
        "signedheaders",
        "charset",
        "version",
    ];
    let mut at = credentials.range.start;
    while let Some(part) = text.get(at..).and_then(|rest| PART.captures(rest)) {
        let (name, value) = (part.get(1)?, part.get(2).or(part.get(3))?);
        let range = at.saturating_add(value.start())..at.saturating_add(value.end());
        let is_public = PUBLIC.contains(&name.as_str().to_lowercase().as_str());
        if !is_public && !value::is_nothing(value.as_str()) {
            found.push(Finding::new(range, Kind::Token, Carrier::Header));
        }
        at = at.saturating_add(part.get(0)?.end());
    }
    (at > credentials.range.start).then_some(at)
}

/// `not provided`: whether a value of several words begins as a sentence does.
fn is_told(raw: &str) -> bool {
    let first = raw.split(' ').next().unwrap_or_default();
    let words = ["not", "no", "missing", "invalid", "is", "header", "the"];
    raw.contains(' ') && words.contains(&first.to_lowercase().as_str())
}

/// The values of `Cookie` and `Set-Cookie`, whose names and attributes stay.
fn cookies(text: &str, found: &mut Vec<Finding>) {
    static HEADER: Pattern = Pattern::new(expressions::COOKIE_HEADER);
    static PAIR: Pattern = Pattern::new(expressions::COOKIE_PAIR);
    each_match(text, &HEADER, found, |_, end, found| {
        let mut at = end;
        if text.get(at..).is_some_and(|rest| rest.starts_with('{')) {
            return cookies_of_dict(text, at, found);
        }
        while let Some(pair) = text.get(at..).and_then(|rest| PAIR.captures(rest)) {
            let name = pair.get(1)?.as_str();
            let Some(value) = pair.get(2).or(pair.get(3)) else {
                // `HttpOnly`, or a word of a sentence: an attribute ends with a semicolon.
                let is_attribute =
                    ["httponly", "secure", "partitioned"].contains(&name.to_lowercase().as_str());
                if !is_attribute {
                    break;
                }
                at = at.saturating_add(pair.get(0)?.end());
                continue;
            };
            let range = at.saturating_add(value.start())..at.saturating_add(value.end());
            if !is_attribute(name) && !value::is_nothing(value.as_str()) {
                found.push(Finding::new(range, kind_of_cookie(name), Carrier::Header));
            }
            // The semicolon behind a quoted value begins the next pair.
            let taken = pair.get(0)?.as_str().trim_end_matches(';');
            let length = if pair.get(2).is_some() {
                taken.len()
            } else {
                pair.get(0)?.end()
            };
            at = at.saturating_add(length);
        }
        Some(at)
    });
}

/// `{'sessionid': '…', 'theme': '…'}`, as `scope["cookies"]` is printed; in JSON, too.
fn cookies_of_dict(text: &str, start: usize, found: &mut Vec<Finding>) -> Option<usize> {
    static KEY: Pattern = Pattern::new(expressions::COOKIE_KEY);
    let mut at = start;
    while let Some(key) = text.get(at..).and_then(|rest| KEY.captures(rest)) {
        let value = value::read(text, at.saturating_add(key.get(0)?.end()))?;
        at = value.range.end;
        if !value::is_nothing(text.get(value.range.clone())?) {
            let kind = kind_of_cookie(key.get(1)?.as_str());
            push(found, &value, kind, Carrier::Header);
        }
    }
    (at > start).then_some(at)
}

fn is_attribute(name: &str) -> bool {
    let attributes = [
        "path", "domain", "max-age", "expires", "samesite", "version", "priority",
    ];
    attributes.contains(&name.to_lowercase().as_str())
}

/// What stands before the token in a subprotocol of Kubernetes.
const KUBERNETES: &str = "base64url.bearer.authorization.k8s.io.";

/// The offered subprotocols: some clients put their token there, since a browser sends no header.
fn subprotocols(text: &str, found: &mut Vec<Finding>) {
    static HEADER: Pattern = Pattern::new(expressions::SUBPROTOCOL_HEADER);
    static ITEM: Pattern = Pattern::new(expressions::SUBPROTOCOL_ITEM);
    each_match(text, &HEADER, found, |_, end, found| {
        let mut at = end;
        let mut announced = false;
        while let Some(item) = text.get(at..).and_then(|rest| ITEM.captures(rest)) {
            let word = item.get(1)?;
            let lower = word.as_str().to_lowercase();
            // Kubernetes spells what it is before the token itself.
            let label = lower
                .starts_with(KUBERNETES)
                .then_some(KUBERNETES.len())
                .filter(|label| lower.len() > *label);
            let start = at.saturating_add(word.start());
            let range = start.saturating_add(label.unwrap_or(0))..at.saturating_add(word.end());
            if value::is_nothing(word.as_str()) {
                announced = false;
            } else if label.is_some() || announced || is_token_like(&lower) {
                found.push(Finding::new(range, Kind::Token, Carrier::Header));
                announced = false;
            } else {
                announced = ["token", "bearer", "jwt", "auth", "key"]
                    .iter()
                    .any(|word| lower.ends_with(word) || lower.ends_with("authorization"));
            }
            at = at.saturating_add(item.get(0)?.end());
            // Behind the list's last item stands other text, not a comma.
            let follows = text.get(at..).unwrap_or_default();
            let goes_on = follows
                .trim_start_matches(['\\', '"', '\''])
                .starts_with(',');
            if !goes_on {
                break;
            }
        }
        Some(at)
    });
}

/// Names of subprotocols are short or made of words; a token is long and mixed.
fn is_token_like(item: &str) -> bool {
    let digits = item.bytes().filter(u8::is_ascii_digit).count();
    is_opaque(item) || digits >= 4 && item.len() >= 12 || digits >= 2 && item.len() >= 20
}

fn kind_of_cookie(name: &str) -> Kind {
    let name = name.to_lowercase();
    if name.contains("sess") || name.contains("sid") {
        Kind::Session
    } else if ["token", "csrf", "jwt", "auth", "access"]
        .iter()
        .any(|word| name.contains(word))
    {
        Kind::Token
    } else {
        Kind::Cookie
    }
}
