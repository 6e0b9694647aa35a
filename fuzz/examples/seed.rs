//! Writes the seeds of every target to `corpus/TARGET`, and the words of the lexicon to `dictionary`.

use regex_syntax::hir::{Hir, HirKind};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};
use wswhy::dialect::registry::{BODIES, FRAMES};
use wswhy::rules::RuleSet;
use wswhy_fuzz::seeds_of;

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (target, seeds) in seeds_of(&here.join("..")) {
        let folder = here.join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:04}")), seed)?;
        }
        println!("{target}: {} seeds", seeds.len());
    }
    fs::write(here.join("dictionary"), dictionary())
}

/// The literal parts of all phrases and the words of the dialects' samples, in libFuzzer's notation.
fn dictionary() -> String {
    let rules = RuleSet::built_in().unwrap_or_else(|error| panic!("{error}"));
    let mut words = BTreeSet::new();
    for phrase in rules.lexicon.phrases() {
        for expression in &phrase.any {
            if let Ok(expression) = regex_syntax::parse(expression) {
                literals(&expression, &mut words);
            }
        }
    }
    for dialect in FRAMES.iter().chain(BODIES) {
        for sample in dialect.samples() {
            words.extend(sample.split(' ').map(|word| word.as_bytes().to_vec()));
        }
    }
    let mut written = String::new();
    for word in words.iter().filter(|word| (3..=40).contains(&word.len())) {
        let bytes = word.iter().fold(String::new(), |mut bytes, byte| {
            let _ = write!(bytes, "\\x{byte:02x}");
            bytes
        });
        let _ = writeln!(written, "\"{bytes}\"");
    }
    written
}

fn literals(expression: &Hir, words: &mut BTreeSet<Vec<u8>>) {
    match expression.kind() {
        HirKind::Literal(literal) => {
            words.insert(literal.0.to_vec());
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| literals(part, words));
        }
        HirKind::Capture(capture) => literals(&capture.sub, words),
        HirKind::Repetition(repetition) => literals(&repetition.sub, words),
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}
