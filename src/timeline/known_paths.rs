//! Plain requests for a path that another line calls a WebSocket's.
//!
//! An access line says `GET /live/ticker 404` of a page and of a handshake alike, and the lexicon knows
//! a WebSocket's path by its words alone (`/ws/…`). Where a client's URL or a server's handshake
//! line names the same path, the line means what it would mean of such a path.

use crate::event::Event;
use crate::lexicon::{Lexicon, Meaning, Scope};
use crate::record::Side;
use std::collections::BTreeSet;

/// Kinds of line that only a WebSocket's path is named in.
const OF_HANDSHAKES: [&str; 5] = [
    "handshake-started",
    "handshake-accepted",
    "handshake-rejected",
    "connection-attempt-seen",
    "socket-created",
];
/// In front of a path, this makes it a WebSocket's by its words.
const NAMING: &str = "/ws";

/// Gives requests for the paths of WebSockets the meaning that they have there.
pub(super) fn recognise(streams: &mut [Vec<Event>], lexicon: &Lexicon) {
    let known: BTreeSet<String> = streams
        .iter()
        .flatten()
        .filter_map(|event| websocket_path(event, lexicon))
        .map(str::to_owned)
        .collect();
    if known.is_empty() {
        return;
    }
    for event in streams.iter_mut().flatten() {
        // A page may stand at the path too: what it was answered with says nothing of the handshake.
        let status = event.record.status;
        let refused = status.is_some_and(|status| !matches!(status, 200..=299 | 304));
        if !refused || concerns_connection(&event.meanings, lexicon) {
            continue;
        }
        let target = event.record.target.clone().unwrap_or_default();
        if let Some(path) = path_of(&target).filter(|path| known.contains(*path)) {
            reread(event, path, lexicon);
        }
    }
}

fn reread(event: &mut Event, path: &str, lexicon: &Lexicon) {
    let mut probe = event.record.clone();
    if probe.side == Side::Client {
        let refused = probe.status.is_some_and(|status| status >= 300);
        if !refused || !lists_handshake(&probe.message) {
            return;
        }
        probe.message = probe.message.replacen("http", "ws", 1);
    }
    let named = format!("{NAMING}{path}");
    probe.message = probe.message.replacen(path, &named, 1);
    let mut meanings = lexicon.meanings(&probe);
    if !concerns_connection(&meanings, lexicon) {
        return;
    }
    for value in meanings
        .iter_mut()
        .flat_map(|meaning| meaning.fields.values_mut())
    {
        if value.starts_with(&named) {
            *value = value.replacen(&named, path, 1);
        }
    }
    event.meanings = meanings;
}

/// Whether a client's line may be the handshake, which Firefox lists as `GET https://… [HTTP/1.1 400 …]`:
/// a script's own request, and one that polls at the same path, are none.
fn lists_handshake(message: &str) -> bool {
    message.starts_with("GET")
        && message.contains("[HTTP/")
        && !message.contains("transport=polling")
}

fn concerns_connection(meanings: &[Meaning], lexicon: &Lexicon) -> bool {
    let mut kinds = meanings
        .iter()
        .filter_map(|meaning| lexicon.kind(meaning.kind));
    kinds.any(|kind| kind.scope == Scope::Connection)
}

/// The path that an event proves to be a WebSocket's.
fn websocket_path<'e>(event: &'e Event, lexicon: &Lexicon) -> Option<&'e str> {
    let named = event.named_target()?;
    let by_scheme = named.starts_with("ws://") || named.starts_with("wss://");
    let by_kind = || {
        event
            .kind_names(lexicon)
            .any(|kind| OF_HANDSHAKES.contains(&kind))
    };
    if by_scheme || by_kind() {
        path_of(named)
    } else {
        None
    }
}

/// The path of a URL or request target without its query; `None` for the root, where pages stand.
fn path_of(target: &str) -> Option<&str> {
    let behind_host = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|start| rest.get(start..))?,
        None => target,
    };
    let path = behind_host.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    (path.len() > 1 && path.starts_with('/')).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn a_path_is_the_same_with_host_query_and_slash() {
        for target in [
            "ws://localhost:8000/live/ticker/?pass=a",
            "/live/ticker?pass=b",
            "/live/ticker/",
        ] {
            assert_eq!(path_of(target), Some("/live/ticker"), "{target}");
        }
        assert_eq!(path_of("ws://localhost:8000/"), None);
        assert_eq!(path_of("ws://localhost:8000"), None);
    }
}
