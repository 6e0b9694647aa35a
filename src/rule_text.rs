//! The texts of rules. Those compiled in stay where they are, in the program's bytes: copying thousands of them
//! takes longer than most diagnoses. Those of a file are owned.
//!
//! The build writes each text once, all of them one behind the other, and rules with the places of their texts
//! among them. It does so with this same file.

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::{Borrow, Cow};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;

/// A text of a rule.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleText(Cow<'static, str>);

/// Where a text begins among all, and how long it is, in bytes.
type Place = (u32, u32);

/// All texts that were written.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    all: String,
    places: HashMap<String, Place>,
}

thread_local! {
    /// The texts that the rules being read say the places of.
    static READ: Cell<&'static str> = const { Cell::new("") };
    /// The texts of the rules being written.
    static WRITTEN: RefCell<Option<Texts>> = const { RefCell::new(None) };
}

/// Reads rules that were packed; their texts stay among `texts`.
pub(crate) fn unpack<T: DeserializeOwned>(
    packed: &[u8],
    texts: &'static str,
) -> postcard::Result<T> {
    let before = READ.replace(texts);
    let read = postcard::from_bytes(packed);
    READ.set(before);
    read
}

impl Texts {
    /// Packs rules; what they say is added to the texts.
    #[cfg_attr(not(test), allow(dead_code, reason = "the build and the tests use it"))]
    pub(crate) fn pack(&mut self, rules: &impl Serialize) -> postcard::Result<Vec<u8>> {
        WRITTEN.set(Some(std::mem::take(self)));
        let packed = postcard::to_allocvec(rules);
        *self = WRITTEN.take().unwrap_or_default();
        packed
    }

    /// All texts that packed rules need.
    #[cfg_attr(not(test), allow(dead_code, reason = "the build and the tests use it"))]
    pub(crate) fn all(&self) -> &str {
        &self.all
    }

    /// The place of a text, which is added where it is new.
    fn place(&mut self, text: &str) -> Option<Place> {
        if let Some(place) = self.places.get(text) {
            return Some(*place);
        }
        let start = u32::try_from(self.all.len()).ok()?;
        let place = (start, u32::try_from(text.len()).ok()?);
        self.all.push_str(text);
        self.places.insert(text.to_owned(), place);
        Some(place)
    }
}

/// The text at a place.
fn at((start, length): Place) -> Option<&'static str> {
    let start = usize::try_from(start).ok()?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    READ.get().get(start..end)
}

impl Serialize for RuleText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.serialize_str(self);
        }
        let place = WRITTEN.with_borrow_mut(|texts| texts.as_mut()?.place(self));
        let place = place.ok_or_else(|| S::Error::custom("a text without a place"))?;
        place.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RuleText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return String::deserialize(deserializer).map(Self::from);
        }
        let text = at(Place::deserialize(deserializer)?);
        text.map(|text| Self(Cow::Borrowed(text)))
            .ok_or_else(|| D::Error::custom("no text at this place"))
    }
}

impl RuleText {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RuleText {
    fn from(text: &str) -> Self {
        Self(Cow::Owned(text.to_owned()))
    }
}

impl From<String> for RuleText {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl From<RuleText> for String {
    fn from(text: RuleText) -> Self {
        text.0.into_owned()
    }
}

impl Deref for RuleText {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for RuleText {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for RuleText {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for RuleText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for RuleText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self)
    }
}

impl fmt::Debug for RuleText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_texts_stay_where_they_are_and_are_kept_once() {
        let rules: Vec<RuleText> = ["token", "", "läuft ab", "token"]
            .map(RuleText::from)
            .to_vec();
        let mut texts = Texts::default();
        let packed = texts.pack(&rules).unwrap();
        assert_eq!(texts.all(), "tokenläuft ab");
        let all: &'static str = texts.all().to_owned().leak();
        let read: Vec<RuleText> = unpack(&packed, all).unwrap();
        assert_eq!(read, rules);
        assert!(read.iter().all(|text| matches!(text.0, Cow::Borrowed(_))));
        // Other texts than they were packed with.
        assert!(unpack::<Vec<RuleText>>(&packed, "tokenl").is_err());
    }

    #[test]
    fn texts_of_a_file_are_owned() {
        let read: HashMap<String, RuleText> = toml::from_str("id = 'token\u{e9}'").unwrap();
        assert_eq!(read["id"], "tokené");
        assert_eq!(toml::to_string(&read).unwrap(), "id = \"tokené\"\n");
    }
}
