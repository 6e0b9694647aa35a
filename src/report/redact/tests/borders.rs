//! Secrets at borders: of lines, of what is read of a line, of what a tree of values shows.

use super::super::Redactor;
use super::{check, stays};

fn redacted(text: &str) -> String {
    Redactor::over([text]).text(text)
}

#[test]
fn a_jwt_over_several_lines_goes() {
    for piece in [
        ".eyJzdWIiOiIxabc",
        ".abcdefghijkl",
        "MjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV",
        "  MjM0NTY3ODkwIn0",
    ] {
        let shown = redacted(piece);
        assert!(shown.trim_matches([' ', '.']).starts_with('<'), "{shown}");
    }
    let shown = redacted("token=eyJhbGciOiJIUzI1NiJ9\n.eyJzdWIiOiIxabc\n.abcdefghijkl\nnext line");
    assert_eq!(shown, "token=<token-1>\n.<token-2>\n.<key-1>\nnext line");
    for line in [
        ".env",
        "WebSocketDisconnect",
        "django.core.exceptions.ImproperlyConfigured",
        "Http2Connection",
        "/ws/chat/Room1x2y3/",
        "ENOTFOUND",
        "chat.consumers.ChatConsumer2",
        "==========",
        "----------------------",
        "x=1",
        "password=",
    ] {
        stays(line);
    }
}

#[test]
fn private_keys_on_one_line_and_over_several_go() {
    check(
        "k -----BEGIN PRIVATE KEY----- MIIEvQIBADANBgkqhki /abc+def== -----END PRIVATE KEY----- x",
        "k <key-1> -----END PRIVATE KEY----- x",
    );
    check(
        r"'-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\nshort1\n-----END RSA PRIVATE KEY-----'",
        "'<key-1>-----END RSA PRIVATE KEY-----'",
    );
    check(
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\nZWQy\n-----END OPENSSH PRIVATE KEY-----",
        "<key-1>\n-----END OPENSSH PRIVATE KEY-----",
    );
    check("shortTail12==", "<key-1>");
    check("abCdeFg12hiJ", "<key-1>");
    stays("-----BEGIN RSA PRIVATE KEY----- was expected");
}

#[test]
fn the_end_of_a_cut_line_goes() {
    let filler = "ab ".repeat(80_000);
    for end in [
        "postgres://u9:hunte",
        "maria.lopez@exa",
        "'password': 'hunter",
    ] {
        let shown = redacted(&format!("{filler}{end}"));
        for secret in ["hunte", "lopez"] {
            assert!(!shown.contains(secret), "{end}");
        }
    }
}

#[test]
fn plain_values_below_a_line_of_code_go() {
    check("  └ ('maria', 'hunter')", "  └ ('<value-1>', '<value-2>')");
    check(
        "└ ['room', b'hunter', 3]",
        "└ ['<value-1>', b'<value-2>', 3]",
    );
    for line in [
        "└ ('127.0.0.1', 8000)",
        "└ {'type': 'websocket.connect'}",
        "└ <function accept at 0x7f12ab34cd56>",
        "└ ['/ws/chat/']",
    ] {
        stays(line);
    }
}
