//! Headers in the formats that people configure.

use super::*;

/// Level's first letter, logger and message of a line, and whether it has a stamp.
fn shown(text: &str) -> String {
    LoggerHeader.parse(text).map_or_else(
        || "none".to_owned(),
        |parsed| {
            let level = parsed
                .level
                .map_or("-".to_owned(), |level| format!("{level:?}"));
            let stamp = if parsed.stamp.is_some() { "t" } else { "-" };
            format!(
                "{level} {stamp} {} > {}",
                parsed.logger.as_deref().unwrap_or("-"),
                parsed.message
            )
        },
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn reads_the_formats_of_python() {
    for (line, expected) in [
        (
            "INFO 2024-06-01 10:00:00,000 consumers Connection attempt",
            "Info t consumers > Connection attempt",
        ),
        (
            "INFO 2022-08-20 13:13:00,226 runserver 8841 140377021894464 WebSocket CONNECT /ws/ [127.0.0.1:4]",
            "Info t runserver > WebSocket CONNECT /ws/ [127.0.0.1:4]",
        ),
        (
            "INFO 2022-08-20 13:13:00,226 my_app 8841 1403 hello",
            "Info t my_app > hello",
        ),
        ("INFO connection open", "Info - - > connection open"),
        ("INFO Token for 3 users", "Info - - > Token for 3 users"),
        (
            "2024-06-01 10:00:00,000 INFO chat.consumers: Connection",
            "Info t chat.consumers > Connection",
        ),
        (
            "2024-06-01 10:00:00,000 - chat.consumers - INFO - Connection",
            "Info t chat.consumers > Connection",
        ),
        (
            "2024-06-01 10:00:00,000 - chat - INFO - a - b",
            "Info t chat > a - b",
        ),
        (
            "[2024-06-01 10:00:00,000] INFO [chat.consumers:41] Connection",
            "Info t chat.consumers > Connection",
        ),
        (
            "[2024-06-01 10:00:00,000] INFO [consumers:41] Connection",
            "Info t consumers > Connection",
        ),
        (
            "WARNING:django.request:Not Found: /ws/x/",
            "Warning - django.request > Not Found: /ws/x/",
        ),
        (
            "DEBUG:websockets.server:> CLOSE 1009 (message too big) [2 bytes]",
            "Debug - websockets.server > > CLOSE 1009 (message too big) [2 bytes]",
        ),
        ("ERROR:root:boom", "Error - root > boom"),
        (
            "ERROR:2022-09-20 18:02:47,180 Could NOT establish",
            "Error t - > Could NOT establish",
        ),
        ("[INFO] started", "Info - - > started"),
        (
            "INFO | 2024-06-01 10:00:00 | chat | hello | more",
            "Info t chat > hello | more",
        ),
        (
            "2018-08-22 16:48:04,666 WARNING  dropping connection to peer",
            "Warning t - > dropping connection to peer",
        ),
        (
            "2024-06-01 10:00:00,000 ERROR    Exception inside application: x",
            "Error t - > Exception inside application: x",
        ),
        (
            "INFO:     127.0.0.1:45656 - \"WebSocket /ws/x/\" [accepted]",
            "Info - - > 127.0.0.1:45656 - \"WebSocket /ws/x/\" [accepted]",
        ),
        (
            "[2023-07-04 11:08:02 +0000] [14] [INFO] ('172.19.0.11', 44988) - \"WebSocket /ws/x/\" 403",
            "Info t - > ('172.19.0.11', 44988) - \"WebSocket /ws/x/\" 403",
        ),
        (
            "[2024-06-01 10:00:00,000: INFO/MainProcess] Task x received",
            "Info t - > Task x received",
        ),
        (
            "[2024-06-01 10:00:00,000: WARNING/ForkPoolWorker-2] Task x",
            "Warning t - > Task x",
        ),
        (
            "2022-01-28 18:10:11.473 | ERROR    | daphne.server:application_checker:290 - Exception",
            "Error t daphne.server > Exception",
        ),
        (
            "2017-04-11 10:15:11,479 - INFO - server - Listening on x",
            "Info t server > Listening on x",
        ),
        (
            "2024-06-01 10:00:00,000 INFO /srv/app/x/consumers.py:41 hello",
            "Info t consumers > hello",
        ),
        (
            "2018-07-31 14:59:04,666 daphne.server WARNING Application instance",
            "Warning t daphne.server > Application instance",
        ),
        (
            "2024-06-01 10:00:00 host1 chat.consumers[123] INFO hello",
            "- t - > host1 chat.consumers[123] INFO hello",
        ),
        (
            "[2024-01-01 10:00:00,123] INFO in app: hello",
            "Info t app > hello",
        ),
        (
            "[2025-06-25 08:40:13,207] :: INFO - connection rejected (426 Upgrade Required)",
            "Info t - > connection rejected (426 Upgrade Required)",
        ),
        (
            "[06/20/23 09:15:22] INFO     Sending alive",
            "Info t - > Sending alive",
        ),
        (
            "[08/Nov/2022 15:01:19] \"GET /ws/chat/ HTTP/1.1\" 404 2221",
            "- t - > \"GET /ws/chat/ HTTP/1.1\" 404 2221",
        ),
        (
            "11/Jan/2023 17:19:20] \"GET /chat_ws HTTP/1.1\" 404 3615",
            "- t - > \"GET /chat_ws HTTP/1.1\" 404 3615",
        ),
        (
            "2018/11/30 21:23:26 [error] 118#0: *20871 recv() failed",
            "Error t - > 118#0: *20871 recv() failed",
        ),
        (
            "[2017/08/07 11:49:01] [2017/08/07 11:49:06] WebSocket DISCONNECT /x",
            "- t - > WebSocket DISCONNECT /x",
        ),
        (
            "CRITICAL django.db.utils.OperationalError: too many connections",
            "Critical - - > django.db.utils.OperationalError: too many connections",
        ),
        ("INFO uvicorn.error: x", "Info - uvicorn.error > x"),
        (
            "CRITICAL Listen failure: [Errno 88] Socket",
            "Critical - - > Listen failure: [Errno 88] Socket",
        ),
        (
            "15:40:46.902 | WARNING | flows.events.clients - Unable",
            "Warning t flows.events.clients > Unable",
        ),
    ] {
        assert_eq!(shown(line), expected, "{line}");
    }
}

#[test]
fn a_tag_stays_in_the_message() {
    assert_eq!(
        shown("INFO 2024-06-01 10:00:00,000 [JWT Middleware] Token extracted"),
        "Info t JWT Middleware > [JWT Middleware] Token extracted"
    );
    assert_eq!(
        shown("INFO 2024-06-01 10:00:00,000 consumers [DashboardConsumer] Connection attempt"),
        "Info t consumers > [DashboardConsumer] Connection attempt"
    );
}

#[test]
fn first_words_of_messages_are_not_eaten() {
    for message in [
        "websocket closed",
        "connection open",
        "2 users online",
        "unable to connect",
        "Failed to x",
    ] {
        assert!(
            shown(&format!("INFO {message}")).ends_with(&format!("> {message}")),
            "{message}"
        );
        assert!(
            shown(&format!("2024-06-01 10:00:00,000 INFO {message}"))
                .ends_with(&format!("> {message}")),
            "{message}"
        );
    }
}

#[test]
fn an_inner_header_wins() {
    let parsed = LoggerHeader.parse("15:41:20.119 | ERROR   | flows.observer - 15:40:46.902 | WARNING | flows.clients - Unable").unwrap();
    assert_eq!(
        (
            parsed.level,
            parsed.logger.as_deref(),
            parsed.message.as_str()
        ),
        (Some(Level::Warning), Some("flows.clients"), "Unable")
    );
}

#[test]
fn sentences_are_no_headers() {
    for text in [
        "Error: connect ECONNREFUSED",
        "Listening on x",
        "Not Found: /ws/x/",
        "error while reading",
        "Warning: x",
        "[JWT Middleware] x",
        "127.0.0.1:1 - - [x]",
        "",
        "DEBUG = True",
    ] {
        assert_eq!(shown(text), "none", "{text}");
    }
}
