//! Where nothing is mapped: all is read.

use std::fs::File;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// No window.
#[derive(Debug)]
pub(super) enum Window {}

impl Window {
    pub(super) fn open(_: &File, _: u64, _: u64, _: &Arc<AtomicBool>) -> Option<Self> {
        None
    }

    pub(super) fn stretch(self: &Arc<Self>, _: u64, _: usize) -> Option<Stretch> {
        match **self {}
    }

    pub(super) fn is_torn(&self) -> bool {
        match *self {}
    }
}

/// No bytes of a file.
#[derive(Debug)]
pub struct Stretch(Window);

impl Stretch {
    pub(crate) fn truncate(&mut self, _: usize) {
        match self.0 {}
    }

    pub(crate) fn is_torn(&self) -> bool {
        match self.0 {}
    }
}

impl Deref for Stretch {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self.0 {}
    }
}
