//! `wswhy learn LOGS…`.

use super::args::Learn;
use super::diagnose::load_and_read;
use super::exit::Exit;
use super::output;
use anyhow::Result;
use wswhy::learn;

pub(crate) fn run(args: &Learn) -> Result<Exit> {
    let (rules, reading) = load_and_read(&args.knowledge, &args.paths, || ())?;
    output::warn(&reading.warnings, true);
    let proposal = learn::propose(&reading.sources, &rules);
    output::print(&learn::to_toml(&proposal))?;
    Ok(Exit::Fine)
}
