//! Wrappers, by the lines that people have.

use super::*;

type Shown<'a> = (Option<&'a str>, &'a str);

fn stripped(input: &str) -> Vec<Line> {
    let lines = (1..).zip(input.split('\n'));
    let mut lines: Vec<Line> = lines
        .map(|(number, text)| Line::new(number, text))
        .collect();
    let count = lines.len() as u64;
    let set_aside = strip(&mut lines);
    assert_eq!(lines.len() as u64 + set_aside, count);
    lines
}

#[track_caller]
fn check(input: &str, expected: &[Shown<'_>]) {
    let lines = stripped(input);
    let shown: Vec<Shown<'_>> = lines
        .iter()
        .map(|line| {
            let process = line
                .wrapper
                .as_ref()
                .and_then(|wrapper| wrapper.process.as_deref());
            (process, line.text.as_str())
        })
        .collect();
    assert_eq!(shown, expected);
}

/// No line may be taken for wrapped.
#[track_caller]
fn check_untouched(input: &str) {
    for (line, text) in stripped(input).iter().zip(input.split('\n')) {
        assert_eq!((line.text.as_str(), &line.wrapper), (text, &None));
    }
}

fn stamp(line: &Line) -> crate::stamp::Stamp {
    line.wrapper.as_ref().unwrap().stamp.unwrap()
}

#[test]
fn compose_of_both_versions() {
    check(
        "web_1  | INFO x\nhall-core-web-1  |   File \"a\"\nweb-1  |\nweb-1 exited with code 1",
        &[
            (Some("web_1"), "INFO x"),
            (Some("hall-core-web-1"), "  File \"a\""),
            (Some("web-1"), ""),
            (None, "web-1 exited with code 1"),
        ],
    );
}

#[test]
fn compose_names_without_number_by_their_column() {
    check(
        "django  | INFO:     up\ndjango  |   File \"a\"\nredis   | ready",
        &[
            (Some("django"), "INFO:     up"),
            (Some("django"), "  File \"a\""),
            (Some("redis"), "ready"),
        ],
    );
    check_untouched("INFO | a\nERROR | b\nINFO | c");
    check_untouched("channels | a\nsockets.core | b");
    check_untouched(
        "2022-01-28 18:10:11.473 | ERROR    | daphne.server:application_checker:290 - x",
    );
}

#[test]
fn process_managers() {
    check(
        "10:00:00 web.1  | INFO x\n0|api  | INFO y",
        &[(Some("web.1"), "INFO x"), (Some("api"), "INFO y")],
    );
    assert_eq!(
        stamp(&stripped("10:00:00 web.1  | INFO x")[0]).wall_ms,
        36_000_000
    );
}

#[test]
fn compose_with_times_is_two_deep() {
    let lines = stripped("web-1  | 2024-02-12T16:25:00.896092556Z ERROR:asyncio:never retrieved");
    assert_eq!(lines[0].text, "ERROR:asyncio:never retrieved");
    assert_eq!(
        lines[0].wrapper.as_ref().unwrap().process.as_deref(),
        Some("web-1")
    );
    assert_eq!(stamp(&lines[0]).wall_ms, 1_707_755_100_896);
}

#[test]
fn platform_stamps() {
    check(
        "2021-09-26T03:41:55.102334500Z   File \"a\"\n2021-09-26T03:41:55.102451800Z \n2021-09-26T03:41:55.1024518Z",
        &[(None, "  File \"a\""), (None, ""), (None, "")],
    );
    check(
        "2024-02-12T16:25:00.1Z 2024-02-12 16:25:00,100 INFO x",
        &[(None, "2024-02-12 16:25:00,100 INFO x")],
    );
    check(
        "2024-02-12T16:25:00.1Z ERROR x\n2024-02-12T16:25:00.1Z Traceback (most recent call last):",
        &[
            (None, "ERROR x"),
            (None, "Traceback (most recent call last):"),
        ],
    );
}

#[test]
fn a_loggers_own_stamp_stays() {
    check_untouched(
        "2024-02-12T16:25:00.896Z INFO x\n2024-02-12T16:25:01.000Z ERROR y\n  File \"a\"",
    );
    check_untouched("2024-02-12T16:25:00 ERROR channels.server: x");
    check_untouched("2024-02-12T16:25:00    INFO x\n2024-02-12T16:25:00   ERROR y");
    check_untouched("2024-06-01 10:00:00,000 ERROR x");
    check_untouched("2020-08-26T19:46:25+00:00 ERROR ws_protocol.py:123 x");
}

#[test]
fn container_runtime_lines_are_joined() {
    check(
        "2016-10-06T00:17:09.669794202Z stdout P INFO half \n2016-10-06T00:17:09.669794203Z stdout F a line\n2016-10-06T00:17:10.1Z stderr F next",
        &[(None, "INFO half a line"), (None, "next")],
    );
}

#[test]
fn kubectl_prefixes() {
    check(
        "[pod/web-6d4/web] INFO x",
        &[(Some("web-6d4/web"), "INFO x")],
    );
    check(
        "[pod/web-6d4/web] 2024-02-12T16:25:00.896092556Z   File \"a\"",
        &[(Some("web-6d4/web"), "  File \"a\"")],
    );
}

#[test]
fn concurrently_tags() {
    check(
        "[1] [2017/03/31 03:13:09] HTTP GET /\n[1]   File \"a\"\n[0] webpack built",
        &[
            (Some("1"), "[2017/03/31 03:13:09] HTTP GET /"),
            (Some("1"), "  File \"a\""),
            (Some("0"), "webpack built"),
        ],
    );
    check(
        "[server] INFO:     x\n[client] ready",
        &[(Some("server"), "INFO:     x"), (Some("client"), "ready")],
    );
}

#[test]
fn brackets_of_logs_are_no_tags() {
    for input in [
        "[2023-07-04 11:08:02 +0000] [14] [INFO] x",
        "[14] [INFO] Booting worker\n[14] [INFO] x",
        "[08/Nov/2022 15:01:19] \"GET /ws/ HTTP/1.1\" 404 2221",
        "[2017/07/18 10:49:55] WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094]",
        "[JWT Middleware] Path: /ws/x/\n[DashboardConsumer] Connection attempt",
        "[WebSocket] Error: Event {isTrusted: true}\n[WebSocket] ReadyState: 3",
        "[INFO] x\n[error] y",
        "[consumers] a\n[middleware] b",
    ] {
        check_untouched(input);
    }
}

#[test]
fn journald_and_syslog() {
    check(
        "Aug 25 09:44:24 app02 daphne[1106]: 2018-08-25 07:44:24,421 DEBUG    x\nAug  5 09:44:24 app02 daphne[1106]:   File \"a\"\n<30>Aug 25 09:44:24 app02 web: y\n2018-08-25T09:44:24+0000 app02 daphne[1]: z",
        &[
            (Some("daphne[1106]"), "2018-08-25 07:44:24,421 DEBUG    x"),
            (Some("daphne[1106]"), "  File \"a\""),
            (Some("web"), "y"),
            (Some("daphne[1]"), "z"),
        ],
    );
    check(
        "<165>1 2003-10-11T22:14:15.003Z host daphne 12 ID47 [a@1 b=\"c\"] INFO x\n<134>1 2003-10-11T22:14:15Z host web - - - INFO y\n83 <40>1 2012-11-30T06:45:29+00:00 host app web.3 - INFO z",
        &[
            (Some("daphne[12]"), "INFO x"),
            (Some("web"), "INFO y"),
            (Some("app[web.3]"), "INFO z"),
        ],
    );
}

#[test]
fn syslog_takes_its_year_from_the_line_inside() {
    let lines =
        stripped("Dec 31 23:59:59 a d[1]: 2018-12-31 23:59:59,1 x\nJan  1 00:00:01 a d[1]: y");
    assert_eq!(stamp(&lines[0]).wall_ms, 1_546_300_799_000);
    assert_eq!(stamp(&lines[1]).wall_ms, 1_546_300_801_000);
    assert!(!stamp(&stripped("Dec 31 23:59:59 a d[1]: x")[0]).dated);
}

#[test]
fn platforms() {
    check(
        "2020-10-05T19:46:48.472964+00:00 app[web.1]: ERROR x\n2020-10-05T19:46:48.472964+00:00 heroku[router]: at=error code=H15\nheroku[router]: at=error\nDec 29 21:10:17 quiz heroku/router: at=error\n2023-05-11T10:30:02.123 app[148e] ams [info] INFO x",
        &[
            (Some("app[web.1]"), "ERROR x"),
            (Some("heroku[router]"), "at=error code=H15"),
            (Some("heroku[router]"), "at=error"),
            (Some("heroku/router"), "at=error"),
            (Some("app[148e]"), "INFO x"),
        ],
    );
}

#[test]
fn streams_and_pipelines() {
    check(
        "2024-01-01T00:00:00.000000+00:00 ecs/web/0123456789abcdef0123 INFO x\ntest\tRun tests\t2024-02-12T16:25:00.8960925Z INFO y",
        &[
            (Some("ecs/web/0123456789abcdef0123"), "INFO x"),
            (Some("test"), "INFO y"),
        ],
    );
}

#[test]
fn json_of_collectors() {
    check(
        "{\"log\":\"INFO x\\n\",\"stream\":\"stderr\",\"time\":\"2024-01-01T00:00:00.5Z\"}\n{\"log\":\"half \",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:00Z\"}\n{\"log\":\"line\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:00Z\"}\n{\"MESSAGE\":\"a\\n  b\",\"__REALTIME_TIMESTAMP\":\"1535182964421000\",\"SYSLOG_IDENTIFIER\":\"daphne\",\"_PID\":\"11\"}\n{\"MESSAGE\":[73,78],\"_PID\":\"1\"}",
        &[
            (None, "INFO x"),
            (None, "half line"),
            (Some("daphne[11]"), "a\n  b"),
            (None, "IN"),
        ],
    );
    check_untouched("{\"timestamp\": \"x\", \"level\": \"INFO\", \"message\": \"y\"}");
    check_untouched("{\"log\":{\"version\":\"1.2\"}}");
}

#[test]
fn tables_of_log_viewers() {
    let lines = stripped(
        "| time | text |\n|---|---|\n| 2024-01-01 10:00:02 | INFO b \\| c |\n| 2024-01-01 10:00:01 | INFO a |",
    );
    let shown: Vec<(u64, &str)> = lines
        .iter()
        .map(|line| (line.number, line.text.as_str()))
        .collect();
    assert_eq!(shown, [(4, "INFO a"), (3, "INFO b | c")]);
    assert!(stamp(&lines[0]) < stamp(&lines[1]));
}

#[test]
fn ordinary_lines_stay() {
    for input in [
        "INFO:     127.0.0.1:45656 - \"WebSocket /ws\" [accepted]",
        "127.0.0.1:53609 - - [16/Mar/2017:18:40:33] \"WSCONNECTING /ws/7\" - -",
        "DEBUG:websockets.server:> CLOSE 1009 (message too big) [2 bytes]",
        "12:30:01 foo",
        "May 5 is a day",
        "203.0.113.9 - - [22/Aug/2018:16:47:53 +0000] \"GET /ws/x HTTP/1.1\" 499 0",
        "2018/11/30 21:23:26 [error] 118#0: *20871 recv() failed",
        "useWebSocket.js:13 WebSocket connection to 'ws://a|b' failed:",
        "│ some rich | text │",
        "{not json",
        "<Task pending name='x'>",
    ] {
        check_untouched(input);
    }
}
