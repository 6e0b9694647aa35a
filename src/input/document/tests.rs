//! Documents as they come: large, cut, broken, hostile; and what is left of them.

use super::*;
use serde_json::Value;

fn reduced(kind: Kind, text: &str) -> (Value, Reduced) {
    let reduced = read(kind, text.as_bytes());
    let joined: String = reduced
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    (serde_json::from_str(&joined).unwrap(), reduced)
}

fn entries(text: &str) -> (Vec<Value>, Option<String>) {
    let (document, reduced) = reduced(Kind::Har, text);
    let entries = document.pointer("/log/entries").unwrap().as_array();
    (entries.unwrap().clone(), reduced.broken)
}

const SOCKET: &str =
    r#"{"_resourceType": "websocket", "request": {"url": "ws://example.com/ws/"}}"#;

#[test]
fn only_websockets_are_kept_of_a_har() {
    let page =
        r#"{"request": {"url": "https://example.com/"}, "response": {"content": {"text": "x"}}}"#;
    let text = format!("{{\"log\":\n{{\"entries\": [{page},\n{SOCKET},\n{page}]}}\n}}");
    let (entries, broken) = entries(&text);
    assert_eq!((entries.len(), broken), (1, None));
    let (_, reduced) = reduced(Kind::Har, &text);
    let numbers: Vec<u64> = reduced.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [1, 3, 5]);
}

#[test]
fn that_cookies_are_exported_is_kept() {
    let text = r#"{"log": {"creator": {"name": "x"}, "entries": [
        {"request": {"url": "https://example.com/", "cookies": [{"name": "a"}]}},
        {"request": {"url": "https://example.com/", "cookies": [{"name": "a"}]}}]}}"#;
    let (entries, _) = entries(text);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].pointer("/request/url"), None);
    assert!(entries[0].pointer("/request/cookies/0").is_some());
}

#[test]
fn what_stands_before_a_break_is_kept() {
    let text = format!("{{\"log\": {{\"entries\": [{SOCKET}, {SOCKET}");
    let cut = entries(&text);
    assert_eq!(
        (cut.0.len(), cut.1.as_deref()),
        (2, Some("the document is cut there"))
    );
    let broken = entries(&format!("{text}, nonsense, {SOCKET}]}}}}"));
    assert_eq!(
        (broken.0.len(), broken.1.as_deref()),
        (2, Some("it is no valid JSON there"))
    );
    let nested = entries(&format!("{text}, {}", "[".repeat(100_000)));
    assert_eq!(
        (nested.0.len(), nested.1.as_deref()),
        (2, Some("it is nested deeper than 128 levels there"))
    );
    let followed = entries(&format!("{text}]}}}}\n{{}}"));
    assert_eq!(
        (followed.0.len(), followed.1.as_deref()),
        (2, Some("something else follows the document"))
    );
}

#[test]
fn values_of_other_kinds_are_no_break() {
    let text = format!(
        r#"{{"log": {{"creator": 1, "browser": [], "entries": [null, 1, [{{}}], {{"request": []}},
            {{"request": {{"url": {{"a": 1}}, "headers": {{}}, "cookies": "x"}}}}, {SOCKET}]}}}}"#
    );
    let (entries, broken) = entries(&text);
    assert_eq!((entries.len(), broken), (1, None));
}

#[test]
fn of_many_messages_those_that_tell_are_kept() {
    let plain = r#"{"type": "receive", "opcode": 1, "data": "x"},"#.repeat(5000);
    let close = r#"{"type": "receive", "opcode": 8, "code": 1011}"#;
    let text = format!(
        r#"{{"log": {{"entries": [{{"_webSocketMessages": [{plain}{close}], "request": {{"url": "u"}}}}]}}}}"#
    );
    let (entries, _) = entries(&text);
    let messages = entries[0].pointer("/_webSocketMessages").unwrap();
    assert_eq!(messages.as_array().unwrap().len(), 2);
    assert_eq!(messages.pointer("/1/code"), Some(&Value::from(1011)));
}

#[test]
fn what_is_kept_has_a_bound() {
    let long = format!("ws://example.com/{}", "x".repeat(tame::MAX_STRING_BYTES));
    let entry = format!(r#"{{"request": {{"url": "{long}"}}}}"#);
    let many = vec![entry; MAX_KEPT_BYTES / tame::MAX_STRING_BYTES + 10];
    let (entries, broken) = entries(&format!(
        r#"{{"log": {{"entries": [{}]}}}}"#,
        many.join(",")
    ));
    assert!(
        broken
            .unwrap()
            .contains("more about WebSockets than is kept of one document (4 MiB")
    );
    assert!(entries.len() < many.len());
}

const CONSTANTS: &str = r#"{"constants": {"logEventTypes": {"REQUEST_ALIVE": 1, "FRAME": 2, "BOUND": 3,
    "SOCKET_BYTES_RECEIVED": 4, "WEBSOCKET_RECV_FRAME_HEADER": 5},
    "logSourceType": {"URL_REQUEST": 1, "SOCKET": 2, "WEBSOCKET_CHANNEL": 3, "HOST_RESOLVER": 4},
    "timeTickOffset": "1795229176349", "clientInfo": {"secret": "s"}},"#;

fn event(kind: u8, source: u8, source_kind: u8, params: &str) -> String {
    format!(
        r#"{{"params": {params}, "phase": 0, "source": {{"id": {source}, "type": {source_kind}}}, "time": "5", "type": {kind}}},"#
    )
}

fn events(list: &[String]) -> Vec<Value> {
    let text = format!("{CONSTANTS}\n\"events\": [\n{}", list.join("\n"));
    let (document, reduced) = reduced(Kind::NetExport, &text);
    // Chrome writes while it runs: an end that is missing is usual.
    assert_eq!(reduced.broken, None);
    assert!(document.pointer("/constants/clientInfo").is_none());
    document["events"].as_array().unwrap().clone()
}

#[test]
fn a_request_is_followed_over_what_serves_it() {
    let kept = events(&[
        event(1, 7, 1, r#"{"url": "https://example.com/"}"#),
        event(1, 8, 1, r#"{"url": "wss://example.com/ws/"}"#),
        event(3, 8, 1, r#"{"source_dependency": {"id": 9, "type": 2}}"#),
        event(3, 8, 1, r#"{"source_dependency": {"id": 10, "type": 4}}"#),
        event(2, 9, 2, r#"{"remote_address": "a", "noise": [1]}"#),
        event(2, 10, 4, "{}"),
        event(2, 7, 1, "{}"),
        event(3, 7, 1, r#"{"source_dependency": {"id": 9, "type": 2}}"#),
        event(2, 9, 2, "{}"),
    ]);
    let ids: Vec<&Value> = kept.iter().map(|event| &event["source"]["id"]).collect();
    assert_eq!(ids, [8, 8, 8, 9, 7]);
    assert_eq!(
        kept[3]["params"],
        serde_json::json!({"remote_address": "a"})
    );
}

#[test]
fn frames_by_the_thousand_are_not_kept() {
    let mut list = vec![
        event(1, 8, 1, r#"{"url": "wss://example.com/ws/"}"#),
        event(3, 8, 1, r#"{"source_dependency": {"id": 9, "type": 2}}"#),
    ];
    for _ in 0..1000 {
        list.push(event(4, 9, 2, r#"{"bytes": "gQE="}"#));
        list.push(event(5, 8, 1, r#"{"opcode": 1}"#));
    }
    list.push(event(4, 9, 2, r#"{"bytes": "iAI="}"#));
    list.push(event(5, 8, 1, r#"{"opcode": 8}"#));
    let kept = events(&list);
    assert!(kept.len() < 60, "{}", kept.len());
    let bytes = kept.iter().filter(|event| event["type"] == 4);
    let bytes: Vec<&Value> = bytes.map(|event| &event["params"]["bytes"]).collect();
    assert_eq!(bytes, ["iAI="]);
}
