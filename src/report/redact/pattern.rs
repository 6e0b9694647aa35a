//! Our expressions, and what they match.

use super::expressions::READING;
use crate::engine::{Engine, Forms};
use regex_automata::Input;
use regex_automata::util::captures::Captures as Groups;
use std::ops::Range;

/// An expression of ours.
#[derive(Debug)]
pub(super) struct Pattern {
    source: &'static str,
    forms: Forms,
}

/// A piece of a text that an expression, or a group of it, matches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

/// What the groups of an expression match.
#[derive(Debug)]
pub(super) struct Captures<'t> {
    text: &'t str,
    groups: Groups,
}

impl Pattern {
    pub(super) const fn new(source: &'static str) -> Self {
        Self {
            source,
            forms: Forms::new(),
        }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        #[cfg(test)]
        self.check(text);
        self.forms.is_match(self.source, READING, text)
    }

    pub(super) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.find_at(text, 0)
    }

    /// The first match that begins at `at` or behind it; what stands before is still looked at.
    pub(super) fn find_at<'t>(&self, text: &'t str, at: usize) -> Option<Match<'t>> {
        let input = Input::new(text).range(at..text.len());
        let found = self.engine_from(text, at)?.find(&input)?;
        Some(Match::new(text, found.range()))
    }

    pub(super) fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        let matches = self
            .engine_from(text, 0)
            .map(|engine| engine.find_iter(text));
        let matches = matches.into_iter().flatten();
        matches.map(move |found| Match::new(text, found.range()))
    }

    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_at(text, 0)
    }

    /// The same as [`Self::find_at`], with the groups.
    pub(super) fn captures_at<'t>(&self, text: &'t str, at: usize) -> Option<Captures<'t>> {
        let input = Input::new(text).range(at..text.len());
        let groups = self.engine_from(text, at)?.captures(&input);
        groups.is_match().then_some(Captures { text, groups })
    }

    pub(super) fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let matches = self
            .engine_from(text, 0)
            .map(|engine| engine.captures_iter(text));
        let matches = matches.into_iter().flatten();
        matches.map(move |groups| Captures { text, groups })
    }

    /// What to search a text with; `None` where it is known to hold no match.
    fn engine_from(&self, text: &str, at: usize) -> Option<Engine<'_>> {
        #[cfg(test)]
        self.check(text);
        // Further on, the search for the next match would go over what was passed.
        if at == 0 && self.forms.decide(self.source, READING, text) == Some(false) {
            return None;
        }
        let engine = self.forms.engine(self.source, READING, text);
        debug_assert!(engine.is_some(), "a constant compiles: {}", self.source);
        engine
    }

    /// Holds, wherever a test redacts, that both forms find the same in a text of ASCII alone.
    #[cfg(test)]
    fn check(&self, text: &str) {
        let found = |engine: Engine<'_>| -> Vec<Vec<_>> {
            let matches = engine.captures_iter(text);
            matches.map(|groups| groups.iter().collect()).collect()
        };
        let decided = self.forms.decide(self.source, READING, text);
        let ascii = self.forms.of_bytes(self.source, READING, text);
        if let Some(ascii) = ascii.filter(|_| text.is_ascii()) {
            let unicode = self.forms.of_unicode(self.source, READING, text).map(found);
            let found = found(ascii);
            let is_match = Some(!found.is_empty());
            assert_eq!(Some(found), unicode, "{} in {text}", self.source);
            assert!(
                decided.is_none() || decided == is_match,
                "{} in {text}",
                self.source
            );
        }
    }
}

impl<'t> Match<'t> {
    fn new(text: &'t str, range: Range<usize>) -> Self {
        Self {
            text,
            start: range.start,
            end: range.end,
        }
    }

    pub(super) fn as_str(&self) -> &'t str {
        self.text.get(self.range()).unwrap_or_default()
    }

    pub(super) fn start(&self) -> usize {
        self.start
    }

    pub(super) fn end(&self) -> usize {
        self.end
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    pub(super) fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'t> Captures<'t> {
    /// What a group matches; the whole is group 0.
    pub(super) fn get(&self, group: usize) -> Option<Match<'t>> {
        let span = self.groups.get_group(group)?;
        Some(Match::new(self.text, span.range()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::expressions::{ALL, READING};
    use crate::engine;

    #[test]
    fn the_build_has_compiled_every_expression() {
        for source in ALL {
            assert!(engine::is_prepared(source, READING), "{source}");
        }
    }
}
