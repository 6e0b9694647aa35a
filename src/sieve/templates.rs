//! Shapes that differ in one word that varies, such as a user's name, seen as one.
//!
//! What varies without a digit in it is known only by its variety: where more than a few words were seen in
//! the same place of lines that are otherwise alike, any word may stand there. Words in capitals are what
//! happens (`WSCONNECT`, `WSREJECT`) and not whom it happens to.

use super::hash::mix;
use super::shape;
use std::collections::{HashMap, HashSet};

/// So many words are told apart in one place of otherwise equal lines.
const WORDS_APART: usize = 3;
/// Shapes and templates of one log that are told apart. Behind so many only marks tell further ones apart.
const MAX_TEMPLATES: usize = 1024;
/// Shapes whose template is remembered. Further ones are compared each time.
const MAX_KNOWN: usize = 8 * 1024;

/// What lines of one kind have in common.
#[derive(Debug)]
struct Template {
    /// The hashes of the words; `None` where any may stand.
    words: Vec<Option<u64>>,
    class: u64,
}

/// The kinds of line of one log.
#[derive(Debug, Default)]
pub(super) struct Templates {
    known: HashMap<u64, u64, super::Spread>,
    /// By number of words.
    by_length: HashMap<usize, Vec<Template>>,
    /// The classes that differ from another in one word.
    variants: HashSet<u64>,
    count: usize,
}

impl Templates {
    /// The class of a line with this shape, if it is known without looking at the line.
    pub(super) fn known(&self, shape: u64) -> Option<u64> {
        self.known.get(&shape).copied()
    }

    /// The class of a line; `None` where there are too many to tell it from others.
    pub(super) fn class(&mut self, shape: u64, line: &[u8]) -> Option<u64> {
        if let Some(class) = self.known(shape) {
            return Some(class);
        }
        let words = shape::words(line);
        let class = self.find(shape, &words)?;
        if self.known.len() < MAX_KNOWN {
            self.known.insert(shape, class);
        }
        Some(class)
    }

    /// Whether a class differs from another in one word only, as one user's line does from another's.
    pub(super) fn is_variant(&self, class: u64) -> bool {
        self.variants.contains(&class)
    }

    fn find(&mut self, shape: u64, words: &[u64]) -> Option<u64> {
        let alike = self.by_length.entry(words.len()).or_default();
        let mut differing: HashMap<usize, usize> = HashMap::new();
        for template in alike.iter() {
            match template.difference(words) {
                Difference::None => return Some(template.class),
                // With a second word that may be any, a template would soon take everything.
                Difference::At(place) if template.words.iter().all(Option::is_some) => {
                    let count = differing.entry(place).or_default();
                    *count = count.saturating_add(1);
                    if *count >= WORDS_APART {
                        let words = template.with_any_at(place);
                        let class = words
                            .iter()
                            .fold(2, |hash, word| mix(hash, word.unwrap_or(3)));
                        alike.push(Template { words, class });
                        self.variants.insert(class);
                        return Some(class);
                    }
                }
                Difference::At(_) | Difference::More => {}
            }
        }
        if self.count >= MAX_TEMPLATES {
            return None;
        }
        self.count = self.count.saturating_add(1);
        if !differing.is_empty() {
            self.variants.insert(shape);
        }
        let words = words.iter().copied().map(Some).collect();
        alike.push(Template {
            words,
            class: shape,
        });
        Some(shape)
    }
}

/// In how many places a line differs from a template.
#[derive(Debug, PartialEq, Eq)]
enum Difference {
    None,
    At(usize),
    More,
}

impl Template {
    fn difference(&self, words: &[u64]) -> Difference {
        let own = self.words.iter().zip(words).enumerate();
        let mut differing = own.filter(|(_, (own, word))| own.is_some_and(|own| own != **word));
        let may_vary = |word: u64| word & 1 == 0;
        match (differing.next(), differing.next()) {
            (None, _) => Difference::None,
            (Some((place, (Some(own), word))), None) if may_vary(*own) && may_vary(*word) => {
                Difference::At(place)
            }
            _ => Difference::More,
        }
    }

    fn with_any_at(&self, place: usize) -> Vec<Option<u64>> {
        let words = self.words.iter().enumerate();
        words
            .map(|(at, word)| word.filter(|_| at != place))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sieve::shape::Shape;

    fn class(templates: &mut Templates, line: &str) -> u64 {
        let line = line.as_bytes();
        templates.class(Shape::of(line).hash, line).unwrap()
    }

    #[test]
    fn names_become_one_class_and_other_words_stay_apart() {
        let mut templates = Templates::default();
        let names = ["ada", "bob", "eve", "ines", "jonas", "kim", "zoe"];
        let classes = names.map(|name| class(&mut templates, &format!("user {name} was accepted")));
        let first: std::collections::BTreeSet<u64> = classes[..3].iter().copied().collect();
        assert_eq!(first.len(), 3);
        assert!(classes[3..].iter().all(|class| *class == classes[3]));
        assert!(!first.contains(&classes[3]));
        assert_ne!(class(&mut templates, "user max was rejected"), classes[3]);
        assert_ne!(
            class(&mut templates, "user max was accepted late"),
            classes[3]
        );
        assert_eq!(class(&mut templates, "user max was accepted"), classes[3]);
        let verbs = [
            "WSCONNECTING",
            "WSCONNECT",
            "WSREJECT",
            "WSDISCONNECT",
            "WSOTHER",
        ];
        let of_verbs: std::collections::BTreeSet<u64> =
            ["dashboard", "chat", "alerts", "seats", "map"]
                .iter()
                .flat_map(|path| verbs.map(|verb| format!("\"{verb} /ws/{path}/\" - -")))
                .map(|line| class(&mut templates, &line))
                .collect();
        // Three paths for themselves and all others together, for each verb.
        assert_eq!(of_verbs.len(), 20);
        assert!(!templates.is_variant(classes[0]));
        assert!(templates.is_variant(classes[1]) && templates.is_variant(classes[3]));
    }
}
