//! `wswhy rules list | check | test`.

use super::args::List;
use super::exit::Exit;
use super::output;
use anyhow::Result;
use comfy_table::{ContentArrangement, Table, presets};
use std::fmt::Write as _;
use std::path::Path;
use wswhy::rules::{OwnPath, RuleSet};
use wswhy::trial;

/// Lists every cause.
pub(crate) fn list(args: &List) -> Result<Exit> {
    let rules = with(args.rules.as_deref())?;
    let mut table = Table::new();
    let width = u16::try_from(output::width()).unwrap_or(u16::MAX);
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(["cause", "stops at", "what it is"]);
    for cause in &rules.causes {
        table.add_row([cause.id.as_str(), cause.stage.name(), cause.title.as_str()]);
    }
    output::print(&format!("{}\n", table.trim_fmt()))?;
    Ok(Exit::Fine)
}

/// The built-in rules, with those of a folder added where one is named.
fn with(folder: Option<&Path>) -> Result<RuleSet> {
    Ok(RuleSet::load(folder, None)?)
}

/// Checks a folder of rules or a file of one's own words: it parses, every name in it is known, and
/// its phrases match their samples.
pub(crate) fn check(path: &Path) -> Result<Exit> {
    let rules = if path.is_file() {
        RuleSet::load(None, Some(&OwnPath::named(path)))?
    } else {
        RuleSet::load(Some(path), None)?
    };
    let problems = rules.problems();
    let mut text = String::new();
    for problem in &problems {
        let _ = writeln!(text, "{problem}");
    }
    let _ = match problems.len() {
        0 => writeln!(text, "{}: no problems", path.display()),
        1 => writeln!(text, "1 problem"),
        many => writeln!(text, "{many} problems"),
    };
    output::print(&text)?;
    Ok(if problems.is_empty() {
        Exit::Fine
    } else {
        Exit::Failing
    })
}

/// Runs the examples inside the rule files.
pub(crate) fn test(folder: Option<&Path>) -> Result<Exit> {
    let rules = with(folder)?;
    let (total, failures) = trial::run(&rules);
    let mut text = String::new();
    for failure in &failures {
        let _ = writeln!(text, "{failure}");
    }
    let _ = writeln!(
        text,
        "{} passed, {} failed",
        total.saturating_sub(failures.len()),
        failures.len()
    );
    output::print(&text)?;
    Ok(if failures.is_empty() {
        Exit::Fine
    } else {
        Exit::Failing
    })
}
