//! The logs that steps are measured on, each read as far as the step before needs it, once.

use super::made::{self, Kind};
use std::fmt;
use std::sync::{LazyLock, OnceLock};
use wswhy::attempt::{self, Attempts, InputFacts};
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::dialect;
use wswhy::input::{Reading, read_stream};
use wswhy::record::Record;
use wswhy::rules::RuleSet;
use wswhy::timeline::Timeline;

/// What every diagnosis starts with.
pub(crate) static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::built_in().expect("the built-in rules load"));

const MEGABYTE: u64 = 1_000_000;
const SEED: u64 = 1;

/// A log to measure on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    /// A hundred lines, as one pipes them in.
    Small,
    /// A megabyte each.
    Dense,
    Sparse,
    Traceback,
    Json,
    Open,
    /// Sixteen megabytes, for the steps that see a log before it is cut down to what matters.
    Long,
}

/// All that every step is measured on.
pub(crate) const LOGS: [Log; 6] = [
    Log::Small,
    Log::Dense,
    Log::Sparse,
    Log::Traceback,
    Log::Json,
    Log::Open,
];

/// With the one for the first step and for all steps together.
pub(crate) const LOGS_AND_LONG: [Log; 7] = [
    Log::Small,
    Log::Dense,
    Log::Sparse,
    Log::Traceback,
    Log::Json,
    Log::Open,
    Log::Long,
];

impl fmt::Display for Log {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Small => "100 lines",
            Self::Dense => "dense 1 MB",
            Self::Sparse => "sparse 1 MB",
            Self::Traceback => "traceback 1 MB",
            Self::Json => "json 1 MB",
            Self::Open => "open 1 MB",
            Self::Long => "sparse 16 MB",
        })
    }
}

impl Log {
    /// Its bytes.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Small => {
                let dense = text_of(Kind::Dense, 20_000);
                dense.split_inclusive('\n').take(100).collect()
            }
            Self::Dense => text_of(Kind::Dense, MEGABYTE),
            Self::Sparse => text_of(Kind::Sparse, MEGABYTE),
            Self::Traceback => text_of(Kind::Traceback, MEGABYTE),
            Self::Json => text_of(Kind::Json, MEGABYTE),
            Self::Open => text_of(Kind::Open, MEGABYTE),
            Self::Long => text_of(Kind::Sparse, 16 * MEGABYTE),
        }
    }
}

fn text_of(kind: Kind, bytes: u64) -> String {
    let mut log = Vec::new();
    made::write(kind, SEED, 0, bytes, &mut log).expect("memory takes it");
    String::from_utf8(log).expect("made logs are UTF-8")
}

/// What each step leaves to the next.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) bytes: u64,
    pub(crate) reading: Reading,
    pub(crate) records: Vec<Vec<Record>>,
    pub(crate) timeline: Timeline,
    pub(crate) attempts: Attempts,
    pub(crate) diagnosis: Diagnosis,
}

impl Prepared {
    fn new(log: Log) -> Self {
        let text = log.text();
        let reading =
            read_stream("server.log", text.as_bytes(), &RULES.marks).expect("a made log is read");
        let sources = reading.sources.iter().enumerate();
        let records: Vec<_> = sources
            .map(|(index, source)| dialect::read(index, source))
            .collect();
        let mut timeline = Timeline::build(records.clone(), &RULES.lexicon);
        attempt::align(&mut timeline, &RULES.lexicon, &RULES.own.routes);
        let input = InputFacts::default();
        let routes = &RULES.own.routes;
        let attempts = Attempts::find(&timeline, &RULES.lexicon, routes, &input);
        let diagnosis = diagnose(&reading.sources, &RULES, &reading.warnings);
        Self {
            bytes: text.len() as u64,
            reading,
            records,
            timeline,
            attempts,
            diagnosis,
        }
    }
}

/// The steps' inputs for a log.
pub(crate) fn of(log: Log) -> &'static Prepared {
    static ALL: [OnceLock<Prepared>; LOGS.len()] = [const { OnceLock::new() }; LOGS.len()];
    let place = LOGS.iter().position(|known| *known == log);
    let place = place.expect("steps are measured on the logs of that list");
    ALL[place].get_or_init(|| Prepared::new(log))
}
