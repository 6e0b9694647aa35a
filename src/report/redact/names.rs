//! Names of users, and what carries them: a word for a user before the name, Django's `<User: …>`,
//! home directories in paths.

use super::finding::{Carrier, Finding, Kind};
use super::known::is_common;
use super::marks::{Mark, Marks};
use super::pattern::Pattern;
use super::value::{self, SIGN};
use std::sync::LazyLock;

pub(super) fn find(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    for (mark, look) in [
        (Mark::Named, announced as fn(&str, &mut Vec<Finding>)),
        (Mark::Spoken, spoken),
        (Mark::InFull, in_full),
        (Mark::Doing, doing),
        (Mark::Dotted, dotted),
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
    static KEY: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(&format!(
            concat!(
                r"(?i)(?:user[_ -]?(?:name|id|email)?|\blogin|(?:first|last|full|nick|display)[_ -]?name|nickname)",
                r"(?:\s(?:connected|disconnected|joined|left|authenticated|found|loaded|resolved|retrieved|is|logged\s(?:in|out))\s?:|{sign})",
            ),
            sign = SIGN
        ))
    });
    let mut at = 0;
    while let Some(key) = KEY.find_at(text, at) {
        at = key.end();
        let Some(value) = value::read(text, key.end()) else {
            continue;
        };
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
            continue;
        }
        let mut finding = Finding::new(range, kind_of(raw), Carrier::UserWord);
        finding.cut = value.cut;
        at = finding.range.end;
        found.push(finding);
    }
}

/// The length of a name without quotes: Django's letters for user names, then further capitalised
/// words where a bracket, a comma or the line's end closes them (`Maria Lopez, …`).
fn bare_name(text: &str, start: usize) -> usize {
    static NAME: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(r"^(\p{Lu}[\p{L}'.-]*(?: \p{Lu}[\p{L}'.-]*){1,2})\s?(?:[,;(|)\]}]|$)")
    });
    static WORD: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"^[\p{L}\p{M}\p{N}_.@+'%$~-]*[\p{L}\p{M}\p{N}_]"));
    let rest = text.get(start..).unwrap_or_default();
    let whole = NAME.captures(rest).and_then(|found| found.get(1));
    whole
        .or_else(|| WORD.find(rest))
        .map_or(0, |found| found.end())
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

/// `<User: maria>`, as Django prints a model, `<CustomUser: Maria Lopez>` too.
fn printed(text: &str, found: &mut Vec<Finding>) {
    static REPR: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(r"(?i)<(?:\w+\.)*\w*(?:user|account|profile|member|person)\w*: ?([^<>\n]+)>")
    });
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

/// `/home/maria/…`, `/Users/maria/…`, `C:\Users\Maria\…`.
fn homes(text: &str, found: &mut Vec<Finding>) {
    static HOME: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r#"(?:(^|[^\w./])/(?:home|Users)/|[A-Za-z]:(?:\\+|/)(?:Users|users|Documents and Settings)(?:\\+|/))([^/\\\s"'<>:|]+(?: [\p{L}\p{N}]+)?)([/\\]|$|["':])"#,
        )
    });
    // A request for a page below `/home/` is no directory.
    static REQUEST: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|WebSocket|HTTP|path|Path|Found|for)[:=]? ?[b'\x22]*$",
        )
    });
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

fn kind_of(name: &str) -> Kind {
    static MAIL: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"));
    if MAIL.is_match(name) {
        Kind::Email
    } else {
        Kind::User
    }
}

fn is_uuid(word: &str) -> bool {
    static UUID: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$"));
    UUID.is_match(word)
}

/// Whether a word after `user` is no name: nobody, a type, a word of a sentence.
fn is_no_name(word: &str) -> bool {
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
