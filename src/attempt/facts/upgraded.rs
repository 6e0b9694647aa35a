//! An HTTP error answered to a client on the very connection that is a WebSocket already. Nothing of the
//! application can do that: the server took its own time-out for plain requests for the socket's.

use super::super::Attempt;
use crate::event::EventId;
use crate::record::{Peer, Side};
use crate::timeline::Timeline;
use std::collections::BTreeMap;

/// Adds `answered-as-http=true` where such an answer stands between the accept and the end. A port is
/// not given away while its connection is open, so that the client's address tells.
pub(super) fn add(attempts: &mut [Attempt], timeline: &Timeline) {
    let answers = errors_by_client(timeline);
    if answers.is_empty() {
        return;
    }
    for attempt in attempts {
        let (Some(accept), Some(close)) = (attempt.progress.accept, attempt.progress.close) else {
            continue;
        };
        let peer = timeline
            .events
            .get(accept)
            .and_then(|event| event.record.peer.as_ref());
        let during = peer.and_then(|peer| answers.get(peer)).and_then(|ids| {
            let mut ids = ids.iter().copied();
            ids.find(|id| (accept..close).contains(id))
        });
        if let Some(id) = during {
            attempt.signals.add("answered-as-http=true", [id]);
        }
    }
}

/// The HTTP errors that the backend logged, by the client's address and port.
fn errors_by_client(timeline: &Timeline) -> BTreeMap<&Peer, Vec<EventId>> {
    let mut found: BTreeMap<&Peer, Vec<EventId>> = BTreeMap::new();
    for (id, event) in timeline.events.iter().enumerate() {
        let record = &event.record;
        let failed = record.status.is_some_and(|status| status >= 500);
        if let Some(peer) = record.peer.as_ref().filter(|peer| peer.port.is_some())
            && failed
            && record.side == Side::Backend
        {
            found.entry(peer).or_default().push(id);
        }
    }
    found
}
