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

/// The same bytes in what is being read, where they stand there.
fn in_source(bytes: &[u8]) -> Option<&'static [u8]> {
    let source = SOURCE.get();
    let start = bytes.as_ptr().addr().checked_sub(source.as_ptr().addr())?;
    source.get(start..start.checked_add(bytes.len())?)
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

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<RuleText, E> {
        match in_source(bytes).map(std::str::from_utf8) {
            Some(Ok(stays)) => Ok(RuleText(Cow::Borrowed(stays))),
            _ => self.visit_bytes(bytes),
        }
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<RuleText, E> {
        let text = std::str::from_utf8(bytes);
        text.map(RuleText::from).map_err(Error::custom)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<RuleText, E> {
        Ok(RuleText::from(text))
    }
}

impl<'de> Deserialize<'de> for RuleText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Reader)
        } else {
            // Packed texts are bytes; as such they are checked once.
            deserializer.deserialize_bytes(Reader)
        }
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
