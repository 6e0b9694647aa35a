//! The same fault as other applications, formats and filters show it: what a log says must not depend on
//! how often a line stands in it, and nothing may rest on lines that a filter left out.

use super::material::RULES;
use wswhy::diagnosis::{Diagnosis, Outcome, diagnose};
use wswhy::input::from_text;

fn diagnosis(log: &str) -> Diagnosis {
    diagnose(&[from_text("server.log", log)].concat(), &RULES, &[])
}

/// The first cause and its confidence, of the first incident.
fn first(log: &str) -> Option<(String, f64)> {
    let incident = diagnosis(log).incidents.into_iter().next()?;
    let cause = incident.causes.first()?;
    Some((cause.id.clone(), cause.confidence))
}

#[test]
fn two_handlers_of_one_format_make_no_second_connection() {
    let line = "INFO 2026-11-21 03:40:15,033 consumers 3811 140377021894464 WebSocket connection attempt - User: sam, Is Authenticated: True\n";
    let log = |copies: usize| {
        format!(
            "127.0.0.1:39760 - - [21/Nov/2026:03:40:14] \"WSCONNECTING /ws/board/\" - -\n{}127.0.0.1:39760 - - [21/Nov/2026:03:40:15] \"WSCONNECT /ws/board/\" - -\n127.0.0.1:39760 - - [21/Nov/2026:03:41:55] \"WSDISCONNECT /ws/board/\" - -\n",
            line.repeat(copies)
        )
    };
    for copies in [1, 2] {
        assert_eq!(
            diagnosis(&log(copies)).outcome,
            Outcome::Healthy,
            "{copies}"
        );
    }
    // With an exception that Daphne logs late, the failure is the connection's own, not a second one's.
    let late = "2026-11-21 03:40:15,797 ERROR    Exception inside application: Object of type datetime is not JSON serializable\nTraceback (most recent call last):\n  File \"/srv/venv/lib/python3.11/site-packages/channels/generic/websocket.py\", line 180, in websocket_connect\n    await self.connect()\n  File \"/srv/board/live/consumers.py\", line 21, in connect\n    await self.send(text_data=json.dumps(state))\n  File \"/usr/lib/python3.11/json/encoder.py\", line 180, in default\n    raise TypeError(f'Object of type {o.__class__.__name__} '\nTypeError: Object of type datetime is not JSON serializable\n";
    let failed = log(2).replace("03:41:55", "03:40:15") + late;
    let incidents = diagnosis(&failed).incidents;
    let routes: Vec<Option<&str>> = incidents.iter().map(|one| one.route.as_deref()).collect();
    assert_eq!(routes, [Some("/ws/board/")]);
}

#[test]
fn what_a_filter_left_of_a_traceback_does_not_place_it() {
    // `grep -i auth` keeps the one frame that every traceback behind this middleware has.
    let left = "INFO WebSocket /socket/orders/: authenticated sam\n  File \"/app/orders/auth.py\", line 26, in __call__\n";
    assert_eq!(first(left), None);
    // That connect() raised stands there; what it raised does not.
    let left = "127.0.0.1:38818 - - [21/Nov/2026:03:32:03] \"WSCONNECTING /live/ticker/\" - -\n  File \"/srv/venv/lib/python3.11/site-packages/channels/generic/websocket.py\", line 180, in websocket_connect\n    await self.connect()\n  File \"/opt/live/sockets.py\", line 11, in connect\n127.0.0.1:38818 - - [21/Nov/2026:03:32:04] \"WSDISCONNECT /live/ticker/\" - -\n";
    let (cause, confidence) = first(left).unwrap();
    assert_eq!(cause, "consumer-exception-before-accept");
    assert!(confidence < 0.7, "{confidence}");
}

#[test]
fn lines_that_all_say_the_same_were_picked_out() {
    let line = "INFO WebSocket /socket/orders/: authenticated sam\n";
    for copies in [1, 3] {
        let found = diagnosis(&line.repeat(copies));
        assert_eq!(found.outcome, Outcome::InsufficientEvidence, "{copies}");
    }
}

#[test]
fn a_message_alone_is_no_connection() {
    for alone in ["received text: hello\n", "message received\n"] {
        let found = diagnosis(alone);
        assert_eq!(found.outcome, Outcome::InsufficientEvidence, "{alone}");
        assert!(found.healthy_routes.is_empty());
    }
}

#[test]
fn an_anonymous_user_behind_an_own_middleware_need_not_lack_a_session() {
    let consumer = "[2026-11-21 03:39:37,994] INFO monitoring.consumers: feed: visitor AnonymousUser\n[2026-11-21 03:39:37,994] WARNING monitoring.consumers: WebSocket connection rejected\n";
    let log = |middleware: &str| {
        format!(
            "127.0.0.1:39700 - - [21/Nov/2026:03:39:37] \"WSCONNECTING /ws/board/\" - -\n{middleware}{consumer}127.0.0.1:39700 - - [21/Nov/2026:03:39:37] \"WSREJECT /ws/board/\" - -\n"
        )
    };
    let (cause, sure) = first(&log("")).unwrap();
    assert_eq!(cause, "session-missing");
    assert!(sure > 0.7, "{sure}");
    let spoke = "[2026-11-21 03:39:37,992] WARNING core.middleware: TicketGate: past its date\n";
    let (_, unsure) = first(&log(spoke)).unwrap();
    assert!(unsure < 0.7, "{unsure}");
}

#[test]
fn an_accept_may_be_out_of_sight() {
    // The tail of a log: the handshake began before its first line.
    let tail = "2026-11-21 03:36:46,639 INFO live.consumers: [Ticker] connect from sam\n127.0.0.1:53586 - - [21/Nov/2026:03:36:49] \"WSDISCONNECT /live/ticker/\" - -\n";
    let confidence = first(tail).map_or(0.0, |(_, confidence)| confidence);
    assert!(confidence < 0.6, "{confidence}");
}

#[test]
fn a_log_in_which_every_line_stands_twice_tells_of_one_connection() {
    let lines = [
        "INFO:     Application startup complete.",
        "INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)",
        "INFO OrderFeed connect from sam",
        "INFO:     127.0.0.1:51670 - \"WebSocket /ws/orders/\" [accepted]",
        "INFO:     connection open",
        "INFO OrderFeed disconnect, code 1001",
    ];
    for copies in [1, 2] {
        let log: String = lines
            .iter()
            .map(|line| format!("{line}\n").repeat(copies))
            .collect();
        assert_eq!(diagnosis(&log).outcome, Outcome::Healthy, "{copies}");
    }
}

#[test]
fn stamps_of_whole_seconds_do_not_show_that_a_page_left_its_next_socket_at_once() {
    let line = |port: u16, second: u8, what: &str| {
        format!("127.0.0.1:{port} - - [21/Nov/2026:03:40:{second:02}] \"{what} /ws/queue/\" - -\n")
    };
    let log = |second_left: u8| {
        [
            line(48922, 4, "WSCONNECTING"),
            line(48922, 4, "WSCONNECT"),
            line(48922, 4, "WSDISCONNECT"),
            line(48936, 4, "WSCONNECTING"),
            line(48936, 4, "WSCONNECT"),
            line(48936, second_left, "WSDISCONNECT"),
        ]
        .concat()
    };
    for second_left in [5, 6] {
        let outcome = diagnosis(&log(second_left)).outcome;
        assert_eq!(outcome, Outcome::Healthy, "{second_left}");
    }
}

#[test]
fn a_refusal_alone_does_not_show_that_no_reason_was_stated() {
    let asked = "127.0.0.1:39374 - - [20/Nov/2026:21:06:01] \"WSCONNECTING /ws/dashboard/\" - -\n";
    let answered = "127.0.0.1:39374 - - [20/Nov/2026:21:06:01] \"WSREJECT /ws/dashboard/\" - -\n";
    let called = "[2026-11-20 21:06:01,165] INFO live.consumers: BoardConsumer.connect called\n";
    let unauthenticated = "[2026-11-20 21:06:01,167] WARNING core.middleware: [JWT Middleware] Rejecting unauthenticated connection\n";
    let rejected =
        "[2026-11-20 21:06:01,167] WARNING live.consumers: WebSocket connection rejected\n";
    let anonymous = format!(
        "[2026-11-20 21:06:01,166] INFO monitoring.consumers: feed: visitor AnonymousUser\n{rejected}"
    );
    for (cause, before, refusal, behind) in [
        ("auth-rejected", asked, unauthenticated, answered),
        ("consumer-rejected", called, rejected, ""),
        ("session-missing", asked, &anonymous, answered),
    ] {
        let (whole, sure) = first(&[before, refusal, behind].concat()).expect("a cause");
        let (alone, less) = first(refusal).expect("a cause");
        assert_eq!([whole.as_str(), &alone], [cause; 2]);
        assert!(sure > 0.75 && less < 0.7, "{cause}: {sure} {less}");
    }
}

#[test]
fn a_request_that_asks_for_a_websocket_is_a_handshake_whatever_its_path() {
    let line = |headers: &str| {
        format!(
            "{{\"level\":\"error\",\"ts\":1718609135.888,\"logger\":\"http.log.access.log0\",\"msg\":\"handled request\",\"request\":{{\"remote_ip\":\"203.0.113.9\",\"method\":\"GET\",\"uri\":\"/live/\",\"headers\":{{{headers}}}}},\"status\":403}}\n"
        )
    };
    let page = diagnosis(&line("\"Accept\":[\"*/*\"]"));
    assert_eq!(page.outcome, Outcome::InsufficientEvidence);
    let asked = line("\"Upgrade\":[\"websocket\"]");
    let handshake = diagnosis(&asked);
    assert_eq!(handshake.outcome, Outcome::Failing);
    assert_eq!(handshake.incidents[0].route.as_deref(), Some("/live/"));
}
