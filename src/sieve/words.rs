//! Where the words of a line stand, and which of them vary by their form: those with a digit or an `@`.
//!
//! What a word is made of, and what it says, is for the readers of words.

use wide::i8x32;

/// A word of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it has a digit or an `@`.
    pub(super) varies: bool,
}

/// Whoever reads words.
pub(super) trait Reads {
    fn read(&mut self, line: &[u8], word: Word);
}

/// Whether a byte belongs to a word: letters, digits, what is no ASCII, and signs that hold numbers and names
/// together.
pub(super) const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || !byte.is_ascii()
        || matches!(byte, b'_' | b'.' | b':' | b'@' | b'-' | b'+')
}

/// Reads the words of a line, in order.
#[inline]
pub(super) fn read(line: &[u8], reader: &mut impl Reads) {
    let (parts, rest) = line.as_chunks::<TOGETHER>();
    let mut reading = Reading::default();
    for part in parts {
        reading = reading.past_part(line, Bits::of(part), reader);
    }
    reading.past_part(line, Bits::of_last(line, rest), reader);
}

/// How far a line is read.
#[derive(Clone, Copy, Default)]
struct Reading {
    /// Where the part begins that is read next.
    part: usize,
    /// Whether a word goes on there, where it began, and whether it varies.
    within: bool,
    start: usize,
    varies: bool,
}

impl Reading {
    /// Reads the words that end in the next part.
    #[inline]
    fn past_part(mut self, line: &[u8], bits: Bits, reader: &mut impl Reads) -> Self {
        let before = bits.words << 1 | u64::from(self.within);
        let mut starts = bits.words & !before;
        let mut ends = before & !bits.words;
        let mut varying = bits.varying;
        if !self.within {
            self.begin(&mut starts);
        }
        while ends != 0 {
            let of_word = ends.wrapping_sub(1) & !ends;
            self.varies |= varying & of_word != 0;
            let word = Word {
                start: self.start,
                end: place_of(self.part, ends),
                varies: self.varies,
            };
            reader.read(line, word);
            varying &= !of_word;
            ends &= ends.wrapping_sub(1);
            self.begin(&mut starts);
        }
        self.within = bits.words >> (u64::BITS - 1) != 0;
        self.varies |= varying != 0;
        self.part = self.part.wrapping_add(TOGETHER);
        self
    }

    /// Goes on to the next word that starts in a part. Behind the last one, none is asked for.
    #[inline]
    fn begin(&mut self, starts: &mut u64) {
        self.start = place_of(self.part, *starts);
        self.varies = false;
        *starts &= starts.wrapping_sub(1);
    }
}

/// Where the first byte stands that has a bit in a part.
#[inline]
fn place_of(part: usize, bits: u64) -> usize {
    part.wrapping_add(bits.trailing_zeros() as usize)
}

/// Bytes that are looked at together.
const TOGETHER: usize = 64;
/// Bytes that are compared at once.
const AT_ONCE: usize = TOGETHER / 2;

/// A bit for each byte of a part: whether it belongs to a word, and whether a word with it varies. All bytes are
/// compared at once: of a branch for each a processor would guess many wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bits {
    words: u64,
    varying: u64,
}

impl Bits {
    #[inline]
    fn of(part: &[u8; TOGETHER]) -> Self {
        let (halves, _) = part.as_chunks::<AT_ONCE>();
        let none = Self {
            words: 0,
            varying: 0,
        };
        halves.iter().rev().fold(none, |bits, half| {
            let (words, varying) = bits_of(half);
            Self {
                words: bits.words << AT_ONCE | u64::from(words),
                varying: bits.varying << AT_ONCE | u64::from(varying),
            }
        })
    }

    /// Those of what is left of a line behind its whole parts. What is missing to a part belongs to no word.
    #[inline]
    fn of_last(line: &[u8], rest: &[u8]) -> Self {
        if let Some(last) = line.last_chunk() {
            // The rest with bytes before it, which are shifted out.
            let bits = Self::of(last);
            let before = TOGETHER.wrapping_sub(rest.len());
            let before = u32::try_from(before).unwrap_or(u64::BITS);
            return Self {
                words: bits.words.unbounded_shr(before),
                varying: bits.varying.unbounded_shr(before),
            };
        }
        let mut last = [b' '; TOGETHER];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        Self::of(&last)
    }
}

#[inline]
fn bits_of(bytes: &[u8; AT_ONCE]) -> (u32, u32) {
    let bytes = i8x32::new(bytes.map(u8::cast_signed));
    let is = |byte: u8| bytes.simd_eq(i8x32::splat(byte.cast_signed()));
    let letters = within(bytes | i8x32::splat(0x20), b'a', b'z');
    let joints = within(bytes, b'-', b'.') | is(b'_') | is(b'+');
    let at_signs = is(b'@');
    // Of a byte beyond ASCII the highest bit is set, and no other is looked at.
    let words = letters | within(bytes, b'0', b':') | joints | at_signs | bytes;
    let varying = within(bytes, b'0', b'9') | at_signs;
    (words.to_bitmask(), varying.to_bitmask())
}

/// Which bytes stand in a range of ASCII.
#[inline]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "adding vectors wraps around, on every platform"
)]
fn within(bytes: i8x32, first: u8, last: u8) -> i8x32 {
    // Moved so that the range begins at the least signed value: one comparison is enough then.
    let moved = bytes + i8x32::splat(0x80_u8.wrapping_sub(first).cast_signed());
    let behind = 0x81_u8.wrapping_add(last.wrapping_sub(first));
    moved.simd_lt(i8x32::splat(behind.cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct All(Vec<Word>);

    impl Reads for All {
        fn read(&mut self, _line: &[u8], word: Word) {
            self.0.push(word);
        }
    }

    fn words_of(line: &[u8]) -> Vec<Word> {
        let mut all = All::default();
        read(line, &mut all);
        all.0
    }

    #[test]
    fn every_byte_is_what_it_is_said_to_be() {
        for byte in 0..=u8::MAX {
            let varies = byte.is_ascii_digit() || byte == b'@';
            let word = Word {
                start: 1,
                end: 2,
                varies,
            };
            let expected = if is_of_word(byte) { vec![word] } else { vec![] };
            assert_eq!(words_of(&[b' ', byte, b' ']), expected, "{byte}");
        }
    }

    #[test]
    fn words_are_found_one_byte_after_the_other() {
        // Every kind of byte, in an order without a pattern.
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"ab zZ09_@-+.: \"()\t\xc3/"[(state >> 24) as usize % 20]
        };
        for length in 0..300 {
            let line: Vec<u8> = (0..length).map(|_| next()).collect();
            let mut expected = Vec::new();
            let mut start = None;
            for at in 0..=length {
                let within = line.get(at).is_some_and(|byte| is_of_word(*byte));
                if within {
                    start.get_or_insert(at);
                } else if let Some(start) = start.take() {
                    let is_varying = |byte: &u8| byte.is_ascii_digit() || *byte == b'@';
                    let varies = line[start..at].iter().any(is_varying);
                    expected.push(Word {
                        start,
                        end: at,
                        varies,
                    });
                }
            }
            assert_eq!(words_of(&line), expected, "{line:?}");
        }
    }
}
