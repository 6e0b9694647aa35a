//! The texts of rules. Those compiled in stay where they are, in the program's bytes: copying thousands of them
//! takes longer than most diagnoses. Those of a file are owned.
//!
//! The build writes the texts with this same file.

use serde::de::{DeserializeOwned, Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::{Borrow, Cow};
use std::cell::Cell;
use std::fmt;
use std::ops::Deref;

/// A text of a rule.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RuleText(Cow<'static, str>);

thread_local! {
    /// What is being read, if it lasts as long as the program.
    static SOURCE: Cell<&'static [u8]> = const { Cell::new(&[]) };
}

/// Reads what was packed into bytes that last as long as the program; its texts stay there.
pub(crate) fn unpack<T: DeserializeOwned>(bytes: &'static [u8]) -> postcard::Result<T> {
    let before = SOURCE.replace(bytes);
    let read = postcard::from_bytes(bytes);
    SOURCE.set(before);
    read
}

/// The same text in what is being read, where it stands there.
fn in_source(text: &str) -> Option<&'static str> {
    let source = SOURCE.get();
    let start = text.as_ptr().addr().checked_sub(source.as_ptr().addr())?;
    let bytes = source.get(start..start.checked_add(text.len())?)?;
    std::str::from_utf8(bytes).ok()
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = RuleText;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RuleText, E> {
        Ok(RuleText::from(text))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<RuleText, E> {
        let stays = in_source(text);
        Ok(stays.map_or_else(
            || RuleText::from(text),
            |stays| RuleText(Cow::Borrowed(stays)),
        ))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<RuleText, E> {
        Ok(RuleText::from(text))
    }
}

impl<'de> Deserialize<'de> for RuleText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Reader)
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

impl AsRef<str> for RuleText {
    fn as_ref(&self) -> &str {
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
