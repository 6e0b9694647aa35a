//! What the user's list of routes says of an attempt's path.

use super::super::{Attempt, Signals};
use crate::own::{Routes, Standing};
use crate::stage::Stage;

/// Adds how the path stands to the list. Where a consumer ran, some route did match, and the list is
/// not complete: it says nothing then.
pub(super) fn add(attempt: &Attempt, routes: &Routes, signals: &mut Signals) {
    let Some(path) = attempt.route.as_deref() else {
        return;
    };
    if attempt.progress.came_to(Stage::Consumer) {
        return;
    }
    let standing = match routes.standing(path) {
        Standing::NoList => return,
        Standing::Listed(_) => "listed",
        Standing::Slash(_) | Standing::Near(_) => "near",
        Standing::Foreign => "unlisted",
    };
    signals.add(format!("route-known={standing}"), []);
}
