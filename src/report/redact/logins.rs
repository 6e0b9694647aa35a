//! The login in a URL, before the host: `redis://:secret@host`, `https://key@host`. Host, port and
//! path stay.

use super::expressions;
use super::finding::{Carrier, Finding, Kind};
use super::pattern::{Captures, Pattern};
use super::shapes::is_opaque;
use super::value;

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    static LOGIN: Pattern = Pattern::new(expressions::URL_LOGIN);
    // A password may hold a slash that nobody encoded; only of these schemes, since pages of the web
    // have `@` in their paths.
    static SLASHED: Pattern = Pattern::new(expressions::SLASHED_LOGIN);
    for login in LOGIN.captures_iter(text) {
        push(&login, found);
    }
    for login in SLASHED.captures_iter(text) {
        // `redis://host:6379/0` goes on with something else.
        let port = login.get(2).and_then(|it| it.as_str().split('/').next());
        if port.is_some_and(|port| !port.bytes().all(|byte| byte.is_ascii_digit())) {
            push(&login, found);
        }
    }
    without_password(text, found);
}

fn push(login: &Captures<'_>, found: &mut Vec<Finding>) {
    let password = login.get(2);
    if let Some(password) = password.filter(|value| !value::is_nothing(value.as_str())) {
        found.push(Finding::new(
            password.range(),
            Kind::Password,
            Carrier::UrlPassword,
        ));
    }
    if let Some(user) = login.get(1).filter(|user| !user.is_empty()) {
        found.push(Finding::new(user.range(), Kind::User, Carrier::UrlPassword));
    }
}

/// `https://key@host`, as services that collect errors give it out.
fn without_password(text: &str, found: &mut Vec<Finding>) {
    static USER: Pattern = Pattern::new(expressions::URL_USER);
    for login in USER.captures_iter(text) {
        let Some(user) = login.get(1).filter(|it| !value::is_nothing(it.as_str())) else {
            continue;
        };
        let is_key = is_opaque(user.as_str()) || user.len() >= 20;
        let kind = if is_key { Kind::Key } else { Kind::User };
        found.push(Finding::new(user.range(), kind, Carrier::UrlPassword));
    }
}

/// Whether a value is a URL with a login, of which only the login is private; or one without its
/// scheme, where the scheme was taken for a key: `password redis://…`.
pub(super) fn is_url(value: &str) -> bool {
    static URL: Pattern = Pattern::new(expressions::URL_START);
    URL.is_match(value)
}
