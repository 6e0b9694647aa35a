//! Makes the table that finds the words of the redactor's marks.

use super::Done;
use super::columns;
use super::word_table::WordTable;
use super::words::WORDS;
use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::{Anchored, StartKind, dfa};
use std::collections::HashMap;

/// The table as it is stored.
pub(super) fn table() -> Done<Vec<u8>> {
    let (words, marks): (Vec<&str>, Vec<u32>) = WORDS
        .iter()
        .flat_map(|(mark, words)| words.iter().map(|word| (*word, mark.bit())))
        .unzip();
    let search = dfa::Builder::new()
        .ascii_case_insensitive(true)
        .start_kind(StartKind::Unanchored)
        .build(words)?;
    let start = search.start_state(Anchored::No)?;
    let mut states = vec![start];
    let mut numbers: HashMap<StateID, usize> = HashMap::from([(start, 0)]);
    let mut rows: Vec<Vec<u16>> = Vec::new();
    let mut needed_by: Vec<u32> = Vec::new();
    while let Some(state) = states.get(rows.len()).copied() {
        let ends = if search.is_match(state) {
            search.match_len(state)
        } else {
            0
        };
        let patterns = (0..ends).map(|end| search.match_pattern(state, end).as_usize());
        needed_by.push(
            patterns
                .filter_map(|word| marks.get(word))
                .fold(0, |all, mark| all | mark),
        );
        let mut row = Vec::new();
        for byte in 0..=u8::MAX {
            let next = search.next_state(Anchored::No, state, byte);
            let new = numbers.len();
            let number = *numbers.entry(next).or_insert_with(|| {
                states.push(next);
                new
            });
            row.push(u16::try_from(number)?);
        }
        rows.push(row);
    }
    let (columns, rows) = columns::merged(&rows).ok_or("too many columns")?;
    let width = rows.first().map_or(0, Vec::len);
    let rows: Vec<u8> = rows
        .iter()
        .flatten()
        .flat_map(|cell| cell.to_le_bytes())
        .collect();
    let needed_by: Vec<u8> = needed_by
        .iter()
        .flat_map(|bits| bits.to_le_bytes())
        .collect();
    Ok(postcard::to_allocvec(&WordTable {
        columns: &columns,
        width,
        rows: &rows,
        needed_by: &needed_by,
    })?)
}
