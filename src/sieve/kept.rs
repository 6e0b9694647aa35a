//! What is kept of a long log, and how the kept parts of several logs are put together.
//!
//! Each log is sifted by itself, so that many can be sifted at once. Put together in their order, a
//! class that the logs before have shown often enough is only counted.

use super::templates::Learned;
use super::{COPIES, Known, Spread};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Kept lines of all logs together, in bytes, at most: 5 MiB. What is new behind them is counted and
/// not kept.
pub const MAX_KEPT_BYTES: usize = 5 * 1024 * 1024;
/// What a line counts for besides its own bytes, since reading it closely takes as much in any case.
const LINE_BYTES: usize = 400;

/// What a kept line counts for, in bytes.
pub(super) fn cost(line: &[u8]) -> usize {
    line.len().saturating_add(LINE_BYTES)
}

/// The class of the item that holds a log's first lines.
pub(super) const HEAD: u64 = 0;

/// What a kept line stands for, with others of its class, besides itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copies {
    /// Its class: the same number for lines, or first lines of connections, that are alike.
    pub class: u64,
    /// How many lines, or connections, of this class are not among the kept lines. One kept line of a class
    /// says so.
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
    /// What it stands for besides itself, if its class has more.
    pub copies: Option<Copies>,
    /// Why it was kept.
    pub why: Why,
    /// Whether lines with a mark stand before it, up to the last kept line, and are not kept: what
    /// began or ended among them is not seen.
    pub after_gap: bool,
}

/// Why a line of a long log was kept, and so what its neighbours prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Why {
    /// For what it says: it bears a mark. Of lines like it beside kept ones none is missing.
    #[default]
    Itself,
    /// For where it stands: it bears no mark, and others like it may be missing anywhere.
    Neighbour,
    /// For where it stands, and not all lines of its connection were.
    Part,
}

impl KeptLine {
    fn new(number: u64, bytes: Vec<u8>) -> Self {
        Self {
            number,
            bytes,
            copies: None,
            why: Why::Itself,
            after_gap: false,
        }
    }
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
    /// The lines of each connection, or the line, that was kept.
    pub(super) examples: Vec<Vec<u64>>,
    /// How many there were, the kept ones included.
    pub(super) seen: u64,
    /// A line of the last one that was not kept.
    pub(super) last: Vec<u8>,
    /// The lines of the first one that was not kept, where no example was.
    pub(super) spare: Vec<(u64, Vec<u8>)>,
}

/// Bytes kept of the last line of a class: enough for its time.
const LAST_BYTES: usize = 1024;

impl Tally {
    /// Notes a line of one that is not kept.
    pub(super) fn set_last(&mut self, line: &[u8]) {
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
    /// Kept lines without a mark.
    pub(super) neighbours: BTreeSet<u64>,
    /// Kept lines of connections that are not kept whole.
    pub(super) parts: BTreeSet<u64>,
    /// Of each row of lines with a mark that are not kept, the first.
    pub(super) gaps: BTreeSet<u64>,
    /// The kinds of line that are new in it.
    pub(super) learned: Learned,
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
    learned: Learned,
}

impl Pool {
    /// Adds the next log.
    pub(super) fn add(&mut self, sifted: Sifted) {
        let Sifted {
            mut texts,
            items,
            tallies,
            edges,
            neighbours,
            mut parts,
            mut gaps,
            learned,
        } = sifted;
        self.learned.add(learned);
        let mut numbers: BTreeSet<u64> = BTreeSet::new();
        for item in items {
            if self.takes(&item, &texts, &numbers) {
                numbers.extend(item.lines);
            } else {
                gaps.extend(item.lines);
            }
        }
        if !numbers.is_empty() {
            numbers.extend(&edges);
        }
        let mut lines: BTreeMap<u64, KeptLine> = numbers
            .into_iter()
            .filter_map(|number| Some((number, KeptLine::new(number, texts.remove(&number)?))))
            .collect();
        for (class, tally) in tallies {
            self.count(&mut lines, class, tally, &mut parts, &texts);
        }
        let mut before = 0;
        for (number, line) in &mut lines {
            line.after_gap = gaps.range(before..*number).next().is_some();
            before = number.saturating_add(1);
            if neighbours.contains(number) {
                line.why = Why::Neighbour;
            }
            if parts.contains(number) {
                line.why = Why::Part;
            }
        }
        self.logs.push(lines);
    }

    /// What was taken as often as it is. When there is no more room, one example is enough.
    pub(super) fn known(&self) -> Known {
        let full = self.is_full();
        let taken = self.taken.iter();
        let enough = taken.filter(|(_, count)| **count >= COPIES);
        let mut classes: HashSet<u64, Spread> = enough.map(|(class, _)| *class).collect();
        if full {
            classes.extend(self.examples.keys());
        }
        Known {
            heads: full || classes.contains(&HEAD),
            classes,
            learned: self.learned.clone(),
        }
    }

    fn is_full(&self) -> bool {
        self.bytes >= MAX_KEPT_BYTES
    }

    fn takes(
        &mut self,
        item: &Item,
        texts: &BTreeMap<u64, Vec<u8>>,
        known: &BTreeSet<u64>,
    ) -> bool {
        let full = self.is_full();
        let count = self.taken.entry(item.class).or_default();
        if *count >= COPIES || full {
            return false;
        }
        *count = count.saturating_add(1);
        let new = item.lines.iter().filter(|number| !known.contains(number));
        let costs = new
            .filter_map(|number| texts.get(number))
            .map(|line| cost(line));
        self.bytes = costs.fold(self.bytes, usize::saturating_add);
        true
    }

    /// Lets the examples of a class stand for what was not kept. One that is not there as a whole is none.
    fn count(
        &mut self,
        lines: &mut BTreeMap<u64, KeptLine>,
        class: u64,
        tally: Tally,
        parts: &mut BTreeSet<u64>,
        texts: &BTreeMap<u64, Vec<u8>>,
    ) {
        let log = self.logs.len();
        let kept = u64::try_from(tally.examples.len()).unwrap_or(u64::MAX);
        let mut more = tally.seen.saturating_sub(kept);
        for example in &tally.examples {
            if example.iter().all(|number| lines.contains_key(number)) {
                if let Some(first) = example.first() {
                    self.examples.insert(class, (log, *first));
                    class_of(lines, *first, class, tally.connections);
                }
            } else {
                more = more.saturating_add(1);
                parts.extend(example);
            }
        }
        if more == 0 {
            return;
        }
        // One that there was no room for serves as well, where there is no other.
        let whole = |example: &Vec<u64>| {
            let lines = example.iter().copied();
            lines
                .map(|number| Some((number, texts.get(&number)?.clone())))
                .collect::<Option<Vec<_>>>()
        };
        let spare = if tally.spare.is_empty() {
            tally.examples.iter().find_map(whole).unwrap_or_default()
        } else {
            tally.spare
        };
        if !self.examples.contains_key(&class)
            && let Some((first, _)) = spare.first()
        {
            self.examples.insert(class, (log, *first));
            more = more.saturating_sub(1);
            let first = *first;
            for (number, bytes) in spare {
                parts.remove(&number);
                lines
                    .entry(number)
                    .or_insert_with(|| KeptLine::new(number, bytes));
            }
            class_of(lines, first, class, tally.connections);
        }
        let line = match self.examples.get(&class) {
            Some((of, number)) if *of == log => lines.get_mut(number),
            Some((of, number)) => self
                .logs
                .get_mut(*of)
                .and_then(|lines| lines.get_mut(number)),
            None => None,
        };
        if let Some(copies) = line.and_then(|line| line.copies.as_mut()) {
            copies.more = copies.more.saturating_add(more);
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

/// Notes the class of an example at its first line.
fn class_of(lines: &mut BTreeMap<u64, KeptLine>, first: u64, class: u64, connections: bool) {
    if let Some(line) = lines.get_mut(&first) {
        let copies = line.copies.get_or_insert_default();
        copies.class = class;
        copies.connections = connections;
    }
}
