//! `wswhy rules score DIR`.

use super::args::{Format, Score};
use super::exit::Exit;
use super::output;
use anyhow::Result;
use wswhy::rules::RuleSet;
use wswhy::score::{self, Form};

/// Prints the scoreboard. Wrong answers are what it is for, so they are a failure only where every
/// answer has to be right.
pub(crate) fn run(args: &Score) -> Result<Exit> {
    let rules = RuleSet::load(args.rules.as_deref(), None)?;
    let board = score::score(&args.folder, &rules)?;
    let form = match args.format {
        Format::Terminal => Form::Terminal,
        Format::Markdown => Form::Markdown,
        Format::Json => Form::Json,
    };
    output::print(&score::render(&board, form))?;
    let fails = args.strict && board.missed().next().is_some();
    Ok(if fails { Exit::Failing } else { Exit::Fine })
}
