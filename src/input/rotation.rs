//! File names of logs: which names a log has, which log a rotated file belongs to, and its place
//! in time. Knows names only; nothing here opens a file.

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

/// Endings that are read from a directory, compression and rotation taken off before.
const LOG_ENDINGS: [&str; 8] = ["log", "txt", "json", "jsonl", "ndjson", "har", "out", "err"];

/// Endings of compressed files; what is inside is told by content, not by these.
const PACKED_ENDINGS: [&str; 2] = ["gz", "zst"];

/// Endings of program sources and pages, which stand before `:12:` in tracebacks and consoles.
const CODE_ENDINGS: [&str; 27] = [
    "py", "pyx", "js", "jsx", "mjs", "cjs", "ts", "tsx", "vue", "svelte", "html", "htm", "css",
    "scss", "go", "java", "kt", "rb", "rs", "c", "cc", "cpp", "h", "php", "cs", "map", "swift",
];

/// What a name says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Named like a log, or lies in a folder for logs.
    Log,
    /// No ending: a log at times (`syslog`, `messages`), to be told by content.
    Bare,
    /// Named like a program's source.
    Code,
    /// Anything else.
    Other,
}

/// The age of a file within its family; the order is from oldest to newest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    /// The digits of a date in the name: later dates are newer.
    Dated(String),
    /// A rotation number: higher numbers are older.
    Numbered(Reverse<u64>),
    /// `.old`, `.bak`.
    Old,
    /// Still written to.
    Current,
}

/// The family of a file and its place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rotation {
    /// The name of the log, its folder included, without rotation and compression.
    pub(super) family: String,
    age: Age,
}

impl Rotation {
    /// Reads a path or file name.
    pub(super) fn of(name: &str) -> Self {
        let (family, age) = family_and_age(without_packing(name));
        Self {
            family: family.into_owned(),
            age,
        }
    }

    /// The total order of sources: families by natural order of their names, the oldest file of
    /// a family first. Names that differ in nothing else are ordered by themselves.
    pub(super) fn order(left: &str, right: &str) -> Ordering {
        let (one, other) = (Self::of(left), Self::of(right));
        natural(&one.family, &other.family)
            .then_with(|| one.age.cmp(&other.age))
            .then_with(|| left.cmp(right))
    }
}

/// What the name of a file says of it.
pub(super) fn likeness(name: &str) -> Likeness {
    let unpacked = without_packing(name);
    // A name that ends so is of a family that does.
    if let Some(known) = by_ending(file_name(unpacked)) {
        return known;
    }
    let (family, _) = family_and_age(unpacked);
    let file = file_name(&family);
    by_ending(file).unwrap_or_else(|| {
        if unpacked.len() < name.len() {
            Likeness::Log
        } else if ending(file).is_none() && !file.is_empty() {
            Likeness::Bare
        } else {
            Likeness::Other
        }
    })
}

/// What a file's ending says, where it is a known one.
fn by_ending(file: &str) -> Option<Likeness> {
    let ending = ending(file)?;
    let is_of = |endings: &[&str]| {
        let mut endings = endings.iter();
        endings.any(|known| known.eq_ignore_ascii_case(ending))
    };
    if is_of(&LOG_ENDINGS) {
        Some(Likeness::Log)
    } else {
        is_of(&CODE_ENDINGS).then_some(Likeness::Code)
    }
}

/// Whether a folder of the path is one for logs (`/var/log/…`, `backend/logs/…`).
pub(super) fn in_log_folder(path: &str) -> bool {
    let mut folders = path.split(['/', '\\']);
    folders.next_back();
    folders.any(|folder| matches!(folder, "log" | "logs" | "Logs" | "LOGS"))
}

/// The last component of a path of either kind.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn ending(file: &str) -> Option<&str> {
    let (stem, ending) = file.rsplit_once('.')?;
    (!stem.is_empty() && !ending.is_empty()).then_some(ending)
}

fn without_packing(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if is_packed_ending(ending) && !file_name(stem).is_empty() => stem,
        _ => name,
    }
}

/// Whether a file is named like a compressed one.
pub(super) fn is_packed(name: &str) -> bool {
    without_packing(name).len() < name.len()
}

fn is_packed_ending(ending: &str) -> bool {
    PACKED_ENDINGS
        .iter()
        .any(|packed| ending.eq_ignore_ascii_case(packed))
}

/// The family of a file that is not packed, and its age.
fn family_and_age<'n>(name: &'n str) -> (Cow<'n, str>, Age) {
    let taken = |(family, age): (&'n str, Age)| (Cow::Borrowed(family), age);
    (numbered(name).map(taken))
        .or_else(|| dated_behind(name).map(taken))
        .or_else(|| dated_within(name))
        .or_else(|| old(name).map(taken))
        .unwrap_or((Cow::Borrowed(name), Age::Current))
}

/// `app.log.3`: up to four digits, so that a date is not taken for a count.
fn numbered(name: &str) -> Option<(&str, Age)> {
    let (family, number) = name.rsplit_once('.')?;
    let digits = !number.is_empty() && number.len() <= 4;
    if !digits || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = number.parse().ok()?;
    (!file_name(family).is_empty()).then_some((family, Age::Numbered(Reverse(number))))
}

/// `app.log-20240101`, `app.log.2024-01-01`, `app.log-20240101-1704067200`.
fn dated_behind(name: &str) -> Option<(&str, Age)> {
    let file = file_name(name);
    let tail = file.trim_start_matches(|letter: char| !matches!(letter, '-' | '.' | '_'));
    let mut rest = tail;
    while let Some(after) = rest.strip_prefix(['-', '.', '_']) {
        if let Some(date) = whole_date(after) {
            let family = name.strip_suffix(rest)?;
            return (!file_name(family).is_empty()).then_some((family, Age::Dated(date)));
        }
        rest = after.trim_start_matches(|letter: char| !matches!(letter, '-' | '.' | '_'));
    }
    None
}

/// `app-2024-01-01.log`, `app_20240101.log`.
fn dated_within(name: &str) -> Option<(Cow<'_, str>, Age)> {
    let (stem, ending) = name.rsplit_once('.')?;
    if !LOG_ENDINGS.contains(&ending) {
        return None;
    }
    let (family, age) = dated_behind(stem)?;
    Some((format!("{family}.{ending}").into(), age))
}

fn old(name: &str) -> Option<(&str, Age)> {
    let family = name
        .strip_suffix(".old")
        .or_else(|| name.strip_suffix(".bak"))?;
    (!file_name(family).is_empty()).then_some((family, Age::Old))
}

/// The digits of a text that is nothing but a date, an hour perhaps behind it.
fn whole_date(text: &str) -> Option<String> {
    let only_date = text
        .bytes()
        .all(|letter| letter.is_ascii_digit() || matches!(letter, b'-' | b'_' | b'T'));
    if !only_date {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let century = digits.starts_with("19") || digits.starts_with("20");
    let month = digits.get(4..6)?.parse::<u8>().ok()?;
    (century && digits.len() >= 8 && (1..=12).contains(&month)).then_some(digits)
}

/// Compares names so that `web-2` comes before `web-10`. Total: names that differ only in leading
/// zeros are told apart by their text.
fn natural(left: &str, right: &str) -> Ordering {
    let (mut one, mut other) = (left, right);
    loop {
        let (first, rest_one) = chunk(one);
        let (second, rest_other) = chunk(other);
        let order = match (number(first), number(second)) {
            (Some(first), Some(second)) => first.cmp(&second),
            _ => first.cmp(second),
        };
        if order != Ordering::Equal {
            return order;
        }
        if rest_one.is_empty() || rest_other.is_empty() {
            return rest_one
                .len()
                .cmp(&rest_other.len())
                .then_with(|| left.cmp(right));
        }
        (one, other) = (rest_one, rest_other);
    }
}

fn number(text: &str) -> Option<u128> {
    text.parse().ok()
}

/// The longest start of `text` that is all digits, or all other letters.
fn chunk(text: &str) -> (&str, &str) {
    let digits = text.starts_with(|letter: char| letter.is_ascii_digit());
    let end = text
        .find(|letter: char| letter.is_ascii_digit() != digits)
        .unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut names: Vec<&str>) -> Vec<&str> {
        names.sort_by(|left, right| Rotation::order(left, right));
        names
    }

    #[test]
    fn rotated_files_stand_oldest_first_with_the_current_one_last() {
        let names = vec![
            "app.log",
            "app.log.10.gz",
            "app.log.2.gz",
            "app.log.1",
            "b.log",
        ];
        assert_eq!(
            sorted(names),
            [
                "app.log.10.gz",
                "app.log.2.gz",
                "app.log.1",
                "app.log",
                "b.log"
            ]
        );
    }

    #[test]
    fn dated_files_stand_in_order_of_their_dates() {
        let names = vec![
            "l/app.log",
            "l/app.log-20240102.gz",
            "l/app.log-20231231",
            "l/app.log.2024-01-01",
        ];
        assert_eq!(
            sorted(names),
            [
                "l/app.log-20231231",
                "l/app.log.2024-01-01",
                "l/app.log-20240102.gz",
                "l/app.log"
            ]
        );
    }

    #[test]
    fn the_family_is_the_log_without_rotation() {
        for name in [
            "logs/app.log",
            "logs/app.log.1",
            "logs/app.log.2.gz",
            "logs/app.log-20240101",
            "logs/app.log-20240101-1704067200.zst",
            "logs/app.log.2024-01-01_10",
            "logs/app-2024-01-01.log",
            "logs/app.log.old",
        ] {
            assert_eq!(Rotation::of(name).family, "logs/app.log", "{name}");
        }
    }

    #[test]
    fn a_version_number_is_no_rotation() {
        assert_eq!(Rotation::of("django-4.2.log").family, "django-4.2.log");
        assert_eq!(Rotation::of("web-1.log").family, "web-1.log");
        assert_eq!(Rotation::of("error-404.txt").family, "error-404.txt");
    }

    #[test]
    fn names_are_ordered_naturally() {
        assert_eq!(
            sorted(vec!["web-10.log", "web-2.log", "web-1.log"]),
            ["web-1.log", "web-2.log", "web-10.log"]
        );
    }

    #[test]
    fn likeness_follows_the_name() {
        for name in [
            "a.log",
            "a.log.1",
            "a.LOG",
            "x.gz",
            "a.log.2.gz",
            "n.har",
            "e.err",
            "app.log-20240101",
        ] {
            assert_eq!(likeness(name), Likeness::Log, "{name}");
        }
        for name in ["syslog", "logs/messages", "syslog.1", "messages-20240101"] {
            assert_eq!(likeness(name), Likeness::Bare, "{name}");
        }
        assert_eq!(likeness("site-packages/protocol.py"), Likeness::Code);
        assert_eq!(likeness("photo.png"), Likeness::Other);
    }
}
