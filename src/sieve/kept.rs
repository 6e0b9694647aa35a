//! What is kept of a long log, and how the kept parts of several logs are put together.
//!
//! Each log is sifted by itself, so that many can be sifted at once. Put together in their order, a
//! class that the logs before have shown often enough is only counted.

use super::COPIES;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Kept lines of all logs together, in bytes, at most: 8 MiB. What is new behind them is counted and
/// not kept.
pub const MAX_KEPT_BYTES: usize = 8 * 1024 * 1024;

/// What a kept line stands for besides itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copies {
    /// How many lines, or connections, like this one are not among the kept lines.
    pub more: u64,
    /// Whether whole connections are counted, as told by the client's address, rather than lines.
    pub connections: bool,
    /// The last of them, as it stands in the log: its time is when this was seen last.
    pub last: Vec<u8>,
}

/// A line of a long log that is worth reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// Its number, counted from one.
    pub number: u64,
    /// Its bytes, without line ending.
    pub bytes: Vec<u8>,
    /// What it stands for besides itself, if it does.
    pub copies: Option<Copies>,
}

/// Lines that show something new, with what stands around them.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// What is new: a shape, or the shapes of one connection so far.
    pub(super) class: u64,
    pub(super) lines: Vec<u64>,
}

/// How often a class was seen in one log.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) connections: bool,
    /// The examples that were kept: index of the item, and the line that stands for the others.
    pub(super) examples: Vec<(usize, u64)>,
    /// How many were not.
    pub(super) unkept: u64,
    /// A line of the last one that was not kept.
    pub(super) last: Vec<u8>,
    /// The lines of the first one that was not kept, where no example was.
    pub(super) spare: Vec<(u64, Vec<u8>)>,
}

/// Bytes kept of the last line of a class: enough for its time.
const LAST_BYTES: usize = 1024;

impl Tally {
    /// Counts one that is not kept.
    pub(super) fn leave_out(&mut self, line: &[u8]) {
        self.unkept = self.unkept.saturating_add(1);
        self.last.clear();
        let line = line.get(..LAST_BYTES).unwrap_or(line);
        self.last.extend_from_slice(line);
    }
}

/// What is kept of one log.
#[derive(Debug, Default)]
pub(super) struct Sifted {
    pub(super) texts: BTreeMap<u64, Vec<u8>>,
    pub(super) items: Vec<Item>,
    /// By class, in the order of its first end.
    pub(super) tallies: Vec<(u64, Tally)>,
    /// The first and the last lines.
    pub(super) edges: BTreeSet<u64>,
}

/// The kept lines of several logs, put together in order.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// How many items of a class were taken.
    taken: HashMap<u64, u32>,
    /// The line that stands for a class: index of the log, number of the line.
    examples: HashMap<u64, (usize, u64)>,
    logs: Vec<BTreeMap<u64, KeptLine>>,
    bytes: usize,
}

impl Pool {
    /// Adds the next log.
    pub(super) fn add(&mut self, mut sifted: Sifted) {
        let log = self.logs.len();
        let mut numbers: BTreeSet<u64> = BTreeSet::new();
        let taken: Vec<bool> = sifted
            .items
            .iter()
            .map(|item| self.takes(item, &sifted.texts, &mut numbers))
            .collect();
        if !numbers.is_empty() {
            numbers.extend(&sifted.edges);
        }
        let lines = numbers.into_iter().filter_map(|number| {
            let bytes = sifted.texts.remove(&number)?;
            Some((
                number,
                KeptLine {
                    number,
                    bytes,
                    copies: None,
                },
            ))
        });
        let lines: BTreeMap<u64, KeptLine> = lines.collect();
        self.logs.push(lines);
        for (class, tally) in sifted.tallies {
            self.count(log, class, tally, &taken);
        }
    }

    fn takes(
        &mut self,
        item: &Item,
        texts: &BTreeMap<u64, Vec<u8>>,
        numbers: &mut BTreeSet<u64>,
    ) -> bool {
        let count = self.taken.entry(item.class).or_default();
        if *count >= COPIES || self.bytes >= MAX_KEPT_BYTES {
            return false;
        }
        *count = count.saturating_add(1);
        for number in &item.lines {
            if numbers.insert(*number) {
                let length = texts.get(number).map_or(0, Vec::len);
                self.bytes = self.bytes.saturating_add(length);
            }
        }
        true
    }

    /// Lets the last example of a class stand for what was not kept.
    fn count(&mut self, log: usize, class: u64, tally: Tally, taken: &[bool]) {
        let is_taken = |item: &usize| taken.get(*item).copied().unwrap_or(false);
        let (kept, dropped): (Vec<_>, Vec<_>) =
            tally.examples.iter().partition(|(item, _)| is_taken(item));
        if let Some((_, line)) = kept.last() {
            self.examples.insert(class, (log, *line));
        }
        let more = tally
            .unkept
            .saturating_add(u64::try_from(dropped.len()).unwrap_or(u64::MAX));
        if more == 0 {
            return;
        }
        let mut besides = more;
        if !self.examples.contains_key(&class)
            && let Some((first, _)) = tally.spare.first()
            && let Some(lines) = self.logs.get_mut(log)
        {
            self.examples.insert(class, (log, *first));
            besides = more.saturating_sub(1);
            for (number, bytes) in tally.spare {
                lines.entry(number).or_insert(KeptLine {
                    number,
                    bytes,
                    copies: None,
                });
            }
        }
        let example = self.examples.get(&class).copied();
        let line = example.and_then(|(log, line)| self.logs.get_mut(log)?.get_mut(&line));
        if let Some(line) = line
            && besides > 0
        {
            let copies = line.copies.get_or_insert_default();
            copies.more = copies.more.saturating_add(besides);
            copies.connections |= tally.connections;
            if !tally.last.is_empty() {
                copies.last = tally.last;
            }
        }
    }

    /// The kept lines of each log, in their order.
    pub(super) fn into_logs(self) -> Vec<Vec<KeptLine>> {
        let logs = self.logs.into_iter();
        logs.map(|lines| lines.into_values().collect()).collect()
    }
}
