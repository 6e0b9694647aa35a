//! What one connection has said so far, as far as its client's address tells its lines.

use super::Spread;
use super::hash::mix;
use std::collections::HashMap;

/// Connections followed at once, by client address. The oldest is given up for a new one.
pub const MAX_OPEN: usize = 1 << 13;

/// Kinds of line that make the class of a connection. Further ones are left out of account.
const MOST_SHAPES: usize = 12;
/// Bytes of text held of a connection that shows nothing new yet. With the rest of what is known of it:
/// less than 1 KiB.
const HELD_BYTES: usize = 640;
/// Lines held of it.
const HELD_LINES: usize = 8;
/// Repeated lines kept of one connection that is kept.
const REPEATS: u8 = 4;

/// What a further line does to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Its first line again: another connection from the same address.
    Restart,
    /// The connection goes on in a way that its class tells.
    Onward,
    /// Nothing that it has not said before, or more than is followed.
    Again,
}

/// One connection.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    /// The client's address and port, hashed.
    client: u64,
    /// The shapes of its lines, each once, in order: what it has in common with others like it.
    pub(super) class: u64,
    /// The number of its first line.
    pub(super) first: u64,
    /// The item that keeps it, if one does.
    pub(super) item: Option<usize>,
    repeats: u8,
    shapes: Few<u32, MOST_SHAPES>,
    held: Vec<u8>,
    /// Whether it had lines that there was no room to hold.
    overfull: bool,
    /// The held lines: how far behind the first, and where the text ends.
    lines: Few<(u32, u16), HELD_LINES>,
}

/// A short list without a place of its own on the heap: there is one for every open connection.
#[derive(Debug, Clone, Copy)]
struct Few<T, const MOST: usize> {
    items: [T; MOST],
    count: u8,
}

impl<T: Copy + Default, const MOST: usize> Default for Few<T, MOST> {
    fn default() -> Self {
        Self {
            items: [T::default(); MOST],
            count: 0,
        }
    }
}

impl<T, const MOST: usize> Few<T, MOST> {
    fn all(&self) -> &[T] {
        self.items
            .get(..usize::from(self.count))
            .unwrap_or_default()
    }

    /// Adds one more, if there is room.
    fn push(&mut self, item: T) -> bool {
        let Some(free) = self.items.get_mut(usize::from(self.count)) else {
            return false;
        };
        *free = item;
        self.count = self.count.saturating_add(1);
        true
    }
}

impl Conversation {
    /// What a line of this shape does to it.
    pub(super) fn step(&self, shape: u64) -> Step {
        let shape = short(shape);
        let known = self.shapes.all();
        if known.first() == Some(&shape) {
            Step::Restart
        } else if known.contains(&shape) || known.len() >= MOST_SHAPES {
            Step::Again
        } else {
            Step::Onward
        }
    }

    /// Goes on with a line of a shape that it has not had.
    pub(super) fn advance(&mut self, shape: u64) {
        self.shapes.push(short(shape));
        self.class = mix(self.class, shape);
    }

    /// Whether one more repeated line is kept.
    pub(super) fn keeps_repeat(&mut self) -> bool {
        self.repeats = self.repeats.saturating_add(1);
        self.item.is_some() && self.repeats <= REPEATS
    }

    /// Holds a line, in case something new follows. Of one that is kept the number is enough.
    pub(super) fn hold(&mut self, number: u64, line: &[u8]) {
        let line = if self.item.is_some() { &[] } else { line };
        let length = self.held.len().saturating_add(line.len());
        if length <= HELD_BYTES
            && let Ok(end) = u16::try_from(length)
            && let Ok(behind) = u32::try_from(number.saturating_sub(self.first))
            && self.lines.push((behind, end))
        {
            self.held.reserve_exact(line.len());
            self.held.extend_from_slice(line);
        } else {
            self.overfull = true;
        }
    }

    /// Whether all that it said is held.
    pub(super) fn is_held_whole(&self) -> bool {
        !self.overfull && self.repeats == 0
    }

    /// The numbers of the lines that it has held.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> + '_ {
        let lines = self.lines.all().iter();
        lines.map(|(behind, _)| self.first.saturating_add(u64::from(*behind)))
    }

    /// The held lines, each with its number.
    pub(super) fn held(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let ends = self.lines.all().iter();
        let starts = std::iter::once(0).chain(ends.clone().map(|(_, end)| usize::from(*end)));
        let texts = ends.zip(starts);
        self.numbers()
            .zip(texts)
            .filter_map(|(number, ((_, end), start))| {
                Some((number, self.held.get(start..usize::from(*end))?))
            })
    }

    /// Becomes another connection, in the same place in memory.
    pub(super) fn restart(&mut self, client: u64, first: u64) {
        self.client = client;
        self.class = 0;
        self.first = first;
        self.item = None;
        self.repeats = 0;
        self.overfull = false;
        self.shapes.count = 0;
        self.lines.count = 0;
        self.held.clear();
    }
}

fn short(shape: u64) -> u32 {
    u32::try_from(shape >> 32).unwrap_or_default()
}

/// The connections that may still go on.
#[derive(Debug, Default)]
pub(super) struct Conversations {
    by_client: HashMap<u64, usize, Spread>,
    slots: Vec<Conversation>,
    /// The slot whose connection is given up next.
    hand: usize,
}

impl Conversations {
    /// Where a client's connection is.
    pub(super) fn place(&self, client: u64) -> Option<usize> {
        self.by_client.get(&client).copied()
    }

    pub(super) fn at(&mut self, place: usize) -> Option<&mut Conversation> {
        self.slots.get_mut(place)
    }

    /// Makes room for a new one: the one that has to go for it, if one has.
    pub(super) fn oldest_if_full(&self) -> Option<&Conversation> {
        (self.slots.len() >= MAX_OPEN).then(|| self.slots.get(self.hand))?
    }

    /// Starts a client's connection, in the place of the oldest if there are too many. Gives the place.
    pub(super) fn start(&mut self, client: u64, first: u64) -> usize {
        let mut slot = self.slots.len();
        if slot < MAX_OPEN {
            self.slots.push(Conversation::default());
        } else {
            slot = self.hand;
            self.hand = self.hand.saturating_add(1);
            if self.hand >= self.slots.len() {
                self.hand = 0;
            }
        }
        if let Some(started) = self.slots.get_mut(slot) {
            self.by_client.remove(&started.client);
            started.restart(client, first);
        }
        self.by_client.insert(client, slot);
        slot
    }

    /// All that never ended, by place.
    pub(super) fn into_rest(self) -> Vec<Conversation> {
        self.slots
    }
}
