//! What the build has made of expressions, by what they say. One is found without a look at the others, so that
//! a short run pays for those that it needs. How it is written stands in [`super::pack`].

use super::dfa::Dfa;
use super::packed::Packed;
use super::syntax::Syntax;
use regex_automata::nfa::thompson::NFA;
use serde::{Deserialize, Serialize};

/// What leads to an entry: the hash of its key, and where it begins behind the signposts.
pub(super) const SIGNPOST_BYTES: usize = size_of::<u64>() + PLACE_BYTES;
pub(super) const PLACE_BYTES: usize = size_of::<u32>();

/// A table as it is stored: how many entries it has, a signpost to each, ordered by their hashes, and the
/// entries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'t> {
    signposts: &'t [[u8; SIGNPOST_BYTES]],
    entries: &'t [u8],
}

/// What the build has made of one form of an expression.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'t> {
    /// Tells whether a text holds a match; `None` where that would take too large a table.
    pub(crate) anywhere: Option<Dfa<'t>>,
    /// Tells where the first match begins; `None` there too, and where that is never asked.
    pub(crate) at_one_place: Option<Dfa<'t>>,
    packed: &'t [u8],
}

/// What an entry begins with: the expression that it stands for, and how that is read.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key<'t> {
    source: &'t str,
    case_insensitive: bool,
    groups: bool,
    unicode: bool,
}

impl<'t> Key<'t> {
    pub(super) fn new(source: &'t str, syntax: Syntax) -> Self {
        Self {
            source,
            case_insensitive: syntax.reading.case_insensitive,
            groups: syntax.reading.groups,
            unicode: syntax.unicode,
        }
    }

    /// A hash that the build and the program agree on (FNV-1a).
    pub(super) fn hash(&self) -> u64 {
        let flags = [self.case_insensitive, self.groups, self.unicode].map(u8::from);
        let bytes = self.source.bytes().chain(flags);
        bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
    }
}

impl<'t> Table<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        let (count, rest) = bytes.split_at_checked(PLACE_BYTES).unwrap_or_default();
        let count = place(count).unwrap_or(0);
        let (signposts, entries) = rest
            .split_at_checked(count.saturating_mul(SIGNPOST_BYTES))
            .unwrap_or_default();
        Self {
            signposts: signposts.as_chunks().0,
            entries,
        }
    }

    /// What was made of this form of an expression; `None` where it is not among them.
    pub(crate) fn find(self, source: &str, syntax: Syntax) -> Option<Entry<'t>> {
        let wanted = Key::new(source, syntax);
        let hash = wanted.hash();
        let first = self
            .signposts
            .partition_point(|post| hash_at(post) < Some(hash));
        let posts = self.signposts.get(first..)?;
        let alike = posts.iter().take_while(|post| hash_at(post) == Some(hash));
        for post in alike {
            let entry = self.entries.get(place(post.get(size_of::<u64>()..)?)?..)?;
            let (key, made): (Key<'_>, _) = postcard::take_from_bytes(entry).ok()?;
            if key == wanted {
                let ((anywhere, at_one_place), packed) = postcard::take_from_bytes(made).ok()?;
                return Some(Entry {
                    anywhere,
                    at_one_place,
                    packed,
                });
            }
        }
        None
    }
}

impl Entry<'_> {
    /// The automaton; `None` where the bytes are none that were packed.
    pub(crate) fn unpack(&self) -> Option<NFA> {
        postcard::from_bytes::<Packed<'_>>(self.packed)
            .ok()?
            .unpack()
    }
}

fn hash_at(signpost: &[u8; SIGNPOST_BYTES]) -> Option<u64> {
    Some(u64::from_le_bytes(*signpost.first_chunk()?))
}

fn place(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.first_chunk()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{READING, pack};
    use super::*;

    const SYNTAX: Syntax = Syntax::of_bytes(READING);

    const SOURCES: [&str; 8] = [
        "",
        r"(?P<name>\w+)=(\d*)|\b(?:one|two|three){2,5}?$",
        "(?-i:[A-Z])x*",
        r"^(a)(?:(?P<b>b)|(c))+",
        "[^\\x00-\\x7f]",
        "[a&&b]",
        "(?:)",
        "k",
    ];

    #[test]
    fn what_is_found_is_what_would_be_compiled() {
        let bytes = pack::table(SOURCES.map(|source| (source, SYNTAX))).unwrap();
        let table = Table::new(&bytes);
        for source in SOURCES {
            let found = table.find(source, SYNTAX).unwrap().unpack().unwrap();
            let compiled = SYNTAX.compile(source).unwrap();
            assert_eq!(format!("{found:?}"), format!("{compiled:?}"), "{source}");
        }
        assert!(table.find("kk", SYNTAX).is_none());
        assert!(table.find("k", Syntax::of_unicode(READING)).is_none());
    }

    #[test]
    fn what_does_not_compile_is_left_out() {
        let sources = ["(", "k"].map(|source| (source, SYNTAX));
        let bytes = pack::table(sources).unwrap();
        let table = Table::new(&bytes);
        assert!(table.find("(", SYNTAX).is_none() && table.find("k", SYNTAX).is_some());
    }

    #[test]
    fn bytes_that_are_no_table_hold_nothing() {
        let whole = pack::table(SOURCES.map(|source| (source, SYNTAX))).unwrap();
        for length in 0..whole.len() {
            let cut = Table::new(&whole[..length]);
            for source in SOURCES {
                let found = cut.find(source, SYNTAX).and_then(|it| it.unpack());
                let compiled = SYNTAX.compile(source);
                assert!(
                    found.is_none_or(|it| format!("{it:?}") == format!("{:?}", compiled.unwrap()))
                );
            }
        }
    }
}
