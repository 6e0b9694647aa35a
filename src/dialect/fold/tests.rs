//! Which lines belong together.

use super::*;
use crate::input::Wrapper;

/// Numbered lines without a wrapper.
pub(in crate::dialect) fn lines(text: &str) -> Vec<Line> {
    let numbered = text.lines().enumerate();
    numbered
        .map(|(at, text)| Line {
            number: at as u64 + 1,
            text: text.to_owned(),
            ..Line::default()
        })
        .collect()
}

/// Number of lines of each group, for `text`.
fn sizes(text: &str) -> Vec<usize> {
    group(&lines(text))
        .iter()
        .map(|group| 1 + group.detail.len())
        .collect()
}

const TRACE: &str = "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x\n";

#[test]
fn a_traceback_belongs_to_the_error_before_it() {
    assert_eq!(
        sizes(&format!(
            "2024-06-01 10:00:00,000 ERROR    Exception inside application: x\n{TRACE}ValueError: x\nINFO after"
        )),
        [5, 1]
    );
    assert_eq!(
        sizes(&format!(
            "INFO:     connection open\n{TRACE}ValueError: x\nplain words"
        )),
        [1, 4, 1]
    );
    assert_eq!(
        sizes(&format!(
            "Unhandled Error\n{TRACE}ValueError: x\n\nTypeError: another"
        )),
        [6, 1]
    );
}

#[test]
fn a_cut_traceback_ends_at_the_next_head() {
    let access = "127.0.0.1:5 - - [16/Mar/2017:18:40:33] \"WSDISCONNECT /ws/7\" - -";
    assert_eq!(
        sizes(&format!("ERROR boom\n{TRACE}{access}\n{access}")),
        [4, 1, 1]
    );
    assert_eq!(
        sizes(&format!("{TRACE}WebSocket DISCONNECT /ws/7 [127.0.0.1:5]")),
        [3, 1]
    );
}

#[test]
fn chained_exceptions_are_one_record() {
    let chain = "\nDuring handling of the above exception, another exception occurred:\n\n";
    assert_eq!(
        sizes(&format!(
            "ERROR boom\n{TRACE}OSError: x\n{chain}{TRACE}KeyError: 'y'\nprint() here"
        )),
        [12, 1]
    );
    assert_eq!(
        sizes(&format!(
            "ERROR boom\n{TRACE}OSError: x\nERROR boom\n{TRACE}OSError: x"
        )),
        [5, 5]
    );
    assert_eq!(
        sizes(&format!("{TRACE}OSError: x\n{TRACE}OSError: x")),
        [4, 4]
    );
}

#[test]
fn indentation_lost() {
    let text = "ERROR boom\nFile \"a.py\", line 1, in f\n[receive, x], self.dispatch\nFile \"b.py\", line 2, in g\nawait handler(\nmessage)\nKeyError: 'x'\nwebsocket closed";
    assert_eq!(sizes(text), [7, 1]);
}

#[test]
fn a_traceback_whose_lines_have_headers() {
    let mut text = String::new();
    for line in format!("boom\n{TRACE}ValueError: x").lines() {
        text.push_str("ERROR 2024-06-01 10:00:00,000 ");
        text.push_str(line);
        text.push('\n');
    }
    assert_eq!(
        sizes(&format!("{text}ERROR 2024-06-01 10:00:00,000 next")),
        [5, 1]
    );
}

#[test]
fn twisted_failures() {
    let text = "ERROR    [Failure instance: Traceback: <class 'ValueError'>: No route\nc:\\x\\daphne\\ws.py:82:onConnect\n--- <exception caught here> ---\n/a/b.py:5:f\n]\nWebSocket DISCONNECT /x [127.0.0.1:5]";
    assert_eq!(sizes(text), [5, 1]);
}

#[test]
fn words_at_the_margin_are_records_of_their_own() {
    assert_eq!(
        sizes("INFO a\nwebsocket connected\nchat connect"),
        [1, 1, 1]
    );
    assert_eq!(
        sizes("[WebSocket] Disconnected {\n  code: 1006,\n  reason: ''\n}\nnext"),
        [4, 1]
    );
    assert_eq!(
        sizes("Event\nconnect @ useWebSocket.ts:45\n(anonymous) @ app.js:3"),
        [3]
    );
    assert_eq!(sizes("    INFO a\n    INFO b"), [1, 1]);
}

#[test]
fn processes_are_kept_apart() {
    let of = |process: &str, number: u64, text: &str| Line {
        number,
        text: text.to_owned(),
        wrapper: Some(Wrapper {
            process: Some(process.to_owned()),
            stamp: None,
        }),
        ..Line::default()
    };
    let lines = [
        of("web", 1, "ERROR boom"),
        of("web", 2, "Traceback (most recent call last):"),
        of("worker", 3, "INFO busy"),
        of("web", 4, "  File \"a.py\", line 1, in f"),
        of("worker", 5, "  more of it"),
        of("web", 6, "ValueError: x"),
    ];
    let groups = group(&lines);
    let sizes: Vec<usize> = groups.iter().map(|group| 1 + group.detail.len()).collect();
    assert_eq!(sizes, [4, 2]);
}

#[test]
fn lines_left_out_end_a_record() {
    let mut lines = lines("INFO a\n  indented");
    lines[1].number = 40;
    assert_eq!(group(&lines).len(), 2);
}
