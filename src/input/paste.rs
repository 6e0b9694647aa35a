//! What people and editors put around a log when they paste it: quote marks, code fences, common
//! indentation. Each is taken off only where the lines agree on it.

use super::source::Line;
use std::num::Saturating;

/// Share of lines, in percent, that must be quoted for quote marks to be a reply's.
const MIN_QUOTED_PERCENT: usize = 50;

/// Quotes within quotes that are taken off.
const MAX_QUOTES: usize = 5;

/// Redraws of one progress line that are kept; of more, only the last is.
const MAX_REDRAWS: usize = 16;

/// Tidies the lines of a pasted text. Gives how many were set aside.
pub(super) fn tidy(lines: &mut Vec<Line>) -> u64 {
    for _ in 0..MAX_QUOTES {
        if !unquote(lines) {
            break;
        }
    }
    let before = lines.len();
    let mut blocks: Vec<Vec<Line>> = vec![Vec::new()];
    for line in lines.drain(..) {
        if is_fence(&line.text) {
            blocks.push(Vec::new());
        } else if let Some(block) = blocks.last_mut() {
            block.push(line);
        }
    }
    for mut block in blocks {
        dedent(&mut block);
        lines.append(&mut block);
    }
    before.saturating_sub(lines.len()) as u64
}

/// Splits lines that hold several: redraws of a progress line, and a wrapper's whole traceback.
/// All keep the number and the wrapper of the line that they stood in.
pub(super) fn unfold(lines: &mut Vec<Line>) {
    if !lines.iter().any(|line| line.text.contains(['\r', '\n'])) {
        return;
    }
    let folded = std::mem::take(lines);
    for line in folded {
        if !line.text.contains(['\r', '\n']) {
            lines.push(line);
            continue;
        }
        for text in line.text.trim_end_matches('\n').split('\n') {
            let text = text.trim_end_matches('\r');
            let draws: Vec<&str> = text
                .split('\r')
                .filter(|draw| !draw.trim().is_empty())
                .collect();
            let skipped = if draws.len() > MAX_REDRAWS {
                draws.len().saturating_sub(1)
            } else {
                0
            };
            let blank = draws.is_empty().then_some("");
            for text in draws.into_iter().skip(skipped).chain(blank) {
                lines.push(Line {
                    text: text.to_owned(),
                    ..line.clone()
                });
            }
        }
    }
}

/// Takes one quote mark off each line, where most lines have one, or the mark of a comment where all
/// have one. `curl -v` and the `websockets`
/// package write `>` and `<` for the direction of a message: such lines stay.
fn unquote(lines: &mut [Line]) -> bool {
    let [mut all, mut quoted, mut commented] = [Saturating(0_usize); 3];
    for line in lines.iter().filter(|line| !line.text.trim().is_empty()) {
        if line.text.starts_with("< ") || line.text.starts_with(">>>") {
            return false;
        }
        all += 1;
        quoted += usize::from(line.text.starts_with('>'));
        commented += usize::from(uncommented(&line.text).is_some());
    }
    // A log kept in source code, as its comment.
    let (mark, Saturating(marked)) = if all.0 > 1 && commented == all {
        ('#', commented)
    } else {
        ('>', quoted)
    };
    if marked == 0 || marked.saturating_mul(100) < all.0.saturating_mul(MIN_QUOTED_PERCENT) {
        return false;
    }
    for line in lines {
        let rest = if mark == '#' {
            uncommented(&line.text)
        } else {
            line.text.strip_prefix('>')
        };
        if let Some(rest) = rest {
            line.text = rest.strip_prefix(' ').unwrap_or(rest).to_owned();
        }
    }
    true
}

/// What stands behind the mark of a comment.
fn uncommented(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix('#')?;
    (rest.is_empty() || rest.starts_with(' ')).then_some(rest)
}

/// A line of nothing but a code fence, with a language perhaps.
fn is_fence(text: &str) -> bool {
    let text = text.trim();
    let rest = text
        .strip_prefix("```")
        .or_else(|| text.strip_prefix("~~~"));
    rest.is_some_and(|language| {
        let language = language.trim_start_matches(['`', '~']);
        language.len() <= 24
            && language
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_+.#".contains(letter))
    })
}

/// Takes off the blanks that all lines begin with. Those of a traceback go on standing deeper.
fn dedent(lines: &mut [Line]) {
    let mut texts = lines
        .iter()
        .map(|line| line.text.as_str())
        .filter(|text| !text.trim().is_empty());
    let Some(first) = texts.next() else {
        return;
    };
    let mut common = blanks(first);
    for text in texts {
        if common.is_empty() {
            return;
        }
        let shared = common
            .chars()
            .zip(text.chars())
            .take_while(|(one, other)| one == other)
            .map(|(letter, _)| letter.len_utf8())
            .sum();
        common = common.get(..shared).unwrap_or_default();
    }
    let common = without_frames(common, lines).to_owned();
    if common.is_empty() {
        return;
    }
    for line in lines {
        let rest = line.text.strip_prefix(common.as_str());
        line.text = rest.unwrap_or_else(|| line.text.trim_start()).to_owned();
    }
}

/// The common blanks without the two that a traceback's frames stand in, where a paste begins
/// within a traceback, so that its frames are the shallowest lines.
fn without_frames<'a>(common: &'a str, lines: &[Line]) -> &'a str {
    let mut shallowest = lines
        .iter()
        .filter(|line| blanks(&line.text).len() == common.len() && !line.text.trim().is_empty())
        .peekable();
    if shallowest.peek().is_some()
        && shallowest.all(|line| line.text.trim_start().starts_with("File \""))
    {
        common.strip_suffix("  ").unwrap_or("")
    } else {
        common
    }
}

fn blanks(text: &str) -> &str {
    let rest = text.trim_start_matches([' ', '\t', '\u{a0}']);
    text.strip_suffix(rest).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &[&str]) {
        let lines = (1..).zip(input.split('\n'));
        let mut lines: Vec<Line> = lines
            .map(|(number, text)| Line::new(number, text))
            .collect();
        let count = lines.len() as u64;
        let set_aside = tidy(&mut lines);
        assert_eq!(lines.len() as u64 + set_aside, count);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn quotes_go_one_or_two_deep() {
        check("> a\n>   b\n>\n> c", &["a", "  b", "", "c"]);
        check("> > a\n> > b\n> c", &["a", "b", "c"]);
    }

    #[test]
    fn a_log_kept_as_a_comment() {
        check("# a\n    #   b\n\n#\n# c", &["a", "  b", "", "", "c"]);
        check("# make run\nINFO a", &["# make run", "INFO a"]);
        check("# id", &["# id"]);
    }

    #[test]
    fn directions_and_prompts_stay() {
        check(
            "> GET /ws HTTP/1.1\n< HTTP/1.1 101",
            &["> GET /ws HTTP/1.1", "< HTTP/1.1 101"],
        );
        check(">>> import x\nINFO", &[">>> import x", "INFO"]);
        check("INFO a\nINFO b\n> one", &["INFO a", "INFO b", "> one"]);
    }

    #[test]
    fn fences_go() {
        check(
            "My log:\n```python\n  a\n    b\n```",
            &["My log:", "a", "  b"],
        );
        check(
            "```not a fence, but text``` here",
            &["```not a fence, but text``` here"],
        );
    }

    #[test]
    fn common_indentation_goes_and_relative_stays() {
        check(
            "    ERROR x\n      File \"a\"\n\n    INFO",
            &["ERROR x", "  File \"a\"", "", "INFO"],
        );
        check("ERROR x\n  File \"a\"", &["ERROR x", "  File \"a\""]);
        check("\t\ta\n\t b", &["\ta", " b"]);
        check("    File \"a\"\n      x", &["  File \"a\"", "    x"]);
    }

    #[test]
    fn folded_lines_keep_their_number() {
        let mut lines = vec![Line::new(1, "10%\r20%\rINFO x"), Line::new(2, "a\n  b\n")];
        unfold(&mut lines);
        let shown: Vec<(u64, &str)> = lines
            .iter()
            .map(|line| (line.number, line.text.as_str()))
            .collect();
        assert_eq!(
            shown,
            [(1, "10%"), (1, "20%"), (1, "INFO x"), (2, "a"), (2, "  b")]
        );
        let mut lines = vec![Line::new(1, "x\r".repeat(100) + "done")];
        unfold(&mut lines);
        assert_eq!(lines, [Line::new(1, "done")]);
    }
}
