//! Values that are private by their shape alone: JWTs, e-mail addresses, long random words, phone
//! numbers, public addresses, string variables printed in tracebacks.
//!
//! Keys that their makers marked have a file of their own.

use super::cloud_keys;
use super::expressions;
use super::finding::{Carrier, Cut, Finding, Kind};
use super::known::is_common;
use super::marks::{Mark, Marks};
use super::pattern::Pattern;
use super::value::is_head_of_any_jwt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Shapes that nothing else has; looked for even in sentences of ours.
pub(super) fn unmistakable(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    if marks.has(Mark::Jwt) {
        tokens(text, found);
    }
    cloud_keys::find(text, marks, found);
}

/// JWTs, whole or cut.
fn tokens(text: &str, found: &mut Vec<Finding>) {
    // A JWT's header is a JSON object, so it begins with `{"` in base64: `eyJ`.
    static JWT: Pattern = Pattern::new(expressions::JWT);
    for one in JWT.find_iter(text) {
        let value = one.as_str().trim_end_matches('.');
        if is_head_of_any_jwt(value) {
            continue;
        }
        let mut finding = Finding::new(
            one.start()..one.start().saturating_add(value.len()),
            Kind::Token,
            Carrier::Unmistakable,
        );
        let after = text.get(finding.range.end..).unwrap_or_default();
        if after.starts_with("...") || after.starts_with('…') {
            finding.cut = Cut::TailMissing;
        }
        found.push(finding);
    }
}

/// Shapes that are private in a log.
pub(super) fn find(text: &str, marks: Marks, found: &mut Vec<Finding>) {
    for (mark, look) in [
        (Mark::Mail, mails as fn(&str, &mut Vec<Finding>)),
        (Mark::Local, locals),
        (Mark::LongWord, opaque_words),
        (Mark::Base64, base64_lines),
        (Mark::Phone, phones),
        (Mark::V4, addresses_v4),
        (Mark::V6, addresses_v6),
    ] {
        if marks.has(mark) {
            look(text, found);
        }
    }
}

/// E-mail addresses.
fn mails(text: &str, found: &mut Vec<Finding>) {
    static MAIL: Pattern = Pattern::new(expressions::MAIL);
    for one in MAIL.find_iter(text) {
        let start = one.start().saturating_add(encoded_head(one.as_str()));
        found.push(Finding::new(start..one.end(), Kind::Email, Carrier::Mail));
    }
    mails_at_bare_hosts(text, found);
}

/// `maria.lopez@mailhost`, `maria@localhost`. Workers (`celery@host`) and frames of scripts
/// (`open@app.js:1`) have the same sign.
fn mails_at_bare_hosts(text: &str, found: &mut Vec<Finding>) {
    static MAIL: Pattern = Pattern::new(expressions::MAIL_AT_BARE_HOST);
    let mut at = 0;
    while let Some(one) = MAIL.captures_at(text, at) {
        let (Some(whole), Some(name)) = (one.get(0), one.get(1).or(one.get(2))) else {
            break;
        };
        at = name.end().saturating_add(1);
        let host = text.get(at..whole.end()).unwrap_or_default();
        let letters = |c: char| c.is_alphanumeric() || c == '-';
        let length = host.find(|c| !letters(c)).unwrap_or(host.len());
        if !is_common(name.as_str()) {
            let range = name.start()..at.saturating_add(length);
            found.push(Finding::new(range, Kind::Email, Carrier::Mail));
        }
    }
}

/// String variables, as `rich` and loguru print them below a line of code.
fn locals(text: &str, found: &mut Vec<Finding>) {
    // A tuple or a list of plain values; what a dictionary holds is told by its keys.
    static LOCAL: Pattern = Pattern::new(expressions::LOCAL_VARIABLE);
    static STRING: Pattern = Pattern::new(expressions::QUOTED_STRING);
    for local in LOCAL.find_iter(text) {
        let mut at = local.start();
        while let Some(string) = STRING.captures_at(text, at) {
            let Some(value) = string.get(1).or(string.get(2)) else {
                break;
            };
            if value.end() >= local.end() {
                break;
            }
            at = value.end().saturating_add(1);
            if !is_public_local(value.as_str()) {
                found.push(Finding::new(value.range(), Kind::Value, Carrier::Local));
            }
        }
    }
}

/// A path, the name of an ASGI message and the address of a socket tell the story and are nobody's.
fn is_public_local(value: &str) -> bool {
    value.starts_with(['/', '<'])
        || value == "localhost"
        || value.parse::<IpAddr>().is_ok()
        || ["websocket", "http", "lifespan"].contains(&value.split('.').next().unwrap_or_default())
}

/// How much of an e-mail's match is an encoded `=`, `:` or the like before it.
fn encoded_head(mail: &str) -> usize {
    static ENCODED: Pattern = Pattern::new(expressions::ENCODED_HEAD);
    ENCODED.find(mail).map_or(0, |head| head.end())
}

/// Long words that no language has. File names of built scripts and the handshake's nonce are shown.
fn opaque_words(text: &str, found: &mut Vec<Finding>) {
    static WORD: Pattern = Pattern::new(expressions::OPAQUE_WORD);
    static NONCE: Pattern = Pattern::new(expressions::BEFORE_NONCE);
    for word in WORD.find_iter(text) {
        let before = text.get(..word.start()).unwrap_or_default();
        let after = text.get(word.end()..).unwrap_or_default();
        let is_script = [".js", ".mjs", ".css", ".map", ".ts", ".py"]
            .iter()
            .any(|ending| after.starts_with(ending));
        if is_script || NONCE.is_match(before) {
            continue;
        }
        if is_opaque(&without_uuids(word.as_str())) {
            let mut finding = Finding::new(word.range(), Kind::Token, Carrier::Shape);
            if after.starts_with("...") || after.starts_with('…') {
                finding.cut = Cut::TailMissing;
            }
            found.push(finding);
        }
    }
}

/// A gap for each UUID keeps what stands on both its sides apart.
fn without_uuids(word: &str) -> String {
    static UUID: Pattern = Pattern::new(expressions::UUID);
    let mut rest = String::with_capacity(word.len());
    let mut done = 0;
    for one in UUID.find_iter(word) {
        rest.push_str(word.get(done..one.start()).unwrap_or_default());
        rest.push_str("  ");
        done = one.end();
    }
    rest.push_str(word.get(done..).unwrap_or_default());
    rest
}

/// Base64 with the slashes and signs that [`opaque_words`] stops at: lines of a private key, an AWS
/// secret without its name. A path has few capitals and digits, and begins with a slash or a host.
fn base64_lines(text: &str, found: &mut Vec<Finding>) {
    static BASE64: Pattern = Pattern::new(expressions::BASE64_LINE);
    for one in BASE64.find_iter(text) {
        let before = text.get(..one.start()).unwrap_or_default();
        let is_path = one.as_str().starts_with('/')
            || before.ends_with(['.', '/', ':', '-', '_', '@', '~', '}', '>'])
            || one.as_str().contains("//");
        let joined: String = one.as_str().replace(['/', '+'], "");
        if !is_path && joined.len() >= 30 && is_opaque(&joined) {
            found.push(Finding::new(one.range(), Kind::Key, Carrier::Shape));
        }
    }
}

/// Whether a word looks random: letters, digits and cases change far more often than in names.
pub(super) fn is_opaque(word: &str) -> bool {
    let longest = word.split(['-', '_', '+', ' ']).map(str::len).max();
    let length = word.bytes().filter(u8::is_ascii_alphanumeric).count();
    if length < 16 || longest < Some(12) && word.len() < 32 || word.contains(' ') && length < 20 {
        return false;
    }
    let changes = changes(word);
    changes >= 4 && changes.saturating_mul(5) >= length
}

/// How often a word changes between small and capital letters and digits.
pub(super) fn changes(word: &str) -> usize {
    word.as_bytes()
        .windows(2)
        .filter(|pair| match pair {
            [a, b] => {
                a.is_ascii_lowercase() && b.is_ascii_uppercase()
                    || a.is_ascii_alphabetic() && b.is_ascii_digit()
                    || a.is_ascii_digit() && b.is_ascii_alphabetic()
            }
            _ => false,
        })
        .count()
}

/// Phone numbers in international form. An offset of a time zone (`+1000`) has no separator behind a
/// country's code, and fewer digits.
fn phones(text: &str, found: &mut Vec<Finding>) {
    static PHONE: Pattern = Pattern::new(expressions::PHONE);
    for one in PHONE.find_iter(text) {
        let before = text.get(..one.start()).unwrap_or_default();
        let after = text.get(one.end()..).unwrap_or_default();
        let joins = |c: char| c.is_alphanumeric() || matches!(c, '+' | '_');
        let number = one.as_str().trim_start_matches("%2").replace("%20", "");
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if (8..=15).contains(&digits) && !before.ends_with(joins) && !after.starts_with(joins) {
            found.push(Finding::new(one.range(), Kind::Phone, Carrier::Shape));
        }
    }
}

/// Addresses that anybody can reach, so that belong to somebody.
fn addresses_v4(text: &str, found: &mut Vec<Finding>) {
    static V4: Pattern = Pattern::new(expressions::ADDRESS_V4);
    // A product's version (`Chrome/120.0.6099.71`, `package-1.2.3.4`) has the same shape.
    static VERSION: Pattern = Pattern::new(expressions::BEFORE_VERSION);
    for one in V4.find_iter(text) {
        let before = text.get(..one.start()).unwrap_or_default();
        let after = text.get(one.end()..).unwrap_or_default();
        let goes_on = after.starts_with(|c: char| c.is_ascii_alphanumeric())
            || after
                .strip_prefix('.')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let is_public = one
            .as_str()
            .parse::<Ipv4Addr>()
            .is_ok_and(|ip| is_public(IpAddr::V4(ip)));
        if is_public && !goes_on && !VERSION.is_match(before) {
            found.push(Finding::new(one.range(), Kind::Address, Carrier::Shape));
        }
    }
}

/// The same of the newer form.
fn addresses_v6(text: &str, found: &mut Vec<Finding>) {
    static V6: Pattern = Pattern::new(expressions::ADDRESS_V6);
    for one in V6.find_iter(text) {
        let is_public = one
            .as_str()
            .parse::<Ipv6Addr>()
            .is_ok_and(|ip| is_public(IpAddr::V6(ip)));
        if is_public {
            found.push(Finding::new(one.range(), Kind::Address, Carrier::Shape));
        }
    }
}

/// Whether an address may be a person's. Loopback, private, link-local and shared ones are not.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            !(v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || first == 0
                || is_shared)
        }
        IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4_mapped() {
                return is_public(IpAddr::V4(v4));
            }
            let head = v6.segments().first().copied().unwrap_or_default();
            // The first group of a global address; `::1`, `fe80::` and `fd00::` are others.
            (0x2000..0x4000).contains(&head)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_words_are_told_from_names() {
        for random in [
            "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b",
            "k3j5h2g4f7d8s9a0q1w2e3r4t5y6u7i8",
            "dGhpcyBpcyBhIHNlY3JldCB2YWx1ZQ",
        ] {
            assert!(is_opaque(random), "{random}");
        }
        for name in [
            "AllowedHostsOriginValidator",
            "AsyncJsonWebsocketConsumerMixin2",
            "cpython-310-x86_64-linux-gnu",
            "backend-7d9f8b6c5d-x2x4z",
            "test_user_connection_attempt_2024",
            "140377021894464140377021894464",
        ] {
            assert!(!is_opaque(name), "{name}");
        }
    }

    #[test]
    fn private_addresses_stay() {
        for kept in [
            "127.0.0.1",
            "10.1.2.3",
            "172.20.0.1",
            "192.168.0.7",
            "0.0.0.0",
            "::1",
            "fe80::1",
        ] {
            assert!(!is_public(kept.parse().unwrap()), "{kept}");
        }
        for gone in ["203.0.113.9", "8.8.8.8", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(is_public(gone.parse().unwrap()), "{gone}");
        }
    }
}
