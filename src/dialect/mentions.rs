//! What a message of unknown structure mentions: the client, the request's target, the status.
//!
//! Careful rather than complete: a server's own address is no client, a file is no request.

use super::word_list::WordList;
use super::{peer, request};
use crate::record::Peer;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mentions {
    /// The client's address, where a word before it says that it is one.
    pub peer: Option<Peer>,
    /// A request's path or a WebSocket's URL.
    pub target: Option<String>,
    /// An HTTP status, where a word before it says that it is one.
    pub status: Option<u16>,
}

/// Searches a message.
#[must_use]
pub fn of(message: &str) -> Mentions {
    Mentions {
        peer: client(message),
        target: target(message),
        status: status(message),
    }
}

const ENDS: [char; 14] = [
    ' ', '\t', '"', '\'', '`', ',', ')', ']', '>', '<', ';', '}', '|', '\u{2019}',
];

fn target(message: &str) -> Option<String> {
    if !message.contains(['/', '\'', '"']) {
        return None;
    }
    url(message)
        .or_else(|| named_path(message))
        .or_else(|| bare_path(message))
}

/// A WebSocket's URL; an HTTP URL only where it names more than a host.
fn url(message: &str) -> Option<String> {
    if !message.contains("://") {
        return None;
    }
    for scheme in ["ws://", "wss://", "http://", "https://"] {
        let Some(at) = message.find(scheme) else {
            continue;
        };
        let bounded = !message
            .get(..at)?
            .ends_with(|c: char| c.is_ascii_alphanumeric());
        let url = message.get(at..)?;
        let url = url.split(ENDS).next()?.trim_end_matches(['.', ':']);
        let path = url
            .get(scheme.len()..)?
            .split_once('/')
            .map_or("", |(_, path)| path);
        if bounded
            && url.len() > scheme.len()
            && (scheme.starts_with('w') || !path.is_empty() && !is_file(path))
        {
            return Some(url.to_owned());
        }
    }
    None
}

/// `Path: /ws/x/`, `path='ws/x/'`, `path b'/ws/x/'`, `for path 'ws/x/'`: with or without its slash.
fn named_path(message: &str) -> Option<String> {
    const NAMES: &[&str] = &["path", "Path", "PATH", "route", "url", "URL", "uri"];
    static NAMED: WordList = WordList::new(NAMES);
    if !NAMED.is_in(message) {
        return None;
    }
    for name in NAMES {
        let Some((before, rest)) = message.split_once(name) else {
            continue;
        };
        if before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        let value = rest
            .trim_start_matches(['"', '\''])
            .trim_start_matches([':', '=', ' ']);
        let marked = value.len() < rest.len();
        let value = value
            .strip_prefix('b')
            .filter(|value| value.starts_with(['\'', '"']))
            .unwrap_or(value);
        let (quoted, value) = match value.strip_prefix(['\'', '"', '`']) {
            Some(value) => (true, value),
            None => (false, value),
        };
        let value = value.split(ENDS).next().unwrap_or_default();
        if !marked || (!quoted && !value.starts_with('/')) || !is_path_like(value) || is_file(value)
        {
            continue;
        }
        return Some(if value.starts_with('/') {
            value.to_owned()
        } else {
            format!("/{value}")
        });
    }
    None
}

fn is_path_like(value: &str) -> bool {
    !value.contains("://")
        && value.contains('/')
        && !value.starts_with("//")
        && value.chars().all(|c| !c.is_whitespace())
}

/// The first word that starts with a slash and is no file of the machine.
fn bare_path(message: &str) -> Option<String> {
    if message.contains("File \"") {
        return None;
    }
    for (at, _) in message.match_indices('/') {
        let before = message.get(..at)?.chars().next_back();
        if !before.is_none_or(|c| matches!(c, ' ' | '"' | '\'' | '(' | '=' | '[' | '`' | '\t')) {
            continue;
        }
        let word = message
            .get(at..)?
            .split(ENDS)
            .next()?
            .trim_end_matches(['.', ':', '!']);
        // The value of `Sec-WebSocket-Key` may begin with a slash.
        if word.ends_with('=') && !word.contains('?') {
            continue;
        }
        let second = word.chars().nth(1);
        if second.is_some_and(|c| c.is_alphanumeric() || c == '_')
            && !is_file(word)
            && word.len() > 2
        {
            return Some(word.to_owned());
        }
    }
    None
}

/// Paths below a system's folders, and names with a file's ending.
fn is_file(path: &str) -> bool {
    const ROOTS: [&str; 20] = [
        "usr/", "home/", "var/", "srv/", "opt/", "etc/", "tmp/", "root/", "Users/", "proc/",
        "dev/", "lib/", "lib64/", "bin/", "sbin/", "run/", "mnt/", "private/", "nix/", "Library/",
    ];
    const ENDINGS: [&str; 18] = [
        "py", "pyc", "pyx", "js", "ts", "jsx", "tsx", "log", "sock", "json", "html", "css", "so",
        "conf", "pem", "key", "sh", "map",
    ];
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let inside = path.strip_prefix('/').unwrap_or(path);
    let name = inside.rsplit('/').next().unwrap_or_default();
    // `consumers.py:41` carries its line.
    let name = name.split(':').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ROOTS.iter().any(|root| inside.starts_with(root)) || ENDINGS.contains(&ending)
}

fn status(message: &str) -> Option<u16> {
    const MARKS: &[&str] = &[
        "response code: ",
        "status code: ",
        "status code ",
        "status_code=",
        "status: ",
        "status=",
        "Status: ",
        "HTTP/1.1 ",
        "HTTP/1.0 ",
        "HTTP ",
    ];
    static MARKED: WordList = WordList::new(MARKS);
    if !message.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let after = |mark: &&str| {
        let (_, rest) = message.split_once(mark)?;
        request::status(rest).map(|(status, _)| status)
    };
    let marked = if MARKED.is_in(message) {
        MARKS.iter().find_map(after)
    } else {
        None
    };
    marked.or_else(|| reason_in_brackets(message))
}

/// `(403 Forbidden)`.
fn reason_in_brackets(message: &str) -> Option<u16> {
    message.match_indices('(').find_map(|(at, _)| {
        let (status, rest) = request::status(message.get(at.saturating_add(1)..)?)?;
        let reason = rest.strip_prefix(' ')?.split(')').next()?;
        let worded = reason.starts_with(|c: char| c.is_ascii_uppercase()) && rest.contains(')');
        (worded && reason.len() < 40).then_some(status)
    })
}

fn client(message: &str) -> Option<Peer> {
    const NAMES: &[&str] = &[
        "client",
        "Client",
        "peer",
        "from",
        "remote",
        "remote_addr",
        "addr",
    ];
    static NAMED: WordList = WordList::new(NAMES);
    if !NAMED.is_in(message) {
        return None;
    }
    for name in NAMES {
        for (at, _) in message.match_indices(name) {
            let rest = message.get(at.saturating_add(name.len())..)?;
            let value = rest.trim_start_matches([':', '=', ' ', '\'', '"']);
            if value.len() == rest.len() {
                continue;
            }
            if let Some(peer) = peer::pair(value) {
                return Some(peer);
            }
            let word = value
                .split([' ', ',', '"', '\'', ')', ';'])
                .next()?
                .trim_end_matches('.');
            let numeric = word.starts_with(|c: char| c.is_ascii_digit() || c == '[')
                || word.starts_with("tcp4:");
            if let Some(peer) = peer::address(word).filter(|peer| numeric && is_ip(&peer.host)) {
                return Some(peer);
            }
        }
    }
    None
}

fn is_ip(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_targets() {
        for (message, expected) in [
            (
                "WebSocket connection attempt - Path: /ws/dashboard/",
                Some("/ws/dashboard/"),
            ),
            ("No route found for path 'ws/x/'.", Some("/ws/x/")),
            ("scope path='ws/x/' user=3", Some("/ws/x/")),
            ("Not Found: /ws/x/?a=b", Some("/ws/x/?a=b")),
            (
                "[WebSocket] URL: ws://localhost:8000/ws/x/?token=<token-1>",
                Some("ws://localhost:8000/ws/x/?token="),
            ),
            (
                "connect to wss://example.org/ws/x, retrying",
                Some("wss://example.org/ws/x"),
            ),
            ("Listening at: http://0.0.0.0:8000 (14)", None),
            ("Starting server at /tmp/daphne.sock", None),
            ("defined at /srv/app/chat/consumers.py:41", None),
            ("loaded /home/x/project", None),
            ("a and/or b / c", None),
            ("Sec-WebSocket-Key: /qKKCYVkErIUrAcIZbwmjg==", None),
            ("date 01/02/2024", None),
        ] {
            assert_eq!(of(message).target.as_deref(), expected, "{message}");
        }
    }

    #[test]
    fn finds_a_status_only_where_it_is_called_one() {
        for (message, expected) in [
            ("connection rejected (403 Forbidden)", Some(403)),
            ("Unexpected response code: 502", Some(502)),
            ("server rejected WebSocket connection: HTTP 404", Some(404)),
            ("closed with code: 1006", None),
            ("user 403 connected", None),
            ("took (200 ms)", None),
        ] {
            assert_eq!(of(message).status, expected, "{message}");
        }
    }

    #[test]
    fn a_client_is_named_as_one() {
        assert_eq!(
            of("connect from 10.0.0.8:5000").peer.unwrap().port,
            Some(5000)
        );
        assert_eq!(
            of("client: ['10.0.0.8', 5000]").peer.unwrap().port,
            Some(5000)
        );
        assert_eq!(of("Connect call failed ('127.0.0.1', 6379)").peer, None);
        assert_eq!(of("Listening on 127.0.0.1:8000").peer, None);
    }
}
