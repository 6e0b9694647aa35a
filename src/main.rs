//! The command line of `wswhy`: arguments in, exit status out. What each command does stands in a
//! file of its own under `cli/`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
