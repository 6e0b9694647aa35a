//! What a line looks like when all that varies from one to the next is masked, and which connection
//! it names. Both are hashes: a long log has millions of lines and few shapes.
//!
//! What varies are words with a digit in them (times, ports, ids, addresses, tokens), words with an
//! `@`, and words too long to be words. HTTP statuses and close codes are kept: they are the story.

use memchr::memchr_iter;

/// Bytes of a line that its shape is made of. What follows is the end of a long value.
const MOST_BYTES: usize = 1024;
/// Bytes from which a word is no word: a token, a path of ids, a base64 text.
const LONGEST_WORD: usize = 48;

/// Digits of a client's port.
const PORT_DIGITS: std::ops::RangeInclusive<usize> = 4..=5;
/// Bytes that may stand between an address and its port (`', `).
const MOST_BETWEEN: usize = 4;

/// A line without what varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shape {
    /// Equal for lines that differ only in what varies.
    pub(super) hash: u64,
    /// The client's address with its port, hashed; `None` where the line has none.
    pub(super) client: Option<u64>,
}

impl Shape {
    pub(super) fn of(line: &[u8]) -> Self {
        let mut reader = Reader::default();
        read(line, &mut reader);
        Self {
            hash: reader.hash,
            client: reader.client,
        }
    }
}

/// The hashes of a line's words, in order; one and the same for all that vary by their form.
pub(super) fn words(line: &[u8]) -> Vec<u64> {
    let mut words = Words::default();
    read(line, &mut words);
    words.0
}

/// Whoever reads words.
trait Reads {
    fn read(&mut self, line: &[u8], word: &Word, end: usize);
}

#[inline]
fn read(line: &[u8], reader: &mut impl Reads) {
    let line = line.get(..MOST_BYTES).unwrap_or(line);
    let mut word = Word::default();
    for (at, byte) in line.iter().enumerate() {
        let class = class(*byte);
        if class == GAP {
            reader.read(line, &word, at);
            word = Word {
                start: at.saturating_add(1),
                before: *byte,
                classes: 0,
            };
        } else {
            word.classes |= class;
        }
    }
    reader.read(line, &word, line.len());
}

/// What ends a word.
const GAP: u8 = 0;
/// Letters, underscores and everything that is no ASCII.
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
/// Signs that hold numbers together.
const DOT: u8 = 4;
const COLON: u8 = 8;
const AT_SIGN: u8 = 16;
const OTHER_JOINT: u8 = 32;

/// What a byte is to a word: one bit.
const fn class(byte: u8) -> u8 {
    const CLASSES: [u8; 256] = classes();
    // As an index a byte is always in bounds.
    #[expect(clippy::indexing_slicing, reason = "256 classes for 256 bytes")]
    CLASSES[byte as usize]
}

const fn classes() -> [u8; 256] {
    let mut classes = [GAP; 256];
    let mut byte = 0_u8;
    loop {
        #[expect(clippy::indexing_slicing, reason = "256 classes for 256 bytes")]
        let class = &mut classes[byte as usize];
        *class = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xff => LETTER,
            b'0'..=b'9' => DIGIT,
            b'.' => DOT,
            b':' => COLON,
            b'@' => AT_SIGN,
            b'-' | b'+' => OTHER_JOINT,
            _ => GAP,
        };
        if byte == u8::MAX {
            return classes;
        }
        byte = byte.saturating_add(1);
    }
}

/// The word that is being read.
#[derive(Clone, Copy, Default)]
struct Word {
    start: usize,
    /// The byte before it; zero at the start of the line.
    before: u8,
    /// The classes of its bytes.
    classes: u8,
}

impl Word {
    fn has(&self, class: u8) -> bool {
        self.classes & class != 0
    }
}

#[derive(Default)]
struct Reader {
    hash: u64,
    client: Option<u64>,
    /// An address that no port has followed yet, and where it ends.
    address: Option<(u64, usize)>,
    client_is_long: bool,
}

#[derive(Default)]
struct Words(Vec<u64>);

impl Reads for Words {
    fn read(&mut self, line: &[u8], word: &Word, end: usize) {
        let mut reader = Reader::default();
        reader.read(line, word, end);
        if reader.hash != 0 {
            self.0.push(reader.hash);
        }
    }
}

impl Reads for Reader {
    #[inline]
    fn read(&mut self, line: &[u8], word: &Word, end: usize) {
        let Some(bytes) = line.get(word.start..end).filter(|bytes| !bytes.is_empty()) else {
            return;
        };
        if word.has(DIGIT | AT_SIGN) || bytes.len() > LONGEST_WORD {
            self.read_varying(word, bytes, end);
        } else {
            self.hash = mix(self.hash, hash_of(bytes));
        }
    }
}

impl Reader {
    fn read_varying(&mut self, word: &Word, bytes: &[u8], end: usize) {
        self.hash = mix(self.hash, 1);
        if word.has(DIGIT) {
            let (name, number) = split_number(bytes);
            if is_code(*word, name, number) {
                self.hash = mix(self.hash, hash_of(bytes));
            }
            self.find_client(word, name, number, end);
        }
    }

    /// Looks for `10.0.0.1:5000`, `[::1]:5000` and `('10.0.0.1', 5000)`.
    fn find_client(&mut self, word: &Word, name: &[u8], number: &[u8], end: usize) {
        let is_port = PORT_DIGITS.contains(&number.len());
        let colons = if word.has(COLON) {
            count(name, b':')
        } else {
            0
        };
        if !word.has(LETTER) && word.has(DOT) && count(name, b'.') == 3 {
            match colons {
                0 => self.address = Some((hash_of(name).wrapping_add(hash_of(number)), end)),
                1 if is_port => {
                    let host = name.strip_suffix(b":").unwrap_or(name);
                    let (start, last) = split_number(host);
                    self.take_client(hash_of(start).wrapping_add(hash_of(last)), number);
                }
                _ => {}
            }
        } else if colons >= 2 && name.windows(2).any(|pair| pair == b"::") {
            self.address = Some((hash_of(name).wrapping_add(hash_of(number)), end));
        } else if let Some((host, ended)) = self.address.take()
            && is_port
            && matches!(name, b"" | b":")
            && word.start.saturating_sub(ended) <= MOST_BETWEEN
        {
            self.take_client(host, number);
        }
    }

    /// Of several addresses in a line the first counts, unless its port is a server's short one.
    fn take_client(&mut self, host: u64, port: &[u8]) {
        let long = port.len() == *PORT_DIGITS.end();
        if self.client.is_none() || long && !self.client_is_long {
            self.client = Some(mix(host, hash_of(port)));
            self.client_is_long = long;
        }
    }
}

/// The digits at the end of a word, and what stands before them.
fn split_number(word: &[u8]) -> (&[u8], &[u8]) {
    let digits = word
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    word.split_at_checked(word.len().saturating_sub(digits))
        .unwrap_or((word, b""))
}

fn count(bytes: &[u8], wanted: u8) -> usize {
    memchr_iter(wanted, bytes).count()
}

/// Whether a word is an HTTP status or a close code, as such are written: alone, or behind `code:`.
fn is_code(word: Word, name: &[u8], number: &[u8]) -> bool {
    let alone = name.is_empty() && matches!(word.before, b' ' | b'=' | b'(' | b'"' | b'[');
    let named = name.ends_with(b":") && !word.has(DOT) && count(name, b':') == 1;
    (alone || named)
        && matches!(
            number,
            [b'1', b'0', b'1']
                | [b'2', b'0', b'0' | b'4']
                | [b'3', b'0', b'1' | b'2' | b'3' | b'4' | b'7' | b'8']
                | [b'4', b'0', b'0'..=b'9']
                | [b'4', b'2', b'1' | b'2' | b'6' | b'9']
                | [b'4', b'9', b'9']
                | [b'5', b'0', b'0' | b'2' | b'3' | b'4']
                | [b'1', b'0', b'0' | b'1', _]
                | [b'4', _, _, _]
        )
}

/// The multiplier of the Fx hash (rustc-hash): odd, with bits all over.
const SPREAD: u64 = 0x517c_c1b7_2722_0a95;

pub(super) const fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(SPREAD)
}

/// A hash of a few bytes: the last ones may be read twice, which is quicker than one by one.
#[inline]
fn hash_of(bytes: &[u8]) -> u64 {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        let (eights, _) = bytes.as_chunks::<8>();
        let start = mix(length, u64::from_le_bytes(*first));
        let inner = eights.iter().skip(1);
        let hash = inner.fold(start, |hash, eight| mix(hash, u64::from_le_bytes(*eight)));
        return mix(hash, u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return mix(length, u64::from(first) << 32 | u64::from(last));
    }
    bytes
        .iter()
        .fold(length, |hash, byte| hash << 8 | u64::from(*byte))
        .wrapping_mul(SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(line: &str) -> u64 {
        Shape::of(line.as_bytes()).hash
    }

    fn client(line: &str) -> Option<u64> {
        Shape::of(line.as_bytes()).client
    }

    #[test]
    fn what_varies_is_masked() {
        let one = "2026-11-20 10:00:00,123 INFO WebSocket CONNECT /ws/room/7/ [10.0.0.7:51234] token=eyJhbGciOiJIUzI1";
        let other = "2026-11-21 23:59:01,403 INFO WebSocket CONNECT /ws/room/81/ [10.0.0.9:60000] token=eyJ0eXAiOiJKV1Qi";
        assert_eq!(hash(one), hash(other));
        assert_eq!(hash("mail to a@example.com"), hash("mail to b@example.org"));
    }

    #[test]
    fn words_and_codes_are_the_shape() {
        assert_ne!(hash("x accepted"), hash("x rejected"));
        assert_ne!(hash("\"GET /ws/\" 403 12"), hash("\"GET /ws/\" 101 12"));
        assert_ne!(hash("closed code=1006"), hash("closed code=4001"));
        assert_ne!(hash("closed code:1006"), hash("closed code:1000"));
        assert_eq!(hash("took 403ms"), hash("took 101ms"));
        assert_eq!(hash("10:00:00,403 x"), hash("10:00:00,101 x"));
    }

    #[test]
    fn the_client_is_the_same_in_every_notation() {
        let known = client("WebSocket CONNECT /ws/ [10.0.0.7:51234]");
        assert!(known.is_some());
        assert_eq!(known, client("scope client=('10.0.0.7', 51234)"));
        assert_eq!(known, client("upstream 127.0.0.1:8000 for 10.0.0.7:51234"));
        assert_ne!(known, client("WebSocket CONNECT /ws/ [10.0.0.7:51235]"));
        assert_eq!(client("x [::1]:51234"), client("('::1', 51234, 0, 0)"));
        assert!(client("x [::1]:51234").is_some());
    }

    #[test]
    fn times_and_bare_hosts_are_no_clients() {
        assert_eq!(client("10:00:00 5123 started"), None);
        assert_eq!(
            client("10.0.0.7 - - [20/Nov/2026:10:00:00 +0000] \"GET /\" 200 5123"),
            None
        );
    }
}
