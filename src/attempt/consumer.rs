//! The consumer's class that a line names, and the word it shares with its route.

use crate::event::Event;

const SUFFIX: &str = "Consumer";

/// The class of a consumer named in a line's logger or message: a CamelCase word ending so.
pub(super) fn class(event: &Event) -> Option<String> {
    let text = format!(
        "{} {}",
        event.record.logger.as_deref().unwrap_or_default(),
        event.record.message
    );
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .find(|word| word.len() > SUFFIX.len() + 2 && word.ends_with(SUFFIX))
        .map(str::to_owned)
}

/// The lower-case word a class shares with its route: `ChatConsumer` → `chat`.
pub(super) fn stem(class: &str) -> String {
    let stem = class.trim_end_matches(SUFFIX).to_lowercase();
    stem.trim_start_matches("async").to_owned()
}
