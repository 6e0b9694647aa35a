//! Secrets on the line of a command: `--password …`, `curl -u name:…`.

use super::expressions;
use super::finding::{Carrier, Finding, Kind};
use super::known::is_common;
use super::pattern::Pattern;
use super::secrets::{each_match, is_prose, kind_of, push};
use super::value;

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    options(text, found);
    logins(text, found);
}

/// `--password …`; behind an equals sign they are found as any assignment.
fn options(text: &str, found: &mut Vec<Finding>) {
    static OPTION: Pattern = Pattern::new(expressions::SECRET_OPTION);
    each_match(text, &OPTION, found, |captures, end, found| {
        let value = value::read(text, end)?;
        let raw = text.get(value.range.clone())?;
        if value::is_nothing(raw) || raw.starts_with('-') || is_prose(text, &value, raw) {
            return None;
        }
        let kind = kind_of(captures.get(1)?.as_str());
        Some(push(found, &value, kind, Carrier::SecretWord))
    });
}

/// `curl -u name:password`.
fn logins(text: &str, found: &mut Vec<Finding>) {
    static LOGIN: Pattern = Pattern::new(expressions::CURL_LOGIN);
    for login in LOGIN.captures_iter(text) {
        let (Some(name), Some(password)) = (login.get(1), login.get(2)) else {
            continue;
        };
        if !is_common(name.as_str()) {
            found.push(Finding::new(name.range(), Kind::User, Carrier::UrlPassword));
        }
        if !value::is_nothing(password.as_str()) {
            found.push(Finding::new(
                password.range(),
                Kind::Password,
                Carrier::UrlPassword,
            ));
        }
    }
}
