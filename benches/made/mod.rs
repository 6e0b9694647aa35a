//! Made logs: of any size, the same bytes for the same seed on every machine.
//!
//! They are for measuring speed and memory, and prove nothing about diagnoses: what real servers write
//! stands in `fixtures/`, whose formats and words are followed here. All values are invented.
//!
//! A log is a row of everyday records (`everyday`) with attempts among them (`attempt`), laid out as
//! text or as JSON lines (`layout`); `kind` says how much there is of what, `log` puts it in order.

mod chance;
mod moment;

mod layout;
mod people;

mod traceback;

mod attempt;
mod everyday;

mod kind;
mod log;

pub(crate) use kind::Kind;

use log::Log;
use std::io::{self, Write};

/// So much is held before it is written.
const BLOCK: usize = 1 << 20;

/// Writes a log of whole records that is as long as fits in so many bytes, and never empty. Logs of
/// different days do not overlap.
pub(crate) fn write(
    kind: Kind,
    seed: u64,
    day: u32,
    bytes: u64,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut log = Log::new(kind, seed, day);
    let (mut written, mut block, mut record) = (0, Vec::with_capacity(BLOCK), Vec::new());
    loop {
        record.clear();
        log.next_into(&mut record);
        if written > 0 && written + record.len() as u64 > bytes {
            break;
        }
        written += record.len() as u64;
        block.extend_from_slice(&record);
        if block.len() >= BLOCK {
            out.write_all(&block)?;
            block.clear();
        }
    }
    out.write_all(&block)?;
    out.flush()
}
