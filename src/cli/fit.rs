//! `wswhy rules fit CASES --into DIR`.

use super::args::Fit;
use super::exit::Exit;
use super::output;
use anyhow::{Result, bail};
use comfy_table::{Table, presets};
use std::fmt::Write as _;
use wswhy::fit;
use wswhy::rules::RuleSet;
use wswhy::score;

/// Fits the weights, writes them, and prints what changed.
pub(crate) fn run(args: &Fit) -> Result<Exit> {
    let rules = RuleSet::with_folder(&args.into)?;
    let personalities = if args.on.is_empty() {
        rules.fitted_on.clone()
    } else {
        args.on.clone()
    };
    if personalities.is_empty() {
        bail!(
            "nothing to fit on: name the personalities with `--on`, as the cases' `case.toml` do"
        );
    }
    let cases = score::cases(&args.cases)?;
    let found = fit::fit(&cases, &personalities, &rules)?;
    if found.cases == 0 {
        bail!(
            "no case under {} has one of these personalities",
            args.cases.display()
        );
    }
    if !args.dry_run {
        fit::write(&found, &args.into)?;
    }
    output::print(&shown(&found))?;
    Ok(Exit::Fine)
}

fn shown(found: &fit::Fit) -> String {
    let mut text = String::new();
    if !found.changes.is_empty() {
        let mut table = Table::new();
        table
            .load_preset(presets::NOTHING)
            .set_header(["cause", "evidence", "by hand", "before", "after"]);
        for change in &found.changes {
            table.add_row([
                change.cause.clone(),
                change.evidence.clone(),
                format!("{:+.1}", change.by_hand),
                format!("{:+.1}", change.before),
                format!("{:+.1}", change.after),
            ]);
        }
        let _ = writeln!(text, "{}\n", table.trim_fmt());
    }
    let _ = writeln!(
        text,
        "{} weights changed. Fitted on {} cases ({}), penalty {}; mean log-loss {:.4} by hand, \
         {:.4} fitted.",
        found.changes.len(),
        found.cases,
        found.personalities.join(", "),
        found.penalty,
        found.by_hand,
        found.fitted
    );
    text
}
