//! Lists of numbers and words in bytes, so that what the build has written can be used where it lies.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// Numbers, four bytes each.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Numbers<'n>(#[serde(borrow)] Cow<'n, [u8]>);

type Bytes = [u8; size_of::<u32>()];

impl Numbers<'_> {
    pub(super) fn new(numbers: impl IntoIterator<Item = u32>) -> Self {
        let bytes = numbers.into_iter().flat_map(u32::to_le_bytes);
        Self(bytes.collect::<Vec<u8>>().into())
    }

    /// Where each of several things ends that stand one behind the other, by their lengths; before that, where
    /// the first begins.
    pub(super) fn bounds(lengths: impl IntoIterator<Item = usize>) -> Self {
        let mut end = 0_usize;
        let ends = lengths.into_iter().map(|length| {
            end = end.saturating_add(length);
            number(end)
        });
        Self::new(std::iter::once(0).chain(ends))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        read(self.all())
    }

    fn all(&self) -> &[Bytes] {
        self.0.as_chunks().0
    }

    /// Where the thing of this number begins and ends, by these bounds.
    fn range(&self, at: u32) -> Option<Range<usize>> {
        let at = at as usize;
        let [start, end] = self.all().get(at..at.saturating_add(2))? else {
            return None;
        };
        Some(u32::from_le_bytes(*start) as usize..u32::from_le_bytes(*end) as usize)
    }
}

fn read(numbers: &[Bytes]) -> impl Iterator<Item = u32> {
    numbers.iter().map(|bytes| u32::from_le_bytes(*bytes))
}

/// A place or a count, of which there are never so many that four bytes are too few.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Many short lists of numbers.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Lists<'l> {
    #[serde(borrow)]
    bounds: Numbers<'l>,
    #[serde(borrow)]
    items: Numbers<'l>,
}

impl Lists<'_> {
    /// Sorts pairs of a list's number and an item into that many lists.
    pub(super) fn new(count: usize, pairs: &[(u32, u32)]) -> Self {
        let mut lists = vec![Vec::new(); count];
        for (list, item) in pairs {
            if let Some(list) = lists.get_mut(*list as usize) {
                list.push(*item);
            }
        }
        Self {
            bounds: Numbers::bounds(lists.iter().map(Vec::len)),
            items: Numbers::new(lists.concat()),
        }
    }

    /// The items of a list; none of one that is not there.
    pub(super) fn of(&self, list: u32) -> impl Iterator<Item = u32> {
        let range = self.bounds.range(list);
        let items = range.and_then(|range| self.items.all().get(range));
        read(items.unwrap_or_default())
    }
}

/// Words, each with a place in it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Words<'w> {
    #[serde(borrow)]
    bounds: Numbers<'w>,
    /// All words, one behind the other.
    #[serde(borrow)]
    texts: Cow<'w, [u8]>,
    /// Where in each word the bytes stand that it is found by.
    #[serde(borrow)]
    found_at: Cow<'w, [u8]>,
}

/// One of the words.
pub(super) struct Word<'w> {
    pub(super) text: &'w [u8],
    pub(super) found_at: usize,
}

impl Words<'_> {
    pub(super) fn new(texts: &[String], found_at: Vec<u8>) -> Self {
        Self {
            bounds: Numbers::bounds(texts.iter().map(String::len)),
            texts: texts.concat().into_bytes().into(),
            found_at: found_at.into(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.found_at.len()
    }

    pub(super) fn get(&self, word: u32) -> Option<Word<'_>> {
        let text = self.texts.get(self.bounds.range(word)?)?;
        let found_at = usize::from(*self.found_at.get(word as usize)?);
        Some(Word { text, found_at })
    }
}
