//! The command line of `wswhy`: arguments in, exit status out. What each command does stands in a
//! file of its own under `cli/`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    // On a thread of the pool: from any other, each parallel step would be handed over and waited for.
    rayon::scope(|_| cli::run())
}
