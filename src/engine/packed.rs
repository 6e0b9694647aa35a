//! An automaton that was packed into bytes: reading one takes a tenth of the time that compiling its expression
//! does. How it is packed stands in [`super::pack`].

use regex_automata::nfa::thompson::{BuildError, Builder, NFA, Transition};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a state begins with; its numbers follow.
pub(super) const RANGE: u32 = 0;
pub(super) const RANGES: u32 = 1;
pub(super) const LOOK: u32 = 2;
pub(super) const UNION: u32 = 3;
pub(super) const GROUP_START: u32 = 4;
pub(super) const GROUP_END: u32 = 5;
pub(super) const FAIL: u32 = 6;
pub(super) const MATCH: u32 = 7;

/// An automaton of one expression, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Packed<'p> {
    pub(super) utf8: bool,
    /// The states that searches start in: those that match where they start, and those that match anywhere.
    pub(super) anchored: u32,
    pub(super) unanchored: u32,
    /// The names of the groups, the whole first.
    #[serde(borrow)]
    pub(super) names: Vec<Option<&'p str>>,
    /// The states in their order, each a few numbers.
    pub(super) states: &'p [u8],
}

impl Packed<'_> {
    /// The automaton; `None` where the bytes are none that were packed.
    pub(crate) fn unpack(&self) -> Option<NFA> {
        let mut builder = Builder::new();
        builder.set_utf8(self.utf8);
        builder.start_pattern().ok()?;
        let names: Vec<Option<Arc<str>>> =
            self.names.iter().map(|name| name.map(Arc::from)).collect();
        let mut left = Left(self.states);
        while !left.0.is_empty() {
            left.take_state(&names, &mut builder)?.ok()?;
        }
        let anchored = state(self.anchored)?;
        builder.finish_pattern(anchored).ok()?;
        builder.build(anchored, state(self.unanchored)?).ok()
    }
}

/// The bytes that are left to read.
struct Left<'p>(&'p [u8]);

impl Left<'_> {
    fn number(&mut self) -> Option<u32> {
        let (number, left) = postcard::take_from_bytes(self.0).ok()?;
        self.0 = left;
        Some(number)
    }

    fn state(&mut self) -> Option<StateID> {
        state(self.number()?)
    }

    fn transition(&mut self) -> Option<Transition> {
        Some(Transition {
            start: u8::try_from(self.number()?).ok()?,
            end: u8::try_from(self.number()?).ok()?,
            next: self.state()?,
        })
    }

    /// As many of something as the next number says.
    fn row<T>(&mut self, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        (0..count).map(|_| one(self)).collect()
    }

    fn take_state(
        &mut self,
        names: &[Option<Arc<str>>],
        builder: &mut Builder,
    ) -> Option<Result<StateID, BuildError>> {
        Some(match self.number()? {
            RANGE => builder.add_range(self.transition()?),
            RANGES => builder.add_sparse(self.row(Self::transition)?),
            LOOK => {
                let look = Look::from_repr(self.number()?)?;
                builder.add_look(self.state()?, look)
            }
            UNION => builder.add_union(self.row(Self::state)?),
            GROUP_START => {
                let next = self.state()?;
                let group = self.number()?;
                let name = names.get(usize::try_from(group).ok()?)?;
                builder.add_capture_start(next, group, name.clone())
            }
            GROUP_END => {
                let next = self.state()?;
                builder.add_capture_end(next, self.number()?)
            }
            FAIL => builder.add_fail(),
            MATCH => builder.add_match(),
            _ => return None,
        })
    }
}

fn state(number: u32) -> Option<StateID> {
    StateID::try_from(number).ok()
}
