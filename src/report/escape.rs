//! Logs are hostile text, and everything a report quotes comes from them.
//!
//! The threat: whoever can open a socket writes into the log (path, query, headers, user agent), so
//! a stranger chooses bytes that a developer's terminal or an issue tracker will read. On a terminal
//! an escape sequence recolours, moves the cursor, sets the title or answers back as if typed; a
//! carriage return overwrites the verdict; a bidirectional override shows a line in another order
//! than it has. In Markdown a backtick closes our fence, a pipe our table, `</details>` our fold;
//! `@name` notifies a stranger, `#1` and `owner/repo#1` leave a trace in other people's issues, an
//! image phones home.
//!
//! The defence: what steers is shown, never obeyed ([`visible`]); in Markdown, words of a log stand
//! in code spans and fences only ([`code`], [`fence`]), where GitHub resolves neither mentions nor
//! references, and sentences have every word that is not plainly a word set as code ([`prose`]).
//! An entity such as `&#64;` would not do: mentions are looked for after entities are resolved.
//! What is private is the business of [`super::redact`].

use std::fmt::Write as _;

/// The text with every character shown that steers instead of printing; line breaks included, so
/// the result is one line.
#[must_use]
pub fn visible(text: &str) -> String {
    // Most texts are plain, and that is soon seen.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => shown.push(' '),
            '\u{7f}' => shown.push('␡'),
            '\0'..='\u{1f}' => {
                shown.push(char::from_u32(0x2400 | u32::from(character)).unwrap_or('␀'));
            }
            steering if steers(steering) => {
                // Writing to a string cannot fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(steering));
            }
            printing => shown.push(printing),
        }
    }
    shown
}

/// Like [`visible`], for our own texts of several lines: line breaks stay.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join("\n")
}

/// Whether a character beyond ASCII changes how others are shown, or cannot be seen at all.
#[must_use]
pub fn steers(character: char) -> bool {
    matches!(
        character,
        '\u{80}'..='\u{9f}'                 // C1 controls: 8-bit escape sequences
            | '\u{ad}' | '\u{34f}'          // soft hyphen, grapheme joiner
            | '\u{61c}'                     // Arabic letter mark
            | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers
            | '\u{17b4}' | '\u{17b5}'       // Khmer vowels without a shape
            | '\u{180b}'..='\u{180f}'       // Mongolian selectors and vowel separator
            | '\u{200b}'..='\u{200f}'       // zero width, left-to-right and right-to-left marks
            | '\u{2028}'..='\u{202e}'       // line and paragraph separator, bidi overrides
            | '\u{2060}'..='\u{206f}'       // invisible operators, bidi isolates
            | '\u{fe00}'..='\u{fe0f}'       // variation selectors: they change a character's width
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'     // shorthand format controls
            | '\u{1d173}'..='\u{1d17a}'     // musical format controls
            | '\u{e0000}'..='\u{e0fff}'     // tags
    )
}

/// A code span that the text cannot leave. Empty text gives an empty string.
#[must_use]
pub fn code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return text;
    }
    let ticks = "`".repeat(longest_run(&text).saturating_add(1));
    // A span may not begin or end with a backtick; one space on each side is taken off again.
    let padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let pad = if padded && !text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A code span for a table's cell, where a pipe ends the cell even inside a span. Pipes are shown
/// broken: escaping them would depend on the backslashes before them.
#[must_use]
pub fn code_cell(text: &str) -> String {
    code(&text.replace('|', "¦"))
}

/// A fenced block that the text cannot close, with a line break at its end.
#[must_use]
pub fn fence(text: &str, language: &str) -> String {
    let text = visible_lines(text);
    let ticks = "`".repeat(longest_run(&text).max(2).saturating_add(1));
    format!("{ticks}{language}\n{text}\n{ticks}\n")
}

/// A sentence for Markdown. Spans in backticks stay spans; any other word that is not plainly a word
/// becomes one. One line, no trailing space.
#[must_use]
pub fn prose(text: &str) -> String {
    let text = visible(&text.replace(['\n', '\r'], " "));
    let mut written = String::with_capacity(text.len());
    // A backtick without a partner is part of a word.
    let partnered = text.matches('`').count() & !1;
    for (index, part) in text.splitn(partnered.saturating_add(1), '`').enumerate() {
        if index % 2 == 1 {
            push_apart(&mut written, &code(part));
        } else {
            push_words(&mut written, part);
        }
    }
    written.trim().to_owned()
}

fn push_words(written: &mut String, words: &str) {
    for (nth, word) in words.split(' ').enumerate() {
        if nth > 0 {
            written.push(' ');
        }
        let first = written.trim().is_empty();
        push_apart(written, &prose_word(word, first));
    }
}

/// Two spans that touch would be read as one of another shape.
fn push_apart(written: &mut String, next: &str) {
    if written.ends_with('`') && next.starts_with('`') {
        written.push(' ');
    }
    written.push_str(next);
}

/// One word of a sentence: as it is, or as code with the punctuation around it left outside.
fn prose_word(word: &str, first: bool) -> String {
    if is_plain(word, first) {
        return word.to_owned();
    }
    let is_outer = |c: char| matches!(c, '.' | ',' | ';' | ':' | '(' | ')' | '"' | '?');
    let core = word.trim_matches(is_outer);
    if core.is_empty() {
        return word.to_owned();
    }
    let (before, after) = word.split_once(core).unwrap_or_default();
    format!("{before}{}{after}", code(core))
}

/// Whether Markdown has no meaning for this word.
fn is_plain(word: &str, first: bool) -> bool {
    let only = |allowed: &str| {
        word.chars()
            .all(|c| c.is_alphanumeric() || allowed.contains(c))
    };
    if word.is_empty() || matches!(word, "-" | "–" | "—" | "·" | "…") && !first {
        return true;
    }
    if !only(".,;:()'’\"“”?!%…–-/") || !word.chars().any(char::is_alphanumeric) {
        return false;
    }
    let lower = word.to_lowercase();
    let is_reference = lower.contains("gh-") || lower.contains("www.");
    let letters_around_slash = !word.contains('/')
        || word
            .chars()
            .all(|c| c.is_alphabetic() || ".,;:()/".contains(c))
            && !word.starts_with('/')
            && !word.contains("//")
            && word.matches('/').count() == 1;
    // Seven hex digits may name a commit; a number with a dot at a paragraph's start is a list.
    let is_commit = lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|part| part.len() >= 7 && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_list = first
        && (word.starts_with(['-', '–'])
            || word.ends_with(['.', ')']) && word.starts_with(|c: char| c.is_ascii_digit()));
    // Brackets of a link need `[`, which is not allowed above; `!` alone draws no image.
    !is_reference && letters_around_slash && !is_commit && !is_list
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`');
    runs.map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_shown_and_not_obeyed() {
        assert_eq!(
            visible("\u{1b}[31mred\r\nnext\u{9b}2J"),
            "␛[31mred␍␊next\\u{9b}2J"
        );
        assert_eq!(
            visible("a\u{202e}b\u{200b}c\td\u{7f}"),
            "a\\u{202e}b\\u{200b}c d␡"
        );
    }

    #[test]
    fn characters_that_cannot_be_seen_are_shown() {
        for hidden in [
            '\u{3164}',
            '\u{115f}',
            '\u{1160}',
            '\u{ffa0}',
            '\u{17b4}',
            '\u{17b5}',
            '\u{180b}',
            '\u{180f}',
            '\u{fff8}',
            '\u{1bca0}',
            '\u{1d17a}',
        ] {
            assert!(visible(&hidden.to_string()).is_ascii(), "{hidden:?}");
        }
        assert_eq!(
            visible("\u{d55c}\u{ae00} \u{3163}"),
            "\u{d55c}\u{ae00} \u{3163}"
        );
    }

    #[test]
    fn a_span_is_longer_than_any_run_within() {
        assert_eq!(code("a `` b"), "```a `` b```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(""), "");
    }

    #[test]
    fn a_fence_is_longer_than_any_run_within() {
        assert_eq!(fence("x\n````\ny", ""), "`````\nx\n````\ny\n`````\n");
    }

    #[test]
    fn a_sentence_keeps_its_words_and_hides_the_rest() {
        assert_eq!(
            prose("Ask @maria about #12, see org/app#3: it is `ok` in /ws/chat/."),
            "Ask `@maria` about `#12`, see `org/app#3`: it is `ok` in `/ws/chat/`."
        );
        assert_eq!(
            prose("![x](http://e/i.png) <b>|_a_"),
            "`![x](http://e/i.png`) `<b>|_a_`"
        );
        assert_eq!(
            prose("1. is no list, GH-5 no issue, 1234567 no commit"),
            "`1`. is no list, `GH-5` no issue, `1234567` no commit"
        );
    }

    #[test]
    fn a_backtick_alone_joins_no_words() {
        assert_eq!(prose("of 5f0c1d`e3b"), "of ``5f0c1d`e3b``");
        assert_eq!(prose("`a` and b`"), "`a` and `` b` ``");
        assert_eq!(prose("`a``b` c"), "`a` `b` c");
    }

    #[test]
    fn a_cell_is_not_ended_by_a_pipe() {
        assert_eq!(code_cell("a\\|b"), "`a\\¦b`");
    }

    proptest! {
        #[test]
        fn nothing_outside_spans_means_anything(text in "\\PC{0,40}") {
            let shown = prose(&text);
            let outside = outside_of_spans(&shown);
            for mark in ['@', '#', '<', '>', '[', ']', '|', '*', '_', '\\', '~', '&', '$'] {
                prop_assert!(!outside.contains(mark), "{shown}");
            }
        }

        #[test]
        fn no_text_closes_a_fence(text in "[`a \n]{0,40}") {
            let shown = fence(&text, "");
            let ticks: String = shown.chars().take_while(|c| *c == '`').collect();
            prop_assert_eq!(shown.matches(&ticks).count(), 2);
        }
    }

    /// What stands outside the code spans of a line, as Markdown reads it: a run of n backticks opens
    /// a span, the next run of exactly n closes it.
    pub(in crate::report) fn outside_of_spans(text: &str) -> String {
        let mut outside = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('`') {
            let (before, span) = rest.split_at(at);
            outside.push_str(before);
            let body = span.trim_start_matches('`');
            let ticks = span.len() - body.len();
            let mut after = body;
            loop {
                let next = after.find('`').expect("every span is closed");
                let run = after.split_at(next).1;
                after = run.trim_start_matches('`');
                if run.len() - after.len() == ticks {
                    break;
                }
            }
            rest = after;
        }
        outside + rest
    }
}
