//! A plain file whose bytes need not be copied to be searched.
//!
//! Copying a long log out of the page cache takes longer than searching it. So a file is mapped into memory, a
//! window at a time: what is mapped at once stays small, whatever the length of the file.
//! What happens to the file meanwhile is expected: one that grows is read up to the length that it had, and one
//! that becomes shorter ends where it now does, with an error that says so. What cannot be mapped is read.
//!
//! Nothing here knows of lines.

#[cfg(target_os = "linux")]
mod fault;
#[cfg(target_os = "linux")]
mod window;
#[cfg(not(target_os = "linux"))]
#[path = "no_window.rs"]
mod window;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
pub use window::Stretch;
use window::Window;

/// A stream that may give bytes where they stand in memory instead of copying them.
pub(crate) trait Supply: Read {
    /// The next bytes where they stand, at most so many, without going on; `None` where they are to be read.
    fn in_place(&mut self, _most: usize) -> Option<Stretch> {
        None
    }

    /// Goes on behind the next bytes.
    fn pass(&mut self, _bytes: usize) {}

    /// Goes back by so many bytes. Gives whether it can.
    fn go_back(&mut self, _bytes: usize) -> bool {
        false
    }

    /// Why not all was there, where reading did not fail.
    fn loss(&self) -> Option<io::Error> {
        None
    }
}

/// A plain file from its start to the length that it had when it was opened.
#[derive(Debug)]
pub struct LogFile {
    file: File,
    /// In bytes; `u64::MAX` where the file has none of its own, as those that the kernel makes up.
    length: u64,
    /// How many bytes were read or passed.
    at: u64,
    /// Whether the file's own cursor stands elsewhere.
    astray: bool,
    window: Option<Arc<Window>>,
    /// Whether part of a window was gone when it was to be read.
    torn: Arc<AtomicBool>,
}

impl LogFile {
    /// Begins at the start of a file, wherever its cursor stands. Fails where its length is not told.
    pub fn new(file: File) -> io::Result<Self> {
        let length = match file.metadata()?.len() {
            0 => u64::MAX,
            length => length,
        };
        Ok(Self::from_start(file, length))
    }

    fn from_start(file: File, length: u64) -> Self {
        Self {
            file,
            length,
            at: 0,
            astray: true,
            window: None,
            torn: Arc::default(),
        }
    }

    /// Whether it is known to have so many bytes.
    #[must_use]
    pub fn has(&self, bytes: u64) -> bool {
        self.length != u64::MAX && self.length >= bytes
    }

    /// The same file from its start, to the same length. What is read of the one moves the cursor of the other, so
    /// the first is to be done with. Fails where the system has no handle left.
    pub fn again(&self) -> io::Result<Self> {
        Ok(Self::from_start(self.file.try_clone()?, self.length))
    }
}

impl Supply for LogFile {
    fn in_place(&mut self, most: usize) -> Option<Stretch> {
        if self.length == u64::MAX {
            return None;
        }
        let left = usize::try_from(self.length.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = most.min(left);
        let held = self.window.as_ref().filter(|window| !window.is_torn());
        let stretch = held.and_then(|window| window.stretch(self.at, wanted));
        stretch.or_else(|| {
            let window = Window::open(&self.file, self.at, self.length, &self.torn)?;
            let window = self.window.insert(Arc::new(window));
            window.stretch(self.at, wanted)
        })
    }

    fn pass(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes as u64);
        self.astray = true;
    }

    fn go_back(&mut self, bytes: usize) -> bool {
        self.at = self.at.saturating_sub(bytes as u64);
        self.astray = true;
        true
    }

    fn loss(&self) -> Option<io::Error> {
        let held = self.window.as_ref();
        let torn = self.torn.load(Ordering::Relaxed) || held.is_some_and(|window| window.is_torn());
        torn.then(shorter)
    }
}

impl Read for LogFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        if std::mem::take(&mut self.astray) {
            self.file.seek(SeekFrom::Start(self.at))?;
        }
        let room = buffer.get_mut(..room).unwrap_or_default();
        let read = self.file.read(room)?;
        self.at = self.at.saturating_add(read as u64);
        if read == 0 && !room.is_empty() && self.length != u64::MAX {
            return Err(shorter());
        }
        Ok(read)
    }
}

fn shorter() -> io::Error {
    io::Error::other("it became shorter while it was read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A file of the numbers from zero on, each in eight bytes.
    fn numbered(bytes: usize) -> File {
        let mut file = tempfile::tempfile().unwrap();
        let numbers = (0_u64..).flat_map(u64::to_le_bytes);
        let bytes: Vec<u8> = numbers.take(bytes).collect();
        file.write_all(&bytes).unwrap();
        file
    }

    fn all(file: &File) -> Vec<u8> {
        let mut file = LogFile::new(file.try_clone().unwrap()).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_stands_in_place_is_what_is_read() {
        let file = numbered(11 * 1_048_576 + 12_345);
        let expected = all(&file);
        let mut mapped = LogFile::new(file).unwrap();
        let mut bytes = Vec::new();
        while let Some(stretch) = mapped.in_place(300_000).filter(|it| !it.is_empty()) {
            bytes.extend_from_slice(&stretch);
            mapped.pass(stretch.len());
            if bytes.len() % 7 == 0 {
                assert!(mapped.go_back(5_000));
                bytes.truncate(bytes.len() - 5_000);
            }
        }
        assert!(bytes == expected);
        assert_eq!(mapped.read(&mut [0]).unwrap(), 0);
        assert!(mapped.loss().is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_gone_from_a_window_reads_as_zeros_and_is_said() {
        let file = numbered(6 << 20);
        let mut mapped = LogFile::new(file.try_clone().unwrap()).unwrap();
        let before = mapped.in_place(1 << 20).unwrap();
        mapped.pass(3 << 20);
        let within = mapped.in_place(1 << 20).unwrap();
        file.set_len(2 << 20).unwrap();
        assert!(within.iter().all(|byte| *byte == 0) && within.is_torn());
        assert!(before.iter().any(|byte| *byte != 0) && !before.is_torn());
        assert!(mapped.loss().is_some());
        assert!(mapped.read(&mut [0]).is_err());
        drop((before, within));
        assert!(mapped.in_place(1).is_none() && mapped.loss().is_some());
    }

    #[test]
    fn a_file_that_became_shorter_ends_with_an_error() {
        let file = numbered(1000);
        let mut reader = LogFile::new(file.try_clone().unwrap()).unwrap();
        file.set_len(600).unwrap();
        let mut bytes = Vec::new();
        let failure = reader.read_to_end(&mut bytes).unwrap_err();
        assert_eq!(bytes.len(), 600);
        assert!(failure.to_string().contains("shorter"));
    }

    #[test]
    fn a_file_that_grows_is_read_up_to_the_length_it_had() {
        let mut file = numbered(1000);
        let mut reader = LogFile::new(file.try_clone().unwrap()).unwrap();
        file.write_all(b"more").unwrap();
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len(), 1000);
    }
}
