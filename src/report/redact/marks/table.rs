//! A table that finds every word of a list in one pass over a text. The build makes it.

use serde::{Deserialize, Serialize};

/// An automaton (Aho and Corasick's) as it is stored. Its first state is that at a text's beginning.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WordTable<'t> {
    /// Which column of a row each byte stands for.
    pub(crate) columns: &'t [u8],
    /// How many columns a row has.
    pub(crate) width: usize,
    /// A row for each state: the next state for each column, two bytes, the low one first.
    pub(crate) rows: &'t [u8],
    /// For each state who needs a word that ends there, a bit for each, four bytes.
    pub(crate) needed_by: &'t [u8],
}

impl WordTable<'_> {
    /// Who needs a word that stands in a text, a bit for each; `None` where the table is broken.
    pub(crate) fn needed_by(&self, text: &str) -> Option<u32> {
        let cells: &[[u8; 2]] = self.rows.as_chunks().0;
        let needs: &[[u8; 4]] = self.needed_by.as_chunks().0;
        let (mut state, mut found) = (0_usize, 0);
        for byte in text.bytes() {
            let column = usize::from(*self.columns.get(usize::from(byte))?);
            let cell = state.checked_mul(self.width)?.checked_add(column)?;
            state = usize::from(u16::from_le_bytes(*cells.get(cell)?));
            found |= u32::from_le_bytes(*needs.get(state)?);
        }
        Some(found)
    }
}
