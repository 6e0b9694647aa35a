//! What each step of the way from bytes to report costs, through the public API: `cargo bench`.
//!
//! divan measures it: it brings few further crates, gives throughput and allocations of each step
//! beside the time, and takes every log as an argument of one function. What the whole program costs
//! beside `grep` and others is measured by `compare.sh`.
#![allow(
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops, and says why"
)]

#[path = "../made/mod.rs"]
mod made;
mod prepared;

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, Divan};
use prepared::{LOGS, LOGS_AND_LONG, Log, RULES};
use std::time::Duration;
use wswhy::attempt::{self, Attempts, InputFacts, Signals};
use wswhy::cause::{View, evaluate};
use wswhy::diagnosis::{Understood, diagnose};
use wswhy::dialect;
use wswhy::input::read_stream;
use wswhy::report::redact::Redactor;
use wswhy::report::{Format, Options, render};
use wswhy::rules::RuleSet;
use wswhy::timeline::Timeline;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    // A step of a second needs no hundred samples; `--max-time` and `--sample-count` say otherwise.
    Divan::default()
        .max_time(Duration::from_secs(2))
        .config_with_args()
        .main();
}

#[divan::bench]
fn rules() -> RuleSet {
    RuleSet::built_in().expect("the built-in rules load")
}

#[divan::bench(args = LOGS_AND_LONG)]
fn reading(bencher: Bencher, log: Log) {
    let text = log.text();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| read_stream("server.log", text.as_bytes(), &RULES.marks));
}

#[divan::bench(args = LOGS)]
fn dialects(bencher: Bencher, log: Log) {
    let prepared = prepared::of(log);
    bencher.counter(BytesCount::new(prepared.bytes)).bench(|| {
        let sources = prepared.reading.sources.iter().enumerate();
        sources
            .map(|(index, source)| dialect::read(index, source))
            .collect::<Vec<_>>()
    });
}

#[divan::bench(args = LOGS)]
fn lexicon(bencher: Bencher, log: Log) {
    let prepared = prepared::of(log);
    bencher.counter(BytesCount::new(prepared.bytes)).bench(|| {
        let records = prepared.records.iter().flatten();
        records
            .map(|record| RULES.lexicon.meanings(record).len())
            .sum::<usize>()
    });
}

/// The lexicon's work is part of it.
#[divan::bench(args = LOGS)]
fn timeline(bencher: Bencher, log: Log) {
    let prepared = prepared::of(log);
    bencher
        .counter(BytesCount::new(prepared.bytes))
        .with_inputs(|| prepared.records.clone())
        .bench_values(|records| Timeline::build(records, &RULES.lexicon));
}

#[divan::bench(args = LOGS)]
fn clocks(bencher: Bencher, log: Log) {
    let prepared = prepared::of(log);
    bencher
        .counter(BytesCount::new(prepared.bytes))
        .with_inputs(|| prepared.timeline.clone())
        .bench_refs(|timeline| attempt::align(timeline, &RULES.lexicon, &RULES.own.routes));
}

#[divan::bench(args = LOGS)]
fn attempts(bencher: Bencher, log: Log) {
    let prepared = prepared::of(log);
    let input = InputFacts::default();
    let routes = &RULES.own.routes;
    bencher
        .counter(BytesCount::new(prepared.bytes))
        .bench(|| Attempts::find(&prepared.timeline, &RULES.lexicon, routes, &input));
}

/// Every cause against every attempt, failed or not.
#[divan::bench(args = LOGS)]
fn causes(bencher: Bencher, log: Log) {
    let prepared = prepared::of(log);
    let all = &prepared.attempts.attempts;
    let (input, timeline) = (Signals::default(), &prepared.timeline);
    bencher.counter(BytesCount::new(prepared.bytes)).bench(|| {
        let rankings = all.iter().map(|attempt| {
            let (attempt, route, input) = (&attempt.signals, &attempt.signals, &input);
            let view = View {
                attempt,
                route,
                input,
                timeline,
            };
            evaluate(&RULES.causes, view, 0.0).0.len()
        });
        rankings.sum::<usize>()
    });
}

/// Attempts that failed alike, brought together and ranked.
#[divan::bench(args = LOGS)]
fn ranking(bencher: Bencher, log: Log) {
    let prepared = prepared::of(log);
    let understood = Understood::new(&prepared.reading.sources, &RULES);
    bencher
        .counter(BytesCount::new(prepared.bytes))
        .bench(|| understood.headline(&RULES.causes));
}

/// Everything from the lines to the diagnosis: the steps above, and summing up.
#[divan::bench(args = LOGS)]
fn diagnosis(bencher: Bencher, log: Log) {
    let prepared = prepared::of(log);
    bencher
        .counter(BytesCount::new(prepared.bytes))
        .bench(|| diagnose(&prepared.reading.sources, &RULES, &[]));
}

#[divan::bench(args = LOGS)]
fn redaction(bencher: Bencher, log: Log) {
    let diagnosis = &prepared::of(log).diagnosis;
    bencher.bench(|| Redactor::of(diagnosis).diagnosis(diagnosis));
}

/// The report in one form, its redaction left out.
fn report(bencher: Bencher, log: Log, format: Format, verbose: bool) {
    let diagnosis = &prepared::of(log).diagnosis;
    let options = Options {
        redact: false,
        verbose,
        ..Options::default()
    };
    bencher.bench(|| render(diagnosis, format, &options));
}

#[divan::bench(args = LOGS)]
fn report_terminal(bencher: Bencher, log: Log) {
    report(bencher, log, Format::Terminal, false);
}

#[divan::bench(args = LOGS)]
fn report_terminal_verbose(bencher: Bencher, log: Log) {
    report(bencher, log, Format::Terminal, true);
}

#[divan::bench(args = LOGS)]
fn report_markdown(bencher: Bencher, log: Log) {
    report(bencher, log, Format::Markdown, false);
}

#[divan::bench(args = LOGS)]
fn report_json(bencher: Bencher, log: Log) {
    report(bencher, log, Format::Json, false);
}

/// From bytes to the report on a terminal, as the program does it, the rules loaded before.
#[divan::bench(args = LOGS_AND_LONG)]
fn whole_way(bencher: Bencher, log: Log) {
    let text = log.text();
    let rules = &*RULES;
    let whole = || {
        let reading =
            read_stream("server.log", text.as_bytes(), &RULES.marks).expect("a made log is read");
        let diagnosis = diagnose(&reading.sources, rules, &reading.warnings);
        render(&diagnosis, Format::Terminal, &Options::default())
    };
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(whole);
}
