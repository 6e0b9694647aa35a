//! Short names for sources in reports for people: the end of their path, as long as it must be to
//! tell them apart. Documents for programs keep the path.

use super::texts;
use crate::diagnosis::Diagnosis;

/// The diagnosis with every path of a source replaced by its short name.
pub(super) fn shortened(mut diagnosis: Diagnosis) -> Diagnosis {
    let paths: Vec<String> = diagnosis
        .inputs
        .iter()
        .map(|input| input.file.clone())
        .collect();
    let mut names: Vec<(String, String)> = paths
        .iter()
        .map(|path| (path.clone(), shortest(path, &paths)))
        .filter(|(path, name)| path != name)
        .collect();
    // A path that ends another one's is replaced after it.
    names.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
    if names.is_empty() {
        return diagnosis;
    }
    texts::each(&mut diagnosis, &mut |_, text| {
        for (path, name) in &names {
            if text.contains(path.as_str()) {
                *text = text.replace(path.as_str(), name);
            }
        }
    });
    diagnosis
}

fn shortest(path: &str, paths: &[String]) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    for start in (1..parts.len()).rev() {
        let Some(end) = parts.get(start..) else {
            break;
        };
        let clash = paths.iter().any(|other| {
            let others: Vec<&str> = other.split(['/', '\\']).collect();
            other != path && others.ends_with(end)
        });
        if !clash {
            return end.join("/");
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(paths: &[&str]) -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        paths.iter().map(|path| shortest(path, &paths)).collect()
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
