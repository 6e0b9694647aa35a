//! Grouping lines by their shape, after Drain (He, Zhu, Zheng and Lyu, ICWS 2017): a tree of fixed
//! depth by the number of words and the first words, and in its leaves groups of enough likeness.
//!
//! Unlike Drain, words of letters alone are not merged because most others agree: `pass accepted` and
//! `pass expired` differ in the one word that counts. Only where many such words stand in one place
//! are they taken for names.

use super::mask::{ANY, is_mask};
use std::collections::BTreeMap;

/// So many of a group's words must be equal.
const LIKENESS: f64 = 0.5;
/// So many different words in one place are values, whatever they look like.
const NAMES: usize = 3;
/// First words that the tree branches by.
const DEPTH: usize = 2;

/// Lines of one shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    /// Its words; a mask where they vary.
    pub(super) tokens: Vec<String>,
    /// The places of its lines, in order.
    pub(super) lines: Vec<usize>,
}

/// The tree, while lines come in.
#[derive(Debug, Default)]
pub(super) struct Templates {
    leaves: BTreeMap<(usize, Vec<String>), Vec<Template>>,
}

impl Templates {
    /// Takes a line.
    pub(super) fn add(&mut self, line: usize, tokens: &[String]) {
        let branch = tokens
            .iter()
            .take(DEPTH)
            .map(|token| {
                if is_value(token) {
                    ANY.to_owned()
                } else {
                    token.clone()
                }
            })
            .collect();
        let leaf = self.leaves.entry((tokens.len(), branch)).or_default();
        let fitting = leaf
            .iter_mut()
            .map(|template| (likeness(&template.tokens, tokens), template))
            .filter(|(likeness, _)| *likeness >= LIKENESS)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        match fitting {
            Some((_, template)) => {
                template.lines.push(line);
                merge(&mut template.tokens, tokens);
            }
            None => leaf.push(Template {
                tokens: tokens.to_vec(),
                lines: vec![line],
            }),
        }
    }

    /// The groups, in the order of their first lines.
    pub(super) fn finish(self) -> Vec<Template> {
        let all = self.leaves.into_values().flatten().collect();
        let mut templates = merge_names(all);
        templates.sort_by(|one, other| one.lines.cmp(&other.lines));
        templates
    }
}

/// The share of equal words; nothing where words differ that do not look like values.
fn likeness(one: &[String], other: &[String]) -> f64 {
    let mut equal = 0_u32;
    for (left, right) in one.iter().zip(other) {
        if left == right {
            equal = equal.saturating_add(1);
        } else if !is_value(left) || !is_value(right) {
            return 0.0;
        }
    }
    let length = u32::try_from(one.len().max(1)).unwrap_or(u32::MAX);
    f64::from(equal) / f64::from(length)
}

/// Whether a word looks like a value: a mask, a digit or a sign in it, capitals inside.
fn is_value(token: &str) -> bool {
    let core = token.trim_matches(|c: char| c.is_ascii_punctuation());
    is_mask(token)
        || core
            .chars()
            .any(|c| !c.is_alphabetic() && c != '\'' && c != '’')
        || core.chars().skip(1).any(char::is_uppercase) && core.chars().any(char::is_lowercase)
}

fn merge(template: &mut [String], tokens: &[String]) {
    for (known, new) in template.iter_mut().zip(tokens) {
        if known != new {
            ANY.clone_into(known);
        }
    }
}

/// Merges templates that differ in one word alone, where so many do that the word must be a name.
fn merge_names(mut templates: Vec<Template>) -> Vec<Template> {
    let longest = templates.iter().map(|one| one.tokens.len()).max();
    for place in 0..longest.unwrap_or(0) {
        let mut groups: BTreeMap<Vec<String>, Vec<Template>> = BTreeMap::new();
        for template in templates {
            let mut key = template.tokens.clone();
            if let Some(token) = key.get_mut(place) {
                ANY.clone_into(token);
            }
            groups.entry(key).or_default().push(template);
        }
        templates = groups
            .into_iter()
            .flat_map(|(key, group)| {
                // One word alone says nothing that all of them would share.
                if group.len() < NAMES || key.iter().all(|token| is_mask(token)) {
                    return group;
                }
                let mut lines: Vec<usize> = group.into_iter().flat_map(|one| one.lines).collect();
                lines.sort_unstable();
                vec![Template { tokens: key, lines }]
            })
            .collect();
    }
    templates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(lines: &[&str]) -> Vec<(String, usize)> {
        let mut templates = Templates::default();
        for (index, line) in lines.iter().enumerate() {
            let tokens: Vec<String> = line.split(' ').map(str::to_owned).collect();
            templates.add(index, &tokens);
        }
        let found = templates.finish();
        found
            .iter()
            .map(|template| (template.tokens.join(" "), template.lines.len()))
            .collect()
    }

    #[test]
    fn values_are_merged() {
        assert_eq!(
            grouped(&["desk d-7 opened", "desk d-9 opened", "desk closed"]),
            [
                ("desk <*> opened".to_owned(), 2),
                ("desk closed".to_owned(), 1)
            ]
        );
    }

    #[test]
    fn words_that_carry_the_meaning_are_not() {
        let lines = ["the user is active", "the user is inactive"];
        assert_eq!(grouped(&lines).len(), 2);
    }

    #[test]
    fn many_words_in_one_place_are_names() {
        let lines = [
            "welcome maria again",
            "welcome bob again",
            "welcome eve again",
        ];
        assert_eq!(grouped(&lines), [("welcome <*> again".to_owned(), 3)]);
    }
}
