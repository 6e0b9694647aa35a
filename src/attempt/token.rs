//! What the token in a URL is by itself: missing, `null`, malformed, or a JSON Web Token with times.
//!
//! A JSON Web Token carries its times (`iat`, `nbf`, `exp`, RFC 7519 section 4.1) in the clear. What they
//! say at the time of a log line is judged by [`super::facts`]; no other claim leaves this module.

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

/// The token in a request's target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// The query is shown and has no token.
    Absent,
    /// It says `null`, `undefined`, `None`, or nothing.
    Null,
    /// It has dots like a JWT and cannot be read as one.
    Malformed,
    /// A JSON Web Token.
    Jwt(Times),
    /// Some other token, or one that the log shortened.
    Opaque,
}

/// The times that a JSON Web Token states, in milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Times {
    /// When it was issued (`iat`).
    pub(super) issued: Option<i64>,
    /// From when on it is good (`nbf`).
    pub(super) starts: Option<i64>,
    /// Until when it is good (`exp`).
    pub(super) expires: Option<i64>,
}

/// Looks at the token in a target; `None` where no query is shown.
#[must_use]
pub(super) fn inspect(target: &Target) -> Option<Token> {
    let query = target.query.as_deref()?;
    if is_shortened(query) {
        return target.parameter(&NAMES).map(|_| Token::Opaque);
    }
    let Some(token) = target.parameter(&NAMES) else {
        return Some(Token::Absent);
    };
    let token = token.trim().trim_start_matches("Bearer ").to_owned();
    if matches!(
        token.to_lowercase().as_str(),
        "" | "null" | "undefined" | "none" | "nan" | "[object object]" | "false"
    ) {
        return Some(Token::Null);
    }
    if !token.starts_with("eyJ") {
        return Some(Token::Opaque);
    }
    Some(times(&token).map_or(Token::Malformed, Token::Jwt))
}

/// Whether the log (or the person who pasted it) cut or masked the query.
fn is_shortened(query: &str) -> bool {
    ["...", "…", "***", "<", "xxx", "REDACTED", "[FILTERED]"]
        .iter()
        .any(|mark| query.to_lowercase().contains(&mark.to_lowercase()))
}

fn times(token: &str) -> Option<Times> {
    let parts: Vec<&str> = token.split('.').collect();
    let claims = parts.get(1).and_then(|part| claims(part));
    let claims = claims.filter(|_| parts.len() == 3)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a time in milliseconds, far below 2^53"
    )]
    let ms = |name: &str| {
        let seconds = claims.get(name).and_then(Value::as_f64);
        seconds.map(|seconds| (seconds * 1000.0) as i64)
    };
    Some(Times {
        issued: ms("iat"),
        starts: ms("nbf"),
        expires: ms("exp"),
    })
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

    fn seen(query: &str) -> Option<Token> {
        inspect(&Target::parse(&format!("/ws/x/?{query}")))
    }

    #[test]
    fn a_tokens_times_are_read() {
        let query = format!("token={}", token_with(r#"{"exp":1000,"iat":900}"#));
        let times = Times {
            issued: Some(900_000),
            starts: None,
            expires: Some(1_000_000),
        };
        assert_eq!(seen(&query), Some(Token::Jwt(times)));
    }

    #[test]
    fn what_javascript_prints_for_nothing_is_null() {
        for value in ["null", "undefined", ""] {
            assert_eq!(seen(&format!("token={value}")), Some(Token::Null));
        }
        assert_eq!(seen("page=1"), Some(Token::Absent));
    }

    #[test]
    fn a_token_cut_by_the_log_is_not_malformed() {
        assert_eq!(seen("token=eyJhbGciOi..."), Some(Token::Opaque));
        assert_eq!(seen("token=eyJhbGciOiJI.x"), Some(Token::Malformed));
    }
}
