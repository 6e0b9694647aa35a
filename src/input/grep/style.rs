//! Which kind of `grep` output a text is, if any: decided over its lines together.

use super::prefix::{self, Mark};
use crate::input::source::Line;
use std::collections::{BTreeMap, BTreeSet};
use std::num::Saturating;

/// Lines looked at.
const SAMPLE: usize = 2000;

/// Share of the lines, in percent, that must bear the mark. `grep` marks every line; the rest
/// leaves room for a copied command line and lines that a terminal wrapped.
const MIN_MARKED_PERCENT: usize = 70;

/// The same where only numbers stand before the lines, which normal logs do more easily.
const MIN_NUMBERED_PERCENT: usize = 90;

/// How every line of a text is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Style {
    /// `file:line`, and `file-line` for context.
    Named {
        /// The files seen before a colon: only they are looked for before a hyphen.
        files: BTreeSet<String>,
    },
    /// `file:12:line`, and `file-12-line` for context.
    NamedAndNumbered {
        /// Whether a column stands behind the number (`file:12:5:line`).
        columns: bool,
    },
    /// `12:line`, and `12-line` for context.
    Numbered,
}

impl Style {
    /// Reads the mark of one line.
    pub(super) fn read<'a>(&self, text: &'a str) -> Option<Mark<'a>> {
        match self {
            Self::Named { files } => read_named(text, files),
            Self::NamedAndNumbered { columns } => {
                let mut mark = read_named_and_numbered(text)?;
                if *columns && let Some((_, rest)) = prefix::number(mark.rest, ':') {
                    mark.rest = rest;
                }
                Some(mark)
            }
            Self::Numbered => read_numbered(text),
        }
    }
}

fn read_named<'a>(text: &'a str, files: &BTreeSet<String>) -> Option<Mark<'a>> {
    let context = || {
        text.match_indices('-').take(24).find_map(|(at, _)| {
            let (name, rest) = text.split_at_checked(at)?;
            let known = files.contains(name);
            known.then(|| (name, rest.strip_prefix('-').unwrap_or(rest)))
        })
    };
    // A context line may itself hold `other.log:`, so the earlier end wins.
    let hit = prefix::file(text, ':');
    let (file, rest) = match (hit, context()) {
        (Some(hit), Some(context)) if is_longer_by_a_time(hit.0, context.0) => context,
        (Some(hit), _) => hit,
        (None, context) => context?,
    };
    Some(Mark {
        file: Some(file),
        number: None,
        rest,
    })
}

/// Whether `long` is `short` with the date and hour of a line behind it (`a.log-2024-06-01T10`),
/// and not the name of a rotated file (`a.log-20240601`).
fn is_longer_by_a_time(long: &str, short: &str) -> bool {
    let behind = long.strip_prefix(short).unwrap_or_default();
    behind
        .chars()
        .any(|letter| !letter.is_ascii_digit() && letter != '-')
}

fn read_named_and_numbered(text: &str) -> Option<Mark<'_>> {
    [':', '-'].into_iter().find_map(|separator| {
        prefix::files(text, separator).find_map(|(file, rest)| {
            let (number, rest) = prefix::number(rest, separator)?;
            Some(Mark {
                file: Some(file),
                number: Some(number),
                rest,
            })
        })
    })
}

fn read_numbered(text: &str) -> Option<Mark<'_>> {
    let colon = prefix::number(text, ':');
    let (number, rest) = colon.or_else(|| prefix::number(text, '-'))?;
    Some(Mark {
        file: None,
        number: Some(number),
        rest,
    })
}

/// Decides over a sample of the lines.
pub(super) fn detect(lines: &[Line]) -> Option<Style> {
    let sample: Vec<&str> = lines
        .iter()
        .map(|line| line.text.as_str())
        .filter(|text| !prefix::is_between(text))
        .take(SAMPLE)
        .collect();
    match named(&sample) {
        Some(Style::Named { .. }) => Some(Style::Named {
            files: files_of(lines.iter().map(|line| line.text.as_str())),
        }),
        style => style.or_else(|| numbered(&sample)),
    }
}

/// All files named before a colon, those beyond the sample too.
fn files_of<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for (file, _) in texts.filter_map(|text| prefix::file(text, ':')) {
        if !files.contains(file) {
            files.insert(file.to_owned());
        }
    }
    files
}

fn named(sample: &[&str]) -> Option<Style> {
    let hits: Vec<(&str, &str)> = sample
        .iter()
        .filter_map(|text| prefix::file(text, ':'))
        .filter(|(file, rest)| !is_console_position(file, rest))
        .collect();
    let files: BTreeSet<String> = hits.iter().map(|(file, _)| (*file).to_owned()).collect();
    // `app.log: Permission denied` is a message: grep puts nothing between colon and line.
    let direct = hits.iter().any(|(_, rest)| !rest.starts_with(' '));
    if files.is_empty() || !direct {
        return None;
    }
    let candidates = [
        columns(&hits),
        Some(Style::NamedAndNumbered { columns: false }).filter(|_| are_numbered(&hits)),
        Some(Style::Named { files }),
    ];
    let mut candidates = candidates.into_iter().flatten();
    candidates.find(|style| is_marked(sample, style, MIN_MARKED_PERCENT))
}

/// Whether it is a browser's `manifest.json:1 Manifest: …`.
fn is_console_position(file: &str, rest: &str) -> bool {
    let text = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    text.len() < rest.len() && text.starts_with(' ') && !file.contains(".log")
}

/// Whether what follows the names are line numbers: on every line, rising within each file, and
/// not hours.
fn are_numbered(hits: &[(&str, &str)]) -> bool {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    let [mut numbered, mut rising, mut pairs, mut times] = [Saturating(0_usize); 4];
    for (file, rest) in hits {
        let Some((number, text)) = prefix::number(rest, ':') else {
            continue;
        };
        numbered += 1;
        times += usize::from(prefix::is_like_a_time(number, text));
        if let Some(before) = last.insert(file, number) {
            pairs += 1;
            rising += usize::from(number > before);
        }
    }
    let all = numbered.0.saturating_mul(100) >= hits.len().saturating_mul(95);
    // Several searches pasted together begin anew, so a part may fall.
    numbered.0 > 0 && all && times < numbered && rising.0.saturating_mul(2) >= pairs.0
}

/// `file:12:5:line` on every line, over at least three of them.
fn columns(hits: &[(&str, &str)]) -> Option<Style> {
    let with_column = |rest: &str| {
        let (_, rest) = prefix::number(rest, ':')?;
        let (column, text) = prefix::number(rest, ':')?;
        (!prefix::is_like_a_time(column, text)).then_some(())
    };
    let all = hits.iter().all(|(_, rest)| with_column(rest).is_some());
    (all && hits.len() >= 3 && are_numbered(hits))
        .then_some(Style::NamedAndNumbered { columns: true })
}

fn numbered(sample: &[&str]) -> Option<Style> {
    let first = sample.first()?;
    if !first.starts_with(|letter: char| letter.is_ascii_digit()) && sample.len() < 10 {
        return None;
    }
    let marks: Vec<Mark<'_>> = sample
        .iter()
        .filter_map(|text| read_numbered(text))
        .collect();
    let colons = sample
        .iter()
        .filter_map(|text| prefix::number(text, ':'))
        .collect::<Vec<_>>();
    let numbers = marks.iter().filter_map(|mark| mark.number);
    let rising = numbers
        .clone()
        .zip(numbers.skip(1))
        .all(|(one, next)| one < next);
    let times = colons
        .iter()
        .all(|(number, rest)| prefix::is_like_a_time(*number, rest));
    // grep adds no space of its own: `1006: abnormal closure` is a message.
    let spaced = colons.iter().all(|(_, rest)| rest.starts_with(' '));
    let alone = marks.len() == 1 && !marks.iter().all(|mark| begins_a_line(mark.rest));
    if colons.is_empty() || !rising || times || spaced || alone {
        return None;
    }
    is_marked(sample, &Style::Numbered, MIN_NUMBERED_PERCENT).then_some(Style::Numbered)
}

/// Whether a text begins as log lines do: with a date, a bracket or a level.
fn begins_a_line(text: &str) -> bool {
    crate::input::wrapper::begins_as_a_log_line(text) || text.starts_with('[')
}

fn is_marked(sample: &[&str], style: &Style, percent: usize) -> bool {
    let sample: Vec<&&str> = sample
        .iter()
        .filter(|text| !prefix::is_of_another_file(text))
        .collect();
    let marked = sample
        .iter()
        .filter(|text| style.read(text).is_some())
        .count();
    marked > 0 && marked.saturating_mul(100) >= sample.len().saturating_mul(percent)
}
