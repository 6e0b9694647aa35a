//! Making the tables that tell whether and where a text holds a match, as the build does: every set of states
//! that an automaton can be in becomes one state, and those that no text tells apart become one again.

use super::columns;
use super::dfa::{Before, Dfa, Ends};
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::NFA;
use regex_automata::util::alphabet::Unit;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use std::collections::HashMap;

/// The largest table that is worth its place in the program, in bytes.
const MOST_TABLE_BYTES: usize = 32 << 10;

/// How much memory making one may take, in bytes: few that need more become small at the end.
const MOST_STATES_BYTES: usize = 2 << 20;
const MOST_WORK_BYTES: usize = 8 << 20;

/// The cells of one state, or those of one column. They hold the next states, or one of [`Ends`].
type Cells = Vec<u32>;

impl Ends for u32 {
    const MATCH: Self = Self::MAX - 1;
    const NONE: Self = Self::MAX;
}

/// A table as it is made.
#[derive(Debug)]
struct Rows {
    /// The states to begin in, by what stands before.
    starts: Cells,
    /// Which column each byte stands for.
    columns: Vec<u8>,
    /// The row of each state.
    of_states: Vec<Cells>,
}

/// The table of an automaton, ready to be written.
#[derive(Debug)]
pub(super) struct Minimal {
    starts: [u16; Before::COUNT],
    columns: Vec<u8>,
    width: usize,
    wide: bool,
    rows: Vec<u8>,
}

impl Minimal {
    /// The table that looks for a match at every place, or at one; `None` where it would be too large.
    pub(super) fn of(automaton: &NFA, places: StartKind) -> Option<Self> {
        let table = Rows::of(automaton, places)?
            .with_states_merged()
            .with_columns_merged()?;
        let cells = || table.of_states.iter().flatten().copied();
        let narrow: Option<Vec<u8>> = cells().map(narrowed).collect();
        let wide = narrow.is_none();
        let two_bytes = |cell| narrowed::<u16>(cell).map(u16::to_le_bytes);
        let rows = narrow.or_else(|| {
            let cells: Option<Vec<_>> = cells().map(two_bytes).collect();
            cells.map(Vec::into_flattened)
        })?;
        let starts: Option<Vec<u16>> = table.starts.into_iter().map(narrowed).collect();
        (rows.len() <= MOST_TABLE_BYTES).then_some(Self {
            starts: starts?.try_into().ok()?,
            width: table.of_states.first()?.len(),
            columns: table.columns,
            wide,
            rows,
        })
    }

    pub(super) fn dfa(&self) -> Dfa<'_> {
        Dfa {
            starts: self.starts,
            columns: &self.columns,
            width: self.width,
            wide: self.wide,
            rows: &self.rows,
        }
    }
}

/// A cell as it is stored; `None` where it is too large for that.
fn narrowed<C: Ends + TryFrom<u32> + PartialOrd>(cell: u32) -> Option<C> {
    match cell {
        u32::MATCH => Some(C::MATCH),
        u32::NONE => Some(C::NONE),
        state => C::try_from(state).ok().filter(|it| *it < C::MATCH),
    }
}

impl Rows {
    /// What each state leads to, until a match is certain or none is left.
    fn of(automaton: &NFA, places: StartKind) -> Option<Self> {
        let config = dense::Config::new()
            .start_kind(places)
            .match_kind(MatchKind::All)
            .accelerate(false)
            .dfa_size_limit(Some(MOST_STATES_BYTES))
            .determinize_size_limit(Some(MOST_WORK_BYTES));
        let dfa = dense::Builder::new()
            .configure(config)
            .build_from_nfa(automaton)
            .ok()?;
        let classes = automaton.byte_classes();
        let bytes: Vec<u8> = classes
            .representatives(0_u8..=u8::MAX)
            .filter_map(Unit::as_u8)
            .collect();
        let anchored = match places {
            StartKind::Anchored => Anchored::Yes,
            StartKind::Unanchored | StartKind::Both => Anchored::No,
        };
        let mut states = Vec::new();
        let mut numbers: HashMap<StateID, u32> = HashMap::new();
        let mut starts = Cells::new();
        for before in Before::BYTES {
            let config = start::Config::new().anchored(anchored).look_behind(before);
            let start = dfa.start_state(&config).ok()?;
            let number = u32::try_from(numbers.len()).ok()?;
            starts.push(*numbers.entry(start).or_insert_with(|| {
                states.push(start);
                number
            }));
        }
        let mut rows = Vec::new();
        while let Some(state) = states.get(rows.len()).copied() {
            let mut row = Cells::with_capacity(bytes.len().saturating_add(1));
            for byte in &bytes {
                let next = dfa.next_state(state, *byte);
                row.push(if dfa.is_match_state(next) {
                    u32::MATCH
                } else if dfa.is_dead_state(next) {
                    u32::NONE
                } else {
                    let number = u32::try_from(numbers.len()).ok()?;
                    *numbers.entry(next).or_insert_with(|| {
                        states.push(next);
                        number
                    })
                });
            }
            let at_end = dfa.next_eoi_state(state);
            row.push(if dfa.is_match_state(at_end) {
                u32::MATCH
            } else {
                u32::NONE
            });
            rows.push(row);
        }
        let columns = (0..=u8::MAX).map(|byte| classes.get(byte)).collect();
        Some(Self {
            starts,
            columns,
            of_states: rows,
        })
    }

    /// The same with one state for those that no text tells apart: they are taken for one until what they
    /// lead to differs (Moore's algorithm).
    fn with_states_merged(self) -> Self {
        let mut merged = vec![0_u32; self.of_states.len()];
        let mut count = 1;
        loop {
            let number = |cell: &u32| {
                let place = usize::try_from(*cell).ok();
                place
                    .and_then(|it| merged.get(it))
                    .copied()
                    .unwrap_or(*cell)
            };
            let rows = self.of_states.iter().zip(&merged);
            let mut kinds: HashMap<(u32, Cells), u32> = HashMap::new();
            let mut distinct = Vec::new();
            let next: Vec<u32> = rows
                .map(|(row, own)| {
                    let row: Cells = row.iter().map(number).collect();
                    let new = u32::try_from(kinds.len()).unwrap_or(u32::NONE);
                    *kinds.entry((*own, row.clone())).or_insert_with(|| {
                        distinct.push(row);
                        new
                    })
                })
                .collect();
            if kinds.len() == count {
                // The numbers did not change: `distinct` speaks of them.
                return Self {
                    starts: self.starts.iter().map(number).collect(),
                    of_states: distinct,
                    ..self
                };
            }
            count = kinds.len();
            merged = next;
        }
    }

    /// The same with one column for bytes that lead to the same from every state. The last column, for the
    /// text's end, stays beside them.
    fn with_columns_merged(self) -> Option<Self> {
        let (ends, of_bytes): (Cells, Vec<Cells>) = self
            .of_states
            .into_iter()
            .map(|mut row| (row.pop().unwrap_or(u32::NONE), row))
            .unzip();
        let (merged, mut of_states) = columns::merged(&of_bytes)?;
        for (row, end) in of_states.iter_mut().zip(ends) {
            row.push(end);
        }
        let of_class = |class: &u8| merged.get(usize::from(*class)).copied();
        Some(Self {
            starts: self.starts,
            columns: self.columns.iter().map(of_class).collect::<Option<_>>()?,
            of_states,
        })
    }
}
