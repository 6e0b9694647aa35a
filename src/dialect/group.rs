//! The lines that one record is made of, and how many of them are kept.

use super::phase::Phase;
use super::registry::Claim;

/// Further lines kept of one record at the start, and again at the end: there stands what was
/// raised. Python's own limit makes a thousand frames of endless recursion, two lines each.
const MOST_FURTHER: usize = 2500;

/// Bytes kept of one further line: 8 KiB.
const MOST_FURTHER_BYTES: usize = 8 * 1024;

/// The lines of one record.
#[derive(Debug)]
pub(super) struct Group {
    /// What the head line said.
    pub(super) claim: Claim,
    /// Index of the head line.
    pub(super) head: usize,
    /// Index of the last line.
    pub(super) last: usize,
    /// The lines after the head, each without a header of its own.
    pub(super) detail: Vec<String>,
    /// How many of them were left out in the middle.
    pub(super) left_out: u64,
    /// Whether any of the lines is a traceback's.
    pub(super) traced: bool,
    /// How far into a traceback the last line is, and how far its frames are indented.
    pub(super) phase: Phase,
    pub(super) frame_indent: usize,
}

impl Group {
    /// Keeps a further line; of very many those in the middle go.
    pub(super) fn keep(&mut self, text: &str) {
        self.detail.push(start_of(text).to_owned());
        // In runs, so that not every line moves all others.
        if self.detail.len() >= 3 * MOST_FURTHER {
            self.detail.drain(MOST_FURTHER..2 * MOST_FURTHER);
            self.left_out = self.left_out.saturating_add(MOST_FURTHER as u64);
        }
    }
}

/// As much of a line as is kept, cut between two characters.
fn start_of(text: &str) -> &str {
    if text.len() <= MOST_FURTHER_BYTES {
        return text;
    }
    let ends = text.char_indices().map(|(at, _)| at);
    let end = ends.take_while(|at| *at <= MOST_FURTHER_BYTES).last();
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::fold::{group, tests::lines};

    #[test]
    fn of_a_record_without_end_both_ends_are_kept() {
        let mut text = String::from("ERROR boom\nTraceback (most recent call last):\n");
        for _ in 0..10_000 {
            text.push_str("  File \"a.py\", line 1, in f\n    x\n");
        }
        text.push_str("ValueError: the end\n");
        let groups = group(&lines(&text));
        assert_eq!(groups.len(), 1);
        let detail = &groups[0].detail;
        assert!(detail.len() < 3 * MOST_FURTHER, "{}", detail.len());
        assert_eq!(detail.len() as u64 + groups[0].left_out, 20_002);
        assert_eq!(detail.last().unwrap(), "ValueError: the end");
    }

    #[test]
    fn a_further_line_without_end_is_cut_between_characters() {
        let text = format!("ERROR boom\n   {}", "ü".repeat(MOST_FURTHER_BYTES));
        let groups = group(&lines(&text));
        let kept = groups[0].detail[0].len();
        assert!((MOST_FURTHER_BYTES - 1..=MOST_FURTHER_BYTES).contains(&kept));
    }

    proptest::proptest! {
        #[test]
        fn every_line_is_in_exactly_one_group(text in "([ \\t]{0,4}(Traceback \\(most recent call last\\):|File \"a.py\", line 1, in f|ERROR|INFO|\\[x\\] y|KeyError: z|\\}|[ -~é\u{2028}]{0,20})\\n?){0,30}") {
            let lines = lines(&text);
            let groups = group(&lines);
            let counted: usize = groups.iter().map(|group| 1 + group.detail.len()).sum();
            proptest::prop_assert_eq!(counted, lines.len());
        }
    }
}
