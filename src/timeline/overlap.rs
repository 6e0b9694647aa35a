//! Where the bounds of most observations overlap (Marzullo's algorithm, as NTP selects its servers by).

use std::collections::BTreeMap;

/// What follows for the offset of two clocks if an observation by the one is one by the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// By the clock whose offset is sought.
    pub(crate) one: usize,
    /// By the clock it is measured by.
    pub(crate) other: usize,
    pub(crate) low_ms: i64,
    pub(crate) high_ms: i64,
}

/// Offsets that equally many attempts allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) low_ms: i64,
    pub(crate) high_ms: i64,
}

impl Region {
    /// Whether an offset lies within `slack_ms` of it.
    pub(crate) fn is_near(&self, offset_ms: i64, slack_ms: i64) -> bool {
        self.low_ms.saturating_sub(slack_ms) <= offset_ms
            && offset_ms <= self.high_ms.saturating_add(slack_ms)
    }
}

/// The most observations that one offset allows to pair, and the regions of such offsets, ascending.
pub(crate) fn best(spans: impl Iterator<Item = Span>) -> (usize, Vec<Region>) {
    // Ends come behind starts at the same offset: bounds that touch overlap.
    let mut edges: Vec<(i64, bool, usize, usize)> = spans
        .flat_map(|span| {
            [
                (span.low_ms, false, span.one, span.other),
                (span.high_ms, true, span.one, span.other),
            ]
        })
        .collect();
    edges.sort_unstable();
    let mut ones = Cover::default();
    let mut others = Cover::default();
    let mut most = 0;
    let mut regions: Vec<Region> = Vec::new();
    let mut following = edges.iter().skip(1);
    for (at, ends, one, other) in &edges {
        let until = following.next().map_or(*at, |next| next.0);
        if *ends {
            ones.leave(*one);
            others.leave(*other);
        } else {
            ones.enter(*one);
            others.enter(*other);
        }
        // One observation by either clock is one by the other.
        let paired = ones.count().min(others.count());
        if paired == 0 || paired < most {
            continue;
        }
        if paired > most {
            most = paired;
            regions.clear();
        }
        match regions.last_mut() {
            Some(last) if last.high_ms >= *at => last.high_ms = until,
            _ => regions.push(Region {
                low_ms: *at,
                high_ms: until,
            }),
        }
    }
    (most, regions)
}

/// How many different observations are covered.
#[derive(Debug, Default)]
struct Cover(BTreeMap<usize, usize>);

impl Cover {
    fn enter(&mut self, observation: usize) {
        let count = self.0.entry(observation).or_default();
        *count = count.saturating_add(1);
    }

    fn leave(&mut self, observation: usize) {
        if let Some(count) = self.0.get_mut(&observation) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.0.remove(&observation);
            }
        }
    }

    fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(one: usize, other: usize, low_ms: i64, high_ms: i64) -> Span {
        Span {
            one,
            other,
            low_ms,
            high_ms,
        }
    }

    #[test]
    fn one_stray_attempt_does_not_move_what_the_others_agree_on() {
        let spans = [
            span(0, 0, 6_000, 7_010),
            span(1, 1, 6_200, 7_005),
            span(2, 2, -900, 40),
        ];
        let agreed = Region {
            low_ms: 6_200,
            high_ms: 7_005,
        };
        assert_eq!(best(spans.into_iter()), (2, vec![agreed]));
    }

    #[test]
    fn one_attempt_of_the_server_is_not_two_of_the_client() {
        let spans = [span(0, 0, 0, 10), span(1, 0, 0, 10)];
        assert_eq!(best(spans.into_iter()).0, 1);
    }

    #[test]
    fn two_ways_to_pair_are_two_regions() {
        let spans = [span(0, 0, 0, 10), span(0, 1, 3_000, 3_010)];
        assert_eq!(best(spans.into_iter()).1.len(), 2);
    }
}
