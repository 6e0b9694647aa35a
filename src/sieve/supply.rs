//! What is sifted: a stream that is read, or a file whose bytes are looked at where they stand.

use crate::mapped::{LogFile, Stretch};
use std::io::{self, Read};
use std::ops::Deref;

/// Where bytes come from.
pub(super) trait Supply: Read {
    /// The next bytes where they stand, at most so many, without going on; `None` where they are to be read.
    fn in_place(&mut self, _most: usize) -> Option<Stretch> {
        None
    }

    /// Goes on behind the next bytes.
    fn pass(&mut self, _bytes: usize) {}

    /// Goes back by so many bytes. Gives whether it can.
    fn go_back(&mut self, _bytes: usize) -> bool {
        false
    }

    /// Why not all was there, where reading did not fail.
    fn loss(&self) -> Option<io::Error> {
        None
    }
}

/// What can only be read.
#[derive(Debug)]
pub(super) struct Stream<R>(pub(super) R);

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read> Supply for Stream<R> {}

impl Supply for LogFile {
    fn in_place(&mut self, most: usize) -> Option<Stretch> {
        Self::in_place(self, most)
    }

    fn pass(&mut self, bytes: usize) {
        Self::pass(self, bytes);
    }

    fn go_back(&mut self, bytes: usize) -> bool {
        Self::go_back(self, bytes);
        true
    }

    fn loss(&self) -> Option<io::Error> {
        Self::loss(self)
    }
}

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
