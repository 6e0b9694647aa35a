//! One log, block by block and in order: what is new in it.

use super::conversation::{Conversation, Conversations, Step};
use super::keeper::{Keeper, Place};
use super::kept::{Sifted, Tally};
use super::marks::Marks;
use super::sight::{Block, Hit};
use super::{CONTEXTS, COPIES, Spread};
use std::collections::{HashMap, HashSet};

/// Shapes of one log that are told apart by their words. Behind so many, only marks tell further ones
/// apart: the log has words that vary, such as names.
const MAX_SHAPES: usize = 2048;
/// Classes of one log that are told apart. What is new behind so many is not noticed.
const MAX_CLASSES: usize = 16 * 1024;

/// Decides what is kept of one log.
#[derive(Debug)]
pub(super) struct Sifter<'a> {
    marks: &'a Marks,
    shapes: HashSet<u64, Spread>,
    classes: Classes,
    open: Conversations,
    keeper: Keeper<'a>,
}

impl<'a> Sifter<'a> {
    pub(super) fn new(marks: &'a Marks) -> Self {
        Self {
            marks,
            shapes: HashSet::default(),
            classes: Classes::default(),
            open: Conversations::default(),
            keeper: Keeper::new(marks),
        }
    }

    /// How many lines it has seen.
    pub(super) fn lines(&self) -> u64 {
        self.keeper.lines()
    }

    /// Takes the next block.
    pub(super) fn take(&mut self, block: &Block) {
        self.keeper.begin(block);
        for hit in &block.hits {
            self.judge(block, hit);
        }
        self.keeper.end(block);
    }

    /// Ends the log: connections still open count as they are.
    pub(super) fn finish(self) -> Sifted {
        let Self {
            mut classes,
            open,
            keeper,
            ..
        } = self;
        for rest in open.into_rest() {
            classes.close(&rest);
        }
        let mut sifted = keeper.finish();
        sifted.tallies = classes.into_tallies();
        sifted
    }

    fn judge(&mut self, block: &Block, hit: &Hit) {
        let place = self.keeper.place(block, hit);
        let shape = self.known_shape(hit.shape.hash, place.line);
        match hit.shape.client {
            Some(client) => self.judge_connection(place, client, shape),
            None => self.judge_alone(place, shape),
        }
    }

    /// The shape, or, where too many are known already, a coarser one.
    fn known_shape(&mut self, shape: u64, line: &[u8]) -> u64 {
        if self.shapes.contains(&shape) {
            return shape;
        }
        if self.shapes.len() < MAX_SHAPES {
            self.shapes.insert(shape);
            return shape;
        }
        self.marks.signature(line)
    }

    /// A line that names no client is a class by itself.
    fn judge_alone(&mut self, place: Place<'_>, shape: u64) {
        let count = self.classes.count(shape).filter(|_| self.keeper.has_room());
        let tally = self.classes.tally(shape, false);
        let Some(count) = count else {
            tally.leave_out(place.line);
            return;
        };
        let item = self.keeper.start_item(shape);
        self.keeper.keep(item, place.number, place.line);
        tally.examples.push((item, place.number));
        if count <= CONTEXTS {
            self.keeper.keep_around(item, place, place.number);
        }
    }

    fn judge_connection(&mut self, place: Place<'_>, client: u64, shape: u64) {
        let (number, line) = (place.number, place.line);
        let step = self.open.of(client).map(|known| (known.step(shape), known));
        match step {
            Some((Step::Again, known)) => {
                if known.keeps_repeat()
                    && let Some(item) = known.item
                {
                    self.keeper.keep(item, number, line);
                }
                return;
            }
            Some((Step::Restart, known)) => {
                self.classes.close(known);
                self.open.start(client, number);
            }
            Some((Step::Onward, _)) => {}
            None => {
                if let Some(oldest) = self.open.oldest_if_full() {
                    self.classes.close(oldest);
                }
                self.open.start(client, number);
            }
        }
        let Some(known) = self.open.of(client) else {
            return;
        };
        known.advance(shape);
        let count = self
            .classes
            .count(known.class)
            .filter(|_| self.keeper.has_room());
        if let Some(count) = count {
            let item = self.keeper.start_item(known.class);
            self.keeper.keep_conversation(item, known);
            self.keeper.keep(item, number, line);
            known.item = Some(item);
            if count <= CONTEXTS {
                self.keeper.keep_around(item, place, known.first);
            }
        } else if let Some(item) = known.item {
            self.keeper.keep(item, number, line);
        }
        known.hold(number, line);
    }
}

/// How often each class was seen.
#[derive(Debug, Default)]
struct Classes {
    counts: HashMap<u64, u32, Spread>,
    tallies: HashMap<u64, Tally, Spread>,
    /// The classes of the tallies, in the order in which they were begun.
    order: Vec<u64>,
}

impl Classes {
    /// How often a class was seen, this time included; `None` where it is nothing new.
    fn count(&mut self, class: u64) -> Option<u32> {
        if let Some(count) = self.counts.get_mut(&class) {
            *count = count.saturating_add(1);
            return Some(*count).filter(|count| *count <= COPIES);
        }
        if self.counts.len() >= MAX_CLASSES {
            return None;
        }
        self.counts.insert(class, 1);
        Some(1)
    }

    fn tally(&mut self, class: u64, connections: bool) -> &mut Tally {
        let order = &mut self.order;
        self.tallies.entry(class).or_insert_with(|| {
            order.push(class);
            Tally {
                connections,
                ..Tally::default()
            }
        })
    }

    /// Counts a connection that goes on no more.
    fn close(&mut self, known: &Conversation) {
        let tally = self.tally(known.class, true);
        if let Some(item) = known.item {
            tally.examples.push((item, known.first));
            return;
        }
        let last = known.held().last();
        tally.leave_out(last.map_or(&[], |(_, line)| line));
        if tally.examples.is_empty() && tally.spare.is_empty() {
            let lines = known.held().map(|(number, line)| (number, line.to_vec()));
            tally.spare = lines.collect();
        }
    }

    fn into_tallies(self) -> Vec<(u64, Tally)> {
        let mut tallies = self.tallies;
        let in_order = self.order.into_iter();
        in_order
            .filter_map(|class| Some((class, tallies.remove(&class)?)))
            .collect()
    }
}
