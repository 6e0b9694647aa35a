//! `wswhy [PATHS]`: the main job.

use super::args::{Colour, Diagnose, Format};
use super::exit::Exit;
use super::output;
use anyhow::{Result, bail};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use wswhy::diagnosis::{Diagnosis, Outcome, diagnose};
use wswhy::input::{self, Reading};
use wswhy::report::{self, Options};
use wswhy::rules::RuleSet;

/// So many warnings are repeated on standard error; the report has them all.
const MOST_WARNINGS: usize = 5;

pub(crate) fn run(args: &Diagnose) -> Result<Exit> {
    let rules = load_rules(args.rules.as_deref())?;
    let reading = read(&args.paths)?;
    // A report may go to a file; what could not be read is said where the person is.
    for warning in reading.warnings.iter().take(MOST_WARNINGS) {
        output::complain(warning);
    }
    let diagnosis = diagnose(&reading.sources, &rules, &reading.warnings);
    let options = Options {
        width: args.width.map_or_else(output::width, usize::from),
        colour: match args.color {
            Colour::Auto => output::colour(),
            Colour::Always => true,
            Colour::Never => false,
        },
        verbose: args.verbose,
        redact: !args.no_redact,
    };
    let format = match args.format {
        Format::Terminal => report::Format::Terminal,
        Format::Markdown => report::Format::Markdown,
        Format::Json => report::Format::Json,
    };
    output::print(&report::render(&diagnosis, format, &options))?;
    Ok(exit(&diagnosis))
}

/// The built-in rules, with those of a directory added where one is named.
pub(crate) fn load_rules(folder: Option<&Path>) -> Result<RuleSet> {
    Ok(match folder {
        Some(folder) => RuleSet::with_folder(folder)?,
        None => RuleSet::built_in()?,
    })
}

/// Reads the paths, or standard input where there are none.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Reading> {
    if !paths.is_empty() {
        return Ok(input::read_paths(paths)?);
    }
    if io::stdin().is_terminal() {
        bail!(
            "no logs given. Name files or directories, or pipe lines in:\n  \
             wswhy backend/logs console.log\n  \
             grep -i websocket backend/logs/*.log | wswhy\n\
             `wswhy --help` has more."
        );
    }
    Ok(input::read_stream(input::STDIN_NAME, io::stdin().lock())?)
}

fn exit(diagnosis: &Diagnosis) -> Exit {
    match diagnosis.outcome {
        Outcome::Healthy => Exit::Fine,
        Outcome::Failing => Exit::Failing,
        Outcome::InsufficientEvidence => Exit::Insufficient,
    }
}
