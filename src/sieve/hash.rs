//! Quick hashes of words: not for keys that somebody could choose to collide, and good enough to tell lines apart.

/// The multiplier of the Fx hash (rustc-hash): odd, with bits all over.
const SPREAD: u64 = 0x517c_c1b7_2722_0a95;

/// Bytes up to which a word is hashed without a branch for its length, which a processor would guess wrong.
const SHORT_WORD: usize = 16;

pub(super) const fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(SPREAD)
}

/// A hash of a word of a line.
#[inline]
pub(super) fn hash_at(line: &[u8], start: usize, length: usize) -> u64 {
    let rest = line.get(start..).unwrap_or_default();
    match rest.first_chunk() {
        // What follows a short word is read with it and taken away.
        Some(around) if length <= SHORT_WORD => {
            let bits = u32::try_from(length.wrapping_mul(8)).unwrap_or(u32::MAX);
            let [first, second] = halves(around);
            let behind = [
                u64::BITS.wrapping_sub(bits.min(u64::BITS)),
                u64::BITS.wrapping_mul(2).wrapping_sub(bits.max(u64::BITS)),
            ];
            let [in_first, in_second] = behind.map(|bits| u64::MAX.unbounded_shr(bits));
            mix_all(length, first & in_first, second & in_second)
        }
        _ => hash_of(rest.get(..length).unwrap_or_default()),
    }
}

/// The same of bytes that stand alone.
pub(super) fn hash_of(bytes: &[u8]) -> u64 {
    let (chunks, rest) = bytes.as_chunks();
    let whole = chunks.iter().map(|chunk| {
        let [first, second] = halves(chunk);
        mix_all(SHORT_WORD, first, second)
    });
    match whole.reduce(mix) {
        Some(whole) if rest.is_empty() => whole,
        Some(whole) => mix(whole, hash_of_few(rest)),
        None => hash_of_few(rest),
    }
}

/// A hash of less than [`SHORT_WORD`] bytes: some are read twice, which is quicker than one by one.
fn hash_of_few(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    let at = |place: usize| u32::try_from(place.wrapping_mul(8)).unwrap_or(u32::MAX);
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let twice = at(SHORT_WORD.wrapping_sub(length));
        let second = u64::from_le_bytes(*last).unbounded_shr(twice);
        return mix_all(length, u64::from_le_bytes(*first), second);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let last = u64::from(u32::from_le_bytes(*last)).unbounded_shl(at(length.wrapping_sub(4)));
        return mix_all(length, u64::from(u32::from_le_bytes(*first)) | last, 0);
    }
    let places = [0, length / 2, length.saturating_sub(1)];
    let all = places.map(|place| {
        let byte = bytes.get(place).copied().map_or(0, u64::from);
        byte.unbounded_shl(at(place))
    });
    mix_all(length, all.iter().fold(0, |bytes, byte| bytes | byte), 0)
}

/// A hash of at most [`SHORT_WORD`] bytes, of which those that are missing are zero.
#[inline]
fn mix_all(length: usize, first: u64, second: u64) -> u64 {
    let start = u64::try_from(length).unwrap_or(u64::MAX);
    mix(mix(start, first), second)
}

fn halves(bytes: &[u8; SHORT_WORD]) -> [u64; 2] {
    let (eights, _) = bytes.as_chunks::<8>();
    [0, 1].map(|at| eights.get(at).map_or(0, |eight| u64::from_le_bytes(*eight)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_hash_wherever_it_stands() {
        let text = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut seen = std::collections::HashSet::new();
        for length in 0..text.len() {
            let word = &text[..length];
            let alone = hash_of(word);
            assert!(seen.insert(alone), "{length}");
            for behind in ["", " ", " and what follows it"] {
                let line = [b"before ", word, behind.as_bytes()].concat();
                assert_eq!(hash_at(&line, 7, length), alone, "{length} {behind}");
            }
        }
    }
}
