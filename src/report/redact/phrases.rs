//! Names of users in sentences: `user maria connected`, `logged in as maria`, `closed for maria.lopez`.
//!
//! Any word could be a name there, so the words that messages about users use are known here; a word
//! that is none of them goes.

use super::finding::{Carrier, Finding, Kind};
use super::known::is_common;
use super::marks::{Mark, Marks};
use super::names::{is_no_name, is_uuid, kind_of};
use super::pattern::Pattern;
use std::sync::LazyLock;

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
    static TOLD: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r"(?i)\buser\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])",
            r"(?::\s|\s(?:not\s(?:found|allowed|authori[sz]ed|permitted|active|in\b|a\b)|lacks\s|cannot\s|failed\b|tried\s|attempted\s|requested\s|exceeded\s|sent\s))",
            r"|\b(?:(?:logged|signed)\sin\sas|authenticated\s(?:as|user))\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])(?:[\s,.;:)\]]|$)",
            r"|\bpermission\sdenied\sfor\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])(?:[,.;:)\]]|\s*$)",
        ))
    });
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
    static SPOKEN: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r#"(?i)\b(?:user(?:name)?|role|account)\s\\*["']([^"'\\\n]+)\\*["']"#,
            r"|\b(?:for|by|as|from|of)\s(?:the\s)?user\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])",
            r"|\buser\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])\s(?:\(id|connected|disconnected|joined|left|logged|authenticated|rejected|accepted|denied|unauthorized|subscribed|has\s|does\s|is\s|was\s)",
        ))
    });
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
    static FULL: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r"\b(?:[Uu]ser|[Aa]ccount|[Aa]uthenticated(?: as| user)?|[Ll]ogged in as)",
            r"\s(\p{Lu}[\p{L}'-]*(?: \p{Lu}\.?)?(?: \p{Lu}[\p{L}'-]+){1,2})",
            r"(?:\s?[(,;:|)\]\[]|\.?\s*$|\s(?:with|on|in|to|from|at|by|is|was|has|does|connected|disconnected|joined|left|logged|authenticated|rejected|accepted|denied|unauthorized|subscribed)\b)",
        ))
    });
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
    static DOTTED: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r"(?i)\b(?:connect(?:ion|ed|ing)?|disconnect(?:ion|ed|ing)?|attempt|handshake|join(?:ed|ing)?|open(?:ed|ing)?|accept(?:ed|ing)?",
            r"|clos(?:ed|ing)|reject(?:ed|ing)?|refus(?:ed|ing)|denied|websocket|socket|session|token|login|expired|authenticated|auth|authentication|failed)",
            r"(?:\s(?:for|from|by|of|as)\s|\sas\s)(\p{L}[\p{L}\p{N}_-]*\.\p{L}[\p{L}\p{N}_-]*)(?:[\s,;:!)\]\x22']|\.?$|\.\s)",
        ))
    });
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
    static DOING: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(concat!(
            r"(?i)\b(?:authenticated(?:\sas)?|(?:connect(?:ion|ed)?|disconnect(?:ion|ed)?|attempt|handshake|joined|opened|accepted|closed|rejected|refused)\s(?:from|for|by|of))",
            r"\s([\p{L}][\p{L}\p{N}_.+-]*[\p{L}\p{N}_])(?:\s(?:with|on|in|to|\()|[,;]|$)",
        ))
    });
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
