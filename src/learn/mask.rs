//! Messages without their values: what the redactor takes for private, numbers, identifiers, quoted
//! texts, addresses and paths become masks.

use super::occurrence::Occurrence;
use crate::attempt::route::Target;
use crate::diagnosis::Findings;
use crate::report::redact::Redactor;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Stands for one word.
pub(super) const ANY: &str = "<*>";
/// Stands for one or several words.
pub(super) const WORDS: &str = "<**>";
/// Stands for the path of the request.
pub(super) const PATH: &str = "<path>";

/// A message in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Masked {
    /// Its words, values masked.
    pub(super) tokens: Vec<String>,
    /// The message without private values.
    pub(super) shown: String,
    /// Some words are parted by more than one space.
    pub(super) spaced: bool,
}

/// Whether a word holds a mask.
pub(super) fn is_mask(token: &str) -> bool {
    [ANY, WORDS, PATH].iter().any(|mask| token.contains(mask))
}

/// Masks the message of every occurrence.
pub(super) fn mask_all(occurrences: &[Occurrence], findings: &Findings<'_>) -> Vec<Masked> {
    let own = findings
        .attempts
        .attempts
        .iter()
        .flat_map(|one| &one.events);
    let ids: BTreeSet<usize> = own
        .copied()
        .chain(occurrences.iter().map(|one| one.event))
        .collect();
    let events = || ids.iter().filter_map(|id| findings.event(*id));
    let redactor = Redactor::over(events().map(|event| event.record.text.as_str()));
    let users: BTreeSet<&str> = events()
        .filter_map(|event| event.field("user"))
        .filter(|user| !user.to_lowercase().contains("anonymous"))
        .collect();
    occurrences
        .iter()
        .map(|occurrence| {
            let message = findings
                .event(occurrence.event)
                .map_or("", |event| event.record.message.as_str());
            let route = findings
                .attempts
                .attempts
                .get(occurrence.attempt)
                .and_then(|attempt| attempt.route.as_deref());
            let shown = without_users(&redactor.text(message), &users);
            Masked {
                tokens: mask(&shown, route),
                shown,
                spaced: message.trim().contains("  ") || message.contains('\t'),
            }
        })
        .collect()
}

/// Words that some phrase took for a user's name stay out, wherever they stand.
fn without_users(text: &str, users: &BTreeSet<&str>) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let core = word.trim_matches(|c: char| c.is_ascii_punctuation());
        let named = !core.is_empty() && users.contains(core);
        words.push(if named {
            word.replace(core, "<user>")
        } else {
            word.to_owned()
        });
    }
    words.join(" ")
}

static VALUES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let table = [
        // What the redactor left.
        (r"<[a-z]+(?:-\d+)?>", WORDS),
        (r#""[^"]*"|'[^']*'|`[^`]*`|«[^»]*»|“[^”]*”"#, WORDS),
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", ANY),
        (r"\b\w{2,}://\S+", ANY),
        (
            r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
            ANY,
        ),
        (r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b", ANY),
        (r"\b[0-9a-fA-F]*\d[0-9a-fA-F]{7,}\b", ANY),
        // A value behind its name.
        (r"=[^\s,;)\]}]+", "=<*>"),
        (r"[\w.-]*\d[\w.-]*", ANY),
    ];
    table
        .into_iter()
        .filter_map(|(pattern, mask)| Some((Regex::new(pattern).ok()?, mask)))
        .collect()
});

fn mask(message: &str, route: Option<&str>) -> Vec<String> {
    let with_path: Vec<&str> = message
        .split_whitespace()
        .map(|word| if is_route(word, route) { PATH } else { word })
        .collect();
    let mut text = with_path.join(" ");
    for (value, mask) in VALUES.iter() {
        text = value
            .replace_all(&text, |found: &regex::Captures<'_>| {
                let whole = found.get(0).map_or("", |found| found.as_str());
                if whole == PATH { PATH } else { *mask }.to_owned()
            })
            .into_owned();
    }
    text.split_whitespace().map(whole).collect()
}

/// Paths of other things are values too, and so is what stands after the words that name a person.
fn whole(word: &str) -> String {
    let path = word.starts_with('/') && word.len() > 1 || word.contains('\\');
    if path && !is_mask(word) {
        ANY.to_owned()
    } else {
        word.to_owned()
    }
}

fn is_route(word: &str, route: Option<&str>) -> bool {
    word.starts_with('/') && route.is_some_and(|route| Target::parse(word).path == route)
}

/// The expression for a template's words; `None` where too little of them is left.
pub(super) fn expression(tokens: &[String], spaced: bool) -> Option<String> {
    let letters = tokens
        .iter()
        .filter(|token| !is_mask(token))
        .flat_map(|token| token.chars())
        .filter(|c| c.is_alphabetic())
        .count();
    if letters < 4 {
        return None;
    }
    let mut named = false;
    let words: Vec<String> = tokens.iter().map(|token| word(token, &mut named)).collect();
    let gap = if spaced { r"\s+" } else { " " };
    let open_end = words
        .last()
        .is_some_and(|last| last.ends_with(char::is_alphanumeric));
    Some(format!(
        "^{}{}",
        words.join(gap),
        if open_end { r"\b" } else { "" }
    ))
}

fn word(token: &str, named: &mut bool) -> String {
    if token == PATH {
        let first = !std::mem::replace(named, true);
        return if first { r"(?P<path>/\S*)" } else { r"\S+" }.to_owned();
    }
    let mut written = String::new();
    let mut rest = token;
    while let Some((literal, mask, after)) = next_mask(rest) {
        written.push_str(&regex::escape(literal));
        written.push_str(if mask == WORDS { ".+?" } else { r"\S+" });
        rest = after;
    }
    written.push_str(&regex::escape(rest));
    written
}

fn next_mask(text: &str) -> Option<(&str, &'static str, &str)> {
    [ANY, WORDS, PATH]
        .into_iter()
        .filter_map(|mask| {
            let (before, after) = text.split_once(mask)?;
            Some((before, mask, after))
        })
        .min_by_key(|(before, _, _)| before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(message: &str) -> String {
        mask(message, Some("/live/ticker/")).join(" ")
    }

    #[test]
    fn values_are_masked() {
        for (message, expected) in [
            ("let in 41", "let in <*>"),
            ("knock at /live/ticker/", "knock at <path>"),
            ("peer left (1000)", "peer left (<*>)"),
            (
                "pass <token-1> of <user-2> is stale",
                "pass <**> of <**> is stale",
            ),
            ("room 'the blue one' is shut", "room <**> is shut"),
            ("seat=12, tier=gold taken", "seat=<*>, tier=<*> taken"),
            (
                "job 0f8fad5b-d9cb-469f-a165-70867728950e ran",
                "job <*> ran",
            ),
            ("read /srv/app/gate.conf again", "read <*> again"),
            ("mail to maria@example.org", "mail to <*>"),
        ] {
            assert_eq!(masked(message), expected);
        }
    }

    #[test]
    fn the_expression_matches_the_line_and_its_like() {
        let tokens = mask("knock at /live/ticker/ from 41", Some("/live/ticker/"));
        let pattern = expression(&tokens, false).unwrap();
        assert_eq!(pattern, r"^knock at (?P<path>/\S*) from \S+");
        let regex = Regex::new(&pattern).unwrap();
        assert!(regex.is_match("knock at /live/ledger/ from 7"));
        assert_eq!(expression(&mask("41 -> 17", None), true), None);
    }

    #[test]
    fn users_are_left_out_wherever_they_stand() {
        let users = BTreeSet::from(["maria"]);
        assert_eq!(
            without_users("hello maria, again", &users),
            "hello <user>, again"
        );
    }
}
