//! Named values where they stand outside their carriers: a user name in another line, a token in a
//! path, a piece of a token.

use super::expressions;
use super::finding::{Carrier, Cut, Finding, Kind, Span};
use super::pattern::Pattern;
use super::shapes::is_opaque;
use crate::report::texts::Origin;
use std::collections::BTreeSet;

/// Words that many programs say: as a user name or a secret they identify nobody, and replacing them
/// everywhere would garble the report. They are replaced where they were found, only.
const COMMON: &[&str] = &[
    "account",
    "agent",
    "customer",
    "dispatcher",
    "driver",
    "editor",
    "employee",
    "manager",
    "member",
    "operator",
    "supervisor",
    "accounts",
    "admin",
    "administrator",
    "anonymous",
    "api",
    "app",
    "application",
    "asgi",
    "async",
    "auth",
    "authentication",
    "authorization",
    "backend",
    "bearer",
    "celery",
    "changeme",
    "channel",
    "channels",
    "chat",
    "client",
    "code",
    "connect",
    "connected",
    "connection",
    "consumer",
    "cookie",
    "daphne",
    "dashboard",
    "data",
    "database",
    "debug",
    "default",
    "demo",
    "deploy",
    "dev",
    "django",
    "docker",
    "error",
    "failed",
    "frontend",
    "get",
    "graphql",
    "group",
    "guest",
    "handshake",
    "home",
    "host",
    "http",
    "https",
    "hypercorn",
    "index",
    "info",
    "json",
    "key",
    "localhost",
    "log",
    "login",
    "logs",
    "main",
    "message",
    "middleware",
    "mysql",
    "name",
    "nginx",
    "node",
    "none",
    "notifications",
    "null",
    "object",
    "open",
    "origin",
    "owner",
    "password",
    "path",
    "postgres",
    "project",
    "projects",
    "public",
    "python",
    "redis",
    "rejected",
    "request",
    "response",
    "role",
    "room",
    "root",
    "route",
    "routing",
    "runner",
    "secret",
    "server",
    "service",
    "session",
    "socket",
    "src",
    "staff",
    "superuser",
    "system",
    "test",
    "tester",
    "testuser",
    "the",
    "token",
    "traceback",
    "ubuntu",
    "unknown",
    "user",
    "username",
    "users",
    "uvicorn",
    "value",
    "vagrant",
    "warning",
    "web",
    "websocket",
    "websockets",
    "work",
    "worker",
    "workspace",
    "www",
    "www-data",
];

/// Whether a word says nothing about whose it is.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(&word.to_lowercase().as_str())
}

/// How far a value is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// Wherever these characters stand.
    Anywhere,
    /// As a whole word, in either case.
    Word,
    /// As a whole word that is no part of a path.
    WordOutsidePaths,
}

/// The values that have a pseudonym.
#[derive(Debug, Default)]
pub(super) struct Known {
    values: BTreeSet<(Reach, String, String)>,
    /// Long random values, of which pieces are looked for too.
    opaque: BTreeSet<(String, String)>,
}

impl Known {
    pub(super) fn learn(&mut self, finding: &Finding, value: &str, name: &str) {
        let Some(reach) = reach(finding, value) else {
            return;
        };
        self.values
            .insert((reach, value.to_owned(), name.to_owned()));
        if reach == Reach::Anywhere && value.len() >= 16 && is_opaque(value) {
            self.opaque.insert((value.to_owned(), name.to_owned()));
        }
    }

    /// Adds the places where the values stand.
    pub(super) fn find(&self, origin: Origin, text: &str, spans: &mut Vec<Span>) {
        for (reach, value, name) in &self.values {
            // A rule's sentence is public and full of words that are somebody's name somewhere.
            if origin == Origin::Rule && *reach != Reach::Anywhere {
                continue;
            }
            for start in places(text, value, *reach) {
                spans.push(span(start, value.len(), name));
            }
        }
        if origin == Origin::Log && !self.opaque.is_empty() {
            self.find_pieces(text, spans);
        }
    }

    /// Words of eight characters or more that are cut out of a known secret. A JWT is cut at its
    /// dots and elsewhere.
    fn find_pieces(&self, text: &str, spans: &mut Vec<Span>) {
        static PIECES: [Pattern; 2] = [
            Pattern::new(expressions::PIECE),
            Pattern::new(expressions::DOTTED_PIECE),
        ];
        for piece in PIECES.iter().flat_map(|shape| shape.find_iter(text)) {
            let word = piece.as_str().trim_matches('.');
            if word.len() < 8 || !is_random_piece(word) {
                continue;
            }
            let known = self.opaque.iter().find(|(value, _)| value.contains(word));
            if let Some((_, name)) = known {
                let dots = piece.as_str().find(|c| c != '.').unwrap_or(0);
                spans.push(span(piece.start().saturating_add(dots), word.len(), name));
            }
        }
    }
}

/// Whether a piece of a secret can be told from a word: a subprotocol may spell `authorization`
/// before its token, and the header of that name is no secret.
fn is_random_piece(word: &str) -> bool {
    let has = |wanted: fn(&u8) -> bool| word.as_bytes().iter().any(wanted);
    let letters = has(u8::is_ascii_alphabetic);
    letters && (has(u8::is_ascii_digit) || has(u8::is_ascii_uppercase) || word.len() >= 20)
}

fn span(start: usize, length: usize, name: &str) -> Span {
    Span {
        range: start..start.saturating_add(length),
        carrier: Carrier::Shape,
        name: name.to_owned(),
    }
}

fn reach(finding: &Finding, value: &str) -> Option<Reach> {
    let is_number = value.chars().all(|c| !c.is_alphabetic());
    if is_common(value) || value.chars().count() < 3 || is_number && value.len() < 12 {
        return None;
    }
    match finding.kind {
        // Their own shape finds them again.
        Kind::Email | Kind::Address | Kind::Value => None,
        Kind::User if finding.carrier == Carrier::Home => Some(Reach::WordOutsidePaths),
        Kind::User => Some(Reach::Word),
        _ if finding.cut != Cut::No && value.len() < 8 => None,
        _ if value.len() >= 8 && (is_opaque(value) || value.len() >= 16 || has_digit(value)) => {
            Some(Reach::Anywhere)
        }
        _ if value.len() >= 5 => Some(Reach::Word),
        _ => None,
    }
}

fn has_digit(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_digit())
}

/// Where a value begins in a text.
fn places(text: &str, value: &str, reach: Reach) -> Vec<usize> {
    if reach == Reach::Anywhere {
        return text.match_indices(value).map(|(start, _)| start).collect();
    }
    if text.is_ascii() {
        return places_in_ascii(text, value, reach);
    }
    text.char_indices()
        .map(|(start, _)| start)
        .filter(|&start| {
            let end = start.saturating_add(value.len());
            let fits = text.get(start..end).is_some_and(|piece| {
                piece.eq_ignore_ascii_case(value)
                    || !piece.is_ascii() && piece.to_lowercase() == value
            });
            fits && stands_alone(text, start, end, reach)
        })
        .collect()
}

/// The same, where a letter has no other case than the one of ASCII.
fn places_in_ascii(text: &str, value: &str, reach: Reach) -> Vec<usize> {
    let Some(first) = value.bytes().next() else {
        return Vec::new();
    };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(lower, upper, text.as_bytes())
        .filter(|&start| {
            let end = start.saturating_add(value.len());
            let piece = text.get(start..end);
            piece.is_some_and(|piece| piece.eq_ignore_ascii_case(value))
                && stands_alone(text, start, end, reach)
        })
        .collect()
}

fn stands_alone(text: &str, start: usize, end: usize, reach: Reach) -> bool {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let after = text.get(end..).and_then(|tail| tail.chars().next());
    let joins = |c: Option<char>| {
        c.is_some_and(|c| {
            c.is_alphanumeric() || reach == Reach::WordOutsidePaths && matches!(c, '/' | '\\' | '.')
        })
    };
    !joins(before) && !joins(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_name_nobody() {
        assert!(is_common("Admin"));
        assert!(!is_common("maria"));
    }
}
