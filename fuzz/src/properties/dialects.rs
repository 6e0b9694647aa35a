//! Every dialect on every line, and the records that the lines are put together to.

use wswhy::dialect::registry::{BODIES, FRAMES};
use wswhy::dialect::{self, Parsed};
use wswhy::input::{Line, Source};
use wswhy::record::Record;
use wswhy::rules::RuleSet;

pub(super) fn hold(_: &RuleSet, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in text.lines() {
        for dialect in FRAMES.iter().chain(BODIES) {
            if let Some(parsed) = dialect.parse(line) {
                fields_are_there_or_not(dialect.id(), line, &parsed);
                assert_eq!(dialect.parse(line), Some(parsed), "{line:?} read twice");
            }
        }
    }
    let source = source(&text);
    let records = dialect::read(0, &source);
    every_line_is_in_one(&source, &records);
}

/// The lines as a log that nothing is around.
fn source(text: &str) -> Source {
    let numbered = text.lines().zip(1..);
    Source {
        name: "server.log".to_owned(),
        family: "server.log".to_owned(),
        lines: numbered
            .map(|(text, number)| Line {
                number,
                text: text.to_owned(),
                ..Line::default()
            })
            .collect(),
        ..Source::default()
    }
}

/// An empty field is none.
fn fields_are_there_or_not(id: &str, line: &str, parsed: &Parsed) {
    let said = format!("{id} made {parsed:?} of {line:?}");
    assert!(parsed.logger.as_deref() != Some(""), "{said}");
    assert!(parsed.target.as_deref() != Some(""), "{said}");
    if let Some(peer) = &parsed.peer {
        assert!(!peer.host.is_empty() && peer.port != Some(0), "{said}");
    }
    if let Some(stamp) = &parsed.stamp {
        assert!(stamp.resolution_ms > 0, "{said}");
        let in_a_day = (0..=86_400_999).contains(&stamp.wall_ms);
        assert!(stamp.dated || in_a_day, "{said}");
    }
    assert!(parsed.status.is_none_or(|it| it < 1000), "{said}");
}

/// The records are a partition of the lines, in their order.
fn every_line_is_in_one(source: &Source, records: &[Record]) {
    let mut next = 1;
    for record in records {
        assert_eq!(
            record.origin.line, next,
            "a gap or an overlap before {record:?}"
        );
        assert!(record.origin.last_line >= record.origin.line);
        assert!(record.repeats > 0, "{record:?}");
        next = record.origin.last_line + 1;
    }
    assert_eq!(
        next,
        source.lines.len() as u64 + 1,
        "lines left out at the end"
    );
}
