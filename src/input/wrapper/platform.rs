//! What machines and platforms put before a line: docker's and Kubernetes' stamps, the container
//! runtime's format, syslog, journald, Heroku, Fly.

use super::clock::{self, Iso};
use super::layer::{Layer, begins_with_a_date, continues_a_record};
use crate::stamp::Stamp;
use std::borrow::Cow;
use std::num::Saturating;

/// Digits of a second from which no usual logger wrote the stamp: Python stops at six.
const WRAPPER_DIGITS: usize = 7;

/// Share of lines, in percent, that must begin with a stamp for the stamp to be a wrapper's.
const MIN_STAMPED_PERCENT: usize = 80;

/// What is known of all lines of a source together.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    /// Whether an RFC 3339 stamp stands before lines that no logger would stamp.
    stamped: bool,
    /// The year that the lines name; syslog leaves it out.
    year: Option<i32>,
    /// The month of the last syslog stamp read.
    month: Option<u32>,
}

impl Clocks {
    /// Looks at all lines of a source.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Self {
        let [mut lines, mut stamped] = [Saturating(0_usize); 2];
        let mut foreign = false;
        for text in texts.clone().filter(|text| !text.trim().is_empty()) {
            lines += 1;
            if let Some(Iso { rest, .. }) = clock::iso(text) {
                stamped += 1;
                let inside = rest.strip_prefix(' ').unwrap_or(rest);
                foreign |= begins_with_a_date(inside) || continues_a_record(inside);
            }
        }
        let common = stamped.0.saturating_mul(100) >= lines.0.saturating_mul(MIN_STAMPED_PERCENT);
        Self {
            stamped: foreign && common,
            year: texts
                .filter(|text| clock::syslog(text).is_some())
                .find_map(year_within),
            month: None,
        }
    }

    /// A syslog time as a stamp: dated where a line of the source names the year.
    fn stamp(&mut self, month: u32, day: u32, time: clock::TimeOfDay) -> Stamp {
        // December and then January: the log goes on in the next year.
        if self.month == Some(12) && month == 1 {
            self.year = self.year.map(|year| year.saturating_add(1));
        }
        self.month = Some(month);
        let dated = self.year.and_then(|year| time.on(year, month, day, None));
        dated.unwrap_or_else(|| time.undated())
    }
}

/// The year of the first date in digits within the first part of a line.
fn year_within(text: &str) -> Option<i32> {
    text.split([' ', '[', '(', '"'])
        .take(16)
        .filter(|word| begins_with_a_date(word))
        .find_map(|word| word.get(..4)?.parse().ok())
}

/// Lines that begin with an RFC 3339 stamp.
pub(super) fn after_iso<'a>(text: &'a str, clocks: &Clocks) -> Option<Layer<'a>> {
    let Iso {
        stamp,
        digits,
        rest,
    } = clock::iso(text)?;
    let rest = match rest.strip_prefix([' ', '\t']) {
        Some(rest) => rest,
        None if rest.is_empty() => "",
        None => return None,
    };
    let layer = container_runtime(rest)
        .or_else(|| fly(rest))
        .or_else(|| log_stream(rest))
        .or_else(|| named_with_id(rest))
        .or_else(|| named_with_id(behind_host(rest)?));
    if let Some(layer) = layer {
        return Some(layer.at(Some(stamp)));
    }
    let wrapped = digits >= WRAPPER_DIGITS || clocks.stamped || begins_with_a_date(rest);
    wrapped.then(|| Layer {
        stamp: Some(stamp),
        text: Cow::Borrowed(rest),
        ..Layer::default()
    })
}

/// `Aug 25 09:44:24 app02 daphne[1106]: text`, with `<30>` before it perhaps.
pub(super) fn after_month<'a>(text: &'a str, clocks: &mut Clocks) -> Option<Layer<'a>> {
    let (month, day, time, rest) = clock::syslog(text)?;
    let layer = identified(behind_host(rest.strip_prefix(' ')?)?)?;
    let stamp = clocks.stamp(month, day, time);
    Some(layer.at(Some(stamp)))
}

/// Syslog with its priority: `<30>Aug 25 …`, or RFC 5424's `<165>1 2003-10-11T22:14:15.003Z host
/// program pid id - text`. Drains put the length before it.
pub(super) fn after_priority<'a>(text: &'a str, clocks: &mut Clocks) -> Option<Layer<'a>> {
    let (length, rest) = text.split_once('<')?;
    let framed = length.trim_end().bytes().all(|byte| byte.is_ascii_digit());
    let (priority, rest) = rest.split_once('>').filter(|_| framed)?;
    let digits = priority.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || priority.is_empty() || priority.len() > 3 {
        return None;
    }
    let Some(rest) = rest.strip_prefix("1 ") else {
        return after_month(rest, clocks);
    };
    let Iso { stamp, rest, .. } = clock::iso(rest)?;
    let (_, rest) = word(rest.strip_prefix(' ')?)?;
    let (program, rest) = word(rest)?;
    let (pid, rest) = word(rest)?;
    // Heroku leaves the id of the message out, others write `-`.
    let text = match rest.strip_prefix("- ") {
        Some(text) => text.strip_prefix("- ").unwrap_or(text),
        None => behind_structure(word(rest)?.1)?,
    };
    let process = match (program, pid) {
        ("-", "-") => None,
        (program, "-") => Some(program.to_owned()),
        (program, pid) => Some(format!("{program}[{pid}]")),
    };
    Some(Layer {
        process: process.map(Cow::Owned),
        stamp: Some(stamp),
        text: Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        ..Layer::default()
    })
}

/// The message behind RFC 5424's structured data.
fn behind_structure(text: &str) -> Option<&str> {
    text.strip_prefix("- ").or_else(|| {
        text.strip_prefix('[')?
            .split_once("] ")
            .map(|(_, text)| text)
    })
}

/// `daphne[1106]: text`, `heroku/router: text`, `app[web.1]: text`.
fn identified(text: &str) -> Option<Layer<'_>> {
    let (name, rest) = text.split_once(':')?;
    let inside = if rest.is_empty() {
        ""
    } else {
        rest.strip_prefix(' ')?
    };
    let (program, id) = match name.strip_suffix(']') {
        Some(name) => name.split_once('[')?,
        None => (name, "-"),
    };
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_./@()".contains(letter);
    let plain = |part: &str| !part.is_empty() && part.chars().all(allowed);
    let fits = plain(program)
        && plain(id)
        && program.starts_with(|letter: char| letter.is_ascii_alphabetic());
    // A severity before a colon is a logger's frame, not a program.
    (fits && !super::layer::is_level(program)).then(|| Layer::of(name, inside))
}

/// The same where a logger's name (`2024-06-01T10:00:00 channels.server: text`) must not be taken
/// for a program: only with an id or a slash.
pub(super) fn named_with_id(text: &str) -> Option<Layer<'_>> {
    let layer = identified(text)?;
    let name = layer.process.as_deref().unwrap_or_default();
    (name.ends_with(']') || name.contains('/')).then_some(layer)
}

/// What follows a host's name. A severity is none.
pub(super) fn behind_host(text: &str) -> Option<&str> {
    let (host, rest) = word(text)?;
    let bracketed = host.contains(['[', '"', '\'', '(']);
    (!bracketed && !super::layer::is_level(host.trim_end_matches(':'))).then_some(rest)
}

/// The container runtime's own files: `stdout F text`, `stderr P half a text`.
fn container_runtime(text: &str) -> Option<Layer<'_>> {
    let (stream, rest) = word(text)?;
    let (tag, inside) = rest.split_once(' ').unwrap_or((rest, ""));
    let fits = matches!(stream, "stdout" | "stderr") && matches!(tag, "F" | "P");
    fits.then(|| Layer {
        text: Cow::Borrowed(inside),
        unfinished: tag == "P",
        ..Layer::default()
    })
}

/// Fly: `app[148ed] ams [info] text`.
fn fly(text: &str) -> Option<Layer<'_>> {
    let (name, rest) = word(text)?;
    let (region, rest) = word(rest)?;
    let (level, inside) = rest.strip_prefix('[')?.split_once(']')?;
    let fits = name.ends_with(']')
        && name.contains('[')
        && region.len() == 3
        && super::layer::is_level(level);
    fits.then(|| Layer::of(name, inside.strip_prefix(' ').unwrap_or(inside)))
}

/// `aws logs tail`: `service/container/id text`.
fn log_stream(text: &str) -> Option<Layer<'_>> {
    let (name, inside) = word(text)?;
    let id = name.rsplit('/').next().unwrap_or_default();
    let fits = name.matches('/').count() == 2
        && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && id.len() >= 16
        && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| Layer::of(name, inside))
}

/// A pipeline's log: `job<TAB>step<TAB>2024-02-12T16:25:00.8960925Z text`.
pub(super) fn after_tabs(text: &str) -> Option<Layer<'_>> {
    let (job, rest) = text.split_once('\t')?;
    let (_, rest) = rest.split_once('\t')?;
    let Iso {
        stamp,
        digits,
        rest,
    } = clock::iso(rest.trim_start_matches('\u{feff}'))?;
    let inside = rest.strip_prefix(' ').unwrap_or(rest);
    (digits >= WRAPPER_DIGITS).then(|| Layer::of(job, inside).at(Some(stamp)))
}

/// The first word and what follows its space.
fn word(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once(' ')?;
    (!word.is_empty()).then_some((word, rest))
}
