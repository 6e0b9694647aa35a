//! What `grep`, containers, platforms, pastes and editors put around lines.

use wswhy::dialect;
use wswhy::input::{Form, Reading, Source, read_stream};
use wswhy::rules::RuleSet;

pub(super) fn hold(rules: &RuleSet, bytes: &[u8]) {
    // Other line endings and other encodings change the number of lines; they are `unpacking`'s.
    let text = String::from_utf8_lossy(bytes).replace(['\r', '\0'], " ");
    let Ok(reading) = read_stream("server.log", text.as_bytes(), &rules.marks) else {
        return;
    };
    no_line_is_lost(&text, &reading);
    for (index, source) in reading.sources.iter().enumerate() {
        lines_are_lines(source);
        records_stand_on_lines(index, source);
    }
}

/// A line may become several, and what is no line of the log is set aside: none vanishes.
fn no_line_is_lost(text: &str, reading: &Reading) {
    if !reading.warnings.is_empty() {
        return;
    }
    let of = |source: &Source| source.lines.len() as u64 + source.set_aside;
    let read: u64 = reading.sources.iter().map(of).sum();
    let given = text.lines().count() as u64;
    assert!(
        read >= given,
        "{given} lines given, {read} read: {reading:?}"
    );
}

fn lines_are_lines(source: &Source) {
    for line in &source.lines {
        assert!(line.number > 0, "{line:?}");
        if source.form == Form::Lines {
            assert!(!line.text.contains(['\n', '\r']), "{line:?}");
        }
    }
}

fn records_stand_on_lines(index: usize, source: &Source) {
    let records = dialect::read(index, source);
    assert!(source.form == Form::Document || records.len() <= source.lines.len());
    let numbers: Vec<u64> = source.lines.iter().map(|line| line.number).collect();
    for record in records {
        assert!(numbers.contains(&record.origin.line), "{record:?}");
        assert_eq!(record.origin.source, index);
    }
}
