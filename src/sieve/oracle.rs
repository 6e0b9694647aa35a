//! The sieve as one would write it without a thought of speed: all lines in memory, one loop, plain
//! searches. What the fast one keeps must be the same for every text, block size and number of threads.

use super::kept::Sifted;
use super::marks::{BUILT_IN, Marks};
use super::shape::{Shape, mix};
use super::sight::Block;
use super::{CONTEXTS, COPIES, EDGE_LINES, Manner, sift};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

/// One item, and one tally, without what does not show in a report.
type ItemSeen = (u64, BTreeSet<u64>);
type TallySeen = (u64, bool, Vec<(usize, u64)>, u64, Vec<u8>, Vec<u64>);

#[derive(Debug, PartialEq)]
struct Seen {
    lines: u64,
    texts: BTreeMap<u64, Vec<u8>>,
    items: Vec<ItemSeen>,
    tallies: Vec<TallySeen>,
}

fn seen(sifted: Sifted, lines: u64) -> Seen {
    let items = sifted.items.into_iter();
    let tallies = sifted.tallies.into_iter();
    Seen {
        lines,
        texts: sifted.texts,
        items: items
            .map(|item| (item.class, item.lines.into_iter().collect()))
            .collect(),
        tallies: tallies
            .map(|(class, tally)| {
                let spare = tally.spare.iter().map(|(number, _)| *number).collect();
                (
                    class,
                    tally.connections,
                    tally.examples,
                    tally.unkept,
                    tally.last,
                    spare,
                )
            })
            .collect(),
    }
}

#[derive(Default)]
struct Talk {
    shapes: Vec<u64>,
    class: u64,
    lines: Vec<usize>,
    bytes: usize,
    item: Option<usize>,
    first: u64,
    repeats: usize,
}

struct Oracle<'a> {
    lines: Vec<&'a [u8]>,
    counts: BTreeMap<u64, u32>,
    open: Vec<(u64, Talk)>,
    seen: Seen,
}

impl<'a> Oracle<'a> {
    fn read(text: &'a [u8]) -> Seen {
        let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        if lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        let count = lines.len();
        let mut oracle = Self {
            lines,
            counts: BTreeMap::new(),
            open: Vec::new(),
            seen: Seen {
                lines: count as u64,
                texts: BTreeMap::new(),
                items: Vec::new(),
                tallies: Vec::new(),
            },
        };
        for at in (0..count).filter(|at| *at < EDGE_LINES || at + EDGE_LINES >= count) {
            let bytes = oracle.lines[at].to_vec();
            oracle.seen.texts.insert(at as u64 + 1, bytes);
        }
        for at in 0..count {
            oracle.line(at);
        }
        for (_, talk) in std::mem::take(&mut oracle.open) {
            oracle.close(&talk);
        }
        oracle.seen
    }

    fn line(&mut self, at: usize) {
        let line = self.lines[at];
        if !has_mark(line) {
            return;
        }
        let Shape { hash, client } = Shape::of(line);
        let number = at as u64 + 1;
        let Some(client) = client else {
            let count = self.count(hash);
            let tally = self.tally(hash, false);
            if count > COPIES {
                tally.3 += 1;
                tally.4 = line.to_vec();
                return;
            }
            let item = self.seen.items.len();
            self.tally(hash, false).2.push((item, number));
            self.seen.items.push((hash, BTreeSet::new()));
            self.keep(item, at);
            if count <= CONTEXTS {
                self.around(item, at, number);
            }
            return;
        };
        let place = self.open.iter().position(|(known, _)| *known == client);
        if let Some(place) = place {
            let talk = &mut self.open[place].1;
            if talk.shapes[0] == hash {
                let ended = std::mem::take(talk);
                self.close(&ended);
                self.open[place].1.first = number;
            } else if talk.shapes.contains(&hash) || talk.shapes.len() >= 12 {
                talk.repeats += 1;
                if let Some(item) = talk.item.filter(|_| talk.repeats <= 4) {
                    self.keep(item, at);
                }
                return;
            }
        } else {
            let talk = Talk {
                first: number,
                ..Talk::default()
            };
            self.open.push((client, talk));
        }
        let place = self
            .open
            .iter()
            .position(|(known, _)| *known == client)
            .unwrap();
        let (_, mut talk) = std::mem::take(&mut self.open[place]);
        talk.shapes.push(hash);
        talk.class = mix(talk.class, hash);
        let count = self.count(talk.class);
        if count <= COPIES {
            let item = self.seen.items.len();
            self.seen.items.push((talk.class, BTreeSet::new()));
            for held in &talk.lines {
                self.keep(item, *held);
            }
            self.keep(item, at);
            talk.item = Some(item);
            if count <= CONTEXTS {
                self.around(item, at, talk.first);
            }
        } else if let Some(item) = talk.item {
            self.keep(item, at);
        }
        let length = if talk.item.is_some() { 0 } else { line.len() };
        if talk.bytes + length <= 640 && talk.lines.len() < 8 {
            talk.bytes += length;
            talk.lines.push(at);
        }
        self.open[place] = (client, talk);
    }

    fn count(&mut self, class: u64) -> u32 {
        let count = self.counts.entry(class).or_default();
        *count += 1;
        *count
    }

    fn tally(&mut self, class: u64, connections: bool) -> &mut TallySeen {
        let tallies = &mut self.seen.tallies;
        let known = tallies.iter().position(|tally| tally.0 == class);
        let place = known.unwrap_or_else(|| {
            tallies.push((class, connections, Vec::new(), 0, Vec::new(), Vec::new()));
            tallies.len() - 1
        });
        &mut tallies[place]
    }

    fn close(&mut self, talk: &Talk) {
        let last = talk.lines.last().map(|at| self.lines[*at].to_vec());
        let tally = self.tally(talk.class, true);
        if let Some(item) = talk.item {
            tally.2.push((item, talk.first));
            return;
        }
        tally.3 += 1;
        tally.4 = last.unwrap_or_default();
        if tally.2.is_empty() && tally.5.is_empty() {
            tally.5 = talk.lines.iter().map(|at| *at as u64 + 1).collect();
        }
    }

    fn keep(&mut self, item: usize, at: usize) {
        let number = at as u64 + 1;
        self.seen.items[item].1.insert(number);
        self.seen.texts.insert(number, self.lines[at].to_vec());
    }

    /// The lines of short texts around a new one; long ones are not made here.
    fn around(&mut self, item: usize, at: usize, since: u64) {
        let before: Vec<&[u8]> = self.lines[..at].iter().rev().copied().collect();
        let marks = Marks::with(&[]).unwrap();
        let wanted = super::surroundings::wanted(before.into_iter(), at as u64 + 1, since, &marks);
        let numbers: Vec<u64> = wanted.into_iter().map(|(number, _)| number).collect();
        for number in numbers {
            self.keep(item, number as usize - 1);
        }
        let mut following = super::surroundings::Following::new(item);
        for next in at + 1..self.lines.len() {
            if !following.takes(self.lines[next]) {
                break;
            }
            self.keep(item, next);
        }
    }
}

fn has_mark(line: &[u8]) -> bool {
    let contains = |mark: &&str| line.windows(mark.len()).any(|part| part == mark.as_bytes());
    BUILT_IN.iter().any(|mark| contains(&mark))
}

/// Gives a text in pieces of the lengths given, over and over.
struct Pieces<'a> {
    text: &'a [u8],
    lengths: std::iter::Cycle<std::vec::IntoIter<usize>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self
            .lengths
            .next()
            .unwrap_or(1)
            .min(self.text.len())
            .min(buffer.len());
        let (piece, rest) = self.text.split_at(length);
        buffer[..length].copy_from_slice(piece);
        self.text = rest;
        Ok(length)
    }
}

/// Lines as logs have them, few kinds of them, so that classes repeat.
fn log() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        (0..40_u16).prop_map(|port| format!("10:00:01 INFO WebSocket HANDSHAKING /ws/a/ [10.0.0.7:5{port:04}]")),
        (0..40_u16).prop_map(|port| format!("10:00:02 INFO WebSocket CONNECT /ws/a/ [10.0.0.7:5{port:04}]")),
        (0..40_u16).prop_map(|port| format!("10:00:02 INFO WebSocket REJECT /ws/a/ [10.0.0.7:5{port:04}]")),
        (0..40_u16).prop_map(|port| format!("10:00:03 INFO WebSocket DISCONNECT /ws/a/ [10.0.0.7:5{port:04}]")),
        Just("10:00:04 ERROR Exception in consumer\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x()\nKeyError: 'user'".to_owned()),
        Just("10:00:04 WARNING auth middleware: the pass has run out".to_owned()),
        "[a-z]{3,8} (consumer|handshake) [a-z]{1,3}",
        "10:00:0[0-9] (DEBUG|INFO) (SELECT|task|order) [0-9]{1,5}",
        "10:00:0[0-9] (DEBUG|INFO) (SELECT|task|order) [0-9]{1,5}",
        "  [a-z ]{0,20}",
        Just(String::new()),
    ];
    prop::collection::vec(line, 0..160).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_fast_way_keeps_what_the_simple_way_keeps(
        text in log(),
        ended in any::<bool>(),
        block_bytes in 1..600_usize,
        threads in 1..4_usize,
        lengths in prop::collection::vec(1..300_usize, 1..8),
    ) {
        let text = if ended { text + "\n" } else { text };
        let marks = Marks::with(&[]).unwrap();
        let reader = Pieces { text: text.as_bytes(), lengths: lengths.into_iter().cycle() };
        let manner = Manner { threads, block_bytes, returns_end: false };
        let sifting = sift(reader, &marks, manner);
        let fast = seen(sifting.sifted, sifting.lines);
        prop_assert_eq!(fast, Oracle::read(text.as_bytes()));
    }

    #[test]
    fn the_vectorised_search_finds_what_a_plain_one_finds(text in "[a-zA-Z/\" .0-9\n]{0,300}") {
        let marks = Marks::with(&[]).unwrap();
        let lines = text.split('\n');
        let expected: Vec<&str> = lines.filter(|line| has_mark(line.as_bytes())).collect();
        let mut block = Block { bytes: text.clone().into_bytes(), ..Block::default() };
        block.look(&marks);
        let found: Vec<&str> = block.hits.iter().map(|hit| &text[hit.range.clone()]).collect();
        prop_assert_eq!(found, expected);
    }
}
