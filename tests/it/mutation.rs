//! Inputs like the given ones, and broken: cut, spliced, shuffled, with bytes changed.

use proptest::prelude::*;
use proptest::test_runner::TestRng;
use std::ops::Range;

/// Bytes that steer, quote, escape or end something somewhere.
const TELLING: &[&[u8]] = &[
    b"\0",
    b"\r",
    b"\x1b[31m",
    b"\"",
    b"\\",
    b"`",
    b"```",
    b"{",
    b"}",
    b"[",
    b"]",
    b"|",
    b"%",
    b"=",
    b"\xff",
    b"\xc3",
    "\u{202e}".as_bytes(),
    "\u{feff}".as_bytes(),
    "İ".as_bytes(),
    "😀".as_bytes(),
    b"99999999999999999999",
    b"-1",
    b"0",
    b"1e999",
    b"Traceback (most recent call last):",
];

/// One of the seeds, changed in one to four ways.
pub(crate) fn mutated(seeds: &[Vec<u8>], random: &mut TestRng) -> Vec<u8> {
    let mut bytes = chosen(seeds, random).clone();
    for _ in 0..random.random_range(1..=4) {
        match random.random_range(0..7) {
            0 => bytes.truncate(range(&bytes, random).start),
            1 => change(&mut bytes, random),
            2 => {
                let gone = range(&bytes, random);
                bytes.drain(gone);
            }
            3 => {
                let again = bytes[range(&bytes, random)].to_vec();
                insert(&mut bytes, &again, random);
            }
            4 => {
                let other = chosen(seeds, random);
                let part = other[range(other, random)].to_vec();
                insert(&mut bytes, &part, random);
            }
            5 => {
                let telling: &[u8] = chosen::<&[u8]>(TELLING, random);
                insert(&mut bytes, telling, random);
            }
            _ => {
                let other: &Vec<u8> = chosen(seeds, random);
                bytes = interleaved(&bytes, other, random);
            }
        }
    }
    bytes
}

fn chosen<'a, T>(from: &'a [T], random: &mut TestRng) -> &'a T {
    &from[random.random_range(0..from.len())]
}

/// A part of the bytes; at times all of them or none.
fn range(bytes: &[u8], random: &mut TestRng) -> Range<usize> {
    let (one, other) = (
        random.random_range(0..=bytes.len()),
        random.random_range(0..=bytes.len()),
    );
    one.min(other)..one.max(other)
}

fn change(bytes: &mut [u8], random: &mut TestRng) {
    for _ in 0..8 {
        let place = random.random_range(0..=bytes.len());
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= 1 << random.random_range(0..8);
        }
    }
}

fn insert(bytes: &mut Vec<u8>, part: &[u8], random: &mut TestRng) {
    let place = random.random_range(0..=bytes.len());
    bytes.splice(place..place, part.iter().copied());
}

/// The lines of both, each log's in their order.
fn interleaved(one: &[u8], other: &[u8], random: &mut TestRng) -> Vec<u8> {
    let mut both = [one, other].map(|log| log.split_inclusive(|byte| *byte == b'\n').peekable());
    let mut written = Vec::new();
    while both.iter_mut().any(|lines| lines.peek().is_some()) {
        written.extend(both[random.random_range(0..2)].next().unwrap_or_default());
    }
    written
}
