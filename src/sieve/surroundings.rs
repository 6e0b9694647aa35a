//! The lines around a new one: what may explain it and bears no mark of its own.
//!
//! The next lines are kept whatever they say, and records are kept whole: an exception without its frames could
//! be anybody's. Further away a line is kept if it bears a mark, or if lines like it are rare beside new ones: what an application says of a
//! connection in words of its own stands among queries and requests of which there are always more.

use super::marks::Marks;
use super::shape::Shape;
use super::sight::Block;
use super::templates::Templates;
use memchr::{memchr, memchr_iter, memrchr};
use std::cell::OnceCell;
use std::collections::HashMap;

/// How far is looked back for the beginning of what a line belongs to, and ahead for its end, in bytes.
const LOOK_BACK_BYTES: usize = 16 * 1024;
const LOOK_AHEAD_BYTES: usize = 64 * 1024;
/// Lines with a mark kept on each side of a new one: what else happened then.
const MARKED: usize = 8;
/// Lines without a mark kept on each side of a new one, whatever they say.
const NEXT: usize = 2;
/// Lines without a mark looked at on each side of a new one, and how many of each kind are kept.
const BESIDE: usize = 24;
const ALIKE: u32 = 6;
/// Kinds of line without a mark that are told apart.
const MOST_KINDS: usize = 1024;
/// Further lines of one record (a traceback, an object over several lines) kept behind it, and as many of all
/// records around it.
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

/// Lines without a mark that were kept beside new ones: so many of each kind.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    kinds: Templates<'static>,
    kept: HashMap<u64, u32, super::Spread>,
}

impl Neighbours {
    /// Whether a line is one of the first of its kind; counts it.
    fn is_rare(&mut self, line: &[u8]) -> bool {
        let Some(kind) = self.kinds.class(Shape::of(line).hash, line) else {
            return false;
        };
        if self.kept.len() >= MOST_KINDS && !self.kept.contains_key(&kind) {
            return false;
        }
        let kept = self.kept.entry(kind).or_default();
        *kept = kept.saturating_add(1);
        *kept <= ALIKE
    }
}

/// Of the lines before a new one, nearest first, those to keep, each with its number: the next ones, the
/// record that it goes on with, rare ones and those with a mark. `is_kept` tells of lines kept already.
pub(super) fn wanted<'a>(
    before: impl Iterator<Item = &'a [u8]>,
    number: u64,
    marks: &Marks,
    neighbours: &mut Neighbours,
    is_kept: impl Fn(u64) -> bool,
) -> Vec<(u64, &'a [u8])> {
    // Whether the line behind is kept, and whether it goes on with the one that is looked at.
    let (mut behind_is_kept, mut behind_goes_on) = (true, true);
    let (mut marked, mut further, mut beside) = (MARKED, MOST_FURTHER, 0_usize);
    let mut wanted = Vec::new();
    for (line, number) in before.zip((1..number).rev()) {
        let goes_on = goes_on(line);
        let of_record = behind_is_kept && (goes_on || behind_goes_on);
        let keeps = if marks.are_in(line) && marked > 0 {
            marked = marked.saturating_sub(1);
            true
        } else if of_record {
            if further == 0 {
                break;
            }
            further = further.saturating_sub(1);
            true
        } else if marked == 0 {
            break;
        } else {
            beside = beside.saturating_add(1);
            beside <= NEXT
                || beside <= BESIDE && !goes_on && (is_kept(number) || neighbours.is_rare(line))
        };
        (behind_is_kept, behind_goes_on) = (keeps, goes_on);
        if keeps {
            wanted.push((number, line));
        }
    }
    wanted
}

/// A line behind new ones.
#[derive(Debug)]
pub(super) struct Passed<'a> {
    line: &'a [u8],
    has_mark: bool,
    /// Whether it is kept already.
    pub(super) is_kept: bool,
    /// Looked at where it matters, and once.
    goes_on: OnceCell<bool>,
}

impl<'a> Passed<'a> {
    pub(super) fn new(line: &'a [u8], has_mark: bool, is_kept: bool) -> Self {
        Self {
            line,
            has_mark,
            is_kept,
            goes_on: OnceCell::new(),
        }
    }

    fn goes_on(&self) -> bool {
        *self.goes_on.get_or_init(|| goes_on(self.line))
    }
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
    /// Whether the record is still the new one's own.
    own: bool,
}

impl Following {
    pub(super) fn new(item: usize) -> Self {
        Self {
            item,
            beside: 0,
            further: MOST_FURTHER,
            marked: MARKED,
            bytes: LOOK_AHEAD_BYTES,
            in_record: true,
            own: true,
        }
    }

    /// Behind one of the first lines with a mark, where all others with a mark are kept in any case.
    pub(super) fn in_head(item: usize) -> Self {
        Self {
            beside: NEXT,
            marked: 1,
            ..Self::new(item)
        }
    }

    /// What is done with the next line.
    pub(super) fn next(&mut self, passed: &Passed<'_>, neighbours: &mut Neighbours) -> Next {
        self.bytes = self.bytes.saturating_sub(passed.line.len());
        if self.bytes == 0 {
            return Next::End;
        }
        let keeps = if passed.has_mark && self.marked > 0 {
            self.marked = self.marked.saturating_sub(1);
            true
        } else if self.in_record {
            // The rest of a record, and the foot of a traceback: the exception.
            if self.further == 0 {
                return Next::End;
            }
            self.further = self.further.saturating_sub(1);
            true
        } else if self.marked == 0 {
            return Next::End;
        } else if self.beside > BESIDE {
            return Next::PassOver;
        } else {
            self.beside = self.beside.saturating_add(1);
            self.beside <= NEXT
                || self.beside <= BESIDE
                    && !passed.goes_on()
                    && (passed.is_kept || neighbours.is_rare(passed.line))
        };
        self.in_record = keeps && passed.goes_on();
        if self.own && !passed.goes_on() {
            self.own = false;
            self.further = MOST_FURTHER;
        }
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
    let behind_unit = || {
        let ends = memchr_iter(b']', start).map(|end| end.saturating_add(1));
        let mut unit_ends = ends.filter(|end| {
            start
                .get(*end..)
                .is_some_and(|rest| rest.starts_with(b": "))
        });
        unit_ends.next().map(|end| end.saturating_add(2))
    };
    let inner = behind_bar
        .or_else(behind_unit)
        .and_then(|from| line.get(from..));
    inner.unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block {
            bytes: text.as_bytes().to_vec().into(),
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
    fn what_is_rare_beside_new_lines_is_kept() {
        let marks = Marks::built_in().unwrap();
        let mut neighbours = Neighbours::default();
        let mut kept = |rare: &str| {
            let noise = (0..15).map(|at| format!("SELECT {at} FROM seats"));
            let lines: Vec<String> = noise.chain([rare.to_owned(), "a".to_owned()]).collect();
            let before = lines.iter().rev().map(String::as_bytes);
            let wanted = wanted(before, 18, &marks, &mut neighbours, |_| false);
            let numbers: Vec<u64> = wanted.iter().map(|(number, _)| *number).collect();
            numbers
        };
        assert!(kept("pass has run out").contains(&16));
        // Queries have become too many by now.
        assert_eq!(kept("the gate is shut"), [17, 16, 15]);
        assert!(kept("let in 7").contains(&16));
    }

    #[test]
    fn a_record_is_kept_to_its_foot() {
        let mut neighbours = Neighbours::default();
        let mut following = Following::new(0);
        let traceback = (0..50).map(|_| "  File \"a.py\", line 1, in f");
        let lines = traceback.chain(["KeyError: 'x'"]).chain(["noise"; 20]);
        let kept = lines.filter(|line| {
            let passed = Passed::new(line.as_bytes(), false, false);
            following.next(&passed, &mut neighbours) == Next::Keep
        });
        assert_eq!(kept.count(), 51 + NEXT + ALIKE as usize);
        assert!(goes_on(b"web-1  |   File \"a.py\", line 1, in f"));
        assert!(goes_on(b"Nov 20 10:00:00 host daphne[7]:     raise x"));
        assert!(!goes_on(b"web-1  | INFO x"));
    }
}
