//! `wswhy learn LOGS…`.

use super::args::Learn;
use super::diagnose::{load_rules, read};
use super::exit::Exit;
use super::output;
use anyhow::Result;
use wswhy::learn;

pub(crate) fn run(args: &Learn) -> Result<Exit> {
    let rules = load_rules(&args.knowledge)?;
    let reading = read(&args.paths, &rules)?;
    output::warn(&reading.warnings, true);
    let proposal = learn::propose(&reading.sources, &rules);
    output::print(&learn::to_toml(&proposal))?;
    Ok(Exit::Fine)
}
