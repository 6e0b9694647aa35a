//! Tables that tell whether a text holds a match, and where the first one begins: a few instructions for each
//! byte, and nothing to unpack. Where a match ends, and what its groups hold, they cannot tell. How they are
//! made stands in [`super::minimal`].

use serde::{Deserialize, Serialize};

/// A search from every place may walk so many bytes for each byte of the text; one that would need more is
/// given up, and left to an automaton that never walks twice.
const MOST_STEPS: usize = 8;

/// A minimal deterministic automaton, as it is stored. It ends where a match is certain or none is left.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Dfa<'t> {
    /// The states to begin in, by what stands before: [`Before`].
    pub(super) starts: [u16; Before::COUNT],
    /// Which column of a row each byte stands for.
    pub(super) columns: &'t [u8],
    /// How many columns a row has. The last is for the text's end.
    pub(super) width: usize,
    /// Whether a cell has two bytes, the low one first.
    pub(super) wide: bool,
    /// A row of cells for each state. A cell is the next state, or one of [`Ends`].
    pub(super) rows: &'t [u8],
}

/// What stands before the place where a search begins, as far as expressions ask.
#[derive(Debug, Clone, Copy)]
pub(super) enum Before {
    Nothing,
    Word,
    Other,
    LineFeed,
    CarriageReturn,
}

impl Before {
    pub(super) const COUNT: usize = 5;

    /// A byte of each kind, in their order.
    #[cfg_attr(not(test), allow(dead_code, reason = "the build and the tests use it"))]
    pub(super) const BYTES: [Option<u8>; Self::COUNT] =
        [None, Some(b'a'), Some(b' '), Some(b'\n'), Some(b'\r')];

    fn of(byte: Option<u8>) -> Self {
        match byte {
            None => Self::Nothing,
            Some(b'\n') => Self::LineFeed,
            Some(b'\r') => Self::CarriageReturn,
            Some(b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z') => Self::Word,
            Some(_) => Self::Other,
        }
    }
}

/// What cells hold where the search ends: numbers above those of all states.
pub(super) trait Ends {
    const MATCH: Self;
    const NONE: Self;
}

impl Ends for u8 {
    const MATCH: Self = Self::MAX - 1;
    const NONE: Self = Self::MAX;
}

impl Ends for u16 {
    const MATCH: Self = Self::MAX - 1;
    const NONE: Self = Self::MAX;
}

/// Where the first match of a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstStart {
    At(usize),
    /// It holds none.
    Nowhere,
    /// To tell would take long, or the table is broken.
    Unknown,
}

/// What a walk found, after how many bytes.
struct Walk {
    is_match: bool,
    steps: usize,
}

impl Dfa<'_> {
    /// Whether a text holds a match, if the table looks for one at every place; `None` where it is broken.
    pub(crate) fn is_match(&self, text: &str) -> Option<bool> {
        Some(self.walk(Before::Nothing, text.as_bytes())?.is_match)
    }

    /// Where the first match begins, at `at` or behind it, if the table looks for one at one place alone.
    pub(crate) fn first_start(&self, bytes: &[u8], at: usize) -> FirstStart {
        self.find_start(bytes, at).unwrap_or(FirstStart::Unknown)
    }

    fn find_start(&self, bytes: &[u8], at: usize) -> Option<FirstStart> {
        let mut left = bytes.len().saturating_mul(MOST_STEPS);
        let mut before = at.checked_sub(1).and_then(|it| bytes.get(it)).copied();
        for place in at..=bytes.len() {
            let rest = bytes.get(place..)?;
            let walk = self.walk(Before::of(before), rest)?;
            if walk.is_match {
                return Some(FirstStart::At(place));
            }
            left = left.checked_sub(walk.steps)?;
            before = rest.first().copied();
        }
        Some(FirstStart::Nowhere)
    }

    fn walk(&self, before: Before, bytes: &[u8]) -> Option<Walk> {
        let start = usize::from(*self.starts.get(before as usize)?);
        if self.wide {
            let cells: &[[u8; 2]] = self.rows.as_chunks().0;
            let cell = |place| cells.get(place).copied().map(u16::from_le_bytes);
            self.walk_cells(start, bytes, cell)
        } else {
            self.walk_cells(start, bytes, |place| self.rows.get(place).copied())
        }
    }

    fn walk_cells<C>(
        &self,
        start: usize,
        bytes: &[u8],
        cell: impl Fn(usize) -> Option<C>,
    ) -> Option<Walk>
    where
        C: Ends + Copy + PartialEq + PartialOrd + Into<usize>,
    {
        let mut row = start.checked_mul(self.width)?;
        for (steps, byte) in bytes.iter().enumerate() {
            let column = usize::from(*self.columns.get(usize::from(*byte))?);
            let next = cell(row.checked_add(column)?)?;
            if next >= C::MATCH {
                let is_match = next != C::NONE;
                return Some(Walk { is_match, steps });
            }
            row = next.into().checked_mul(self.width)?;
        }
        let end = cell(row.checked_add(self.width)?.checked_sub(1)?)?;
        Some(Walk {
            is_match: end == C::MATCH,
            steps: bytes.len(),
        })
    }
}
