//! What a server's errors show by themselves: a few lines around an exception, as people paste them,
//! without the handshake they belong to.

use super::material::RULES;
use wswhy::diagnosis::{Diagnosis, Outcome, diagnose};
use wswhy::input::from_text;

fn diagnosis(log: &str) -> Diagnosis {
    diagnose(&[from_text("server.log", log)].concat(), &RULES, &[])
}

/// `pattern: cause` of the first incident, as `log` shows it.
fn shown(log: &str) -> String {
    let diagnosis = diagnosis(log);
    let Some(incident) = diagnosis.incidents.first() else {
        return format!("{:?}", diagnosis.outcome);
    };
    let cause = incident.causes.first().map_or("-", |cause| &cause.id);
    format!("{}: {cause}", incident.pattern)
}

/// How sure the program is of what it names first.
fn confidence(log: &str) -> f64 {
    let diagnosis = diagnosis(log);
    let first = diagnosis.incidents.first();
    first
        .and_then(|incident| incident.causes.first())
        .map_or(0.0, |cause| cause.confidence)
}

const CONSUMER: &str = r#"  File "/srv/venv/lib/python3.11/site-packages/channels/consumer.py", line 58, in __call__
    await await_many_dispatch(
  File "/srv/venv/lib/python3.11/site-packages/channels/utils.py", line 50, in await_many_dispatch
    await dispatch(result)"#;

#[test]
fn an_error_of_connect_is_a_refusal() {
    let log = "  File \"/srv/app/board/consumers.py\", line 18, in connect\n    if self.scope[\"user\"].is_anonymous:\nKeyError: 'user'\nWebSocket DISCONNECT /ws/board/1/ [127.0.0.1:54912]";
    assert_eq!(shown(log), "consumer-refused: auth-middleware-missing");
    let lines: Vec<String> = log.lines().map(|line| format!("# {line}")).collect();
    let commented = lines.join("\n");
    assert_eq!(
        shown(&commented),
        "consumer-refused: auth-middleware-missing"
    );
}

#[test]
fn an_end_right_behind_an_error_is_of_that_connection() {
    let log = "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 6379)\nWebSocket DISCONNECT /ws/board/4/ [127.0.0.1:33235]";
    assert_eq!(shown(log), "consumer-refused: channel-layer-unreachable");
    let diagnosis = diagnosis(log);
    assert_eq!(diagnosis.incidents.len(), 1);
    assert_eq!(
        diagnosis.incidents[0].route.as_deref(),
        Some("/ws/board/4/")
    );
}

#[test]
fn a_wait_for_the_layer_starts_when_connect_has_returned() {
    let wait = |error: &str| {
        format!(
            "ERROR    Exception inside application: {error}\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python3.11/site-packages/channels/utils.py\", line 58, in await_many_dispatch\n    await task\n  File \"/srv/venv/lib/python3.11/site-packages/channels_redis/core.py\", line 492, in receive\n    message_channel, message = await self.receive_single(\nredis.exceptions.{error}"
        )
    };
    assert_eq!(
        shown(&wait(
            "ConnectionError: Error 111 connecting to redis:6379. Connection refused."
        )),
        "accepted-then-closed: channel-layer-unreachable"
    );
    assert_eq!(
        shown(&wait("ConnectionError: Connection closed by server.")),
        "open-then-dropped: channel-layer-unreachable"
    );
    assert_eq!(
        shown(&wait("TimeoutError: Timeout reading from redis:6379")),
        "open-then-dropped: channel-layer-timeout"
    );
}

#[test]
fn a_name_that_does_not_resolve_need_not_be_the_layers() {
    let log = "2026-11-20 21:06:19,494 ERROR    Exception inside application: [Errno -2] Name or service not known\nTraceback (most recent call last):\n  File \"/srv/app/desk/consumers.py\", line 31, in receive\n    self.peer = socket.create_connection((\"gateway\", 4822))\n  File \"/usr/lib/python3.11/socket.py\", line 827, in create_connection\n    for res in getaddrinfo(host, port, 0, SOCK_STREAM):\nsocket.gaierror: [Errno -2] Name or service not known";
    assert_eq!(
        shown(log),
        "open-then-dropped: consumer-exception-after-accept"
    );
}

#[test]
fn an_exception_somewhere_in_the_consumer_leaves_the_accept_open() {
    let log = format!(
        "2026-11-20 21:06:21,904 - ERROR - server - Exception inside application: 'NoneType' object is not iterable\n{CONSUMER}"
    );
    assert!(confidence(&log) < 0.7, "{}", confidence(&log));
    let begun = format!(
        "[2026/11/20 21:06:21] WebSocket HANDSHAKING /ws/board/1/ [127.0.0.1:54103]\n{log}\n[2026/11/20 21:06:21] WebSocket DISCONNECT /ws/board/1/ [127.0.0.1:54103]"
    );
    assert_eq!(
        shown(&begun),
        "consumer-refused: consumer-exception-before-accept"
    );
    assert!(confidence(&begun) > confidence(&log));
}

#[test]
fn the_worker_of_channels_1_names_the_function() {
    let log = |function: &str| {
        format!(
            "2026-11-20 21:06:11,823 - ERROR - worker - Error processing message with consumer board.consumers.{function}:\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python3.5/site-packages/channels/worker.py\", line 119, in run\n    consumer(message, **kwargs)\n  File \"/srv/venv/lib/python3.5/site-packages/channels/sessions.py\", line 78, in inner\n    return func(*args, **kwargs)\nAttributeError: type object 'Session' has no attribute 'get_user'"
        )
    };
    assert_eq!(
        shown(&log("ws_connect")),
        "consumer-refused: consumer-exception-before-accept"
    );
    assert!(
        confidence(&log("ws_disconnect")) < 0.5,
        "an end that failed says nothing of the connection"
    );
}

#[test]
fn a_cut_traceback_of_the_servers_entry_is_no_bug_of_the_server() {
    let entry = "Exception in ASGI application\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python3.11/site-packages/uvicorn/protocols/websockets/wsproto_impl.py\", line 249, in run_asgi\n    result = await self.app(self.scope, self.receive, self.send)\n             ^^^^^^^^";
    assert_eq!(diagnosis(entry).outcome, Outcome::InsufficientEvidence);
    let inside = "CRITICAL Unhandled Error\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python3.11/site-packages/daphne/server.py\", line 126, in run\n    reactor.run(installSignalHandlers=self.signal_handlers)\n  File \"/srv/venv/lib/python3.11/site-packages/twisted/internet/base.py\", line 878, in runUntilCurrent\n    call.func(*call.args, **call.kw)";
    assert_eq!(shown(inside), "server-only: asgi-server-bug");
    let client = "Unhandled Error\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python3.11/site-packages/twisted/python/log.py\", line 101, in callWithLogger\n    return callWithContext({\"system\": lp}, func, *args, **kw)";
    assert!(diagnosis(client).incidents.is_empty());
}

#[test]
fn a_plain_request_is_no_websocket() {
    let daphne = "2026-11-20 21:06:12,344 - ERROR - http_protocol - Traceback (most recent call last):\n  File \"/srv/venv/lib/python3.6/site-packages/channels/routing.py\", line 140, in __call__\n    raise ValueError(\"No route found for path %r.\" % path)\nValueError: No route found for path 'favicon.ico'.";
    assert_eq!(diagnosis(daphne).outcome, Outcome::InsufficientEvidence);
    let uvicorn = "ERROR: Exception in ASGI application\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python3.11/site-packages/uvicorn/protocols/http/httptools_impl.py\", line 388, in run_asgi\n    asgi = app(self.scope)\nTypeError: __call__() missing 2 required positional arguments: 'receive' and 'send'";
    assert_eq!(diagnosis(uvicorn).outcome, Outcome::InsufficientEvidence);
}

#[test]
fn what_fails_before_the_server_serves_leaves_no_logs() {
    let command = "Traceback (most recent call last):\n  File \"/srv/venv/lib/python3.11/site-packages/django/core/management/base.py\", line 328, in run_from_argv\n    self.execute(*args, **cmd_options)\n  File \"/srv/venv/lib/python3.11/site-packages/django/core/management/commands/runserver.py\", line 60, in execute\n    super().execute(*args, **options)\ndjango.core.exceptions.SynchronousOnlyOperation: You cannot call this from an async context - use a thread or sync_to_async.";
    assert_eq!(shown(command), "no-logs: app-startup-failure");
    let lock = "CRITICAL Listen failure: Couldn't listen on any:b'/run/board/daphne.sock': Cannot acquire lock.";
    assert_eq!(shown(lock), "no-logs: address-in-use");
    let worker = "Exception in thread Thread-4:\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python2.7/site-packages/channels/management/commands/runserver.py\", line 153, in run\n    worker.run()\n  File \"/srv/venv/lib/python2.7/site-packages/channels/worker.py\", line 79, in run\n    channel, content = self.channel_layer.receive_many(channels, block=True)";
    assert_ne!(shown(worker), "no-logs: app-startup-failure");
}

#[test]
fn a_startup_error_reported_of_a_request_was_raised_while_serving() {
    let log = format!("ERROR    Exception inside application: Apps aren't loaded yet.\n{CONSUMER}");
    assert_eq!(shown(&log), "consumer-refused: app-startup-failure");
}

#[test]
fn a_full_layer_is_told_by_whoever_sends() {
    let log = "2026-11-20 21:06:51,230 INFO     channels_redis.core 1 of 4 channels over capacity in group board_7\n2026-11-20 21:06:51,231 INFO     channels_redis.core 1 of 1 channels over capacity in group events";
    assert_eq!(shown(log), "open-but-silent: channel-layer-full");
}

#[test]
fn a_denial_is_a_refusal_also_where_it_is_logged_as_an_exception() {
    let log = "Exception in ASGI application\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python3.12/site-packages/channels/generic/websocket.py\", line 183, in websocket_connect\n    await self.connect()\n  File \"/srv/app/board/consumer.py\", line 74, in connect\n    raise DenyConnection()\nchannels.exceptions.DenyConnection";
    assert_eq!(shown(log), "consumer-refused: consumer-rejected");
}

#[test]
fn source_code_around_an_error_is_not_the_error() {
    let log = "channels/generic/websocket.py in websocket_disconnect at line 238\n        except AttributeError:\n            raise InvalidChannelLayerError(\n                \"BACKEND is unconfigured or doesn't support groups\"\n            )\n        await self.disconnect(message[\"code\"])\nKeyError: 'code'";
    assert_ne!(shown(log), "consumer-refused: channel-layer-not-configured");
    assert!(confidence(log) < 0.5);
}

#[test]
fn a_journal_that_names_the_server_clears_it_of_being_wsgi() {
    let log = "Nov 20 21:06:04 web01 daphne[12445]: Not Found: /ws/board/7/\nNov 20 21:06:04 web01 daphne[12445]: 2026-11-20 21:06:04,223 WARNING  Not Found: /ws/board/7/";
    assert_eq!(shown(log), "http-only: proxy-no-upgrade");
    let django = log.replace("daphne[12445]", "python[12445]");
    assert_eq!(shown(&django), "http-only: wsgi-server");
}
