//! The literals by which a line of a long log is told to be about WebSockets, and the search for
//! them in whole blocks of bytes.
//!
//! The built-in ones are so few (32: the search takes twice as long for one more) and so long (four bytes and more) that the vectorised
//! search of `aho-corasick` (Teddy) takes them all in one pass at the speed of memory. They are
//! written in the cases that people and programs use, since a vectorised search has no notion of case.
//!
//! Some only name the server that writes. It writes of each HTTP request too, and such a line is not
//! about a WebSocket unless something else in it says so.

use super::hash::mix;
use super::request;
use aho_corasick::packed;
use aho_corasick::{AhoCorasick, Input, Match};
use memchr::{memchr, memrchr};
use std::ops::Range;
use std::sync::OnceLock;

/// Parts of words rather than words, so that one literal serves `WebSocket`, `websocket` and `socket`.
/// Levels, exceptions and refusing HTTP statuses are among them, since what goes wrong around a connection
/// may name none, and what servers say of themselves when they start and stop.
///
/// The search puts every eighth literal into one of eight buckets and tells a bucket's literals apart only
/// after it was hit. Literals in the same column below were chosen (by annealing over log text) to share
/// few combinations of half bytes: this order is three times as fast as an alphabetical one.
#[rustfmt::skip]
pub(super) const BUILT_IN: [&str; 32] = [
    "onnect",   "ocket",     "andshak",  "OCKET",   "hutting ", "ooting w", "tarting ", "1\" 40",
    "hannel",   "pgrade",    "vicorn",   "/ws ",    "WARN",     "/ws/",     "CRIT",     "/ws?",
    "eject",    "iddleware", "xception", "RROR",    "er proce", "rror",     "1\" 50",   "1\" 10",
    "raceback", "istening",  "aphne",    "onsumer", "WSCON",    "/ws\"",    "WSREJ",    "WSDIS",
];

/// Of these, names of servers and of what serves by them.
const SERVERS: [&str; 3] = ["hannel", "vicorn", "aphne"];

/// What to look for in a long log.
#[derive(Debug)]
pub struct Marks {
    built_in: &'static Finder,
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

impl Finder {
    /// The search for the built-in marks, built once: rules bring it along, and reading does not wait for them.
    fn built_in() -> Result<&'static Self, MarksError> {
        static BUILT: OnceLock<Finder> = OnceLock::new();
        if let Some(built) = BUILT.get() {
            return Ok(built);
        }
        let vectorised = packed::Config::new().builder().extend(BUILT_IN).build();
        let finder = match vectorised {
            Some(searcher) => Self::Vectorised(searcher),
            None => Self::Automaton(AhoCorasick::new(BUILT_IN)?),
        };
        Ok(BUILT.get_or_init(|| finder))
    }
}

impl Marks {
    /// The built-in marks.
    pub fn built_in() -> Result<Self, MarksError> {
        Self::with(&[])
    }

    /// The built-in marks, and words of the user's own in any case.
    pub fn with(own: &[String]) -> Result<Self, MarksError> {
        let built_in = Finder::built_in()?;
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
        match self.built_in {
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
        self.within(line).fold(0, |signature, found| {
            mix(signature, u64::from(found.pattern().as_u32()))
        })
    }

    /// Whether a text has a mark.
    #[must_use]
    pub fn are_in(&self, text: &[u8]) -> bool {
        self.lines(text).next().is_some()
    }

    /// All built-in marks in a line.
    fn within<'a>(&'a self, line: &'a [u8]) -> impl Iterator<Item = Match> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.found(line, from)?;
            from = found.end();
            Some(found)
        })
    }

    /// Whether a line is an HTTP request's like all others, and only its server's name is a mark.
    fn is_of_request(&self, line: &[u8]) -> bool {
        request::is_ordinary(line)
            && self.within(line).all(|found| names_server(&found))
            && self.own.as_ref().is_none_or(|own| !own.is_match(line))
    }
}

fn names_server(found: &Match) -> bool {
    let literal = BUILT_IN.get(found.pattern().as_usize());
    literal.is_some_and(|literal| SERVERS.contains(literal))
}

/// Where the next mark of one kind is.
#[derive(Clone, Copy)]
enum Sought {
    Unknown,
    /// At this byte; whether it is a server's name.
    At(usize, bool),
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
    /// The next mark of either kind, and whether it is a server's name. Each is sought again only when it
    /// was passed.
    fn next_mark(&mut self) -> Option<(usize, bool)> {
        let (bytes, from, marks) = (self.bytes, self.from, self.marks);
        let renew = |sought: Sought, find: &dyn Fn() -> Option<Sought>| match sought {
            Sought::At(at, _) if at >= from => sought,
            Sought::Nowhere => Sought::Nowhere,
            _ => find().unwrap_or(Sought::Nowhere),
        };
        self.built_in = renew(self.built_in, &|| {
            let found = marks.found(bytes, from)?;
            Some(Sought::At(found.start(), names_server(&found)))
        });
        self.own = renew(self.own, &|| {
            let own = marks.own.as_ref()?;
            let found = own.find(Input::new(bytes).range(from..))?;
            Some(Sought::At(found.start(), false))
        });
        match (self.built_in, self.own) {
            (Sought::At(one, server), Sought::At(other, _)) => {
                Some((one.min(other), server && one < other))
            }
            (Sought::At(at, server), _) | (_, Sought::At(at, server)) => Some((at, server)),
            _ => None,
        }
    }

    /// The next line with a mark, and whether the first mark is a server's name.
    fn next_line(&mut self) -> Option<(Range<usize>, bool)> {
        if self.from >= self.bytes.len() {
            return None;
        }
        let (mark, server) = self.next_mark()?;
        let before = self.bytes.get(self.from..mark)?;
        let start = memrchr(b'\n', before).map_or(self.from, |at| {
            self.from.saturating_add(at).saturating_add(1)
        });
        let rest = self.bytes.get(mark..)?;
        let end = memchr(b'\n', rest).map_or(self.bytes.len(), |at| mark.saturating_add(at));
        self.from = end.saturating_add(1);
        Some((start..end, server))
    }
}

impl Iterator for MarkedLines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let (range, server) = self.next_line()?;
            let line = self.bytes.get(range.clone()).unwrap_or_default();
            if !(server && self.marks.is_of_request(line)) {
                return Some(range);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_not_marked_by_its_servers_name() {
        let marks = Marks::with(&["ticker".to_owned()]).unwrap();
        for line in [
            r#"{"logger": "uvicorn.access", "event": "10.0.0.7:50999 - \"GET /api/me HTTP/1.1\" 200"}"#,
            "INFO django.channels.server: HTTP GET /api/me/ 200 [0.02, 10.0.0.7:50999]",
            r#"daphne-1  | 10.0.0.7:50999 - - [20/Nov/2026:10:00:00] "POST /api/orders/" 201 1512"#,
        ] {
            assert!(!marks.are_in(line.as_bytes()), "{line}");
        }
        for line in [
            r#"{"logger": "uvicorn.access", "event": "10.0.0.7:50999 - \"GET /ws/ HTTP/1.1\" 200"}"#,
            r#"{"logger": "uvicorn.access", "event": "10.0.0.7:50999 - \"GET /live HTTP/1.1\" 404"}"#,
            r#"{"logger": "uvicorn.access", "event": "10.0.0.7:50999 - \"GET /TICKER HTTP/1.1\" 200"}"#,
            "INFO django.channels.server: HTTP GET /live/ 404 [0.02, 10.0.0.7:50999]",
            "INFO uvicorn.error: Application startup complete.",
            "INFO daphne.server: Killed 2 pending application instances",
        ] {
            assert!(marks.are_in(line.as_bytes()), "{line}");
        }
    }
}
