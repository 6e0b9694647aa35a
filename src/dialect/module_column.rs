//! Whether a log's format has a column for the module, where no single line can tell.
//!
//! Behind `INFO 2024-06-01 10:00:00,000` a lower-case word is either the module or the message's
//! first word. A format with the column has it in every line; so lines that go on otherwise
//! (`Token extracted`, `[JWT Middleware] …`) prove that it is the message's.

use super::group::Group;
use super::header_token;

/// Gives words taken for modules back to their messages, where the other lines disprove them.
pub(super) fn settle(groups: &mut [Group]) {
    let parsed = || groups.iter().filter_map(|group| group.claim.frame.as_ref());
    let taken = parsed()
        .filter(|(_, parsed)| parsed.bare_module == Some(true))
        .count();
    let other = parsed()
        .filter(|(_, parsed)| parsed.bare_module == Some(false))
        .count();
    // Two formats may share a log: a few lines of another one prove nothing.
    if taken == 0 || other.saturating_mul(4) < taken {
        return;
    }
    for group in groups {
        let Some((_, frame)) = &mut group.claim.frame else {
            continue;
        };
        if frame.bare_module != Some(true) {
            continue;
        }
        let Some(word) = frame
            .logger
            .take_if(|word| !header_token::is_known_module(word))
        else {
            continue;
        };
        frame.message = format!("{word} {}", frame.message);
        frame.logger = header_token::tag(&frame.message).map(str::to_owned);
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::read::{read, tests::source};

    fn messages(text: &str) -> Vec<String> {
        let records = read(0, &source("x", text));
        records.into_iter().map(|record| record.message).collect()
    }

    #[test]
    fn other_lines_tell_whether_there_is_a_column() {
        let word = "INFO 2024-06-01 10:00:00,000 jwt decode failed";
        assert_eq!(messages(word), ["decode failed"]);
        assert_eq!(
            messages(&format!(
                "{word}\nINFO 2024-06-01 10:00:00,000 Token extracted"
            )),
            ["jwt decode failed", "Token extracted"]
        );
        assert_eq!(
            messages(&format!(
                "{word}\nINFO 2024-06-01 10:00:00,000 consumers Token extracted"
            )),
            ["decode failed", "Token extracted"]
        );
    }
}
