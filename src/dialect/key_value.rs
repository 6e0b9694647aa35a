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
    let Some((quote, quoted)) = quoted(text) else {
        let end = text.find([' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut escaped = false;
    let mut rest = quoted.chars();
    while let Some(c) = rest.next() {
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
            c if c == quote => return (value, rest.as_str()),
            other => value.push(other),
        }
    }
    (value, "")
}

/// The quote that a value opens with, and what follows it. Python's own quotes are single ones;
/// an apostrophe that nothing closes is none.
fn quoted(text: &str) -> Option<(char, &str)> {
    if let Some(inside) = text.strip_prefix('"') {
        return Some(('"', inside));
    }
    let inside = text.strip_prefix('\'')?;
    let closed = inside.ends_with('\'') || inside.contains("' ");
    closed.then_some(('\'', inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_quotes_values_with_single_quotes() {
        let found = pairs("event='token expired' path='/ws/x/' name=d'Arc reason='it\\'s over'");
        let values: Vec<&str> = found.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["token expired", "/ws/x/", "d'Arc", "it's over"]);
    }

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
