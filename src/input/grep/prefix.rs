//! The mark that `grep` puts before one line, read in every way that it can be read. Which way is
//! right is decided in `style`, over all lines.

use crate::input::rotation::{self, Likeness};

/// A mark and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark<'a> {
    /// The file named.
    pub(super) file: Option<&'a str>,
    /// The number printed.
    pub(super) number: Option<u64>,
    /// The line itself.
    pub(super) rest: &'a str,
}

/// Bytes of a line in which the end of a file name is looked for.
const MAX_NAME_BYTES: usize = 400;

/// Colons or hyphens tried as the end of a file name.
const MAX_TRIES: usize = 24;

/// The ways to read a log's name before `separator`, each with what follows the separator, the
/// shortest name first.
pub(super) fn files(text: &str, separator: char) -> impl Iterator<Item = (&str, &str)> {
    let drive = drive_bytes(text);
    text.match_indices(separator)
        .take(MAX_TRIES)
        .take_while(|(at, _)| *at <= MAX_NAME_BYTES)
        .filter(move |(at, _)| *at > drive)
        .filter_map(move |(at, _)| {
            let (name, rest) = text.split_at_checked(at)?;
            is_log_name(name).then(|| (name, rest.strip_prefix(separator).unwrap_or(rest)))
        })
}

/// The first of [`files`].
pub(super) fn file(text: &str, separator: char) -> Option<(&str, &str)> {
    files(text, separator).next()
}

/// A number before `separator`, and what follows it.
pub(super) fn number(text: &str, separator: char) -> Option<(u64, &str)> {
    let (digits, rest) = text.split_once(separator)?;
    let plain = digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

/// Whether a number and the text behind it may as well be a time of day: `12:30:01`, `12:30 x`.
pub(super) fn is_like_a_time(number: u64, rest: &str) -> bool {
    let mut letters = rest.bytes();
    let minute = matches!(
        (letters.next(), letters.next()),
        (Some(b'0'..=b'5'), Some(b'0'..=b'9'))
    );
    if number > 24 || !minute {
        return false;
    }
    // With two colons more it is a time behind a line number.
    match letters.next() {
        None => true,
        Some(b':') => {
            let seconds = matches!(letters.next(), Some(b'0'..=b'5'))
                && matches!(letters.next(), Some(b'0'..=b'9'));
            seconds && letters.next() != Some(b':')
        }
        Some(next) => !next.is_ascii_digit(),
    }
}

/// Whether a text is a log's name standing by itself.
pub(super) fn is_log_name(name: &str) -> bool {
    if name.is_empty()
        || name.contains("://")
        || name.starts_with(|letter| "-\"'([{ \t".contains(letter))
    {
        return name == "(standard input)";
    }
    let rooted = name.starts_with(['/', '.']) || drive_bytes(name) > 0;
    let spaced = name.contains(' ');
    // A name with spaces is believed only where it begins like a path and holds no second clause.
    if (spaced && !rooted) || name.contains(['"', '\'', '\t', '|', '<', '>', '=', ',', '?', '*']) {
        return false;
    }
    let inner = name.get(drive_bytes(name)..).unwrap_or(name);
    if inner.contains(':') {
        return false;
    }
    match rotation::likeness(name) {
        Likeness::Log => true,
        Likeness::Bare => !spaced && rotation::in_log_folder(name),
        Likeness::Code | Likeness::Other => false,
    }
}

/// Whether a line stands between found lines: a separator, or a message of the program itself.
pub(super) fn is_between(text: &str) -> bool {
    text == "--"
        || text.trim().is_empty()
        || text.starts_with("grep: ")
        || text.starts_with("rg: ")
        || is_command(text)
        || binary_file(text).is_some()
}

/// The file of `Binary file app.log matches` or `grep: app.log: binary file matches`.
pub(super) fn binary_file(text: &str) -> Option<&str> {
    let old = text.strip_prefix("Binary file ");
    old.and_then(|rest| rest.strip_suffix(" matches"))
        .or_else(|| {
            let new = text.strip_prefix("grep: ");
            new.and_then(|rest| rest.strip_suffix(": binary file matches"))
        })
}

/// Whether a line was found in a file that is no log: a program's source, a configuration. Such
/// lines speak of events without any having happened.
pub(super) fn is_of_another_file(text: &str) -> bool {
    let Some((name, _)) = text.split_once(':') else {
        return false;
    };
    let plain = !name.is_empty() && !name.contains([' ', '\t', '"', '\'', '(', '=']);
    plain
        && match rotation::likeness(name) {
            Likeness::Code => true,
            Likeness::Other => name.contains(['/', '\\']),
            Likeness::Log | Likeness::Bare => false,
        }
}

/// The command line, copied with its prompt: `me@host:~$ grep -n websocket logs/*.log`.
fn is_command(text: &str) -> bool {
    const PROGRAMS: [&str; 9] = [
        "grep ", "egrep ", "zgrep ", "rg ", "ag ", "tail ", "head ", "findstr ", "cat ",
    ];
    let Some((prompt, command)) = text.split_once(['$', '#', '%', '>']) else {
        return false;
    };
    let command = command.strip_prefix(' ').unwrap_or_default();
    prompt.len() < 80 && PROGRAMS.iter().any(|program| command.starts_with(program))
}

/// The length of `C:` before a path of Windows, or zero.
fn drive_bytes(text: &str) -> usize {
    let mut bytes = text.bytes();
    let drive = matches!(
        (bytes.next(), bytes.next(), bytes.next()),
        (Some(b'a'..=b'z' | b'A'..=b'Z'), Some(b':'), Some(b'\\' | b'/'))
    );
    if drive { 2 } else { 0 }
}
