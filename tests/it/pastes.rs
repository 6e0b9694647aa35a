//! Shapes of logs as people paste them into public threads, with invented values: what the thread found
//! out, and that what only looks like an error is not taken for one.

use super::material::RULES;
use wswhy::diagnosis::{Diagnosis, Outcome, diagnose};
use wswhy::input::from_text;

pub(super) fn diagnosis(paste: &str) -> Diagnosis {
    diagnose(&[from_text("paste.txt", paste)].concat(), &RULES, &[])
}

/// `pattern: cause` of every incident, as the paste shows them.
pub(super) fn shown(paste: &str) -> Vec<String> {
    let incidents = diagnosis(paste).incidents;
    let shown = incidents.iter().map(|incident| {
        let cause = incident.causes.first().map_or("-", |cause| &cause.id);
        format!("{}: {cause}", incident.pattern)
    });
    shown.collect()
}

/// Windows' event loop, of a socket that is closed on both ends.
const PROACTOR: &str = r#"Exception in callback _ProactorBasePipeTransport._call_connection_lost(None)
handle: <Handle _ProactorBasePipeTransport._call_connection_lost(None)>
Traceback (most recent call last):
  File "C:\Users\sam\AppData\Local\Programs\Python\Python39\lib\asyncio\events.py", line 80, in _run
    self._context.run(self._callback, *self._args)
  File "C:\Users\sam\AppData\Local\Programs\Python\Python39\lib\asyncio\proactor_events.py", line 162, in _call_connection_lost
    self._sock.shutdown(socket.SHUT_RDWR)
ConnectionResetError: [WinError 10054] An existing connection was forcibly closed by the remote host
"#;

#[test]
fn a_socket_that_the_other_end_reset_is_no_exception_of_the_application() {
    let open = "WebSocket HANDSHAKING /ws/board/ [127.0.0.1:61240]\nWebSocket CONNECT /ws/board/ [127.0.0.1:61240]\n";
    let close = "WebSocket DISCONNECT /ws/board/ [127.0.0.1:61240]\n";
    let found = diagnosis(&format!("{open}{PROACTOR}{close}"));
    assert_eq!(found.outcome, Outcome::Healthy);
    // What the application raised is an error as before.
    let raised = PROACTOR.replace("ConnectionResetError: [WinError 10054]", "ValueError:");
    let found = diagnosis(&format!("{open}{raised}{close}"));
    assert_eq!(found.outcome, Outcome::Failing);
}

#[test]
fn a_clients_reset_beside_a_handshake_that_hung_is_its_consequence() {
    let server = "[2026/07/30 12:49:55] WebSocket HANDSHAKING /users/ [127.0.0.1:50294]\n[2026/07/30 12:50:00] WebSocket DISCONNECT /users/ [127.0.0.1:50294]\n";
    let page =
        "Firefox can’t establish a connection to the server at ws://localhost:8000/users/.\n";
    let script = "ConnectionResetError: [Errno 104] Connection reset by peer\n";
    for paste in [
        server.to_owned(),
        format!("{page}{server}"),
        format!("{page}{server}{script}"),
    ] {
        assert_eq!(shown(&paste), ["server-only: handshake-timeout"]);
    }
}

#[test]
fn daphne_1_logs_one_start_twice() {
    let attempt = |port: u16, name: &str| {
        format!(
            r#"127.0.0.1:{port} - - [17/Oct/2026:12:18:04] "WSCONNECTING /board/" - -
2026-10-17 12:18:04,829 DEBUG    Upgraded connection daphne.response.{name}!FlnEB to WebSocket daphne.response.{name}!xVVhz
2026-10-17 12:18:04,853 INFO     failing WebSocket opening handshake ('Access denied')
2026-10-17 12:18:04,853 WARNING  dropping connection to peer tcp4:127.0.0.1:{port} with abort=False: Access denied
2026-10-17 12:18:04,853 DEBUG    WebSocket daphne.response.{name}!xVVhz rejected by application
127.0.0.1:{port} - - [17/Oct/2026:12:18:04] "WSREJECT /board/" - -
"#
        )
    };
    for (paste, attempts) in [
        (attempt(57338, "mMvkg"), 1),
        (attempt(57338, "mMvkg") + &attempt(57340, "QmTbL"), 2),
    ] {
        let incidents = diagnosis(&paste).incidents;
        let counts: Vec<usize> = incidents.iter().map(|one| one.attempts_total).collect();
        assert_eq!(counts, [attempts]);
    }
}

#[test]
fn one_socket_is_answered_or_given_up() {
    let given_up = "WebSocket connection to 'wss://app.example.org/live/' failed: WebSocket is closed before the connection is established.\n";
    let answered = "WebSocket connection to 'wss://app.example.org/live/' failed: Error during WebSocket handshake: Unexpected response code: 504\n";
    for paste in [
        format!("{given_up}{answered}"),
        format!("{answered}{given_up}"),
    ] {
        let found = diagnosis(&paste);
        let total: usize = found.incidents.iter().map(|one| one.attempts_total).sum();
        assert_eq!(total, 2);
        assert!(
            shown(&paste)
                .iter()
                .all(|one| one.ends_with(": proxy-bad-gateway"))
        );
    }
}

#[test]
fn a_message_that_a_terminal_wrapped_keeps_its_traceback() {
    let paste = r#"2026-12-03 16:44:41,352 daphne.server ERROR    Exception inside application: WebSocket client does not request
for the subprotocol graphql-ws!
Traceback (most recent call last):
  File "C:\Users\sam\env\lib\site-packages\channels\routing.py", line 62, in __call__
    return await application(scope, receive, send)
  File "C:\Users\sam\env\lib\site-packages\channels\routing.py", line 116, in __call__
    return await application(
"#;
    assert_eq!(shown(paste), ["middleware-only: subprotocol-mismatch"]);
}

#[test]
fn a_script_that_is_refused_is_no_server_that_cannot_start() {
    let script = |end: &str| {
        format!(
            r#"Traceback (most recent call last):
  File "/home/sam/check.py", line 4, in <module>
    ws = create_connection("ws://localhost:8000/ws/board/")
  File "/home/sam/venv/lib/python3.11/site-packages/websocket/_core.py", line 646, in create_connection
    websock.connect(url, **options)
  File "/home/sam/venv/lib/python3.11/site-packages/websocket/_http.py", line 175, in _open_socket
    raise err
{end}
"#
        )
    };
    for (end, pattern) in [
        (
            "websocket._exceptions.WebSocketBadStatusException: Handshake status 403 Forbidden",
            "server-only",
        ),
        (
            "websocket._exceptions.WebSocketBadStatusException: Handshake status 404 Not Found",
            "http-only",
        ),
    ] {
        let incidents = diagnosis(&script(end)).incidents;
        let patterns: Vec<&str> = incidents.iter().map(|one| one.pattern.as_str()).collect();
        assert_eq!(patterns, [pattern]);
    }
    // What it dialled stands in its own frame.
    let refused = script("ConnectionRefusedError: [Errno 111] Connection refused");
    assert_eq!(shown(&refused), ["no-logs: server-not-running"]);
    let incidents = diagnosis(&refused).incidents;
    assert_eq!(incidents[0].route.as_deref(), Some("/ws/board/"));
}

/// A script of `websockets`, refused under both addresses of the host
/// (<https://github.com/sskorol/vosk-api-gpu/issues/13>).
const REFUSED_TWICE: &str = r#"Traceback (most recent call last):
  File "./test.py", line 28, in <module>
    run_test('ws://localhost:2700'))
  File "./test.py", line 10, in run_test
    async with websockets.connect(uri) as websocket:
  File "/home/sam/.venv/lib/python3.7/site-packages/websockets/legacy/client.py", line 654, in __await_impl__
    transport, protocol = await self._create_connection()
  File "/opt/conda/lib/python3.7/asyncio/base_events.py", line 971, in create_connection
    ', '.join(str(exc) for exc in exceptions)))
OSError: Multiple exceptions: [Errno 111] Connect call failed ('::1', 2700, 0, 0), [Errno 111] Connect call failed ('127.0.0.1', 2700)
"#;

#[test]
fn a_script_is_refused_on_whatever_port() {
    assert_eq!(shown(REFUSED_TWICE), ["no-logs: server-not-running"]);
    // Python 2.7, and a name that does not resolve.
    let old = REFUSED_TWICE.replace(
        "OSError: Multiple exceptions",
        "error: [Errno 111] Connection refused",
    );
    assert_eq!(shown(&old), ["no-logs: server-not-running"]);
    let (frames, _) = REFUSED_TWICE.split_once("OSError").unwrap();
    let unresolved = format!("{frames}socket.gaierror: [Errno -2] Name or service not known\n");
    assert_eq!(shown(&unresolved), ["no-logs: host-unreachable"]);
}

#[test]
fn a_page_from_ones_own_machine_came_through_no_proxy() {
    let local = ">>> ws.connect(\"ws://localhost:8000\")\nTraceback (most recent call last):\n  File \"<console>\", line 1, in <module>\nwebsocket._exceptions.WebSocketBadStatusException: Handshake status 200\n";
    assert_eq!(shown(local), ["http-only: wsgi-server"]);
    let elsewhere = "WebSocket connection to 'wss://app.example.org/live/' failed: Error during WebSocket handshake: Unexpected response code: 200";
    assert_eq!(shown(elsewhere), ["http-only: proxy-no-upgrade"]);
}

#[test]
fn the_exceptions_own_line_is_quoted_and_not_its_head() {
    let paste = r#"INFO:     ('172.18.0.4', 45120) - "WebSocket /ws/board/" 500
ERROR:    Exception in ASGI application
Traceback (most recent call last):
  File "/usr/lib/python3.11/site-packages/uvicorn/protocols/websockets/websockets_impl.py", line 254, in run_asgi
    result = await self.app(self.scope, self.asgi_receive, self.asgi_send)
  File "/usr/lib/python3.11/site-packages/channels/generic/websocket.py", line 173, in websocket_connect
    await self.connect()
  File "/srv/board/live/consumers.py", line 21, in connect
    self.protocols = self.scope["subprotocols"]
KeyError: 'subprotocols'
"#;
    let incidents = diagnosis(paste).incidents;
    let cause = &incidents[0].causes[0];
    assert_eq!(cause.id, "consumer-exception-before-accept");
    let cited = cause.evidence[0].citation.as_ref().unwrap();
    assert_eq!(
        (cited.line, cited.text.as_str()),
        (10, "KeyError: 'subprotocols'")
    );
    // Of a chain the one that says it, though another escaped.
    let chained = paste.replace(
        "KeyError: 'subprotocols'\n",
        "jwt.exceptions.ExpiredSignatureError: Signature has expired\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"/srv/board/live/consumers.py\", line 30, in connect\n    raise Refused()\nlive.errors.Refused: no entry\n",
    );
    let incidents = diagnosis(&chained).incidents;
    let cause = &incidents[0].causes[0];
    assert_eq!(cause.id, "token-expired");
    let cited = cause.evidence[0].citation.as_ref().unwrap();
    assert_eq!(cited.line, 10);
}

#[test]
fn a_check_asks_for_the_port_that_was_dialled() {
    let check = |paste: &str| {
        let incidents = diagnosis(paste).incidents;
        let checks = &incidents[0].next_checks;
        let all: Vec<String> = checks
            .iter()
            .flat_map(|check| [Some(check.what.clone()), check.command.clone()])
            .flatten()
            .collect();
        all.join("\n")
    };
    let refused = "WebSocket connection to 'ws://localhost:9001/live/' failed: Error in connection establishment: net::ERR_CONNECTION_REFUSED\n";
    let asked = check(refused);
    assert!(
        asked.contains(":9001") && !asked.contains("8000"),
        "{asked}"
    );
    // A request past the proxy goes to where the proxy looks for the server.
    let behind = "2026/11/20 21:06:23 [error] 29#29: *12 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: example.org, request: \"GET /ws/board/ HTTP/1.1\", upstream: \"http://127.0.0.1:8051/ws/board/\", host: \"example.org\"\n";
    let asked = check(behind);
    assert!(asked.contains("http://127.0.0.1:8051/"), "{asked}");
    // Without one, the example of the rule stays.
    assert!(check(&refused.replace(":9001", "")).contains("8000"));
}

#[test]
fn what_a_page_gave_up_may_never_have_been_answered() {
    let alone = "WebSocket connection to 'wss://app.example.org/live/' failed: WebSocket is closed before the connection is established.\n";
    let incidents = diagnosis(alone).incidents;
    let causes = &incidents[0].causes;
    assert_eq!(causes[0].id, "client-closed-early");
    assert!(causes[0].confidence < 0.6, "{}", causes[0].confidence);
    assert_eq!(causes[1].id, "handshake-timeout");
    // The server says that connect() ran and never answered (<https://github.com/django/channels/issues/630>).
    let server = "WebSocket HANDSHAKING /live/\nDEBUG - worker - Dispatching message on websocket.connect to chat.consumers.ws_connect\nWebSocket DISCONNECT /live/\n";
    assert_eq!(
        shown(&format!("{server}{alone}")),
        ["consumer-refused: accept-never-called"]
    );
}

#[test]
fn a_print_before_accept_makes_no_connection_unanswered() {
    let paste = "WebSocket HANDSHAKING /ws/board/ [127.0.0.1:46944]\nWebsocket Connected.... {'type': 'websocket.connect'}\nWebSocket CONNECT /ws/board/ [127.0.0.1:46944]\nWebSocket DISCONNECT /ws/board/ [127.0.0.1:46944]\nWebsocket Disconnected.... \n";
    assert_eq!(diagnosis(paste).outcome, Outcome::Healthy);
}

#[test]
fn a_page_that_a_gateway_cannot_serve_is_no_websocket() {
    let router = r#"2022-09-14T19:12:33.333844+00:00 heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/activity" host=board.example.com request_id=cf39a02e fwd="203.0.113.9" dyno=web.1 connect=0ms service=30000ms status=503 bytes=0 protocol=https
2022-09-14T19:12:33.336230+00:00 app[web.1]: GET /activity - - ms - -
"#;
    let found = diagnosis(router);
    assert_eq!(found.outcome, Outcome::InsufficientEvidence);
    assert!(found.incidents.is_empty());
    let socket = router.replace("/activity", "/ws/activity/");
    assert_eq!(shown(&socket), ["http-only: proxy-bad-gateway"]);
}

#[test]
fn a_client_that_found_no_server_was_answered_by_none() {
    // <https://github.com/cdfmlr/muvtuber/issues/5>
    let paste = "2023/03/08 18:44:58 start receiving text from room 0\n2023/03/08 18:45:00 websocket dial error: websocket.Dial ws://localhost:12450/api/chat: dial tcp [::1]:12450: connectex: No connection could be made because the target machine actively refused it.\n";
    let found = diagnosis(paste);
    assert_eq!(found.outcome, Outcome::Failing);
    assert_eq!(shown(paste), ["no-logs: server-not-running"]);
}

#[test]
fn an_asgi_servers_access_line_is_no_wsgi_servers() {
    let paste = "INFO:     172.17.0.1:51820 - \"GET /ws/core/ HTTP/1.1\" 404 Not Found\n";
    assert_eq!(shown(paste), ["http-only: proxy-no-upgrade"]);
    // Behind a supervisor's name (<https://github.com/baserow/baserow/issues/921>).
    let named = paste.replace("INFO:     ", "[BACKEND][2022-03-03 13:33:09] ");
    assert_eq!(shown(&named), ["http-only: proxy-no-upgrade"]);
}

#[test]
fn a_name_that_does_not_resolve_may_be_any_services() {
    let exception = "2019-10-28 09:13:19,494 ERROR Exception inside application: [Errno -2] Name does not resolve\n";
    let incidents = diagnosis(exception).incidents;
    assert!(incidents[0].causes[0].confidence < 0.8);
    let redis = exception.replace("[Errno", "Error connecting to redis:6379. [Errno");
    let incidents = diagnosis(&redis).incidents;
    assert_eq!(incidents[0].causes[0].id, "channel-layer-unreachable");
    assert!(incidents[0].causes[0].confidence > 0.9);
}

#[test]
fn a_servers_own_time_out_for_pages_ends_no_healthy_socket() {
    // <https://github.com/django/daphne/pull/158>
    let paste = "[2018/02/04 13:01:59] WebSocket CONNECT /test/ [127.0.0.1:39558]\n[2018/02/04 13:02:59] HTTP GET /test/ 503 [60.97, 127.0.0.1:39558]\n[2018/02/04 13:02:59] WebSocket DISCONNECT /test/ [127.0.0.1:39558]\n";
    assert_eq!(shown(paste), ["open-then-dropped: asgi-server-bug"]);
    // A page of another connection may fail as it likes.
    let other = paste.replace(
        "GET /test/ 503 [60.97, 127.0.0.1:39558",
        "GET /api/ 503 [60.97, 127.0.0.1:39560",
    );
    assert_eq!(diagnosis(&other).outcome, Outcome::Healthy);
}

#[test]
fn an_unnamed_server_that_answers_404_may_be_behind_a_proxy() {
    let (sure, unsure) = (
        "[20/Nov/2026 21:06:23] \"GET /ws/board/ HTTP/1.1\" 404 2221\n",
        "Not Found: /ws/board/\n",
    );
    let confidence = |paste: &str| diagnosis(paste).incidents[0].causes[0].confidence;
    assert_eq!(shown(sure), ["http-only: wsgi-server"]);
    assert!(confidence(sure) > 0.8);
    assert!(confidence(unsure) < 0.6);
}

#[test]
fn firefox_lists_the_handshake_as_a_request() {
    // <https://github.com/RocketChat/Rocket.Chat/issues/1146>
    let paste = "GET https://chat.example.com/sockjs/027/xwub85zj/websocket [HTTP/1.1 400 Bad Request 279ms]\nFirefox can't establish a connection to the server at wss://chat.example.com/sockjs/027/xwub85zj/websocket. app.js:39\n";
    assert_eq!(shown(paste), ["http-only: proxy-no-upgrade"]);
    // Another transport's request for the same path is none, and what was switched is not refused
    // (<https://github.com/jrief/django-websocket-redis/issues/20>).
    for other in [
        "[HTTP/1.1 101 Web Socket Protocol Handshake 8015ms]",
        "?transport=polling [HTTP/1.1 400 Bad Request 3ms]",
    ] {
        let (address, answer) = other.split_at(
            other
                .find(' ')
                .filter(|_| other.starts_with('?'))
                .unwrap_or(0),
        );
        let paste = format!(
            "GET http://192.0.2.7/ws/usage{address} {}\nFirefox can't establish a connection to the server at ws://192.0.2.7/ws/usage.\n",
            answer.trim()
        );
        assert_eq!(
            diagnosis(&paste).outcome,
            Outcome::InsufficientEvidence,
            "{paste}"
        );
    }
}

#[test]
fn a_page_whose_other_requests_fail_did_not_change_its_mind() {
    let given_up = "WebSocket connection to 'wss://db.example.com/realtime/v1/websocket' failed: WebSocket is closed before the connection is established.\n";
    let paste = format!(
        "Failed to load resource: net::ERR_EMPTY_RESPONSE\nError fetching categories: TypeError: Failed to fetch\n{given_up}"
    );
    let causes = &diagnosis(&paste).incidents[0].causes;
    assert_ne!(causes[0].id, "client-closed-early");
    assert_eq!(
        shown(given_up),
        ["accepted-then-closed: client-closed-early"]
    );
}

#[test]
fn traefik_1_leaves_quotes_unescaped() {
    // <https://github.com/traefik/traefik/issues/2891>
    let paste = "time=\"2018-02-19T16:30:59Z\" level=error msg=\"vulcand/oxy/forward/websocket: Error dialing \"app.example\": websocket: bad handshake with resp: 200 200 OK\" \n";
    assert_eq!(shown(paste), ["http-only: proxy-no-upgrade"]);
}

#[test]
fn a_check_asks_for_the_path_of_the_logs() {
    let commands = |paste: &str| {
        let incidents = diagnosis(paste).incidents;
        let checks = incidents[0].next_checks.iter();
        checks
            .filter_map(|one| one.command.clone())
            .collect::<Vec<_>>()
            .join("\n")
    };
    let refused = "WebSocket connection to 'ws://localhost:9001/live/42/feed/' failed: Error during WebSocket handshake: Unexpected response code: 404\n";
    let asked = commands(refused);
    assert!(
        asked.contains("http://127.0.0.1:9001/live/42/feed/"),
        "{asked}"
    );
    // A path is hostile text: a shell gets none that it would read as more than a name.
    let asked = commands(&refused.replace("feed", "$(id)"));
    assert!(!asked.contains("$(id)"), "{asked}");
}

#[test]
fn a_client_that_leaves_after_seconds_was_not_answered() {
    // <https://github.com/jacobian/channels-example/issues/25>
    let paste = "[2017/04/11 10:15:14] WebSocket HANDSHAKING /chat/sam/ [127.0.0.1:63163]\nchat connect room=sam client=127.0.0.1:63163\n[2017/04/11 10:15:16] WebSocket DISCONNECT /chat/sam/ [127.0.0.1:63163]\n";
    let incidents = diagnosis(paste).incidents;
    assert_eq!(incidents[0].causes[0].id, "handshake-timeout");
    assert!(incidents[0].causes[0].confidence < 0.6);
}
