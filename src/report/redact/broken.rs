//! Pieces of secrets: what was broken over lines (a JWT in a narrow window, a private key), and what
//! the bound of a line's length cut off.

use super::finding::{Carrier, Finding, Kind};
use super::shapes::changes;
use super::value;
use crate::sieve::MAX_LINE_BYTES;

/// What was written before a line (a container's name, a time) is taken off: a line that was cut may be
/// so much shorter than the bound.
const CUT_BYTES: usize = MAX_LINE_BYTES / 2;

/// How much is hidden at the end of a cut line, in bytes.
const MOST_HIDDEN: usize = 512;

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    lone_words(text, found);
    if text.len() >= CUT_BYTES {
        cut_word(text, found);
    }
}

/// Lines of one word that goes on from the line before: it begins with the dot of a JWT, ends with the
/// padding of base64, or looks random for its length.
fn lone_words(text: &str, found: &mut Vec<Finding>) {
    let is_frame = |c: char| c.is_whitespace() || matches!(c, '│' | '|' | '"' | '\'');
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-.".contains(&byte);
    let mut start = 0_usize;
    for line in text.split('\n') {
        let headless = line.trim_start_matches(is_frame);
        let word = headless.trim_end_matches(is_frame);
        if word.len() >= 8 && word.bytes().all(is_part) && goes_on(word) {
            // The dot is no part of what a JWT's shape would find.
            let bare = word.trim_start_matches('.').len();
            let frame = headless.len().saturating_sub(word.len());
            let end = start.saturating_add(line.len()).saturating_sub(frame);
            let range = end.saturating_sub(bare)..end;
            found.push(Finding::new(range, Kind::Key, Carrier::Shape));
        }
        start = start.saturating_add(line.len()).saturating_add(1);
    }
}

fn goes_on(word: &str) -> bool {
    let has = |wanted: fn(&u8) -> bool| word.as_bytes().iter().any(wanted);
    let is_mixed =
        has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let random = word.trim_end_matches('=').trim_start_matches('.');
    let is_one = random.len() >= 8 && !random.contains(['.', '=']);
    let is_jwt_part = word.starts_with('.') && is_one && !random.contains(['/', '+']);
    let is_last = word.ends_with('=') && is_one && changes(word) > 0 && !word.contains(['_', '-']);
    let is_random = is_mixed
        && word.len() >= 10
        && changes(word) >= 3
        && word.matches('.').count() <= 1
        && !word.contains(['/', '=']);
    is_jwt_part || is_last || is_random
}

/// The last word of a cut line: half of an address or a password has no shape to tell it by.
fn cut_word(text: &str, found: &mut Vec<Finding>) {
    let mut start = text.len().saturating_sub(MOST_HIDDEN);
    while !text.is_char_boundary(start) {
        start = start.saturating_add(1);
    }
    let end = text.get(start..).unwrap_or_default();
    let word = end
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
        .next();
    let length = word.map_or(0, str::len);
    if !word.is_none_or(value::is_nothing) {
        let range = text.len().saturating_sub(length)..text.len();
        found.push(Finding::new(range, Kind::Value, Carrier::Shape));
    }
}
