//! The route of an attempt: the path of its request, without scheme, host and query.

use crate::own::Routes;
use percent_encoding::percent_decode_str;

/// A request target as a log shows it, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// `ws`, `wss`, `http`, `https`; `None` for a bare path.
    pub scheme: Option<String>,
    /// Host without port.
    pub host: Option<String>,
    /// Port, where the URL names one.
    pub port: Option<u16>,
    /// The path, with a leading slash.
    pub path: String,
    /// The query without its question mark; `None` where the target shows none.
    pub query: Option<String>,
}

impl Target {
    /// Takes a target apart; never fails, since logs cut URLs anywhere.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '\'' | '"' | '`' | '<' | '>' | ',')
        });
        let mut target = Self::default();
        let mut rest = text;
        if let Some((scheme, after)) = text.split_once("://") {
            target.scheme = Some(scheme.to_lowercase());
            let (authority, path) = after
                .find(['/', '?', '#'])
                .and_then(|end| after.split_at_checked(end))
                .unwrap_or((after, ""));
            let authority = authority.rsplit('@').next().unwrap_or(authority);
            let (host, port) = split_port(authority);
            target.host = Some(host.to_owned()).filter(|host| !host.is_empty());
            target.port = port;
            rest = path;
        }
        let rest = rest.split('#').next().unwrap_or(rest);
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        target.query = query;
        // In a sentence, what stands behind the path is not of it.
        let path = path.trim_end_matches([':', ';', ',', '.', ')', ']', '}']);
        target.path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        target
    }

    /// The value of a query parameter, percent-decoded, by any of these names.
    #[must_use]
    pub fn parameter(&self, names: &[&str]) -> Option<String> {
        let query = self.query.as_deref()?;
        query.split('&').find_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let known = names.iter().any(|known| name.eq_ignore_ascii_case(known));
            known.then(|| percent_decode_str(value).decode_utf8_lossy().into_owned())
        })
    }
}

fn split_port(authority: &str) -> (&str, Option<u16>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.chars().all(|c| c.is_ascii_digit()) => {
            (host, port.parse().ok())
        }
        _ => (authority, None),
    }
}

/// What two paths of one route share: the listed route they belong to or, where none fits, the path
/// with identifiers replaced and a missing final slash added.
#[must_use]
pub fn key(path: &str, listed: &Routes) -> String {
    match listed.of_path(path) {
        Some(route) => route.path.clone(),
        None => without_identifiers(path),
    }
}

fn without_identifiers(path: &str) -> String {
    let mut parts: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            if is_identifier(segment) {
                "<id>"
            } else {
                segment
            }
        })
        .collect();
    parts.insert(0, "");
    parts.push("");
    parts.join("/")
}

/// Whether a path segment names one object: a number, a UUID, a long hexadecimal or random word.
fn is_identifier(segment: &str) -> bool {
    let digits = segment.chars().filter(char::is_ascii_digit).count();
    let all_digits = digits == segment.chars().count();
    let hexadecimal =
        segment.chars().count() >= 8 && segment.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let random = segment.chars().count() >= 16
        && digits >= 3
        && segment
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    all_digits || (hexadecimal && digits > 0) || random
}

/// Whether a path is a WebSocket's by its own words.
#[must_use]
pub fn names_websocket(path: &str) -> bool {
    path.split('/').any(|segment| {
        let segment = segment.to_lowercase();
        matches!(segment.as_str(), "ws" | "wss" | "socket" | "sockets")
            || segment.contains("websocket")
            || segment.starts_with("ws-")
            || segment.ends_with("-ws")
            || segment.ends_with("_ws")
    })
}

/// Whether a path belongs to a development tool or another program's socket, not to an application:
/// the hot reload of webpack, Vite, Next and Create React App, `LiveReload`, Browsersync, Jupyter.
#[must_use]
pub fn is_dev_tool(path: &str) -> bool {
    const KNOWN: [&str; 14] = [
        "/sockjs-node",
        "/webpack-hmr",
        "/__webpack_hmr",
        "/_next/webpack-hmr",
        "/livereload",
        "/browser-sync",
        "/__vite",
        "/vite-hmr",
        "/socketcluster",
        "/hot-update",
        "/__parcel",
        "/api/kernels",
        // A browser that drives another one.
        "/devtools/page",
        "/devtools/browser",
    ];
    let path = path.to_lowercase();
    path.match_indices('/').any(|(at, _)| {
        let from_here = path.get(at..).unwrap_or_default();
        let mut behind = KNOWN
            .iter()
            .filter_map(|known| from_here.strip_prefix(known));
        behind.any(|rest| at == 0 || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let target = Target::parse("'ws://localhost:8000/ws/dashboard/?token=a%2Eb&x=1'");
        assert_eq!(target.scheme.as_deref(), Some("ws"));
        assert_eq!(target.host.as_deref(), Some("localhost"));
        assert_eq!(target.port, Some(8000));
        assert_eq!(target.path, "/ws/dashboard/");
        assert_eq!(target.parameter(&["token"]).as_deref(), Some("a.b"));
    }

    #[test]
    fn what_a_sentence_puts_behind_a_path_is_left_out() {
        assert_eq!(Target::parse("/ws/queue:").path, "/ws/queue");
        assert_eq!(Target::parse("/ws/queue/).").path, "/ws/queue/");
    }

    #[test]
    fn paths_of_one_route_share_a_key() {
        let key = |path: &str| key(path, &Routes::default());
        assert_eq!(key("/ws/chat/7/"), key("/ws/chat/8"));
        assert_eq!(
            key("/ws/chat/0f8fad5b-d9cb-469f-a165-70867728950e/"),
            "/ws/chat/<id>/"
        );
        assert_ne!(key("/ws/chat/"), key("/ws/dashboard/"));
    }

    #[test]
    fn words_are_no_identifiers() {
        for word in ["dashboard", "notifications", "feedface", "v2"] {
            assert!(!is_identifier(word), "{word}");
        }
    }
}
