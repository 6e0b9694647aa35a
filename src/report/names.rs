//! Short names for sources in reports for people: the end of their path, as long as it must be to
//! tell them apart. Documents for programs keep the path.

use super::texts;
use crate::diagnosis::Diagnosis;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::{BTreeSet, HashMap};

/// The diagnosis with every path of a source replaced by its short name.
pub(super) fn shortened(mut diagnosis: Diagnosis) -> Diagnosis {
    let paths: BTreeSet<String> = diagnosis
        .inputs
        .iter()
        .map(|input| input.file.clone())
        .collect();
    let (long, short): (Vec<String>, Vec<String>) = short_names(&paths)
        .into_iter()
        .filter(|(path, name)| path != name)
        .unzip();
    // Of a path that ends another one's the longer is meant.
    let search = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(&long);
    if let Ok(search) = search
        && !long.is_empty()
    {
        texts::each(&mut diagnosis, &mut |_, text| {
            if search.is_match(text.as_str()) {
                *text = search.replace_all(text, &short);
            }
        });
    }
    diagnosis
}

/// Each path with the shortest end of it that ends no other.
fn short_names(paths: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut endings: HashMap<String, usize> = HashMap::new();
    for path in paths {
        for end in ends(path).chain([path.replace('\\', "/")]) {
            let count = endings.entry(end).or_default();
            *count = count.saturating_add(1);
        }
    }
    let own = |path: &String| ends(path).find(|end| endings.get(end) == Some(&1));
    let named = paths.iter().map(|path| {
        let name = own(path).unwrap_or_else(|| path.clone());
        (path.clone(), name)
    });
    named.collect()
}

/// The ends of a path at its separators, the shortest first, without the path itself.
fn ends(path: &str) -> impl Iterator<Item = String> {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    (1..parts.len())
        .rev()
        .filter_map(move |start| Some(parts.get(start..)?.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(paths: &[&str]) -> Vec<String> {
        let all = paths.iter().map(|path| (*path).to_owned()).collect();
        let names: HashMap<String, String> = short_names(&all).into_iter().collect();
        paths.iter().map(|path| names[*path].clone()).collect()
    }

    #[test]
    fn a_file_alone_goes_by_its_own_name() {
        assert_eq!(named(&["backend/logs/server.log"]), ["server.log"]);
        assert_eq!(named(&[r"C:\logs\server.log"]), ["server.log"]);
    }

    #[test]
    fn files_of_one_name_show_what_tells_them_apart() {
        assert_eq!(
            named(&["a/one/server.log", "a/two/server.log", "console.log"]),
            ["one/server.log", "two/server.log", "console.log"]
        );
        assert_eq!(
            named(&["server.log", "b/server.log"]),
            ["server.log", "b/server.log"]
        );
    }
}
