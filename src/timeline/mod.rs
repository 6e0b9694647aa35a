//! All records of all sources as events on one clock.
//!
//! Within a source the order of lines is the order of events: a stamp of whole seconds beside
//! finer ones cannot overturn it. Between sources the clock decides, as far as the stamps reach.
//! What the events have to do with each other is left to [`crate::attempt`].

mod clock;
mod doubled;
mod known_paths;
mod offset;
pub(crate) mod overlap;
mod visits;
mod writers;
mod zone;

pub use offset::{ClockOffset, Offset};
pub use zone::state_zones;

use crate::event::Event;
use crate::lexicon::{Kind, Lexicon, Meaning, Place, Scope, place};
use crate::record::{Record, Side};
use rayon::prelude::*;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// The events of all sources.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    /// In order: by time where both of two events have one, by source and line otherwise.
    pub events: Vec<Event>,
    /// What was assumed about clocks, as sentences for the report.
    pub remarks: Vec<String>,
    /// What is known of each client's clock, by source.
    pub clocks: Vec<ClockOffset>,
}

impl Timeline {
    /// Gives every record its meaning and puts all on one clock.
    ///
    /// `sources` holds the records of each source, in line order.
    #[must_use]
    pub fn build(sources: Vec<Vec<Record>>, lexicon: &Lexicon) -> Self {
        let mut remarks = Vec::new();
        let mut streams: Vec<Vec<Event>> = sources
            .into_par_iter()
            .map(clock::in_writing_order)
            .map(|records| to_events(records, lexicon))
            .collect();
        for stream in &mut streams {
            doubled::mark(stream);
            leave_to_http(stream, lexicon);
            remarks.extend(clock::stamp(stream));
        }
        known_paths::recognise(&mut streams, lexicon);
        clock::date_undated(&mut streams);
        let mut events = merge(streams);
        let copies = drop_copies(&mut events);
        if copies > 0 {
            remarks.push(format!(
                "{copies} lines stand in several of the inputs, with the same stamp: counted once."
            ));
        }
        Self {
            events,
            remarks,
            clocks: Vec::new(),
        }
    }
}

fn to_events(records: Vec<Record>, lexicon: &Lexicon) -> Vec<Event> {
    records
        .into_par_iter()
        .map(|record| to_event(record, lexicon))
        .collect()
}

/// The exception that escaped, by its place in the traceback.
fn last_raised(record: &Record) -> Option<usize> {
    record.traceback.as_ref()?.exceptions.len().checked_sub(1)
}

fn to_event(record: Record, lexicon: &Lexicon) -> Event {
    let mut meanings = lexicon.meanings(&record);
    let raised = place(&record).filter(|_| !is_harmless(&record));
    if is_harmless(&record)
        || is_foreign(&record)
        || is_of_a_file(&record)
        || raised == Some(Place::Http)
    {
        keep_scopes(&mut meanings, lexicon, &[Scope::Http, Scope::Server]);
    }
    if is_of_another_service(&record) {
        let layer = ["layer-unreachable", "layer-lost"].map(|id| lexicon.find(id));
        meanings.retain(|meaning| !layer.contains(&Some(meaning.kind)));
    }
    let unnamed = lexicon.find("service-unnamed");
    let is_unnamed = |meaning: &Meaning| Some(meaning.kind) == unnamed;
    if meanings.iter().any(is_unnamed) && names_layer(&record) {
        meanings.retain(|meaning| !is_unnamed(meaning));
    }
    if raised == Some(Place::Startup) {
        keep_scopes(&mut meanings, lexicon, &[Scope::Server]);
    }
    if is_of_asgi_program(&record)
        && let Some(kind) = lexicon.find("asgi-server-started")
        && meanings.iter().any(|meaning| meaning.kind != kind)
    {
        meanings.push(Meaning {
            kind,
            fields: BTreeMap::new(),
            clue: false,
            raised: None,
        });
    }
    let of_routing = |kind: &Kind| {
        matches!(
            kind.id.as_str(),
            "consumer-not-instantiated" | "route-not-found" | "protocol-not-routed"
        )
    };
    let routing = meanings
        .iter()
        .filter_map(|meaning| lexicon.kind(meaning.kind))
        .any(of_routing);
    // What the message says of the routing is surer than what frames say of the place.
    let raised = if routing {
        raised.map(|_| Place::Routing)
    } else {
        raised
    };
    let placed = raised.filter(|_| !routing);
    if let Some(kind) = placed.and_then(|place| lexicon.find(place.kind())) {
        let known = meanings.iter().any(|meaning| meaning.kind == kind);
        if !known {
            meanings.push(Meaning {
                kind,
                fields: BTreeMap::new(),
                clue: false,
                raised: last_raised(&record),
            });
        }
    }
    Event {
        record,
        meanings,
        place: raised,
        at_ms: None,
        doubled: false,
        stamped: false,
        resolution_ms: 0,
    }
}

/// An exception without frames right beside a failed HTTP request is that request's, cut.
fn leave_to_http(stream: &mut [Event], lexicon: &Lexicon) {
    let of_http: Vec<bool> = stream
        .iter()
        .map(|event| {
            event.place == Some(Place::Http)
                || event.record.message.contains("Internal Server Error: /")
        })
        .collect();
    for (index, event) in stream.iter_mut().enumerate() {
        let beside = [index.checked_sub(1), index.checked_add(1)]
            .into_iter()
            .flatten()
            .any(|neighbour| of_http.get(neighbour).copied().unwrap_or(false));
        let frames = event
            .record
            .traceback
            .iter()
            .flat_map(|traceback| &traceback.exceptions)
            .any(|exception| !exception.frames.is_empty());
        if beside && event.place == Some(Place::Unplaced) && !frames {
            event.place = Some(Place::Http);
            keep_scopes(&mut event.meanings, lexicon, &[Scope::Http, Scope::Server]);
        }
    }
}

/// Leaves out the lines that another input holds too: two handlers of one logger, or a log beside
/// what was picked from it. Gives how many.
fn drop_copies(events: &mut Vec<Event>) -> usize {
    let before = events.len();
    let mut seen: HashMap<(i64, u64), usize> = HashMap::new();
    let hasher = RandomState::new();
    events.retain(|event| {
        let Some(at) = event.own_ms() else {
            return true;
        };
        let key = (at, hasher.hash_one(&event.record.text));
        let source = event.record.origin.source;
        *seen.entry(key).or_insert(source) == source
    });
    before.saturating_sub(events.len())
}

fn keep_scopes(meanings: &mut Vec<Meaning>, lexicon: &Lexicon, scopes: &[Scope]) {
    meanings.retain(|meaning| {
        lexicon
            .kind(meaning.kind)
            .is_some_and(|kind| scopes.contains(&kind.scope) || kind.id.starts_with("plain-http"))
    });
}

/// Exceptions that end tasks by design: cancelled on shutdown, stopped consumers, clean closes.
fn is_harmless(record: &Record) -> bool {
    const BY_DESIGN: [&str; 8] = [
        "CancelledError",
        "KeyboardInterrupt",
        "SystemExit",
        "StopConsumer",
        "GeneratorExit",
        "ConnectionClosedOK",
        "ClientDisconnected",
        "BrokenPipeError",
    ];
    record.traceback.as_ref().is_some_and(|traceback| {
        traceback.exceptions.iter().all(|exception| {
            let class = exception
                .class
                .rsplit('.')
                .next()
                .unwrap_or(&exception.class);
            // uvloop's word for a write to a client that has gone.
            let gone = exception.message.contains("TCPTransport closed=True");
            BY_DESIGN.contains(&class) || gone
        })
    })
}

/// Whether an ASGI server wrote the line: by the shape that it alone gives its access lines, or by a
/// wrapper that names the program with its process.
fn is_of_asgi_program(record: &Record) -> bool {
    let by_shape = matches!(record.dialect, "uvicorn-access" | "hypercorn-access");
    let named = || {
        let process = record.process.as_deref();
        process
            .and_then(|process| process.split_once('['))
            .is_some_and(|(program, _)| matches!(program, "daphne" | "uvicorn" | "hypercorn"))
    };
    record.side == Side::Backend && (by_shape || named())
}

/// Whether a failed connection is to something else than the channel layer's server: the traceback
/// is whole, and neither its frames nor its words lead there.
fn is_of_another_service(record: &Record) -> bool {
    let whole = record.traceback.as_ref().is_some_and(|traceback| {
        traceback.exceptions.iter().all(|exception| {
            let ends = !exception.class.is_empty() || !exception.message.is_empty();
            ends && !exception.frames.is_empty()
        })
    });
    whole && !names_layer(record)
}

/// Whether the words of a record or the frames of its traceback lead to the channel layer.
fn names_layer(record: &Record) -> bool {
    const OF_LAYER: [&str; 7] = [
        "redis",
        "valkey",
        "channels_",
        "channel_layer",
        "channel layer",
        "rabbit",
        "6379",
    ];
    let names_it = |text: &str| {
        let text = text.to_lowercase();
        OF_LAYER.iter().any(|name| text.contains(name))
    };
    let exceptions = record.traceback.iter().flat_map(|one| &one.exceptions);
    let mut parts = exceptions.flat_map(|exception| {
        let frames = exception.frames.iter().map(|frame| frame.file.as_str());
        frames.chain([exception.class.as_str(), exception.message.as_str()])
    });
    parts.any(names_it) || names_it(&record.message)
}

/// Whether a request is for a file of a page: no WebSocket's path ends so.
fn is_of_a_file(record: &Record) -> bool {
    const ENDINGS: [&str; 9] = [
        ".ico", ".js", ".css", ".map", ".png", ".svg", ".jpg", ".woff2", ".html",
    ];
    let path = record
        .target
        .as_deref()
        .and_then(|target| target.split('?').next());
    record.side != Side::Client
        && path.is_some_and(|path| ENDINGS.iter().any(|ending| path.ends_with(ending)))
}

/// Loggers that speak of other traffic: their errors are no evidence about a WebSocket.
fn is_foreign(record: &Record) -> bool {
    const FOREIGN: [&str; 8] = [
        "django.request",
        "django.security",
        "celery",
        "kombu",
        "gunicorn.access",
        "apscheduler",
        "django_q",
        "dramatiq",
    ];
    record.side == Side::Backend
        && record.logger.as_deref().is_some_and(|logger| {
            FOREIGN.iter().any(|name| {
                let below = logger.strip_prefix(name);
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        })
}

/// Merges streams that are each in order. Streams without any time stand one after the other,
/// behind those with time.
fn merge(streams: Vec<Vec<Event>>) -> Vec<Event> {
    let mut keyed: Vec<((i64, usize, u64), Event)> = Vec::new();
    for stream in streams {
        let mut latest = i64::MIN;
        let timeless = stream.iter().all(|event| event.at_ms.is_none());
        for (position, event) in stream.into_iter().enumerate() {
            latest = latest.max(event.at_ms.unwrap_or(latest));
            let time = if timeless { i64::MAX } else { latest };
            let source = event.record.origin.source;
            let order = u64::try_from(position).unwrap_or(u64::MAX);
            keyed.push(((time, source, order), event));
        }
    }
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, event)| event).collect()
}
