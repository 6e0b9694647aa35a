//! Lists of words that are looked for in one pass over a line, instead of one search for each word.
//!
//! What a word means is the business of the dialect that lists it.

use aho_corasick::packed;
use std::sync::OnceLock;

/// Words, case respected.
pub(super) struct WordList {
    words: &'static [&'static str],
    /// Built when it is first asked, in a tenth of the time that an automaton takes. `None` on machines without
    /// the instructions that it needs; there each word is searched for.
    search: OnceLock<Option<packed::Searcher>>,
}

impl WordList {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        Self {
            words,
            search: OnceLock::new(),
        }
    }

    /// Whether one of the words stands anywhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let search = self
            .search
            .get_or_init(|| packed::Searcher::new(self.words));
        match search {
            Some(search) => search.find(text).is_some(),
            None => self.words.iter().any(|word| text.contains(word)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_word_is_found_anywhere() {
        let list = WordList::new(&["wasClean", "ws://", "na\u{ef}ve"]);
        for (text, found) in [
            ("{wasClean: false}", true),
            ("to ws://localhost", true),
            ("so na\u{ef}ve", true),
            ("wasclean", false),
            ("", false),
        ] {
            assert_eq!(list.is_in(text), found, "{text}");
        }
    }
}
