//! The arguments.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  grep -i \"dashboard\\|websocket\\|jwt middleware\" backend/logs/*.log | wswhy
  wswhy backend/logs console.log
  wswhy --format markdown backend/logs console.log > report.md
  docker compose logs web | wswhy - console.log
  wswhy explain token-expired
  wswhy explain origin-rejected backend/logs
  wswhy learn backend/logs > wswhy.toml

Exit status:
  0  nothing fails       2  wrong usage, or nothing could be read
  1  failures diagnosed  3  the input cannot tell";

const LEARN_EXAMPLES: &str = "\
Examples:
  wswhy learn backend/logs > wswhy.toml
  wswhy rules check wswhy.toml
  wswhy backend/logs";

/// Says why a WebSocket connection to a Django Channels backend failed.
///
/// Reads backend logs, proxy logs and browser console dumps, names the stage at which the
/// connection stopped, the likely causes with the lines that prove them, the fix, and what to
/// check next. Tokens, cookies, e-mail addresses and user names are replaced in every report.
#[derive(Debug, Parser)]
#[command(name = "wswhy", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) diagnose: Diagnose,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The main job.
#[derive(Debug, clap::Args)]
pub(crate) struct Diagnose {
    /// Logs: files, directories, `-` for standard input, which is read where none are given
    pub(crate) paths: Vec<PathBuf>,
    /// How to print the report
    #[arg(short, long, value_enum, default_value_t = Format::Terminal)]
    pub(crate) format: Format,
    /// Show all evidence and the whole checklist
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Print tokens, cookies, addresses and names as they stand in the logs
    #[arg(long)]
    pub(crate) no_redact: bool,
    /// Exit with 0 whatever was found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) knowledge: Knowledge,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) color: Colour,
    /// Columns to print in [default: the terminal's, or 80]
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..=1000))]
    pub(crate) width: Option<u16>,
}

/// What is known beside the built-in rules.
#[derive(Debug, clap::Args)]
pub(crate) struct Knowledge {
    /// Add the rules of a directory, or override built-in ones
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// Read your application's words from this file [default: the first wswhy.toml in the working
    /// directory or above it]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Look for no wswhy.toml
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, in a terminal
    Terminal,
    /// For pasting into an issue
    Markdown,
    /// For programs; schema version 1
    Json,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The other jobs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what a cause is, or why it was or was not named for some logs
    Explain(Explain),
    /// Propose a wswhy.toml for the words of your application that are not known
    Learn(Learn),
    /// Look at the rules
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
}

/// `wswhy explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The cause, as reports name it (`wswhy rules list` lists them)
    pub(crate) cause: String,
    /// Logs to explain it for
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) knowledge: Knowledge,
    /// Print tokens, cookies, addresses and names as they stand in the logs
    #[arg(long)]
    pub(crate) no_redact: bool,
}

/// `wswhy learn`.
///
/// Looks at the lines near connection attempts that no phrase knows, groups those that differ only
/// in their values, guesses from their place what they mean, and prints a wswhy.toml to review.
/// What it is not sure of is commented out. Values are left out, private ones above all.
#[derive(Debug, clap::Args)]
#[command(after_help = LEARN_EXAMPLES)]
pub(crate) struct Learn {
    /// Logs: files, directories, `-` for standard input, which is read where none are given
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) knowledge: Knowledge,
}

/// `wswhy rules`.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List every cause
    List(List),
    /// Check a directory of rules, or a wswhy.toml, without running them
    Check {
        /// A directory with `causes/*.toml`, `lexicon/*.toml` or `checklist.toml`, or a wswhy.toml
        path: PathBuf,
    },
    /// Run the examples and near misses inside the rule files
    Test {
        /// A directory of rules to add to the built-in ones first
        folder: Option<PathBuf>,
    },
    /// Diagnose logs whose causes are known, and print how often that came out right
    Score(Score),
    /// Fit the weights of evidence to logs whose causes are known, and write them into rule files
    Fit(Fit),
}

/// `wswhy rules fit`.
#[derive(Debug, clap::Args)]
pub(crate) struct Fit {
    /// A directory with cases: folders of logs, each with a `case.toml` that holds the answer
    pub(crate) cases: PathBuf,
    /// The directory of rules to change
    #[arg(long, value_name = "DIR")]
    pub(crate) into: PathBuf,
    /// The personalities to fit on, so that the others can measure the result
    /// [default: those of the directory's `fitting.toml`]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) on: Vec<String>,
    /// Print what would change, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `wswhy rules score`.
#[derive(Debug, clap::Args)]
pub(crate) struct Score {
    /// A directory with cases: folders of logs, each with a `case.toml` that holds the answer
    pub(crate) folder: PathBuf,
    /// How to print the scoreboard
    #[arg(short, long, value_enum, default_value_t = Format::Terminal)]
    pub(crate) format: Format,
    /// Exit with 1 unless every case comes out as labelled
    #[arg(long)]
    pub(crate) strict: bool,
    /// Add the rules of a directory, or override built-in ones
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
}

/// `wswhy rules list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Add the rules of a directory, or override built-in ones
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
}
