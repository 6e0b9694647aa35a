//! The shapes of lines that come again word for word: to find those that are known takes a tenth of the time.
//!
//! Half of the lines of a busy log may be such: `Initial message sent`, behind a stamp that is not looked at.

use super::hash::hash_of;
use super::shape::{Shape, behind_stamp};

/// Lines that are remembered, each at a place of its own: as many as a core's nearest cache holds.
const PLACES: usize = 512;
/// Bytes behind the stamp up to which a line is remembered. Longer ones are rarely repeated.
const LONGEST: usize = 160;

/// Lines that were seen last.
#[derive(Debug)]
pub(super) struct Repeats(Vec<Repeat>);

#[derive(Debug, Clone, Copy, Default)]
struct Repeat {
    /// A hash of what stands behind the stamp.
    said: u64,
    shape: Shape,
}

impl Default for Repeats {
    fn default() -> Self {
        Self(vec![Repeat::default(); PLACES])
    }
}

impl Repeats {
    /// The shape of a line. What bears no stamp that could be left off is not remembered.
    #[inline]
    pub(super) fn shape(&mut self, line: &[u8]) -> Shape {
        match behind_stamp(line) {
            Some(said) if said.len() <= LONGEST => self.shape_of_said(said),
            _ => Shape::of(line),
        }
    }

    fn shape_of_said(&mut self, said: &[u8]) -> Shape {
        let hash = hash_of(said);
        // The product behind a hash spreads its upper bits best.
        let place = usize::try_from(hash >> 32).unwrap_or_default() % PLACES;
        let Some(repeat) = self.0.get_mut(place) else {
            return Shape::of_said(said);
        };
        if repeat.said != hash {
            *repeat = Repeat {
                said: hash,
                shape: Shape::of_said(said),
            };
        }
        repeat.shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_shape_however_often_it_comes() {
        let mut repeats = Repeats::default();
        for round in 0..3 {
            for number in 0..2 * PLACES {
                let line = format!(
                    "2026-11-20 10:00:0{round},{number} INFO room {number} of 10.0.0.7:{}",
                    10_000 + number
                );
                let shape = Shape::of(line.as_bytes());
                assert_eq!(repeats.shape(line.as_bytes()), shape);
                assert!(shape.client.is_some());
            }
        }
        let long = format!("2026-11-20 10:00:00 {}", "word ".repeat(LONGEST));
        for line in ["", "no stamp", "2026-11-20 10:00:00", &long] {
            assert_eq!(repeats.shape(line.as_bytes()), Shape::of(line.as_bytes()));
        }
    }
}
