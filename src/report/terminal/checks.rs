//! What is left to do: the comparison with healthy routes, remarks, next checks, the checklist, and
//! what to collect.

use super::headline::one_line;
use super::page::{Line, Page, Role, width_of};
use crate::diagnosis::{ChecklistItem, ChecklistStatus, Incident, NextCheck};
use comfy_table::{ContentArrangement, Table, presets};

/// The width of the words before each block of an incident.
const LABEL: usize = 14;

pub(super) fn of_incident(page: &mut Page, incident: &Incident, verbose: bool) {
    page.gap();
    for text in &incident.differential {
        labelled(page, "Compared", Role::Plain, text);
    }
    for text in &incident.remarks {
        if !page.is_new(text) {
            continue;
        }
        labelled(page, "Remark", Role::Plain, text);
    }
    let most = if verbose { usize::MAX } else { 1 };
    for check in incident.next_checks.iter().take(most) {
        next_check(page, check);
    }
}

fn next_check(page: &mut Page, check: &NextCheck) {
    labelled(page, "Next check", Role::Plain, &one_line(&check.what));
    let indent = if page.is_narrow() { 4 } else { LABEL };
    if let Some(command) = &check.command {
        for line in shell_lines(command, page.width.saturating_sub(indent)) {
            page.push_whole(Line::indented(indent).add(Role::Strong, &line));
        }
    }
    if check.settles.len() > 1 {
        let text = format!("tells apart {}", check.settles.join(", "));
        page.wrapped(Line::indented(indent), Role::Faint, &text);
    }
}

/// A command over lines that a shell reads as one: cut at blanks outside quotes, a backslash at the
/// end. A word longer than the room stays whole: what is cut inside quotes cannot be pasted.
fn shell_lines(command: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in shell_words(command) {
        let used = lines.last().map_or(0, |line| width_of(line));
        // A blank before the word, and ` \` behind it where the command goes on.
        let needed = used.saturating_add(width_of(&word)).saturating_add(3);
        let fits = needed <= room;
        if used > 0 && !fits {
            if let Some(line) = lines.last_mut() {
                line.push_str(" \\");
            }
            lines.push(format!("  {word}"));
        } else if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    lines
}

/// The command cut at blanks outside quotes.
fn shell_words(command: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut quote = None;
    for part in command.split(' ') {
        match words.last_mut() {
            Some(word) if quote.is_some() => {
                word.push(' ');
                word.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
        quote = quote_after(part, quote);
    }
    words
}

/// The quote that is open behind a word, where `open` was before it.
fn quote_after(word: &str, open: Option<char>) -> Option<char> {
    let mut open = open;
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        match (open, character) {
            (None | Some('"'), '\\') => {
                characters.next();
            }
            (None, '\'' | '"') => open = Some(character),
            (Some(quote), closing) if quote == closing => open = None,
            _ => {}
        }
    }
    open
}

/// What to provide where the input does not suffice.
pub(super) fn collect(page: &mut Page, wanted: &[String]) {
    if wanted.is_empty() {
        return;
    }
    page.push(Line::indented(2).add(Role::Strong, "To find out, add:"));
    for (nth, text) in (1..).zip(wanted) {
        let lead = Line::indented(2).add(Role::Plain, &format!("{nth:>2}. "));
        page.wrapped(lead, Role::Plain, &one_line(text));
    }
    page.gap();
}

/// The counts in one line, or every item.
pub(super) fn checklist(page: &mut Page, items: &[ChecklistItem], verbose: bool) {
    let relevant: Vec<&ChecklistItem> = items.iter().filter(|item| item.relevant).collect();
    if relevant.is_empty() {
        return;
    }
    let of = |status: ChecklistStatus| relevant.iter().filter(move |item| item.status == status);
    let failed: Vec<&str> = of(ChecklistStatus::Failed)
        .map(|item| item.id.as_str())
        .collect();
    let more = if failed.len() > 3 { " …" } else { "" };
    let few: Vec<&str> = failed.iter().take(3).copied().collect();
    let names = match few.as_slice() {
        [] => String::new(),
        _ => format!(" ({}{more})", few.join(", ")),
    };
    let counts = format!(
        "{} passed, {} failed{names}, {} unknown",
        of(ChecklistStatus::Passed).count(),
        failed.len(),
        of(ChecklistStatus::Unknown).count(),
    );
    let hint = if verbose {
        ""
    } else {
        "   --verbose lists them"
    };
    labelled(page, "Checklist", Role::Plain, &format!("{counts}{hint}"));
    if verbose {
        list(page, &relevant);
        page.gap();
    }
}

fn list(page: &mut Page, items: &[&ChecklistItem]) {
    let sign = |status| match status {
        ChecklistStatus::Passed => (Role::Good, "✓"),
        ChecklistStatus::Failed => (Role::Bad, "✗"),
        ChecklistStatus::Unknown => (Role::Doubtful, "?"),
    };
    for item in items {
        let (role, mark) = sign(item.status);
        let lead = Line::indented(4).add(role, mark).add(Role::Plain, " ");
        page.wrapped(lead, Role::Plain, &one_line(&item.title));
        let cited = item.evidence.iter().find_map(|one| one.citation.as_ref());
        if let Some(citation) = cited {
            let text = format!("{}:{}  {}", citation.file, citation.line, citation.text);
            page.push(Line::indented(6).add(Role::Faint, &text));
        }
        if item.status == ChecklistStatus::Unknown {
            page.wrapped(Line::indented(6), Role::Faint, &one_line(&item.by_hand));
        }
    }
}

/// Rows in columns that share the width; one under the other where there is too little of it.
pub(super) fn columns(page: &mut Page, rows: &[Vec<String>]) {
    const INDENT: usize = 4;
    if page.is_narrow() {
        for row in rows {
            page.wrapped(Line::indented(INDENT), Role::Faint, &row.join("  "));
        }
        return;
    }
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(page.width.saturating_sub(INDENT)).unwrap_or(u16::MAX));
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for line in table.lines() {
        page.push(Line::indented(INDENT).add(Role::Faint, line.trim_end()));
    }
}

/// A text behind the word that says what it is; on its own line's start where the window is narrow.
pub(super) fn labelled(page: &mut Page, label: &str, role: Role, text: &str) {
    if page.is_narrow() {
        page.wrapped(Line::indented(2), role, &format!("{label}: {text}"));
    } else {
        let lead = Line::indented(2).add_padded(Role::Strong, label, LABEL - 2);
        page.wrapped(lead, role, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_cut_where_a_shell_does_not_mind() {
        assert_eq!(
            shell_lines("curl -H \"Authorization: Token x\" -i http://h/", 30),
            [
                "curl -H \\",
                "  \"Authorization: Token x\" \\",
                "  -i http://h/"
            ]
        );
        assert_eq!(shell_lines("aaaaaaaa", 5), ["aaaaaaaa"]);
    }
}
