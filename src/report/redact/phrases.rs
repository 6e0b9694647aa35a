//! Names of users in sentences: `user maria connected`, `logged in as maria`, `closed for maria.lopez`.
//!
//! Any word could be a name there, so the words that messages about users use are known here; a word
//! that is none of them goes.

use super::expressions;
use super::finding::{Carrier, Finding, Kind};
use super::known::is_common;
use super::marks::{Mark, Marks};
use super::names::{is_no_name, is_uuid, kind_of};
use super::pattern::Pattern;

pub(super) fn find(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    for (mark, look) in [
        (Mark::Spoken, spoken as fn(&str, &mut Vec<Finding>)),
        (Mark::Told, told),
        (Mark::InFull, in_full),
        (Mark::Doing, doing),
        (Mark::Dotted, dotted),
    ] {
        if marks.has(mark) {
            look(text, found);
        }
    }
}

/// `User maria: token expired`, `user maria not found`, `logged in as maria`, `permission denied for
/// maria`.
fn told(text: &str, found: &mut Vec<Finding>) {
    static TOLD: Pattern = Pattern::new(expressions::USER_TOLD);
    for one in TOLD.captures_iter(text) {
        let Some(name) = one.get(1).or(one.get(2)).or(one.get(3)) else {
            continue;
        };
        let raw = name.as_str();
        let is_name = raw.chars().any(char::is_alphabetic) && !is_no_name(raw) && !is_uuid(raw);
        if is_name && !is_thing(raw) && !is_common(raw) && !is_party(raw) {
            found.push(Finding::new(name.range(), kind_of(raw), Carrier::UserWord));
        }
    }
}

/// What a user has, does or is.
const THINGS: &[&str] = &[
    "accepted",
    "access",
    "action",
    "activity",
    "address",
    "admin",
    "age",
    "agent",
    "agents",
    "already",
    "also",
    "as",
    "at",
    "attempted",
    "attributes",
    "avatar",
    "backend",
    "been",
    "being",
    "but",
    "by",
    "cache",
    "channel",
    "claims",
    "class",
    "closed",
    "code",
    "column",
    "config",
    "context",
    "cookie",
    "count",
    "created",
    "credentials",
    "currently",
    "deleted",
    "details",
    "did",
    "directory",
    "do",
    "does",
    "either",
    "email",
    "event",
    "events",
    "everyone",
    "exceeded",
    "exists",
    "fetch",
    "fields",
    "file",
    "filter",
    "flow",
    "function",
    "given",
    "groups",
    "handler",
    "identifier",
    "identity",
    "ids",
    "if",
    "info",
    "input",
    "instance",
    "into",
    "ip",
    "is_active",
    "is_anonymous",
    "is_authenticated",
    "is_staff",
    "is_superuser",
    "its",
    "join",
    "joined",
    "just",
    "key",
    "kwargs",
    "lacks",
    "language",
    "last",
    "left",
    "level",
    "limit",
    "list",
    "loaded",
    "locale",
    "logged",
    "login",
    "logout",
    "lookups",
    "making",
    "manager",
    "may",
    "message",
    "messages",
    "middleware",
    "might",
    "names",
    "never",
    "now",
    "number",
    "object",
    "only",
    "operation",
    "page",
    "password",
    "path",
    "payload",
    "permissions",
    "phone",
    "pool",
    "preferences",
    "presence",
    "privileges",
    "profiles",
    "properties",
    "provided",
    "query",
    "queue",
    "record",
    "records",
    "registered",
    "rejected",
    "relation",
    "reply",
    "request",
    "requested",
    "requesting",
    "requests",
    "resolved",
    "resource",
    "response",
    "result",
    "rights",
    "roles",
    "room",
    "rooms",
    "route",
    "schema",
    "scope",
    "scopes",
    "search",
    "sender",
    "sent",
    "sequence",
    "serializer",
    "service",
    "sessions",
    "set",
    "settings",
    "socket",
    "space",
    "specified",
    "state",
    "stats",
    "status",
    "still",
    "store",
    "successfully",
    "supplied",
    "sync",
    "table",
    "task",
    "tasks",
    "team",
    "than",
    "their",
    "then",
    "there",
    "these",
    "those",
    "tier",
    "time",
    "timezone",
    "tokens",
    "too",
    "tracking",
    "tried",
    "trying",
    "type",
    "types",
    "update",
    "updated",
    "updates",
    "using",
    "uuid",
    "value",
    "verified",
    "via",
    "view",
    "websocket",
    "when",
    "where",
    "while",
];

/// Whether a word behind `user` is what a user has, does or is: `User permissions: …`, `user creation
/// failed`.
fn is_thing(word: &str) -> bool {
    let lower = word.to_lowercase();
    // What ends so is the doing of something: `registration`, `onboarding`.
    let is_doing = word.len() > 6
        && [
            "tion", "tions", "ing", "ment", "ness", "ance", "ence", "ship", "able",
        ]
        .iter()
        .any(|ending| lower.ends_with(ending));
    THINGS.contains(&lower.as_str())
        || is_doing
        || lower.starts_with("is_")
        || lower.starts_with("has_")
}

/// `user 'maria'`, `for user maria`, `user maria connected`.
fn spoken(text: &str, found: &mut Vec<Finding>) {
    static SPOKEN: Pattern = Pattern::new(expressions::USER_SPOKEN);
    for one in SPOKEN.captures_iter(text) {
        let Some(name) = one.get(1).or(one.get(2)).or(one.get(3)) else {
            continue;
        };
        let raw = name.as_str();
        if raw.chars().any(char::is_alphabetic) && !is_no_name(raw) && !is_uuid(raw) {
            found.push(Finding::new(name.range(), kind_of(raw), Carrier::UserWord));
        }
    }
}

/// `user Maria Lopez (id 42)`: capitalised words up to a mark or a word that goes on about a user.
fn in_full(text: &str, found: &mut Vec<Finding>) {
    static FULL: Pattern = Pattern::new(expressions::USER_IN_FULL);
    for one in FULL.captures_iter(text) {
        let Some(name) = one.get(1) else { continue };
        if !name
            .as_str()
            .split(' ')
            .any(|word| is_no_name(word) || is_common(word))
        {
            found.push(Finding::new(name.range(), Kind::User, Carrier::UserWord));
        }
    }
}

/// `closed for maria.lopez`: a user name with a dot, told from hosts, files and modules by its words.
fn dotted(text: &str, found: &mut Vec<Finding>) {
    static DOTTED: Pattern = Pattern::new(expressions::USER_DOTTED);
    // Ends of hosts' names, of files and of modules.
    const ENDINGS: &[&str] = &[
        "com",
        "org",
        "net",
        "io",
        "dev",
        "local",
        "internal",
        "test",
        "example",
        "localhost",
        "cloud",
        "co",
        "de",
        "fr",
        "uk",
        "us",
        "eu",
        "in",
        "ru",
        "py",
        "js",
        "ts",
        "json",
        "log",
        "toml",
        "yaml",
        "yml",
        "conf",
        "sock",
        "html",
        "consumers",
        "routing",
        "views",
        "models",
        "urls",
        "exceptions",
        "tasks",
        "handlers",
        "layers",
        "sessions",
        "core",
        "db",
        "contrib",
        "utils",
        "connect",
        "disconnect",
        "receive",
        "accept",
        "close",
        "send",
        "svc",
        "lan",
        "home",
        "corp",
        "site",
        "info",
        "xyz",
        "me",
        "tech",
        "online",
    ];
    for one in DOTTED.captures_iter(text) {
        let Some(name) = one.get(1) else { continue };
        let is_other = name
            .as_str()
            .split('.')
            .any(|word| is_party(word) || is_no_name(word) || is_common(word));
        let ending = name.as_str().rsplit('.').next().unwrap_or_default();
        let is_host = ENDINGS.contains(&ending.to_lowercase().as_str());
        // Classes of modules are capitalised: `asyncio.CancelledError`.
        let is_class = ending.starts_with(char::is_uppercase)
            && !name.as_str().starts_with(char::is_uppercase);
        if !is_other && !is_host && !is_class {
            found.push(Finding::new(name.range(), Kind::User, Carrier::UserWord));
        }
    }
}

/// `authenticated maria`, `connect from maria`, `closed for maria with 4001`.
fn doing(text: &str, found: &mut Vec<Finding>) {
    static DOING: Pattern = Pattern::new(expressions::USER_DOING);
    for one in DOING.captures_iter(text) {
        let Some(name) = one.get(1) else { continue };
        let raw = name.as_str();
        let is_host = raw.contains('.') && !raw.contains('@');
        if !is_no_name(raw) && !is_party(raw) && !is_host && !is_uuid(raw) {
            found.push(Finding::new(name.range(), kind_of(raw), Carrier::UserWord));
        }
    }
}

/// Words that stand where a name could, for a party that is no person.
fn is_party(word: &str) -> bool {
    const PARTIES: [&str; 24] = [
        "client",
        "server",
        "peer",
        "browser",
        "consumer",
        "middleware",
        "application",
        "app",
        "backend",
        "frontend",
        "proxy",
        "nginx",
        "host",
        "origin",
        "localhost",
        "redis",
        "daphne",
        "uvicorn",
        "websocket",
        "websockets",
        "socket",
        "path",
        "route",
        "remote",
    ];
    let word = word.to_lowercase();
    PARTIES.contains(&word.as_str()) || word.ends_with("error") || word.ends_with("consumer")
}
