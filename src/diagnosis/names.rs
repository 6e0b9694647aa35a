//! What sources are called in a report: the end of their path, as long as it must be to tell them
//! apart.

use crate::input::Source;

/// A name for each source, unique where the paths are.
pub(super) fn of(sources: &[Source]) -> Vec<String> {
    (0..sources.len())
        .map(|index| shortest(index, sources))
        .collect()
}

fn shortest(index: usize, sources: &[Source]) -> String {
    let path = sources.get(index).map_or("", |source| source.name.as_str());
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    for kept in 1..parts.len() {
        let Some(end) = parts.get(parts.len() - kept..) else {
            break;
        };
        let clash = sources.iter().enumerate().any(|(other, source)| {
            let others: Vec<&str> = source.name.split(['/', '\\']).collect();
            other != index && others.ends_with(end)
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

    fn named(names: &[&str]) -> Vec<String> {
        let sources: Vec<Source> = names
            .iter()
            .map(|name| Source {
                name: (*name).to_owned(),
                ..Source::default()
            })
            .collect();
        of(&sources)
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
