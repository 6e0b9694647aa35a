//! Keeping lines of one log: each once, by number, with what stands around it.

use super::EDGE_LINES;
use super::conversation::Conversation;
use super::kept::{Item, MAX_KEPT_BYTES, Sifted};
use super::marks::Marks;
use super::sight::{Block, Hit};
use super::surroundings::{self, Behind, Following};

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

    /// Ends the log.
    pub(super) fn finish(self) -> Sifted {
        let mut sifted = self.sifted;
        let numbers = (1..self.first).rev();
        for (line, number) in self.behind.lines().zip(numbers).take(EDGE_LINES) {
            sifted.edges.insert(number);
            sifted.texts.entry(number).or_insert_with(|| line.to_vec());
        }
        sifted
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

    /// Keeps the lines beside a new one: some before it, those with a mark since its connection began (line
    /// `since`), some behind it, and the rest of the record that it is a part of.
    pub(super) fn keep_around(&mut self, item: usize, place: Place<'_>, since: u64) {
        let Place {
            block,
            start,
            line,
            number,
        } = place;
        let behind = std::mem::take(&mut self.behind);
        let before = behind.before(block, start);
        for (number, line) in surroundings::wanted(before, number, since, self.marks) {
            self.keep(item, number, line);
        }
        self.behind = behind;
        let next = start.saturating_add(line.len()).saturating_add(1);
        self.follow(Following::new(item), block, next, number.saturating_add(1));
    }

    /// Keeps what follows, as far as this block goes.
    fn follow(&mut self, mut following: Following, block: &Block, start: usize, number: u64) {
        for (line, number) in block.lines_from(start).zip(number..) {
            if !following.takes(line) {
                return;
            }
            self.keep(following.item, number, line);
        }
        self.following.push(following);
    }
}
