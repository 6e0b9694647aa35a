//! Makes logs for `benches/compare.sh`: `make-logs sparse --size 1g --into sparse.log`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "places are taken from the lengths of fixed lists, and what is counted is small"
)]

#[path = "../made/mod.rs"]
mod made;
mod tree;

use clap::{Parser, ValueEnum};
use made::Kind;
use std::fs::File;
use std::io;
use std::path::PathBuf;

/// Makes a log, the same bytes for the same seed.
#[derive(Debug, Parser)]
struct Args {
    /// What it is full of.
    kind: Made,
    /// Its length: bytes, or with `k`, `m`, `g` thousands, millions, thousand millions of them.
    #[arg(long, value_parser = bytes, default_value = "1m")]
    size: u64,
    /// The same number gives the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where it goes: a file, or a folder for `many`.
    #[arg(long)]
    into: PathBuf,
    /// How many files `many` makes, together of that size.
    #[arg(long, default_value_t = 10_000)]
    files: u32,
}

/// The kinds of log, and a folder of them.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Made {
    /// One attempt in a thousand lines.
    Sparse,
    /// Seven of ten lines about WebSockets.
    Dense,
    /// Many records of several lines.
    Traceback,
    /// JSON lines.
    Json,
    /// Accepted attempts that never end.
    Open,
    /// A folder tree of small files of the first four kinds.
    Many,
}

fn main() -> io::Result<()> {
    let args = Args::parse();
    let kind = match args.kind {
        Made::Sparse => Kind::Sparse,
        Made::Dense => Kind::Dense,
        Made::Traceback => Kind::Traceback,
        Made::Json => Kind::Json,
        Made::Open => Kind::Open,
        Made::Many => return tree::write(&args.into, args.seed, args.files, args.size),
    };
    let mut file = File::create(&args.into)?;
    made::write(kind, args.seed, 0, args.size, &mut file)
}

fn bytes(text: &str) -> Result<u64, String> {
    let units = [('k', 1_000), ('m', 1_000_000), ('g', 1_000_000_000)];
    let (digits, unit) = units
        .into_iter()
        .find_map(|(letter, unit)| Some((text.strip_suffix(letter)?, unit)))
        .unwrap_or((text, 1));
    let number: u64 = digits
        .parse()
        .map_err(|_| format!("`{text}` is no size: write 500k, 20m or 1g"))?;
    number
        .checked_mul(unit)
        .ok_or_else(|| format!("`{text}` is too large"))
}
