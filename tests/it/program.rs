//! The program itself, run as a user runs it. What it must do stands in the tests.

use super::material::root;
use assert_cmd::Command;
use std::path::Path;

/// The three forms of a report, as `--format` names them.
pub(crate) const FORMATS: [&str; 3] = ["terminal", "markdown", "json"];

/// `wswhy`, run in a folder, with nothing in the environment that changes its output.
pub(crate) fn run_in(folder: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("wswhy"));
    command.current_dir(folder);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// `wswhy`, run in the repository.
pub(crate) fn run() -> Command {
    run_in(root())
}
