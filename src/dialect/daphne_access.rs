//! Daphne's access log: `127.0.0.1:42032 - - [21/Nov/2026:01:27:37] "WSCONNECTING /ws/x/" - -`.
//!
//! Told from other access lines by its request, which names no protocol.

use super::access_line::AccessLine;
use super::{Dialect, Layer, Parsed};
use crate::record::Side;

/// Daphne's access lines, of `WebSockets` and of HTTP.
pub(super) struct DaphneAccess;

impl Dialect for DaphneAccess {
    fn id(&self) -> &'static str {
        "daphne-access"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "127.0.0.1:53609 - - [16/Mar/2017:18:40:33] \"WSCONNECTING /ws/7\" - -",
            "None - - [21/Nov/2026:01:27:37] \"WSDISCONNECT /ws/dashboard/\" - -",
            "None:None - - [21/Nov/2026:01:27:37] \"WSREJECT /ws/dashboard/\" - -",
            "127.0.0.1:0 - - [21/Nov/2026:01:27:37] \"WSCONNECT /ws/dashboard/\" - -",
            "::1:52345 - - [21/Nov/2026:01:27:37] \"WSCONNECT /\" - -",
            "127.0.0.1:65000 - - [15/Aug/2019:19:37:41] \"GET /chat/lobby/\" 200 1415",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        if !text.contains("] \"") {
            return None;
        }
        let line = AccessLine::read(text)?;
        if line.request.protocol.is_empty() && line.request.verb != "WebSocket" {
            Some(Parsed {
                side: Some(Side::Backend),
                ..line.parsed()
            })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_verb_and_finds_the_rest() {
        let parsed = DaphneAccess
            .parse("127.0.0.1:42032 - - [21/Nov/2026:01:27:37] \"WSCONNECTING /ws/dashboard/?token=abc\" - -")
            .unwrap();
        assert_eq!(parsed.message, "WSCONNECTING /ws/dashboard/?token=abc");
        assert_eq!(parsed.target.as_deref(), Some("/ws/dashboard/?token=abc"));
        assert_eq!(parsed.peer.unwrap().port, Some(42032));
        assert_eq!(parsed.stamp.unwrap().resolution_ms, 1000);
    }

    #[test]
    fn a_line_cut_in_its_request_still_counts() {
        let parsed = DaphneAccess
            .parse("127.0.0.1:50434 - - [26/May/2017:12:06:51] \"WSDISCONNECT /")
            .unwrap();
        assert_eq!(parsed.message, "WSDISCONNECT /");
    }

    #[test]
    fn http_lines_keep_their_status() {
        let parsed = DaphneAccess
            .parse("127.0.0.1:65000 - - [15/Aug/2019:19:37:41] \"GET /ws/\" 404 1415")
            .unwrap();
        assert_eq!(
            (parsed.status, parsed.message.as_str()),
            (Some(404), "\"GET /ws/\" 404 1415")
        );
    }
}
