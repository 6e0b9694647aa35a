//! Packing what expressions become into a table, as the build does.

use super::minimal::Minimal;
use super::packed::{FAIL, GROUP_END, GROUP_START, LOOK, MATCH, Packed, RANGE, RANGES, UNION};
use super::syntax::Syntax;
use super::table::Key;
use regex_automata::dfa::StartKind;
use regex_automata::nfa::thompson::{NFA, State, Transition};
use regex_automata::util::primitives::{PatternID, StateID};
use std::collections::BTreeSet;

/// A table of the automata that forms of expressions become; without those that do not compile or cannot be
/// packed. `None` where it grows beyond what its places can tell.
pub(crate) fn table<'e>(
    expressions: impl IntoIterator<Item = (&'e str, Syntax)>,
) -> Option<Vec<u8>> {
    let expressions: BTreeSet<(&str, Syntax)> = expressions.into_iter().collect();
    let mut signposts = Vec::new();
    let mut entries = Vec::new();
    for (source, syntax) in expressions {
        let automaton = syntax.compile(source);
        let Some((automaton, packed)) =
            automaton.and_then(|it| pack(&it).map(|packed| (it, packed)))
        else {
            continue;
        };
        let key = Key::new(source, syntax);
        signposts.push((key.hash(), u32::try_from(entries.len()).ok()?));
        entries.extend(postcard::to_allocvec(&key).ok()?);
        let anywhere = Minimal::of(&automaton, StartKind::Unanchored);
        // Where a match begins is asked only where groups are.
        let at_one_place = (syntax.reading.groups)
            .then(|| Minimal::of(&automaton, StartKind::Anchored))
            .flatten();
        for table in [anywhere, at_one_place] {
            entries.extend(postcard::to_allocvec(&table.as_ref().map(Minimal::dfa)).ok()?);
        }
        entries.extend(packed);
    }
    signposts.sort_unstable();
    let mut table = Vec::from(u32::try_from(signposts.len()).ok()?.to_le_bytes());
    for (hash, place) in signposts {
        table.extend(hash.to_le_bytes());
        table.extend(place.to_le_bytes());
    }
    table.extend(entries);
    Some(table)
}

/// Packs an automaton; `None` for what this does not know.
fn pack(automaton: &NFA) -> Option<Vec<u8>> {
    let mut states = Numbers::default();
    for state in automaton.states() {
        states.put_state(state)?;
    }
    let packed = Packed {
        utf8: automaton.is_utf8(),
        anchored: automaton.start_anchored().as_u32(),
        unanchored: automaton.start_unanchored().as_u32(),
        names: automaton
            .group_info()
            .pattern_names(PatternID::ZERO)
            .collect(),
        states: &states.0,
    };
    postcard::to_allocvec(&packed).ok()
}

/// Numbers as they are written, small ones short.
#[derive(Debug, Default)]
struct Numbers(Vec<u8>);

impl Numbers {
    fn put(&mut self, numbers: impl IntoIterator<Item = u32>) {
        for number in numbers {
            let bytes = postcard::to_allocvec(&number);
            self.0.extend(bytes.unwrap_or_default());
        }
    }

    fn put_state(&mut self, state: &State) -> Option<()> {
        match state {
            State::ByteRange { trans } => {
                self.put([RANGE]);
                self.put(of_transition(*trans));
            }
            State::Sparse(sparse) => {
                self.put([RANGES, u32::try_from(sparse.transitions.len()).ok()?]);
                self.put(sparse.transitions.iter().copied().flat_map(of_transition));
            }
            State::Look { look, next } => self.put([LOOK, look.as_repr(), next.as_u32()]),
            State::Union { alternates } => {
                self.put([UNION, u32::try_from(alternates.len()).ok()?]);
                self.put(alternates.iter().map(StateID::as_u32));
            }
            State::BinaryUnion { alt1, alt2 } => self.put([UNION, 2, alt1.as_u32(), alt2.as_u32()]),
            State::Capture {
                next,
                group_index,
                slot,
                ..
            } => {
                let is_end = slot.as_usize() % 2 == 1;
                let kind = if is_end { GROUP_END } else { GROUP_START };
                self.put([kind, next.as_u32(), group_index.as_u32()]);
            }
            State::Fail => self.put([FAIL]),
            State::Match { .. } => self.put([MATCH]),
            State::Dense(_) => return None,
        }
        Some(())
    }
}

fn of_transition(transition: Transition) -> [u32; 3] {
    let Transition { start, end, next } = transition;
    [u32::from(start), u32::from(end), next.as_u32()]
}
