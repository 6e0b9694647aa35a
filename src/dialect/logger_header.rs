//! The headers of text loggers in general: stamp, level, logger, process and thread in any order,
//! with any separators and brackets, up to the first word that is none of them.
//!
//! Formats are not listed: Django's verbose and simple formats, `logging.basicConfig`, Daphne,
//! Uvicorn, Gunicorn, Hypercorn, Celery, loguru and one's own all read the same way. The only
//! doubtful token is a bare module before the message; see [`super::module_column`].

use super::header_gap::Gap;
use super::header_token as token;
use super::trace_line::is_exception_class;
use super::{Dialect, Layer, Parsed, clock, place_column, structlog_console, zap_console};
use crate::record::Level;
use crate::stamp::Stamp;

/// Headers of text loggers.
pub(super) struct LoggerHeader;

impl Dialect for LoggerHeader {
    fn id(&self) -> &'static str {
        "logger-header"
    }

    fn layer(&self) -> Layer {
        Layer::Frame
    }

    fn samples(&self) -> &'static [&'static str] {
        &[
            "INFO 2022-08-20 13:13:00,226 runserver 8841 140377021894464 WebSocket CONNECT /ws/chat/ [127.0.0.1:41934]",
            "INFO 2024-06-01 10:00:00,000 consumers Connection attempt",
            "2024-06-01 10:00:00,000 ERROR    Exception inside application: No route found for path 'ws/x/'.",
            "2017-04-11 10:15:11,479 - INFO - server - Listening on endpoint tcp:port=8000:interface=127.0.0.1",
            "[2024-06-01 10:00:00,000] ERROR [channels.server:41] Closed",
            "WARNING:django.request:Not Found: /ws/x/",
            "INFO:     connection open",
            "[2023-07-04 11:08:02 +0000] [14] [INFO] Listening at: http://0.0.0.0:8000 (14)",
            "[2024-06-01 10:00:00,000: INFO/MainProcess] Task received",
            "2022-01-28 18:10:11.473 | ERROR    | daphne.server:application_checker:290 - Exception inside application",
            "[2017/07/18 10:49:55] WebSocket HANDSHAKING /chat/1/ [127.0.0.1:51094]",
            "DEBUG    WebSocket ['127.0.0.1', 48306] open and established",
        ]
    }

    fn parse(&self, text: &str) -> Option<Parsed> {
        let (mut header, mut message) = Header::scan(text)?;
        if structlog_console::padded_level(message).is_some() || zap_console::is_zap(text) {
            return None;
        }
        // A line logged inside another logger's line: the inner clock and level are the event's.
        if let Some((inner, inner_message)) = Header::scan(message)
            .filter(|(inner, _)| inner.stamp.is_some() && inner.level.is_some())
        {
            header.stamp = inner.stamp.or(header.stamp);
            header.level = inner.level.or(header.level);
            header.logger = inner.logger.or(header.logger);
            message = inner_message;
        }
        let mut place = None;
        if let Some((before, module)) = place_column::split(message) {
            message = before;
            place = Some(module);
        }
        let logger = header
            .logger
            .or_else(|| token::tag(message))
            .or(place)
            .map(str::to_owned);
        Some(Parsed {
            stamp: header.stamp,
            level: header.level,
            logger,
            bare_module: header.bare_module,
            message: message.trim_end().to_owned(),
            ..Parsed::default()
        })
    }
}

/// What was read of a header so far.
#[derive(Debug, Default)]
struct Header<'a> {
    stamp: Option<Stamp>,
    level: Option<Level>,
    logger: Option<&'a str>,
    /// Whether a bare word was taken for the module, where there may be one.
    bare_module: Option<bool>,
    /// The level came before the stamp, as in the format of Django's documentation.
    level_first: bool,
    /// What the last token was.
    last: Last,
}

/// The kind of the token before, as far as it decides what may follow.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Last {
    #[default]
    Nothing,
    Stamp,
    Level,
    Number,
    Other,
}

impl<'a> Header<'a> {
    /// Reads a header; `None` where there is neither stamp nor level.
    fn scan(text: &'a str) -> Option<(Self, &'a str)> {
        let first = text.trim_start().bytes().next()?;
        if !first.is_ascii_alphanumeric() && !matches!(first, b'[' | b'/' | b'(' | b'_') {
            return None;
        }
        let mut header = Self::default();
        let text = token::behind_program(token::without_cut_stamp(text));
        let mut rest = text;
        let mut message = text.trim_start();
        // A header of more tokens than this is none.
        for _ in 0..10 {
            let gap = Gap::of(rest);
            message = gap.message;
            match header.next(&gap) {
                Some(after) => rest = after,
                None => break,
            }
            message = rest;
        }
        let claimed = header.stamp.is_some() || header.level.is_some();
        claimed.then_some((header, message))
    }

    /// Takes one token and gives what follows it.
    fn next(&mut self, gap: &Gap<'a>) -> Option<&'a str> {
        self.time(gap)
            .or_else(|| self.severity(gap))
            .or_else(|| self.number(gap))
            .or_else(|| self.name(gap))
    }

    fn started(&self) -> bool {
        self.stamp.is_some() || self.level.is_some()
    }

    fn time(&mut self, gap: &Gap<'a>) -> Option<&'a str> {
        // Of two stamps in a row the inner is the event's.
        if self.stamp.is_some() && self.last != Last::Stamp {
            return None;
        }
        let (stamp, rest) = clock::leading(gap.token)?;
        self.stamp = Some(stamp);
        self.level_first = self.level.is_some();
        self.last = Last::Stamp;
        Some(rest)
    }

    fn severity(&mut self, gap: &Gap<'a>) -> Option<&'a str> {
        if self.level.is_some() {
            return None;
        }
        if let Some((level, rest)) = token::level_letter(gap.token) {
            // `W 2024-06-01 …`, or behind a stamp or a logger: elsewhere a letter is a word.
            let opens = !self.started() && clock::leading(rest.trim_start()).is_some();
            if opens || self.stamp.is_some() && gap.bracket.is_none() {
                self.level = Some(level);
                self.last = Last::Level;
                return Some(rest);
            }
        }
        let (word, rest) = token::level_word(gap.token)?;
        if structlog_console::padded_level(gap.message).is_some() {
            return None;
        }
        let enclosed = gap.bracket.is_some() && rest.trim_start().starts_with([']', ')']);
        let marked = gap.is_column() && rest.trim_start().starts_with(['|', '-']);
        let celery = rest
            .strip_prefix('/')
            .is_some_and(|rest| token::is_thread(token::word(rest).0));
        let lower = self.last == Last::Stamp && gap.bracket.is_none() && word.is_marked(rest);
        if !(word.shouted || enclosed || marked || celery || lower) {
            return None;
        }
        self.level = Some(word.level);
        self.last = Last::Level;
        let rest = rest
            .strip_prefix('/')
            .filter(|_| celery)
            .map_or(rest, |rest| token::word(rest).1);
        let flask = rest
            .strip_prefix(" in ")
            .and_then(|rest| rest.split_once(": "));
        if let Some((module, message)) = flask.filter(|(module, _)| token::is_identifier(module)) {
            self.logger = Some(module);
            return Some(message);
        }
        Some(rest)
    }

    /// Process and thread numbers: in a bracket, in a column, or two in a row.
    fn number(&mut self, gap: &Gap<'a>) -> Option<&'a str> {
        let (word, rest) = token::word(gap.token);
        let is_number =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let word = word.trim_end_matches([':', ',']);
        if !is_number(word) || !self.started() {
            return None;
        }
        let (following, _) = token::word(rest.trim_start());
        let enclosed = gap.bracket.is_some() && rest.starts_with([']', ')']);
        let column = gap.is_column() && Gap::of(rest).is_column();
        // The second of the two.
        let second = self.last == Last::Number;
        if !(enclosed || column || second || is_number(following)) {
            return None;
        }
        self.last = Last::Number;
        Some(rest)
    }

    fn name(&mut self, gap: &Gap<'a>) -> Option<&'a str> {
        let (word, rest) = token::word(gap.token);
        if word.is_empty() {
            return None;
        }
        if token::is_thread(word) && self.started() {
            self.last = Last::Other;
            return Some(rest);
        }
        if self.logger.is_some() {
            return None;
        }
        let taken = self
            .tight_name(gap)
            .or_else(|| self.placed_name(gap, word, rest))
            .or_else(|| self.bare(gap, word, rest));
        if let Some((logger, rest)) = taken {
            self.logger = Some(logger);
            self.last = Last::Other;
            return Some(rest);
        }
        None
    }

    /// `WARNING:django.request:Not Found`: only directly behind a level.
    fn tight_name(&self, gap: &Gap<'a>) -> Option<(&'a str, &'a str)> {
        if gap.separator != ":" || self.last != Last::Level {
            return None;
        }
        let (name, rest) = gap.message.split_once(':')?;
        token::is_column_name(name).then_some((name, rest))
    }

    /// Names that show what they are: with a line number, with dots, or in a column.
    fn placed_name(
        &self,
        gap: &Gap<'a>,
        word: &'a str,
        rest: &'a str,
    ) -> Option<(&'a str, &'a str)> {
        let next = Gap::of(rest);
        if let Some(module) = token::source_place(word) {
            let alone = gap.bracket.is_some() || self.started() || next.token.starts_with("DEBUG");
            return alone.then_some((module, rest));
        }
        if !self.started() {
            // The columns of an access line: its client is no name.
            if rest.starts_with(" - - ") {
                return None;
            }
            // A name in front of everything: `chat.consumers 2024-…`, `[tornado.access.INFO]` is not.
            let name = word.trim_end_matches(':');
            let header_follows = clock::leading(next.token).is_some()
                || token::level_word(next.token).is_some_and(|(word, _)| word.shouted);
            return (header_follows && (token::is_dotted(name) || token::is_known_module(name)))
                .then_some((name, rest));
        }
        let name = word.trim_end_matches(':');
        if gap.bracket.is_some() {
            return (rest.starts_with([']', ')']) && token::is_dotted(name))
                .then_some((name, rest));
        }
        if token::is_dotted(name) && !rest.is_empty() {
            return (!is_exception_class(name)).then_some((name, rest));
        }
        // In front of the level: `2018-… daphne WARNING message`.
        let level_follows = self.level.is_none()
            && token::level_word(next.token).is_some_and(|(word, _)| word.shouted);
        let column = gap.is_column() && next.is_column() && !next.message.is_empty();
        ((column || level_follows) && token::is_column_name(name)).then_some((name, rest))
    }

    /// [`Self::bare_module`], with a note for [`super::module_column`] where it may err.
    fn bare(&mut self, gap: &Gap<'a>, word: &'a str, rest: &'a str) -> Option<(&'a str, &'a str)> {
        let taken = self.bare_module(gap, word, rest);
        if self.level_first && self.last == Last::Stamp {
            let numbered = rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
            let lower = word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
            self.bare_module = match taken {
                Some(_) if numbered => None,
                Some(_) => Some(true),
                None if lower => None,
                None => Some(false),
            };
        }
        taken
    }

    /// A module without any mark before the message. It is taken where two numbers follow
    /// (process and thread), where level and stamp stand in the order of Django's documented
    /// format, or where it is a module that everyone has; else it is a word of the message.
    fn bare_module(
        &self,
        gap: &Gap<'a>,
        word: &'a str,
        rest: &'a str,
    ) -> Option<(&'a str, &'a str)> {
        let spaced = gap.separator.chars().all(char::is_whitespace) && gap.bracket.is_none();
        if !spaced || self.stamp.is_none() || self.level.is_none() || rest.trim().is_empty() {
            return None;
        }
        let name = word.strip_suffix(':').unwrap_or(word);
        let lower =
            token::is_identifier(name) && !name.bytes().any(|byte| byte.is_ascii_uppercase());
        if !lower {
            return None;
        }
        let following = token::word(rest.trim_start()).0;
        let numbered = !following.is_empty() && following.bytes().all(|byte| byte.is_ascii_digit());
        if numbered && self.level_first {
            return Some((name, rest));
        }
        let known = token::is_known_module(name)
            && !rest.trim_start().starts_with(['=', '-'])
            && !matches!(self.last, Last::Number | Last::Other);
        let documented = self.level_first
            && self.last == Last::Stamp
            && word == name
            && !token::is_common_word(name);
        (known || documented).then_some((name, rest))
    }
}

#[cfg(test)]
mod tests;
