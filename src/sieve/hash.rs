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
        Some(around) if length <= SHORT_WORD => hash_of_first(around, length),
        _ => hash_of(rest.get(..length).unwrap_or_default()),
    }
}

/// The same of bytes that stand alone.
pub(super) fn hash_of(bytes: &[u8]) -> u64 {
    let (chunks, rest) = bytes.as_chunks::<SHORT_WORD>();
    let whole = chunks
        .iter()
        .map(|chunk| hash_of_first(chunk, SHORT_WORD))
        .reduce(mix);
    if rest.is_empty() && whole.is_some() {
        return whole.unwrap_or_default();
    }
    let mut last = [0; SHORT_WORD];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let last = hash_of_first(&last, rest.len());
    whole.map_or(last, |whole| mix(whole, last))
}

/// A hash of the first bytes of some.
#[inline]
fn hash_of_first(bytes: &[u8; SHORT_WORD], length: usize) -> u64 {
    let bits = u32::try_from(length.wrapping_mul(8)).unwrap_or(u32::MAX);
    let in_first = u64::BITS.wrapping_sub(bits.min(u64::BITS));
    let in_second = u64::BITS.wrapping_mul(2).wrapping_sub(bits.max(u64::BITS));
    let [first, second] = halves(bytes);
    let start = mix(u64::from(bits), first & u64::MAX.unbounded_shr(in_first));
    mix(start, second & u64::MAX.unbounded_shr(in_second))
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
