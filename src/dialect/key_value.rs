//! Reading `key=value key="quoted value"` pairs.
//!
//! Shared by the dialects that are made of such pairs; which keys mean what is theirs to know.

/// The pairs of `text` in order; words that are no pair are skipped.
#[must_use]
pub(super) fn pairs(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ', '\t']).unwrap_or(rest.len());
        let (key, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = if let Some(value) = after.strip_prefix('=') {
            let (value, after) = value_of(value);
            if is_key(key) {
                found.push((key, value));
            }
            after.trim_start()
        } else {
            after.trim_start()
        };
    }
    found
}

/// Whether `text` starts with a pair.
#[must_use]
pub(super) fn leads(text: &str) -> bool {
    text.split_once('=').is_some_and(|(key, _)| is_key(key))
}

fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 40
        && key.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@' | b'#')
        })
}

fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => {
                value.push(match c {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, quoted.get(at + 1..).unwrap_or("")),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_bare_and_quoted_values() {
        let found =
            pairs("at=error desc=\"Idle \\\"x\\\"\" noise path=/ws/x?a=b empty= last=\"cut");
        let shown: Vec<String> = found
            .iter()
            .map(|(key, value)| format!("{key}:{value}"))
            .collect();
        assert_eq!(
            shown,
            [
                "at:error",
                "desc:Idle \"x\"",
                "path:/ws/x?a=b",
                "empty:",
                "last:cut"
            ]
        );
    }
}
