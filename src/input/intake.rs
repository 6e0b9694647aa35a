//! Opening what is to be read, and the choice between reading it line by line and sifting it.

use super::decode::{self, Decoded, Opened, Text};
use super::rotation;
use super::source::{Copies, Line};
use crate::mapped::LogFile;
use crate::sieve::{self, Gathering, KeptLine, Known, Manner, Marks, Sifting};
use memchr::memchr_iter;
use rayon::prelude::*;
use std::fs;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;

/// Text of all inputs together up to which every line is read: 1 MiB. What is longer is sifted.
pub const WHOLE_BYTES: u64 = 1 << 20;

/// Lines of all inputs together up to which every line is read.
const WHOLE_LINES: usize = 20_000;

/// A plain file from this size on is worth several threads of its own, in bytes.
const LARGE_BYTES: u64 = 4 << 20;

/// Text of the shortest files together that is read line by line beside longer ones: 128 KiB.
const SHORT_BYTES: u64 = 128 << 10;

/// So many logs are sifted before what is kept of them is put together: a bound on what is held at once.
const TOGETHER: usize = 64;

/// Something to read.
pub(super) struct Inlet<'a> {
    name: String,
    origin: Origin<'a>,
    /// What became of it, whatever the length of the others.
    taken: Option<Taken>,
    /// All its lines, if that is how it is to be read.
    small: Option<Decoded>,
    /// A large file once more, after it was opened.
    file: Option<LogFile>,
}

/// Where text comes from.
enum Origin<'a> {
    /// A file that can be opened as often as needed.
    File(PathBuf),
    /// A stream, or a pipe or device that was named: to be read once.
    Stream(Box<dyn Read + Send + 'a>),
}

/// What became of an inlet.
pub(super) enum Taken {
    /// It could not be read.
    Unread(io::Error),
    /// It is no text; what it is, with its article.
    Foreign(&'static str),
    Text(Decoded),
}

/// Reads all, in their order. Long inputs are sifted.
pub(super) fn read(mut inlets: Vec<Inlet<'_>>, marks: &Marks, manner: Manner) -> Vec<Taken> {
    if !are_small(&mut inlets) {
        for inlet in &mut inlets {
            inlet.small = None;
        }
        read_short(&mut inlets);
        sift(&mut inlets, marks, manner);
    }
    let taken = inlets.into_iter().map(|inlet| {
        let small = inlet.small.map(Taken::Text);
        let nothing = || Taken::Text(Decoded::default());
        inlet.taken.or(small).unwrap_or_else(nothing)
    });
    taken.collect()
}

/// What may still be read line by line.
struct Left {
    bytes: u64,
    lines: usize,
}

/// Reads all, if they are small enough.
fn are_small(inlets: &mut [Inlet<'_>]) -> bool {
    let sizes = inlets.iter().map(Inlet::size_of_log);
    let known = sizes.fold(0, u64::saturating_add);
    let mut left = Left {
        bytes: WHOLE_BYTES,
        lines: WHOLE_LINES,
    };
    known <= WHOLE_BYTES && inlets.iter_mut().all(|inlet| inlet.is_small(&mut left))
}

/// Reads the shortest files as a whole, beside longer ones that are sifted: what a person saved of a
/// browser's console is short, and every line of it counts.
fn read_short(inlets: &mut [Inlet<'_>]) {
    let mut places: Vec<(u64, usize)> = inlets
        .iter()
        .enumerate()
        .filter(|(_, inlet)| matches!(inlet.origin, Origin::File(_)))
        .map(|(place, inlet)| (inlet.size_of_log(), place))
        .collect();
    places.sort_unstable();
    let mut left = Left {
        bytes: SHORT_BYTES,
        lines: WHOLE_LINES,
    };
    for (size, place) in places {
        if size > left.bytes {
            return;
        }
        let Some(inlet) = inlets.get_mut(place) else {
            return;
        };
        if !inlet.is_small(&mut left) {
            inlet.small = None;
            return;
        }
    }
}

impl<'a> Inlet<'a> {
    /// A file. What is no plain file, such as a named pipe, is read once.
    pub(super) fn file(name: String, path: PathBuf) -> Self {
        let plain = fs::metadata(&path).is_ok_and(|file| file.is_file());
        let opened = (!plain).then(|| File::open(&path));
        match opened {
            None => Self::new(name, Origin::File(path)),
            Some(Ok(file)) => Self::stream(name, file),
            Some(Err(error)) => Self {
                taken: Some(Taken::Unread(error)),
                ..Self::new(name, Origin::File(path))
            },
        }
    }

    pub(super) fn stream(name: String, reader: impl Read + Send + 'a) -> Self {
        Self::new(name, Origin::Stream(Box::new(reader)))
    }

    fn new(name: String, origin: Origin<'a>) -> Self {
        Self {
            name,
            origin,
            taken: None,
            small: None,
            file: None,
        }
    }

    /// Bytes of a file that may be a log; exports of a browser are read as a whole in any case.
    fn size_of_log(&self) -> u64 {
        match &self.origin {
            Origin::File(path) if !may_be_document(&self.name) => {
                fs::metadata(path).map_or(0, |file| file.len())
            }
            _ => 0,
        }
    }

    /// Opens it; `None` where it is known already what becomes of it.
    fn open(&mut self) -> Option<Text<'a>> {
        if self.taken.is_some() {
            return None;
        }
        let opened = match &mut self.origin {
            Origin::File(path) => File::open(path).and_then(|file| {
                let file = LogFile::new(file)?;
                self.file = file.has(LARGE_BYTES).then(|| file.again().ok()).flatten();
                decode::open(file)
            }),
            Origin::Stream(stream) => {
                decode::open(std::mem::replace(stream, Box::new(io::empty())))
            }
        };
        self.taken = Some(match opened {
            Err(error) => Taken::Unread(error),
            Ok(Opened::Foreign(kind)) => Taken::Foreign(kind),
            Ok(Opened::Document(decoded)) => Taken::Text(decoded),
            Ok(Opened::Text(text)) => return Some(text),
        });
        None
    }

    /// Reads it, if no more than so many bytes are left to read. What was read of a stream is put back,
    /// in case that others are too long.
    fn is_small(&mut self, left: &mut Left) -> bool {
        let Some(mut text) = self.open() else {
            return true;
        };
        let mut bytes = Vec::new();
        let most = left.bytes.saturating_add(1);
        let failure = (&mut text.reader).take(most).read_to_end(&mut bytes).err();
        let read = bytes.len() as u64;
        let lines = memchr_iter(b'\n', &bytes).count();
        let fits = read <= left.bytes && lines <= left.lines;
        left.bytes = left.bytes.saturating_sub(read);
        left.lines = left.lines.saturating_sub(lines);
        if matches!(self.origin, Origin::Stream(_)) {
            let rest = Cursor::new(bytes.clone()).chain(text.reader);
            self.origin = Origin::Stream(Box::new(rest));
        }
        if !fits {
            return false;
        }
        let held = Text {
            reader: Box::new(Cursor::new(bytes)),
            ..text
        };
        let mut decoded = held.read();
        decoded.broken = failure.map(|failure| failure.to_string());
        self.small = Some(decoded);
        true
    }

    /// Whether it is worth several threads: a large file that need not be unpacked first.
    fn is_large(&self) -> bool {
        match &self.origin {
            Origin::File(path) => {
                let large = fs::metadata(path).is_ok_and(|file| file.len() >= LARGE_BYTES);
                large && !rotation::is_packed(&self.name)
            }
            Origin::Stream(_) => true,
        }
    }

    /// Sifts it, unless it is no log.
    fn sift(&mut self, known: &Known, marks: &Marks, manner: Manner) -> Option<Sifting> {
        let text = self.open()?;
        let manner = Manner {
            returns_end: text.returns_end,
            ..manner
        };
        let file = self.file.take().filter(|_| text.as_stored);
        Some(match file {
            Some(file) => sieve::sift_file_after(known, file, marks, manner),
            None => sieve::sift_after(known, text.reader, marks, manner),
        })
    }
}

/// Whether a file may be an export of a browser's tools, by its name.
fn may_be_document(name: &str) -> bool {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| matches!(ending, "har" | "json" | "HAR" | "JSON"))
}

/// Sifts what is not known yet. Large plain files have all threads to themselves, one after the other;
/// the others share them, a thread each.
fn sift(inlets: &mut [Inlet<'_>], marks: &Marks, manner: Manner) {
    let alone = Manner {
        threads: 1,
        ..manner
    };
    let single = inlets.len() == 1;
    let mut gathering = Gathering::default();
    let mut texts: Vec<Option<Decoded>> = Vec::new();
    for together in inlets.chunks_mut(TOGETHER) {
        let before = gathering.known();
        let mut siftings: Vec<Option<Sifting>> = together
            .par_iter_mut()
            .map(|inlet| {
                let shares = !single && inlet.small.is_none() && !inlet.is_large();
                shares.then(|| inlet.sift(&before, marks, alone))?
            })
            .collect();
        for (inlet, sifting) in together.iter_mut().zip(&mut siftings) {
            if inlet.small.is_none() && (single || inlet.is_large()) {
                *sifting = inlet.sift(&before, marks, manner);
            }
        }
        for sifting in siftings {
            texts.push(sifting.as_ref().map(known));
            gathering.add(sifting.unwrap_or_default());
        }
    }
    let logs = gathering.into_logs();
    for ((inlet, text), kept) in inlets.iter_mut().zip(texts).zip(logs) {
        if let Some(text) = text {
            let lines = kept.into_iter().map(line).collect();
            inlet.taken = Some(Taken::Text(Decoded { lines, ..text }));
        }
    }
}

/// What is known of a sifted log before its lines are.
fn known(sifting: &Sifting) -> Decoded {
    Decoded {
        read: sifting.lines,
        cut: sifting.cut,
        broken: sifting.failure.as_ref().map(io::Error::to_string),
        sifted: true,
        ..Decoded::default()
    }
}

fn line(kept: KeptLine) -> Line {
    let copies = kept.copies.map(|copies| {
        Box::new(Copies {
            class: copies.class,
            more: copies.more,
            connections: copies.connections,
            last: decode::line_of(&copies.last),
        })
    });
    Line {
        copies,
        why: kept.why,
        after_gap: kept.after_gap,
        ..Line::new(kept.number, decode::line_of(&kept.bytes))
    }
}
