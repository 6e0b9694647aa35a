//! One log, block by block and in order: what is new in it.

use super::conversation::{Conversation, Conversations, Step};
use super::keeper::{Keeper, Place};
use super::kept::{Sifted, Tally};
use super::marks::Marks;
use super::sight::{Block, Hit};
use super::templates::Templates;
use super::{COPIES, Spread};
use std::collections::{BTreeMap, HashMap};

/// Classes of one log that are told apart. What is new behind so many is not noticed.
const MAX_CLASSES: usize = 16 * 1024;

/// Decides what is kept of one log.
#[derive(Debug)]
pub(super) struct Sifter<'a> {
    marks: &'a Marks,
    templates: Templates,
    classes: Classes,
    open: Conversations,
    keeper: Keeper<'a>,
}

impl<'a> Sifter<'a> {
    pub(super) fn new(marks: &'a Marks) -> Self {
        Self {
            marks,
            templates: Templates::default(),
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
            mut keeper,
            ..
        } = self;
        for rest in open.into_rest() {
            classes.close(&rest, &mut keeper);
        }
        let (mut sifted, alone) = keeper.finish();
        sifted.tallies = classes.into_tallies(alone);
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
            None => self.judge_alone(place, shape, in_head),
        }
        self.keeper.note(place.number);
    }

    /// A line that names no client is a class by itself.
    fn judge_alone(&mut self, place: Place<'_>, shape: u64, in_head: bool) {
        let (number, line) = (place.number, place.line);
        let new = self.classes.is_new(shape) && self.keeper.has_room();
        if new {
            let item = self.keeper.start_item(shape);
            self.keeper.keep(item, number, line);
            self.keep_around(item, place);
        } else if in_head {
            self.keeper.keep_in_head(place);
        }
        let tally = self.classes.tally(shape, false);
        tally.seen = tally.seen.saturating_add(1);
        if self.keeper.keeps(number) {
            self.keeper.note_alone(number, shape);
        } else {
            tally.set_last(line);
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

    fn judge_connection(&mut self, place: Place<'_>, client: u64, shape: u64, in_head: bool) {
        let (number, line) = (place.number, place.line);
        let step = self.open.of(client).map(|known| (known.step(shape), known));
        match step {
            Some((Step::Again, known)) => {
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
            Some((Step::Restart, known)) => {
                self.classes.close(known, &mut self.keeper);
                self.open.start(client, number);
            }
            Some((Step::Onward, _)) => {}
            None => {
                if let Some(oldest) = self.open.oldest_if_full() {
                    self.classes.close(oldest, &mut self.keeper);
                }
                self.open.start(client, number);
            }
        }
        let Some(known) = self.open.of(client) else {
            return;
        };
        known.advance(shape);
        let new = self.classes.is_new(known.class) && self.keeper.has_room();
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

/// How often each class was seen.
#[derive(Debug, Default)]
struct Classes {
    counts: HashMap<u64, u32, Spread>,
    tallies: HashMap<u64, Tally, Spread>,
    /// The classes of the tallies, in the order in which they were begun.
    order: Vec<u64>,
}

impl Classes {
    /// Counts a class; whether it is new still.
    fn is_new(&mut self, class: u64) -> bool {
        if let Some(count) = self.counts.get_mut(&class) {
            *count = count.saturating_add(1);
            return *count <= COPIES;
        }
        let room = self.counts.len() < MAX_CLASSES;
        if room {
            self.counts.insert(class, 1);
        }
        room
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

    /// Counts a connection that goes on no more. It is an example of its class if all its lines are kept; else
    /// what stands of it beside something new is a part, since half a connection would look like one that
    /// failed.
    fn close(&mut self, known: &Conversation, keeper: &mut Keeper<'_>) {
        let tally = self.tally(known.class, true);
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

    fn into_tallies(self, alone: BTreeMap<u64, u64>) -> Vec<(u64, Tally)> {
        let mut tallies = self.tallies;
        for (number, class) in alone {
            if let Some(tally) = tallies.get_mut(&class) {
                tally.examples.push(vec![number]);
            }
        }
        let in_order = self.order.into_iter();
        in_order
            .filter_map(|class| Some((class, tallies.remove(&class)?)))
            .collect()
    }
}
