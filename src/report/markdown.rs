//! The report for an issue or a chat that renders GitHub's Markdown.
//!
//! Words of logs stand in code spans and fences only; how that holds is said in [`super::escape`].
//! Long evidence is folded. Nothing is decided here.

use super::escape::{code, code_cell, fence, prose};
use super::terminal::percent;
use crate::diagnosis::{
    ChecklistItem, ChecklistStatus, Citation, Diagnosis, EvidenceItem, Incident, NextCheck,
    Outcome, RankedCause, StageState, StageView, Template,
};
use std::fmt::Write as _;

/// Items of evidence shown without unfolding.
const MOST: usize = 4;

/// The report, redacted by the caller.
#[must_use]
pub fn render(diagnosis: &Diagnosis) -> String {
    let mut blocks = vec![headline(diagnosis)];
    if diagnosis.incidents.len() > 1 {
        blocks.push(table(&diagnosis.incidents));
    }
    for one in &diagnosis.incidents {
        incident(&mut blocks, one, diagnosis.incidents.len() > 1);
    }
    healthy(&mut blocks, diagnosis);
    collect(&mut blocks, &diagnosis.collect);
    checklist(&mut blocks, &diagnosis.checklist);
    templates(&mut blocks, &diagnosis.unrecognised);
    let clocks = diagnosis.clocks.iter();
    for sentence in clocks.filter_map(|clock| clock.sentence.as_deref()) {
        blocks.push(format!("> {}", prose(sentence)));
    }
    if !diagnosis.warnings.is_empty() {
        blocks.push("**Warnings**".to_owned());
        blocks.push(list(diagnosis.warnings.iter().map(|text| prose(text))));
    }
    blocks.push(footer(diagnosis));
    let trimmed: Vec<&str> = blocks.iter().map(|block| block.trim_end()).collect();
    trimmed.join("\n\n") + "\n"
}

fn headline(diagnosis: &Diagnosis) -> String {
    let text = match (diagnosis.outcome, diagnosis.incidents.as_slice()) {
        (Outcome::Healthy, _) => "WebSocket: no failure seen".to_owned(),
        (Outcome::InsufficientEvidence, _) => "WebSocket: not enough evidence".to_owned(),
        (Outcome::Failing, [one]) => format!("WebSocket failing: {}", name(one)),
        (Outcome::Failing, many) => format!("WebSocket: {} problems", many.len()),
    };
    format!("## {text}")
}

/// The route as code.
fn name(incident: &Incident) -> String {
    incident
        .route
        .as_deref()
        .map_or_else(|| "no line names the route".to_owned(), code)
}

fn table(incidents: &[Incident]) -> String {
    let mut written =
        "| Route | Pattern | Most likely cause | Failed |\n|---|---|---|---|\n".to_owned();
    for incident in incidents {
        let cause = incident.causes.first().map_or_else(
            || "unknown".to_owned(),
            |cause| format!("{} {}", code_cell(&cause.id), percent(cause.confidence)),
        );
        let route = incident
            .route
            .as_deref()
            .map_or_else(|| "unknown".to_owned(), code_cell);
        let pattern = code_cell(&incident.pattern);
        let _ = writeln!(
            written,
            "| {route} | {pattern} | {cause} | {} of {} |",
            incident.attempts_failed, incident.attempts_total
        );
    }
    written
}

fn incident(blocks: &mut Vec<String>, incident: &Incident, is_one_of_many: bool) {
    if is_one_of_many {
        blocks.push(format!("### {}", name(incident)));
    }
    let mut sentence = format!(
        "{}: {} of {} {}",
        code(&incident.pattern),
        incident.attempts_failed,
        incident.attempts_total,
        if incident.attempts_total == 1 {
            "attempt"
        } else {
            "attempts"
        },
    );
    if let Some(first) = &incident.first_seen {
        let _ = write!(sentence, " since {}", code(first));
    }
    blocks.push(format!("{sentence}. {}", prose(&incident.summary)));
    blocks.push(stages(&incident.stages, incident));
    for (rank, one) in (1..).zip(&incident.causes) {
        cause(blocks, rank, one);
    }
    if incident.none_of_these >= 0.05 && !incident.causes.is_empty() {
        blocks.push(format!(
            "None of these: {}.",
            percent(incident.none_of_these)
        ));
    }
    for text in incident.differential.iter().chain(&incident.remarks) {
        blocks.push(format!("> {}", prose(text)));
    }
    if !incident.next_checks.is_empty() {
        blocks.push("**Next checks**".to_owned());
    }
    for one in &incident.next_checks {
        check(blocks, one);
    }
}

/// The stages with something known, in one line: `client ✓ → server ✓ → auth ✗`.
fn stages(stages: &[StageView], incident: &Incident) -> String {
    let shown: Vec<String> = stages
        .iter()
        .filter(|view| view.state != StageState::Unknown || Some(view.stage) == incident.missing)
        .map(|view| {
            let mark = match view.state {
                StageState::Passed | StageState::Implied => "✓",
                StageState::Failed => "✗",
                StageState::NotReached if Some(view.stage) == incident.missing => "✗",
                StageState::NotReached => "·",
                StageState::Unknown => "?",
            };
            let name = view.stage.name();
            if Some(view.stage) == incident.missing {
                format!("**{name} {mark}**")
            } else {
                format!("{name} {mark}")
            }
        })
        .collect();
    shown.join(" → ")
}

fn cause(blocks: &mut Vec<String>, rank: usize, cause: &RankedCause) {
    let title = prose(&cause.title);
    let confidence = percent(cause.confidence);
    let id = code(&cause.id);
    if rank > 1 {
        blocks.push(format!("**{rank}.** {id} ({confidence}) {title}"));
        return;
    }
    blocks.push(format!("**1.** {id} (**{confidence}**) {title}"));
    blocks.push(prose(&cause.explanation));
    let (shown, folded) = cause
        .evidence
        .split_at_checked(MOST)
        .unwrap_or((&cause.evidence, &[]));
    if !shown.is_empty() {
        blocks.push(fence(&evidence_lines(shown), "text"));
    }
    if !folded.is_empty() {
        let summary = format!("{} more lines of evidence", folded.len());
        blocks.push(fold(&summary, &fence(&evidence_lines(folded), "text")));
    }
    for fix in &cause.fixes {
        blocks.push(format!("**Fix:** {}", prose(&fix.text)));
        if let Some(code) = &fix.code {
            blocks.push(fence(code, ""));
        }
    }
}

fn evidence_lines(items: &[EvidenceItem]) -> String {
    let mut lines = Vec::new();
    for item in items {
        let sign = if item.supports { '+' } else { '-' };
        match &item.citation {
            Some(citation) => {
                lines.push(format!("{sign} {}", cited(citation)));
                lines.push(format!("    {}", super::escape::visible(&item.reason)));
            }
            None => lines.push(format!("{sign} {}", super::escape::visible(&item.reason))),
        }
    }
    lines.join("\n")
}

/// A line of a log with its place, in one row.
fn cited(citation: &Citation) -> String {
    super::escape::visible(&format!(
        "{}:{}  {}",
        citation.file, citation.line, citation.text
    ))
}

fn check(blocks: &mut Vec<String>, check: &NextCheck) {
    let mut text = prose(&check.what);
    if check.settles.len() > 1 {
        let causes: Vec<String> = check.settles.iter().map(|id| code(id)).collect();
        let _ = write!(text, " (tells apart {})", causes.join(", "));
    }
    blocks.push(text);
    if let Some(command) = &check.command {
        // One line: a line break would run what stands before it.
        blocks.push(fence(&super::escape::visible(command), "sh"));
    }
}

fn healthy(blocks: &mut Vec<String>, diagnosis: &Diagnosis) {
    if diagnosis.healthy_routes.is_empty() {
        return;
    }
    let rows = diagnosis.healthy_routes.iter().map(|one| {
        format!(
            "{}, {} of {} attempts",
            code(&one.route),
            one.attempts,
            one.attempts
        )
    });
    let cleared = if diagnosis.incidents.is_empty() {
        ""
    } else {
        " (what these share with a failing route is cleared)"
    };
    blocks.push(format!("**Healthy routes**{cleared}"));
    blocks.push(list(rows));
}

fn collect(blocks: &mut Vec<String>, wanted: &[String]) {
    if !wanted.is_empty() {
        blocks.push("**To find out, add**".to_owned());
        blocks.push(list(
            wanted.iter().map(|text| format!("[ ] {}", prose(text))),
        ));
    }
}

/// A task list: a tick is a passed item; failed ones stand first and say so.
fn checklist(blocks: &mut Vec<String>, items: &[ChecklistItem]) {
    let relevant = || items.iter().filter(|item| item.relevant);
    let count = |status| relevant().filter(|item| item.status == status).count();
    if relevant().next().is_none() {
        return;
    }
    let mut rows: Vec<(u8, String)> = relevant()
        .map(|item| {
            let title = prose(&item.title);
            match item.status {
                ChecklistStatus::Failed => {
                    let place = item.evidence.iter().find_map(|one| one.citation.as_ref());
                    let place = place.map_or_else(String::new, |citation| {
                        format!(
                            " ({})",
                            code(&format!("{}:{}", citation.file, citation.line))
                        )
                    });
                    (0, format!("[ ] **failed:** {title}{place}"))
                }
                ChecklistStatus::Unknown => (1, format!("[ ] {title}. {}", prose(&item.by_hand))),
                ChecklistStatus::Passed => (2, format!("[x] {title}")),
            }
        })
        .collect();
    rows.sort_by_key(|(order, _)| *order);
    let summary = format!(
        "Checklist: {} passed, {} failed, {} unknown",
        count(ChecklistStatus::Passed),
        count(ChecklistStatus::Failed),
        count(ChecklistStatus::Unknown),
    );
    blocks.push(fold(&summary, &list(rows.into_iter().map(|(_, row)| row))));
}

fn templates(blocks: &mut Vec<String>, templates: &[Template]) {
    if templates.is_empty() {
        return;
    }
    let lines: Vec<String> = templates
        .iter()
        .map(|template| {
            let text = super::escape::visible(&template.text);
            format!("{} × {text}", template.count)
        })
        .collect();
    let summary = "Lines near the attempts that nothing here understands";
    blocks.push(fold(summary, &fence(&lines.join("\n"), "text")));
}

fn footer(diagnosis: &Diagnosis) -> String {
    let lines: u64 = diagnosis.inputs.iter().map(|input| input.lines).sum();
    let files = match diagnosis.inputs.len() {
        1 => "1 file".to_owned(),
        many => format!("{many} files"),
    };
    let config = diagnosis
        .config
        .as_deref()
        .map_or_else(String::new, |file| format!(" Own words: {}.", code(file)));
    format!(
        "wswhy {}, {lines} lines of {files} read.{config}",
        env!("CARGO_PKG_VERSION")
    )
}

/// A folded section. The summary is our own text; the blank lines make Markdown of the body.
fn fold(summary: &str, body: &str) -> String {
    format!(
        "<details><summary>{summary}</summary>\n\n{}\n\n</details>",
        body.trim_end()
    )
}

fn list(rows: impl Iterator<Item = String>) -> String {
    rows.map(|row| format!("- {row}"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::escape::tests::outside_of_spans;
    use crate::report::sample;
    use crate::report::{Format, Options, render as render_any};

    fn shown(diagnosis: &Diagnosis) -> String {
        render_any(diagnosis, Format::Markdown, &Options::default())
    }

    #[test]
    fn an_expired_token() {
        insta::assert_snapshot!(shown(&sample::token_expired()));
    }

    #[test]
    fn too_little_evidence() {
        insta::assert_snapshot!(shown(&sample::insufficient()));
    }

    #[test]
    fn hostile_text() {
        let mut diagnosis = sample::hostile();
        diagnosis.incidents.push(diagnosis.incidents[0].clone());
        insta::assert_snapshot!(shown(&diagnosis));
    }

    /// The report without what stands in fences and spans: what Markdown reads.
    fn outside_of_code(report: &str) -> String {
        let mut outside = String::new();
        let mut fence: Option<String> = None;
        for line in report.lines() {
            let ticks: String = line.chars().take_while(|c| *c == '`').collect();
            match &fence {
                Some(open) if ticks.len() >= open.len() && line == ticks => fence = None,
                Some(_) => {}
                None if ticks.len() >= 3 && !line.split_at(ticks.len()).1.contains('`') => {
                    fence = Some(ticks);
                }
                None => {
                    outside.push_str(line);
                    outside.push('\n');
                }
            }
        }
        assert_eq!(fence, None, "every fence is closed");
        outside
            .lines()
            .map(outside_of_spans)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn nothing_of_a_log_is_read_as_markdown() {
        let mut diagnosis = sample::hostile();
        diagnosis.incidents.push(diagnosis.incidents[0].clone());
        let outside = outside_of_code(&shown(&diagnosis));
        for mark in [
            "@",
            "#12",
            "GH-4",
            "![",
            "](",
            "<img",
            "<!--",
            "e.example",
            "~~~",
            "$",
            "\\",
        ] {
            assert!(!outside.contains(mark), "{mark} in {outside}");
        }
        assert_eq!(
            outside.matches("<details>").count(),
            outside.matches("</details>").count()
        );
        for row in outside.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(row.matches('|').count(), 5, "{row}");
        }
    }

    #[test]
    fn prose_survives_between_spans() {
        let outside = outside_of_code(&shown(&sample::token_expired()));
        assert!(outside.contains("The handshake reaches the JWT middleware and stops there"));
    }
}
