//! Tracebacks that rich draws into a box, as `RichHandler` and structlog's console print them: turned
//! back into Python's own form before lines are grouped.
//!
//! Frames, their code and the exception are kept. The code around them and the box of local
//! variables, which often holds secrets, become empty lines: no line is added or lost.

use crate::input::Line;
use std::borrow::Cow;

/// What stands in the upper edge of the box.
const TITLE: &str = "Traceback (most recent call last)";

/// The lines with every box opened; the same lines where there is none.
pub(super) fn opened(lines: &[Line]) -> Cow<'_, [Line]> {
    if !lines.iter().any(|line| is_top(&line.text)) {
        return Cow::Borrowed(lines);
    }
    let mut opener = Opener::default();
    let drawn_out = lines.iter().map(|line| Line {
        text: opener.open(&line.text),
        ..line.clone()
    });
    Cow::Owned(drawn_out.collect())
}

#[derive(Debug, Default)]
struct Opener {
    inside: bool,
    /// The box ended: the exception follows, indented as the box was.
    indent: Option<usize>,
}

impl Opener {
    fn open(&mut self, text: &str) -> String {
        if is_top(text) {
            self.inside = true;
            self.indent = Some(indent(text));
            return format!("{TITLE}:");
        }
        let trimmed = text.trim();
        if self.inside {
            if let Some(row) = trimmed.strip_prefix(['│', '|']) {
                return row_of(row.trim_end_matches(['│', '|']));
            }
            self.inside = false;
            if trimmed.starts_with(['╰', '+']) {
                return String::new();
            }
        }
        match self.indent.take() {
            Some(width) if width > 0 && indent(text) == width => trimmed.to_owned(),
            _ => text.to_owned(),
        }
    }
}

fn is_top(text: &str) -> bool {
    text.trim_start().starts_with(['╭', '+']) && text.contains(TITLE) && text.contains(['─', '-'])
}

fn indent(text: &str) -> usize {
    text.chars().take_while(|c| *c == ' ').count()
}

/// One row: a frame, its code marked by an arrow, or nothing of interest.
fn row_of(row: &str) -> String {
    let row = row.trim();
    if let Some(code) = row.strip_prefix(['❱', '>']) {
        let code = code
            .trim_start()
            .trim_start_matches(|c: char| c.is_ascii_digit());
        let code = code.trim_start().trim_start_matches(['│', '|']);
        return format!("    {}", code.trim());
    }
    frame(row).unwrap_or_default()
}

/// `/srv/app/chat/consumers.py:34 in connect`.
fn frame(row: &str) -> Option<String> {
    let (place, function) = row.rsplit_once(" in ")?;
    let (file, number) = place.rsplit_once(':')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_file = file.contains(['/', '\\', '.', '<']) && !file.contains(['│', '=']);
    let is_name = !function.is_empty() && !function.contains(' ');
    (is_number && is_file && is_name)
        .then(|| format!("  File \"{file}\", line {number}, in {function}"))
}

#[cfg(test)]
mod tests {
    use crate::dialect::read;
    use crate::dialect::read::tests::source;

    const DRAWN: &str = "\
2026-11-21 06:28:34 [error    ] Exception inside application   path=/ws/chat/7/
╭─────────────────── Traceback (most recent call last) ───────────────────╮
│ /srv/app/chat/consumers.py:34 in connect                                │
│                                                                         │
│   33 │   plan = user[\"plan\"]                                             │
│ ❱ 34 │   limit = limits[plan]                                           │
│   35 │   await self.accept()                                            │
│                                                                         │
│ ╭──────────────── locals ─────────────────╮                             │
│ │ token = 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln' │                             │
│ ╰─────────────────────────────────────────╯                             │
╰─────────────────────────────────────────────────────────────────────────╯
KeyError: 'pro'
2026-11-21 06:28:35 [info     ] ws_disconnect                  code=4001";

    #[test]
    fn a_drawn_traceback_is_a_traceback() {
        for pad in ["", "                             "] {
            let text: Vec<String> = DRAWN
                .lines()
                .enumerate()
                .map(|(at, line)| match at {
                    1..=12 => format!("{pad}{line}"),
                    _ => line.to_owned(),
                })
                .collect();
            let records = read(0, &source("server.log", &text.join("\n")));
            assert_eq!(records.len(), 2, "{records:#?}");
            assert_eq!(records[0].origin.last_line, 13);
            let exception = &records[0].traceback.as_ref().unwrap().exceptions[0];
            assert_eq!(
                (exception.class.as_str(), exception.message.as_str()),
                ("KeyError", "'pro'")
            );
            assert_eq!(exception.frames[0].function, "connect");
            assert_eq!(exception.frames[0].code, "limit = limits[plan]");
            assert!(!records[0].full_message().contains("eyJ"));
        }
    }
}
