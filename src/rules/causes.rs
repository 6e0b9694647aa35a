//! The causes of a rule set. Those compiled in are read when they are first looked at: until lines are understood
//! and grouped, no cause is needed, and there is time to read them meanwhile.

use super::load;
use crate::cause::Cause;
use std::ops::Deref;
use std::sync::OnceLock;

/// All causes, by id.
#[derive(Debug)]
pub struct Causes {
    /// Those compiled in, as the build wrote them, where they have not been read.
    packed: &'static [u8],
    read: OnceLock<Vec<Cause>>,
}

impl Causes {
    /// Causes that were read already, in whatever order.
    pub(super) fn new(causes: Vec<Cause>) -> Self {
        Self {
            packed: &[],
            read: OnceLock::from(sorted(causes)),
        }
    }

    /// Those compiled in, which the build has read and checked.
    pub(super) const fn packed(packed: &'static [u8]) -> Self {
        Self {
            packed,
            read: OnceLock::new(),
        }
    }

    /// Reads them, where that has not been done.
    pub(crate) fn read(&self) -> &[Cause] {
        self.read.get_or_init(|| {
            let named: Result<Vec<(String, Cause)>, _> = load::unpack(self.packed);
            debug_assert!(named.is_ok(), "the build wrote what this reads: {named:?}");
            let named = named.unwrap_or_default();
            sorted(named.into_iter().map(|(_, cause)| cause).collect())
        })
    }
}

/// No order of files shows in a report.
fn sorted(mut causes: Vec<Cause>) -> Vec<Cause> {
    causes.sort_by(|one, other| one.id.cmp(&other.id));
    causes
}

impl Deref for Causes {
    type Target = [Cause];

    fn deref(&self) -> &[Cause] {
        self.read()
    }
}

impl<'c> IntoIterator for &'c Causes {
    type Item = &'c Cause;
    type IntoIter = std::slice::Iter<'c, Cause>;

    fn into_iter(self) -> Self::IntoIter {
        self.read().iter()
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::RuleSet;

    #[test]
    fn those_read_late_are_the_same_but_for_their_tests() {
        let late = RuleSet::for_diagnoses(None, None).unwrap();
        let mut whole = RuleSet::built_in().unwrap().causes.to_vec();
        for cause in &mut whole {
            cause.examples.clear();
            cause.near_misses.clear();
        }
        assert!(!whole.is_empty());
        assert_eq!(*late.causes, *whole);
    }
}
