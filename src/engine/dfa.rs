//! A table that tells whether a text holds a match, a few instructions for each byte and nothing to unpack.
//! Where the match stands, and what its groups hold, it cannot tell. How it is made stands in
//! [`super::minimal`].

use serde::{Deserialize, Serialize};

/// A minimal deterministic automaton, as it is stored. Its first state is that at a text's beginning; it ends
/// where a match is certain or none is left.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Dfa<'t> {
    /// Which column of a row each byte stands for.
    pub(super) columns: &'t [u8],
    /// How many columns a row has. The last is for the text's end.
    pub(super) width: usize,
    /// Whether a cell has two bytes, the low one first.
    pub(super) wide: bool,
    /// A row of cells for each state. A cell is the next state, or one of [`Ends`].
    pub(super) rows: &'t [u8],
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

impl Dfa<'_> {
    /// Whether a text holds a match; `None` where the table is broken.
    pub(crate) fn is_match(&self, text: &str) -> Option<bool> {
        if self.wide {
            let cells: &[[u8; 2]] = self.rows.as_chunks().0;
            self.walk(text, |place| {
                cells.get(place).copied().map(u16::from_le_bytes)
            })
        } else {
            self.walk(text, |place| self.rows.get(place).copied())
        }
    }

    fn walk<C>(&self, text: &str, cell: impl Fn(usize) -> Option<C>) -> Option<bool>
    where
        C: Ends + Copy + PartialEq + PartialOrd + Into<usize>,
    {
        let mut row = 0_usize;
        for byte in text.bytes() {
            let column = usize::from(*self.columns.get(usize::from(byte))?);
            let next = cell(row.checked_add(column)?)?;
            if next >= C::MATCH {
                return Some(next != C::NONE);
            }
            row = next.into().checked_mul(self.width)?;
        }
        let end = cell(row.checked_add(self.width)?.checked_sub(1)?)?;
        Some(end == C::MATCH)
    }
}
