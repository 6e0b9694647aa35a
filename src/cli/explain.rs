//! `wswhy explain CAUSE [LOGS…]`.

use super::args::Explain;
use super::diagnose::{load_rules, read};
use super::exit::Exit;
use super::output;
use anyhow::{Result, bail};
use wswhy::diagnosis::explain;
use wswhy::report;
use wswhy::rules::RuleSet;

pub(crate) fn run(args: &Explain) -> Result<Exit> {
    let rules = load_rules(&args.knowledge)?;
    let Some(cause) = rules.cause(&args.cause) else {
        bail!(unknown(&args.cause, &rules));
    };
    let text = if args.paths.is_empty() {
        report::explain_cause(cause, output::width())
    } else {
        let reading = read(&args.paths, &rules.marks)?;
        output::warn(&reading.warnings, !args.no_redact);
        let explanations = explain(&reading.sources, &rules, cause);
        report::explain_for_logs(cause, &explanations, output::width(), !args.no_redact)
    };
    output::print(&text)?;
    Ok(Exit::Fine)
}

fn unknown(name: &str, rules: &RuleSet) -> String {
    let near = rules
        .causes
        .iter()
        .map(|cause| (strsim::jaro_winkler(name, &cause.id), cause.id.as_str()))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match near {
        Some((_, near)) => format!("there is no cause `{name}`; did you mean `{near}`?"),
        None => format!("there is no cause `{name}`; `wswhy rules list` names them all"),
    }
}
