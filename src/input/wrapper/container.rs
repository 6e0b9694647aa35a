//! What docker compose, honcho, foreman, PM2, npm's `concurrently` and kubectl put before a line:
//! the name of the process it comes from.

use super::clock;
use super::layer::{Layer, begins_as_a_log_line, is_level};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Share of lines, in percent, that must bear a prefix that could as well be a line's own.
const MIN_PREFIXED_PERCENT: usize = 60;

/// Tags that one `concurrently` shows at most.
const MAX_TAGS: usize = 12;

/// What is known of all lines of a source together.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Names without number that stand before `|` on most lines, in one column.
    columns: BTreeSet<String>,
    /// Tags in brackets that stand before most lines.
    tags: BTreeSet<String>,
}

impl Names {
    /// Looks at all lines of a source.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Self {
        let lines = texts.clone().filter(|text| !text.trim().is_empty()).count();
        Self {
            columns: columns(texts.clone(), lines),
            tags: tags(texts, lines),
        }
    }
}

/// `web_1  | text`, `hall-core-web-1  | text`, `0|app  | text`, `10:00:00 web.1  | text`.
pub(super) fn before_bar<'a>(text: &'a str, names: &Names) -> Option<Layer<'a>> {
    let (head, rest) = text.split_once('|')?;
    if let Some(layer) = process_manager(head, rest) {
        return Some(layer);
    }
    let (time, head) = match clock::time_alone(head) {
        Some((time, head)) => (Some(time), head.strip_prefix(' ')?),
        None => (None, head),
    };
    let name = head.trim_end_matches(' ');
    let known = is_numbered(name) || time.is_some() || names.columns.contains(name);
    if !is_name(name) || name.len() == head.len() || !known {
        return None;
    }
    let inside = inside(rest)?;
    Some(Layer::of(name, inside).at(time.map(clock::TimeOfDay::undated)))
}

/// `[pod/web-6d4/web] text`, `[1] text`, `[server] text`.
pub(super) fn in_brackets<'a>(text: &'a str, names: &Names) -> Option<Layer<'a>> {
    let (tag, rest) = text.strip_prefix('[')?.split_once(']')?;
    let inside = inside(rest)?;
    if let Some(pod) = tag.strip_prefix("pod/") {
        let plain = !pod.is_empty() && !pod.contains(char::is_whitespace);
        return plain.then(|| Layer::of(pod, inside));
    }
    let counted = is_count(tag) && begins_as_a_log_line(inside) && !is_level_in_brackets(inside);
    (counted || names.tags.contains(tag)).then(|| Layer::of(tag, inside))
}

/// The text after the wrapper's mark and its one space; `None` where something is glued to it.
fn inside(rest: &str) -> Option<&str> {
    if rest.is_empty() {
        return Some("");
    }
    rest.strip_prefix(' ')
}

/// PM2: `0|app  | text`.
fn process_manager<'a>(head: &str, rest: &'a str) -> Option<Layer<'a>> {
    let (name, rest) = rest.split_once('|')?;
    let plain = name.trim_end_matches(' ');
    let fits = is_count(head) && is_name(plain) && plain.len() < name.len();
    let text = inside(rest).filter(|_| fits)?;
    Some(Layer {
        process: Some(Cow::Borrowed(plain)),
        text: Cow::Borrowed(text),
        ..Layer::default()
    })
}

/// A name of a container or process: one word, no severity.
fn is_name(name: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.@/".contains(letter);
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.len() <= 120
        && name.chars().all(allowed)
        && !is_level(name)
}

/// A name that ends as compose and process managers end theirs: `web_1`, `web-1`, `web.1`,
/// swarm's `web_web.1.x1y2@node`.
fn is_numbered(name: &str) -> bool {
    let task = name.split_once('@').map_or(name, |(task, _)| task);
    let mut parts = task.rsplit(['-', '_', '.']);
    let last = parts.next().unwrap_or("");
    let swarm = name.contains('@') && parts.next().is_some_and(is_count);
    (task.len() > last.len() && is_count(last)) || swarm
}

fn is_count(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `[INFO] …` behind `[14]`: the number is the process id of gunicorn's frame.
fn is_level_in_brackets(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    inner.is_some_and(|(word, _)| is_level(word))
}

/// The names before `|`, where most lines have one, all bars stand in one column, and the text
/// behind begins as log lines do at least once, or the names are several.
fn columns<'a>(texts: impl Iterator<Item = &'a str>, lines: usize) -> BTreeSet<String> {
    let mut found: BTreeMap<usize, (usize, bool, BTreeSet<String>)> = BTreeMap::new();
    for text in texts {
        let Some((head, rest)) = text.split_once('|') else {
            continue;
        };
        let name = head.trim_end_matches(' ');
        if !is_name(name) || name.len() == head.len() {
            continue;
        }
        let (count, headed, names) = found.entry(head.len()).or_default();
        *count = count.saturating_add(1);
        *headed |= begins_as_a_log_line(rest);
        names.insert(name.to_owned());
    }
    let most = found.into_values().max_by_key(|(count, ..)| *count);
    let Some((count, headed, names)) = most else {
        return BTreeSet::new();
    };
    let common =
        count >= 2 && count.saturating_mul(100) >= lines.saturating_mul(MIN_PREFIXED_PERCENT);
    if common && (headed || names.len() > 1) {
        names
    } else {
        BTreeSet::new()
    }
}

/// The tags in brackets, where most lines have one of a few, and each is a number, or a word in
/// small letters with a line behind it that begins as log lines do. An application's own tag
/// (`[DashboardConsumer]`, `[WebSocket]`) is a part of its message and stays.
fn tags<'a>(texts: impl Iterator<Item = &'a str>, lines: usize) -> BTreeSet<String> {
    let mut found: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    for text in texts {
        let tag = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let Some((tag, rest)) = tag.filter(|(tag, _)| is_count(tag) || is_small_word(tag)) else {
            continue;
        };
        let Some(inside) = inside(rest) else {
            continue;
        };
        let (count, headed) = found.entry(tag).or_default();
        *count = count.saturating_add(1);
        *headed |= begins_as_a_log_line(inside) && !is_level_in_brackets(inside);
    }
    let prefixed: usize = found.values().map(|(count, _)| count).sum();
    let common = prefixed.saturating_mul(100) >= lines.saturating_mul(MIN_PREFIXED_PERCENT);
    let headed = found.values().any(|(_, headed)| *headed);
    if !common || !headed || found.len() > MAX_TAGS {
        return BTreeSet::new();
    }
    found.into_keys().map(str::to_owned).collect()
}

fn is_small_word(tag: &str) -> bool {
    tag.starts_with(|letter: char| letter.is_ascii_lowercase())
        && tag.len() <= 40
        && tag.chars().all(|letter| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_:".contains(letter)
        })
        && !is_level(tag)
}
