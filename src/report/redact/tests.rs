//! What redaction must take out, and what it must leave.

mod announced;
mod borders;
mod people;

use super::*;
use proptest::prelude::*;

/// The lines, redacted together.
fn redacted(lines: &[&str]) -> Vec<String> {
    let redactor = Redactor::over(lines.iter().copied());
    lines.iter().map(|line| redactor.text(line)).collect()
}

pub(super) fn check(line: &str, expected: &str) {
    assert_eq!(redacted(&[line]), [expected], "of {line}");
    super::marks::tests::check(line);
}

pub(super) fn stays(line: &str) {
    check(line, line);
}

const JWT: &str =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjo1NiwiZXhwIjoxfQ.c2lnbmF0dXJlLW9mLXRoaXM";
const HEX: &str = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b";

#[test]
fn tokens_in_queries_go() {
    check(
        "GET /ws/x/?token=abc123&room=7 HTTP/1.1",
        "GET /ws/x/?token=<token-1>&room=7 HTTP/1.1",
    );
    check(
        "next=%2Fws%2F%3Faccess_token%3Dabc123%26room%3D7",
        "next=%2Fws%2F%3Faccess_token%3D<token-1>%26room%3D7",
    );
    check(
        "'wss://h/ws/?room=7&key=k1&ticket=t1&sig=s1&code=c1'",
        "'wss://h/ws/?room=7&key=<key-1>&ticket=<token-1>&sig=<token-2>&code=<token-3>'",
    );
    check("b'token=abc123'", "b'token=<token-1>'");
    check(
        &format!("WSCONNECTING /ws/{JWT}/x"),
        "WSCONNECTING /ws/<token-1>/x",
    );
}

#[test]
fn the_story_of_a_missing_token_stays() {
    for line in [
        "GET /ws/x/?token= HTTP/1.1",
        "GET /ws/x/?token=null",
        "ws://h/ws/?token=undefined&vsn=2.0.0",
        "Invalid token: Signature has expired",
        "JWT Middleware] Token: None",
        "No token provided",
        "Token is invalid: Not enough segments",
        "Token extracted: eyJhb...",
        "curl -H \"Authorization: Token YOUR_TOKEN\" http://localhost:8000/?token=<token>",
        "GET /sockjs-node/info?t=1589304558127 HTTP/1.1",
        "ssl:8000:privateKey=/etc/ssl/privkey.pem:certKey=/etc/ssl/fullchain.pem",
        "{\"auth_via\": \"api_token\", \"event\": \"/ws/x/\"}",
        "Found credentials in shared credentials file: ~/.aws/credentials",
        "at=error code=H15 desc=\"Idle connection\"",
        "[WebSocket] Disconnected {code: 1006, reason: '', wasClean: false}",
        "token = parse_qs(self.scope['query_string'])['token'][0]",
        "[WebSocket] URL: ws://localhost:8000/ws/dashboard/?token=...",
        "Sec-WebSocket-Protocol: graphql-ws, v12.stomp",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ] {
        check(line, line);
    }
}

#[test]
fn headers_lose_their_values() {
    check(
        &format!("Authorization: Token {HEX}"),
        "Authorization: Token <token-1>",
    );
    check(
        "(b'authorization', b'Bearer abcdef')",
        "(b'authorization', b'Bearer <token-1>')",
    );
    check(
        "{\"authorization\": \"Basic bWFyaWE6cHc=\"}",
        "{\"authorization\": \"Basic <token-1>\"}",
    );
    check(&format!("sent Token {HEX}."), "sent Token <token-1>.");
    check(
        "Cookie: sessionid=s3ss10n; csrftoken=cs4f; theme=dark",
        "Cookie: sessionid=<session-1>; csrftoken=<token-1>; theme=<cookie-1>",
    );
    check(
        "Set-Cookie: sessionid=s3ss10n; Path=/; HttpOnly; SameSite=Lax",
        "Set-Cookie: sessionid=<session-1>; Path=/; HttpOnly; SameSite=Lax",
    );
    check(
        "'cookies': {'sessionid': 's3ss10n', 'csrftoken': 'cs4f'}",
        "'cookies': {'sessionid': '<session-1>', 'csrftoken': '<token-1>'}",
    );
    check(
        "Sec-WebSocket-Protocol: access_token, abcdef",
        "Sec-WebSocket-Protocol: access_token, <token-1>",
    );
    check(
        "subprotocols=['graphql-ws', 'token', 'abc12']",
        "subprotocols=['graphql-ws', 'token', '<token-1>']",
    );
    check(
        "{\"name\": \"sessionid\", \"value\": \"s3ss10n\"}",
        "{\"name\": \"sessionid\", \"value\": \"<session-1>\"}",
    );
}

#[test]
fn several_values_stand_in_one_line() {
    check(
        "user=maria password=hunter2x?token=tok12345&key=k9; from 203.0.113.9 sessionid=s1",
        "user=<user-1> password=<password-1>&key=<key-1>; from <address-1> sessionid=<session-1>",
    );
    check(
        "{'user': 'maria', 'token': 'abc123', 'email': 'm@example.org', 'ip': '8.8.8.8'}",
        "{'user': '<user-1>', 'token': '<token-1>', 'email': '<email-1>', 'ip': '<address-1>'}",
    );
    check("│     └ 'hunter2'", "│     └ '<value-1>'");
}

#[test]
fn passwords_and_keys_go() {
    check(
        "redis://:hunter2@cache:6379/0",
        "redis://:<password-1>@cache:6379/0",
    );
    check(
        "postgres://maria:pw1@db.example.com/x",
        "postgres://<user-1>:<password-1>@db.example.com/x",
    );
    check(
        "password=hunter2, host=db",
        "password=<password-1>, host=db",
    );
    check(
        "{\\\"password\\\": \\\"a b\\\"}",
        "{\\\"password\\\": \\\"<password-1>\\\"}",
    );
    check("key AKIAIOSFODNN7EXAMPLE used", "key <key-1> used");
    check(
        "http://localhost:5173/@vite/client",
        "http://localhost:5173/@vite/client",
    );
    check(
        &format!("Cache MISS for key: 'session:{HEX}'"),
        "Cache MISS for key: 'session:<session-1>'",
    );
}

#[test]
fn users_go_and_ordinary_words_stay() {
    check(
        "Connection attempt from user: maria",
        "Connection attempt from user: <user-1>",
    );
    check(
        "Token authenticated for user: maria (ID: 56)",
        "Token authenticated for user: <user-1> (ID: 56)",
    );
    check(
        "User: maria, Is Authenticated: True",
        "User: <user-1>, Is Authenticated: True",
    );
    check(
        "user=<SimpleLazyObject: <User: maria>>",
        "user=<SimpleLazyObject: <User: <user-1>>>",
    );
    check(
        "{\"user\": \"maria\", \"n\": 1}",
        "{\"user\": \"<user-1>\", \"n\": 1}",
    );
    check("{'username': 'Maria Lopez'}", "{'username': '<user-1>'}");
    check("user: maria@example.com said", "user: <email-1> said");
    check(
        "password authentication failed for user \"maria\"",
        "password authentication failed for user \"<user-1>\"",
    );
    check(
        "WebSocket connected for user maria",
        "WebSocket connected for user <user-1>",
    );
    for line in [
        "user is not authenticated",
        "User not found",
        "user with id 3",
        "User: AnonymousUser, Is Authenticated: False",
        "user=None user: anonymous",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0.6099.71",
        "    user = self.scope[\"user\"]",
        "KeyError: 'user'",
        "'user': <channels.auth.UserLazyObject object at 0x0667E2B0>}",
        "user_id: 56",
    ] {
        check(line, line);
    }
}

#[test]
fn one_value_has_one_name_everywhere() {
    assert_eq!(
        redacted(&[
            "/ws/chat/maria/ opened",
            "user: maria",
            "user: Maria2",
            "Maria closed; marianne did not",
        ]),
        [
            "/ws/chat/<user-1>/ opened",
            "user: <user-1>",
            "user: <user-2>",
            "<user-1> closed; marianne did not",
        ]
    );
    assert_eq!(
        redacted(&[
            "Token extracted: 9944b09199...",
            &format!("?token={HEX}"),
            "token ending ...dfc6ee4b",
            "Token extracted: aec8e0e9a0...",
        ]),
        [
            "Token extracted: <token-1>...",
            "?token=<token-1>",
            "token ending ...<token-1>",
            "Token extracted: <token-2>...",
        ]
    );
}

#[test]
fn a_role_is_no_name_elsewhere() {
    assert_eq!(
        redacted(&["User: dispatcher, Is Dispatcher: True"]),
        ["User: <user-1>, Is Dispatcher: True"]
    );
}

#[test]
fn a_name_that_stands_in_the_input_is_not_given_again() {
    assert_eq!(
        redacted(&["user: <user-1>", "user: maria"]),
        ["user: <user-1>", "user: <user-2>"]
    );
}

#[test]
fn homes_lose_their_owner() {
    check(
        "File \"/home/maria/app/x.py\", line 3",
        "File \"/home/<user-1>/app/x.py\", line 3",
    );
    check("C:\\Users\\Maria\\x.py", "C:\\Users\\<user-1>\\x.py");
    check("GET /home/orders/ 200", "GET /home/orders/ 200");
    check("/home/ubuntu/app", "/home/ubuntu/app");
}

#[test]
fn public_addresses_go() {
    check(
        "203.0.113.9 - - [22/Aug/2018:16:47:53]",
        "<address-1> - - [22/Aug/2018:16:47:53]",
    );
    check(
        "['10.0.0.8', 1] 127.0.0.1:80 [::1]:80",
        "['10.0.0.8', 1] 127.0.0.1:80 [::1]:80",
    );
    check("client: 2001:db8::7, server", "client: <address-1>, server");
    check(
        "2018-11-30 21:23:26 Django 4.2.1",
        "2018-11-30 21:23:26 Django 4.2.1",
    );
}

#[test]
fn routes_keep_their_ids() {
    let line = "/ws/room/5e0d1c92-77ab-4f31-9c55-b20e41fa6d03/";
    check(line, line);
}

#[test]
fn a_sentence_of_a_rule_is_not_garbled() {
    let redactor = Redactor::over(["user: fix", "?token=abc123456789"]);
    let sentence = "The fix: send user: name and token=<…> anew, not abc123456789.";
    assert_eq!(
        redactor.replaced(Origin::Rule, sentence),
        "The fix: send user: name and token=<…> anew, not <token-1>."
    );
}

/// Carriers with `{}` for the secret; in each it may stand amid anything.
const CARRIERS: &[&str] = &[
    "?token={}",
    "&access_token={}&x=1",
    "%3Ftoken%3D{}%26x",
    "&key={} HTTP/1.1",
    "?code={}",
    "?sig={}\"",
    "?ticket={}'",
    "Authorization: Token {}",
    "authorization: bearer {}",
    "(b'authorization', b'Token {}')",
    "Bearer {}",
    "Sec-WebSocket-Protocol: access_token, {}",
    "(b'sec-websocket-protocol', b'jwt, {}')",
    "Cookie: theme=x; sessionid={}; a=b",
    "Set-Cookie: csrftoken={}; Path=/",
    "sessionid={}",
    "csrftoken={};",
    "session_key='{}'",
    "\"api_key\": \"{}\"",
    "password={}",
    "password: {}",
    "'password': '{}'",
    "redis://:{}@host:6379",
    "postgres://u:{}@h/db",
    "\\\"token\\\":\\\"{}\\\"",
    "Token extracted: {}...",
    "Token: {}",
    "secret={}",
];

const NAME_CARRIERS: &[&str] = &[
    "user: {}",
    "User: {}, Is Authenticated: True",
    "user={}",
    "<User: {}>",
    "username={}&a=1",
    "\"user\": \"{}\"",
    "'username': '{}'",
    "Token authenticated for user: {} (ID: 56)",
    "Connection attempt from user: {}",
    "for user {}",
    "user '{}'",
    "/home/{}/app/views.py",
];

fn surroundings() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        "[a-zA-Z0-9 =:;,&?'\"/<>%\\[\\]().@-]{0,40}",
        Just("2026-11-20 10:00:00,120 INFO [JWT Middleware] token: user is ".to_owned()),
    ]
}

proptest! {
    #[test]
    fn no_secret_comes_through(
        carrier in prop::sample::select(CARRIERS),
        secret in "[a-zA-Z][a-zA-Z0-9_.~-]{4,20}[0-9][a-zA-Z0-9]{3,20}",
        before in surroundings(),
        after in surroundings(),
    ) {
        let line = format!("{before} {} {after}", carrier.replace("{}", &secret));
        let shown = redacted(&[&line, &format!("again {secret} here")]);
        for one in &shown {
            prop_assert!(!one.contains(&secret), "{line:?} gave {one:?}");
        }
    }

    #[test]
    fn no_name_comes_through(
        carrier in prop::sample::select(NAME_CARRIERS),
        name in "q[a-z]{3,9}[0-9]{0,2}",
        before in surroundings(),
        after in surroundings(),
    ) {
        let line = format!("{before} {} {after}", carrier.replace("{}", &name));
        let shown = redacted(&[&line, &format!("then {name} left")]);
        for one in &shown {
            prop_assert!(!one.contains(&name), "{line:?} gave {one:?}");
        }
    }

    #[test]
    fn no_part_of_a_jwt_comes_through(
        claims in "[a-zA-Z0-9_-]{20,60}",
        signature in "[a-zA-Z0-9_-]{43}",
        before in surroundings(),
        after in surroundings(),
        cut in 0usize..60,
    ) {
        let jwt = format!("eyJhbGciOiJIUzI1NiJ9.eyJ{claims}.{signature}");
        let piece = jwt.split_at(cut).1;
        let lines = [format!("{before} {jwt} {after}"), format!("cut {piece}")];
        let shown = redacted(&[&lines[0], &lines[1]]);
        for window in jwt.as_bytes().windows(8) {
            let window = std::str::from_utf8(window).unwrap();
            // What the surroundings say themselves is not the token's.
            if before.contains(window) || after.contains(window) { continue; }
            prop_assert!(!shown[0].contains(window) && !shown[1].contains(window), "{lines:?} gave {shown:?}");
        }
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,80}") {
        let once = redacted(&[&text]);
        prop_assert!(once.len() == 1);
    }
}
