//! Where in a record a phrase is looked for, and in which records at all.
//!
//! What the words of a phrase are is left to the matcher.

use super::schema::{LevelName, Phrase, SideName, Within};
use crate::record::{Exception, Frame, Level, Record, Side};
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

/// The texts of a record, each with the part of it that it is; the first is the message.
pub(super) fn texts(record: &Record) -> impl Iterator<Item = (Within, Cow<'_, str>)> {
    let message = (Within::Message, spoken(record));
    let logger = record.logger.as_deref();
    let logger = logger.map(|name| (Within::Logger, Cow::Borrowed(name)));
    let exceptions = record.traceback.iter().flat_map(|one| &one.exceptions);
    let raised = exceptions.clone().map(raised);
    let frames = exceptions.flat_map(|exception| &exception.frames);
    std::iter::once(message)
        .chain(logger)
        .chain(raised)
        .chain(frames.flat_map(passed))
}

/// The message with its further lines; a traceback's lines say *where*, not *what*, and stay out.
fn spoken(record: &Record) -> Cow<'_, str> {
    if record.traceback.is_some() || record.detail.is_empty() {
        Cow::Borrowed(&record.message)
    } else {
        Cow::Owned(record.full_message())
    }
}

fn raised(exception: &Exception) -> (Within, Cow<'_, str>) {
    let text = format!("{}: {}", exception.class, exception.message);
    (Within::Exception, Cow::Owned(text))
}

fn passed(frame: &Frame) -> impl Iterator<Item = (Within, Cow<'_, str>)> {
    let place = format!("{}:{}, in {}", frame.file, frame.line, frame.function);
    let code = (!frame.code.is_empty()).then(|| format!("{}: {}", frame.file, frame.code));
    [Some(place), code]
        .into_iter()
        .flatten()
        .map(|text| (Within::Frame, Cow::Owned(text)))
}
