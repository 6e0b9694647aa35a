//! Reading a source: its lines grouped, each group a record.

use super::browser_source::looks_like_console;
use super::group::Group;
use super::{
    assemble, client_script, fold, har, module_column, net_export, rich_traceback, traceback,
};
use crate::input::{Form, Source};
use crate::record::{Record, Side};
use rayon::prelude::*;

/// So many records are put together before another thread is worth its while.
const LEAST_RECORDS: usize = 64;

/// The records of one source, in the order of their first lines. Every line is in exactly one.
///
/// `source_index` is the source's place in the list of sources, kept in each record's origin.
#[must_use]
pub fn read(source_index: usize, source: &Source) -> Vec<Record> {
    if source.form == Form::Document
        && let Some(records) =
            har::records(source_index, source).or_else(|| net_export::records(source_index, source))
    {
        return records;
    }
    let lines = rich_traceback::opened(&source.lines);
    let mut groups = fold::group(&lines);
    module_column::settle(&mut groups);
    let side = if looks_like_console(source.lines.iter().map(|line| line.text.as_str())) {
        Side::Client
    } else {
        usual_side(&source.name, &groups)
    };
    groups
        .into_par_iter()
        .with_min_len(LEAST_RECORDS)
        .filter_map(|group| assemble::record(source_index, &lines, group, side))
        .collect()
}

/// The side of lines whose dialect leaves it open: the one that all other lines of the source are
/// of, then what the source's name says, then the backend.
fn usual_side(name: &str, groups: &[Group]) -> Side {
    let mut sides = groups.iter().filter_map(settled_side);
    match sides.next() {
        Some(first) if sides.all(|side| side == first) => first,
        Some(_) => Side::Backend,
        None => side_by_name(name),
    }
}

fn settled_side(group: &Group) -> Option<Side> {
    let body = group.claim.body.as_ref();
    // A platform's router writes into the log of the program behind it.
    if body.is_some_and(|(id, _)| *id == "heroku-router") {
        return Some(Side::Backend);
    }
    // A server's log may hold what its own client of another service says.
    if body.is_some_and(|(id, _)| *id == "client-program") && group.claim.frame.is_some() {
        return None;
    }
    if group.claim.frame.is_none() && is_script(group) {
        return Some(Side::Client);
    }
    let framed = group
        .claim
        .frame
        .as_ref()
        .and_then(|(_, parsed)| parsed.side);
    body.and_then(|(_, parsed)| parsed.side).or(framed)
}

/// Whether the lines are a traceback of a client's script.
fn is_script(group: &Group) -> bool {
    let further = || group.detail.iter().map(String::as_str);
    // Most tracebacks name no such library; only those that do are taken apart here.
    group.traced
        && further().any(|line| line.contains("websocket") || line.contains("ws_connect"))
        && traceback::of(further()).is_some_and(|one| client_script::is_of_script(&one))
}

/// What a file's name says, or the folder it stands in.
fn side_by_name(name: &str) -> Side {
    const PROXIES: [&str; 8] = [
        "nginx", "haproxy", "apache", "httpd", "caddy", "traefik", "envoy", "ingress",
    ];
    const BACKENDS: [&str; 7] = [
        "server", "backend", "django", "daphne", "uvicorn", "gunicorn", "asgi",
    ];
    const CLIENTS: [&str; 5] = ["console", "browser", "devtools", "firefox", "chrome"];
    for part in name.rsplit(['/', '\\']).take(2) {
        let part = part.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| part.contains(word));
        if says(&PROXIES) {
            return Side::Proxy;
        }
        if says(&CLIENTS) {
            return Side::Client;
        }
        if says(&BACKENDS) {
            return Side::Backend;
        }
    }
    Side::Backend
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::dialect::registry::PLAIN;
    use crate::input::Completeness;
    use crate::record::Level;

    /// A whole log of this name and text.
    pub(in crate::dialect) fn source(name: &str, text: &str) -> Source {
        Source {
            name: name.to_owned(),
            completeness: Completeness::Whole,
            lines: crate::dialect::fold::tests::lines(text),
            ..Source::default()
        }
    }

    fn one(text: &str) -> Record {
        let mut records = read(0, &source("server.log", text));
        assert_eq!(records.len(), 1, "{text}");
        records.remove(0)
    }

    /// `dialect message | target | port | status` of one line.
    fn shown(text: &str) -> String {
        let record = one(text);
        let port = record
            .peer
            .and_then(|peer| peer.port)
            .map_or("-".to_owned(), |port| port.to_string());
        let status = record
            .status
            .map_or("-".to_owned(), |status| status.to_string());
        format!(
            "{} {} | {} | {port} | {status}",
            record.dialect,
            record.message,
            record.target.as_deref().unwrap_or("-")
        )
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn lines_that_people_have() {
        for (line, expected) in [
            (
                "[2017/07/18 10:49:55] WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094]",
                "channels-runserver WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094] | /chat/1/ | 51094 | -",
            ),
            (
                "WebSocket REJECT /ws/chat/ [172.20.0.1:53724]",
                "channels-runserver WebSocket REJECT /ws/chat/ [172.20.0.1:53724] | /ws/chat/ | 53724 | -",
            ),
            (
                "INFO 2022-08-20 13:13:00,226 runserver 8841 140377021894464 WebSocket CONNECT /ws/chat/ [127.0.0.1:41934]",
                "channels-runserver WebSocket CONNECT /ws/chat/ [127.0.0.1:41934] | /ws/chat/ | 41934 | -",
            ),
            (
                "2017-04-11 10:15:11,479 - INFO - server - Listening on endpoint tcp:port=8000:interface=127.0.0.1",
                "logger-header Listening on endpoint tcp:port=8000:interface=127.0.0.1 | - | - | -",
            ),
            (
                "[08/Nov/2022 15:01:19] \"GET /ws/chat/ HTTP/1.1\" 404 2221",
                "wsgi-runserver \"GET /ws/chat/ HTTP/1.1\" 404 2221 | /ws/chat/ | - | 404",
            ),
            (
                "code 400, message Bad request version ('x')",
                "plain code 400, message Bad request version ('x') | - | - | -",
            ),
            (
                "HTTP GET /api/me/ 200 [0.03, 127.0.0.1:51094]",
                "channels-runserver HTTP GET /api/me/ 200 [0.03, 127.0.0.1:51094] | /api/me/ | 51094 | 200",
            ),
            (
                "127.0.0.1:53609 - - [16/Mar/2017:18:40:33] \"WSCONNECTING /ws/7\" - -",
                "daphne-access WSCONNECTING /ws/7 | /ws/7 | 53609 | -",
            ),
            (
                "2018-05-19 16:00:20,458 CRITICAL Listen failure: Couldn't listen on 0.0.0.0:8000: [Errno 98] Address already in use.",
                "logger-header Listen failure: Couldn't listen on 0.0.0.0:8000: [Errno 98] Address already in use. | - | - | -",
            ),
            (
                "2024-06-01 10:00:00,000 ERROR    Exception inside application: No route found for path 'ws/x/'.",
                "logger-header Exception inside application: No route found for path 'ws/x/'. | /ws/x/ | - | -",
            ),
            (
                "ERROR    [Failure instance: Traceback: <class 'ValueError'>: No route found",
                "python-traceback [Failure instance: Traceback: <class 'ValueError'>: No route found | - | - | -",
            ),
            (
                "DEBUG    WebSocket ['127.0.0.1', 48306] open and established",
                "daphne-debug WebSocket ['127.0.0.1', 48306] open and established | - | 48306 | -",
            ),
            (
                "INFO:     127.0.0.1:45656 - \"WebSocket /ws/x/?token=a\" [accepted]",
                "uvicorn-access \"WebSocket /ws/x/?token=a\" [accepted] | /ws/x/?token=a | 45656 | 101",
            ),
            (
                "[2023-07-04 11:08:02 +0000] [14] [INFO] ('172.19.0.11', 44988) - \"WebSocket /ws/x/\" 403",
                "uvicorn-access \"WebSocket /ws/x/\" 403 | /ws/x/ | 44988 | 403",
            ),
            (
                "INFO:     connection rejected (403 Forbidden)",
                "logger-header connection rejected (403 Forbidden) | - | - | 403",
            ),
            (
                "{\"timestamp\": \"2024-06-01T10:00:00Z\", \"name\": \"uvicorn.error\", \"level\": \"INFO\", \"message\": \"('10.0.0.2', 0) - \\\"WebSocket /ws/x\\\" 403\"}",
                "uvicorn-access \"WebSocket /ws/x\" 403 | /ws/x | - | 403",
            ),
            (
                "DEBUG:websockets.server:> CLOSE 1009 (message too big) [2 bytes]",
                "websockets-debug > CLOSE 1009 (message too big) [2 bytes] | - | - | -",
            ),
            (
                "DEBUG:    < GET /ws/x HTTP/1.1",
                "websockets-debug < GET /ws/x HTTP/1.1 | /ws/x | - | -",
            ),
            (
                "[2024-02-12 16:25:00 +0000] [7] [INFO] 127.0.0.1:5000 - - [12/Feb/2024:16:25:00 +0000] \"GET /ws/x 1.1\" 101 - \"-\" \"ua\"",
                "hypercorn-access \"GET /ws/x 1.1\" 101 - \"-\" \"ua\" | /ws/x | 5000 | 101",
            ),
            (
                "2022-01-28 18:10:11.473 | ERROR    | daphne.server:application_checker:290 - Exception inside application: x",
                "logger-header Exception inside application: x | - | - | -",
            ),
            (
                "2018-08-25 07:44:24,421 WARNING Application instance <Task pending name='Task-1'> for connection <WebSocketProtocol client=['10.0.0.8', 56636] path=b'/ws/x/'> took too long to shut down and was killed.",
                "daphne-debug Application instance <Task pending name='Task-1'> for connection <WebSocketProtocol client=['10.0.0.8', 56636] path=b'/ws/x/'> took too long to shut down and was killed. | /ws/x/ | 56636 | -",
            ),
            (
                "at=error code=H15 desc=\"Idle connection\" method=GET path=\"/ws/x/\" dyno=web.1 status=503",
                "heroku-router at=error code=H15 desc=\"Idle connection\" method=GET path=\"/ws/x/\" dyno=web.1 status=503 | /ws/x/ | - | 503",
            ),
            (
                "ERROR:asyncio:Task exception was never retrieved",
                "logger-header Task exception was never retrieved | - | - | -",
            ),
            (
                "203.0.113.9 - - [22/Aug/2018:16:47:53 +0000] \"GET /ws/x HTTP/1.1\" 499 0 \"-\" \"Mozilla/5.0\"",
                "access-log \"GET /ws/x HTTP/1.1\" 499 0 \"-\" \"Mozilla/5.0\" | /ws/x | - | 499",
            ),
            (
                "2018/11/30 21:23:26 [error] 118#0: *20871 recv() failed (104: Connection reset by peer) while proxying upgraded connection, client: 10.0.0.9, server: x, request: \"GET /ws/x HTTP/1.1\", upstream: \"http://127.0.0.1:8000/ws/x\"",
                "nginx-error recv() failed (104: Connection reset by peer) while proxying upgraded connection, client: 10.0.0.9, server: x, request: \"GET /ws/x HTTP/1.1\", upstream: \"http://127.0.0.1:8000/ws/x\" | /ws/x | - | -",
            ),
            (
                "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.",
                "python-traceback redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused. | - | - | -",
            ),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn a_log_line_with_its_traceback_is_one_record() {
        let text = "2024-06-01 10:00:00,000 ERROR    Exception inside application: 'user'\nTraceback (most recent call last):\n  File \"/srv/app/chat/consumers.py\", line 12, in connect\n    user = self.scope['user']\nKeyError: 'user'\n";
        let record = one(text);
        assert_eq!(
            (record.level, record.origin.last_line, record.detail.len()),
            (Some(Level::Error), 5, 4)
        );
        let traceback = record.traceback.unwrap();
        assert_eq!(traceback.exceptions.len(), 1);
        assert_eq!(
            (
                traceback.exceptions[0].class.as_str(),
                traceback.exceptions[0].message.as_str()
            ),
            ("KeyError", "'user'")
        );
        assert_eq!(
            traceback.exceptions[0].frames[0].code,
            "user = self.scope['user']"
        );
    }

    #[test]
    fn a_json_field_holds_a_traceback_too() {
        let record = one(
            "{\"level\": \"error\", \"event\": \"boom\", \"exception\": \"Traceback (most recent call last):\\n  File \\\"a.py\\\", line 1, in f\\n    x\\nKeyError: 'user'\"}",
        );
        assert_eq!(record.traceback.unwrap().exceptions[0].class, "KeyError");
        assert_eq!(
            (record.message.as_str(), record.origin.last_line),
            ("boom", 1)
        );
    }

    #[test]
    fn the_side_of_plain_lines_follows_the_source() {
        let side = |name: &str, text: &str| {
            read(0, &source(name, text))
                .first()
                .map(|record| record.side)
        };
        assert_eq!(side("console.log", "hello"), Some(Side::Client));
        assert_eq!(side("nginx/access.log", "hello"), Some(Side::Proxy));
        assert_eq!(side("chrome/server.log", "hello"), Some(Side::Backend));
        assert_eq!(side("<stdin>", "hello"), Some(Side::Backend));
        assert_eq!(
            side("console.log", "hello\nWebSocket CONNECT /ws/ [127.0.0.1:5]"),
            Some(Side::Backend)
        );
    }

    #[test]
    fn counts_what_no_dialect_knew() {
        let records = read(
            0,
            &source(
                "x",
                "INFO a\n\nhello\nWebSocket CONNECT /ws/ [127.0.0.1:5]\nworld",
            ),
        );
        let plain = |record: &&Record| record.dialect == PLAIN && !record.message.is_empty();
        let mut dialects: Vec<&str> = records.iter().map(|record| record.dialect).collect();
        dialects.retain(|id| *id != PLAIN);
        dialects.sort_unstable();
        dialects.dedup();
        assert_eq!(dialects, ["channels-runserver", "logger-header"]);
        assert_eq!(records.iter().filter(plain).count(), 2);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,200}(\\n\\PC{0,80}){0,6}") {
            let source = source("x", &text);
            let records = read(0, &source);
            let lines = records.iter().map(|record| record.origin.last_line - record.origin.line + 1).sum::<u64>();
            proptest::prop_assert_eq!(lines, source.lines.len() as u64);
        }
    }
}
