//! Tables of cells without columns that hold the same: most bytes are alike to an automaton.

use std::collections::HashMap;
use std::hash::Hash;

/// The rows with each column once, and which of the columns left stands for each of those that were; `None` where
/// more are left than a byte can number. All rows are as long as the first.
pub(crate) fn merged<C: Copy + Eq + Hash>(rows: &[Vec<C>]) -> Option<(Vec<u8>, Vec<Vec<C>>)> {
    let width = rows.first().map_or(0, Vec::len);
    let mut numbers: HashMap<Vec<C>, u8> = HashMap::new();
    let mut kept: Vec<usize> = Vec::new();
    let mut columns = Vec::with_capacity(width);
    for place in 0..width {
        let cells = rows.iter().filter_map(|row| row.get(place).copied());
        let cells: Vec<C> = cells.collect();
        let number = if let Some(known) = numbers.get(&cells) {
            *known
        } else {
            let new = u8::try_from(kept.len()).ok()?;
            numbers.insert(cells, new);
            kept.push(place);
            new
        };
        columns.push(number);
    }
    let left = |row: &Vec<C>| {
        let cells = kept.iter().filter_map(|place| row.get(*place).copied());
        cells.collect()
    };
    Some((columns, rows.iter().map(left).collect()))
}
