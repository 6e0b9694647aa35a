//! One block of lines, and which of them have a mark: the part of the work that many cores share.

use super::marks::Marks;
use super::repeats::Repeats;
use super::shape::Shape;
use super::supply::Bytes;
use memchr::{memchr, memchr_iter};
use std::ops::Range;

/// Whole lines, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) bytes: Bytes,
    /// The lines with a mark, in order.
    pub(super) hits: Vec<Hit>,
    /// How many lines it has.
    pub(super) lines: u64,
}

/// A line with a mark.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// Its bytes in the block, without line ending.
    pub(super) range: Range<usize>,
    /// How many lines of the block stand before it.
    pub(super) index: u64,
    pub(super) shape: Shape,
}

impl Block {
    /// Finds the lines with a mark, and counts all. A block that is torn meanwhile has none.
    pub(super) fn look(&mut self, marks: &Marks, repeats: &mut Repeats) {
        self.find(marks, repeats);
        if self.bytes.are_torn() {
            *self = Self::default();
        }
    }

    fn find(&mut self, marks: &Marks, repeats: &mut Repeats) {
        self.hits.clear();
        let bytes: &[u8] = &self.bytes;
        let mut counted = 0;
        let mut index = 0_u64;
        for range in marks.lines(bytes) {
            let passed = newlines(bytes.get(counted..range.start).unwrap_or_default());
            index = index.saturating_add(passed);
            let line = bytes.get(range.clone()).unwrap_or_default();
            let shape = repeats.shape(line);
            counted = range.end;
            self.hits.push(Hit {
                range,
                index,
                shape,
            });
            // Most lines with a mark follow one another: nothing is to be counted between them.
            if counted < bytes.len() {
                counted = counted.saturating_add(1);
                index = index.saturating_add(1);
            }
        }
        let unfinished = bytes.last().is_some_and(|byte| *byte != b'\n');
        let rest = newlines(bytes.get(counted..).unwrap_or_default());
        self.lines = index
            .saturating_add(rest)
            .saturating_add(u64::from(unfinished));
    }

    /// The lines from a byte on, without line ending.
    pub(super) fn lines_from(&self, start: usize) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.bytes.get(start..).unwrap_or_default();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..end);
            rest = rest.get(end.saturating_add(1)..).unwrap_or_default();
            line
        })
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    if bytes.is_empty() {
        return 0;
    }
    u64::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}
