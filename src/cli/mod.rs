//! The program around the library: the only code that reads the environment and prints.

mod args;
mod diagnose;
mod exit;
mod explain;
mod fit;
mod learn;
mod output;
mod rules;
mod score;

use args::{Args, Command, RulesCommand};
use clap::Parser;
use std::process::ExitCode;

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return exit::of_usage(&error),
    };
    let exit_zero = args.diagnose.exit_zero;
    let result = match args.command {
        None => diagnose::run(&args.diagnose),
        Some(Command::Explain(explain)) => explain::run(&explain),
        Some(Command::Learn(learn)) => learn::run(&learn),
        Some(Command::Rules { command }) => match command {
            RulesCommand::List(list) => rules::list(&list),
            RulesCommand::Check { path } => rules::check(&path),
            RulesCommand::Test { folder } => rules::test(folder.as_deref()),
            RulesCommand::Score(args) => score::run(&args),
            RulesCommand::Fit(args) => fit::run(&args),
        },
    };
    match result {
        Ok(exit) => exit.code(exit_zero),
        Err(error) => exit::of_error(&error),
    }
}
