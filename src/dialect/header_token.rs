//! The tokens that text loggers put before a message, each recognised on its own: levels, source
//! places, logger names, process and thread numbers.
//!
//! Which tokens may stand where is decided by [`super::logger_header`].

use super::{clock, level};
use crate::record::Level;

/// A level word, and whether its case alone tells it from a word of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LevelWord<'a> {
    /// The word itself.
    pub(super) text: &'a str,
    /// What it names.
    pub level: Level,
    /// All capitals.
    pub shouted: bool,
}

/// The level that `text` starts with, as a whole word, and what follows.
#[must_use]
pub(super) fn level_word(text: &str) -> Option<(LevelWord<'_>, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let level = level::named(word)?;
    if rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '=' | '\'' | '"'))
        || rest.starts_with(" = ")
    {
        return None;
    }
    let shouted = word.bytes().all(|byte| byte.is_ascii_uppercase());
    Some((
        LevelWord {
            text: word,
            level,
            shouted,
        },
        rest,
    ))
}

/// A level in one capital letter, as absl, glog and Android write it, and what follows.
#[must_use]
pub(super) fn level_letter(text: &str) -> Option<(Level, &str)> {
    let mut characters = text.chars();
    let level = match characters.next()? {
        'D' | 'V' => Level::Debug,
        'I' => Level::Info,
        'W' => Level::Warning,
        'E' => Level::Error,
        'C' | 'F' => Level::Critical,
        _ => return None,
    };
    let rest = characters.as_str();
    rest.starts_with(' ').then_some((level, rest))
}

impl LevelWord<'_> {
    /// Whether the word, in lower case behind a stamp and before `rest`, is a level and not the
    /// first word of the message (`error while reading`).
    pub(super) fn is_marked(&self, rest: &str) -> bool {
        let set_apart = rest.starts_with([':', '\t']) || rest.starts_with("  ");
        match self.text {
            "info" | "debug" | "warn" | "trace" | "notice" => true,
            "warning" | "error" | "critical" | "fatal" => set_apart,
            _ => false,
        }
    }
}

/// The run of characters up to a space, a bracket's end or a bar.
#[must_use]
pub(super) fn word(text: &str) -> (&str, &str) {
    let end = text
        .find([' ', '\t', '|', ']', ')', '[', '(', '"', '\''])
        .unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The module of a source place: `consumers` of `/srv/app/x/consumers.py:41`, `consumers.py:41` and
/// `consumers:41`, `daphne.server` of `daphne.server:application_checker:290`.
#[must_use]
pub(super) fn source_place(word: &str) -> Option<&str> {
    let word = word.trim_end_matches(':');
    let (place, line) = word.rsplit_once(':')?;
    if line.is_empty() || line.len() > 6 || !line.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Some(path) = place.strip_suffix(".py") {
        // pytest's `uvicorn.error:websockets_impl.py:210` names the logger before its file.
        if let Some((logger, file)) = path.split_once(':')
            && is_identifier(file)
            && logger.split('.').all(is_identifier)
            && logger.len() > 1
        {
            return Some(logger);
        }
        return path
            .rsplit(['/', '\\'])
            .next()
            .filter(|stem| !stem.is_empty());
    }
    let module = place.split(':').next()?;
    let only_names = place
        .split([':', '.'])
        .all(|part| is_identifier(part) || is_synthetic(part));
    (only_names && !matches!(module, "localhost" | "http" | "https" | "ws" | "wss"))
        .then_some(module)
}

/// `<module>`, `<lambda>`.
fn is_synthetic(part: &str) -> bool {
    part.strip_prefix('<')
        .and_then(|part| part.strip_suffix('>'))
        .is_some_and(is_identifier)
}

/// A Python identifier.
#[must_use]
pub(super) fn is_identifier(word: &str) -> bool {
    !word.is_empty()
        && !word.starts_with(|c: char| c.is_ascii_digit())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `channels.server`: two or more identifiers in lower case, and no host or file.
#[must_use]
pub(super) fn is_dotted(word: &str) -> bool {
    let last = word.rsplit('.').next().unwrap_or_default();
    word.contains('.')
        && word
            .split('.')
            .all(|part| is_identifier(part) || part.starts_with("__"))
        && !matches!(
            last,
            "com"
                | "org"
                | "net"
                | "io"
                | "dev"
                | "html"
                | "js"
                | "ts"
                | "jsx"
                | "tsx"
                | "py"
                | "sock"
                | "json"
                | "log"
        )
        && !word.starts_with("www.")
}

/// A logger name as it may stand in a column of its own: identifiers with dots and dashes, no
/// digits first.
#[must_use]
pub(super) fn is_column_name(word: &str) -> bool {
    word.len() <= 60
        && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b':' | b'<' | b'>')
        })
}

/// A process or thread by name.
#[must_use]
pub(super) fn is_thread(word: &str) -> bool {
    [
        "MainThread",
        "MainProcess",
        "Thread-",
        "ThreadPoolExecutor-",
        "ForkPoolWorker-",
        "Dummy-",
        "asyncio_",
        "Task-",
        "SpawnProcess-",
        "Process-",
        "AnyIO",
    ]
    .iter()
    .any(|prefix| word.starts_with(prefix))
}

/// A module that Django projects, Channels and Daphne name, so that it is one even where the
/// format does not show it.
#[must_use]
pub(super) fn is_known_module(word: &str) -> bool {
    matches!(
        word,
        "consumers"
            | "consumer"
            | "middleware"
            | "middlewares"
            | "routing"
            | "views"
            | "models"
            | "signals"
            | "tasks"
            | "serializers"
            | "asgi"
            | "auth"
            | "authentication"
            | "basehttp"
            | "runserver"
            | "autoreload"
            | "http_protocol"
            | "ws_protocol"
            | "daphne"
            | "uvicorn"
            | "hypercorn"
            | "gunicorn"
            | "django"
            | "channels"
            | "base_events"
            | "h11_impl"
            | "httptools_impl"
            | "websockets_impl"
            | "wsproto_impl"
            | "log"
            | "exception"
    )
}

/// The text inside the bracket that `text` starts with, where it is a tag of the message:
/// `[JWT Middleware] …`, `[DashboardConsumer] …`.
#[must_use]
pub(super) fn tag(text: &str) -> Option<&str> {
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    let named = inside.starts_with(|c: char| c.is_alphabetic())
        && inside.len() <= 48
        && inside
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ':' | '/'));
    (named && !rest.trim().is_empty() && !inside.starts_with("Failure instance")).then_some(inside)
}

/// The text from its level on, where a paste that lost the first characters of its first line
/// left only a part of the stamp: `16-05-03 20:12:14,143 INFO …`.
pub(super) fn without_cut_stamp(text: &str) -> &str {
    let level = text
        .split_inclusive(' ')
        .scan(0_usize, |at, word| {
            let start = *at;
            *at = at.saturating_add(word.len());
            Some((start, word.trim_end()))
        })
        .take(3)
        .find(|(_, word)| !is_part_of_a_stamp(word));
    match level {
        Some((at, _)) if at > 0 && clock::leading(text).is_none() => {
            let rest = text.get(at..).unwrap_or(text);
            let shouted = level_word(rest).is_some_and(|(word, _)| word.shouted);
            if shouted { rest } else { text }
        }
        _ => text,
    }
}

fn is_part_of_a_stamp(word: &str) -> bool {
    word.contains([':', '-', ','])
        && word.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b':' | b'-' | b'/' | b',' | b'.' | b'T' | b'Z')
        })
}

/// Lower-case words that messages about connections begin with.
pub(super) fn is_common_word(word: &str) -> bool {
    matches!(
        word,
        "websocket"
            | "websockets"
            | "ws"
            | "connection"
            | "connected"
            | "connecting"
            | "connect"
            | "disconnected"
            | "disconnect"
            | "user"
            | "token"
            | "client"
            | "received"
            | "receive"
            | "sending"
            | "sent"
            | "failed"
            | "unable"
            | "no"
            | "not"
            | "invalid"
            | "starting"
            | "started"
            | "stopping"
            | "listening"
            | "closing"
            | "closed"
            | "open"
            | "opened"
            | "new"
            | "got"
            | "the"
            | "a"
            | "an"
            | "accepted"
            | "rejected"
            | "refused"
            | "error"
            | "path"
            | "in"
            | "dropping"
            | "handshake"
            | "session"
            | "message"
            | "request"
            | "server"
            | "trying"
            | "could"
            | "cannot"
            | "using"
    )
}

/// The text behind the name that a supervisor of several programs puts before each of their lines,
/// right in front of its stamp: `[BACKEND][2022-03-03 13:33:09] …`.
pub(super) fn behind_program(text: &str) -> &str {
    let named = || {
        let (name, rest) = text.strip_prefix('[')?.split_once(']')?;
        let is_name = name.len() > 2
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let stamped = clock::leading(rest.strip_prefix('[')?).is_some();
        (is_name && stamped && level_word(name).is_none()).then_some(rest)
    };
    named().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_whole_words() {
        assert_eq!(level_word("ERROR    x").unwrap().0.level, Level::Error);
        assert!(!level_word("info x").unwrap().0.shouted);
        assert_eq!(level_word("ERRORS x"), None);
        assert_eq!(level_word("DEBUG = True"), None);
        assert_eq!(level_word("error.log"), None);
        assert_eq!(level_letter("W 2024-06-01").unwrap().0, Level::Warning);
        assert_eq!(level_letter("When"), None);
    }

    #[test]
    fn source_places_name_their_module() {
        assert_eq!(
            source_place("/srv/app/x/consumers.py:41"),
            Some("consumers")
        );
        assert_eq!(
            source_place("daphne.server:application_checker:290"),
            Some("daphne.server")
        );
        assert_eq!(source_place("__main__:<module>:3"), Some("__main__"));
        assert_eq!(
            source_place("uvicorn.error:websockets_impl.py:210"),
            Some("uvicorn.error")
        );
        assert_eq!(source_place("middleware:29:"), Some("middleware"));
        assert_eq!(source_place("127.0.0.1:8000"), None);
        assert_eq!(source_place("localhost:8000"), None);
    }

    #[test]
    fn tags_are_words_in_brackets_before_text() {
        assert_eq!(
            tag("[JWT Middleware] Token extracted"),
            Some("JWT Middleware")
        );
        assert_eq!(tag("['127.0.0.1', 48306] open"), None);
        assert_eq!(tag("[accepted]"), None);
        assert_eq!(tag("[Failure instance: Traceback: x]"), None);
    }

    #[test]
    fn a_programs_name_stands_before_the_stamp_and_is_no_level() {
        let rest = "[2022-03-03 13:33:09] x";
        for (name, expected) in [
            ("[BACKEND]", rest.to_owned()),
            ("[CELERY_WORKER]", rest.to_owned()),
            ("[ERROR]", format!("[ERROR]{rest}")),
            ("[BACKEND] ", format!("[BACKEND] {rest}")),
        ] {
            assert_eq!(behind_program(&format!("{name}{rest}")), expected);
        }
    }
}
