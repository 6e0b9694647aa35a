//! What the token in a URL tells by itself: missing, `null`, malformed, expired.
//!
//! A JSON Web Token carries its times (`exp`, `nbf`, RFC 7519 section 4.1) in the clear. They are
//! compared with the time of the log line, never with today's, and no claim leaves this module.

use super::route::Target;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The names under which applications put a token into a query.
const NAMES: [&str; 10] = [
    "token",
    "access_token",
    "accesstoken",
    "access",
    "jwt",
    "auth",
    "auth_token",
    "authtoken",
    "bearer",
    "authorization",
];

/// The state of the token in a request's target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TokenState {
    /// The query is shown and has no token.
    Absent,
    /// It says `null`, `undefined`, `None`, or nothing.
    Null,
    /// It has dots like a JWT and cannot be read as one.
    Malformed,
    /// Its `exp` lies before the line's time, by so many milliseconds.
    Expired(i64),
    /// Its `nbf` lies after the line's time, by so many milliseconds.
    NotYetValid(i64),
    /// A JWT whose times fit, as far as they can be judged.
    Valid,
    /// Some other token, or one that the log shortened.
    Opaque,
}

impl TokenState {
    /// The value of the fact `url-token=…`; `None` where nothing is to be said.
    #[must_use]
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Null => "null",
            Self::Malformed => "malformed",
            Self::Expired(_) => "expired",
            Self::NotYetValid(_) => "not-yet-valid",
            Self::Valid => "valid",
            Self::Opaque => "present",
        }
    }
}

/// Looks at the token in a target.
///
/// `at_ms` is the time of the line in milliseconds since the epoch; without it no expiry is judged.
/// `slack_ms` is how far that time may be off (an unknown zone: hours); a token is called not yet
/// valid only beyond it. Expiry takes an unknown zone as UTC, which the rules weigh as an inference.
#[must_use]
pub(super) fn inspect(target: &Target, at_ms: Option<i64>, slack_ms: i64) -> Option<TokenState> {
    let query = target.query.as_deref()?;
    if is_shortened(query) {
        return target.parameter(&NAMES).map(|_| TokenState::Opaque);
    }
    let Some(token) = target.parameter(&NAMES) else {
        return Some(TokenState::Absent);
    };
    let token = token.trim().trim_start_matches("Bearer ").to_owned();
    if matches!(
        token.to_lowercase().as_str(),
        "" | "null" | "undefined" | "none" | "nan" | "[object object]" | "false"
    ) {
        return Some(TokenState::Null);
    }
    if !token.starts_with("eyJ") {
        return Some(TokenState::Opaque);
    }
    Some(inspect_jwt(&token, at_ms, slack_ms))
}

/// Whether the log (or the person who pasted it) cut or masked the query.
fn is_shortened(query: &str) -> bool {
    ["...", "…", "***", "<", "xxx", "REDACTED", "[FILTERED]"]
        .iter()
        .any(|mark| query.to_lowercase().contains(&mark.to_lowercase()))
}

fn inspect_jwt(token: &str, at_ms: Option<i64>, slack_ms: i64) -> TokenState {
    let parts: Vec<&str> = token.split('.').collect();
    let claims = parts.get(1).and_then(|part| claims(part));
    let Some(claims) = claims.filter(|_| parts.len() == 3) else {
        return TokenState::Malformed;
    };
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64);
    let Some(at) = at_ms else {
        return TokenState::Opaque;
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a time in milliseconds, far below 2^53"
    )]
    let to_ms = |seconds: f64| (seconds * 1000.0) as i64;
    if let Some(expiry) = seconds("exp").map(to_ms)
        && at > expiry
    {
        return TokenState::Expired(at - expiry);
    }
    if let Some(start) = seconds("nbf").map(to_ms)
        && at + slack_ms < start
    {
        return TokenState::NotYetValid(start - at);
    }
    TokenState::Valid
}

fn claims(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    value.is_object().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token_with(claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", part(r#"{"alg":"HS256"}"#), part(claims))
    }

    fn state(query: &str, at_ms: i64) -> Option<TokenState> {
        inspect(&Target::parse(&format!("/ws/x/?{query}")), Some(at_ms), 0)
    }

    #[test]
    fn expiry_is_judged_by_the_time_of_the_line() {
        let query = format!("token={}", token_with(r#"{"exp":1000}"#));
        assert_eq!(state(&query, 1_060_000), Some(TokenState::Expired(60_000)));
        assert_eq!(state(&query, 999_000), Some(TokenState::Valid));
    }

    #[test]
    fn what_javascript_prints_for_nothing_is_null() {
        for value in ["null", "undefined", ""] {
            assert_eq!(state(&format!("token={value}"), 0), Some(TokenState::Null));
        }
        assert_eq!(state("page=1", 0), Some(TokenState::Absent));
    }

    #[test]
    fn a_token_cut_by_the_log_is_not_malformed() {
        assert_eq!(state("token=eyJhbGciOi...", 0), Some(TokenState::Opaque));
        assert_eq!(
            state("token=eyJhbGciOiJI.x", 0),
            Some(TokenState::Malformed)
        );
    }
}
