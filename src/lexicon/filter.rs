//! Which expressions can match a text at all, by the words that they require.
//!
//! All words are looked for in one pass: every three bytes of the text lead to the few words that
//! hold them. Building that takes a hundredth of what an automaton for the words would take, and a
//! short run is over before an automaton has paid. What an expression means is not known here.

use super::lists::{Lists, Numbers, Words, number};
use super::required::{Required, SHORTEST_WORD, fold};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Groups of words; about as many as there are words.
const GROUPS: usize = 1 << GROUP_BITS;
const GROUP_BITS: u32 = 12;

/// Three bytes of a text are looked up where some word has three that share this many bits with them.
const SIEVE_BITS: u32 = 16;
const SIEVE_BYTES: usize = (1 << SIEVE_BITS) / u8::BITS as usize;

/// So many groups of a word are compared.
const CHOICE: u8 = 8;

/// Finds the expressions that can match a text, which are known by their place in a list. The build makes the
/// one for the built-in expressions, which is used where it lies among the program's own bytes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Filter<'f> {
    /// How many expressions it knows.
    count: usize,
    #[serde(borrow)]
    words: Words<'f>,
    /// By three bytes, a bit each: whether some word may be found by them. Of those of a text few are.
    #[serde(borrow)]
    sieve: Cow<'f, [u8]>,
    /// The words of each group, by their three bytes.
    #[serde(borrow)]
    groups: Lists<'f>,
    /// The expressions whose first condition a word meets, by word.
    #[serde(borrow)]
    leads_to: Lists<'f>,
    /// The conditions of each expression but the first, which led to it.
    #[serde(borrow)]
    further: Lists<'f>,
    /// The words of each condition, of which one must stand in the text.
    #[serde(borrow)]
    conditions: Lists<'f>,
    /// The expressions that require nothing.
    #[serde(borrow)]
    always: Numbers<'f>,
}

impl Filter<'_> {
    /// A filter for expressions, from what they require.
    #[must_use]
    pub fn new(required: &Required) -> Self {
        let mut always = Vec::new();
        let mut leads_to = Vec::new();
        let mut further = Vec::new();
        let mut conditions = Vec::new();
        for (expression, needed) in (0..).zip(&required.expressions) {
            let Some((first, rest)) = needed.split_first() else {
                always.push(expression);
                continue;
            };
            leads_to.extend(first.iter().map(|word| (*word, expression)));
            for words in rest {
                further.push((expression, number(conditions.len())));
                conditions.push(words);
            }
        }
        let words_of = (0..).zip(&conditions);
        let words_of = words_of.flat_map(|(at, words)| words.iter().map(move |word| (at, *word)));
        let count = required.expressions.len();
        let (words, groups) = group(&required.words);
        Self {
            count,
            sieve: sieve_of(&words).into(),
            leads_to: Lists::new(required.words.len(), &leads_to),
            further: Lists::new(count, &further),
            conditions: Lists::new(conditions.len(), &words_of.collect::<Vec<_>>()),
            always: Numbers::new(always),
            words,
            groups,
        }
    }

    /// How many expressions it knows.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The expressions that can match a text, in order.
    pub(super) fn candidates(&self, text: &str) -> Vec<u32> {
        let mut standing = Standing::new(self.words.len());
        let folded = folded(text);
        for (place, three) in folded.windows(SHORTEST_WORD).enumerate() {
            let hash = hash_of(three);
            let bits = self.sieve.get(hash.sieve_at()).copied().unwrap_or(0);
            if bits & hash.sieve_bit() == 0 {
                continue;
            }
            for word in self.groups.of(hash.group()) {
                if self.stands_at(word, &folded, place) {
                    standing.add(word);
                }
            }
        }
        let mut found: Vec<u32> = self.always.iter().collect();
        for word in &standing.words {
            let led_to = self.leads_to.of(*word);
            found.extend(led_to.filter(|one| self.meets(*one, &standing)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn stands_at(&self, word: u32, folded: &[u8], place: usize) -> bool {
        let Some(word) = self.words.get(word) else {
            return false;
        };
        let start = place.checked_sub(word.found_at);
        let rest = start.and_then(|start| folded.get(start..));
        rest.is_some_and(|rest| rest.starts_with(word.text))
    }

    fn meets(&self, expression: u32, standing: &Standing) -> bool {
        let mut further = self.further.of(expression);
        further.all(|condition| self.conditions.of(condition).any(|word| standing.has(word)))
    }
}

/// A text as [`fold`] leaves it.
fn folded(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        text.as_bytes().to_ascii_lowercase()
    } else {
        text.chars().map(fold).collect::<String>().into_bytes()
    }
}

/// Puts each word into the group, of those of its first bytes, that the fewest words are found by.
fn group<'f>(texts: &[String]) -> (Words<'f>, Lists<'f>) {
    let mut sizes = vec![0_u32; GROUPS];
    let mut found_at = Vec::with_capacity(texts.len());
    let mut pairs = Vec::with_capacity(texts.len());
    for (index, text) in (0..).zip(texts) {
        let groups = text.as_bytes().windows(SHORTEST_WORD);
        let groups = groups.map(|three| hash_of(three).group());
        let groups = (0..CHOICE).zip(groups);
        let size = |group: u32| sizes.get(group as usize).copied().unwrap_or(0);
        let (at, group) = groups
            .min_by_key(|(_, group)| size(*group))
            .unwrap_or_default();
        if let Some(size) = sizes.get_mut(group as usize) {
            *size = size.saturating_add(1);
        }
        pairs.push((group, index));
        found_at.push(at);
    }
    let words = Words::new(texts, found_at);
    (words, Lists::new(GROUPS, &pairs))
}

/// The three bytes of each word that it is found by.
fn sieve_of(words: &Words<'_>) -> Vec<u8> {
    let mut sieve = vec![0; SIEVE_BYTES];
    for word in (0..).map_while(|word| words.get(word)) {
        let rest = word.text.get(word.found_at..);
        let three = rest.and_then(|rest| rest.get(..SHORTEST_WORD));
        let hash = hash_of(three.unwrap_or_default());
        if let Some(bits) = sieve.get_mut(hash.sieve_at()) {
            *bits |= hash.sieve_bit();
        }
    }
    sieve
}

/// Three bytes, hashed.
#[derive(Clone, Copy)]
struct Hash(u32);

fn hash_of(three: &[u8]) -> Hash {
    let key = three
        .iter()
        .fold(0_u32, |key, byte| key << 8 | u32::from(*byte));
    // Fibonacci hashing: the high bits of the product depend on all of the key.
    Hash(key.wrapping_mul(0x9E37_79B1))
}

impl Hash {
    fn group(self) -> u32 {
        self.0 >> (u32::BITS - GROUP_BITS)
    }

    fn sieve_at(self) -> usize {
        (self.0 >> (u32::BITS - SIEVE_BITS) >> u8::BITS.trailing_zeros()) as usize
    }

    fn sieve_bit(self) -> u8 {
        1 << (self.0 >> (u32::BITS - SIEVE_BITS) & (u8::BITS - 1))
    }
}

/// The words that stand in a text.
struct Standing {
    words: Vec<u32>,
    bits: Vec<u64>,
}

impl Standing {
    fn new(count: usize) -> Self {
        Self {
            words: Vec::new(),
            bits: vec![0; count.div_ceil(u64::BITS as usize)],
        }
    }

    fn add(&mut self, word: u32) {
        let bit = 1 << (word % u64::BITS);
        if let Some(bits) = self.bits.get_mut((word / u64::BITS) as usize)
            && *bits & bit == 0
        {
            *bits |= bit;
            self.words.push(word);
        }
    }

    fn has(&self, word: u32) -> bool {
        let bits = self.bits.get((word / u64::BITS) as usize);
        bits.is_some_and(|bits| bits & (1 << (word % u64::BITS)) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(expressions: &[&str]) -> Filter<'static> {
        let mut required = Required::default();
        required.extend(expressions.iter().map(|source| (*source, true)));
        Filter::new(&required)
    }

    #[test]
    fn an_expression_is_a_candidate_where_all_it_requires_stands() {
        let filter = filter(&[r"token\W+expired", r"\d", "socket (?:closed|gone)", "ken"]);
        assert_eq!(filter.candidates("The TOKEN has Expired"), [0, 1, 3]);
        assert_eq!(filter.candidates("token"), [1, 3]);
        assert_eq!(filter.candidates("socket gone"), [1, 2]);
        assert_eq!(filter.candidates("to"), [1]);
        assert_eq!(filter.candidates(""), [1]);
    }

    #[test]
    fn words_are_found_at_both_ends_and_inside_one_another() {
        let filter = filter(&["websocket", "socket", "sock", "ebs"]);
        assert_eq!(filter.candidates("websocket"), [0, 1, 2, 3]);
        assert_eq!(filter.candidates("websocke"), [2, 3]);
        assert_eq!(filter.candidates("—websocket—"), [0, 1, 2, 3]);
    }

    #[test]
    fn letters_beyond_ascii_fold_as_expressions_fold_them() {
        let filter = filter(&["task skipped", "läuft ab"]);
        assert_eq!(filter.candidates("ta\u{17f}\u{212a} SKIPPED"), [0]);
        assert_eq!(filter.candidates("Zugang LÄUFT AB"), [1]);
    }

    #[test]
    fn many_words_are_told_apart() {
        let sources: Vec<String> = (0..5000)
            .map(|number| format!("word {number:04}"))
            .collect();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        let filter = filter(&sources);
        for number in [0, 1, 777, 4999] {
            let text = format!("a word {number:04} here");
            assert_eq!(filter.candidates(&text), [number]);
        }
    }
}
