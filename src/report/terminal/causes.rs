//! The ranked causes of an incident: the first in full, the others by their title.

use super::headline::{one_line, percent};
use super::page::{Line, Page, Role, cut, width_of};
use crate::diagnosis::{Citation, EvidenceItem, FixText, Incident, RankedCause};
use crate::dialect::clock;

/// Causes and items of evidence on the first screen.
const MOST: usize = 3;
/// Where the text of a cause begins: behind its rank.
const INDENT: usize = 5;
/// Levels, as they stand behind a time stamp.
const LEVELS: [&str; 7] = [
    "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "NOTICE",
];

pub(super) fn show(page: &mut Page, incident: &Incident, verbose: bool) {
    let most = if verbose { usize::MAX } else { MOST };
    let shown: Vec<&RankedCause> = incident.causes.iter().take(most).collect();
    let id_width = shown
        .iter()
        .map(|cause| width_of(&cause.id))
        .max()
        .unwrap_or(0);
    if !shown.is_empty() {
        page.gap();
    }
    for (index, cause) in shown.iter().enumerate() {
        heading(page, index.saturating_add(1), cause, id_width);
        if index == 0 && page.is_new(&cause.explanation) {
            page.wrapped(
                Line::indented(INDENT),
                Role::Plain,
                &one_line(&cause.explanation),
            );
        }
        if index == 0 || verbose {
            evidence(page, &cause.evidence, verbose);
            fixes(page, &cause.fixes, verbose);
        }
        if verbose && !cause.impact.is_empty() {
            let lead = Line::indented(INDENT).add(Role::Strong, "Impact  ");
            page.wrapped(lead, Role::Plain, &one_line(&cause.impact));
        }
        if index == 0 && shown.len() > 1 || verbose {
            page.gap();
        }
    }
    rest(page, incident, shown.len(), id_width);
}

/// `2  token-invalid   3 %  The token is cut …`; the first one's title stands in the verdict.
fn heading(page: &mut Page, rank: usize, cause: &RankedCause, id_width: usize) {
    let role = if rank == 1 { Role::Strong } else { Role::Plain };
    let line = Line::indented(2)
        .add(Role::Faint, &rank.to_string())
        .add(Role::Plain, if rank < 10 { "  " } else { " " })
        .add_padded(
            role,
            &cause.id,
            id_width.min(page.width.saturating_sub(INDENT + 6)),
        )
        .add(role, &format!("{:>6}", percent(cause.confidence)));
    if rank == 1 {
        page.push(line);
    } else if page.is_narrow() {
        page.push(line);
        page.wrapped(Line::indented(INDENT), Role::Faint, &one_line(&cause.title));
    } else {
        page.wrapped(
            line.add(Role::Plain, "   "),
            Role::Faint,
            &one_line(&cause.title),
        );
    }
}

/// What is left of the probability: causes not shown, and none of them.
fn rest(page: &mut Page, incident: &Incident, shown: usize, id_width: usize) {
    let none = incident.none_of_these;
    if none >= 0.05 && !incident.causes.is_empty() {
        let line = Line::indented(INDENT)
            .add_padded(Role::Faint, "none of these", id_width)
            .add(Role::Faint, &format!("{:>6}", percent(none)));
        page.push(line);
    }
    let hidden = incident.causes.len().saturating_sub(shown);
    if hidden > 0 {
        let text = format!("{hidden} more, less likely: --verbose");
        page.wrapped(Line::indented(INDENT), Role::Faint, &text);
    }
}

/// Lines that speak for the cause and against it.
fn evidence(page: &mut Page, items: &[EvidenceItem], verbose: bool) {
    let shown = selected(items, verbose);
    let place_width = shown
        .iter()
        .filter_map(|item| item.citation.as_ref())
        .map(|citation| width_of(&place(citation)))
        .max()
        .unwrap_or(0)
        .min(page.width / 3);
    for item in &shown {
        let (role, sign) = if item.supports {
            (Role::Good, "+ ")
        } else {
            (Role::Bad, "- ")
        };
        let line = Line::indented(INDENT).add(role, sign);
        let Some(citation) = &item.citation else {
            page.wrapped(line, Role::Plain, &item.reason);
            continue;
        };
        let quote;
        if page.is_narrow() {
            page.push(line.add(Role::Faint, &place(citation)));
            let room = page.width.saturating_sub(INDENT + 2);
            quote = quoted(&citation.text, room);
            page.push(Line::indented(INDENT + 2).add(Role::Plain, &quote));
        } else {
            let place = cut_front(&place(citation), place_width);
            let line = line
                .add_padded(Role::Faint, &place, place_width)
                .add(Role::Plain, "  ");
            let room = page.width.saturating_sub(line.width());
            let rows = if verbose { MOST_ROWS } else { FEW_ROWS };
            // A word that does not fit leaves a gap at the end of a row.
            quote = quoted(
                &citation.text,
                room.saturating_mul(rows).saturating_sub(room / 3),
            );
            page.wrapped(line, Role::Plain, &quote);
        }
        // Where the end of a line is cut off, its point may be.
        if (verbose || quote.ends_with('…')) && !item.reason.is_empty() {
            page.wrapped(Line::indented(INDENT + 2), Role::Faint, &item.reason);
        }
    }
    if !items.is_empty() && items.iter().all(|item| item.supports) {
        let line = Line::indented(INDENT).add(Role::Faint, "- nothing speaks against it");
        page.push(line);
    }
    let hidden = items.len().saturating_sub(shown.len());
    if hidden > 0 {
        let text = format!("{hidden} more: --verbose");
        page.push(Line::indented(INDENT + 2).add(Role::Faint, &text));
    }
}

/// Rows that a quoted line may take on the first screen.
const FEW_ROWS: usize = 2;
/// Rows that a quoted line may take where all is shown.
const MOST_ROWS: usize = 12;

/// The end of a place in at most `room` columns: the line's number is what is needed.
fn cut_front(place: &str, room: usize) -> String {
    let mut kept = place;
    while width_of(kept) > room.saturating_sub(usize::from(kept.len() < place.len())) {
        let mut characters = kept.chars();
        if characters.next().is_none() {
            break;
        }
        kept = characters.as_str();
    }
    if kept.len() < place.len() {
        format!("…{kept}")
    } else {
        place.to_owned()
    }
}

/// The weightiest items, with one that speaks against if there is any.
fn selected(items: &[EvidenceItem], verbose: bool) -> Vec<&EvidenceItem> {
    if verbose {
        return items.iter().collect();
    }
    let mut shown: Vec<&EvidenceItem> = items.iter().take(MOST).collect();
    let against = items.iter().find(|item| !item.supports);
    if let Some(against) = against
        && shown.iter().all(|item| item.supports)
        && let Some(last) = shown.last_mut()
    {
        *last = against;
    }
    shown
}

fn place(citation: &Citation) -> String {
    format!("{}:{}", citation.file, citation.line)
}

/// A line of a log in one row. Where it is too long, its time stamp and level go first: they say
/// least here.
fn quoted(text: &str, room: usize) -> String {
    let text = text.trim();
    if width_of(text) <= room {
        return text.to_owned();
    }
    let message = message_of(text);
    if message.is_empty() || message.len() == text.len() {
        return cut(text, room);
    }
    cut(&format!("…{message}"), room)
}

/// What stands behind the time stamp and the level.
fn message_of(text: &str) -> &str {
    let inner = text.strip_prefix(['[', '(']).unwrap_or(text);
    let rest = match clock::leading(inner) {
        Some((_, rest)) => rest.trim_start_matches([']', ')']).trim_start(),
        None => text,
    };
    let (word, behind) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let level = word.trim_matches(['[', ']', '(', ')', ':']);
    if LEVELS.contains(&level) {
        behind.trim_start()
    } else {
        rest
    }
}

fn fixes(page: &mut Page, fixes: &[FixText], verbose: bool) {
    let most = if verbose { usize::MAX } else { 1 };
    for fix in fixes.iter().take(most) {
        let lead = Line::indented(INDENT).add(Role::Strong, "Fix  ");
        page.wrapped(lead, Role::Plain, &one_line(&fix.text));
        let Some(code) = fix.code.as_deref().filter(|_| verbose) else {
            continue;
        };
        for line in code.lines() {
            page.push(Line::indented(INDENT + 5).add(Role::Plain, line));
        }
    }
}
