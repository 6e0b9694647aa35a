//! Takes private values out of a report: a report is made to be pasted in public.
//!
//! Tokens, cookies, session ids, passwords, keys, e-mail addresses, phone numbers, user names and
//! public addresses are replaced by pseudonyms (`<token-1>`, `<user-2>`), the same value always by the same one, so
//! the story stays readable. Two passes: the first looks at every text in the order in which the
//! report shows them and names what it finds; the second replaces what is found again, and the named
//! values wherever else they stand.
//!
//! Where values are found is said in the files beside this one, by carrier. What a text means is not
//! known here: when in doubt a value goes.

mod ambiguous;
mod broken;
mod cloud_keys;
mod commands;
mod decoded;
mod expressions;
mod finding;
mod headers;
mod known;
mod logins;
mod marks;
mod names;
mod pattern;
mod phrases;
mod query;
mod secrets;
mod shapes;
mod value;

use super::texts::{self, Origin};
use crate::diagnosis::Diagnosis;
use decoded::Decoded;
use finding::{Cut, Finding, Kind};
use known::Known;
use marks::{Mark, Marks};
use pattern::Pattern;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Replaces private values by stable pseudonyms.
#[derive(Debug, Default)]
pub struct Redactor {
    /// Pseudonyms by the value's normal form.
    names: BTreeMap<String, String>,
    /// The same values, as they are looked for outside their carriers.
    known: Known,
    /// What was found in each text of a log that was seen.
    seen: HashMap<String, Vec<Finding>>,
}

/// So many texts are looked through before another thread is worth its while.
const LEAST_TEXTS: usize = 16;

/// Does what the first text to be redacted would wait for.
pub(super) fn make_ready() {
    // What most logs have: an address, a path with a query, a token, a user.
    let usual = r#"INFO 203.0.113.9:51000 - "WebSocket /ws/chat/?token=0123456789abcdef" user: maria@example.com (ID: 1)"#;
    find(Origin::Log, usual);
}

impl Redactor {
    /// A redactor that knows every private value of the diagnosis.
    #[must_use]
    pub fn of(diagnosis: &Diagnosis) -> Self {
        let mut texts = Vec::new();
        // The walk over texts changes them; it is made on a copy that is thrown away.
        texts::each(&mut diagnosis.clone(), &mut |origin, text| {
            if origin != Origin::Name {
                texts.push((origin, std::mem::take(text)));
            }
        });
        Self::over_origins(&texts)
    }

    /// A redactor for lines of logs, numbered in the order of the texts.
    #[must_use]
    pub fn over<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<_> = texts
            .into_iter()
            .map(|text| (Origin::Log, text.to_owned()))
            .collect();
        Self::over_origins(&texts)
    }

    fn over_origins(texts: &[(Origin, String)]) -> Self {
        let mut found = Vec::new();
        let mut taken = BTreeSet::new();
        let seen = Self::seen_in(texts);
        for (origin, text) in texts {
            let findings = found_before(&seen, *origin, text);
            for finding in finding::outermost(&findings) {
                found.push((finding.clone(), finding.normal(text)));
            }
            taken.extend(pseudonyms_in(text));
        }
        let mut redactor = Self {
            seen,
            ..Self::default()
        };
        redactor.name_all(&found, &taken);
        redactor
    }

    /// What the texts of logs hold, each looked through once however often it stands there.
    fn seen_in(texts: &[(Origin, String)]) -> HashMap<String, Vec<Finding>> {
        let of_logs = texts.iter().filter(|(origin, _)| *origin == Origin::Log);
        let mut different: Vec<&str> = of_logs.map(|(_, text)| text.as_str()).collect();
        different.sort_unstable();
        different.dedup();
        different
            .into_par_iter()
            .with_min_len(LEAST_TEXTS)
            .map(|text| (text.to_owned(), find(Origin::Log, text)))
            .collect()
    }

    /// Gives every value its pseudonym, by order of appearance. A name that stands in the input
    /// already (a report pasted into a log) is not given again.
    fn name_all(&mut self, found: &[(Finding, String)], taken: &BTreeSet<String>) {
        let whole: BTreeMap<&str, Kind> = found
            .iter()
            .filter(|(finding, _)| finding.cut == Cut::No)
            .map(|(finding, value)| (value.as_str(), finding.kind))
            .rev()
            .collect();
        let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
        for (finding, value) in found {
            let full = finding.cut.completed(value, whole.keys().copied());
            let key = full.unwrap_or(value);
            let kind = whole.get(key).copied().unwrap_or(finding.kind);
            let name = self.names.get(key).cloned().unwrap_or_else(|| {
                let count = counts.entry(kind).or_default();
                next_name(kind, count, taken)
            });
            self.known.learn(finding, value, &name);
            self.names.insert(value.clone(), name.clone());
            self.names.insert(key.to_owned(), name);
        }
    }

    /// A line of a log, or a text made of parts of one, without its private values.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.replaced(Origin::Log, text)
    }

    /// The diagnosis without its private values.
    #[must_use]
    pub fn diagnosis(&self, diagnosis: &Diagnosis) -> Diagnosis {
        let mut copy = diagnosis.clone();
        let mut texts = Vec::new();
        texts::each(&mut copy, &mut |origin, text| {
            if origin != Origin::Name {
                texts.push((origin, std::mem::take(text)));
            }
        });
        let replaced: Vec<String> = texts
            .into_par_iter()
            .with_min_len(LEAST_TEXTS)
            .map(|(origin, text)| self.replaced(origin, &text))
            .collect();
        let mut replaced = replaced.into_iter();
        texts::each(&mut copy, &mut |origin, text| {
            if origin != Origin::Name {
                *text = replaced.next().unwrap_or_default();
            }
        });
        copy
    }

    fn replaced(&self, origin: Origin, text: &str) -> String {
        let mut spans: Vec<finding::Span> = found_before(&self.seen, origin, text)
            .into_iter()
            .map(|finding| {
                let name = self.names.get(&finding.normal(text)).cloned();
                let name = name.unwrap_or_else(|| format!("<{}>", finding.kind.label()));
                finding.into_span(name)
            })
            .collect();
        self.known.find(origin, text, &mut spans);
        finding::replace(text, spans)
    }
}

/// What [`find`] finds; looked up where it was found already.
fn found_before(seen: &HashMap<String, Vec<Finding>>, origin: Origin, text: &str) -> Vec<Finding> {
    let before = seen.get(text).filter(|_| origin == Origin::Log);
    before.map_or_else(|| find(origin, text), Clone::clone)
}

/// Every private value of a text, overlapping ones included.
fn find(origin: Origin, text: &str) -> Vec<Finding> {
    find_marked(origin, text, Marks::of(text))
}

/// The same by those finders alone whose marks stand in the text, and once more where its escapes are
/// read.
fn find_marked(origin: Origin, text: &str, marks: Marks) -> Vec<Finding> {
    let mut found = written(origin, text, marks);
    let decoded = (origin == Origin::Log && marks.has(Mark::Encoded)).then(|| Decoded::of(text));
    if let Some(decoded) = decoded.flatten() {
        let marks = Marks::of(decoded.text());
        let more: Vec<Finding> = written(origin, decoded.text(), marks)
            .into_iter()
            .filter_map(|finding| decoded.written(finding))
            .filter(|finding| !found.iter().any(|known| known.covers(finding)))
            .collect();
        found.extend(more);
    }
    finding::drop_hosts_of_urls(&mut found);
    found
}

/// What the text holds as it is written.
fn written(origin: Origin, text: &str, marks: Marks) -> Vec<Finding> {
    let mut found = Vec::new();
    shapes::unmistakable(text, marks, &mut found);
    if origin == Origin::Log {
        headers::find(text, marks, &mut found);
        secrets::find(text, marks, &mut found);
        if marks.has(Mark::Ambiguous) {
            ambiguous::find(text, &mut found);
        }
        if marks.has(Mark::Login) {
            logins::find(text, &mut found);
        }
        if marks.has(Mark::Command) {
            commands::find(text, &mut found);
        }
        names::find(text, marks, &mut found);
        phrases::find(text, marks, &mut found);
        shapes::find(text, marks, &mut found);
        broken::find(text, &mut found);
    }
    found
}

fn next_name(kind: Kind, count: &mut usize, taken: &BTreeSet<String>) -> String {
    loop {
        *count = count.saturating_add(1);
        let name = format!("<{}-{count}>", kind.label());
        if !taken.contains(&name) {
            return name;
        }
    }
}

fn pseudonyms_in(text: &str) -> impl Iterator<Item = String> {
    static PSEUDONYM: Pattern = Pattern::new(expressions::PSEUDONYM);
    let pseudonyms = text.contains('<').then(|| PSEUDONYM.find_iter(text));
    pseudonyms
        .into_iter()
        .flatten()
        .map(|found| found.as_str().to_owned())
}

#[cfg(test)]
mod leak_tests;
#[cfg(test)]
mod tests;
