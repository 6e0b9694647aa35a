//! One log, block by block and in order: what is new in it.

use super::conversation::{Conversation, Conversations, Step};
use super::keeper::{Keeper, Place};
use super::kept::{Sifted, Tally};
use super::marks::Marks;
use super::sight::{Block, Hit};
use super::templates::Templates;
use super::{COPIES, COPIES_OF_VARIANT, Known, Spread};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// Classes of one log that are told apart. What is new behind so many is not noticed.
const MAX_CLASSES: usize = 16 * 1024;

/// Decides what is kept of one log.
#[derive(Debug)]
pub(super) struct Sifter<'a> {
    marks: &'a Marks,
    templates: Templates<'a>,
    classes: Classes<'a>,
    open: Conversations,
    keeper: Keeper<'a>,
}

impl<'a> Sifter<'a> {
    pub(super) fn new(marks: &'a Marks, known: &'a Known) -> Self {
        Self {
            marks,
            templates: Templates::after(&known.learned),
            classes: Classes {
                known,
                places: HashMap::default(),
                all: Vec::new(),
                other: Class::default(),
                touched: Vec::new(),
            },
            open: Conversations::default(),
            keeper: Keeper::new(marks, known),
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
        self.classes.leave(block);
        self.keeper.end(block);
    }

    /// Ends the log: connections still open count as they are.
    pub(super) fn finish(self) -> Sifted {
        let Self {
            templates,
            mut classes,
            open,
            mut keeper,
            ..
        } = self;
        for rest in open.into_rest() {
            classes.close(&rest, &mut keeper);
        }
        let (mut sifted, alone) = keeper.finish();
        sifted.tallies = classes.into_tallies(alone);
        sifted.learned = templates.into_learned();
        sifted
    }

    fn judge(&mut self, block: &Block, hit: &Hit) {
        let place = self.keeper.place(block, hit);
        self.keeper.advance(place);
        let known = self.templates.class(hit.shape.hash, place.line);
        let shape = known.unwrap_or_else(|| self.marks.signature(place.line));
        let in_head = self.keeper.is_in_head();
        match hit.shape.client {
            Some(client) => self.judge_connection(place, client, shape, in_head),
            None => self.judge_alone(place, hit, shape, in_head),
        }
        self.keeper.note(place.number);
    }

    /// A line that names no client is a class by itself.
    fn judge_alone(&mut self, place: Place<'_>, hit: &Hit, shape: u64, in_head: bool) {
        let (number, line) = (place.number, place.line);
        let class = self.classes.see(shape);
        class.tally.seen = class.tally.seen.saturating_add(1);
        // Whether it is a variant is asked of the rare ones alone.
        let rare = class.seen <= COPIES && self.keeper.has_room();
        if rare && (class.seen <= COPIES_OF_VARIANT || !self.templates.is_variant(shape)) {
            let item = self.keeper.start_item(shape);
            self.keeper.keep(item, number, line);
            self.keep_around(item, place);
        } else if in_head {
            self.keeper.keep_in_head(place);
        }
        if self.keeper.keeps(number) {
            self.keeper.note_alone(number, shape);
        } else {
            self.classes.set_last(shape, hit);
        }
    }

    fn keep_around(&mut self, item: usize, place: Place<'_>) {
        for (number, shape) in self.keeper.keep_around(item, place) {
            // Its class was found when it was passed, unless there were too many.
            if let Some(class) = self.templates.known(shape) {
                self.keeper.note_alone(number, class);
            }
        }
    }

    /// Where a client's connection is, which begins if it is not known.
    fn place_of(&mut self, client: u64, number: u64) -> usize {
        self.open.place(client).unwrap_or_else(|| {
            if let Some(oldest) = self.open.oldest_if_full() {
                self.classes.close(oldest, &mut self.keeper);
            }
            self.open.start(client, number)
        })
    }

    fn judge_connection(&mut self, place: Place<'_>, client: u64, shape: u64, in_head: bool) {
        let (number, line) = (place.number, place.line);
        let in_open = self.place_of(client, number);
        let Some(known) = self.open.at(in_open) else {
            return;
        };
        match known.step(shape) {
            Step::Onward => {}
            Step::Again => {
                if known.keeps_repeat()
                    && let Some(item) = known.item
                {
                    self.keeper.keep(item, number, line);
                } else {
                    // A repeated line in sight of something new: the connection is not whole without it.
                    self.keeper.part(&[number]);
                }
                return;
            }
            Step::Restart => {
                self.classes.close(known, &mut self.keeper);
                known.restart(client, number);
            }
        }
        known.advance(shape);
        let new = self.classes.see(known.class).seen <= COPIES && self.keeper.has_room();
        if new {
            let item = self.keeper.start_item(known.class);
            self.keeper.keep_conversation(item, known);
            self.keeper.keep(item, number, line);
            known.item = Some(item);
            known.hold(number, line);
            self.keep_around(item, place);
            return;
        }
        if let Some(item) = known.item {
            self.keeper.keep(item, number, line);
        } else if in_head {
            let item = self.keeper.keep_in_head(place);
            // One that begins here is followed to its end.
            known.item = (known.first == number).then_some(item);
        }
        known.hold(number, line);
    }
}

/// A kind of line, or the lines of a connection so far.
#[derive(Debug, Default)]
struct Class {
    /// How often there was one.
    seen: u32,
    tally: Tally,
    /// Where in the current block the last line stands that is not kept; empty where there is none.
    last: Range<usize>,
}

/// How often each class was seen.
#[derive(Debug)]
struct Classes<'a> {
    known: &'a Known,
    places: HashMap<u64, usize, Spread>,
    all: Vec<(u64, Class)>,
    /// What is seen behind so many classes that a further one is not told apart.
    other: Class,
    /// The classes that have a last line in the current block.
    touched: Vec<usize>,
}

impl Classes<'_> {
    /// A class that is seen once more.
    fn see(&mut self, class: u64) -> &mut Class {
        let seen = self.of(class);
        seen.seen = seen.seen.saturating_add(1);
        seen
    }

    fn of(&mut self, class: u64) -> &mut Class {
        let place = match self.places.get(&class) {
            Some(place) => *place,
            None if self.all.len() >= MAX_CLASSES => usize::MAX,
            None => {
                let place = self.all.len();
                self.places.insert(class, place);
                let seen = if self.known.classes.contains(&class) {
                    COPIES
                } else {
                    0
                };
                let new = Class {
                    seen,
                    ..Class::default()
                };
                self.all.push((class, new));
                place
            }
        };
        if let Some((_, known)) = self.all.get_mut(place) {
            return known;
        }
        // Never new.
        self.other.seen = u32::MAX;
        &mut self.other
    }

    /// Notes the last line of a class, which is copied when the block is left.
    fn set_last(&mut self, class: u64, hit: &Hit) {
        let Some(place) = self.places.get(&class).copied() else {
            return;
        };
        if let Some((_, class)) = self.all.get_mut(place) {
            if class.last.is_empty() {
                self.touched.push(place);
            }
            class.last = hit.range.clone();
        }
    }

    /// Leaves a block behind.
    fn leave(&mut self, block: &Block) {
        for place in self.touched.drain(..) {
            if let Some((_, class)) = self.all.get_mut(place) {
                let last = std::mem::take(&mut class.last);
                let line = block.bytes.get(last).unwrap_or_default();
                class.tally.set_last(line);
            }
        }
    }

    /// Counts a connection that goes on no more. It is an example of its class if all its lines are kept; else
    /// what stands of it beside something new is a part, since half a connection would look like one that
    /// failed.
    fn close(&mut self, known: &Conversation, keeper: &mut Keeper<'_>) {
        let tally = &mut self.of(known.class).tally;
        tally.connections = true;
        tally.seen = tally.seen.saturating_add(1);
        let numbers = || known.numbers().collect::<Vec<u64>>();
        let mut kept = known.numbers().filter(|number| keeper.keeps(*number));
        let all_are_kept = || known.numbers().all(|number| keeper.keeps(number));
        if known.item.is_some() || known.is_held_whole() && all_are_kept() {
            tally.examples.push(numbers());
            return;
        }
        if kept.next().is_some() {
            keeper.part(&numbers());
        }
        let last = known.held().last();
        tally.set_last(last.map_or(&[], |(_, line)| line));
        if tally.examples.is_empty() && tally.spare.is_empty() {
            let lines = known.held().map(|(number, line)| (number, line.to_vec()));
            tally.spare = lines.collect();
        }
    }

    /// The classes that were counted, with the lines that name no client and are kept, by their classes.
    fn into_tallies(mut self, alone: BTreeMap<u64, u64>) -> Vec<(u64, Tally)> {
        for (number, class) in alone {
            let place = self.places.get(&class);
            if let Some((_, class)) = place.and_then(|place| self.all.get_mut(*place)) {
                class.tally.examples.push(vec![number]);
            }
        }
        let all = self.all.into_iter();
        let counted = all.filter(|(_, class)| class.tally.seen > 0);
        counted.map(|(id, class)| (id, class.tally)).collect()
    }
}
