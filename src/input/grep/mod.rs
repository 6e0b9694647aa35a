//! What `grep`, `rg`, `ag`, `findstr`, `tail` and the like put around lines of other files, taken
//! off: one text becomes one part per file that they named.
//!
//! Whether a text is such output is decided over its lines together, never by one of them.

mod heading;
mod prefix;
mod style;

use super::source::Line;
use prefix::Mark;
use std::collections::BTreeMap;
use style::Style;

/// Lines of one file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Part {
    /// The file as it was named; `None` for lines that stand under no name.
    pub(super) name: Option<String>,
    /// Its lines, numbered as printed, or counted where no numbers were printed.
    pub(super) lines: Vec<Line>,
    /// Separators, names on lines of their own, messages of `grep` itself, repeated lines.
    pub(super) set_aside: u64,
    /// Whether the lines were chosen, so that others may be missing.
    pub(super) filtered: bool,
}

impl Part {
    /// Counts lines of the text that are none of the file.
    fn set_aside(&mut self, lines: u64) {
        self.set_aside = self.set_aside.saturating_add(lines);
    }
}

/// The parts of a text, in the order in which their files are named first.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    /// What `grep` said that the user should know, as sentences.
    pub(super) remarks: Vec<String>,
}

/// Splits the lines of a text by the files that they name; one part without name where none do.
pub(super) fn split(lines: Vec<Line>) -> Parts {
    if let Some(parts) = heading::split(&lines) {
        return parts;
    }
    match style::detect(&lines) {
        Some(style) => by_style(&lines, &style),
        None => Parts {
            parts: vec![Part {
                lines,
                ..Part::default()
            }],
            remarks: Vec::new(),
        },
    }
}

fn by_style(lines: &[Line], style: &Style) -> Parts {
    let mut sorter = Sorter::default();
    for line in lines {
        match style.read(&line.text) {
            Some(Mark { file, number, rest }) => {
                sorter.turn_to(file);
                sorter.push(number, rest, line);
            }
            None => sorter.push_unmarked(line),
        }
    }
    sorter.finish()
}

/// Collects lines by file.
#[derive(Default)]
struct Sorter {
    parts: Vec<Part>,
    by_name: BTreeMap<Option<String>, usize>,
    current: usize,
    remarks: Vec<String>,
}

impl Sorter {
    /// Makes a file the current one.
    fn turn_to(&mut self, file: Option<&str>) -> &mut Part {
        let next = self.parts.len();
        let name = file.map(str::to_owned);
        self.current = *self.by_name.entry(name.clone()).or_insert(next);
        if self.current == next {
            self.parts.push(Part {
                name,
                filtered: true,
                ..Part::default()
            });
        }
        self.part()
    }

    fn part(&mut self) -> &mut Part {
        if self.parts.is_empty() {
            self.by_name.insert(None, 0);
            self.parts.push(Part {
                filtered: true,
                ..Part::default()
            });
        }
        let last = self.parts.len().saturating_sub(1);
        let index = self.current.min(last);
        // The list is not empty, and the index is one of it.
        #[expect(clippy::indexing_slicing)]
        &mut self.parts[index]
    }

    /// A line of the current file.
    fn push(&mut self, number: Option<u64>, text: &str, line: &Line) {
        let part = self.part();
        let last = part.lines.last().map_or(0, |line| line.number);
        let number = number.unwrap_or(last.saturating_add(1));
        part.lines.push(line.with(number, text));
    }

    /// A line without the mark of the others: a separator, a message, or the rest of a line that
    /// a terminal had wrapped.
    fn push_unmarked(&mut self, line: &Line) {
        let text = line.text.as_str();
        let binary = prefix::binary_file(text);
        if let Some(file) = binary {
            self.remarks.push(format!(
                "grep took {file} for a binary file and left its lines out; use `grep -a`."
            ));
        }
        let other = prefix::is_of_another_file(text);
        let remark = "Lines that the search found in files that are no logs were left out.";
        if other && !self.remarks.iter().any(|known| known == remark) {
            self.remarks.push(remark.to_owned());
        }
        let part = self.part();
        if other || prefix::is_between(text) {
            part.set_aside(1);
        } else {
            let number = part.lines.last().map_or(1, |line| line.number);
            part.lines.push(line.with(number, text));
        }
    }

    /// What stood before the first name was only a command line or a message: it needs no part.
    fn drop_empty_first(&mut self) {
        if let [first, second, ..] = self.parts.as_mut_slice()
            && first.lines.is_empty()
            && first.name.is_none()
        {
            second.set_aside(first.set_aside);
            self.parts.remove(0);
        }
    }

    /// Puts numbered lines in the order of their file, each once: two searches of one file may
    /// have found the same line.
    fn finish(mut self) -> Parts {
        for part in &mut self.parts {
            let before = part.lines.len();
            part.lines.sort_by_key(|line| line.number);
            part.lines.dedup();
            part.set_aside(before.saturating_sub(part.lines.len()) as u64);
        }
        self.drop_empty_first();
        Parts {
            parts: self.parts,
            remarks: self.remarks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Shown<'a> = (Option<&'a str>, Vec<(u64, &'a str)>);

    #[track_caller]
    fn check(text: &str, expected: &[Shown<'_>]) {
        let lines = (1..)
            .zip(text.lines())
            .map(|(number, text)| Line::new(number, text));
        let parts = split(lines.collect()).parts;
        let shown: Vec<Shown<'_>> = parts
            .iter()
            .map(|part| {
                let lines = part.lines.iter();
                let lines = lines.map(|line| (line.number, line.text.as_str()));
                (part.name.as_deref(), lines.collect())
            })
            .collect();
        assert_eq!(shown, expected);
    }

    /// The text must be left alone.
    #[track_caller]
    fn check_untouched(text: &str) {
        let lines: Vec<Line> = (1..)
            .zip(text.lines())
            .map(|(number, text)| Line::new(number, text))
            .collect();
        let parts = split(lines.clone()).parts;
        assert_eq!(parts.len(), 1, "{parts:?}");
        assert_eq!(
            (&parts[0].lines, &parts[0].name, parts[0].filtered),
            (&lines, &None, false)
        );
    }

    #[test]
    fn file_and_line() {
        check(
            "logs/a.log:2024-06-01 10:00:00,000 INFO x\nlogs/b.log:12:30:01 y\nlogs/a.log:  z\n",
            &[
                (
                    Some("logs/a.log"),
                    vec![(1, "2024-06-01 10:00:00,000 INFO x"), (2, "  z")],
                ),
                (Some("logs/b.log"), vec![(1, "12:30:01 y")]),
            ],
        );
    }

    #[test]
    fn file_number_and_line_with_context() {
        check(
            "a.log-11-before\na.log:12:hit\na.log-13-after\n--\nb.log:7:2024-06-01 x\n",
            &[
                (
                    Some("a.log"),
                    vec![(11, "before"), (12, "hit"), (13, "after")],
                ),
                (Some("b.log"), vec![(7, "2024-06-01 x")]),
            ],
        );
    }

    #[test]
    fn context_without_numbers_keeps_the_date_whole() {
        check(
            "logs/a.log-2024-06-01 10:00:00 before\nlogs/a.log:2024-06-01 10:00:01 hit\n--\n",
            &[(
                Some("logs/a.log"),
                vec![
                    (1, "2024-06-01 10:00:00 before"),
                    (2, "2024-06-01 10:00:01 hit"),
                ],
            )],
        );
    }

    #[test]
    fn one_found_line() {
        check(
            "backend/logs/django.log:ERROR Exception inside application: x",
            &[(
                Some("backend/logs/django.log"),
                vec![(1, "ERROR Exception inside application: x")],
            )],
        );
        check(
            "app.log:42:ERROR x",
            &[(Some("app.log"), vec![(42, "ERROR x")])],
        );
        check(
            "app.log:12:30:01 x",
            &[(Some("app.log"), vec![(1, "12:30:01 x")])],
        );
    }

    #[test]
    fn a_copied_command_line_is_set_aside() {
        check(
            "me@host:~/app$ grep -n ws logs/a.log logs/b.log\nlogs/a.log:7:ERROR x\n",
            &[(Some("logs/a.log"), vec![(7, "ERROR x")])],
        );
    }

    #[test]
    fn lines_of_source_files_are_set_aside() {
        check(
            "app/consumers.py:12:    logger.info(\"WebSocket connected\")\nlogs/a.log:7:ERROR x\nconf/nginx.conf:3:upgrade\n",
            &[(Some("logs/a.log"), vec![(7, "ERROR x")])],
        );
    }

    #[test]
    fn windows_paths() {
        check(
            "C:\\logs\\a.log:12:INFO x\nC:\\My Logs\\b.log:3:INFO y",
            &[
                (Some("C:\\logs\\a.log"), vec![(12, "INFO x")]),
                (Some("C:\\My Logs\\b.log"), vec![(3, "INFO y")]),
            ],
        );
    }

    #[test]
    fn rotated_and_extensionless_files() {
        check(
            "/var/log/syslog:a b\n/var/log/syslog.1:c d\nlogs/app.log.2:e\n",
            &[
                (Some("/var/log/syslog"), vec![(1, "a b")]),
                (Some("/var/log/syslog.1"), vec![(1, "c d")]),
                (Some("logs/app.log.2"), vec![(1, "e")]),
            ],
        );
    }

    #[test]
    fn numbers_alone() {
        check(
            "12:2024-06-01 ERROR x\n13-2024-06-01 after\n--\n90:2024-06-01 ERROR y\n",
            &[(
                None,
                vec![
                    (12, "2024-06-01 ERROR x"),
                    (13, "2024-06-01 after"),
                    (90, "2024-06-01 ERROR y"),
                ],
            )],
        );
    }

    #[test]
    fn columns_of_rg_are_taken_off() {
        check(
            "a.log:12:5:hit one\na.log:19:5:hit two\nb.log:2:17:hit three\n",
            &[
                (Some("a.log"), vec![(12, "hit one"), (19, "hit two")]),
                (Some("b.log"), vec![(2, "hit three")]),
            ],
        );
    }

    #[test]
    fn headings_of_rg() {
        check(
            "logs/a.log\n12:hit\n13-after\n--\n20:hit\n\nlogs/b.log\n3:hit\n",
            &[
                (
                    Some("logs/a.log"),
                    vec![(12, "hit"), (13, "after"), (20, "hit")],
                ),
                (Some("logs/b.log"), vec![(3, "hit")]),
            ],
        );
    }

    #[test]
    fn headings_of_tail() {
        check(
            "==> a.log <==\nINFO x\n\n==> b.log <==\nINFO y\n",
            &[
                (Some("a.log"), vec![(1, "INFO x"), (2, "")]),
                (Some("b.log"), vec![(1, "INFO y")]),
            ],
        );
    }

    #[test]
    fn a_line_found_twice_counts_once() {
        check(
            "a.log:2:x\na.log:9:y\na.log:2:x\na.log:3:z\na.log:9:y\n",
            &[(Some("a.log"), vec![(2, "x"), (3, "z"), (9, "y")])],
        );
    }

    #[test]
    fn binary_files_are_remarked() {
        let lines = ["a.log:x", "Binary file b.log matches", "a.log:y"];
        let parts = split(Vec::from(lines.map(|text| Line::new(1, text))));
        assert!(parts.remarks[0].contains("b.log"));
        assert_eq!(parts.parts[0].set_aside, 1);
    }

    #[test]
    fn normal_logs_are_left_alone() {
        for text in [
            "INFO:     127.0.0.1:45656 - \"WebSocket /ws\" [accepted]\nINFO:     connection open",
            "2024-06-01 10:00:00,000 ERROR    Exception inside application: x\n  File \"a.py\", line 3",
            "12:30:01 foo\n12:30:02 bar\n13:00:00 baz",
            "12:30:01 foo",
            "12:30 foo\n13:31 bar",
            "useWebSocket.ts:45 WebSocket connection to 'ws://a/' failed:\n(anonymous) @ useWebSocket.ts:45",
            "Error: x file.js:12:34\n    connect@http://localhost:3000/file.js:12:34",
            "file.js:12:34\nfile.js:14:30\n",
            "/usr/lib/python3.8/site-packages/autobahn/websocket/protocol.py:2839:processHandshake\n/usr/lib/python3.8/site-packages/txaio/tx.py:366:as_future\n--- <exception caught here> ---",
            "DEBUG:websockets.server:> CLOSE 1009 (message too big) [2 bytes]\nDEBUG:websockets.server:= connection is CLOSED",
            "127.0.0.1:53609 - - [16/Mar/2017:18:40:33] \"WSCONNECTING /ws/7\" - -",
            "http://localhost:8000/ws/: refused\nhttp://localhost:8000/ws/: refused",
            "Listening on /var/log/app.log: ok",
            "Log: written\nLog: closed",
            "1006: abnormal closure",
            "2024-06-01 10:00:00 x",
            "app.log: Permission denied",
            "manifest.json:1 Manifest: Line: 1, column: 1, Syntax error.",
            "$ tail -f app.log\n2024-06-01 ERROR x",
            "[2017/07/18 10:49:55] WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094]",
            "",
        ] {
            check_untouched(text);
        }
    }
}
