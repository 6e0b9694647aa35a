//! The attempt as a row of stages, with the line that shows where it stopped.

use super::page::{Line, Page, Role, cut, width_of};
use crate::diagnosis::{Citation, Incident, StageState, StageView};
use crate::stage::Stage;

/// Draws the stages that something is known of, and the ones to come up to the accept.
pub(super) fn show(page: &mut Page, incident: &Incident, verbose: bool) {
    let shown: Vec<&StageView> = incident
        .stages
        .iter()
        .filter(|view| verbose || is_telling(view, incident))
        .collect();
    if shown.is_empty() {
        return;
    }
    page.gap();
    let mut row = Line::indented(2);
    let mut pointer: Option<(usize, &Citation)> = None;
    for view in shown {
        let (role, mark) = mark(view, incident);
        let name = view.stage.name();
        let room = page.width.saturating_sub(row.width());
        if width_of(name).saturating_add(2) > room {
            page.push(std::mem::replace(&mut row, Line::indented(2)));
            point(page, pointer.take());
        }
        if Some(view.stage) == pointed(incident) {
            pointer = view.proof.as_ref().map(|proof| (row.width(), proof));
        }
        row = row
            .add(Role::Plain, &format!("{name} "))
            .add(role, mark)
            .add(Role::Plain, " ");
    }
    page.push(row);
    point(page, pointer);
}

/// Unknown stages say nothing; of those not reached, the ones that lead to an open socket do.
fn is_telling(view: &StageView, incident: &Incident) -> bool {
    let is_missing = Some(view.stage) == incident.missing;
    match view.state {
        StageState::Passed | StageState::Implied | StageState::Failed => true,
        StageState::NotReached => is_missing || view.stage <= Stage::Accept,
        StageState::Unknown => is_missing,
    }
}

fn mark(view: &StageView, incident: &Incident) -> (Role, &'static str) {
    let is_missing = Some(view.stage) == incident.missing;
    match view.state {
        StageState::Passed | StageState::Implied => (Role::Good, "✓"),
        StageState::Failed => (Role::Bad, "✗"),
        StageState::NotReached if is_missing => (Role::Bad, "✗"),
        StageState::NotReached => (Role::Faint, "·"),
        StageState::Unknown => (Role::Doubtful, "?"),
    }
}

/// The stage whose line is pointed at: where it stopped, else the last one that is proven.
fn pointed(incident: &Incident) -> Option<Stage> {
    let has_proof = |stage: &Stage| {
        incident
            .stages
            .iter()
            .any(|view| view.stage == *stage && view.proof.is_some())
    };
    incident.missing.filter(has_proof).or(incident.furthest)
}

/// `╰ server.log:42`, below the stage; to its left where there is more room.
fn point(page: &mut Page, pointer: Option<(usize, &Citation)>) {
    let Some((column, proof)) = pointer else {
        return;
    };
    let place = format!("{}:{}", proof.file, proof.line);
    let width = width_of(&place);
    let line = if column.saturating_add(2).saturating_add(width) <= page.width {
        Line::indented(column).add(Role::Faint, &format!("╰ {place}"))
    } else if width < column {
        Line::indented(column.saturating_sub(width).saturating_sub(1))
            .add(Role::Faint, &format!("{place} ╯"))
    } else {
        Line::indented(2).add(
            Role::Faint,
            &cut(&format!("at {place}"), page.width.saturating_sub(2)),
        )
    };
    page.push(line);
}
