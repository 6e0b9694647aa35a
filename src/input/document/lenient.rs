//! Values that take whatever stands in their place: a document of another tool, version or author
//! may hold a list where a text belongs, and that is no reason to give the whole of it up.
//!
//! What does not fit, or is not asked for, is read past and kept nowhere.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A text, a number, a truth value, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    #[default]
    None,
    Text(String),
    Whole(i64),
    Number(f64),
    Truth(bool),
}

impl Scalar {
    pub(super) fn is_none(&self) -> bool {
        *self == Self::None
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number, also one that is written as a text.
    pub(super) fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut scalar = Self::None;
        Into(&mut scalar).deserialize(deserializer)?;
        Ok(scalar)
    }
}

/// What takes the parts of a value as they come; unless it says otherwise, it takes none.
pub(super) trait Take<'de> {
    /// A value that has no parts.
    fn scalar(&mut self, _value: Scalar) {}

    /// The value of one key of an object.
    fn key<A: MapAccess<'de>>(&mut self, _key: &str, object: &mut A) -> Result<(), A::Error> {
        object.next_value::<IgnoredAny>().map(|_| ())
    }

    /// The next item of a list; `None` at its end.
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<Option<()>, A::Error> {
        Ok(list.next_element::<IgnoredAny>()?.map(|_| ()))
    }
}

impl Take<'_> for Scalar {
    fn scalar(&mut self, value: Scalar) {
        *self = value;
    }
}

/// Reads a value into what takes its parts.
pub(super) struct Into<'t, T>(pub(super) &'t mut T);

impl<'de, T: Take<'de>> DeserializeSeed<'de> for Into<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Take<'de>> Visitor<'de> for Into<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.scalar(Scalar::Truth(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.scalar(Scalar::Whole(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        let value = i64::try_from(value).map_or(Scalar::None, Scalar::Whole);
        self.0.scalar(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.0.scalar(Scalar::Number(value));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.scalar(Scalar::Text(value.to_owned()));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while self.0.item(&mut list)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = object.next_key::<String>()? {
            self.0.key(&key, &mut object)?;
        }
        Ok(())
    }
}
