//! Whether a line is the access line of an HTTP request that went well.
//!
//! Only the outline is looked at, which all servers share: a method before a path, and a status. What else
//! such a line says is for [`crate::dialect`].

const METHODS: [&[u8]; 7] = [
    b"GET", b"POST", b"HEAD", b"PUT", b"PATCH", b"DELETE", b"OPTIONS",
];

/// Whether a line is of an HTTP request that was answered, and not with an error.
pub(super) fn is_ordinary(line: &[u8]) -> bool {
    let mut words = line.split(|byte| matches!(byte, b' ' | b'"' | b'\\'));
    let mut asked = false;
    while let Some(word) = words.next() {
        if METHODS.contains(&word) {
            asked = words.next().is_some_and(|path| path.first() == Some(&b'/'));
            break;
        }
    }
    // A length that looks like an error's status only makes the line one to be looked at.
    asked && has_status(words.clone(), b'2'..=b'3') && !has_status(words, b'4'..=b'5')
}

/// Whether one of the words is a status that begins with one of these digits.
fn has_status<'a>(
    mut words: impl Iterator<Item = &'a [u8]>,
    first: std::ops::RangeInclusive<u8>,
) -> bool {
    words.any(|word| {
        matches!(word, [hundreds, tens, ones]
            if first.contains(hundreds) && tens.is_ascii_digit() && ones.is_ascii_digit())
    })
}
