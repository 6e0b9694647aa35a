//! The lines around a new one: what may explain it and bears no mark of its own.

use super::marks::Marks;
use super::sight::Block;
use memchr::{memchr, memrchr};

/// How far is looked back for the beginning of what a line belongs to, and ahead for its end, in bytes.
const LOOK_BACK_BYTES: usize = 16 * 1024;
const LOOK_AHEAD_BYTES: usize = 64 * 1024;
/// Lines with a mark kept on each side of a new one: what else happened then.
const MARKED: usize = 32;
/// Lines kept on each side of a new one.
const BESIDE: usize = 6;
/// Further lines of one record (a traceback, an object over several lines) kept behind it.
const MOST_FURTHER: usize = 256;
/// What a container or a unit puts before a line is no longer than this, in bytes.
const LONGEST_WRAPPER: usize = 64;

/// The last bytes before the current block.
#[derive(Debug, Default)]
pub(super) struct Behind {
    bytes: Vec<u8>,
    /// Whether older bytes were let go.
    cut: bool,
}

impl Behind {
    /// Leaves a block behind.
    pub(super) fn pass(&mut self, block: &Block) {
        let recent = last(&block.bytes, LOOK_BACK_BYTES);
        self.cut |= recent.len() < block.bytes.len();
        self.bytes.extend_from_slice(recent);
        let excess = self.bytes.len().saturating_sub(LOOK_BACK_BYTES);
        self.cut |= excess > 0;
        self.bytes.drain(..excess);
    }

    /// The lines before a place in a block, the nearest first: those that begin, with the end of the
    /// line before them, within the bytes that are looked back. So it does not matter where blocks end.
    pub(super) fn before<'a>(
        &'a self,
        block: &'a Block,
        place: usize,
    ) -> impl Iterator<Item = &'a [u8]> {
        let all = block.bytes.get(..place).unwrap_or_default();
        let near = last(all, LOOK_BACK_BYTES);
        let room = LOOK_BACK_BYTES.saturating_sub(near.len());
        let far = if near.len() < all.len() {
            &[]
        } else {
            last(&self.bytes, room)
        };
        let far_is_whole = far.len() == self.bytes.len() && !self.cut;
        let near_is_whole = near.len() == all.len() && (!far.is_empty() || far_is_whole);
        let near = Backward {
            rest: near,
            first: near_is_whole,
        };
        near.chain(Backward {
            rest: far,
            first: far_is_whole,
        })
    }

    /// The lines that were passed, the last first.
    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        Backward {
            rest: &self.bytes,
            first: !self.cut,
        }
    }
}

/// Lines from the last to the first.
struct Backward<'a> {
    rest: &'a [u8],
    /// Whether the first of them begins where the bytes do.
    first: bool,
}

impl<'a> Iterator for Backward<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let body = self.rest.strip_suffix(b"\n").unwrap_or(self.rest);
        if let Some(end) = memrchr(b'\n', body) {
            let (rest, line) = body.split_at_checked(end.saturating_add(1))?;
            self.rest = rest;
            return Some(line);
        }
        self.rest = &[];
        self.first.then_some(body)
    }
}

fn last(bytes: &[u8], most: usize) -> &[u8] {
    let start = bytes.len().saturating_sub(most);
    bytes.get(start..).unwrap_or_default()
}

/// Of the lines before a new one, nearest first, those to keep, each with its number: the next ones, the
/// record that it goes on with, and those with a mark.
pub(super) fn wanted<'a>(
    before: impl Iterator<Item = &'a [u8]>,
    number: u64,
    marks: &Marks,
) -> Vec<(u64, &'a [u8])> {
    let mut in_record = true;
    let mut marked = MARKED;
    let numbers = (1..number).rev();
    before
        .zip(numbers)
        .enumerate()
        .take_while(|(index, (line, _))| {
            marked = marked.saturating_sub(usize::from(marks.are_in(line)));
            *index < BESIDE || marked > 0
        })
        .filter(|(index, (line, _))| {
            let kept = in_record || *index < BESIDE || marks.are_in(line);
            in_record &= goes_on(line);
            kept
        })
        .map(|(_, (line, number))| (number, line))
        .collect()
}

/// What is done with a line behind a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Keep,
    PassOver,
    End,
}

/// Lines behind a new one, and how many more of them are kept.
#[derive(Debug)]
pub(super) struct Following {
    pub(super) item: usize,
    beside: usize,
    further: usize,
    marked: usize,
    bytes: usize,
    in_record: bool,
}

impl Following {
    pub(super) fn new(item: usize) -> Self {
        Self {
            item,
            beside: BESIDE,
            further: MOST_FURTHER,
            marked: MARKED,
            bytes: LOOK_AHEAD_BYTES,
            in_record: true,
        }
    }

    /// What is done with the next line.
    pub(super) fn next(&mut self, line: &[u8], marks: &Marks) -> Next {
        self.bytes = self.bytes.saturating_sub(line.len());
        if self.bytes == 0 || self.marked == 0 {
            return Next::End;
        }
        let goes_on = goes_on(line);
        let budget = if marks.are_in(line) {
            &mut self.marked
        } else if self.in_record {
            // The rest of a record, and the foot of a traceback: the exception.
            &mut self.further
        } else {
            &mut self.beside
        };
        let keeps = *budget > 0;
        *budget = budget.saturating_sub(1);
        self.in_record = keeps && goes_on;
        if keeps { Next::Keep } else { Next::PassOver }
    }
}

/// Whether a line is of one record with the line before it, as tracebacks and printed objects are.
fn goes_on(line: &[u8]) -> bool {
    const STARTS: [&[u8]; 5] = [
        b" ",
        b"\t",
        b"Traceback (most recent",
        b"During handling of",
        b"The above exception",
    ];
    let text = unwrapped(line);
    text.trim_ascii().is_empty() || STARTS.iter().any(|start| text.starts_with(start))
}

/// A line without what docker compose (`web-1  | `) or journald (`daphne[7]: `) put before it.
fn unwrapped(line: &[u8]) -> &[u8] {
    let start = line.get(..LONGEST_WRAPPER).unwrap_or(line);
    let behind_bar = memchr(b'|', start).map(|bar| bar.saturating_add(2));
    let behind_unit = start
        .windows(3)
        .position(|end| end == b"]: ")
        .map(|end| end.saturating_add(3));
    let inner = behind_bar.or(behind_unit).and_then(|from| line.get(from..));
    inner.unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block {
            bytes: text.as_bytes().to_vec(),
            ..Block::default()
        }
    }

    #[test]
    fn where_blocks_end_does_not_matter() {
        let lines: Vec<String> = (0..3000).map(|at| format!("line {at}\n")).collect();
        let whole = block(&lines.concat());
        let place = lines.iter().take(2500).map(String::len).sum();
        let behind = Behind::default();
        let expected: Vec<&[u8]> = behind.before(&whole, place).collect();
        assert!(expected.len() > 1000 && expected.len() < 2500);
        for border in [1, 900, 2400, 2499] {
            let mut behind = Behind::default();
            behind.pass(&block(&lines[..border].concat()));
            let rest = block(&lines[border..].concat());
            let place = lines[border..2500].iter().map(String::len).sum();
            let found: Vec<&[u8]> = behind.before(&rest, place).collect();
            assert_eq!(found, expected, "{border}");
        }
    }

    #[test]
    fn a_record_is_kept_to_its_foot() {
        let marks = Marks::with(&[]).unwrap();
        let mut following = Following::new(0);
        let traceback = (0..50).map(|_| "  File \"a.py\", line 1, in f");
        let lines = traceback.chain(["KeyError: 'x'"]).chain(["noise"; 20]);
        let kept = lines.filter(|line| following.next(line.as_bytes(), &marks) == Next::Keep);
        assert_eq!(kept.count(), 51 + BESIDE);
        assert!(goes_on(b"web-1  |   File \"a.py\", line 1, in f"));
        assert!(goes_on(b"Nov 20 10:00:00 host daphne[7]:     raise x"));
        assert!(!goes_on(b"web-1  | INFO x"));
    }
}
