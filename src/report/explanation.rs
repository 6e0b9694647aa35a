//! `explain` as text: what a cause is, and why it was or was not named for some logs.

use super::escape;
use super::redact::Redactor;
use crate::cause::Cause;
use crate::diagnosis::{Explanation, WhyNot};
use std::fmt::Write as _;
use textwrap::Options as Wrap;

/// The texts of a cause's rule file.
#[must_use]
pub fn explain_cause(cause: &Cause, width: usize) -> String {
    let mut text = format!("{} ({})\n\n", cause.title, cause.id);
    paragraph(&mut text, &cause.explanation, width, "");
    let _ = writeln!(text);
    paragraph(&mut text, &format!("Impact: {}", cause.impact), width, "");
    let patterns = cause.patterns.join(", ");
    let observed = format!("Stops at: {}. Seen as: {patterns}.", cause.stage);
    paragraph(&mut text, &observed, width, "");
    text.push_str("\nEvidence (log-odds)\n");
    for evidence in &cause.evidence {
        let line = format!("{:+5.1}  {}", evidence.weight, evidence.reason);
        paragraph(&mut text, &line, width, "         ");
    }
    text.push_str("\nFix\n");
    for fix in &cause.fixes {
        paragraph(&mut text, &format!("- {}", fix.text.trim()), width, "  ");
        code(&mut text, fix.code.as_deref());
    }
    text.push_str("\nCheck\n");
    for check in &cause.checks {
        paragraph(&mut text, &format!("- {}", check.what.trim()), width, "  ");
        code(&mut text, check.command.as_deref());
    }
    text.push_str("\nReferences\n");
    for reference in &cause.references {
        paragraph(&mut text, &format!("- {reference}"), width, "  ");
    }
    text
}

/// Why a cause was or was not named, item by item, for each incident of the logs.
#[must_use]
pub fn explain_for_logs(
    cause: &Cause,
    explanations: &[Explanation],
    width: usize,
    redact: bool,
) -> String {
    let mut text = format!("{} ({})\n", cause.title, cause.id);
    if explanations.is_empty() {
        text.push_str("\nNothing in these logs failed, so no cause was weighed.\n");
        return text;
    }
    let redactor = redact.then(|| Redactor::over(explanations.iter().flat_map(quoted)));
    for explanation in explanations {
        let route = explanation.route.as_deref().unwrap_or("(no path named)");
        let shown = shown(route, redactor.as_ref());
        let _ = writeln!(text, "\n{shown}  {}", explanation.pattern);
        paragraph(&mut text, &verdict(explanation), width, "");
        let _ = writeln!(text, "  {:+5.1}  before any evidence", explanation.prior);
        for item in &explanation.items {
            write_item(&mut text, item, width, redactor.as_ref());
        }
    }
    text
}

/// What an explanation takes from the logs, in the order in which it is shown. A file's name does,
/// too: lines that were searched for carry it before them.
fn quoted(explanation: &Explanation) -> impl Iterator<Item = &str> {
    let lines = explanation.items.iter().flat_map(|item| &item.lines);
    let cited = lines.flat_map(|line| [line.file.as_str(), line.text.as_str()]);
    explanation.route.as_deref().into_iter().chain(cited)
}

fn verdict(explanation: &Explanation) -> String {
    match (explanation.ranked, &explanation.explained_by) {
        (Some((rank, probability)), None) => {
            format!("Named, rank {rank}, {:.0} %.", probability * 100.0)
        }
        (Some((rank, _)), Some(root)) => {
            format!("Rank {rank}: here it is a consequence of `{root}`, which explains it.")
        }
        (None, _) => "Not named: nothing speaks for it.".to_owned(),
    }
}

fn write_item(text: &mut String, item: &WhyNot, width: usize, redactor: Option<&Redactor>) {
    let sign = if item.applied {
        "applies"
    } else {
        "does not apply"
    };
    let line = format!("  {:+5.1}  {sign}: {}", item.weight, item.reason);
    paragraph(text, &line, width, "         ");
    for citation in &item.lines {
        let quoted = format!(
            "         {}:{}  {}",
            shown(&citation.file, redactor),
            citation.line,
            shown(&citation.text, redactor)
        );
        paragraph(text, &quoted, width, "           ");
    }
    for condition in &item.unmet {
        paragraph(text, &format!("         {condition}"), width, "         ");
    }
}

fn shown(log: &str, redactor: Option<&Redactor>) -> String {
    let private = redactor.map_or_else(|| log.to_owned(), |redactor| redactor.text(log));
    escape::visible(&private)
}

fn paragraph(text: &mut String, words: &str, width: usize, indent: &str) {
    let wrap = Wrap::new(width.max(20)).subsequent_indent(indent);
    for line in words.trim_end().lines() {
        for part in textwrap::wrap(line, &wrap) {
            let _ = writeln!(text, "{}", part.trim_end());
        }
    }
}

fn code(text: &mut String, code: Option<&str>) {
    for line in code.unwrap_or_default().trim_matches('\n').lines() {
        let _ = writeln!(text, "      {line}");
    }
}
