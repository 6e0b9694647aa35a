//! The sieve for long logs: what is kept stands in the log, and the way of reading makes no difference.

use std::fs::File;
use std::io::Write;
use wswhy::mapped::LogFile;
use wswhy::rules::RuleSet;
use wswhy::sieve::{Gathering, KeptLine, Known, Manner, Sifting, sift, sift_file_after};

pub(super) fn hold(rules: &RuleSet, bytes: &[u8]) {
    let Some((first, log)) = bytes.split_first() else {
        return;
    };
    let whole = sifted(rules, log, Manner::default());
    what_is_kept_was_read(log, &whole);
    let other = Manner {
        threads: 1 + usize::from(first % 2),
        block_bytes: 1 + usize::from(*first) * 8,
        ..Manner::default()
    };
    assert_eq!(sifted(rules, log, other), whole, "{other:?}");
    let file = LogFile::new(file_of(log)).expect("a file has a length");
    let in_place = sift_file_after(&Known::default(), file, &rules.marks, other);
    assert_eq!(gathered(in_place), whole, "in place, {other:?}");
}

/// A file of these bytes, which nothing else sees.
fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("room for a file");
    file.write_all(bytes).expect("room for a few bytes");
    file
}

/// The number of lines, and those kept.
type Sifted = (u64, Vec<KeptLine>);

fn sifted(rules: &RuleSet, log: &[u8], manner: Manner) -> Sifted {
    gathered(sift(log, &rules.marks, manner))
}

fn gathered(sifting: Sifting) -> Sifted {
    let lines = sifting.lines;
    assert_eq!(sifting.cut, 0, "no line is that long");
    let mut gathering = Gathering::default();
    gathering.add(sifting);
    (lines, gathering.into_logs().into_iter().flatten().collect())
}

fn what_is_kept_was_read(log: &[u8], (lines, kept): &Sifted) {
    // A log that was emptied under its writer begins with a hole, which is no part of a line.
    let hole = log.iter().take_while(|byte| **byte == 0).count();
    let log = log.get(hole..).unwrap_or_default();
    let text = log.strip_suffix(b"\n").unwrap_or(log);
    let given: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    let count = if log.is_empty() {
        0
    } else {
        given.len() as u64
    };
    assert_eq!(*lines, count, "lines counted");
    let mut before = 0;
    for line in kept {
        assert!(line.number > before, "{line:?} behind line {before}");
        before = line.number;
        let stood = usize::try_from(line.number - 1)
            .ok()
            .and_then(|at| given.get(at));
        let stood = stood.expect("a line of the log");
        assert!(stood.starts_with(&line.bytes), "{line:?} was {stood:?}");
        let more = line.copies.as_ref().map_or(0, |copies| copies.more);
        assert!(more < count, "{line:?} stands for more than there is");
    }
}
