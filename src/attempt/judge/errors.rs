//! What errors show of a connection by themselves, where its handshake is not in the input.

use super::super::pattern::Pattern;
use super::super::progress::Progress;
use super::Told;
use crate::stage::Stage;

/// The pattern that errors show by themselves, where no line speaks of a handshake: the stage at
/// which each of them can occur.
pub(in crate::attempt) fn by_errors(progress: &Progress, told: &Told<'_>) -> Pattern {
    // Told as a note by whoever sends to a group, and no connection is said to have ended.
    if told.says("layer-full") && progress.failed.is_empty() {
        return Pattern::OpenButSilent;
    }
    if progress.failed.contains_key(&Stage::Consumer) {
        return Pattern::ConsumerRefused;
    }
    if let Some(pattern) = waited_in_vain(progress, told) {
        return pattern;
    }
    // A connection whose beginning is not in the input had begun well before.
    if progress.failed.contains_key(&Stage::Traffic) || told.says("send-after-close") {
        return Pattern::OpenThenDropped;
    }
    if progress.came_to(Stage::Accept) {
        return Pattern::InsufficientEvidence;
    }
    let of_layer =
        told.says("layer-missing") || is_reported(told) && told.says("layer-unreachable");
    if progress.came_to(Stage::Consumer) || of_layer {
        return Pattern::ConsumerRefused;
    }
    if progress.failed.contains_key(&Stage::Middleware)
        || progress.failed.contains_key(&Stage::Routing)
    {
        return Pattern::MiddlewareOnly;
    }
    Pattern::InsufficientEvidence
}

/// Whether the server reports the exception of an application. What an HTTP view asks of the layer,
/// Django answers for: the server never hears of it.
fn is_reported(told: &Told<'_>) -> bool {
    told.says("application-exception")
}

/// What a consumer's wait for the channel layer shows, when it fails: `connect()` had returned by
/// then. A layer that was never reached fails at once; what had been reached and was lost, or comes
/// too late, fails later.
pub(super) fn waited_in_vain(progress: &Progress, told: &Told<'_>) -> Option<Pattern> {
    let waited =
        progress.came_to(Stage::Consumer) || told.says("layer-wait-failed") || is_reported(told);
    if told.says("layer-outdated") {
        Some(Pattern::AcceptedThenClosed)
    } else if waited && told.says_any(&["layer-lost", "layer-timed-out"]) {
        Some(Pattern::OpenThenDropped)
    } else if told.says("layer-wait-failed") {
        Some(Pattern::AcceptedThenClosed)
    } else {
        None
    }
}
