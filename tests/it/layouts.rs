//! The same story in the layouts that people configured: nginx 1.22 behind four log formats, and an
//! application behind the loggers of five libraries. What is said must not depend on the layout.

use super::program::run_in;
use serde_json::Value;
use std::fs;

/// The JSON report on one file.
fn report_on(name: &str, text: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let output = run_in(folder.path())
        .args(["--format", "json", name])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Route, pattern and first cause of every incident.
fn told(report: &Value) -> Vec<String> {
    let incidents = report["incidents"].as_array().unwrap();
    incidents
        .iter()
        .map(|incident| {
            format!(
                "{} {} {}",
                incident["route"].as_str().unwrap_or("-"),
                incident["pattern"].as_str().unwrap(),
                incident["diagnoses"][0]["cause"].as_str().unwrap_or("-")
            )
        })
        .collect()
}

#[test]
fn an_access_log_of_any_format_tells_the_same() {
    let formats = [
        // combined
        r#"203.0.113.9 - - [21/Nov/2026:06:17:32 +0000] "GET /ws/dead/ HTTP/1.1" 502 559 "-" "curl/7.88.1"
203.0.113.9 - - [21/Nov/2026:06:17:33 +0000] "GET /ws/left/ HTTP/1.1" 499 0 "-" "curl/7.88.1"
203.0.113.9 - - [21/Nov/2026:06:17:36 +0000] "GET /ws/chat/ HTTP/1.1" 101 0 "-" "curl/7.88.1""#,
        // unquoted columns
        "2026-11-21T06:17:32+00:00 203.0.113.9 GET /ws/dead/ 502 0.001 127.0.0.1:18498 502 websocket
2026-11-21T06:17:33+00:00 203.0.113.9 GET /ws/left/ 499 0.061 127.0.0.1:18400 - websocket
2026-11-21T06:17:36+00:00 203.0.113.9 GET /ws/chat/ 101 3.003 127.0.0.1:18400 101 websocket",
        // escape=json, nginx' own names
        r#"{"time":"2026-11-21T06:17:32+00:00","remote_addr":"203.0.113.9","request":"GET /ws/dead/ HTTP/1.1","status":"502","request_time":"0.001","upstream_addr":"127.0.0.1:18498","upstream_status":"502","http_upgrade":"websocket"}
{"time":"2026-11-21T06:17:33+00:00","remote_addr":"203.0.113.9","request":"GET /ws/left/ HTTP/1.1","status":"499","request_time":"0.061","upstream_addr":"127.0.0.1:18400","upstream_status":"","http_upgrade":"websocket"}
{"time":"2026-11-21T06:17:36+00:00","remote_addr":"203.0.113.9","request":"GET /ws/chat/ HTTP/1.1","status":"101","request_time":"3.003","upstream_addr":"127.0.0.1:18400","upstream_status":"101","http_upgrade":"websocket"}"#,
        // escape=json, names of one's own
        r#"{"@timestamp":"2026-11-21T06:17:32+00:00","clientip":"203.0.113.9","verb":"GET","uri":"/ws/dead/","code":502,"responsetime":0.001,"upstreamhost":"127.0.0.1:18498","agent":"curl/7.88.1"}
{"@timestamp":"2026-11-21T06:17:33+00:00","clientip":"203.0.113.9","verb":"GET","uri":"/ws/left/","code":499,"responsetime":0.061,"upstreamhost":"127.0.0.1:18400","agent":"curl/7.88.1"}
{"@timestamp":"2026-11-21T06:17:36+00:00","clientip":"203.0.113.9","verb":"GET","uri":"/ws/chat/","code":101,"responsetime":3.003,"upstreamhost":"127.0.0.1:18400","agent":"curl/7.88.1"}"#,
        // escape=json, nested
        r#"{"msec":"1795241852.218","http":{"method":"GET","path":"/ws/dead/","query":"","status_code":502},"network":{"client_ip":"203.0.113.9","client_port":"34152"},"upstream":{"addr":"127.0.0.1:18498","status":"502"}}
{"msec":"1795241853.305","http":{"method":"GET","path":"/ws/left/","query":"","status_code":499},"network":{"client_ip":"203.0.113.9","client_port":"34154"},"upstream":{"addr":"127.0.0.1:18400","status":""}}
{"msec":"1795241856.429","http":{"method":"GET","path":"/ws/chat/","query":"","status_code":101},"network":{"client_ip":"203.0.113.9","client_port":"34166"},"upstream":{"addr":"127.0.0.1:18400","status":"101"}}"#,
    ];
    let expected = told(&report_on("access.log", formats[0]));
    assert_eq!(expected.len(), 2, "{expected:?}");
    assert!(expected.contains(&"/ws/dead/ http-only proxy-bad-gateway".to_owned()));
    for text in formats {
        let report = report_on("access.log", text);
        assert_eq!(told(&report), expected, "{text}");
        assert_eq!(report["healthy_routes"][0]["route"], "/ws/chat/", "{text}");
        assert_eq!(report["inputs"][0]["unrecognised"], 0, "{text}");
    }
}

#[test]
fn an_exception_tells_the_same_behind_any_logger() {
    let layouts = [
        // python-json-logger
        r#"{"levelname": "ERROR", "asctime": "2026-11-21 06:28:42,000", "name": "daphne.server", "message": "Exception inside application: 'user'", "exc_info": "Traceback (most recent call last):\n  File \"/srv/app/chat/consumers.py\", line 12, in connect\n    user = self.scope['user']\nKeyError: 'user'"}"#,
        // ECS
        r#"{"@timestamp":"2026-11-21T06:28:42.623Z","log.level":"error","message":"Exception inside application: 'user'","ecs.version":"1.6.0","error":{"message":"'user'","stack_trace":"  File \"/srv/app/chat/consumers.py\", line 12, in connect\n    user = self.scope['user']\n","type":"KeyError"},"log":{"logger":"daphne.server","origin":{"function":"f"}}}"#,
        // structlog's list of exceptions
        r#"{"event": "Exception inside application: 'user'", "level": "error", "timestamp": "2026-11-21T06:28:37.766200Z", "exception": [{"exc_type": "KeyError", "exc_value": "'user'", "is_cause": false, "frames": [{"filename": "/srv/app/chat/consumers.py", "lineno": 12, "name": "connect", "line": "user = self.scope['user']"}]}]}"#,
        // loguru with its values
        "2026-11-21 06:28:29.792 | ERROR    | daphne.server:run:19 - Exception inside application: 'user'
Traceback (most recent call last):

  File \"/srv/app/chat/consumers.py\", line 12, in connect
    user = self.scope['user']
           │    └ {'type': 'websocket'}
           └ <chat.consumers.Chat object at 0x7f0bb0415940>

KeyError: 'user'",
        // rich
        "[11/21/26 06:28:43] ERROR    Exception inside application: 'user'            server.py:57
                             ╭──────────── Traceback (most recent call last) ────────────╮
                             │ /srv/app/chat/consumers.py:12 in connect                  │
                             │                                                           │
                             │ ❱ 12 │   user = self.scope['user']                        │
                             ╰───────────────────────────────────────────────────────────╯
                             KeyError: 'user'",
    ];
    for text in layouts {
        let report = report_on("server.log", text);
        let told = told(&report);
        // `scope["user"]` is what the authentication middleware puts there.
        let expected = ["- consumer-refused auth-middleware-missing"];
        assert_eq!(told, expected, "{text}");
    }
}
