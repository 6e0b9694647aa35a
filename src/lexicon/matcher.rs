//! Matching records against the phrases of the lexicon.
//!
//! All expressions that look at the same part of a record are tried at once as a set; only those
//! that match are run again, alone, for their named groups.

use super::schema::{CloseCode, Kind, LexiconFile, Phrase, Within};
use crate::record::{Level, Record, Side};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder, bytes};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// How much memory a set of expressions may take, in bytes.
const SET_BYTES: usize = 256 << 20;

/// A kind of event, by its place in the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(usize);

/// One thing that a record means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The kind of event.
    pub kind: KindId,
    /// What the phrase's named groups captured, by group.
    pub fields: BTreeMap<String, String>,
    /// Whether only a clue says so (a logger's name), and no word of the message.
    pub clue: bool,
}

/// Why a lexicon could not be built. The file is the name that was given with its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    /// Two kinds have one id.
    #[error("the kind `{id}` is defined twice, in {first} and in {second}")]
    DuplicateKind {
        /// The id.
        id: String,
        /// The file that defines it first.
        first: String,
        /// The file that defines it again.
        second: String,
    },
    /// A phrase means a kind that no file defines.
    #[error("{file}: a phrase means the kind `{kind}`, which no file defines")]
    UnknownKind {
        /// The file.
        file: String,
        /// The unknown kind.
        kind: String,
    },
    /// An expression is not a regular expression.
    #[error("{file}: `{pattern}` (kind `{kind}`) is not a regular expression: {problem}")]
    BadPattern {
        /// The file.
        file: String,
        /// The kind it would mean.
        kind: String,
        /// The expression.
        pattern: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// The phrases of all lexicon files, ready to match.
#[derive(Debug)]
pub struct Lexicon {
    kinds: Vec<Kind>,
    by_id: BTreeMap<String, KindId>,
    phrases: Vec<CompiledPhrase>,
    sets: Vec<(Within, PatternSet)>,
    close_codes: BTreeMap<u16, CloseCode>,
}

#[derive(Debug)]
struct CompiledPhrase {
    phrase: Phrase,
    kind: KindId,
    unless: Vec<Lazy>,
}

/// An expression that is compiled when it is first asked.
#[derive(Debug)]
struct Lazy {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Lazy {
    fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    fn get(&self) -> Option<&Regex> {
        self.compiled
            .get_or_init(|| expression(&self.source).ok())
            .as_ref()
    }
}

/// The expressions for one part of a record. Most are plain ASCII, and compile many times faster
/// without Unicode's tables; the few that name other characters are a set of their own.
#[derive(Debug)]
struct PatternSet {
    ascii: (bytes::RegexSet, Vec<usize>),
    unicode: (RegexSet, Vec<usize>),
    patterns: Vec<Pattern>,
}

impl PatternSet {
    /// The places of the expressions that match, in order.
    fn matches(&self, text: &str) -> Vec<usize> {
        let (ascii, ascii_places) = &self.ascii;
        let (unicode, unicode_places) = &self.unicode;
        let of_ascii = ascii.matches(text.as_bytes()).into_iter();
        let of_unicode = unicode.matches(text).into_iter();
        let mut found: Vec<usize> = of_ascii
            .filter_map(|index| ascii_places.get(index))
            .chain(of_unicode.filter_map(|index| unicode_places.get(index)))
            .copied()
            .collect();
        found.sort_unstable();
        found
    }
}

#[derive(Debug)]
struct Pattern {
    phrase: usize,
    alone: Lazy,
}

impl Lexicon {
    /// Builds the lexicon from files, each with the name that errors call it by.
    pub fn new(files: &[(String, LexiconFile)]) -> Result<Self, LexiconError> {
        let (kinds, by_id) = collect_kinds(files)?;
        let mut phrases = Vec::new();
        for (file, content) in files {
            for phrase in &content.phrases {
                phrases.push(compile_phrase(file, phrase, &by_id)?);
            }
        }
        let mut sets = Vec::new();
        for within in [
            Within::Message,
            Within::Logger,
            Within::Exception,
            Within::Frame,
        ] {
            sets.push((within, compile_set(&phrases, within)?));
        }
        Ok(Self {
            kinds,
            by_id,
            phrases,
            sets,
            close_codes: close_codes(files),
        })
    }

    /// The kind with this public name.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<KindId> {
        self.by_id.get(id).copied()
    }

    /// What is known of a kind.
    ///
    /// `None` only for an id of another lexicon.
    #[must_use]
    pub fn kind(&self, id: KindId) -> Option<&Kind> {
        self.kinds.get(id.0)
    }

    /// Every kind, in the order of definition.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.iter()
    }

    /// Every phrase.
    pub fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.phrases.iter().map(|compiled| &compiled.phrase)
    }

    /// What the application means by a close code, where that is defined.
    #[must_use]
    pub fn close_code(&self, code: u16) -> Option<&CloseCode> {
        self.close_codes.get(&code)
    }

    /// What a record means, in the order of the phrases; empty where no phrase matches.
    #[must_use]
    pub fn meanings(&self, record: &Record) -> Vec<Meaning> {
        let mut found: Vec<(usize, Meaning)> = Vec::new();
        for (within, set) in &self.sets {
            for text in parts(record, *within) {
                self.match_text(record, set, &text, &mut found);
            }
        }
        let stated = found.iter().any(|(phrase, _)| !self.is_clue(*phrase));
        found.retain(|(phrase, _)| !stated || !self.is_clue(*phrase));
        found.sort_by_key(|(phrase, _)| *phrase);
        let by_code = found
            .iter()
            .find_map(|(_, meaning)| self.meaning_of_code(meaning));
        let mut seen = BTreeSet::new();
        found
            .into_iter()
            .map(|(_, meaning)| meaning)
            .chain(by_code)
            .filter(|meaning| seen.insert(meaning.kind))
            .collect()
    }

    /// What the close code that a meaning carries stands for, where that is a kind of event.
    fn meaning_of_code(&self, meaning: &Meaning) -> Option<Meaning> {
        let code = meaning.fields.get("code")?.parse().ok()?;
        let kind = self.find(&self.close_code(code)?.means)?;
        Some(Meaning {
            kind,
            fields: BTreeMap::new(),
            clue: false,
        })
    }

    fn is_clue(&self, phrase: usize) -> bool {
        self.phrases
            .get(phrase)
            .is_some_and(|compiled| compiled.phrase.clue)
    }

    fn match_text(
        &self,
        record: &Record,
        set: &PatternSet,
        text: &str,
        found: &mut Vec<(usize, Meaning)>,
    ) {
        for index in set.matches(text) {
            let Some(pattern) = set.patterns.get(index) else {
                continue;
            };
            let Some(compiled) = self.phrases.get(pattern.phrase) else {
                continue;
            };
            if applies(compiled, record) {
                let meaning = Meaning {
                    kind: compiled.kind,
                    fields: pattern.fields(text),
                    clue: compiled.phrase.clue,
                };
                found.push((pattern.phrase, meaning));
            }
        }
    }
}

impl Pattern {
    fn fields(&self, text: &str) -> BTreeMap<String, String> {
        let source = &self.alone.source;
        if !source.contains("(?P<") && !source.contains("(?<") {
            return BTreeMap::new();
        }
        let Some(regex) = self.alone.get() else {
            return BTreeMap::new();
        };
        let Some(captures) = regex.captures(text) else {
            return BTreeMap::new();
        };
        regex
            .capture_names()
            .flatten()
            .filter_map(|name| {
                let value = captures.name(name)?.as_str();
                Some((name.to_owned(), value.to_owned()))
            })
            .collect()
    }
}

fn collect_kinds(
    files: &[(String, LexiconFile)],
) -> Result<(Vec<Kind>, BTreeMap<String, KindId>), LexiconError> {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut by_id = BTreeMap::new();
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for (file, content) in files {
        for kind in &content.kinds {
            if let Some(first) = homes.get(&kind.id) {
                return Err(LexiconError::DuplicateKind {
                    id: kind.id.clone(),
                    first: first.clone(),
                    second: file.clone(),
                });
            }
            homes.insert(kind.id.clone(), file.clone());
            by_id.insert(kind.id.clone(), KindId(kinds.len()));
            kinds.push(kind.clone());
        }
    }
    Ok((kinds, by_id))
}

/// The close codes of all files; a later file's word stands.
fn close_codes(files: &[(String, LexiconFile)]) -> BTreeMap<u16, CloseCode> {
    files
        .iter()
        .flat_map(|(_, content)| &content.close_codes)
        .filter_map(|(code, meaning)| Some((code.parse().ok()?, meaning.clone())))
        .collect()
}

fn compile_phrase(
    file: &str,
    phrase: &Phrase,
    by_id: &BTreeMap<String, KindId>,
) -> Result<CompiledPhrase, LexiconError> {
    let kind = by_id
        .get(&phrase.kind)
        .copied()
        .ok_or_else(|| LexiconError::UnknownKind {
            file: file.to_owned(),
            kind: phrase.kind.clone(),
        })?;
    for pattern in phrase.any.iter().chain(&phrase.unless) {
        check_syntax(file, &phrase.kind, pattern)?;
    }
    let unless = phrase
        .unless
        .iter()
        .map(|pattern| Lazy::new(pattern))
        .collect();
    Ok(CompiledPhrase {
        phrase: phrase.clone(),
        kind,
        unless,
    })
}

/// Checks that an expression can be read; compiling it is left to the set, all at once.
fn check_syntax(file: &str, kind: &str, pattern: &str) -> Result<(), LexiconError> {
    regex_syntax::ast::parse::Parser::new()
        .parse(pattern)
        .map(|_| ())
        .map_err(|error| LexiconError::BadPattern {
            file: file.to_owned(),
            kind: kind.to_owned(),
            pattern: pattern.to_owned(),
            problem: error.kind().to_string(),
        })
}

pub(super) fn expression(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(64 << 20)
        .build()
}

fn compile_set(phrases: &[CompiledPhrase], within: Within) -> Result<PatternSet, LexiconError> {
    let mut patterns = Vec::new();
    for (index, compiled) in phrases.iter().enumerate() {
        if compiled.phrase.within == within {
            for source in &compiled.phrase.any {
                patterns.push(Pattern {
                    phrase: index,
                    alone: Lazy::new(source),
                });
            }
        }
    }
    let (ascii, unicode): (Vec<usize>, Vec<usize>) =
        (0..patterns.len()).partition(|index| is_ascii(&patterns, *index));
    let sources = |places: &[usize]| -> Vec<String> {
        places
            .iter()
            .filter_map(|index| patterns.get(*index))
            .map(|pattern| pattern.alone.source.clone())
            .collect()
    };
    let ascii_set = bytes::RegexSetBuilder::new(sources(&ascii))
        .case_insensitive(true)
        .unicode(false)
        .size_limit(SET_BYTES)
        .dfa_size_limit(SET_BYTES)
        .build()
        .map_err(|error| bad_set(&error))?;
    let unicode_set = RegexSetBuilder::new(sources(&unicode))
        .case_insensitive(true)
        .size_limit(SET_BYTES)
        .dfa_size_limit(SET_BYTES)
        .build()
        .map_err(|error| bad_set(&error))?;
    Ok(PatternSet {
        ascii: (ascii_set, ascii),
        unicode: (unicode_set, unicode),
        patterns,
    })
}

fn is_ascii(patterns: &[Pattern], index: usize) -> bool {
    patterns
        .get(index)
        .is_some_and(|pattern| reads_ascii(&pattern.alone.source))
}

/// Whether an expression can do without Unicode's tables.
pub(super) fn reads_ascii(source: &str) -> bool {
    source.is_ascii() && !source.contains("\\p{")
}

fn bad_set(error: &regex::Error) -> LexiconError {
    LexiconError::BadPattern {
        file: "the lexicon".to_owned(),
        kind: "all".to_owned(),
        pattern: String::new(),
        problem: error.to_string(),
    }
}

/// The texts that a phrase of this kind looks at.
fn parts(record: &Record, within: Within) -> Vec<String> {
    match within {
        Within::Message => vec![spoken(record)],
        Within::Logger => record.logger.iter().cloned().collect(),
        Within::Exception => record
            .traceback
            .iter()
            .flat_map(|traceback| &traceback.exceptions)
            .map(|exception| format!("{}: {}", exception.class, exception.message))
            .collect(),
        Within::Frame => record
            .traceback
            .iter()
            .flat_map(|traceback| &traceback.exceptions)
            .flat_map(|exception| &exception.frames)
            .flat_map(|frame| {
                let place = format!("{}:{}, in {}", frame.file, frame.line, frame.function);
                let code =
                    (!frame.code.is_empty()).then(|| format!("{}: {}", frame.file, frame.code));
                [Some(place), code].into_iter().flatten()
            })
            .collect(),
    }
}

/// The message with its further lines; a traceback's lines say *where*, not *what*, and stay out.
fn spoken(record: &Record) -> String {
    if record.traceback.is_some() || record.detail.is_empty() {
        record.message.clone()
    } else {
        record.full_message()
    }
}

fn applies(compiled: &CompiledPhrase, record: &Record) -> bool {
    let phrase = &compiled.phrase;
    let level_fits = phrase.level.is_none_or(|least| {
        record
            .level
            .is_some_and(|level| level >= Level::from(least))
    });
    let side_fits = phrase
        .side
        .is_none_or(|side| record.side == Side::from(side));
    let dialect_fits =
        phrase.dialects.is_empty() || phrase.dialects.iter().any(|id| id == record.dialect);
    level_fits
        && side_fits
        && dialect_fits
        && !compiled
            .unless
            .iter()
            .filter_map(Lazy::get)
            .any(|regex| regex.is_match(&record.message))
}
