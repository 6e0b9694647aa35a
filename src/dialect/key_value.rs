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
    closed_before_a_gap(quoted, quote)
        .or_else(|| closed_at_all(quoted, quote))
        .unwrap_or_else(|| (unescaped(quoted), ""))
}

/// The value up to the first quote with a gap or the end behind it: older programs leave the quotes
/// inside of their messages unescaped.
fn closed_before_a_gap(quoted: &str, quote: char) -> Option<(String, &str)> {
    closed(quoted, quote, |rest| {
        rest.is_empty() || rest.starts_with([' ', '\t'])
    })
}

/// The value up to the first quote.
fn closed_at_all(quoted: &str, quote: char) -> Option<(String, &str)> {
    closed(quoted, quote, |_| true)
}

fn closed(quoted: &str, quote: char, ends: impl Fn(&str) -> bool) -> Option<(String, &str)> {
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => {
                let (value, rest) = quoted.split_at_checked(at)?;
                let rest = rest.strip_prefix(quote)?;
                if ends(rest) {
                    return Some((unescaped(value), rest));
                }
            }
            _ => {}
        }
    }
    None
}

fn unescaped(text: &str) -> String {
    let mut value = String::new();
    let mut escaped = false;
    for c in text.chars() {
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
            other => value.push(other),
        }
    }
    value
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
    fn quotes_inside_of_a_value_may_be_unescaped() {
        let found = pairs(r#"level=error msg="Error dialing "app.example": bad" x="y"z"#);
        let values: Vec<&str> = found.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(
            values,
            ["error", r#"Error dialing "app.example": bad"#, "y"]
        );
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
