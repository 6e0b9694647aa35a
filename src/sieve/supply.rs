//! What is sifted: a stream that is read, or a file whose bytes are looked at where they stand.

use crate::mapped::{Stretch, Supply};
use std::io::{self, Read};
use std::ops::Deref;

/// What can only be read.
#[derive(Debug)]
pub(super) struct Stream<R>(pub(super) R);

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read> Supply for Stream<R> {}

/// The bytes of a block.
#[derive(Debug, Default)]
pub(super) struct Bytes {
    read: Vec<u8>,
    /// Instead of those that were read.
    in_place: Option<Stretch>,
}

impl Bytes {
    /// Memory to read into.
    pub(super) fn room(&mut self) -> &mut Vec<u8> {
        self.let_go();
        &mut self.read
    }

    /// Lets go of a file's bytes, so that they need not be mapped any longer.
    pub(super) fn let_go(&mut self) {
        self.in_place = None;
    }

    /// Takes the place of all bytes.
    pub(super) fn put(&mut self, stretch: Stretch) {
        self.in_place = Some(stretch);
    }

    /// Whether some were gone when they were to be looked at.
    pub(super) fn are_torn(&self) -> bool {
        self.in_place.as_ref().is_some_and(Stretch::is_torn)
    }
}

#[cfg(test)]
impl From<Vec<u8>> for Bytes {
    fn from(read: Vec<u8>) -> Self {
        Self {
            read,
            in_place: None,
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.in_place {
            Some(stretch) => stretch,
            None => &self.read,
        }
    }
}
