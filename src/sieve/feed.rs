//! A supply of bytes as blocks of whole lines, and the bound on the length of a line.

use super::supply::Bytes;
use crate::mapped::Supply;
use memchr::{memchr, memrchr};
use std::io::{self, ErrorKind};

/// Bytes kept of one line: 256 KiB. No logger writes such lines on purpose; the rest of one is
/// dropped and never held, whatever its length.
pub const MAX_LINE_BYTES: usize = 256 * 1024;

/// Bytes of a block, unless a test asks for others. As long as the longest line, so that a longer
/// one never hides inside a block; and short enough for a core's own cache.
pub(super) const BLOCK_BYTES: usize = MAX_LINE_BYTES;

/// Cuts a supply into blocks.
#[derive(Debug)]
pub(super) struct Feed<S> {
    supply: S,
    /// What was read behind the last whole line.
    rest: Vec<u8>,
    block_bytes: usize,
    /// Carriage returns end lines, as on old Macs.
    returns_end: bool,
    ended: bool,
    /// Why reading ended before the supply did.
    failure: Option<io::Error>,
    /// Blocks given so far.
    pub(super) given: u64,
    /// Lines of which the end was dropped.
    cut: u64,
}

impl<S: Supply> Feed<S> {
    pub(super) fn new(supply: S, block_bytes: usize, returns_end: bool) -> Self {
        Self {
            supply,
            rest: Vec::new(),
            block_bytes: block_bytes.clamp(1, BLOCK_BYTES),
            returns_end,
            ended: false,
            failure: None,
            given: 0,
            cut: 0,
        }
    }

    /// Puts the next lines into `block`, in place of what it holds. Gives false at the end.
    pub(super) fn fill(&mut self, block: &mut Bytes) -> bool {
        let filled = self.fill_in_place(block) || self.read(block.room());
        self.given = self.given.saturating_add(u64::from(filled));
        filled
    }

    /// Takes the next lines where they stand. The first are read, since before them zeros may stand that are to
    /// be left off, as are those that are longer than a block or have carriage returns to be replaced.
    fn fill_in_place(&mut self, block: &mut Bytes) -> bool {
        let may_be = self.given > 0 && !self.returns_end && !self.ended;
        if !(may_be && self.supply.go_back(self.rest.len())) {
            return false;
        }
        self.rest.clear();
        let Some(mut lines) = self.supply.in_place(self.block_bytes) else {
            return false;
        };
        let Some(end) = memrchr(b'\n', &lines) else {
            return false;
        };
        let end = end.saturating_add(1);
        lines.truncate(end);
        self.supply.pass(end);
        block.put(lines);
        true
    }

    /// Reads the next lines. Gives false at the end.
    fn read(&mut self, block: &mut Vec<u8>) -> bool {
        block.splice(
            ..self.rest.len().min(block.len()),
            self.rest.iter().copied(),
        );
        let mut filled = self.rest.len();
        self.rest.clear();
        let mut wanted = self.block_bytes;
        let end = loop {
            filled = self.read_up_to(block, filled, wanted);
            // Elsewhere zeros are bytes of a line, wherever a block happens to begin.
            if self.given == 0 {
                filled = leave_hole(block, filled);
            }
            if self.ended {
                break filled;
            }
            if filled < wanted {
                continue;
            }
            let read = block.get(..filled).unwrap_or_default();
            if let Some(end) = memrchr(b'\n', read) {
                let next = end.saturating_add(1);
                let rest = read.get(next..).unwrap_or_default();
                self.rest.extend_from_slice(rest);
                break next;
            }
            if wanted >= MAX_LINE_BYTES {
                block.truncate(filled);
                self.drop_rest_of_line(block);
                break block.len();
            }
            wanted = wanted.saturating_mul(2).min(MAX_LINE_BYTES);
        };
        block.truncate(end);
        !block.is_empty()
    }

    /// Why reading ended before the supply did, and how many lines were cut.
    pub(super) fn finish(self) -> (Option<io::Error>, u64) {
        let Self {
            supply,
            failure,
            cut,
            ..
        } = self;
        (failure.or_else(|| supply.loss()), cut)
    }

    /// Reads behind the first `filled` bytes until the block has so many, or the supply ends. Gives how many
    /// it has. What it held there before is overwritten: clearing memory takes time too.
    fn read_up_to(&mut self, block: &mut Vec<u8>, filled: usize, wanted: usize) -> usize {
        if block.len() < wanted {
            block.resize(wanted, 0);
        }
        let mut end = filled;
        while !self.ended
            && let Some(room) = block.get_mut(end..wanted)
            && !room.is_empty()
        {
            match self.supply.read(room) {
                Ok(0) => self.ended = true,
                Ok(read) => end = end.saturating_add(read),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(error);
                    self.ended = true;
                }
            }
        }
        if self.returns_end {
            end_at_returns(block.get_mut(filled..end).unwrap_or_default());
        }
        end
    }

    /// Ends an overlong line here, and reads on to where it truly ends.
    fn drop_rest_of_line(&mut self, line: &mut Vec<u8>) {
        let mut part = Vec::new();
        let mut dropped = false;
        let end = loop {
            let read = self.read_up_to(&mut part, 0, BLOCK_BYTES);
            part.truncate(read);
            let end = memchr(b'\n', &part);
            let of_line = part.get(..end.unwrap_or(part.len())).unwrap_or_default();
            // The carriage return of CRLF is no content.
            dropped |= !matches!(of_line, b"" | b"\r");
            if end.is_some() || self.ended {
                break end;
            }
        };
        line.push(b'\n');
        self.cut = self.cut.saturating_add(u64::from(dropped));
        if let Some(end) = end {
            let next = part.get(end.saturating_add(1)..).unwrap_or_default();
            self.rest.extend_from_slice(next);
        }
    }
}

/// `copytruncate` leaves a hole at the start of a log whose writer goes on at its old offset. Gives how many
/// bytes are left.
fn leave_hole(block: &mut Vec<u8>, filled: usize) -> usize {
    let read = block.get(..filled).unwrap_or_default();
    let hole = read.iter().take_while(|byte| **byte == 0).count();
    block.drain(..hole);
    filled.saturating_sub(hole)
}

fn end_at_returns(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte == b'\r' {
            *byte = b'\n';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::supply::Stream;
    use super::*;
    use crate::mapped::LogFile;
    use std::io::{Read, Write};

    fn blocks(text: &[u8], block_bytes: usize) -> (Vec<Vec<u8>>, u64) {
        let mut feed = Feed::new(Stream(text), block_bytes, false);
        let mut blocks = Vec::new();
        let mut block = Bytes::default();
        while feed.fill(&mut block) {
            blocks.push(block.to_vec());
        }
        (blocks, feed.cut)
    }

    #[test]
    fn blocks_end_with_lines() {
        let text = b"one\ntwo\nthree\n\nfour";
        for size in 1..30 {
            let (blocks, cut) = blocks(text, size);
            assert_eq!((blocks.concat().as_slice(), cut), (&text[..], 0), "{size}");
            let (_, whole) = blocks.split_last().unwrap();
            assert!(whole.iter().all(|block| block.ends_with(b"\n")), "{size}");
        }
    }

    #[test]
    fn a_file_in_place_is_cut_into_lines_as_a_stream_is() {
        let mut text = b"\0\0\0".to_vec();
        for number in 0..70_000_u32 {
            text.extend(format!("{number}{}\n", " x".repeat(number as usize % 97)).bytes());
            if number % 20_000 == 19_999 {
                let long = MAX_LINE_BYTES + number as usize % 3 - 1;
                text.extend(std::iter::repeat_n(b'y', long));
                text.push(b'\n');
            }
        }
        text.extend(b"no newline at the end");
        assert!(text.len() > 6 << 20);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&text).unwrap();
        for size in [5_000, BLOCK_BYTES] {
            let mut feed = Feed::new(
                LogFile::new(file.try_clone().unwrap()).unwrap(),
                size,
                false,
            );
            let mut block = Bytes::default();
            let mut lines = Vec::new();
            while feed.fill(&mut block) {
                lines.extend_from_slice(&block);
            }
            let (expected, cut) = blocks(&text, size);
            assert!(lines == expected.concat(), "{size}");
            assert!(matches!(feed.finish(), (None, also_cut) if also_cut == cut && cut > 0));
        }
    }

    #[test]
    fn a_file_that_becomes_shorter_ends_with_a_failure() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&b"a line\n".repeat(1 << 20)).unwrap();
        let supply = LogFile::new(file.try_clone().unwrap()).unwrap();
        let mut feed = Feed::new(supply, BLOCK_BYTES, false);
        let mut block = Bytes::default();
        assert!(feed.fill(&mut block) && feed.fill(&mut block));
        file.set_len(7 * 1000).unwrap();
        while feed.fill(&mut block) {}
        assert!(feed.finish().0.is_some());
    }

    #[test]
    fn an_endless_line_is_cut_and_the_rest_is_read() {
        let mut text = vec![b'x'; 5 * MAX_LINE_BYTES];
        text.extend(b"\nshort\n");
        for size in [7, 4096, BLOCK_BYTES] {
            let (blocks, cut) = blocks(&text, size);
            let lines = blocks.concat();
            assert_eq!(lines.len(), MAX_LINE_BYTES + "\nshort\n".len());
            assert!(lines.ends_with(b"x\nshort\n"));
            assert_eq!(cut, 1);
        }
    }

    #[test]
    fn a_line_as_long_as_allowed_is_whole() {
        let mut text = vec![b'x'; MAX_LINE_BYTES];
        text.extend(b"\r\nshort\n");
        let (_, cut) = blocks(&text, BLOCK_BYTES);
        assert_eq!(cut, 0);
    }

    #[test]
    fn a_hole_is_no_line() {
        let mut text = vec![0; 3 * MAX_LINE_BYTES];
        text.extend(b"first\nsecond\n");
        assert_eq!(blocks(&text, BLOCK_BYTES).0.concat(), b"first\nsecond\n");
        let zeros_within = b"first\n\0\0second\n";
        for size in [1, BLOCK_BYTES] {
            assert_eq!(blocks(zeros_within, size).0.concat(), zeros_within);
        }
    }

    #[test]
    fn what_breaks_is_kept_up_to_there() {
        struct Breaking(bool);
        impl Read for Breaking {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("it broke"));
                }
                buffer[..4].copy_from_slice(b"a\nb\n");
                Ok(4)
            }
        }
        let mut feed = Feed::new(Stream(Breaking(false)), BLOCK_BYTES, false);
        let mut block = Bytes::default();
        assert!(feed.fill(&mut block));
        assert_eq!(*block, *b"a\nb\n");
        assert!(!feed.fill(&mut block) && feed.finish().0.is_some());
    }
}
