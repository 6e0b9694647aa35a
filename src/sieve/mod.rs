//! The sieve: of a log of any length the lines that are worth reading, and counts of the others.
//!
//! Most lines of a long log have nothing to do with a WebSocket, and most of those that have say what
//! others said before. So a long log is not read line by line but sifted, in three steps:
//!
//! 1. Blocks of whole lines ([`feed`](self)) are searched for *marks*: literals that nearly all lines
//!    about WebSockets have. Several threads share this.
//! 2. A line with a mark gets a *shape*, a hash of its words without what varies, and, where it names a
//!    client's address and port, goes to that *conversation*. The shapes of a conversation, each once, in
//!    order, are its class; a line that names no client is a class by itself.
//! 3. The first [`HEAD_LINES`] with a mark are kept, and the first [`COPIES`] of each class with the lines
//!    around them, as one would read them in the log; the others are counted, and the kept ones of a class
//!    stand for them ([`Copies`]). Where a stretch begins is noted, and which of its lines are only a
//!    [part](Why) of their connection.
//!
//! So a failure that is one in a million is kept with what led to it, and a million like ones cost a
//! hash each. Memory does not grow with the log: every collection here has a bound with a name.
//!
//! What is kept does not depend on where blocks end or on how many threads there are. What a line means
//! is not known here; [`crate::input`] makes sources of what is kept.

mod conversation;
mod feed;
mod hash;
mod keeper;
mod kept;
mod marks;
mod repeats;
mod request;
mod shape;
mod sifter;
mod sight;
mod supply;
mod surroundings;
mod templates;
mod turns;
mod words;

pub use conversation::MAX_OPEN;
pub use feed::MAX_LINE_BYTES;
pub use kept::{Copies, KeptLine, MAX_KEPT_BYTES, Why};
pub use marks::{Marks, MarksError};

use crate::mapped::{LogFile, Supply};
use feed::{BLOCK_BYTES, Feed};
use kept::{Pool, Sifted};
use repeats::Repeats;
use sifter::Sifter;
use sight::Block;
use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, Read};
use supply::Stream;
use templates::Learned;

/// How many of each class are kept for its own sake, with all that bears a mark around them.
pub const COPIES: u32 = 4;
/// How many are kept of a class that differs from another in one word: mostly it is the same with another
/// user's name.
const COPIES_OF_VARIANT: u32 = 2;
/// The first lines with a mark are all kept, so many: a stretch without gaps, in which it shows how
/// connections go in this log and who writes what of them.
pub const HEAD_LINES: usize = 400;
/// Lines kept at the start and at the end of a log that has anything to keep: what wrote it, and when.
pub const EDGE_LINES: usize = 8;

/// One log, sifted.
#[derive(Debug, Default)]
pub struct Sifting {
    sifted: Sifted,
    /// How many lines it has.
    pub lines: u64,
    /// How many of them were cut at [`MAX_LINE_BYTES`].
    pub cut: u64,
    /// Why reading ended before the log did.
    pub failure: Option<io::Error>,
}

/// How a log is read; the result is the same for all of them.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Threads that search.
    pub threads: usize,
    /// Bytes of a block; at most [`MAX_LINE_BYTES`].
    pub block_bytes: usize,
    /// Whether carriage returns end lines, as on old Macs.
    pub returns_end: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            threads: 1,
            block_bytes: BLOCK_BYTES,
            returns_end: false,
        }
    }
}

/// What other logs have shown often enough: of it nothing more is kept, only counted.
#[derive(Debug, Default)]
pub struct Known {
    classes: HashSet<u64, Spread>,
    /// Whether heads of logs are among it.
    heads: bool,
    learned: Learned,
}

/// Sifts one log.
pub fn sift(reader: impl Read + Send, marks: &Marks, manner: Manner) -> Sifting {
    sift_after(&Known::default(), reader, marks, manner)
}

/// Sifts one log after others.
pub fn sift_after(
    known: &Known,
    reader: impl Read + Send,
    marks: &Marks,
    manner: Manner,
) -> Sifting {
    sift_supply(known, Stream(reader), marks, manner)
}

/// Sifts a file after other logs, without copying what is not kept.
#[must_use]
pub fn sift_file_after(known: &Known, file: LogFile, marks: &Marks, manner: Manner) -> Sifting {
    sift_supply(known, file, marks, manner)
}

fn sift_supply(
    known: &Known,
    supply: impl Supply + Send,
    marks: &Marks,
    manner: Manner,
) -> Sifting {
    let feed = Feed::new(supply, manner.block_bytes, manner.returns_end);
    let sifter = Sifter::new(marks, known);
    let (feed, sifter) = if manner.threads > 1 {
        turns::sift(feed, sifter, marks, manner.threads)
    } else {
        alone(feed, sifter, marks)
    };
    let (failure, cut) = feed.finish();
    Sifting {
        lines: sifter.lines(),
        cut,
        failure,
        sifted: sifter.finish(),
    }
}

/// What is kept of several logs, put together in their order.
#[derive(Debug, Default)]
pub struct Gathering(Pool);

impl Gathering {
    /// Adds the next log.
    pub fn add(&mut self, sifting: Sifting) {
        self.0.add(sifting.sifted);
    }

    /// What the logs so far have shown often enough.
    #[must_use]
    pub fn known(&self) -> Known {
        self.0.known()
    }

    /// The kept lines of each.
    #[must_use]
    pub fn into_logs(self) -> Vec<Vec<KeptLine>> {
        self.0.into_logs()
    }
}

/// What a thread needs to search, whatever the log.
#[derive(Debug, Default)]
struct Desk {
    block: Block,
    repeats: Repeats,
}

thread_local! {
    /// To be used again: of many short logs, making it for each would take as long as searching them.
    static DESK: Cell<Option<Desk>> = const { Cell::new(None) };
}

fn alone<'a, S: Supply>(
    mut feed: Feed<S>,
    mut sifter: Sifter<'a>,
    marks: &Marks,
) -> (Feed<S>, Sifter<'a>) {
    let mut desk = DESK.take().unwrap_or_default();
    let Desk { block, repeats } = &mut desk;
    while feed.fill(&mut block.bytes) {
        block.look(marks, repeats);
        sifter.take(block);
    }
    DESK.set(Some(desk));
    (feed, sifter)
}

/// For keys that are hashes already.
type Spread = BuildHasherDefault<Hashed>;

#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 ^= value ^ value >> 32;
    }
}
