//! Keeping lines of one log: each once, by number, with what stands around it.

use super::conversation::Conversation;
use super::kept::{HEAD, Item, MAX_KEPT_BYTES, Sifted, cost};
use super::marks::Marks;
use super::shape::Shape;
use super::sight::{Block, Hit};
use super::surroundings::{self, Behind, Following, Neighbours, Next, Passed};
use super::{EDGE_LINES, HEAD_LINES, Known};
use std::collections::BTreeMap;

/// A line with a mark, where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'b> {
    block: &'b Block,
    start: usize,
    pub(super) line: &'b [u8],
    pub(super) number: u64,
}

impl Place<'_> {
    /// Where the next line begins in the block, and its number.
    fn next(&self) -> (usize, u64) {
        let end = self.start.saturating_add(self.line.len());
        (end.saturating_add(1), self.number.saturating_add(1))
    }
}

/// The kept lines of one log, and its place in it.
#[derive(Debug)]
pub(super) struct Keeper<'a> {
    marks: &'a Marks,
    /// The number of the first line of the current block.
    first: u64,
    behind: Behind,
    following: Vec<Following>,
    /// Where in the current block the first line stands that is not followed yet, and its number.
    ahead: (usize, u64),
    neighbours: Neighbours,
    bytes: usize,
    /// The number of the last kept line.
    last_kept: u64,
    /// Whether the last line with a mark was kept.
    in_sight: bool,
    /// Lines with a mark that still belong to the head.
    head: usize,
    /// The item of the head.
    head_item: Option<usize>,
    /// The kept lines that name no client, each with its class.
    alone: BTreeMap<u64, u64>,
    sifted: Sifted,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(marks: &'a Marks, known: &Known) -> Self {
        Self {
            marks,
            first: 1,
            behind: Behind::default(),
            following: Vec::new(),
            ahead: (0, 1),
            neighbours: Neighbours::default(),
            bytes: 0,
            last_kept: 0,
            in_sight: true,
            head: if known.heads { 0 } else { HEAD_LINES },
            head_item: None,
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

    /// Whether the next line with a mark is one of the first; counts it.
    pub(super) fn is_in_head(&mut self) -> bool {
        let is_one = self.head > 0 && self.has_room();
        self.head = self.head.saturating_sub(1);
        is_one
    }

    /// Begins the next block.
    pub(super) fn begin(&mut self, block: &Block) {
        let seen = usize::try_from(self.lines()).unwrap_or(usize::MAX);
        let head = block.lines_from(0).take(EDGE_LINES.saturating_sub(seen));
        for (line, number) in head.zip(self.first..) {
            self.sifted.edges.insert(number);
            self.sifted.neighbours.insert(number);
            self.sifted
                .texts
                .entry(number)
                .or_insert_with(|| line.to_vec());
            self.last_kept = self.last_kept.max(number);
        }
        self.ahead = (0, self.first);
    }

    /// Goes on to a line with a mark: it and the lines before it are kept where new ones are near.
    pub(super) fn advance(&mut self, place: Place<'_>) {
        if self.following.is_empty() {
            return;
        }
        self.follow_up_to(place.block, place.number);
        self.follow(place.line, place.number, true);
        self.ahead = place.next();
    }

    /// Leaves the block behind.
    pub(super) fn end(&mut self, block: &Block) {
        let next = self.first.saturating_add(block.lines);
        self.follow_up_to(block, next);
        self.behind.pass(block);
        self.first = next;
    }

    /// Ends the log. Gives the kept lines that name no client too, each with its class.
    pub(super) fn finish(self) -> (Sifted, BTreeMap<u64, u64>) {
        let mut sifted = self.sifted;
        let numbers = (1..self.first).rev();
        for (line, number) in self.behind.lines().zip(numbers).take(EDGE_LINES) {
            // A line with a mark that is not kept is counted already.
            if sifted.texts.contains_key(&number) || !self.marks.are_in(line) {
                sifted.edges.insert(number);
                sifted.texts.entry(number).or_insert_with(|| {
                    sifted.neighbours.insert(number);
                    line.to_vec()
                });
            }
        }
        (sifted, self.alone)
    }

    /// Whether a line is kept.
    pub(super) fn keeps(&self, number: u64) -> bool {
        number <= self.last_kept && self.sifted.texts.contains_key(&number)
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

    /// Notes of lines, where they are kept, that not all of their connection is.
    pub(super) fn part(&mut self, numbers: &[u64]) {
        let kept = numbers.iter().filter(|number| self.keeps(**number));
        let kept: Vec<u64> = kept.copied().collect();
        self.sifted.parts.extend(kept);
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

    /// Keeps a line with a mark as one of an item.
    pub(super) fn keep(&mut self, item: usize, number: u64, line: &[u8]) {
        self.sifted.neighbours.remove(&number);
        self.keep_any(item, number, line);
    }

    fn keep_any(&mut self, item: usize, number: u64, line: &[u8]) {
        if let Some(item) = self.sifted.items.get_mut(item) {
            item.lines.push(number);
        }
        let bytes = &mut self.bytes;
        self.last_kept = self.last_kept.max(number);
        self.sifted.texts.entry(number).or_insert_with(|| {
            *bytes = bytes.saturating_add(cost(line));
            line.to_vec()
        });
    }

    /// Keeps a line for what stands around it; whether it bears a mark is known.
    fn keep_beside(&mut self, item: usize, number: u64, line: &[u8], has_mark: bool) {
        if !has_mark && !self.keeps(number) {
            self.sifted.neighbours.insert(number);
        }
        self.keep_any(item, number, line);
    }

    /// Keeps a line because it is one of the first with a mark, with what is rare beside it. Gives the item.
    pub(super) fn keep_in_head(&mut self, place: Place<'_>) -> usize {
        let item = match self.head_item {
            Some(item) => item,
            None => self.start_item(HEAD),
        };
        self.head_item = Some(item);
        self.keep(item, place.number, place.line);
        self.following.push(Following::in_head(item));
        self.ahead = place.next();
        item
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
        let behind = std::mem::take(&mut self.behind);
        let mut neighbours = std::mem::take(&mut self.neighbours);
        let mut alone = Vec::new();
        let before = behind.before(place.block, place.start);
        let wanted = surroundings::wanted(
            before,
            place.number,
            self.marks,
            &mut neighbours,
            |number| self.keeps(number),
        );
        for (number, line) in wanted {
            let has_mark = self.marks.are_in(line);
            if has_mark && !self.keeps(number) {
                let shape = Shape::of(line);
                alone.extend(shape.client.is_none().then_some((number, shape.hash)));
            }
            self.keep_beside(item, number, line, has_mark);
        }
        self.behind = behind;
        self.neighbours = neighbours;
        self.following.push(Following::new(item));
        self.ahead = place.next();
        alone
    }

    /// Follows the lines without a mark before this number, as far as lines are followed.
    fn follow_up_to(&mut self, block: &Block, before: u64) {
        let (start, first) = self.ahead;
        for (line, number) in block.lines_from(start).zip(first..before) {
            if self.following.is_empty() {
                return;
            }
            self.follow(line, number, false);
        }
    }

    /// Keeps a line that stands behind new ones, if it is wanted there.
    fn follow(&mut self, line: &[u8], number: u64, has_mark: bool) {
        let mut following = std::mem::take(&mut self.following);
        let mut passed = Passed::new(line, has_mark, self.keeps(number));
        following.retain_mut(|following| {
            match following.next(&passed, &mut self.neighbours) {
                Next::Keep => {
                    self.keep_beside(following.item, number, line, has_mark);
                    passed.is_kept = true;
                }
                Next::PassOver => {}
                Next::End => return false,
            }
            true
        });
        self.following = following;
    }
}
