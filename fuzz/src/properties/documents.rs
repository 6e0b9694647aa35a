//! HAR, net-export and any other JSON, read as one document and as lines.

use super::pipeline;
use wswhy::dialect;
use wswhy::input::{Form, Line, Source};
use wswhy::rules::RuleSet;

pub(super) fn hold(rules: &RuleSet, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let numbered = text.lines().zip(1..);
    let source = Source {
        name: "network.har".to_owned(),
        family: "network.har".to_owned(),
        form: Form::Document,
        lines: numbered
            .map(|(text, number)| Line {
                number,
                text: text.to_owned(),
                ..Line::default()
            })
            .collect(),
        ..Source::default()
    };
    let last = source.lines.len() as u64;
    for record in dialect::read(0, &source) {
        let origin = record.origin;
        assert!(
            (1..=last).contains(&origin.line) && (origin.line..=last).contains(&origin.last_line),
            "{record:?} stands outside of lines 1 to {last}"
        );
        assert!(record.repeats > 0, "{record:?}");
    }
    pipeline::report(rules, &[source], &[]);
}
