//! Matching records against the phrases of the lexicon.
//!
//! A filter names the few expressions whose words stand in a text; only those are compiled and
//! tried.

use super::expression::Expression;
use super::filter::Filter;
use super::look::{is_meant_for, texts};
use super::required::Required;
use super::schema::{CloseCode, Kind, LexiconFile, Phrase, Within};
use crate::record::Record;
use crate::rule_text::RuleText;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

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
    /// The exception of the record's traceback that says so, by its place in it; `None` where the
    /// message or the logger does.
    pub raised: Option<usize>,
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
    by_id: BTreeMap<RuleText, KindId>,
    phrases: Vec<KnownPhrase>,
    /// Every expression of every phrase, those it must not match included, in order.
    expressions: Vec<Owned>,
    /// Of the first expressions; and of those that follow.
    filter: Filter<'static>,
    further: Option<Filter<'static>>,
    close_codes: BTreeMap<u16, CloseCode>,
}

#[derive(Debug)]
struct KnownPhrase {
    phrase: Phrase,
    kind: KindId,
    /// Its first expression; the others follow, `any` before `unless`.
    first: usize,
}

/// An expression and the phrase that has it.
#[derive(Debug)]
struct Owned {
    phrase: usize,
    expression: Expression,
}

impl Owned {
    fn of(phrase: usize) -> Self {
        Self {
            phrase,
            expression: Expression::default(),
        }
    }
}

/// A text of a record, with the expressions that can match it.
struct Text<'r> {
    within: Within,
    raised: Option<usize>,
    words: Cow<'r, str>,
    candidates: Vec<u32>,
}

impl Lexicon {
    /// Builds the lexicon from files, each with the name that errors call it by.
    pub fn new(files: Vec<(String, LexiconFile)>) -> Result<Self, LexiconError> {
        Self::with_filter(files, Filter::default())
    }

    /// The same, where the expressions of the first files are known to a filter already, and that
    /// they can be read.
    pub fn with_filter(
        files: Vec<(String, LexiconFile)>,
        filter: Filter<'static>,
    ) -> Result<Self, LexiconError> {
        let (kinds, by_id) = collect_kinds(&files)?;
        let close_codes = close_codes(&files);
        let mut phrases = Vec::new();
        let mut expressions = Vec::with_capacity(filter.len());
        let mut further = Required::default();
        for (file, content) in files {
            for phrase in content.phrases {
                let kind = kind_of(&file, &phrase, &by_id)?;
                let first = expressions.len();
                if filter.len() <= first {
                    for (source, _) in phrase.expressions() {
                        check_syntax(&file, &phrase.kind, source)?;
                    }
                    further.extend(phrase.expressions());
                }
                let count = phrase.any.len().saturating_add(phrase.unless.len());
                expressions.extend(std::iter::repeat_n(phrases.len(), count).map(Owned::of));
                phrases.push(KnownPhrase {
                    phrase,
                    kind,
                    first,
                });
            }
        }
        Ok(Self {
            kinds,
            by_id,
            phrases,
            expressions,
            further: (!further.expressions.is_empty()).then(|| Filter::new(&further)),
            filter,
            close_codes,
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
        self.phrases.iter().map(|known| &known.phrase)
    }

    /// What the application means by a close code, where that is defined.
    #[must_use]
    pub fn close_code(&self, code: u16) -> Option<&CloseCode> {
        self.close_codes.get(&code)
    }

    /// What a record means, in the order of the phrases; empty where no phrase matches.
    #[must_use]
    pub fn meanings(&self, record: &Record) -> Vec<Meaning> {
        let texts: Vec<Text<'_>> = texts(record)
            .map(|(within, raised, text)| Text {
                within,
                raised,
                candidates: self.candidates(&text),
                words: text,
            })
            .collect();
        let mut found = self.matches(record, &texts, false);
        if found.is_empty() {
            found = self.matches(record, &texts, true);
        }
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

    /// The expressions that can match a text, in order.
    fn candidates(&self, text: &str) -> Vec<u32> {
        let mut candidates = self.filter.candidates(text);
        if let Some(further) = &self.further {
            let first = u32::try_from(self.filter.len()).unwrap_or(u32::MAX);
            let further = further.candidates(text);
            candidates.extend(further.iter().map(|further| first.saturating_add(*further)));
        }
        candidates
    }

    /// What the close code that a meaning carries stands for, where that is a kind of event.
    fn meaning_of_code(&self, meaning: &Meaning) -> Option<Meaning> {
        let code = meaning.fields.get("code")?.parse().ok()?;
        let kind = self.find(&self.close_code(code)?.means)?;
        Some(Meaning {
            kind,
            fields: BTreeMap::new(),
            clue: false,
            raised: meaning.raised,
        })
    }

    /// The phrases that match, each with what its expressions say: those that are clues, or those
    /// that are none.
    fn matches(&self, record: &Record, texts: &[Text<'_>], clues: bool) -> Vec<(usize, Meaning)> {
        let mut found: Vec<(usize, Meaning)> = Vec::new();
        // What the message must not hold, the first text would: it begins with the message.
        let spoken = texts.first().map_or(&[][..], |text| &text.candidates);
        for text in texts {
            for candidate in &text.candidates {
                let Some((number, known, source, expression)) = self.wanted(*candidate) else {
                    continue;
                };
                let phrase = &known.phrase;
                // A phrase that matched says nothing more, unless it could still name a close code.
                let said = || found.iter().any(|(known, _)| *known == number);
                if phrase.within == text.within
                    && phrase.clue == clues
                    && is_meant_for(phrase, record)
                    && (source.contains("<code>") || !said())
                    && expression.matches_bytes(source, &text.words)
                    && !self.is_ruled_out(known, record, spoken)
                {
                    let meaning = Meaning {
                        kind: known.kind,
                        fields: expression.fields(source, &text.words),
                        clue: clues,
                        raised: text.raised,
                    };
                    found.push((number, meaning));
                }
            }
        }
        found
    }

    /// The expression that a filter's candidate is, if its phrase looks for it: with the phrase,
    /// its number, and the expression's source.
    fn wanted(&self, candidate: u32) -> Option<(usize, &KnownPhrase, &str, &Expression)> {
        let place = usize::try_from(candidate).ok()?;
        let owned = self.expressions.get(place)?;
        let known = self.phrases.get(owned.phrase)?;
        let source = known.phrase.any.get(place.checked_sub(known.first)?)?;
        Some((owned.phrase, known, source, &owned.expression))
    }

    /// Whether the message holds what a phrase says that it must not.
    fn is_ruled_out(&self, known: &KnownPhrase, record: &Record, candidates: &[u32]) -> bool {
        let first = known.first.saturating_add(known.phrase.any.len());
        (first..).zip(&known.phrase.unless).any(|(place, source)| {
            let is_candidate = |place| candidates.binary_search(&place).is_ok();
            u32::try_from(place).is_ok_and(is_candidate)
                && self
                    .expressions
                    .get(place)
                    .is_some_and(|owned| owned.expression.matches(source, &record.message))
        })
    }
}

fn collect_kinds(
    files: &[(String, LexiconFile)],
) -> Result<(Vec<Kind>, BTreeMap<RuleText, KindId>), LexiconError> {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut by_id = BTreeMap::new();
    for (file, content) in files {
        for kind in &content.kinds {
            if by_id.insert(kind.id.clone(), KindId(kinds.len())).is_some() {
                let defines = |(_, content): &&(String, LexiconFile)| {
                    content.kinds.iter().any(|other| other.id == kind.id)
                };
                return Err(LexiconError::DuplicateKind {
                    id: kind.id.to_string(),
                    first: files
                        .iter()
                        .find(defines)
                        .map_or(file, |(first, _)| first)
                        .clone(),
                    second: file.clone(),
                });
            }
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

fn kind_of(
    file: &str,
    phrase: &Phrase,
    by_id: &BTreeMap<RuleText, KindId>,
) -> Result<KindId, LexiconError> {
    let kind = by_id.get(&phrase.kind).copied();
    kind.ok_or_else(|| LexiconError::UnknownKind {
        file: file.to_owned(),
        kind: phrase.kind.to_string(),
    })
}

/// Checks that an expression can be read; it is compiled when a text first needs it.
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
