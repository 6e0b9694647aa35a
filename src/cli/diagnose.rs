//! `wswhy [PATHS]`: the main job.

use super::args::{Colour, Diagnose, Format, Knowledge};
use super::exit::Exit;
use super::output;
use anyhow::{Result, bail};
use std::env;
use std::io::{self, IsTerminal};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use wswhy::diagnosis::{Diagnosis, Outcome, diagnose};
use wswhy::input::{self, Reading};
use wswhy::report::{self, Options};
use wswhy::rules::{OwnPath, RuleSet};
use wswhy::sieve::Marks;

/// So many warnings are repeated on standard error; the report has them all.
const MOST_WARNINGS: usize = 5;

pub(crate) fn run(args: &Diagnose) -> Result<Exit> {
    // Mostly there is time left between reading and the rules being there.
    let meanwhile = || {
        if !args.no_redact {
            report::make_ready();
        }
    };
    let (rules, reading) = load_and_read(&args.knowledge, &args.paths, meanwhile)?;
    // A report may go to a file; what could not be read is said where the person is.
    let repeated = reading.warnings.get(..MOST_WARNINGS);
    output::warn(repeated.unwrap_or(&reading.warnings), !args.no_redact);
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
    // The process ends: the system takes its memory back faster than it could be given back.
    let _ = ManuallyDrop::new(rules);
    Ok(exit(&diagnosis))
}

/// The built-in rules, with those of a directory and the user's own words added.
pub(crate) fn load_rules(knowledge: &Knowledge) -> Result<RuleSet> {
    load(knowledge, own_words(knowledge).as_ref())
}

/// The rules, and what the paths hold. Built-in rules are loaded beside the reading; what is wrong with others is
/// said before anything is read. `meanwhile` is done once all is read, while rules may still be loading.
pub(crate) fn load_and_read(
    knowledge: &Knowledge,
    paths: &[PathBuf],
    meanwhile: impl FnOnce() + Send,
) -> Result<(RuleSet, Reading)> {
    let own = own_words(knowledge);
    if knowledge.rules.is_some() || own.is_some() {
        let rules = load(knowledge, own.as_ref())?;
        let reading = read(paths, &rules.marks)?;
        return Ok((rules, reading));
    }
    let reading = || {
        let reading = read(paths, &Marks::built_in()?);
        meanwhile();
        reading
    };
    let (reading, rules) = rayon::join(reading, || load(knowledge, None));
    Ok((rules?, reading?))
}

fn load(knowledge: &Knowledge, own: Option<&OwnPath>) -> Result<RuleSet> {
    Ok(RuleSet::for_diagnoses(knowledge.rules.as_deref(), own)?)
}

fn own_words(knowledge: &Knowledge) -> Option<OwnPath> {
    match &knowledge.config {
        Some(file) => Some(OwnPath::named(file)),
        None if knowledge.no_config => None,
        // A working directory that was deleted has nothing above it either.
        None => env::current_dir()
            .ok()
            .and_then(|folder| OwnPath::search(&folder)),
    }
}

/// Reads the paths, or standard input where there are none.
pub(crate) fn read(paths: &[PathBuf], marks: &Marks) -> Result<Reading> {
    if !paths.is_empty() {
        return Ok(input::read_paths(paths, marks)?);
    }
    if io::stdin().is_terminal() {
        bail!(
            "no logs given. Name files or directories, or pipe lines in:\n  \
             wswhy backend/logs console.log\n  \
             grep -i websocket backend/logs/*.log | wswhy\n\
             `wswhy --help` has more."
        );
    }
    Ok(input::read_stream(input::STDIN_NAME, io::stdin(), marks)?)
}

fn exit(diagnosis: &Diagnosis) -> Exit {
    match diagnosis.outcome {
        Outcome::Healthy => Exit::Fine,
        Outcome::Failing => Exit::Failing,
        Outcome::InsufficientEvidence => Exit::Insufficient,
    }
}
