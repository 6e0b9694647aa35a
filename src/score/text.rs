//! A scoreboard for people: tables under headings, for a terminal or as Markdown.

use super::calibration::{Calibration, share};
use super::scoreboard::{Group, Scoreboard, Scored};
use super::tally::Tally;
use comfy_table::{CellAlignment, Table, presets};
use std::fmt::Write as _;

/// So many of the causes named are shown for a case that came out wrong.
const SHOWN_CAUSES: usize = 3;

/// What sets the two forms apart.
#[derive(Debug, Clone, Copy)]
struct Look {
    heading: &'static str,
    preset: &'static str,
}

const TERMINAL: Look = Look {
    heading: "",
    preset: presets::NOTHING,
};
const MARKDOWN: Look = Look {
    heading: "## ",
    preset: presets::ASCII_MARKDOWN,
};

pub(super) fn terminal(board: &Scoreboard) -> String {
    render(board, TERMINAL)
}

pub(super) fn markdown(board: &Scoreboard) -> String {
    format!("# Scoreboard\n\n{}", render(board, MARKDOWN))
}

fn render(board: &Scoreboard, look: Look) -> String {
    let mut text = String::new();
    group(&mut text, "All cases", &board.all, look);
    if let Some(unfitted) = &board.unfitted {
        let names: Vec<&str> = unfitted.personalities.iter().map(String::as_str).collect();
        let title = format!("Not fitted on: {}", names.join(", "));
        group(&mut text, &title, unfitted, look);
    }
    confusions(&mut text, board, look);
    misses(&mut text, board, look);
    text
}

fn heading(text: &mut String, look: Look, title: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}{title}\n", look.heading);
}

fn group(text: &mut String, title: &str, group: &Group, look: Look) {
    heading(text, look, title);
    let mut table = table(
        look,
        1,
        &[
            "cause",
            "cases",
            "top 1",
            "exact",
            "top 3",
            "pattern",
            "none named",
        ],
    );
    for (name, tally) in [
        ("any", &group.causes),
        ("stated by a line (explicit)", &group.explicit),
        ("to be inferred", &group.inferred),
    ] {
        table.add_row(tally_row(name, tally));
    }
    let _ = writeln!(text, "{}\n", table.trim_fmt());
    let _ = writeln!(
        text,
        "Healthy: {} of {} called failing, {} left open.",
        group.false_alarms, group.healthy, group.healthy_unsure
    );
    let _ = writeln!(
        text,
        "Files that cannot tell: a cause named all the same, at 50 % or more, in {} of {}.",
        group.overclaimed, group.untellable
    );
    let _ = writeln!(
        text,
        "Pattern, healthy and untellable cases included: {} of {}.",
        percent(group.patterns, group.cases),
        group.cases
    );
    calibration(text, &group.calibration, look);
}

fn tally_row(name: &str, tally: &Tally) -> Vec<String> {
    let of = |part: usize| percent(part, tally.cases);
    vec![
        name.to_owned(),
        tally.cases.to_string(),
        of(tally.top_1),
        of(tally.exact),
        of(tally.top_3),
        of(tally.pattern),
        tally.abstained.to_string(),
    ]
}

fn calibration(text: &mut String, calibration: &Calibration, look: Look) {
    let _ = writeln!(
        text,
        "Calibration: Brier score {:.3}, expected error {:.3}, over {} first causes; \
         none named in {}.\n",
        calibration.brier, calibration.error, calibration.answers, calibration.abstained
    );
    let mut table = table(look, 1, &["confidence from", "answers", "said", "right"]);
    for bin in calibration.bins.iter().rev() {
        table.add_row([
            format!("{:.0} %", bin.from * 100.0),
            bin.answers.to_string(),
            format!("{:.1} %", bin.said * 100.0),
            format!("{:.1} %", bin.share_right() * 100.0),
        ]);
    }
    let _ = writeln!(text, "{}", table.trim_fmt());
}

fn confusions(text: &mut String, board: &Scoreboard, look: Look) {
    if board.confusions.is_empty() {
        return;
    }
    heading(text, look, "Confusions");
    let mut table = table(look, 2, &["expected", "named", "cases"]);
    for confusion in &board.confusions {
        table.add_row([
            confusion.expected.clone(),
            confusion.named.clone(),
            confusion.cases.len().to_string(),
        ]);
    }
    let _ = writeln!(text, "{}", table.trim_fmt());
}

fn misses(text: &mut String, board: &Scoreboard, look: Look) {
    let missed: Vec<&Scored> = board.missed().collect();
    if missed.is_empty() {
        return;
    }
    heading(text, look, "Cases that did not come out as labelled");
    let mut table = table(look, 3, &["case", "labelled", "answered"]);
    for Scored { case, answer } in missed {
        let named: Vec<String> = answer
            .causes
            .iter()
            .take(SHOWN_CAUSES)
            .map(|ranked| format!("{} {:.2}", ranked.cause, ranked.confidence))
            .collect();
        table.add_row([
            case.name.clone(),
            joined(case.label.pattern.name(), case.label.cause.as_deref()),
            joined(&answer.pattern, Some(&named.join(", "))),
        ]);
    }
    let _ = writeln!(text, "{}", table.trim_fmt());
}

fn joined(pattern: &str, cause: Option<&str>) -> String {
    match cause {
        Some(cause) if !cause.is_empty() => format!("{pattern}: {cause}"),
        _ => pattern.to_owned(),
    }
}

/// A table. Its first columns hold texts, so many; the others hold figures and stand to the right.
fn table(look: Look, texts: usize, header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(look.preset).set_header(header);
    for column in table.column_iter_mut().skip(texts) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    format!("{part} ({:.1} %)", share(part, whole) * 100.0)
}
