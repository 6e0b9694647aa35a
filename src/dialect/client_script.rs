//! A traceback of a script that dials a WebSocket: websocket-client, websockets, aiohttp, autobahn.
//!
//! The same libraries run inside servers, which dial other services; there the server's frames stand
//! above them, or its logger before them.

use super::browser_words::socket_url;
use super::frames;
use crate::record::{Frame, Traceback};

/// Whether the traceback is of a client's script, and of nothing that serves.
pub(super) fn is_of_script(traceback: &Traceback) -> bool {
    let mut frames = traceback.frames().peekable();
    frames.peek().is_some()
        && !traceback.frames().any(serves)
        && frames.any(frames::is_websocket_client)
}

/// The URL that the script dialled, as its own source lines write it.
pub(super) fn dialled(traceback: &Traceback) -> Option<String> {
    let urls = traceback
        .frames()
        .filter_map(|frame| socket_url(&frame.code));
    // What is put together at run time is not known here.
    let mut whole = urls.filter(|url| !url.contains(['{', '%', '+', '$']));
    whole.next()
}

/// Whether a frame is of what runs servers or their workers.
fn serves(frame: &Frame) -> bool {
    frames::library(frame).is_some_and(|library| {
        matches!(
            library,
            "channels"
                | "daphne"
                | "uvicorn"
                | "hypercorn"
                | "gunicorn"
                | "django"
                | "starlette"
                | "fastapi"
                | "celery"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::traceback;

    fn read(text: &str) -> Traceback {
        traceback::of(text.lines()).unwrap()
    }

    const SCRIPT: &str = r#"Traceback (most recent call last):
  File "check.py", line 4, in <module>
    asyncio.run(main("ws://localhost:2700/ws/board/"))
  File "/srv/venv/lib/python3.11/site-packages/websockets/legacy/client.py", line 633, in __aenter__
    return await self
OSError: [Errno 111] Connect call failed ('127.0.0.1', 2700)"#;

    #[test]
    fn a_script_is_told_by_its_library() {
        let script = read(SCRIPT);
        assert!(is_of_script(&script));
        assert_eq!(
            dialled(&script).as_deref(),
            Some("ws://localhost:2700/ws/board/")
        );
    }

    #[test]
    fn a_url_put_together_at_run_time_is_none() {
        let script = read(&SCRIPT.replace("localhost:2700", "{host}"));
        assert_eq!(dialled(&script), None);
    }

    #[test]
    fn what_a_server_dials_is_no_script() {
        let within = "line 1, in f\n    x\n  File \"/srv/venv/lib/python3.11/site-packages/celery/app/trace.py\", line 633, in trace_task";
        let worker = SCRIPT.replacen("line 4, in <module>", within, 1);
        assert!(!is_of_script(&read(&worker)));
        // Its server half is no client.
        let server = SCRIPT.replace("legacy/client.py", "legacy/server.py");
        assert!(!is_of_script(&read(&server)));
    }
}
