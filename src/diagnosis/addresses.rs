//! The ports and the path that checks ask about. Rule files show their commands for port 8000 and
//! `/ws/dashboard/`; the logs often name others, and a check of the wrong place misleads.

use super::Findings;
use super::case::Case;
use super::model::NextCheck;
use crate::attempt::route::Target;
use crate::cause::Check;
use crate::event::Event;
use crate::record::Side;
use crate::rule_text::RuleText;
use std::collections::BTreeSet;

/// The port that rule files show.
const SHOWN: &str = "8000";
/// The path that rule files show.
const SHOWN_PATH: &str = "/ws/dashboard/";
/// A longer path makes no command to read.
const LONGEST_PATH: usize = 120;

/// The ports and the path of one case, as far as its lines name them.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    /// Of the URL that the client dialled.
    dialled: Option<u16>,
    /// Where the application server listens, by its own word or a proxy's.
    serving: Option<u16>,
    /// Of the first attempt, where a shell would take it as it stands: logs are hostile text.
    path: Option<String>,
}

impl Addresses {
    pub(super) fn of(case: &Case, findings: &Findings<'_>) -> Self {
        let attempts = case.attempts.iter();
        let attempts = attempts.filter_map(|index| findings.attempts.attempts.get(*index));
        let events = || {
            let ids = attempts.clone().flat_map(|attempt| &attempt.events);
            ids.filter_map(|id| findings.event(*id))
        };
        let listening = findings.input_signals.events("server-listening");
        let listening = listening.iter().filter_map(|id| findings.event(*id));
        let routes = || {
            attempts
                .clone()
                .filter_map(|attempt| attempt.route.as_deref())
        };
        let own: BTreeSet<u16> = listening.filter_map(stated).collect();
        // Several servers: the logs do not say which one is asked.
        let own = own.first().copied().filter(|_| own.len() == 1);
        Self {
            dialled: events().find_map(dialled),
            serving: own.or_else(|| events().find_map(upstream)),
            path: routes().find(|path| is_plain(path)).map(str::to_owned),
        }
    }

    /// A check of a rule file, with the port that it has here.
    pub(super) fn put_into(&self, check: &Check) -> NextCheck {
        // A request goes to where the server listens; what listens is asked of the dialled port.
        let is_request = check
            .command
            .as_deref()
            .is_some_and(|command| command.contains("curl "));
        let port = if is_request {
            self.serving.or(self.dialled)
        } else {
            self.dialled.or(self.serving)
        };
        let shown = |text: &str| {
            let text = match port {
                Some(port) => replaced(text, &port.to_string()),
                None => text.to_owned(),
            };
            match &self.path {
                Some(path) => text.replace(SHOWN_PATH, path),
                None => text,
            }
        };
        NextCheck {
            what: shown(check.what.trim()),
            command: check.command.as_deref().map(shown),
            settles: check.settles.iter().map(RuleText::to_string).collect(),
        }
    }
}

/// Whether a path holds nothing that a shell or a URL reads as more than a letter.
fn is_plain(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.');
    path.starts_with('/') && path.len() <= LONGEST_PATH && path.chars().all(plain)
}

/// The port of the URL that a client's line names.
fn dialled(event: &Event) -> Option<u16> {
    if event.record.side != Side::Client {
        return None;
    }
    let url = event.named_target().filter(|target| target.contains("://"));
    url.and_then(|url| Target::parse(url).port)
        .or_else(|| stated(event))
}

fn stated(event: &Event) -> Option<u16> {
    event.field("port")?.parse().ok()
}

/// The port of the server behind a proxy, in nginx's `upstream: "http://127.0.0.1:8051/ws/"`.
fn upstream(event: &Event) -> Option<u16> {
    let (_, url) = event.record.message.split_once("upstream: \"")?;
    Target::parse(url.split('"').next()?).port
}

/// The text with another port where the shown one stands as a number of its own.
fn replaced(text: &str, port: &str) -> String {
    let mut parts = text.split(SHOWN).peekable();
    let mut done = String::new();
    while let Some(part) = parts.next() {
        done.push_str(part);
        let Some(next) = parts.peek() else { break };
        let within = part.ends_with(|c: char| c.is_ascii_digit())
            || next.starts_with(|c: char| c.is_ascii_digit());
        done.push_str(if within { SHOWN } else { port });
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_for_a_command_is_plain() {
        assert!(is_plain("/live/42/feed"));
        for path in ["ws/x/", "/ws/$(id)/", "/ws/'; ls", "/ws/a b", "/ws/ä/"] {
            assert!(!is_plain(path), "{path}");
        }
    }

    #[test]
    fn only_a_number_of_its_own_is_a_port() {
        assert_eq!(
            replaced("ss | grep ':8000'; nc HOST 8000 # 18000 80001", "9"),
            "ss | grep ':9'; nc HOST 9 # 18000 80001"
        );
    }
}
