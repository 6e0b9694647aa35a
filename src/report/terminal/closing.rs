//! The end of the report: lines that nothing understood, what was read, clocks and warnings.

use super::checks::{columns, labelled};
use super::page::{Line, Page, Role};
use crate::diagnosis::{Diagnosis, InputSummary, Template};

/// Templates and warnings on the first screen.
const MOST: usize = 3;

pub(super) fn show(page: &mut Page, diagnosis: &Diagnosis, verbose: bool) {
    let most = if verbose { usize::MAX } else { MOST };
    templates(page, &diagnosis.unrecognised, most);
    inputs(page, &diagnosis.inputs, verbose);
    for clock in &diagnosis.clocks {
        if let Some(sentence) = &clock.sentence {
            labelled(page, "Clocks", Role::Plain, sentence);
        }
    }
    if let Some(config) = &diagnosis.config {
        labelled(page, "Config", Role::Plain, config);
    }
    for warning in diagnosis.warnings.iter().take(most) {
        labelled(page, "Warning", Role::Doubtful, warning);
    }
    more(page, diagnosis.warnings.len(), most);
}

fn templates(page: &mut Page, templates: &[Template], most: usize) {
    if templates.is_empty() {
        return;
    }
    page.gap();
    page.wrapped(
        Line::indented(2),
        Role::Plain,
        "Lines near the attempts that nothing here understands:",
    );
    let rows: Vec<Vec<String>> = templates
        .iter()
        .take(most)
        .map(|template| {
            vec![
                format!("{} ×", template.count),
                super::page::cut(&template.text, page.width.saturating_sub(34).max(16)),
                super::page::cut(
                    &format!("{}:{}", template.first.file, template.first.line),
                    24,
                ),
            ]
        })
        .collect();
    columns(page, &rows);
    more(page, templates.len(), most);
    page.gap();
}

fn inputs(page: &mut Page, inputs: &[InputSummary], verbose: bool) {
    let lines: u64 = inputs.iter().map(|input| input.lines).sum();
    let unrecognised: u64 = inputs.iter().map(|input| input.unrecognised).sum();
    let counted = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    };
    let files = u64::try_from(inputs.len()).unwrap_or(u64::MAX);
    let text = format!(
        "{} of {}, {unrecognised} not understood",
        counted(lines, "line", "lines"),
        counted(files, "file", "files"),
    );
    labelled(page, "Read", Role::Plain, &text);
    if verbose {
        let rows: Vec<Vec<String>> = inputs
            .iter()
            .map(|input| {
                vec![
                    input.file.clone(),
                    counted(input.lines, "line", "lines"),
                    input.dialects.join(", "),
                ]
            })
            .collect();
        columns(page, &rows);
    }
}

fn more(page: &mut Page, total: usize, most: usize) {
    let hidden = total.saturating_sub(most);
    if hidden > 0 {
        let text = format!("{hidden} more: --verbose");
        page.wrapped(Line::indented(4), Role::Faint, &text);
    }
}
