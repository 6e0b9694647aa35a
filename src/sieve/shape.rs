//! What a line looks like when all that varies from one to the next is masked, and which connection
//! it names. Both are hashes: a long log has millions of lines and few shapes.
//!
//! What varies are words with a digit in them (times, ports, ids, addresses, tokens), words with an
//! `@`, and words too long to be words. HTTP statuses and close codes are kept: they are the story.

use super::hash::{hash_at, hash_of, mix};
use super::words::{self, Reads, Word, is_of_word};

/// Bytes of a line that its shape is made of: the first ones, and the last ones, which tell what exception a
/// traceback within a line came to. Between them stand frames and long values.
const FIRST_BYTES: usize = 256;
const LAST_BYTES: usize = 128;
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
        Self::of_said(behind_stamp(line).unwrap_or(line))
    }

    /// The shape of a line of which the stamp was left off.
    pub(super) fn of_said(said: &[u8]) -> Self {
        let mut reader = Reader::default();
        read(said, &mut reader);
        Self {
            hash: reader.hash,
            client: reader.client,
        }
    }
}

/// The hashes of a line's words, in order; one and the same for all that vary by their form. Those of words in
/// capitals, such as `WSREJECT` or `ERROR`, are odd, and all others even: capitals are no names.
pub(super) fn words(line: &[u8]) -> Vec<u64> {
    let mut words = Words::default();
    read(behind_stamp(line).unwrap_or(line), &mut words);
    words.0
}

#[inline]
fn read(line: &[u8], reader: &mut impl Reads) {
    let Some((first, rest)) = line.split_at_checked(FIRST_BYTES) else {
        return words::read(line, reader);
    };
    words::read(first, reader);
    let start = rest.len().saturating_sub(LAST_BYTES);
    let last = rest.get(start..).unwrap_or_default();
    // From the first whole word on, so that it does not matter how long the line is.
    if let Some(gap) = last.iter().position(|byte| !is_of_word(*byte)) {
        words::read(last.get(gap..).unwrap_or_default(), reader);
    }
}

/// A line without the date and time at its start, if it begins so.
pub(super) fn behind_stamp(line: &[u8]) -> Option<&[u8]> {
    let bracket = usize::from(line.first() == Some(&b'['));
    match line.get(bracket..)? {
        [
            b'0'..=b'9',
            _,
            _,
            _,
            b'-',
            _,
            _,
            b'-',
            _,
            _,
            b' ' | b'T',
            _,
            _,
            b':',
            _,
            _,
            b':',
            _,
            _,
            rest @ ..,
        ] => Some(behind_fraction(rest)),
        _ => None,
    }
}

/// What follows the fraction of a second.
fn behind_fraction(rest: &[u8]) -> &[u8] {
    let Some(fraction) = rest.strip_prefix(b",").or_else(|| rest.strip_prefix(b".")) else {
        return rest;
    };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit());
    match fraction.split_at_checked(digits.count()) {
        // Another number may follow a comma.
        Some((digits, behind)) if !matches!(digits, b"") && !behind.starts_with(b".") => behind,
        _ => rest,
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
    fn read(&mut self, line: &[u8], word: Word) {
        let mut reader = Reader::default();
        reader.read(line, word);
        if reader.hash != 0 {
            let bytes = line.get(word.start..word.end).unwrap_or_default();
            let in_capitals = bytes.iter().any(u8::is_ascii_uppercase)
                && !bytes.iter().any(u8::is_ascii_lowercase);
            self.0.push(reader.hash & !1 | u64::from(in_capitals));
        }
    }
}

impl Reads for Reader {
    #[inline]
    fn read(&mut self, line: &[u8], word: Word) {
        let length = word.end.wrapping_sub(word.start);
        let hash = if word.varies || length > LONGEST_WORD {
            return self.read_varying(line, word);
        } else {
            hash_at(line, word.start, length)
        };
        self.hash = mix(self.hash, hash);
    }
}

/// How many bytes of each kind a word has.
struct Counts {
    letters: usize,
    digits: usize,
    dots: usize,
    colons: usize,
}

impl Counts {
    fn of(word: &[u8]) -> Self {
        // All four in one number: a line has fewer bytes than one of them can count.
        let counts = word
            .iter()
            .fold(0, |counts: u64, byte| counts.wrapping_add(count_of(*byte)));
        let [letters, digits, dots, colons] = [0, 16, 32, 48]
            .map(|at| usize::try_from(counts >> at & u64::from(u16::MAX)).unwrap_or(usize::MAX));
        Self {
            letters,
            digits,
            dots,
            colons,
        }
    }
}

/// One byte of its kind, at the place of this kind's count.
const fn count_of(byte: u8) -> u64 {
    const COUNTS: [u64; 256] = {
        let mut all = [0; 256];
        let mut byte = 0_u8;
        loop {
            #[expect(clippy::indexing_slicing, reason = "256 entries for 256 bytes")]
            let count = &mut all[byte as usize];
            *count = match byte {
                b'0'..=b'9' => 1 << 16,
                b'.' => 1 << 32,
                b':' => 1 << 48,
                b'@' | b'-' | b'+' => 0,
                _ => 1,
            };
            if byte == u8::MAX {
                break all;
            }
            byte = byte.saturating_add(1);
        }
    };
    #[expect(clippy::indexing_slicing, reason = "256 entries for 256 bytes")]
    COUNTS[byte as usize]
}

impl Reader {
    #[inline(never)]
    fn read_varying(&mut self, line: &[u8], word: Word) {
        self.hash = mix(self.hash, 1);
        let bytes = line.get(word.start..word.end).unwrap_or_default();
        let before = word.start.checked_sub(1).and_then(|at| line.get(at));
        let before = before.copied().unwrap_or_default();
        let counts = Counts::of(bytes);
        // Most are dates, times of day and decimals, and are passed over without a closer look.
        let is_number = counts.digits == bytes.len();
        let may_be_address = counts.dots == 3 && counts.letters == 0;
        let is_time = matches!(bytes, [_, _, b':', _, _, b':', _, _]);
        if !is_number && !may_be_address && (counts.colons == 0 || is_time) {
            self.address = None;
            return;
        }
        let (name, number) = split_number(bytes);
        if is_code(&counts, before, name, number) {
            self.hash = mix(self.hash, hash_of(bytes));
        }
        self.find_client(word, &counts, name, number);
    }

    /// Looks for `10.0.0.1:5000`, `[::1]:5000` and `('10.0.0.1', 5000)`.
    fn find_client(&mut self, word: Word, counts: &Counts, name: &[u8], number: &[u8]) {
        let is_port = PORT_DIGITS.contains(&number.len());
        if counts.letters == 0 && counts.dots == 3 {
            match counts.colons {
                0 => self.address = Some((hash_of(name).wrapping_add(hash_of(number)), word.end)),
                1 if is_port => {
                    let host = name.strip_suffix(b":").unwrap_or(name);
                    let (start, last) = split_number(host);
                    self.take_client(hash_of(start).wrapping_add(hash_of(last)), number);
                }
                _ => {}
            }
        } else if counts.colons >= 2 && name.windows(2).any(|pair| pair == b"::") {
            self.address = Some((hash_of(name).wrapping_add(hash_of(number)), word.end));
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

/// Whether a word is an HTTP status or a close code, as such are written: alone, or behind `code:`.
fn is_code(counts: &Counts, before: u8, name: &[u8], number: &[u8]) -> bool {
    let alone = name.is_empty() && matches!(before, b' ' | b'=' | b'(' | b'"' | b'[');
    let named = name.ends_with(b":") && counts.dots == 0 && counts.colons == 1;
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
        assert_eq!(
            hash("2026-11-20 10:00:00,1 x"),
            hash("2026-11-20T10:00:00 x")
        );
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
    fn words_are_the_same_wherever_they_stand() {
        let words_of = |line: &str| words(line.as_bytes());
        let line = "a word, [10.0.0.7:51234] and a (second) one user@example.com x=7";
        let expected = words_of(line);
        assert_eq!(expected.len(), 10);
        for before in 0..70 {
            let moved = format!("{}{line}", " ".repeat(before));
            assert_eq!(words_of(&moved), expected, "{before}");
            assert_eq!(Shape::of(moved.as_bytes()), Shape::of(line.as_bytes()));
        }
    }

    #[test]
    fn of_a_long_line_both_ends_tell() {
        let line = |frames: usize, foot: &str| {
            let frame = "File views.py, line 12, in get ".repeat(frames);
            format!("ERROR Internal Server Error: /api/ Traceback {frame}{foot}")
        };
        assert_eq!(
            hash(&line(30, "KeyError: price")),
            hash(&line(50, "KeyError: price"))
        );
        assert_ne!(
            hash(&line(30, "KeyError: price")),
            hash(&line(30, "KeyError: token"))
        );
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
