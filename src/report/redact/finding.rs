//! A private value found in a text, and how overlapping ones are replaced.
//!
//! What counts as private is decided by the finders beside this file.

use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a value is, as its pseudonym says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Token,
    Key,
    Session,
    Cookie,
    Password,
    Email,
    Phone,
    User,
    Address,
    Value,
}

impl Kind {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Key => "key",
            Self::Session => "session",
            Self::Cookie => "cookie",
            Self::Password => "password",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::User => "user",
            Self::Address => "address",
            Self::Value => "value",
        }
    }
}

/// What told that a value is private, the surest first. Among overlapping findings the surest names
/// the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Carrier {
    /// The value's own shape, which nothing else has (a JWT, a cloud key).
    Unmistakable,
    /// The part of a URL before the host.
    UrlPassword,
    /// A header (`Authorization`, `Cookie`).
    Header,
    /// A word for a user before it.
    UserWord,
    /// A home directory's name: a user, but at times only a word of a URL.
    Home,
    /// A word for a secret before it.
    SecretWord,
    /// The shape of an e-mail address.
    Mail,
    /// A local variable printed in a traceback.
    Local,
    /// A long word that no language has, or an address.
    Shape,
}

/// Whether the log shows the value only in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    No,
    /// `aec8e0e9a0...`
    TailMissing,
    /// `...mqt4z1`
    HeadMissing,
}

impl Cut {
    /// The one whole value that this part belongs to.
    pub(super) fn completed<'a>(
        self,
        part: &str,
        whole: impl Iterator<Item = &'a str>,
    ) -> Option<&'a str> {
        let mut fitting = whole.filter(|value| match self {
            Self::No => false,
            // Every JWT begins alike; six characters are what people leave of a token's end.
            Self::TailMissing => part.len() >= 8 && value.starts_with(part),
            Self::HeadMissing => part.len() >= 4 && value.ends_with(part),
        });
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}

/// A private value in a text.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    pub(super) carrier: Carrier,
    pub(super) cut: Cut,
}

impl Finding {
    pub(super) fn new(range: Range<usize>, kind: Kind, carrier: Carrier) -> Self {
        Self {
            range,
            kind,
            carrier,
            cut: Cut::No,
        }
    }

    /// The value in the form in which two of its spellings are equal.
    pub(super) fn normal(&self, text: &str) -> String {
        let raw = text.get(self.range.clone()).unwrap_or_default();
        let decoded = percent_decode_str(raw).decode_utf8_lossy();
        match self.kind {
            Kind::User | Kind::Email => decoded.to_lowercase(),
            Kind::Phone => decoded
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '+')
                .collect(),
            _ => decoded.trim_end_matches('=').to_owned(),
        }
    }

    /// Whether all of another finding lies within this one.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.range.start <= other.range.start && other.range.end <= self.range.end
    }

    pub(super) fn into_span(self, name: String) -> Span {
        Span {
            range: self.range,
            carrier: self.carrier,
            name,
        }
    }
}

/// A piece of a text and what stands there instead.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) range: Range<usize>,
    pub(super) carrier: Carrier,
    pub(super) name: String,
}

/// Those that no surer finding covers, in their order.
pub(super) fn outermost(found: &[Finding]) -> impl Iterator<Item = &Finding> {
    // By carrier: where findings start, with the furthest end of those that start up to there.
    let mut furthest: BTreeMap<Carrier, Vec<(usize, usize)>> = BTreeMap::new();
    for one in found {
        let ends = furthest.entry(one.carrier).or_default();
        ends.push((one.range.start, one.range.end));
    }
    for ends in furthest.values_mut() {
        ends.sort_unstable();
        let mut furthest = 0;
        for (_, end) in ends {
            furthest = furthest.max(*end);
            *end = furthest;
        }
    }
    found.iter().filter(move |one| {
        let mut surer = furthest.range(..one.carrier);
        !surer.any(|(_, ends)| {
            let behind = ends.partition_point(|(start, _)| *start <= one.range.start);
            let before = ends.get(..behind).and_then(<[_]>::last);
            before.is_some_and(|(_, end)| *end >= one.range.end)
        })
    })
}

/// `p@host` in `redis://u:p@host` looks like an e-mail address, and where the user is called `user`,
/// like a name behind a word for one: the host is to stay.
pub(super) fn drop_hosts_of_urls(found: &mut Vec<Finding>) {
    let mut passwords: Vec<Range<usize>> = found
        .iter()
        .filter(|one| one.carrier == Carrier::UrlPassword)
        .map(|one| one.range.clone())
        .collect();
    passwords.sort_by_key(|range| (range.end, range.start));
    found.retain(|one| {
        let first = passwords.partition_point(|other| other.end <= one.range.start);
        let behind = passwords.iter().skip(first);
        let mut overlapping = behind.take_while(|other| other.start < one.range.end);
        let goes_beyond =
            |other: &Range<usize>| other.start <= one.range.start && other.end < one.range.end;
        match one.carrier {
            Carrier::Mail => overlapping.next().is_none(),
            Carrier::UserWord | Carrier::SecretWord => !overlapping.any(goes_beyond),
            _ => true,
        }
    });
}

/// Replaces the spans; overlapping ones together, by the surest one's name.
pub(super) fn replace(text: &str, mut spans: Vec<Span>) -> String {
    spans.sort_by_key(|span| (span.range.start, span.carrier));
    let mut written = String::with_capacity(text.len());
    let mut done = 0;
    let mut spans = spans.into_iter().peekable();
    while let Some(mut span) = spans.next() {
        while let Some(other) = spans.next_if(|other| other.range.start < span.range.end) {
            span.range.end = span.range.end.max(other.range.end);
            if other.carrier < span.carrier {
                span.carrier = other.carrier;
                span.name = other.name;
            }
        }
        written.push_str(text.get(done..span.range.start).unwrap_or_default());
        written.push_str(&span.name);
        done = span.range.end;
    }
    written.push_str(text.get(done..).unwrap_or_default());
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_surer_finding_covers_is_not_outermost() {
        let one = |range, carrier| Finding::new(range, Kind::Token, carrier);
        let found = [
            one(5..9, Carrier::Shape),
            one(0..4, Carrier::UserWord),
            one(0..10, Carrier::SecretWord),
            one(8..12, Carrier::Shape),
            one(2..3, Carrier::SecretWord),
            one(20..30, Carrier::Shape),
        ];
        let surely = |one: &Finding| {
            let surer = |other: &&Finding| other.carrier < one.carrier && other.covers(one);
            found.iter().find(surer).is_none()
        };
        let expected: Vec<_> = found.iter().filter(|one| surely(one)).collect();
        let expected: Vec<_> = expected.iter().map(|one| one.range.clone()).collect();
        let outermost: Vec<_> = outermost(&found).map(|one| one.range.clone()).collect();
        assert_eq!(outermost, expected);
        assert_eq!(expected.len(), 4);
    }
}
