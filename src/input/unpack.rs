//! From the bytes of a file to the bytes of its text: compression told by content, and the
//! bounds that keep a small archive from filling the memory.

use flate2::read::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of text that are unpacked of one archive at most: 64 GiB. What follows is not read. It bounds the
/// time that an archive can take, not memory: text is never held whole.
pub(super) const MAX_UNPACKED_BYTES: u64 = 1 << 36;

/// How many times larger than its archive a text may become. Logs shrink ten to fifty times, very
/// repetitive ones a few hundred; what unpacks further was made to.
pub(super) const MAX_RATIO: u64 = 1000;

/// Bytes that may come out of an archive before [`MAX_RATIO`] is asked for: 64 MiB.
pub(super) const RATIO_FREE_BYTES: u64 = 1 << 26;

/// How much of a stream is looked at to tell what it is.
const SNIFFED_BYTES: usize = 16 * 1024;

/// A reader whose first bytes have been looked at and not been consumed.
pub(super) struct Peeked<'a> {
    /// The first bytes; all of them where the stream is short.
    pub(super) head: Vec<u8>,
    /// The whole stream, head included.
    pub(super) reader: Box<dyn BufRead + Send + 'a>,
    /// Whether it came out of an archive.
    pub(super) unpacked: bool,
}

/// Looks at the start of a stream. A pipe may give it in small pieces, so it is read in a loop.
///
/// An error that comes after some bytes is given again to whoever reads on.
pub(super) fn peek<'a>(mut reader: impl Read + Send + 'a) -> io::Result<Peeked<'a>> {
    let mut head = Vec::with_capacity(SNIFFED_BYTES);
    let failure = (&mut reader)
        .take(SNIFFED_BYTES as u64)
        .read_to_end(&mut head)
        .err();
    match failure {
        Some(error) if head.is_empty() => Err(error),
        failure => {
            let rest = Failing { failure, reader };
            let whole = Cursor::new(head.clone()).chain(rest);
            Ok(Peeked {
                head,
                reader: Box::new(BufReader::with_capacity(1 << 16, whole)),
                unpacked: false,
            })
        }
    }
}

/// Opens a stream: unpacked, within bounds, where it is gzip or zstd; as it is where not.
pub(super) fn open<'a>(reader: impl Read + Send + 'a) -> io::Result<Peeked<'a>> {
    let packed_bytes = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        reader,
        count: Arc::clone(&packed_bytes),
    };
    let outer = peek(counted)?;
    let unpacked: Box<dyn Read + Send + 'a> = if outer.head.starts_with(b"\x1f\x8b") {
        Box::new(MultiGzDecoder::new(outer.reader))
    } else if is_zstd(&outer.head) {
        Box::new(zstd::stream::read::Decoder::with_buffer(outer.reader)?)
    } else {
        return Ok(outer);
    };
    Ok(Peeked {
        unpacked: true,
        ..peek(Bounded::new(unpacked, packed_bytes))?
    })
}

/// A zstd frame, or a skippable frame, with which some writers begin.
fn is_zstd(head: &[u8]) -> bool {
    head.starts_with(b"\x28\xb5\x2f\xfd") || matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Gives a failure that a look at the start had met, then reads on.
struct Failing<R> {
    failure: Option<io::Error>,
    reader: R,
}

impl<R: Read> Read for Failing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => self.reader.read(buffer),
        }
    }
}

/// Counts what is read through it.
struct Counted<R> {
    reader: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Ends with an error where a text grows past its bounds.
struct Bounded<R> {
    reader: R,
    read: u64,
    packed_bytes: Arc<AtomicU64>,
}

impl<R> Bounded<R> {
    fn new(reader: R, packed_bytes: Arc<AtomicU64>) -> Self {
        Self {
            reader,
            read: 0,
            packed_bytes,
        }
    }

    fn check(&self) -> io::Result<()> {
        if self.read > MAX_UNPACKED_BYTES {
            let limit = MAX_UNPACKED_BYTES >> 30;
            return Err(io::Error::other(format!(
                "it unpacks to more than {limit} GiB"
            )));
        }
        let packed = self.packed_bytes.load(Ordering::Relaxed);
        let swollen = self.read / MAX_RATIO > packed;
        if swollen && self.read > RATIO_FREE_BYTES {
            return Err(io::Error::other(format!(
                "it unpacks to more than {MAX_RATIO} times its size"
            )));
        }
        Ok(())
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let read = self.reader.read(buffer)?;
        self.read = self.read.saturating_add(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read_all(bytes: &[u8]) -> (Vec<u8>, Option<io::Error>) {
        let mut text = Vec::new();
        let failure = open(bytes).unwrap().reader.read_to_end(&mut text).err();
        (text, failure)
    }

    #[test]
    fn plain_bytes_pass() {
        let (text, failure) = read_all(b"a\nb\n");
        assert_eq!((text.as_slice(), failure.is_none()), (&b"a\nb\n"[..], true));
    }

    #[test]
    fn gzip_of_several_members_is_one_text() {
        let mut bytes = gzip(b"one\n");
        bytes.extend(gzip(b"two\n"));
        assert_eq!(read_all(&bytes).0, b"one\ntwo\n");
    }

    #[test]
    fn zstd_is_told_by_content() {
        let bytes = zstd::encode_all(&b"one\n"[..], 3).unwrap();
        assert_eq!(read_all(&bytes).0, b"one\n");
    }

    #[test]
    fn a_truncated_archive_gives_what_it_has_and_says_so() {
        let mut text = Vec::new();
        for number in 0..20_000_u32 {
            writeln!(text, "{} line", number.wrapping_mul(2_654_435_761)).unwrap();
        }
        let bytes = gzip(&text);
        let (read, failure) = read_all(&bytes[..bytes.len() / 2]);
        assert!(failure.is_some() && !read.is_empty() && text.starts_with(&read));
        let bytes = zstd::encode_all(&text[..], 3).unwrap();
        let (read, failure) = read_all(&bytes[..bytes.len() - 10]);
        assert!(failure.is_some() && text.starts_with(&read));
    }

    #[test]
    fn an_archive_that_swells_without_bound_is_cut() {
        let zeros = vec![b'a'; usize::try_from(RATIO_FREE_BYTES).unwrap() * 2];
        let bytes = zstd::encode_all(&zeros[..], 3).unwrap();
        let (read, failure) = read_all(&bytes);
        assert!(failure.unwrap().to_string().contains("times its size"));
        assert!(read.len() < zeros.len());
    }
}
