//! A text with its escapes read, however often it was encoded: `%3Ftoken%3D`, `tok\u0065n`, `:\/\/`.
//! The finders beside this one look through it as through any other text.
//!
//! What its values mean is not known here, only where they stand in the text as it was written.

use super::finding::Finding;

/// So often is a text decoded again. Proxies that encode what is encoded already stand in no longer
/// row.
const MOST_ROUNDS: usize = 4;

/// A decoded text.
#[derive(Debug)]
pub(super) struct Decoded {
    text: String,
    /// For each byte, and for the end: where it begins in the text as it was written.
    starts: Vec<usize>,
}

impl Decoded {
    /// `None` where nothing is encoded.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut decoded = Self::once(text)?;
        for _ in 1..MOST_ROUNDS {
            let Some(again) = Self::once(&decoded.text) else {
                break;
            };
            let written = |at: &usize| decoded.starts.get(*at).copied().unwrap_or(text.len());
            decoded = Self {
                starts: again.starts.iter().map(written).collect(),
                text: again.text,
            };
        }
        Some(decoded)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A finding in this text as one in the text that was written.
    pub(super) fn written(&self, mut finding: Finding) -> Option<Finding> {
        let start = self.starts.get(finding.range.start)?;
        let end = self.starts.get(finding.range.end)?;
        finding.range = *start..*end;
        Some(finding)
    }

    fn once(text: &str) -> Option<Self> {
        let mut decoded = String::with_capacity(text.len());
        let mut starts = Vec::with_capacity(text.len());
        let mut rest = text;
        let mut at = 0_usize;
        while let Some(next) = rest.find(['%', '\\']) {
            let (plain, escape) = rest.split_at_checked(next)?;
            let (sign, length) = read(escape);
            decoded.push_str(plain);
            decoded.push_str(sign);
            let escape_at = at.saturating_add(next);
            starts.extend(at..escape_at);
            if sign.len() == length {
                starts.extend(escape_at..escape_at.saturating_add(length));
            } else {
                starts.extend(sign.bytes().map(|_| escape_at));
            }
            rest = escape.get(length..)?;
            at = escape_at.saturating_add(length);
        }
        if decoded.len() == at {
            return None;
        }
        decoded.push_str(rest);
        starts.extend(at..=text.len());
        Some(Self {
            text: decoded,
            starts,
        })
    }
}

/// What an escape at the beginning of a text stands for, and how long it is; what is none stands for
/// itself. Quotes and line breaks of strings within strings stay escaped: they end no value.
fn read(text: &str) -> (&str, usize) {
    if let Some(digits) = text.strip_prefix('%') {
        let sign = digits.get(..2).and_then(printable);
        return sign.map_or_else(|| text_itself(text, 1), |sign| (sign, 3));
    }
    let after = text.trim_start_matches('\\');
    let slashes = text.len().saturating_sub(after.len());
    if after.starts_with('/') {
        return ("/", slashes.saturating_add(1));
    }
    let digits = after.strip_prefix("u00").and_then(|it| it.get(..2));
    let sign = digits
        .and_then(printable)
        .filter(|sign| !["\"", "'", "\\"].contains(sign));
    sign.map_or_else(
        || text_itself(text, slashes),
        |sign| (sign, slashes.saturating_add(5)),
    )
}

fn text_itself(text: &str, length: usize) -> (&str, usize) {
    (text.get(..length).unwrap_or_default(), length)
}

/// The printing character of ASCII that two hexadecimal digits name.
fn printable(digits: &str) -> Option<&'static str> {
    const PRINTABLE: &str = concat!(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`",
        "abcdefghijklmnopqrstuvwxyz{|}~"
    );
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let code = usize::from_str_radix(digits, 16).ok()?;
    let index = code.checked_sub(0x20)?;
    PRINTABLE.get(index..index.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Carrier, Kind};
    use super::*;

    #[test]
    fn places_are_those_of_the_text_as_written() {
        for (text, expected) in [
            ("a%2540b", "a@b"),
            (r"tok\u0065n\\u003dü", "token=ü"),
            (r"redis:\/\/h", "redis://h"),
            ("%25", "%"),
            ("50% of %zz %2541", "50% of %zz A"),
            (r#"\"a\" \n %22"#, r#"\"a\" \n ""#),
        ] {
            let decoded = Decoded::of(text).unwrap();
            assert_eq!(decoded.text(), expected);
            let end = expected.len();
            let last = expected.char_indices().last().unwrap().0;
            let found = Finding::new(last..end, Kind::Token, Carrier::Shape);
            let range = decoded.written(found).unwrap().range;
            assert!(text.get(range.clone()).is_some() && range.end == text.len());
        }
        for plain in ["", "no escapes", "100 %", r"C:\new", r#"\"a\""#] {
            assert!(Decoded::of(plain).is_none(), "{plain}");
        }
    }
}
