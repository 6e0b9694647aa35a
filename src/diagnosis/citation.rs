//! Which line of a record is quoted as the proof of something. A traceback's head says that something
//! was raised; what was raised stands in the exception's own line, many lines below.

use super::Findings;
use super::model::Citation;
use crate::event::Event;
use crate::lexicon::KindId;
use crate::record::{Exception, Record};

/// What a server says of every exception, whatever it is.
const OF_ANY_EXCEPTION: &str = "application-exception";

/// The line that proves that the event is of one of these kinds; with none of them, of any of its own.
pub(super) fn of(event: &Event, kinds: &[KindId], findings: &Findings<'_>) -> Citation {
    let record = &event.record;
    let raised = exception(event, kinds, findings);
    let below = raised.and_then(|exception| line_of(exception, record, findings));
    let (line, text) = below.unwrap_or_else(|| (record.origin.line, record.text.clone()));
    let source = findings.sources.get(record.origin.source);
    Citation {
        file: source.map(|source| source.name.clone()).unwrap_or_default(),
        line,
        text,
    }
}

/// The exception whose line is the proof; `None` where the head says as much.
fn exception<'e>(
    event: &'e Event,
    kinds: &[KindId],
    findings: &Findings<'_>,
) -> Option<&'e Exception> {
    let traceback = event.record.traceback.as_ref()?;
    let generic = findings.rules.lexicon.find(OF_ANY_EXCEPTION);
    let is_asked = |kind: KindId| kinds.contains(&kind) && Some(kind) != generic;
    let none_asked = !event.meanings.iter().any(|meaning| is_asked(meaning.kind));
    let mut saying = event
        .meanings
        .iter()
        .filter(|meaning| is_asked(meaning.kind) || none_asked && Some(meaning.kind) != generic);
    let by_head = saying.clone().any(|meaning| meaning.raised.is_none());
    let exceptions = &traceback.exceptions;
    let named = saying.find_map(|meaning| exceptions.get(meaning.raised?));
    let escaped = exceptions.iter().rfind(|one| !one.class.is_empty());
    named
        .or(escaped)
        .filter(|one| !by_head && !is_stated(one, &event.record.message))
}

/// Whether the head repeats the exception's own words, as Daphne's does.
fn is_stated(exception: &Exception, head: &str) -> bool {
    let words = first_line(&exception.message);
    let class = exception.class.rsplit('.').next().unwrap_or_default();
    !words.is_empty() && head.contains(words) || !class.is_empty() && head.contains(class)
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default().trim()
}

/// The line among the record's that states the exception: its number and its text.
fn line_of(
    exception: &Exception,
    record: &Record,
    findings: &Findings<'_>,
) -> Option<(u64, String)> {
    if exception.class.is_empty() {
        return None;
    }
    let words = first_line(&exception.message);
    let states = |text: &str| {
        // Bars of exception groups, or a header that each line repeats, may stand before it.
        let at = text.find(exception.class.as_str());
        let before = at.and_then(|at| text.get(..at));
        let own_word =
            before.is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric()));
        let quoted = text.contains(" File \"") || text.trim_start().starts_with("raise ");
        own_word && text.contains(words) && !quoted
    };
    let lines = &findings.sources.get(record.origin.source)?.lines;
    let first = lines.partition_point(|line| line.number <= record.origin.line);
    let further = lines.iter().skip(first);
    let own = further.take_while(|line| line.number <= record.origin.last_line);
    // Source code may name the class too; the exception stands below it.
    let found = own.filter(|line| states(&line.text)).last()?;
    Some((found.number, found.text.clone()))
}
