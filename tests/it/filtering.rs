//! The lexicon tries only the expressions whose words stand in a text. Nothing must be lost by
//! that: every record means what it means when every expression is tried.

use super::material::{RULES, cases};
use super::rules::record_for;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use wswhy::dialect;
use wswhy::input::read_paths;
use wswhy::lexicon::{Filter, Lexicon, LexiconFile, Meaning, Phrase, Required};
use wswhy::record::Record;

/// The built-in lexicon with no expression requiring anything.
static UNFILTERED: LazyLock<Lexicon> = LazyLock::new(|| {
    let phrases: Vec<Phrase> = RULES.lexicon.phrases().cloned().collect();
    let count = phrases
        .iter()
        .map(|phrase| phrase.any.len() + phrase.unless.len())
        .sum();
    let required = Required {
        words: Vec::new(),
        expressions: vec![Vec::new(); count],
    };
    let file = LexiconFile {
        kinds: RULES.lexicon.kinds().cloned().collect(),
        phrases,
        ..LexiconFile::default()
    };
    let filter = Filter::new(&required);
    Lexicon::with_filter(vec![("all phrases".to_owned(), file)], filter).unwrap()
});

/// Samples and near misses of all phrases, each with its phrase.
static SHOWN: LazyLock<Vec<(&Phrase, &str)>> = LazyLock::new(|| {
    RULES
        .lexicon
        .phrases()
        .flat_map(|phrase| {
            let shown = phrase.samples.iter().chain(&phrase.near_misses);
            shown.map(move |text| (phrase, text.as_str()))
        })
        .collect()
});

/// What a record means, in words.
fn shown(lexicon: &Lexicon, meanings: &[Meaning]) -> Vec<String> {
    let kind = |meaning: &Meaning| lexicon.kind(meaning.kind).map(|kind| kind.id.clone());
    meanings
        .iter()
        .map(|meaning| format!("{:?} {:?} {}", kind(meaning), meaning.fields, meaning.clue))
        .collect()
}

fn difference(record: &Record) -> Option<String> {
    let filtered = shown(&RULES.lexicon, &RULES.lexicon.meanings(record));
    let whole = shown(&UNFILTERED, &UNFILTERED.meanings(record));
    (filtered != whole).then(|| format!("`{}`\n  {filtered:?}\n  {whole:?}", record.text))
}

fn assert_same<'r>(records: impl IntoParallelIterator<Item = &'r Record>) {
    let differences: Vec<String> = records.into_par_iter().filter_map(difference).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn what_phrases_show_means_the_same_unfiltered() {
    let records: Vec<Record> = SHOWN
        .iter()
        .map(|(phrase, text)| record_for(phrase, text))
        .collect();
    assert!(records.len() > 1000);
    assert_same(&records);
}

#[test]
fn what_fixtures_say_means_the_same_unfiltered() {
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    for case in ["recordings", "quoted"].into_iter().flat_map(cases) {
        let reading = read_paths(&case.paths(), &RULES.marks).unwrap();
        for (index, source) in reading.sources.iter().enumerate() {
            for record in dialect::read(index, source) {
                // The same line again, at another time or of another client, says nothing new.
                let mut key = format!("{:?} {}", record.side, record.dialect);
                let said = [record.full_message(), format!("{:?}", record.traceback)];
                key.extend(said.concat().chars().filter(|c| !c.is_ascii_digit()));
                records.entry(key).or_insert(record);
            }
        }
    }
    assert!(records.len() > 1000);
    assert_same(records.par_iter().map(|(_, record)| record));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn fragments_of_what_phrases_show_mean_the_same_unfiltered(
        parts in prop::collection::vec((select(&**SHOWN), any::<(Index, Index)>()), 1..6),
        between in select(vec!["", " ", "\n", "ſ", "İ", "\u{212a}", ", "]),
        capitals in any::<bool>(),
    ) {
        let fragments: Vec<String> = parts
            .iter()
            .map(|((_, text), (one, other))| {
                let letters: Vec<char> = text.chars().collect();
                let (one, other) = (one.index(letters.len() + 1), other.index(letters.len() + 1));
                letters[one.min(other)..one.max(other)].iter().collect()
            })
            .collect();
        let text = fragments.join(between);
        let text = if capitals { text.to_uppercase() } else { text };
        let ((phrase, _), _) = parts[0];
        prop_assert_eq!(difference(&record_for(phrase, &text)), None);
    }
}
