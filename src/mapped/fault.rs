//! What happens when mapped bytes are read that the file no longer has.
//!
//! The kernel then sends the reading thread SIGBUS (mmap(2)), which would end the program. For maps that are
//! [watched](Watch) the signal's handler puts pages of zeros in place of those that are gone, from there to the
//! end of the map, and notes it; whoever reads goes on, and asks afterwards. Every other SIGBUS is left to the
//! handler that was there before.
#![expect(
    unsafe_code,
    reason = "a memory map whose file may become shorter is safe only with a handler of the signal that says so"
)]

use std::ops::Range;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Maps that are watched at the same time. A handler must not wait for a lock, so their number is fixed.
const MOST_WATCHED: usize = 64;

/// A replaced stretch begins at a multiple of so many bytes, which is one of the page size too.
const ALIGNMENT: usize = 64 << 10;

static PLACES: [Place; MOST_WATCHED] = [const { Place::free() }; MOST_WATCHED];

/// The handler of the program as it was; set before ours is.
static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

/// A map that is watched, as the handler sees it: addresses.
#[derive(Debug)]
struct Place {
    taken: AtomicBool,
    /// Zero while nothing is to be done.
    start: AtomicUsize,
    end: AtomicUsize,
    /// The first address that is lost; `usize::MAX` where none is.
    lost: AtomicUsize,
}

impl Place {
    const fn free() -> Self {
        Self {
            taken: AtomicBool::new(false),
            start: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            lost: AtomicUsize::new(usize::MAX),
        }
    }

    fn take(&self) -> bool {
        let taken = &self.taken;
        taken
            .compare_exchange(false, true, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }
}

/// A map that may lose its file while it is read. To be dropped before the map is.
#[derive(Debug)]
pub(super) struct Watch(&'static Place);

impl Watch {
    /// Watches a map of whole pages that is only read. Gives none where no handler can be set or too many
    /// maps are watched.
    pub(super) fn over(map: Range<*const u8>) -> Option<Self> {
        static HANDLED: OnceLock<bool> = OnceLock::new();
        if !*HANDLED.get_or_init(handle) {
            return None;
        }
        let place = PLACES.iter().find(|place| place.take())?;
        place.lost.store(usize::MAX, Ordering::Release);
        place.end.store(map.end.addr(), Ordering::Release);
        place.start.store(map.start.addr(), Ordering::Release);
        Some(Self(place))
    }

    /// How many bytes of the map are before the first that was gone when it was to be read.
    pub(super) fn lost_from(&self) -> Option<usize> {
        let lost = self.0.lost.load(Ordering::Acquire);
        let start = self.0.start.load(Ordering::Acquire);
        (lost != usize::MAX).then(|| lost.saturating_sub(start))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.start.store(0, Ordering::Release);
        self.0.taken.store(false, Ordering::Release);
    }
}

/// Sets the handler. Gives whether that could be done.
fn handle() -> bool {
    // SAFETY: A `sigaction` of zeros is one: no flags, an empty mask, the default handler.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    let mut before = action;
    // SAFETY: Asks for the handler, and writes it to a place that lives.
    if unsafe { libc::sigaction(libc::SIGBUS, ptr::null(), &raw mut before) } != 0 {
        return false;
    }
    let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = on_fault;
    action.sa_sigaction = handler as libc::sighandler_t;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
    let first = BEFORE.set(before).is_ok();
    // SAFETY: The handler takes what SA_SIGINFO gives, and does only what a handler may: it reads and writes
    // atomics, and calls the kernel.
    first && unsafe { libc::sigaction(libc::SIGBUS, &raw const action, ptr::null_mut()) } == 0
}

extern "C" fn on_fault(
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    _context: *mut libc::c_void,
) {
    // SAFETY: With SA_SIGINFO the kernel gives a pointer to what it knows, and for SIGBUS an address in it.
    let address = unsafe { (*info).si_addr() }.addr();
    if PLACES.iter().any(|place| replace(place, address)) {
        return;
    }
    // The instruction runs again, and meets the handler that was there before.
    if let Some(before) = BEFORE.get() {
        // SAFETY: It was given by the kernel.
        unsafe { libc::sigaction(signal, before, ptr::null_mut()) };
    }
}

/// Puts zeros in place of the map's pages from an address on, if it is one of the map.
fn replace(place: &Place, address: usize) -> bool {
    let start = place.start.load(Ordering::Acquire);
    let end = place.end.load(Ordering::Acquire);
    if start == 0 || !(start..end).contains(&address) {
        return false;
    }
    let from = (address & !ALIGNMENT.wrapping_sub(1)).max(start);
    place.lost.fetch_min(from, Ordering::AcqRel);
    // SAFETY: The pages from `from` to `end` belong to a map that is watched, so that it lives; those that replace
    // them may be read as they might be.
    let replaced = unsafe {
        libc::mmap(
            ptr::without_provenance_mut(from),
            end.wrapping_sub(from),
            libc::PROT_READ,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED,
            -1,
            0,
        )
    };
    replaced != libc::MAP_FAILED
}
