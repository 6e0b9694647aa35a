//! An expression that is ready to search, and its searches.

use super::dfa::{Dfa, FirstStart};
use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker};
use regex_automata::util::captures::Captures;
use regex_automata::util::iter::Searcher;
use regex_automata::{Anchored, Input, Match, meta};
use std::cell::RefCell;

/// An expression that is ready to search.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Engine<'e> {
    /// Compiled soonest; for short texts.
    Soon(Soon<'e>),
    /// Compiled to run fast on many texts, or long ones.
    Fast(&'e meta::Regex),
}

/// An automaton that walks through its states one by one, and what leads it to where a match begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Soon<'e> {
    pub(super) automaton: &'e BoundedBacktracker,
    pub(super) at_one_place: Option<Dfa<'static>>,
}

thread_local! {
    /// Working memory of every expression that is ready soon: one for each would cost more than
    /// compiling it.
    static CACHE: RefCell<Option<backtrack::Cache>> = const { RefCell::new(None) };
}

/// Runs a search in the thread's working memory.
fn in_cache<T>(engine: &BoundedBacktracker, search: impl FnOnce(&mut backtrack::Cache) -> T) -> T {
    CACHE.with_borrow_mut(|cache| {
        let cache = cache.get_or_insert_with(|| engine.create_cache());
        cache.reset(engine);
        search(cache)
    })
}

impl Soon<'_> {
    #[cfg(test)]
    pub(super) fn alone(automaton: &BoundedBacktracker) -> Soon<'_> {
        Soon {
            automaton,
            at_one_place: None,
        }
    }

    /// The same search, begun where the first match begins; `None` where there is none.
    fn led<'t>(self, input: &Input<'t>) -> Option<Input<'t>> {
        let bytes = input.haystack();
        let table = self.at_one_place.filter(|_| input.end() == bytes.len());
        let start = table.map(|table| table.first_start(bytes, input.start()));
        match start.unwrap_or(FirstStart::Unknown) {
            FirstStart::At(start) => {
                let from_there = input.clone().range(start..input.end());
                Some(from_there.anchored(Anchored::Yes))
            }
            FirstStart::Nowhere => None,
            FirstStart::Unknown => Some(input.clone()),
        }
    }
}

// A short text is never too long for an engine that is ready soon, its only error.
impl<'e> Engine<'e> {
    pub(crate) fn is_match(self, text: &str) -> bool {
        match self {
            Self::Soon(Soon { automaton, .. }) => {
                in_cache(automaton, |cache| automaton.try_is_match(cache, text)).unwrap_or(false)
            }
            Self::Fast(engine) => engine.is_match(text),
        }
    }

    pub(crate) fn find(self, input: &Input<'_>) -> Option<Match> {
        match self {
            Self::Soon(soon) => {
                let input = soon.led(input)?;
                let find = |cache: &mut _| soon.automaton.try_find(cache, input);
                in_cache(soon.automaton, find).ok()?
            }
            Self::Fast(engine) => engine.find(input.clone()),
        }
    }

    /// What the groups match; asked of an expression that was compiled for that.
    pub(crate) fn captures(self, input: &Input<'_>) -> Captures {
        match self {
            Self::Soon(soon) => {
                let mut captures = soon.automaton.create_captures();
                let Some(input) = soon.led(input) else {
                    return captures;
                };
                let found = in_cache(soon.automaton, |cache| {
                    soon.automaton.try_search(cache, &input, &mut captures)
                });
                if found.is_err() {
                    captures.clear();
                }
                captures
            }
            Self::Fast(engine) => {
                let mut captures = engine.create_captures();
                engine.search_captures(input, &mut captures);
                captures
            }
        }
    }

    /// Every match, one behind the other.
    pub(crate) fn find_iter<'t>(self, text: &'t str) -> impl Iterator<Item = Match> + use<'e, 't> {
        let mut searcher = Searcher::new(Input::new(text));
        std::iter::from_fn(move || searcher.advance(|input| Ok(self.find(input))))
    }

    /// The groups of every match, one behind the other.
    pub(crate) fn captures_iter<'t>(
        self,
        text: &'t str,
    ) -> impl Iterator<Item = Captures> + use<'e, 't> {
        let mut searcher = Searcher::new(Input::new(text));
        std::iter::from_fn(move || {
            let mut found = None;
            searcher.advance(|input| {
                let captures = self.captures(input);
                let place = captures.get_match();
                found = Some(captures);
                Ok(place)
            })?;
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::Syntax;
    use super::super::table::Table;
    use super::super::{READING, compile_soon, pack};
    use super::*;

    #[test]
    fn tables_tell_what_the_automaton_finds() {
        let sources = [
            "",
            r"a+b?",
            r"\b(?:token|jwt)\b\s*[:=]\s*(\w*)",
            r"^(?:x|y)*?z$",
            r"(?m)^b|a$",
            r"(a|ab)(c|bcd)?\B",
            r"[^ ]*\d{2}",
            r"(?:a{9}b?){40}c",
        ];
        let syntax = Syntax::of_bytes(READING);
        let table = pack::table(sources.map(|source| (source, syntax))).unwrap();
        let table: &'static [u8] = table.leak();
        for source in sources {
            let entry = Table::new(table).find(source, syntax).unwrap();
            let automaton = compile_soon(entry.unpack().unwrap()).unwrap();
            let alone = Soon::alone(&automaton);
            let led = Soon {
                at_one_place: entry.at_one_place,
                ..alone
            };
            let long = "ab".repeat(90);
            for text in [
                "",
                "abcd",
                "jwt: a token=b7",
                "xyz\nb",
                "a\rb\na",
                "a_ 12 aa34",
                &long,
            ] {
                let finds = |at: usize, engine: Engine<'_>| {
                    let input = Input::new(text).range(at..text.len());
                    let groups: Vec<_> = engine.captures(&input).iter().collect();
                    (engine.find(&input), groups)
                };
                for at in 0..=text.len() {
                    let (alone, led) = (Engine::Soon(alone), Engine::Soon(led));
                    assert_eq!(
                        finds(at, alone),
                        finds(at, led),
                        "{source} in {text} from {at}"
                    );
                }
                let is_match = Engine::Soon(alone).is_match(text);
                let decided = entry.anywhere.and_then(|table| table.is_match(text));
                assert!(
                    decided.is_none_or(|it| it == is_match),
                    "{source} in {text}"
                );
            }
        }
    }
}
