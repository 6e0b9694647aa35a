//! A folder tree of small logs, as machines leave them that log by day and process.

use super::made::{self, Kind};
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Files of one folder.
const PROCESSES: u32 = 20;
/// Folders of one machine.
const DAYS: u32 = 25;

/// Most of them are about everything but sockets, as logs are.
const KINDS: [Kind; 6] = [
    Kind::Sparse,
    Kind::Sparse,
    Kind::Sparse,
    Kind::Dense,
    Kind::Traceback,
    Kind::Json,
];

/// Writes `app-03/day-07/daphne-11.log` and so on: so many files, together of that size.
pub(crate) fn write(folder: &Path, seed: u64, files: u32, bytes: u64) -> io::Result<()> {
    let each = bytes / u64::from(files.max(1));
    for number in 0..files {
        let process = number % PROCESSES;
        let day = number / PROCESSES % DAYS;
        let machine = number / PROCESSES / DAYS;
        let place = folder.join(format!("app-{machine:02}/day-{day:02}"));
        fs::create_dir_all(&place)?;
        let mut file = File::create(place.join(format!("daphne-{process:02}.log")))?;
        let kind = KINDS[process as usize % KINDS.len()];
        let seed = seed.wrapping_add(u64::from(number));
        made::write(kind, seed, day, each, &mut file)?;
    }
    Ok(())
}
