//! Colour and other terminal escapes, taken off a line: real ones, and those that a logger, a
//! copy or a code page had made visible (`^[[31m`, `#033[31m`, `\u001b[31m`, `←[31m`).

/// Ways an escape character is shown by programs that do not print it: `cat -v`, rsyslog, JSON
/// and Python escapes, the Windows console's code page, Unicode's picture of it.
const SHOWN: [&str; 10] = [
    "^[", "#033", "\\u001b", "\\u001B", "\\x1b", "\\x1B", "\\033", "\\e", "←", "␛",
];

/// The text without escapes; `None` where it has none, so that most lines are not copied.
pub(super) fn strip(text: &str) -> Option<String> {
    let real = text
        .contains(['\u{1b}', '\u{9b}'])
        .then(|| without_real(text));
    let current = real.as_deref().unwrap_or(text);
    without_shown(current).or(real)
}

fn without_real(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['\u{1b}', '\u{9b}']) {
        kept.push_str(before);
        // A lone C1 introducer already means `ESC [`.
        let short = rest
            .strip_prefix(before)
            .is_some_and(|from| from.starts_with('\u{9b}'));
        rest = if short {
            after_control(after).unwrap_or(after)
        } else {
            after_escape(after)
        };
    }
    kept.push_str(rest);
    kept
}

/// What follows the sequence whose `ESC` stands just before `text`.
fn after_escape(text: &str) -> &str {
    let mut letters = text.chars();
    match letters.next() {
        Some('[') => after_control(letters.as_str()).unwrap_or(letters.as_str()),
        Some(']' | 'P' | '_' | '^') => after_string(letters.as_str()),
        // Character sets: one letter more.
        Some('(' | ')' | '*' | '+' | '#' | '%') => {
            letters.next();
            letters.as_str()
        }
        Some('7' | '8' | '=' | '>' | 'A'..='Z' | 'c' | '\\') => letters.as_str(),
        _ => text,
    }
}

/// What follows the parameters and the final letter of a control sequence.
fn after_control(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|letter: char| matches!(letter, '0'..='?'));
    let rest = rest.trim_start_matches(|letter: char| matches!(letter, ' '..='/'));
    rest.strip_prefix(|letter: char| matches!(letter, '@'..='~'))
}

/// What follows a string such as a hyperlink or title, which BEL or `ESC \` ends. Where another sequence
/// begins first, or this line ends, nothing is dropped: it is no such string.
fn after_string(text: &str) -> &str {
    let end = text.find(['\u{7}', '\u{1b}']);
    let rest = end.and_then(|end| text.get(end..)).unwrap_or_default();
    let rest = rest.strip_prefix('\u{7}').or(rest.strip_prefix("\u{1b}\\"));
    rest.unwrap_or(text)
}

/// Takes off sequences whose escape character is shown as text, and bare colour codes that a
/// copy left when it dropped the escape character. `None` where there are none.
fn without_shown(text: &str) -> Option<String> {
    let (mut bare, mut shown_here) = (false, false);
    for (at, _) in text.match_indices('[') {
        let (before, from) = text.split_at_checked(at).unwrap_or((text, ""));
        // Without a reset on the same line `[32m` may be anything.
        bare |= from.starts_with("[0m") || from.starts_with("[39m");
        shown_here |= SHOWN.iter().any(|shown| before.ends_with(shown));
    }
    if !bare && !shown_here {
        return None;
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        kept.push_str(before);
        let marker = SHOWN.iter().find(|shown| kept.ends_with(*shown));
        match (marker, after_colour(after), after_colour_only(after)) {
            (Some(marker), Some(next), _) => {
                kept.truncate(kept.len().saturating_sub(marker.len()));
                rest = next;
            }
            (None, _, Some(next)) if bare && !next.starts_with(']') => rest = next,
            _ => {
                kept.push('[');
                rest = after;
            }
        }
    }
    kept.push_str(rest);
    (kept.len() < text.len()).then_some(kept)
}

/// What follows `31m`, `1;31m`, `K`, `2J` …: the sequences that loggers use.
fn after_colour(text: &str) -> Option<&str> {
    let rest = text
        .trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, ';' | '?'));
    rest.strip_prefix(['m', 'K', 'J', 'H', 'A', 'B', 'C', 'D', 'G', 'h', 'l'])
}

/// What follows `31m` or `1;31m`.
fn after_colour_only(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';');
    let digits = text.len().saturating_sub(rest.len());
    (1..=20)
        .contains(&digits)
        .then(|| rest.strip_prefix('m'))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(strip(input).as_deref().unwrap_or(input), expected);
    }

    #[test]
    fn real_escapes_go() {
        check("\u{1b}[32mINFO\u{1b}[0m:     up", "INFO:     up");
        check("\u{1b}[38;5;12mx\u{1b}[m\u{1b}[K", "x");
        check("\u{1b}]8;;http://a\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link");
        check("\u{1b}]0;title\u{7}text", "text");
        check("\u{1b}]0;no end\u{1b}[1mtext", "0;no endtext");
        check("\u{1b}(Bx", "x");
        check("\u{9b}1mx", "x");
    }

    #[test]
    fn shown_escapes_go() {
        check("^[[31mERROR^[[0m x", "ERROR x");
        check("#033[31mERROR#033[0m x", "ERROR x");
        check("\\u001b[31mERROR\\u001b[39m x", "ERROR x");
        check("\\x1b[1;31mERROR\\x1b[0m", "ERROR");
        check("←[32mINFO←[0m:     up", "INFO:     up");
        check("[32mINFO[0m: up", "INFO: up");
    }

    #[test]
    fn brackets_of_a_log_stay() {
        for line in [
            "[2023-07-04 11:08:02 +0000] [14] [INFO] x",
            "[JWT Middleware] path",
            "WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094]",
            "rate [5m] over [10m]",
            "a[0] = b[1]; #033 \\e",
            "regex ^[a-z]+$ and ^[[:alpha:]]",
            "← [back]",
            "project [master●] » [my-app] runserver",
        ] {
            check(line, line);
        }
    }

    #[test]
    fn cut_sequences_do_not_eat_the_line() {
        check("a\u{1b}", "a");
        check("a\u{1b}[", "a");
        check("a\u{1b}]no end of this", "ano end of this");
    }
}
