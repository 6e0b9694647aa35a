//! Carriers of private values by their kinds of line, and the lines beside them that must stay.

use super::tests::{check, stays};

#[test]
fn ambiguous_words_hide_random_values_only() {
    check("session=deadbeefdeadbeef01", "session=<session-1>");
    check(
        r#"{"refresh":"rt-99887766aabb", "access": "zz11yy22xx33"}"#,
        r#"{"refresh":"<token-1>", "access": "<token-2>"}"#,
    );
    check(
        r#"{\"refresh\":\"rt-99887766aabb\"}"#,
        r#"{\"refresh\":\"<token-1>\"}"#,
    );
    check("access=zz11yy22xx33", "access=<token-1>");
    check("ticket=9f8e7d6c5b4a3f2e", "ticket=<token-1>");
    check("using key=abcdef0123456789", "using key=<key-1>");
    check(r#"{"key": "abcdef0123456789"}"#, r#"{"key": "<key-1>"}"#);
    check("refresh_token=rt-998877", "refresh_token=<token-1>");
    check("wrong password 'p4ssw0rd'", "wrong password '<password-1>'");
    for line in [
        "key=group_names_42",
        "cache key=user:42:profile",
        "session=closed",
        "session=0x7f12ab34cd56",
        "ticket=ABC-1234",
        "access=read-only",
        "\"session\": {\"id\": 3}",
        "KeyError: 'access'",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==",
        "session expired2 at 10:00",
    ] {
        stays(line);
    }
}

#[test]
fn names_in_full_and_with_dots_go() {
    check(
        "connected: user Bob Smith (id 42)",
        "connected: user <user-1> (id 42)",
    );
    check("Authenticated as Bob Smith.", "Authenticated as <user-1>.");
    check("User Bob Smith connected", "User <user-1> connected");
    check(
        "Closing socket for bob.smith",
        "Closing socket for <user-1>",
    );
    check(
        "WebSocket accepted for bob.smith with 4001",
        "WebSocket accepted for <user-1> with 4001",
    );
    for line in [
        "connection closed by api.example.com",
        "handshake failed for chat.consumers",
        "connection closed by asyncio.CancelledError",
        "WebSocket closed for daphne.server",
        "User Session Middleware (v2)",
    ] {
        stays(line);
    }
}

#[test]
fn phone_numbers_go() {
    check("call +44 7700 900123 today", "call <phone-1> today");
    check("phone=+447700900123", "phone=<phone-1>");
    check("tel:+1-555-010-0123", "tel:<phone-1>");
    check("'+1 (555) 010-0123'", "'<phone-1>'");
    check("?to=%2B447700900123&x=1", "?to=<phone-1>&x=1");
    for line in [
        "[2026-11-20 10:00:00 +1000] [1234567890] [INFO]",
        "2026-11-20T10:00:00.123456+02:00 ok",
        "[20/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\"",
        "2026-11-20 10:00:00 +1000 2026-11-20",
        "offset +12 34",
    ] {
        stays(line);
    }
}

#[test]
fn logins_go_and_hosts_stay() {
    for (url, expected) in [
        (
            "redis://:p4ssw0rd@redis:6379/0",
            "redis://:<password-1>@redis:6379/0",
        ),
        (
            "rediss://:p4ssw0rd@redis:6379/0",
            "rediss://:<password-1>@redis:6379/0",
        ),
        (
            "redis://:p4ss/w0rd@redis:6379/0",
            "redis://:<password-1>@redis:6379/0",
        ),
        (
            "amqp://u9:pw1x@rabbit:5672//",
            "amqp://<user-1>:<password-1>@rabbit:5672//",
        ),
        (
            "postgres://u9:pw1x@db/shop",
            "postgres://<user-1>:<password-1>@db/shop",
        ),
        (
            "mysql://u9:pw1x@db:3306/shop",
            "mysql://<user-1>:<password-1>@db:3306/shop",
        ),
        (
            "mongodb+srv://u9:pw1x@c0.example.com/x?w=1",
            "mongodb+srv://<user-1>:<password-1>@c0.example.com/x?w=1",
        ),
        (
            "https://public:s3cret@example.com/1",
            "https://<user-1>:<password-1>@example.com/1",
        ),
        (
            "https://p0bl1c@errors.example.com/1",
            "https://<user-1>@errors.example.com/1",
        ),
        (
            "https://0123456789abcdef0123456789abcdef@errors.example.com/1",
            "https://<key-1>@errors.example.com/1",
        ),
    ] {
        for before in [
            "",
            "REDIS_URL=",
            "invalid password ",
            "password for ",
            "password: ",
            "secret='",
        ] {
            check(&format!("{before}{url}"), &format!("{before}{expected}"));
        }
    }
    stays("redis://redis:6379/0");
    stays("invalid password redis://redis:6379/0");
}

#[test]
fn headers_of_a_handshake_go() {
    check(
        r#"{"headers": "{\"Cookie\":\"sessionid=s3ss10n; csrftoken=cs4f; other=zz11yy22\"}"}"#,
        r#"{"headers": "{\"Cookie\":\"sessionid=<session-1>; csrftoken=<token-1>; other=<cookie-1>\"}"}"#,
    );
    check(
        "Authorization: Basic dXNlcjpwYXNz",
        "Authorization: Basic <token-1>",
    );
    check(
        "Sec-WebSocket-Protocol: access_token, eyJhbGciOiJub25lIn0.eyJ1c2VyIjoxfQ.c2ln",
        "Sec-WebSocket-Protocol: access_token, <token-1>",
    );
    check(
        "Set-Cookie: csrftoken=cs4f; expires=Sat, 05 Dec 2026 10:00:00 GMT; Path=/",
        "Set-Cookie: csrftoken=<token-1>; expires=Sat, 05 Dec 2026 10:00:00 GMT; Path=/",
    );
    check("X-CSRFToken: cs4fcs4f", "X-CSRFToken: <token-1>");
}

#[test]
fn keys_of_services_go() {
    check("api_key=k9k9k9", "api_key=<key-1>");
    for key in [
        "AKIAIOSFODNN7EXAMPLE",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "GOCSPX-abcdefghijklmnop1234",
        "ya29.a0AbCdEfGhIjKlMn",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "github_pat_11ABCDEFG0abcdefghijkl_mnopq",
        concat!("xox", "b-1234567890-abcdefghijkl"),
        "xapp-1-A012-345-abcdef0123",
        concat!("sk", "_live_abcdefghijklmnop"),
        "whsec_abcdefghijklmnop1234",
        "django-insecure-abc#defg(hij)klm",
    ] {
        check(&format!("with {key} sent"), "with <key-1> sent");
    }
}

#[test]
fn locals_of_tracebacks_go() {
    check("    token = 'abc9'", "    token = '<token-1>'");
    check("    password='pw'", "    password='<password-1>'");
    check("    refresh = 'zz11yy22xx33'", "    refresh = '<token-1>'");
}

#[test]
fn mail_addresses_go_in_every_spelling() {
    check("From: <maria@example.com>", "From: <<email-1>>");
    check("mailto:maria@example.com", "mailto:<email-1>");
    check(
        "/ws/?email=maria%40example.com&x=1",
        "/ws/?email=<email-1>&x=1",
    );
}

#[test]
fn values_encoded_again_and_again_go() {
    for sign in ["=", "%3D", "%253D", "%25253d", ": ", "%3A%20", "%253A%2520"] {
        check(
            &format!("token{sign}abcplain"),
            &format!("token{sign}<token-1>"),
        );
    }
    check(
        "u=%25253Fcode%25253Dzz11%252526room%25253D7",
        "u=%25253Fcode%25253D<token-1>%252526room%25253D7",
    );
    check(
        "q=%7B%22client_secret%22%3A%22plainword%22%2C%22room%22%3A7%7D",
        "q=%7B%22client_secret%22%3A%22<key-1>%22%2C%22room%22%3A7%7D",
    );
}

#[test]
fn a_quote_within_a_value_does_not_end_it() {
    check(
        r#"{"password": "hun\"ter2 tail", "room": 7}"#,
        r#"{"password": "<password-1>", "room": 7}"#,
    );
    check(
        r#"{"password": "ends in\\", "room": 7}"#,
        r#"{"password": "<password-1>", "room": 7}"#,
    );
    check(
        r#"{"body": "{\"password\": \"hun\\\"ter2 tail\", \"room\": 7}"}"#,
        r#"{"body": "{\"password\": \"<password-1>\", \"room\": 7}"}"#,
    );
    check(
        r#"{"a": "{\"b\": \"{\\\"token\\\":\\\"abcplain\\\"}\"}"}"#,
        r#"{"a": "{\"b\": \"{\\\"token\\\":\\\"<token-1>\\\"}\"}"}"#,
    );
    check(
        r"password='it\'s mine', room=7",
        "password='<password-1>', room=7",
    );
}

#[test]
fn cookies_with_quotes_and_commas_go() {
    check(
        r#"Cookie: a=bb1; c="quoted one"; d=ee2"#,
        r#"Cookie: a=<cookie-1>; c="<cookie-2>"; d=<cookie-3>"#,
    );
    check(
        "Cookie: prefs=a,b; d=ee2",
        "Cookie: prefs=<cookie-1>; d=<cookie-2>",
    );
}

#[test]
fn the_parts_of_a_digest_are_read_one_by_one() {
    check(
        "Authorization: Digest username=\"maria\", realm=\"shop\"",
        "Authorization: Digest username=\"<user-1>\", realm=\"shop\"",
    );
}

#[test]
fn the_label_of_a_subprotocol_is_no_secret() {
    check(
        "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.c2VjcmV0LXRva2Vu, v4",
        "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.<token-1>, v4",
    );
    check(
        "[(b'x', b'pre.authorization.c2VjcmV0LXRva2VuMTIz4'), (b'authorization', b'Token plainword')]",
        "[(b'x', b'pre.authorization.<token-2>'), (b'authorization', b'Token <token-1>')]",
    );
}

#[test]
fn the_host_behind_a_login_stays() {
    check(
        "postgres://user:p%40ss%2Fw0rd@db/x",
        "postgres://<user-1>:<password-1>@db/x",
    );
    check(
        "postgres://user:p@ss@db:5432/x",
        "postgres://<user-1>:<password-1>@db:5432/x",
    );
}

#[test]
fn lines_of_a_private_key_go() {
    // Invented: random letters, no key.
    let line = "MIIEpAq1Wz7/Rt5Yu8Io2Pa+Sd4Fg6Hj9Kl3Zx1Cv5Bn7Mq0We2Rt4Yu6Io8Pa1S";
    check(line, "<key-1>");
    check(&format!("web-1 | {line}"), "web-1 | <key-1>");
    check(
        concat!("bare wJ9rXUt8FEMI/K7MDe4G/bPx2fiCY", "inv3nt3dKEY"),
        "bare <key-1>",
    );
    for line in [
        "GET /static/js/vendor/WebSocketClientConnectionManager/Index HTTP/1.1",
        "at /srv/app/frontend/src/components/DashboardPage/useWebSocketConnection",
        "api/v2/ws/dashboard/rooms/general/members/list/all/of/them",
        "-----BEGIN CERTIFICATE-----",
    ] {
        stays(line);
    }
}
