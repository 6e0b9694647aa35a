//! Shapes that differ in one word that varies, such as a user's name, seen as one.
//!
//! What varies without a digit in it is known only by its variety: where more than a few words were seen in
//! the same place of lines that are otherwise alike, any word may stand there. Words in capitals are what
//! happens (`WSCONNECT`, `WSREJECT`) and not whom it happens to.

use super::hash::mix;
use super::shape;
use std::collections::{BTreeMap, HashMap, HashSet};

/// So many words are told apart in one place of otherwise equal lines.
const WORDS_APART: usize = 3;
/// Shapes and templates of one log that are told apart. Behind so many only marks tell further ones apart.
const MAX_TEMPLATES: usize = 1024;
/// Shapes whose template is remembered. Further ones are compared each time.
const MAX_KNOWN: usize = 8 * 1024;

/// What lines of one kind have in common.
#[derive(Debug, Clone)]
struct Template {
    /// The hashes of the words; `None` where any may stand.
    words: Vec<Option<u64>>,
    class: u64,
}

/// The kinds of line of some logs.
#[derive(Debug, Clone, Default)]
pub(super) struct Learned {
    known: HashMap<u64, u64, super::Spread>,
    /// By number of words.
    by_length: BTreeMap<usize, Vec<Template>>,
    /// The classes that differ from another in one word.
    variants: HashSet<u64, super::Spread>,
    count: usize,
}

impl Learned {
    /// Adds what one more log has taught.
    pub(super) fn add(&mut self, more: Self) {
        let mut all = Templates::after(self);
        for (length, templates) in more.by_length {
            for template in templates {
                all.add(length, template);
            }
        }
        let Templates { own, .. } = all;
        for (length, templates) in own.by_length {
            self.by_length.entry(length).or_default().extend(templates);
        }
        self.count = self.count.saturating_add(own.count);
        let room = MAX_KNOWN.saturating_sub(self.known.len());
        self.known.extend(more.known.into_iter().take(room));
        self.variants.extend(own.variants);
        self.variants.extend(more.variants);
    }
}

/// The kinds of line of one log, told apart while it is read.
#[derive(Debug, Default)]
pub(super) struct Templates<'a> {
    /// Those of the logs before.
    before: Option<&'a Learned>,
    own: Learned,
}

impl<'a> Templates<'a> {
    /// Goes on from what logs before have taught.
    pub(super) fn after(before: &'a Learned) -> Self {
        Self {
            before: Some(before),
            own: Learned::default(),
        }
    }

    /// What this log has taught besides.
    pub(super) fn into_learned(self) -> Learned {
        self.own
    }

    /// The class of a line with this shape, if it is known without looking at the line.
    pub(super) fn known(&self, shape: u64) -> Option<u64> {
        let own = self.own.known.get(&shape);
        let known = own.or_else(|| self.before?.known.get(&shape));
        known.copied()
    }

    /// The class of a line; `None` where there are too many to tell it from others.
    pub(super) fn class(&mut self, shape: u64, line: &[u8]) -> Option<u64> {
        if let Some(class) = self.known(shape) {
            return Some(class);
        }
        let words = shape::words(line);
        let class = self.find(shape, &words)?;
        if self.own.known.len() < MAX_KNOWN {
            self.own.known.insert(shape, class);
        }
        Some(class)
    }

    /// Whether a class differs from another in one word only, as one user's line does from another's.
    pub(super) fn is_variant(&self, class: u64) -> bool {
        let is_among = |learned: &Learned| learned.variants.contains(&class);
        is_among(&self.own) || self.before.is_some_and(is_among)
    }

    /// The templates of lines with so many words, those of logs before first.
    fn of_length(&self, length: usize) -> impl Iterator<Item = &Template> {
        let before = self.before.and_then(|before| before.by_length.get(&length));
        let own = self.own.by_length.get(&length);
        before.into_iter().chain(own).flatten()
    }

    fn find(&mut self, shape: u64, words: &[u64]) -> Option<u64> {
        let mut differing: HashMap<usize, usize> = HashMap::new();
        let mut widened = None;
        for template in self.of_length(words.len()) {
            match template.difference(words) {
                Difference::None => return Some(template.class),
                // With a second word that may be any, a template would soon take everything.
                Difference::At(place) if template.words.iter().all(Option::is_some) => {
                    let count = differing.entry(place).or_default();
                    *count = count.saturating_add(1);
                    if *count >= WORDS_APART {
                        widened = Some(template.with_any_at(place));
                        break;
                    }
                }
                Difference::At(_) | Difference::More => {}
            }
        }
        if let Some(template) = widened {
            let class = template.class;
            self.push_new(words.len(), template);
            self.own.variants.insert(class);
            return Some(class);
        }
        let before = self.before.map_or(0, |before| before.count);
        if before.saturating_add(self.own.count) >= MAX_TEMPLATES {
            return None;
        }
        self.own.count = self.own.count.saturating_add(1);
        if !differing.is_empty() {
            self.own.variants.insert(shape);
        }
        let template = Template {
            words: words.iter().copied().map(Some).collect(),
            class: shape,
        };
        self.push(words.len(), template);
        Some(shape)
    }

    fn push(&mut self, length: usize, template: Template) {
        let alike = self.own.by_length.entry(length).or_default();
        alike.push(template);
    }

    fn push_new(&mut self, length: usize, template: Template) {
        let is_there = |known: &Template| known.class == template.class;
        if !self.of_length(length).any(is_there) {
            self.push(length, template);
        }
    }

    /// Adds a template that another log has taught.
    fn add(&mut self, length: usize, template: Template) {
        let words: Option<Vec<u64>> = template.words.iter().copied().collect();
        match words {
            Some(words) => {
                self.find(template.class, &words);
            }
            None if self
                .of_length(length)
                .any(|known| known.class == template.class) => {}
            None => self.push(length, template),
        }
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

    /// The same with any word in one place.
    fn with_any_at(&self, place: usize) -> Self {
        let words = self.words.iter().enumerate();
        let words: Vec<Option<u64>> = words
            .map(|(at, word)| word.filter(|_| at != place))
            .collect();
        let hashes = words.iter().map(|word| word.unwrap_or(3));
        let class = hashes.fold(2, mix);
        Self { words, class }
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

    #[test]
    fn what_logs_have_taught_holds_in_the_next() {
        let line = |name: &str| format!("user {name} was accepted");
        let mut learned = Learned::default();
        let mut own = Vec::new();
        for name in ["ada", "bob", "eve"] {
            let mut templates = Templates::after(&learned);
            own.push(class(&mut templates, &line(name)));
            let more = templates.into_learned();
            learned.add(more);
        }
        let mut templates = Templates::after(&learned);
        let of_any = class(&mut templates, &line("ines"));
        assert!(!own.contains(&of_any) && templates.is_variant(of_any));
        let more = templates.into_learned();
        learned.add(more);
        let mut templates = Templates::after(&learned);
        assert_eq!(class(&mut templates, &line("kim")), of_any);
        assert_eq!(class(&mut templates, &line("ada")), own[0]);
        assert!(templates.into_learned().by_length.is_empty());
    }
}
