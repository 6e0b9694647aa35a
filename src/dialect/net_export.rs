//! Chrome's net-export (`chrome://net-export`, `--log-net-log`): its WebSocket requests as a console
//! would tell them, with what browsers hide from scripts: the status of a refused upgrade, the
//! network's error, the headers that were sent, the client's own address.
//!
//! A request is followed over the sources that serve it (stream, connection, socket) by the
//! dependencies that the events state. Other requests of the page are left out. How the document is
//! written is known to `net_log`.

use super::handshake::told;
use super::net_attempt::NetAttempt;
use super::net_log::{NetEvent, NetLog, joined, whole};
use crate::input::Source;
use crate::record::{Origin, Record};
use serde_json::Value;
use std::collections::BTreeMap;

/// The id that records of a net-export carry.
const ID: &str = "net-export";

/// The WebSocket requests of a net-export; `None` where the source is none.
#[must_use]
pub(super) fn records(source_index: usize, source: &Source) -> Option<Vec<Record>> {
    let text = joined(&source.lines);
    let log = NetLog::open(&text)?;
    let mut following = Following::default();
    for event in log.events() {
        following.take(&event, &log);
    }
    let line_number = |line: usize| source.lines.get(line).map_or(1, |line| line.number);
    let mut records: Vec<Record> = Vec::new();
    for attempt in following.attempts {
        for said in &attempt.said {
            let line = line_number(said.line);
            let place = Origin {
                source: source_index,
                line,
                last_line: line,
            };
            let mut record = told(ID, place, said.stamp, &attempt.url, said.message.clone());
            record.status = said.status;
            record.peer.clone_from(&attempt.peer);
            records.push(record);
        }
    }
    records.sort_by_key(|record| record.origin.line);
    Some(records)
}

/// The requests seen so far, and which sources serve them.
#[derive(Debug, Default)]
struct Following {
    attempts: Vec<NetAttempt>,
    /// For each source that serves a WebSocket request: the attempt's place.
    owners: BTreeMap<i64, usize>,
    /// Channels whose request has not come yet; it names no channel, and follows it.
    channels: Vec<i64>,
}

impl Following {
    fn take(&mut self, event: &NetEvent<'_>, log: &NetLog<'_>) {
        self.begin(event);
        self.follow(event, log);
        let owner = self.owners.get(&event.source);
        if let Some(attempt) = owner.and_then(|at| self.attempts.get_mut(*at)) {
            attempt.take(event, log);
        }
    }

    /// A new WebSocket request, or the channel of one.
    fn begin(&mut self, event: &NetEvent<'_>) {
        match event.source_kind {
            "WEBSOCKET_CHANNEL" if !self.owners.contains_key(&event.source) => {
                self.channels.retain(|channel| *channel != event.source);
                self.channels.push(event.source);
            }
            "URL_REQUEST" if !self.owners.contains_key(&event.source) => {
                let url = event.params.get("url").and_then(Value::as_str);
                let Some(url) = url.filter(|url| is_socket(url)) else {
                    return;
                };
                let place = self.attempts.len();
                self.attempts
                    .push(NetAttempt::begin(url, event.line, event.stamp));
                self.owners.insert(event.source, place);
                if let Some(channel) = self.channels.pop() {
                    self.owners.insert(channel, place);
                    self.channels.clear();
                }
            }
            _ => {}
        }
    }

    /// Passes the ownership on to what the request's sources depend on, and to the sockets that say
    /// whose they are.
    fn follow(&mut self, event: &NetEvent<'_>, log: &NetLog<'_>) {
        let Some(dependency) = event.params.get("source_dependency") else {
            return;
        };
        let Some(other) = dependency.get("id").and_then(whole) else {
            return;
        };
        let kind = dependency.get("type").and_then(whole);
        let other_kind = kind.map_or("", |kind| log.source_kind(kind));
        if let Some(owner) = self.owners.get(&event.source).copied() {
            let reused = other_kind == "SOCKET" && event.name.contains("BOUND");
            if serves(other_kind) && (reused || !self.owners.contains_key(&other)) {
                self.owners.insert(other, owner);
            }
        } else if event.source_kind == "SOCKET"
            && let Some(owner) = self.owners.get(&other).copied()
        {
            self.owners.insert(event.source, owner);
        } else if other_kind == "SOCKET" && event.name.contains("BOUND") {
            // Another request took the socket over.
            self.owners.remove(&other);
        }
    }
}

fn is_socket(url: &str) -> bool {
    url.starts_with("ws://") || url.starts_with("wss://")
}

/// Sources that serve one request at a time; resolvers and sessions serve many.
fn serves(kind: &str) -> bool {
    matches!(
        kind,
        "HTTP_STREAM_JOB_CONTROLLER" | "HTTP_STREAM_JOB" | "SOCKET"
    ) || kind.ends_with("CONNECT_JOB")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::read::tests::source;
    use std::fmt::Write as _;

    /// Numbers as one version of Chrome has them, others shifted by ten in another.
    fn document(shift: i64, events: &[(&str, &str, i64, i64, &str)]) -> String {
        let types = [
            "REQUEST_ALIVE",
            "WEBSOCKET_ALIVE",
            "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
            "WEBSOCKET_UPGRADE_FAILURE",
            "HTTP_TRANSACTION_READ_RESPONSE_HEADERS",
            "WEBSOCKET_STATE_CHANGED",
            "TCP_CONNECT",
            "SOCKET_ALIVE",
            "HTTP_STREAM_JOB_CONTROLLER_BOUND",
            "SOCKET_POOL_BOUND_TO_SOCKET",
            "WEBSOCKET_RECV_FRAME_HEADER",
            "COOKIE_INCLUSION_STATUS",
        ];
        let sources = [
            "URL_REQUEST",
            "WEBSOCKET_CHANNEL",
            "SOCKET",
            "HTTP_STREAM_JOB_CONTROLLER",
        ];
        let table = |names: &[&str]| {
            let rows = names.iter().zip(shift..);
            rows.map(|(name, number)| format!("\"{name}\":{number}"))
                .collect::<Vec<String>>()
                .join(",")
        };
        let number = |names: &[&str], name: &str| {
            names
                .iter()
                .zip(shift..)
                .find(|(one, _)| **one == name)
                .map_or(-1, |(_, number)| number)
        };
        let mut text = format!(
            "{{\"constants\":{{\"logEventTypes\":{{{}}},\"logSourceType\":{{{}}},\
             \"logEventPhase\":{{\"PHASE_BEGIN\":1,\"PHASE_END\":2,\"PHASE_NONE\":0}},\
             \"netError\":{{\"ERR_CONNECTION_REFUSED\":-102,\"ERR_WS_UPGRADE\":-173,\"ERR_INVALID_RESPONSE\":-320,\"ERR_TIMED_OUT\":-7}},\
             \"timeTickOffset\":1795229176349}},\n\"events\": [\n",
            table(&types),
            table(&sources)
        );
        for ((name, kind, id, phase, params), time) in events.iter().zip(11_357_438..) {
            let params = params.replace("#SOCKET", &number(&sources, "SOCKET").to_string());
            let params = params.replace(
                "#CONTROLLER",
                &number(&sources, "HTTP_STREAM_JOB_CONTROLLER").to_string(),
            );
            let _ = writeln!(
                text,
                "{{\"params\":{params},\"phase\":{phase},\"source\":{{\"id\":{id},\"type\":{}}},\"time\":\"{time}\",\"type\":{}}},",
                number(&sources, kind),
                number(&types, name)
            );
        }
        text
    }

    fn said(text: &str) -> Vec<String> {
        let records = records(0, &source("net-export.json", text)).unwrap();
        records.into_iter().map(|record| record.message).collect()
    }

    const REFUSED: &[(&str, &str, i64, i64, &str)] = &[
        (
            "REQUEST_ALIVE",
            "URL_REQUEST",
            70,
            1,
            r#"{"url":"http://example.com/?to=ws://example.com/"}"#,
        ),
        (
            "WEBSOCKET_ALIVE",
            "WEBSOCKET_CHANNEL",
            87,
            1,
            r#"{"url":""}"#,
        ),
        (
            "REQUEST_ALIVE",
            "URL_REQUEST",
            88,
            1,
            r#"{"url":"ws://example.com/ws/"}"#,
        ),
        (
            "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
            "URL_REQUEST",
            70,
            0,
            r#"{"headers":["Host: example.com"]}"#,
        ),
        (
            "REQUEST_ALIVE",
            "URL_REQUEST",
            88,
            2,
            r#"{"net_error":-102}"#,
        ),
        (
            "REQUEST_ALIVE",
            "URL_REQUEST",
            70,
            2,
            r#"{"net_error":-102}"#,
        ),
    ];

    #[test]
    fn a_refused_port_is_told_in_the_consoles_words_whatever_the_numbers() {
        for shift in [0, 10, 400] {
            assert_eq!(
                said(&document(shift, REFUSED)),
                [
                    "Connecting to ws://example.com/ws/",
                    "WebSocket connection to 'ws://example.com/ws/' failed: \
                     Error in connection establishment: net::ERR_CONNECTION_REFUSED"
                ]
            );
        }
    }

    #[test]
    fn the_client_address_is_that_of_the_requests_own_socket() {
        let text = document(
            3,
            &[
                (
                    "REQUEST_ALIVE",
                    "URL_REQUEST",
                    88,
                    1,
                    r#"{"url":"ws://example.com/ws/"}"#,
                ),
                (
                    "HTTP_STREAM_JOB_CONTROLLER_BOUND",
                    "URL_REQUEST",
                    88,
                    0,
                    r#"{"source_dependency":{"id":89,"type":#CONTROLLER}}"#,
                ),
                (
                    "SOCKET_ALIVE",
                    "SOCKET",
                    93,
                    1,
                    r#"{"source_dependency":{"id":89,"type":#CONTROLLER}}"#,
                ),
                (
                    "TCP_CONNECT",
                    "SOCKET",
                    93,
                    2,
                    r#"{"local_address":"127.0.0.1:40148","remote_address":"127.0.0.1:8000"}"#,
                ),
                (
                    "TCP_CONNECT",
                    "SOCKET",
                    94,
                    2,
                    r#"{"local_address":"127.0.0.1:1","remote_address":"127.0.0.1:9"}"#,
                ),
            ],
        );
        let records = records(0, &source("net.json", &text)).unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].peer.as_ref().unwrap().port, Some(40148));
        assert_eq!(
            records[1].message,
            "TCP connection to 127.0.0.1:8000 established"
        );
        assert_eq!(records[1].origin.line, 6);
    }

    #[test]
    fn a_refused_upgrade_and_its_headers() {
        let text = document(
            1,
            &[
                (
                    "REQUEST_ALIVE",
                    "URL_REQUEST",
                    88,
                    1,
                    r#"{"url":"ws://example.com/ws/"}"#,
                ),
                (
                    "COOKIE_INCLUSION_STATUS",
                    "URL_REQUEST",
                    88,
                    0,
                    r#"{"operation":"send","status":"EXCLUDE_SAMESITE_LAX, DO_NOT_WARN, NO_EXEMPTION"}"#,
                ),
                (
                    "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
                    "URL_REQUEST",
                    88,
                    0,
                    r#"{"headers":["Host: example.com","Origin: http://example.org","Sec-WebSocket-Key: x"]}"#,
                ),
                (
                    "HTTP_TRANSACTION_READ_RESPONSE_HEADERS",
                    "URL_REQUEST",
                    88,
                    0,
                    r#"{"headers":["HTTP/1.1 403 Forbidden"]}"#,
                ),
                (
                    "REQUEST_ALIVE",
                    "URL_REQUEST",
                    88,
                    2,
                    r#"{"net_error":-320}"#,
                ),
            ],
        );
        let said = said(&text);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(
            said[1].ends_with("Cookie: withheld (SameSite=Lax)"),
            "{said:?}"
        );
        assert!(said[2].ends_with("Unexpected response code: 403"));
    }

    #[test]
    fn an_open_connection_and_its_end() {
        let text = document(
            2,
            &[
                (
                    "WEBSOCKET_ALIVE",
                    "WEBSOCKET_CHANNEL",
                    87,
                    1,
                    r#"{"url":""}"#,
                ),
                (
                    "REQUEST_ALIVE",
                    "URL_REQUEST",
                    88,
                    1,
                    r#"{"url":"ws://example.com/ws/"}"#,
                ),
                (
                    "WEBSOCKET_STATE_CHANGED",
                    "WEBSOCKET_CHANNEL",
                    87,
                    0,
                    r#"{"new_state":"CONNECTED"}"#,
                ),
                (
                    "REQUEST_ALIVE",
                    "URL_REQUEST",
                    88,
                    2,
                    r#"{"net_error":-173}"#,
                ),
                (
                    "WEBSOCKET_RECV_FRAME_HEADER",
                    "URL_REQUEST",
                    88,
                    0,
                    r#"{"opcode":1}"#,
                ),
                (
                    "WEBSOCKET_STATE_CHANGED",
                    "WEBSOCKET_CHANNEL",
                    87,
                    0,
                    r#"{"new_state":"CLOSED","old_state":"CONNECTED"}"#,
                ),
            ],
        );
        assert_eq!(
            said(&text),
            [
                "Connecting to ws://example.com/ws/",
                "WebSocket connected",
                "WebSocket message received",
                "WebSocket closed without a close frame, code: 1006"
            ]
        );
    }
}
