//! Keeping lines of one log: each once, by number, with what stands around it.

use super::EDGE_LINES;
use super::conversation::Conversation;
use super::kept::{Item, MAX_KEPT_BYTES, Sifted};
use super::marks::Marks;
use super::shape::Shape;
use super::sight::{Block, Hit};
use super::surroundings::{self, Behind, Following, Next};
use std::collections::BTreeMap;

/// A line with a mark, where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'b> {
    block: &'b Block,
    start: usize,
    pub(super) line: &'b [u8],
    pub(super) number: u64,
}

/// The kept lines of one log, and its place in it.
#[derive(Debug)]
pub(super) struct Keeper<'a> {
    marks: &'a Marks,
    /// The number of the first line of the current block.
    first: u64,
    behind: Behind,
    following: Vec<Following>,
    bytes: usize,
    /// Whether the last line with a mark was kept.
    in_sight: bool,
    /// The kept lines that name no client, each with its class.
    alone: BTreeMap<u64, u64>,
    sifted: Sifted,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(marks: &'a Marks) -> Self {
        Self {
            marks,
            first: 1,
            behind: Behind::default(),
            following: Vec::new(),
            bytes: 0,
            in_sight: true,
            alone: BTreeMap::new(),
            sifted: Sifted::default(),
        }
    }

    /// How many lines were passed.
    pub(super) fn lines(&self) -> u64 {
        self.first.saturating_sub(1)
    }

    /// Whether more may be kept.
    pub(super) fn has_room(&self) -> bool {
        self.bytes < MAX_KEPT_BYTES
    }

    /// Begins the next block.
    pub(super) fn begin(&mut self, block: &Block) {
        let seen = usize::try_from(self.lines()).unwrap_or(usize::MAX);
        let head = block.lines_from(0).take(EDGE_LINES.saturating_sub(seen));
        for (line, number) in head.zip(self.first..) {
            self.sifted.edges.insert(number);
            self.sifted
                .texts
                .entry(number)
                .or_insert_with(|| line.to_vec());
        }
        for following in std::mem::take(&mut self.following) {
            self.follow(following, block, 0, self.first);
        }
    }

    /// Leaves the block behind.
    pub(super) fn end(&mut self, block: &Block) {
        self.behind.pass(block);
        self.first = self.first.saturating_add(block.lines);
    }

    /// Ends the log. Gives the kept lines that name no client too, each with its class.
    pub(super) fn finish(self) -> (Sifted, BTreeMap<u64, u64>) {
        let mut sifted = self.sifted;
        let numbers = (1..self.first).rev();
        for (line, number) in self.behind.lines().zip(numbers).take(EDGE_LINES) {
            // A line with a mark that is not kept is counted already.
            if sifted.texts.contains_key(&number) || !self.marks.are_in(line) {
                sifted.edges.insert(number);
                sifted.texts.entry(number).or_insert_with(|| line.to_vec());
            }
        }
        (sifted, self.alone)
    }

    /// Whether a line is kept.
    pub(super) fn keeps(&self, number: u64) -> bool {
        self.sifted.texts.contains_key(&number)
    }

    /// Notes what became of a line with a mark.
    pub(super) fn note(&mut self, number: u64) {
        let kept = self.keeps(number);
        if self.in_sight && !kept {
            self.sifted.gaps.insert(number);
        }
        self.in_sight = kept;
    }

    /// Notes that a line that names no client is kept.
    pub(super) fn note_alone(&mut self, number: u64, class: u64) {
        self.alone.insert(number, class);
    }

    /// Lets go of lines.
    pub(super) fn forget(&mut self, numbers: &[u64]) {
        for number in numbers {
            self.sifted.texts.remove(number);
        }
    }

    /// Where a hit stands.
    pub(super) fn place<'b>(&self, block: &'b Block, hit: &Hit) -> Place<'b> {
        Place {
            block,
            start: hit.range.start,
            line: block.bytes.get(hit.range.clone()).unwrap_or_default(),
            number: self.first.saturating_add(hit.index),
        }
    }

    /// Starts an item, for what is new of a class. Gives its index.
    pub(super) fn start_item(&mut self, class: u64) -> usize {
        self.sifted.items.push(Item {
            class,
            lines: Vec::new(),
        });
        self.sifted.items.len().saturating_sub(1)
    }

    /// Keeps a line as one of an item.
    pub(super) fn keep(&mut self, item: usize, number: u64, line: &[u8]) {
        if let Some(item) = self.sifted.items.get_mut(item) {
            item.lines.push(number);
        }
        let bytes = &mut self.bytes;
        self.sifted.texts.entry(number).or_insert_with(|| {
            *bytes = bytes.saturating_add(line.len());
            line.to_vec()
        });
    }

    /// Keeps what a connection has said so far, so that the item tells the whole of it.
    pub(super) fn keep_conversation(&mut self, item: usize, known: &Conversation) {
        if known.item.is_none() {
            for (number, line) in known.held() {
                self.keep(item, number, line);
            }
        } else if let Some(item) = self.sifted.items.get_mut(item) {
            item.lines.extend(known.numbers());
        }
    }

    /// Keeps the lines around a new one. Gives those before it that bear a mark and name no client.
    pub(super) fn keep_around(&mut self, item: usize, place: Place<'_>) -> Vec<(u64, u64)> {
        let Place {
            block,
            start,
            line,
            number,
        } = place;
        let behind = std::mem::take(&mut self.behind);
        let mut alone = Vec::new();
        let before = behind.before(block, start);
        for (number, line) in surroundings::wanted(before, number, self.marks) {
            if !self.keeps(number) && self.marks.are_in(line) {
                let shape = Shape::of(line);
                alone.extend(shape.client.is_none().then_some((number, shape.hash)));
            }
            self.keep(item, number, line);
        }
        self.behind = behind;
        let next = start.saturating_add(line.len()).saturating_add(1);
        self.follow(Following::new(item), block, next, number.saturating_add(1));
        alone
    }

    /// Keeps what follows, as far as this block goes.
    fn follow(&mut self, mut following: Following, block: &Block, start: usize, number: u64) {
        for (line, number) in block.lines_from(start).zip(number..) {
            match following.next(line, self.marks) {
                Next::Keep => self.keep(following.item, number, line),
                Next::PassOver => {}
                Next::End => return,
            }
        }
        self.following.push(following);
    }
}
