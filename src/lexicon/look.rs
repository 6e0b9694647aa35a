//! Where in a record a phrase is looked for, and in which records at all.
//!
//! What the words of a phrase are is left to the matcher.

use super::schema::{LevelName, Phrase, SideName, Within};
use crate::record::{Frame, Level, Record, Side};
use std::borrow::Cow;

impl From<SideName> for Side {
    fn from(name: SideName) -> Self {
        match name {
            SideName::Backend => Self::Backend,
            SideName::Proxy => Self::Proxy,
            SideName::Client => Self::Client,
        }
    }
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Debug => Self::Debug,
            LevelName::Info => Self::Info,
            LevelName::Warning => Self::Warning,
            LevelName::Error => Self::Error,
            LevelName::Critical => Self::Critical,
        }
    }
}

/// Whether a phrase is meant for such records: their level, side and dialect.
pub(super) fn is_meant_for(phrase: &Phrase, record: &Record) -> bool {
    let level_fits = phrase.level.is_none_or(|least| {
        record
            .level
            .is_some_and(|level| level >= Level::from(least))
    });
    let side_fits = phrase
        .side
        .is_none_or(|side| record.side == Side::from(side));
    let dialect_fits =
        phrase.dialects.is_empty() || phrase.dialects.iter().any(|id| id == record.dialect);
    level_fits && side_fits && dialect_fits
}

/// A text of a record: the part that it is, the exception that it is of, by its place in the
/// traceback, and the words.
type Text<'r> = (Within, Option<usize>, Cow<'r, str>);

/// The texts of a record; the first is the message.
pub(super) fn texts(record: &Record) -> impl Iterator<Item = Text<'_>> {
    let message = (Within::Message, None, spoken(record));
    let logger = record.logger.as_deref();
    let logger = logger.map(|name| (Within::Logger, None, Cow::Borrowed(name)));
    let exceptions = record.traceback.iter().flat_map(|one| &one.exceptions);
    let exceptions = exceptions.enumerate();
    let raised = exceptions.clone().map(|(place, exception)| {
        let words = format!("{}: {}", exception.class, exception.message);
        (Within::Exception, Some(place), Cow::Owned(words))
    });
    let passed = exceptions.flat_map(|(place, exception)| {
        let texts = exception.frames.iter().flat_map(passed);
        texts.map(move |text| (Within::Frame, Some(place), Cow::Owned(text)))
    });
    let head = std::iter::once(message).chain(logger);
    head.chain(raised).chain(passed)
}

/// The message with its further lines; a traceback's lines say *where*, not *what*, and stay out.
fn spoken(record: &Record) -> Cow<'_, str> {
    if record.traceback.is_some() || record.detail.is_empty() {
        Cow::Borrowed(&record.message)
    } else {
        Cow::Owned(record.full_message())
    }
}

fn passed(frame: &Frame) -> impl Iterator<Item = String> {
    let place = format!("{}:{}, in {}", frame.file, frame.line, frame.function);
    let code = (!frame.code.is_empty()).then(|| format!("{}: {}", frame.file, frame.code));
    [Some(place), code].into_iter().flatten()
}
