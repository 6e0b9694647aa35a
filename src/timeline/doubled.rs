//! Logs that two handlers wrote into one stream: each line stands twice.
//!
//! One repeated line may be two clients' doing. Where every line of a source is repeated, its start and
//! its addresses included, it is the logging's. This must not know what any line means.

use crate::event::Event;
use std::collections::BTreeSet;

/// So many lines must stand twice, before the way of a whole source is read from them.
const PAIRS_AT_LEAST: usize = 4;

/// Marks the second of each two equal events of a source, if every line of it stands twice.
pub(super) fn mark(stream: &mut [Event]) {
    if is_doubled(stream, |event| &event.record.text) {
        for second in stream.iter_mut().skip(1).step_by(2) {
            second.doubled = true;
        }
    }
}

fn is_doubled<T>(lines: &[T], text: impl Fn(&T) -> &str) -> bool {
    let texts = || lines.iter().map(&text);
    let seconds = texts().skip(1).step_by(2);
    let distinct = || texts().collect::<BTreeSet<&str>>().len();
    texts().step_by(2).eq(seconds) && distinct() >= PAIRS_AT_LEAST
}

#[cfg(test)]
mod tests {
    fn is_doubled(lines: &str) -> bool {
        let lines: Vec<&str> = lines.split(' ').collect();
        super::is_doubled(&lines, |line| line)
    }

    #[test]
    fn only_a_whole_source_is_taken_as_doubled() {
        assert!(is_doubled("a a b b c c d d"));
        assert!(is_doubled("a a b b b b c c d d"), "said twice, and doubled");
        assert!(!is_doubled("a a b b c c"), "too few to tell");
        assert!(!is_doubled("a a a a a a a a"), "one line many times");
        assert!(!is_doubled("a a b b c d d e e"), "a line that stands alone");
        assert!(
            !is_doubled("a a b b c c d d e"),
            "a last line that stands alone"
        );
    }
}
