//! A client's address in the notations of servers: `127.0.0.1:42032`, `[::1]:42032`, `None:None`,
//! `('172.19.0.11', 44988)`, `['127.0.0.1', 48306]`, `tcp4:127.0.0.1:55562`.
//!
//! Not what an address means for a connection; port 0 and `None` are no port here already.

use crate::record::Peer;

/// The address that the whole of `text` is; `None` for `None`, `-`, `unix:` and anything else.
#[must_use]
pub(super) fn address(text: &str) -> Option<Peer> {
    let text = text.trim();
    let text = ["tcp4:", "tcp6:", "tcp:"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    if let Some(inside) = text.strip_prefix('[') {
        if let Some((host, after)) = inside.split_once(']')
            && host.contains(':')
        {
            return checked(host, after.strip_prefix(':'));
        }
        return pair(text);
    }
    if text.starts_with('(') {
        return pair(text);
    }
    match text.bytes().filter(|byte| *byte == b':').count() {
        0 => checked(text, None),
        1 => text
            .split_once(':')
            .and_then(|(host, port)| checked(host, Some(port))),
        // Daphne prints an IPv6 address and its port with colons alone: the last part is the port
        // where the address before it is whole.
        _ => match text.rsplit_once(':') {
            Some((host, port))
                if host.parse::<std::net::Ipv6Addr>().is_ok()
                    && text.parse::<std::net::Ipv6Addr>().is_err() =>
            {
                checked(host, Some(port))
            }
            _ => checked(text, None),
        },
    }
}

/// `('172.19.0.11', 44988)` or `['127.0.0.1', 48306]`, at the start of `text`.
#[must_use]
pub(super) fn pair(text: &str) -> Option<Peer> {
    let (inside, _) = text.strip_prefix(['(', '['])?.split_once([')', ']'])?;
    let (host, port) = inside.split_once(',')?;
    checked(
        host.trim()
            .trim_start_matches(['b', 'u'])
            .trim_matches(['\'', '"']),
        Some(port.split(',').next()?.trim()),
    )
}

fn checked(host: &str, port: Option<&str>) -> Option<Peer> {
    let port = match port {
        None | Some("None" | "") => None,
        Some(port) => Some(port.parse::<u16>().ok()?),
    };
    let host = host.trim();
    let plausible = !host.is_empty()
        && host.len() <= 253
        && host.contains(['.', ':'])
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '_' | '%'));
    let named = host == "localhost" || host == "testclient" || (port.is_some() && is_name(host));
    (plausible || named).then(|| Peer {
        host: host.to_owned(),
        port: port.filter(|port| *port != 0),
    })
}

fn is_name(host: &str) -> bool {
    host != "None"
        && host != "unix"
        && host.starts_with(|c: char| c.is_ascii_alphabetic())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        address(text).map_or_else(
            || "-".to_owned(),
            |peer| format!("{} {:?}", peer.host, peer.port),
        )
    }

    #[test]
    fn reads_every_notation() {
        for (text, expected) in [
            ("127.0.0.1:42032", "127.0.0.1 Some(42032)"),
            ("127.0.0.1:0", "127.0.0.1 None"),
            ("10.0.0.8", "10.0.0.8 None"),
            ("[::1]:42032", "::1 Some(42032)"),
            ("::1:52345", "::1 Some(52345)"),
            ("::1", "::1 None"),
            ("('172.19.0.11', 44988)", "172.19.0.11 Some(44988)"),
            ("['127.0.0.1', 48306]", "127.0.0.1 Some(48306)"),
            ("tcp4:127.0.0.1:55562", "127.0.0.1 Some(55562)"),
            ("localhost:5000", "localhost Some(5000)"),
            ("None:None", "-"),
            ("None", "-"),
            ("unix:", "-"),
            ("-", "-"),
            ("", "-"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
