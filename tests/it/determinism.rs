//! The same input gives the same bytes: with one thread or several, however the files are named
//! first, run after run.

use super::material::{RULES, cases, recording};
use super::program::{FORMATS, run_in};
use std::path::PathBuf;
use wswhy::diagnosis::{Diagnosis, diagnose};
use wswhy::input::read_paths;
use wswhy::score::Case;

fn diagnosed_with(threads: usize, paths: &[PathBuf]) -> Diagnosis {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| {
        let reading = read_paths(paths, &RULES.marks).unwrap();
        diagnose(&reading.sources, &RULES, &reading.warnings)
    })
}

#[test]
fn the_number_of_threads_changes_no_diagnosis() {
    for case in cases("recordings") {
        let alone = diagnosed_with(1, &case.paths());
        assert_eq!(alone, diagnosed_with(3, &case.paths()), "{}", case.name);
    }
}

#[test]
fn the_order_of_the_files_changes_no_diagnosis() {
    let several = |case: &Case| case.label.files.len() > 1;
    for case in cases("recordings").into_iter().filter(several) {
        let first = diagnosed_with(2, &case.paths());
        for paths in orders(&case.paths()) {
            assert_eq!(first, diagnosed_with(2, &paths), "{}", case.name);
        }
    }
}

#[test]
fn every_format_has_the_same_bytes_for_every_order_and_number_of_threads() {
    let case = recording("nginx-bad-gateway-chromium");
    let files: Vec<PathBuf> = case.label.files.clone();
    assert!(files.len() > 2, "the recording has several files");
    for format in FORMATS {
        let mut reports = Vec::new();
        for (paths, threads) in orders(&files).iter().zip(["1", "2", "1", "2", "1", "2"]) {
            let mut command = run_in(&case.folder);
            command.env("RAYON_NUM_THREADS", threads);
            let output = command.args(["--format", format]).args(paths).output();
            reports.push(output.unwrap().stdout);
        }
        assert!(!reports[0].is_empty(), "{format}");
        reports.dedup();
        assert_eq!(reports.len(), 1, "{format} differs between runs");
    }
}

/// Every order of a few paths.
fn orders(paths: &[PathBuf]) -> Vec<Vec<PathBuf>> {
    if paths.len() < 2 {
        return vec![paths.to_vec()];
    }
    let mut all = Vec::new();
    for index in 0..paths.len() {
        let mut rest = paths.to_vec();
        let first = rest.remove(index);
        for mut order in orders(&rest) {
            order.insert(0, first.clone());
            all.push(order);
        }
    }
    all
}
