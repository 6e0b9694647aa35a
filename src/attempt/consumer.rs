//! The consumer's class that a line names, and the word it shares with its route.

use crate::event::Event;
use crate::own::Routes;

const SUFFIX: &str = "Consumer";

/// The class of a consumer named in a line's logger or message: a CamelCase word ending so.
pub(super) fn class(event: &Event) -> Option<String> {
    let logger = event.record.logger.as_deref().unwrap_or_default();
    [logger, &event.record.message]
        .into_iter()
        .filter(|text| text.contains(SUFFIX))
        .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .find(|word| word.strip_suffix(SUFFIX).is_some_and(|own| own.len() > 2))
        .map(str::to_owned)
}

/// The class of a consumer that the user lists, named in a line's logger or message.
pub(super) fn listed<'r>(event: &Event, routes: &'r Routes) -> Option<&'r str> {
    if routes.is_empty() {
        return None;
    }
    routes.consumer_in(&text(event))
}

fn text(event: &Event) -> String {
    let logger = event.record.logger.as_deref().unwrap_or_default();
    format!("{logger} {}", event.record.message)
}

/// The lower-case word a class shares with its route: `ChatConsumer` → `chat`.
pub(super) fn stem(class: &str) -> String {
    let stem = class.trim_end_matches(SUFFIX).to_lowercase();
    stem.trim_start_matches("async").to_owned()
}
