//! What stands between the tokens of a text logger's header: spaces, bars, dashes, brackets.
//!
//! Only the punctuation; the tokens are [`super::header_token`]'s.

/// What stands between two tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap<'a> {
    /// Spaces and punctuation, without an opening bracket.
    pub(super) separator: &'a str,
    /// The bracket that opens the next token.
    pub(super) bracket: Option<char>,
    /// The text from the end of the separator, the bracket included.
    pub(super) message: &'a str,
    /// The text after the bracket.
    pub(super) token: &'a str,
}

impl<'a> Gap<'a> {
    /// The gap that `text` starts with; it may be empty.
    pub(super) fn of(text: &'a str) -> Self {
        let mut end = 0;
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            let next_at = at.saturating_add(c.len_utf8());
            let next = text.get(next_at..).unwrap_or("");
            let part = match c {
                ' ' | '\t' | '|' | ']' | ')' | ',' | '\u{2502}' => true,
                // Uvicorn's `INFO:     ` and basicConfig's `INFO:name:`, not `::1`.
                ':' => !(at == 0 && next.starts_with(":1")),
                '-' => {
                    matches!(before, ' ' | ']' | ')' | '|')
                        && (next.is_empty() || next.starts_with([' ', '[']))
                }
                _ => false,
            };
            if !part {
                break;
            }
            before = c;
            end = next_at;
        }
        let (separator, message) = text.split_at_checked(end).unwrap_or(("", text));
        let bracket = message.chars().next().filter(|c| matches!(c, '[' | '('));
        let token = bracket.map_or(message, |bracket| {
            message.get(bracket.len_utf8()..).unwrap_or("")
        });
        Self {
            separator,
            bracket,
            message,
            token: if bracket.is_some() {
                token.trim_start()
            } else {
                token
            },
        }
    }

    /// A column of its own: `| name |`, ` - name - `.
    pub(super) fn is_column(&self) -> bool {
        self.separator.contains(['|', '\u{2502}'])
            || self.separator.contains(" - ")
            || self.separator.ends_with("- ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_separates_only_between_spaces() {
        assert_eq!(Gap::of(" - name - x").token, "name - x");
        assert!(Gap::of(" - name").is_column());
        assert_eq!(Gap::of(" -1 items").message, "-1 items");
        assert_eq!(Gap::of("] [INFO] x").token, "INFO] x");
        assert_eq!(Gap::of("::1 - -").message, "::1 - -");
    }
}
