//! Signals by name. Rules ask for hundreds of names, of which few are held: most are told apart by one bit.

use crate::event::EventId;
use std::collections::BTreeMap;

/// The events that show each signal, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    events: BTreeMap<String, Vec<EventId>>,
    sketch: Sketch,
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        self.events == other.events
    }
}

impl Eq for Held {}

impl Held {
    /// The events of a signal, to add to; `None` where it is not held.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Vec<EventId>> {
        self.sketch
            .may_have(name)
            .then(|| self.events.get_mut(name))
            .flatten()
    }

    pub(super) fn insert(&mut self, name: String, events: Vec<EventId>) {
        self.sketch.add(&name);
        self.events.insert(name, events);
    }

    pub(super) fn get(&self, name: &str) -> Option<&Vec<EventId>> {
        self.sketch
            .may_have(name)
            .then(|| self.events.get(name))
            .flatten()
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.events.remove(name);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Vec<EventId>)> {
        self.events.iter()
    }
}

/// A bit for each of a few names; two may share one, and what is removed leaves its bit.
#[derive(Debug, Clone, Default)]
struct Sketch([u64; 4]);

impl Sketch {
    fn add(&mut self, name: &str) {
        let (word, bit) = place(name);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether a name may have been added.
    fn may_have(&self, name: &str) -> bool {
        let (word, bit) = place(name);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The bit of a name, by its length and its end, where names differ most.
fn place(name: &str) -> (usize, u64) {
    let end = name.as_bytes().last_chunk().copied();
    let end = end.unwrap_or_else(|| {
        let mut short = [0; size_of::<u64>()];
        for (to, from) in short.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        short
    });
    let key = u64::from_le_bytes(end).wrapping_add(name.len() as u64);
    // Fibonacci hashing: the high bits of the product depend on all of the key.
    let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - u8::BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_held_is_found_and_no_other() {
        let names: Vec<String> = (0..400).map(|number| format!("{number}=x")).collect();
        let (held_names, others) = names.split_at(200);
        let mut held = Held::default();
        for name in held_names {
            held.insert(name.clone(), Vec::new());
        }
        assert!(held_names.iter().all(|name| held.get(name).is_some()));
        assert!(others.iter().all(|name| held.get(name).is_none()));
    }

    #[test]
    fn what_was_removed_makes_no_difference() {
        let mut held = Held::default();
        held.insert("token-expired".to_owned(), Vec::new());
        held.remove("token-expired");
        assert!(held.get("token-expired").is_none() && held == Held::default());
    }
}
