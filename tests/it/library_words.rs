//! What libraries and proxies say in words of their own, in shapes that people paste: none of it is taken for
//! what an application says.

use super::pastes::{diagnosis, shown};

#[test]
fn a_refusal_in_the_librarys_words_states_no_role() {
    let paste = r#"2026-03-26 14:36:55.712 | INFO     | uvicorn.protocols.websockets.websockets_impl:asgi_send:303 - ('172.18.0.3', 40776) - "WebSocket /output/" 403
2026-03-26 14:36:55.713 | INFO     | websockets.legacy.server:handler:229 - connection failed (403 Forbidden)
2026-03-26 14:36:55.714 | INFO     | websockets.legacy.server:handler:264 - connection closed
"#;
    let incidents = diagnosis(paste).incidents;
    assert_eq!(incidents.len(), 1);
    let causes = incidents.iter().flat_map(|incident| &incident.causes);
    for cause in causes {
        assert_ne!(cause.id, "role-mismatch");
        assert!(cause.confidence < 0.5, "{}", cause.id);
    }
}

#[test]
fn a_proxy_that_cannot_listen_is_no_user_without_permission() {
    for paste in [
        "nginx: [emerg] bind() to 0.0.0.0:8052 failed (13: Permission denied)\n",
        "2026/08/11 13:56:29 [emerg] 43#43: socket() [::]:8052 failed (97: Address family not supported by protocol)\n",
    ] {
        assert_eq!(shown(paste), ["no-logs: bind-failed"], "{paste}");
    }
    let taken = "2026/08/11 13:56:29 [emerg] 43#43: bind() to 0.0.0.0:80 failed (98: Address already in use)\n";
    assert_eq!(shown(taken), ["no-logs: address-in-use"]);
}

#[test]
fn a_gateway_that_timed_out_had_reached_the_application() {
    let paste = "[2026/05/10 01:34:32] WebSocket HANDSHAKING /chat/5860/ [192.0.2.190:51575]\nchat connect room=5860 client=192.0.2.190:51575\n[2026/05/10 01:34:37] WebSocket DISCONNECT /chat/5860/ [192.0.2.190:51575]\n\nWebSocket connection to 'ws://192.0.2.248:9000/chat/5860/' failed: Error during WebSocket handshake: Unexpected response code: 504\n";
    assert_eq!(shown(paste), ["server-only: handshake-timeout"]);
}

#[test]
fn a_module_in_place_of_an_application_is_said_to_be_one() {
    let paste = r#"127.0.0.1:55961 - - [04/Feb/2026:14:49:03] "WSCONNECTING /ws/share/" - -
2026-02-04 14:49:04,388 ERROR    Exception inside application: 'module' object is not callable
Traceback (most recent call last):
  File "/srv/env/lib/python3.9/site-packages/asgiref/compatibility.py", line 33, in new_application
    instance = application(scope)
TypeError: 'module' object is not callable
127.0.0.1:55961 - - [04/Feb/2026:14:49:04] "WSDISCONNECT /ws/share/" - -
"#;
    assert_eq!(shown(paste), ["server-only: protocol-not-routed"]);
}

#[test]
fn a_write_to_a_client_that_has_gone_is_no_defect_of_the_server() {
    let paste = r#"[2026-06-06 20:32:05 +0000] [12] [INFO] ('172.31.0.5', 52770) - "WebSocket /output/" [accepted]
Error in opening handshake
Traceback (most recent call last):
  File "/usr/local/lib/python3.8/site-packages/websockets/server.py", line 264, in write_http_response
    self.transport.write(response.encode())
  File "uvloop/handles/stream.pyx", line 674, in uvloop.loop.UVStream.write
  File "uvloop/handles/handle.pyx", line 159, in uvloop.loop.UVHandle._ensure_alive
RuntimeError: unable to perform operation on <TCPTransport closed=True reading=False 0x7f00>; the handler is closed
"#;
    assert!(
        !shown(paste)
            .iter()
            .any(|one| one.contains("asgi-server-bug"))
    );
}
