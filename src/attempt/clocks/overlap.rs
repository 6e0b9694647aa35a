//! Where the bounds of most attempts overlap (Marzullo's algorithm, as NTP selects its servers by).

use super::sight::Bounds;
use std::collections::BTreeMap;

/// A client's attempt, a server's, and what follows if they are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) client: usize,
    pub(super) server: usize,
    pub(super) bounds: Bounds,
}

/// Offsets that equally many attempts allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) low_ms: i64,
    pub(super) high_ms: i64,
}

impl Region {
    /// Whether an offset lies within `slack_ms` of it.
    pub(super) fn is_near(&self, offset_ms: i64, slack_ms: i64) -> bool {
        self.low_ms.saturating_sub(slack_ms) <= offset_ms
            && offset_ms <= self.high_ms.saturating_add(slack_ms)
    }
}

/// The most attempts that one offset allows to pair, and the regions of such offsets, ascending.
pub(super) fn best(pairs: &[Pair]) -> (usize, Vec<Region>) {
    // Ends come behind starts at the same offset: bounds that touch overlap.
    let mut edges: Vec<(i64, bool, usize, usize)> = pairs
        .iter()
        .flat_map(|pair| {
            let Pair {
                client,
                server,
                bounds,
            } = *pair;
            [
                (bounds.low_ms, false, client, server),
                (bounds.high_ms, true, client, server),
            ]
        })
        .collect();
    edges.sort_unstable();
    let mut clients = Cover::default();
    let mut servers = Cover::default();
    let mut most = 0;
    let mut regions: Vec<Region> = Vec::new();
    let mut following = edges.iter().skip(1);
    for (at, ends, client, server) in &edges {
        let until = following.next().map_or(*at, |next| next.0);
        if *ends {
            clients.leave(*client);
            servers.leave(*server);
        } else {
            clients.enter(*client);
            servers.enter(*server);
        }
        // One attempt of either side is one of the other.
        let paired = clients.count().min(servers.count());
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

/// How many different attempts are covered.
#[derive(Debug, Default)]
struct Cover(BTreeMap<usize, usize>);

impl Cover {
    fn enter(&mut self, attempt: usize) {
        let count = self.0.entry(attempt).or_default();
        *count = count.saturating_add(1);
    }

    fn leave(&mut self, attempt: usize) {
        if let Some(count) = self.0.get_mut(&attempt) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.0.remove(&attempt);
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

    fn pair(client: usize, server: usize, low_ms: i64, high_ms: i64) -> Pair {
        let bounds = Bounds {
            low_ms,
            high_ms,
            likely_ms: high_ms,
            shared: 1,
        };
        Pair {
            client,
            server,
            bounds,
        }
    }

    #[test]
    fn one_stray_attempt_does_not_move_what_the_others_agree_on() {
        let pairs = [
            pair(0, 0, 6_000, 7_010),
            pair(1, 1, 6_200, 7_005),
            pair(2, 2, -900, 40),
        ];
        let agreed = Region {
            low_ms: 6_200,
            high_ms: 7_005,
        };
        assert_eq!(best(&pairs), (2, vec![agreed]));
    }

    #[test]
    fn one_attempt_of_the_server_is_not_two_of_the_client() {
        let pairs = [pair(0, 0, 0, 10), pair(1, 0, 0, 10)];
        assert_eq!(best(&pairs).0, 1);
    }

    #[test]
    fn two_ways_to_pair_are_two_regions() {
        let pairs = [pair(0, 0, 0, 10), pair(0, 1, 3_000, 3_010)];
        assert_eq!(best(&pairs).1.len(), 2);
    }
}
