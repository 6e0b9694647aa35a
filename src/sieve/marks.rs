//! The literals by which a line of a long log is told to be about WebSockets, and the search for
//! them in whole blocks of bytes.
//!
//! The built-in ones are so few (at most 32) and so long (four bytes and more) that the vectorised
//! search of `aho-corasick` (Teddy) takes them all in one pass at the speed of memory. They are
//! written in the cases that people and programs use, since a vectorised search has no notion of case.

use super::shape::mix;
use aho_corasick::packed;
use aho_corasick::{AhoCorasick, Input, Match};
use memchr::{memchr, memrchr};
use std::ops::Range;

/// Parts of words rather than words, so that one literal serves `WebSocket`, `websocket` and `socket`.
/// Levels, exceptions and refusing HTTP statuses are among them: what goes wrong around a connection may
/// name none.
///
/// The search puts every eighth literal into one of eight buckets and tells a bucket's literals apart only
/// after it was hit. Literals in the same column below were chosen (by annealing over log text) to share
/// few combinations of half bytes: this order is three times as fast as an alphabetical one.
#[rustfmt::skip]
pub(super) const BUILT_IN: [&str; 32] = [
    "WSCON", "hannel",    "1\" 50",  "WARN",    "ypercorn", "RROR",     "WSDIS", "1\" 10",
    "ocket", "wss:",      "andshak", "OCKET",   "xception", "raceback", "asgi",  "/ws/",
    "eject", "iddleware", "ANDSHAK", "efused",  "/ws\"",    "pgrade",   "CRIT",  "vicorn",
    "WSREJ", "aphne",     "1\" 40",  "onsumer", "/ws ",     "rror",     "ASGI",  "/ws?",
];

/// What to look for in a long log.
#[derive(Debug)]
pub struct Marks {
    built_in: Finder,
    /// The user's own words, in any case.
    own: Option<AhoCorasick>,
}

#[derive(Debug)]
enum Finder {
    Vectorised(packed::Searcher),
    /// For machines without the instructions that the vectorised search needs.
    Automaton(AhoCorasick),
}

/// Why words cannot be searched for: the automaton of them would be too large.
#[derive(Debug, thiserror::Error)]
#[error("the search for the added words cannot be built: {0}")]
pub struct MarksError(#[from] aho_corasick::BuildError);

impl Marks {
    /// The built-in marks, and words of the user's own in any case.
    pub fn with(own: &[String]) -> Result<Self, MarksError> {
        let vectorised = packed::Config::new().builder().extend(BUILT_IN).build();
        let built_in = match vectorised {
            Some(searcher) => Finder::Vectorised(searcher),
            None => Finder::Automaton(AhoCorasick::new(BUILT_IN)?),
        };
        let own = (!own.is_empty())
            .then(|| {
                AhoCorasick::builder()
                    .ascii_case_insensitive(true)
                    .build(own)
            })
            .transpose()?;
        Ok(Self { built_in, own })
    }

    /// The first built-in mark at or behind `from`.
    fn found(&self, bytes: &[u8], from: usize) -> Option<Match> {
        match &self.built_in {
            Finder::Vectorised(searcher) => searcher.find_in(bytes, (from..bytes.len()).into()),
            Finder::Automaton(automaton) => automaton.find(Input::new(bytes).range(from..)),
        }
    }

    /// Where each line with a mark stands: byte ranges, without line ending, in order.
    pub(super) fn lines<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Range<usize>> + 'a {
        MarkedLines {
            marks: self,
            bytes,
            built_in: Sought::Unknown,
            own: if self.own.is_some() {
                Sought::Unknown
            } else {
                Sought::Nowhere
            },
            from: 0,
        }
    }

    /// Which marks a line has, in order: less than its words, and still what it is about.
    pub(super) fn signature(&self, line: &[u8]) -> u64 {
        let mut from = 0;
        let mut signature = 0;
        while let Some(found) = self.found(line, from) {
            let pattern = u64::from(found.pattern().as_u32());
            signature = mix(signature, pattern);
            from = found.end();
        }
        signature
    }

    /// Whether a text has a mark.
    #[must_use]
    pub fn are_in(&self, text: &[u8]) -> bool {
        self.lines(text).next().is_some()
    }
}

/// Where the next mark of one kind is.
#[derive(Clone, Copy)]
enum Sought {
    Unknown,
    At(usize),
    Nowhere,
}

struct MarkedLines<'a> {
    marks: &'a Marks,
    bytes: &'a [u8],
    built_in: Sought,
    own: Sought,
    from: usize,
}

impl MarkedLines<'_> {
    /// The next mark of either kind. Each is sought again only when it was passed.
    fn next_mark(&mut self) -> Option<usize> {
        let (bytes, from, marks) = (self.bytes, self.from, self.marks);
        let renew = |sought: Sought, find: &dyn Fn() -> Option<usize>| match sought {
            Sought::At(at) if at >= from => Sought::At(at),
            Sought::Nowhere => Sought::Nowhere,
            _ => find().map_or(Sought::Nowhere, Sought::At),
        };
        self.built_in = renew(self.built_in, &|| {
            marks.found(bytes, from).map(|found| found.start())
        });
        self.own = renew(self.own, &|| {
            let own = marks.own.as_ref()?;
            own.find(Input::new(bytes).range(from..))
                .map(|found| found.start())
        });
        match (self.built_in, self.own) {
            (Sought::At(one), Sought::At(other)) => Some(one.min(other)),
            (Sought::At(at), _) | (_, Sought::At(at)) => Some(at),
            _ => None,
        }
    }
}

impl Iterator for MarkedLines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if self.from >= self.bytes.len() {
            return None;
        }
        let mark = self.next_mark()?;
        let before = self.bytes.get(self.from..mark)?;
        let start = memrchr(b'\n', before).map_or(self.from, |at| {
            self.from.saturating_add(at).saturating_add(1)
        });
        let rest = self.bytes.get(mark..)?;
        let end = memchr(b'\n', rest).map_or(self.bytes.len(), |at| mark.saturating_add(at));
        self.from = end.saturating_add(1);
        Some(start..end)
    }
}
