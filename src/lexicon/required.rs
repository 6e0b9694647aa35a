//! The words that every match of an expression holds, so that a text without them need not be
//! tried. The build reads the built-in expressions with this same file.
//!
//! Only the expression's syntax is looked at; how texts are searched for words is left to the
//! filter.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Capture, Class, Hir, HirKind, Repetition};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Words of which a text must hold one.
type Words = BTreeSet<String>;

/// So many spellings of a part of an expression are followed; beyond, the part is cut in two.
const MOST_SPELLINGS: usize = 16;

/// So many words may stand for one another; a longer list says little.
const MOST_ALTERNATIVES: usize = 48;

/// So many letters of a class are spelt out; ten digits are.
const MOST_LETTERS: usize = 12;

/// The shortest word worth looking for, in bytes.
pub(super) const SHORTEST_WORD: usize = 3;

/// What a list of expressions requires, expression by expression.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Required {
    /// The words, folded as by [`fold`].
    pub words: Vec<String>,
    /// For each expression its conditions, the most telling one first. A condition is a list of
    /// places in `words`, of which one must stand in the text. No condition: any text may match.
    pub expressions: Vec<Vec<Vec<u32>>>,
}

impl Required {
    /// Adds expressions, each with whether it reads the text as Unicode.
    pub fn extend<'a>(&mut self, expressions: impl IntoIterator<Item = (&'a str, bool)>) {
        let mut places: BTreeMap<String, u32> = BTreeMap::new();
        for (source, unicode) in expressions {
            let mut conditions = Vec::new();
            for alternatives in conditions_of(source, unicode) {
                let place = |word: String| self.place(&mut places, word);
                conditions.push(alternatives.into_iter().map(place).collect());
            }
            self.expressions.push(conditions);
        }
    }

    fn place(&mut self, places: &mut BTreeMap<String, u32>, word: String) -> u32 {
        let next = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        *places.entry(word).or_insert_with_key(|word| {
            self.words.push(word.clone());
            next
        })
    }
}

/// The letter that stands for all that differ from it in case alone. Expressions and texts are
/// folded by this one function, letter by letter, so that what an expression takes for the same
/// letter either is the same here or counts as another spelling.
pub(super) fn fold(letter: char) -> char {
    match letter {
        // Upper case is the same as that of `s`, so expressions take one for the other.
        'ſ' => 's',
        _ if letter.is_ascii() => letter.to_ascii_lowercase(),
        _ => letter.to_lowercase().next().unwrap_or(letter),
    }
}

/// The conditions of one expression, the most telling first; none where it cannot be read.
fn conditions_of(source: &str, unicode: bool) -> Vec<Words> {
    let parsed = ParserBuilder::new()
        .case_insensitive(true)
        .unicode(unicode)
        .utf8(unicode)
        .build()
        .parse(source);
    let Ok(hir) = parsed else {
        return Vec::new();
    };
    let mut conditions = Part::of(&hir).into_conditions();
    conditions.sort_by_key(|words| (Reverse(worth(words)), words.clone()));
    conditions.dedup();
    conditions
}

/// How much a condition tells: long words are rarer, and few are rarer than many.
fn worth(words: &Words) -> (usize, Reverse<usize>) {
    const LONG: usize = 6;
    let shortest = words.iter().map(String::len).min().unwrap_or(0);
    (shortest.min(LONG), Reverse(words.len()))
}

/// What is known of the texts that a part of an expression matches.
enum Part {
    /// They are these, and no others.
    Spelt(Words),
    /// They meet all of these conditions.
    Meets(Vec<Words>),
}

impl Part {
    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::empty(),
            HirKind::Literal(literal) => Self::literal(&literal.0),
            HirKind::Class(class) => letters(class).map_or_else(Self::anything, Self::Spelt),
            HirKind::Capture(Capture { sub, .. }) => Self::of(sub),
            HirKind::Repetition(repetition) => Self::repeated(repetition),
            HirKind::Concat(parts) => Self::row(parts.iter().map(Self::of)),
            HirKind::Alternation(parts) => Self::choice(parts.iter().map(Self::of).collect()),
        }
    }

    fn empty() -> Self {
        Self::Spelt(Words::from([String::new()]))
    }

    fn anything() -> Self {
        Self::Meets(Vec::new())
    }

    fn literal(bytes: &[u8]) -> Self {
        str::from_utf8(bytes).map_or_else(
            |_| Self::anything(),
            |text| Self::Spelt(Words::from([text.chars().map(fold).collect()])),
        )
    }

    fn repeated(repetition: &Repetition) -> Self {
        let once = Self::of(&repetition.sub);
        match (repetition.min, repetition.max, once) {
            (0, Some(1), Self::Spelt(mut words)) => {
                words.insert(String::new());
                Self::Spelt(words)
            }
            (0, _, _) => Self::anything(),
            (1, Some(1), once) => once,
            (_, _, once) => Self::Meets(once.into_conditions()),
        }
    }

    /// Parts one after the other. Spellings are put together as long as they are few.
    fn row(parts: impl Iterator<Item = Self>) -> Self {
        let mut run = Words::from([String::new()]);
        let mut conditions = Vec::new();
        let mut whole = true;
        for part in parts {
            match part {
                Self::Spelt(words) if run.len().saturating_mul(words.len()) <= MOST_SPELLINGS => {
                    run = run
                        .iter()
                        .flat_map(|before| words.iter().map(move |word| format!("{before}{word}")))
                        .collect();
                    continue;
                }
                Self::Spelt(words) => require(&mut conditions, &std::mem::replace(&mut run, words)),
                Self::Meets(others) => {
                    require(&mut conditions, &std::mem::take(&mut run));
                    run.insert(String::new());
                    conditions.extend(others);
                }
            }
            whole = false;
        }
        if whole {
            return Self::Spelt(run);
        }
        require(&mut conditions, &run);
        Self::Meets(conditions)
    }

    /// One part or another: a text meets one condition of each, so it meets their union.
    fn choice(parts: Vec<Self>) -> Self {
        let mut spelt = true;
        let mut union = Words::new();
        for part in parts {
            match part {
                Self::Spelt(words) => union.extend(words),
                Self::Meets(conditions) => {
                    spelt = false;
                    let Some(best) = conditions.into_iter().max_by_key(worth) else {
                        return Self::anything();
                    };
                    union.extend(best);
                }
            }
        }
        if spelt && union.len() <= MOST_SPELLINGS {
            return Self::Spelt(union);
        }
        let mut conditions = Vec::new();
        require(&mut conditions, &union);
        Self::Meets(conditions)
    }

    fn into_conditions(self) -> Vec<Words> {
        match self {
            Self::Meets(conditions) => conditions,
            Self::Spelt(words) => {
                let mut conditions = Vec::new();
                require(&mut conditions, &words);
                conditions
            }
        }
    }
}

/// The letters of a class, folded, where they are few.
fn letters(class: &Class) -> Option<Words> {
    let mut words = Words::new();
    let mut add = |letter: char| {
        words.insert(fold(letter).to_string());
        words.len() <= MOST_LETTERS
    };
    let few = match class {
        Class::Unicode(class) => class
            .iter()
            .all(|range| (range.start()..=range.end()).all(&mut add)),
        // A byte beyond ASCII is no letter.
        Class::Bytes(class) => class.iter().all(|range| {
            range.end().is_ascii()
                && (range.start()..=range.end()).all(|byte| add(char::from(byte)))
        }),
    };
    (few && !words.is_empty()).then_some(words)
}

/// Adds the condition that one of these words stands in the text, if that says anything. A word
/// that holds another is left to that one.
fn require(conditions: &mut Vec<Words>, words: &Words) {
    let holds_another = |word: &String| {
        let mut others = words.iter().filter(|other| *other != word);
        others.any(|other| word.contains(other.as_str()))
    };
    let least: Words = words
        .iter()
        .filter(|word| !holds_another(word))
        .cloned()
        .collect();
    let telling = least.iter().all(|word| word.len() >= SHORTEST_WORD);
    if telling && !least.is_empty() && least.len() <= MOST_ALTERNATIVES {
        conditions.push(least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The conditions of an expression, the words of each separated by a bar.
    fn required(source: &str) -> Vec<String> {
        conditions_of(source, true)
            .into_iter()
            .map(|words| words.into_iter().collect::<Vec<_>>().join("|"))
            .collect()
    }

    #[test]
    fn what_stands_in_every_match_is_required() {
        assert_eq!(
            required(r"\b(?:token|jwt)\b[^.;\n]{0,40}?\b(?:has |is )*Expired\b"),
            ["expired", "jwt|token"]
        );
        assert_eq!(
            required(r"unauthori[sz]ed \d+"),
            ["unauthorised |unauthorized "]
        );
        assert_eq!(required("(?:ab){2,}c"), [""; 0]);
        assert_eq!(required("(?:abc){2,}d"), ["abc"]);
        assert_eq!(required("Zugang läuft"), ["zugang läuft"]);
    }

    #[test]
    fn a_word_that_holds_another_is_left_to_that_one() {
        assert_eq!(required("(?:the )?(?:access )?token"), ["token"]);
        assert_eq!(required(r"connect(?:ing|ed)?\b.+"), ["connect"]);
    }

    #[test]
    fn what_a_match_can_do_without_is_not_required() {
        for source in [
            r"\w+",
            "(?:token)?",
            "(?:token)*",
            r"token|\d\d",
            "a|token",
            ".*",
        ] {
            assert_eq!(required(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn letters_that_an_expression_takes_for_the_same_are_the_same() {
        assert_eq!(fold('ſ'), 's');
        assert_eq!(fold('\u{212a}'), 'k');
        assert_eq!(required("(?-i:SKIP)"), required("skip"));
        // A final sigma is lower case already, so it is another spelling.
        assert_eq!(required("ΛΟΓΟΣ"), ["λογος|λογοσ"]);
    }

    #[test]
    fn many_spellings_are_cut_and_stay_required() {
        let source = "[ab][cd][ef][gh][ij][kl] and then";
        let found = required(source);
        assert!(
            found.iter().any(|words| words.contains(" and then")),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .all(|words| words.split('|').count() <= MOST_SPELLINGS)
        );
    }

    #[test]
    fn what_is_added_later_keeps_its_words() {
        let mut required = Required::default();
        required.extend([("first word", false), (r"\w", false)]);
        required.extend([("first word", true), ("second word", true)]);
        let word = |expression: usize| {
            let place = required.expressions[expression][0][0];
            required.words[place as usize].as_str()
        };
        assert_eq!(
            [word(0), word(2), word(3)],
            ["first word", "first word", "second word"]
        );
        assert!(required.expressions[1].is_empty());
    }
}
