//! From the decoded lines of one file or stream to sources: what `grep` put together is parted, and what
//! pastes and wrappers put before the lines is taken off.

use super::decode::Decoded;
use super::grep::{self, Part};
use super::rotation::Rotation;
use super::source::{Completeness, Form, Line, Source};
use super::{paste, wrapper};
use crate::sieve::MAX_LINE_BYTES;

/// The sources of a text, and what there is to say of it.
pub(super) fn sources(name: &str, decoded: Decoded, stdin: bool) -> (Vec<Source>, Vec<String>) {
    let mut warnings = warnings(name, &decoded);
    let whole = match (&decoded.broken, decoded.sifted) {
        (Some(_), _) => Completeness::Truncated,
        (None, true) => Completeness::Sifted,
        (None, false) => Completeness::Whole,
    };
    let form = decoded.form;
    let passed_over = if decoded.sifted {
        decoded.read.saturating_sub(decoded.lines.len() as u64)
    } else {
        0
    };
    let parts = match form {
        Form::Lines => {
            let split = grep::split(decoded.lines);
            warnings.extend(split.remarks);
            split.parts
        }
        Form::Document => vec![Part {
            lines: decoded.lines,
            ..Part::default()
        }],
    };
    let mut sources: Vec<Source> = parts
        .into_iter()
        .map(|part| {
            let completeness = if part.filtered {
                Completeness::Filtered
            } else {
                whole
            };
            source(name, part, completeness, form, stdin)
        })
        .collect();
    // Which of the files that `grep` named a line was of that nobody read is not known.
    if let Some(first) = sources.first_mut() {
        first.passed_over = passed_over;
    }
    (sources, warnings)
}

fn warnings(name: &str, decoded: &Decoded) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(reason) = &decoded.broken {
        let lines = decoded.read;
        warnings.push(format!(
            "{name} was read up to line {lines} only: {reason}."
        ));
    }
    if decoded.cut > 0 {
        let limit = MAX_LINE_BYTES / 1024;
        let count = decoded.cut;
        warnings.push(format!(
            "{name} has lines longer than {limit} KiB ({count}): the rest of each was dropped."
        ));
    }
    warnings
}

/// A source of one part, its pastes and wrappers taken off.
fn source(name: &str, part: Part, completeness: Completeness, form: Form, stdin: bool) -> Source {
    let name = part.name.unwrap_or_else(|| name.to_owned());
    let mut lines = part.lines;
    let mut set_aside = part.set_aside;
    if form == Form::Lines {
        let lengths = lengths(&lines);
        set_aside = set_aside.saturating_add(paste::tidy(&mut lines));
        set_aside = set_aside.saturating_add(wrapper::strip(&mut lines));
        paste::unfold(&mut lines);
        free_last(&mut lines, &lengths);
    }
    Source {
        family: Rotation::of(&name).family,
        name,
        completeness,
        lines,
        form,
        stdin,
        sequence: 0,
        set_aside,
        passed_over: 0,
    }
}

/// The lengths of the lines that stand for others, by number.
fn lengths(lines: &[Line]) -> Vec<(u64, usize)> {
    let standing = lines.iter().filter(|line| line.copies.is_some());
    standing
        .map(|line| (line.number, line.text.len()))
        .collect()
}

/// Takes off the last of a line's copies as much as was taken off the line.
fn free_last(lines: &mut [Line], lengths: &[(u64, usize)]) {
    let mut lengths = lengths.iter();
    for line in lines {
        let Some(copies) = &mut line.copies else {
            continue;
        };
        let before = lengths.find(|(number, _)| *number == line.number);
        let taken = before.map_or(0, |(_, length)| length.saturating_sub(line.text.len()));
        if copies.last.is_char_boundary(taken) {
            copies.last.drain(..taken);
        }
    }
}
