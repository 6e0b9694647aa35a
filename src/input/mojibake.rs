//! Emoji and typographic marks whose UTF-8 bytes had been read as a single-byte code page
//! (`âœ…`, `‚úÖ`, `canâ€™t`), turned back. Only what turns back cleanly is touched.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252, WINDOWS_1254};

/// The code pages that editors and terminals assume most often when they are wrong.
const SUSPECTS: [&Encoding; 3] = [WINDOWS_1252, WINDOWS_1254, MACINTOSH];

/// The first character from which a result counts as clean. Below stand letters of living
/// languages, which a text may well contain side by side; from here on, marks and emoji.
const FIRST_MARK: char = '\u{2000}';

/// The text with mis-decoded runs repaired; `None` where there are none.
pub(super) fn repair(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while !rest.is_empty() {
        let (plain, from) = split_where(rest, |letter| !letter.is_ascii());
        let (run, after) = split_where(from, |letter| letter.is_ascii());
        repaired.push_str(plain);
        match original(run) {
            Some(original) => {
                repaired.push_str(&original);
                changed = true;
            }
            None => repaired.push_str(run),
        }
        rest = after;
    }
    changed.then_some(repaired)
}

fn split_where(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(is_end).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// What a run of letters was before it was mis-read, where one code page gives it cleanly.
fn original(run: &str) -> Option<String> {
    run.chars().nth(1)?;
    SUSPECTS.iter().find_map(|encoding| {
        let (bytes, _, failed) = encoding.encode(run);
        if failed {
            return None;
        }
        let original = std::str::from_utf8(&bytes).ok()?;
        let clean = original.chars().all(|letter| letter >= FIRST_MARK);
        clean.then(|| original.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_as_a_code_page_are_repaired() {
        for (broken, whole) in [
            ("âœ… Working", "✅ Working"),
            ("‚úÖ Working", "✅ Working"),
            ("ğŸ”\u{8d} look", "🔍 look"),
            ("Firefox canâ€™t establish", "Firefox can’t establish"),
        ] {
            assert_eq!(repair(broken).as_deref(), Some(whole), "{broken}");
        }
    }

    #[test]
    fn what_is_right_stays() {
        for text in [
            "plain",
            "✅ Working",
            "can’t",
            "Größe überschritten",
            "naïve café",
            "日本語",
            "Ã©",
        ] {
            assert_eq!(repair(text), None, "{text}");
        }
    }
}
