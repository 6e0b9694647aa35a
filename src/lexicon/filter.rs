//! Which expressions can match a text at all, by the words that they require.
//!
//! All words are looked for in one pass: every three bytes of the text lead to the few words that
//! hold them. Building that takes a hundredth of what an automaton for the words would take, and a
//! short run is over before an automaton has paid. What an expression means is not known here.

use super::required::{Required, SHORTEST_WORD, fold};

/// Groups of words; about as many as there are words.
const GROUPS: usize = 1 << GROUP_BITS;
const GROUP_BITS: u32 = 12;

/// Three bytes of a text are looked up where some word has three that share this many bits with them.
const SIEVE_BITS: u32 = 16;
const SIEVE_WORDS: usize = (1 << SIEVE_BITS) / u64::BITS as usize;

/// So many groups of a word are compared.
const CHOICE: usize = 8;

/// Finds the expressions that can match a text.
#[derive(Debug)]
pub(super) struct Filter {
    words: Vec<Word>,
    /// By three bytes: whether some word may be found by them. Of those of a text few are.
    sieve: Vec<u64>,
    /// The words of each group, by their three bytes.
    groups: Lists,
    /// The conditions of each expression but the first, which led to it.
    further: Vec<Vec<Vec<u32>>>,
    /// The expressions whose first condition a word meets, by word.
    leads_to: Lists,
    /// The expressions that require nothing.
    always: Vec<u32>,
}

#[derive(Debug)]
struct Word {
    text: String,
    /// Where in the word the three bytes stand that it is found by.
    found_at: usize,
}

impl Filter {
    /// A filter for expressions, which are known by their place in the list.
    pub(super) fn new(required: Required) -> Self {
        let mut always = Vec::new();
        let mut pairs = Vec::new();
        let mut further = required.expressions;
        for (expression, conditions) in (0..).zip(&mut further) {
            if conditions.is_empty() {
                always.push(expression);
            } else {
                let first = conditions.remove(0);
                pairs.extend(first.into_iter().map(|word| (word, expression)));
            }
        }
        let leads_to = Lists::new(required.words.len(), &pairs);
        let (words, groups) = group(required.words);
        let sieve = sieve_of(&words);
        Self {
            words,
            sieve,
            groups,
            further,
            leads_to,
            always,
        }
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
                if self.stands_at(*word, &folded, place) {
                    standing.add(*word);
                }
            }
        }
        let mut found = self.always.clone();
        for word in &standing.words {
            let led_to = self.leads_to.of(*word as usize);
            found.extend(led_to.iter().filter(|one| self.meets(**one, &standing)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn stands_at(&self, word: u32, folded: &[u8], place: usize) -> bool {
        let Some(word) = self.words.get(word as usize) else {
            return false;
        };
        let start = place.checked_sub(word.found_at);
        let rest = start.and_then(|start| folded.get(start..));
        rest.is_some_and(|rest| rest.starts_with(word.text.as_bytes()))
    }

    fn meets(&self, expression: u32, standing: &Standing) -> bool {
        let conditions = self.further.get(expression as usize);
        conditions.is_some_and(|conditions| {
            conditions
                .iter()
                .all(|words| words.iter().any(|word| standing.has(*word)))
        })
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
fn group(texts: Vec<String>) -> (Vec<Word>, Lists) {
    let mut sizes = vec![0_u32; GROUPS];
    let mut words = Vec::with_capacity(texts.len());
    let mut pairs = Vec::with_capacity(texts.len());
    for (index, text) in (0..).zip(texts) {
        let groups = text.as_bytes().windows(SHORTEST_WORD);
        let groups = groups.map(|three| hash_of(three).group());
        let groups = groups.take(CHOICE);
        let size = |group: usize| sizes.get(group).copied().unwrap_or(0);
        let smallest = groups.enumerate().min_by_key(|(_, group)| size(*group));
        let (found_at, group) = smallest.unwrap_or_default();
        if let Some(size) = sizes.get_mut(group) {
            *size = size.saturating_add(1);
        }
        pairs.push((u32::try_from(group).unwrap_or(0), index));
        words.push(Word { text, found_at });
    }
    (words, Lists::new(GROUPS, &pairs))
}

/// The three bytes of each word that it is found by.
fn sieve_of(words: &[Word]) -> Vec<u64> {
    let mut sieve = vec![0; SIEVE_WORDS];
    for word in words {
        let rest = word.text.as_bytes().get(word.found_at..);
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
    fn group(self) -> usize {
        (self.0 >> (u32::BITS - GROUP_BITS)) as usize
    }

    fn sieve_at(self) -> usize {
        (self.0 >> (u32::BITS - SIEVE_BITS) >> u64::BITS.trailing_zeros()) as usize
    }

    fn sieve_bit(self) -> u64 {
        1 << (self.0 >> (u32::BITS - SIEVE_BITS) & (u64::BITS - 1))
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

/// Many short lists in one piece of memory.
#[derive(Debug)]
struct Lists {
    /// Where each list ends; it begins where the one before ends.
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// Sorts pairs of a list's number and an item into that many lists.
    fn new(count: usize, pairs: &[(u32, u32)]) -> Self {
        let mut ends = vec![0_u32; count];
        for (list, _) in pairs {
            if let Some(length) = ends.get_mut(*list as usize) {
                *length = length.saturating_add(1);
            }
        }
        let mut total = 0_u32;
        for end in &mut ends {
            // The start at first: filling the list moves it to its end.
            total = total.saturating_add(std::mem::replace(end, total));
        }
        let mut items = vec![0; total as usize];
        for (list, item) in pairs {
            if let Some(end) = ends.get_mut(*list as usize)
                && let Some(slot) = items.get_mut(*end as usize)
            {
                *slot = *item;
                *end = end.saturating_add(1);
            }
        }
        Self { ends, items }
    }

    fn of(&self, list: usize) -> &[u32] {
        let end = |list: usize| self.ends.get(list).map(|end| *end as usize);
        let start = list.checked_sub(1).map_or(Some(0), end);
        let range = start.zip(end(list));
        range
            .and_then(|(start, end)| self.items.get(start..end))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(expressions: &[&str]) -> Filter {
        let mut required = Required::default();
        required.extend(expressions.iter().map(|source| (*source, true)));
        Filter::new(required)
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
