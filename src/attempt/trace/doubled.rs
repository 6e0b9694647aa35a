//! Logs that two handlers wrote into one stream: each line stands twice.
//!
//! One repeated line may be two clients' doing. Where every line of a source is repeated, its start and
//! its addresses included, it is the logging's. This must not know what any line means.

use crate::event::EventId;
use crate::timeline::Timeline;
use std::collections::{BTreeMap, BTreeSet};

/// So many lines must stand twice, before the way of a whole source is read from them.
const PAIRS_AT_LEAST: usize = 4;

/// The second of each two equal lines, in the sources where every line stands twice.
pub(super) fn second_copies(timeline: &Timeline) -> BTreeSet<EventId> {
    let mut by_source: BTreeMap<usize, Vec<(EventId, &str)>> = BTreeMap::new();
    for (id, event) in timeline.events.iter().enumerate() {
        let lines = by_source.entry(event.record.origin.source).or_default();
        lines.push((id, &event.record.text));
    }
    let doubled = by_source.into_values().filter(|lines| is_doubled(lines));
    let seconds = doubled.flat_map(|lines| lines.into_iter().skip(1).step_by(2));
    seconds.map(|(id, _)| id).collect()
}

fn is_doubled(lines: &[(EventId, &str)]) -> bool {
    let texts = || lines.iter().map(|(_, text)| *text);
    let seconds = texts().skip(1).step_by(2);
    let distinct = || texts().collect::<BTreeSet<&str>>().len();
    texts().step_by(2).eq(seconds) && distinct() >= PAIRS_AT_LEAST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_doubled(lines: &str) -> bool {
        let lines: Vec<(EventId, &str)> = lines.split(' ').enumerate().collect();
        super::is_doubled(&lines)
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
