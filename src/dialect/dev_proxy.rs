//! What development servers print of the requests they pass on to a back end: http-proxy-middleware
//! (`[HPM]`, webpack, Create React App), Vite, Next.
//!
//! They stand in the terminal of the front end; the socket error behind such a line belongs to it.

use super::{Dialect, Layer, Parsed};
use crate::record::Side;

/// See the module.
pub(crate) struct DevProxy;

impl Dialect for DevProxy {
    fn id(&self) -> &'static str {
        "dev-proxy"
    }

    fn layer(&self) -> Layer {
        Layer::Body
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "[HPM] Upgrading to WebSocket",
            "[webpack-dev-server] [HPM] Error occurred while proxying request localhost:3000/ws/x/ to http://localhost:8000/ [ECONNREFUSED] (https://nodejs.org/api/errors.html#errors_common_system_errors)",
            "[vite] ws proxy error:",
            "[vite] http proxy error: /api/me/",
            "Proxy error: Could not proxy request /ws/x/ from localhost:3000 to http://localhost:8000.",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let text = text.trim();
        speaks(text).then(|| Parsed {
            side: Some(Side::Proxy),
            message: text.to_owned(),
            ..Parsed::default()
        })
    }
}

/// How their lines begin, behind a time that a frame takes.
const STARTS: [&str; 8] = [
    "[HPM] ",
    "[webpack-dev-server] [HPM] ",
    "<e> [webpack-dev-server] [HPM] ",
    "[vite] ws proxy ",
    "[vite] http proxy error",
    "ws proxy error:",
    "Proxy error: Could not proxy request ",
    "Failed to proxy http",
];

/// Whether the line is one of theirs.
pub(crate) fn speaks(text: &str) -> bool {
    STARTS.iter().any(|start| text.starts_with(start))
}

/// Whether a line goes on with the error above it: Node's error, its stack, its fields.
pub(super) fn continues(record: &str, next: &str) -> bool {
    let head = record.lines().next().unwrap_or_default();
    if !head.contains("rror") {
        return false;
    }
    let text = next.trim();
    let states_error = ["Error: ", "AggregateError", "at ", "[cause]: "]
        .iter()
        .any(|start| text.starts_with(start));
    // Fields of the error object stand indented below it.
    let is_field = next.starts_with([' ', '\t']) && text.contains(": ");
    states_error || is_field || matches!(text, "}" | "]" | "],")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_error_below_belongs_to_the_proxys_line() {
        let head = "[vite] ws proxy error:";
        for text in [
            "Error: connect ECONNREFUSED 127.0.0.1:8000",
            "AggregateError [ECONNREFUSED]:",
            "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)",
        ] {
            assert!(continues(head, text), "{text}");
        }
        assert!(!continues(head, "[vite] http proxy error: /api/me/"));
        assert!(!continues(
            "[HPM] Upgrading to WebSocket",
            "Error: read ECONNRESET"
        ));
    }

    #[test]
    fn a_hot_reload_message_is_none_of_theirs() {
        for text in ["[vite] connected.", "[HMR] connected", "proxy error"] {
            assert_eq!(DevProxy.parse(text), None, "{text}");
        }
    }
}
