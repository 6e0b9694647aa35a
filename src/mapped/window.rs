//! A part of a file, mapped into memory.
#![expect(
    unsafe_code,
    reason = "a memory map is as valid as its file; what may happen to the file is handled here and in `fault`"
)]

use super::fault::Watch;
use memmap2::{Mmap, MmapOptions};
use std::fs::File;
use std::ops::{Deref, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes of a file that are mapped at once: 4 MiB. A few windows are open at a time.
const WINDOW_BYTES: u64 = 4 << 20;

/// Windows begin at multiples of so many bytes, which are multiples of the page size of all of Linux's machines.
const ALIGNMENT: u64 = 64 << 10;

/// A window on a file.
#[derive(Debug)]
pub(super) struct Window {
    // Before the map: what is watched is mapped.
    watch: Watch,
    map: Mmap,
    /// Where in the file it begins, in bytes.
    start: u64,
    /// To be told that the window is torn.
    torn: Arc<AtomicBool>,
}

impl Window {
    /// Maps what stands around a place of a file of so many bytes. Gives none where that cannot be done, or the
    /// file has become shorter.
    pub(super) fn open(file: &File, at: u64, length: u64, torn: &Arc<AtomicBool>) -> Option<Self> {
        let start = at.checked_sub(at.checked_rem(ALIGNMENT)?)?;
        let end = start.saturating_add(WINDOW_BYTES).min(length);
        let bytes = usize::try_from(end.checked_sub(start)?).ok()?;
        if bytes == 0 || file.metadata().ok()?.len() < end {
            return None;
        }
        let mut options = MmapOptions::new();
        options.offset(start).len(bytes);
        // SAFETY: The map is only read. Whoever writes to the file at the same time may change bytes that are
        // being looked at, as with every memory map: they are searched and copied as bytes, and no memory is
        // reached by what they say. Where the file becomes shorter, its `Watch` puts zeros in place of what is
        // gone before anything is read there.
        let map = unsafe { options.map(file) }.ok()?;
        let watch = Watch::over(map.as_ptr_range())?;
        Some(Self {
            watch,
            map,
            start,
            torn: Arc::clone(torn),
        })
    }

    /// So many bytes of the file from a place on, or up to its end; none if the window has fewer.
    pub(super) fn stretch(self: &Arc<Self>, at: u64, bytes: usize) -> Option<Stretch> {
        let start = usize::try_from(at.checked_sub(self.start)?).ok()?;
        let end = start.checked_add(bytes)?;
        (end <= self.map.len()).then(|| Stretch {
            window: Arc::clone(self),
            range: start..end,
        })
    }

    /// Whether part of it was gone when it was to be read.
    pub(super) fn is_torn(&self) -> bool {
        self.watch.lost_from().is_some()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if self.is_torn() {
            self.torn.store(true, Ordering::Relaxed);
        }
    }
}

/// Bytes of a file where they stand.
#[derive(Debug)]
pub struct Stretch {
    window: Arc<Window>,
    range: Range<usize>,
}

impl Stretch {
    /// Leaves off what is behind so many bytes.
    pub(crate) fn truncate(&mut self, bytes: usize) {
        let end = self.range.start.saturating_add(bytes);
        self.range.end = self.range.end.min(end);
    }

    /// Whether some of it was gone when it was to be read: zeros stand in its place.
    pub(crate) fn is_torn(&self) -> bool {
        let lost_from = self.window.watch.lost_from();
        lost_from.is_some_and(|from| from < self.range.end)
    }
}

impl Deref for Stretch {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.window.map.get(self.range.clone()).unwrap_or_default()
    }
}
