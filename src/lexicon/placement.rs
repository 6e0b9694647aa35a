//! Where an exception was raised: in an HTTP view, a middleware, a consumer's method, a route, the
//! server.
//!
//! The frames of Channels and its servers tell it, whatever the application calls its own things:
//! `channels/generic/websocket.py` calls `connect`, `receive` and `disconnect` from methods of fixed
//! names, and a handler of a channel-layer event is called by `channels/consumer.py`.

mod consumer;
mod startup;

use crate::dialect::frames;
use crate::record::{Exception, Frame, Record, Side, Traceback};
use consumer::{consumer_place, named_by_worker, worker_place};
use startup::is_startup;

/// Where an exception was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A plain HTTP request: never about a WebSocket.
    Http,
    /// While the application was imported.
    Startup,
    /// A middleware around the routes.
    Middleware,
    /// Matching the path.
    Routing,
    /// The consumer's `connect()`, or its construction.
    Connect,
    /// The consumer's `receive()` and what it calls.
    Receive,
    /// The consumer's `disconnect()`.
    Disconnect,
    /// The consumer's handler of a channel-layer event.
    Handler,
    /// Some method of a consumer that the frames do not tell.
    Consumer,
    /// The server's own code, no frame of Channels or the application.
    Server,
    /// The frames do not tell.
    Unplaced,
}

impl Place {
    /// The kind of event of the lexicon that an exception at this place is.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Http => "http-view-exception",
            Self::Startup => "startup-exception",
            Self::Middleware => "exception-in-middleware",
            Self::Routing => "exception-in-routing",
            Self::Connect => "exception-in-connect",
            Self::Receive => "exception-in-receive",
            Self::Disconnect => "exception-in-disconnect",
            Self::Handler => "exception-in-handler",
            Self::Consumer => "exception-in-consumer",
            Self::Server => "server-code-exception",
            Self::Unplaced => "exception-unplaced",
        }
    }

    /// The value of the fact `exception=…`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Startup => "startup",
            Self::Middleware => "middleware",
            Self::Routing => "routing",
            Self::Connect => "connect",
            Self::Receive => "receive",
            Self::Disconnect => "disconnect",
            Self::Handler => "handler",
            Self::Consumer => "consumer",
            Self::Server => "server",
            Self::Unplaced => "unplaced",
        }
    }
}

/// Where the exception of a record was raised; `None` where it holds none.
#[must_use]
pub fn place(record: &Record) -> Option<Place> {
    // What a client's script raises says where the script is, and nothing of the server.
    let at_server = record.side != Side::Client;
    let traceback = record.traceback.as_ref().filter(|_| at_server)?;
    if is_of_http_request(record, traceback) {
        return Some(Place::Http);
    }
    if traceback.exceptions.iter().all(is_of_peer_gone) {
        return None;
    }
    let place = place_of(traceback, &Head::of(record));
    let tells = traceback.exceptions.iter().any(tells_something);
    (place != Place::Unplaced || tells).then_some(place)
}

/// Whether more is left of an exception than the event loop's own frames, under which everything
/// runs, other programs' code included.
fn tells_something(exception: &Exception) -> bool {
    !is_cut(exception)
        || exception.frames.is_empty()
        || !exception
            .frames
            .iter()
            .all(|frame| in_file(frame, "twisted/") || in_file(frame, "/asyncio/"))
}

/// Whether the other end of a socket went away, and nothing but the event loop or the development
/// server was at work: Windows' event loop reports this of connections that ended well, too.
fn is_of_peer_gone(exception: &Exception) -> bool {
    const GONE: [&str; 3] = [
        "ConnectionResetError",
        "ConnectionAbortedError",
        "BrokenPipeError",
    ];
    const BELOW: [&str; 4] = [
        "asyncio/",
        "/socketserver.py",
        "/socket.py",
        "django/core/servers/basehttp.py",
    ];
    GONE.contains(&exception.class.as_str())
        && exception
            .frames
            .iter()
            .all(|frame| BELOW.iter().any(|file| in_file(frame, file)))
}

/// A traceback cut before its end shows what was called, not what failed. (Daphne 2.0 printed the
/// exception's words without its class.)
fn is_cut(exception: &Exception) -> bool {
    exception.class.is_empty() && exception.message.is_empty()
}

/// Whether a record's traceback is cut before it says what was raised, as `grep` leaves it.
#[must_use]
pub fn ends_unseen(record: &Record) -> bool {
    let escaped = record
        .traceback
        .as_ref()
        .and_then(|one| one.exceptions.last());
    escaped.is_some_and(is_cut) && !Head::of(record).states
}

/// What the record says above its traceback.
struct Head<'r> {
    /// The consumer function that the worker of Channels 1 names.
    consumer: Option<&'r str>,
    /// The exception's own words stand there, so that they are known although the end is cut off.
    states: bool,
}

impl<'r> Head<'r> {
    fn of(record: &'r Record) -> Self {
        let message = record.message.as_str();
        let stated = message
            .split_once("Exception inside application: ")
            .map(|(_, words)| words.trim());
        Self {
            consumer: named_by_worker(message),
            states: stated.is_some_and(|words| !words.is_empty()),
        }
    }
}

/// Daphne logs what a plain request raised by a logger of its own; an upgrade's frames are those of
/// its WebSocket protocol.
fn is_of_http_request(record: &Record, traceback: &Traceback) -> bool {
    let by_logger = record
        .logger
        .as_deref()
        .is_some_and(|logger| matches!(logger, "http_protocol" | "daphne.http_protocol"));
    let upgraded = traceback
        .frames()
        .any(|frame| in_file(frame, "daphne/ws_protocol.py") || in_file(frame, "autobahn/"));
    by_logger && !upgraded
}

fn place_of(traceback: &Traceback, head: &Head<'_>) -> Place {
    // The consumer that refuses a foreign origin is Channels' own: nothing of the application ran.
    if traceback.frames().any(is_origin_denier) {
        return Place::Unplaced;
    }
    // Of a chain, the outermost exception that has frames of a known place decides: the first one
    // printed may lie deep inside a library.
    let placed = traceback
        .exceptions
        .iter()
        .rev()
        .map(|exception| place_of_exception(exception, head))
        .find(|place| *place != Place::Unplaced);
    let place = placed.unwrap_or(Place::Unplaced);
    let http_anywhere = traceback
        .exceptions
        .iter()
        .any(|exception| place_of_exception(exception, head) == Place::Http);
    if place == Place::Unplaced && http_anywhere {
        Place::Http
    } else {
        place
    }
}

fn place_of_exception(exception: &Exception, head: &Head<'_>) -> Place {
    let frames = &exception.frames;
    if frames.is_empty() {
        return Place::Unplaced;
    }
    let cut = is_cut(exception);
    let consumer = consumer_place(frames).or_else(|| worker_place(frames, head.consumer));
    let known = |place: &Place| !cut || head.states || *place != Place::Consumer;
    let ends_in_middleware = frames.last().is_some_and(is_channels_middleware);
    // Channels 2.0 ran the check of the origin as a consumer.
    let checks_origin = frames
        .last()
        .is_some_and(|frame| in_file(frame, "channels/security/"));
    if !cut && checks_origin && consumer == Some(Place::Consumer) {
        return Place::Middleware;
    }
    if let Some(place) = consumer.filter(known) {
        return place;
    }
    if is_startup(frames) {
        return Place::Startup;
    }
    if frames.iter().any(is_http_handler) && !refuses_protocol(exception) {
        return Place::Http;
    }
    if let Some(place) = frames.last().and_then(asserts_http) {
        return place;
    }
    // Without the code of its last frame nobody knows whether that frame raised or only called on.
    let unread = |frame: &Frame| frame.code.is_empty() && !is_server_or_loop(frame);
    let passed_on = ends_in_middleware
        || frames
            .last()
            .is_some_and(|last| calls_inner(last) || unread(last));
    if cut && (consumer.is_some() || passed_on || !is_server_inside(frames)) {
        return Place::Unplaced;
    }
    middleware_or_routing(frames)
}

/// Where an application that takes HTTP alone was given a WebSocket: a middleware in front of the
/// routes, or the static files behind all of them.
fn asserts_http(frame: &Frame) -> Option<Place> {
    let code = frame.code.replace('\'', "\"");
    let asserts = code.starts_with("assert ") && code.contains("scope[\"type\"] == \"http\"");
    let place = if file_name(&frame.file).contains("static") {
        Place::Routing
    } else {
        Place::Middleware
    };
    asserts.then_some(place)
}

/// Whether a frame hands the connection on to an inner application, whoever's code it is.
fn calls_inner(frame: &Frame) -> bool {
    frame.code.contains("receive, send)") || frame.code.contains("receive, self.send)")
}

/// Whether a cut traceback that shows the server's frames alone is of its inside: its event loop
/// reports what no application is called for, while what it calls the application with opens every
/// traceback of the application too.
fn is_server_inside(frames: &[Frame]) -> bool {
    let own = frames.iter().any(|frame| {
        frames::library(frame).is_some_and(|library| matches!(library, "daphne" | "autobahn"))
            || in_file(frame, "twisted/internet/") && frame.function.ends_with("ataReceived")
    });
    !frames.iter().all(is_server_or_loop) || own
}

/// Django's HTTP application was given a WebSocket: the routing's failure, not a view's.
fn refuses_protocol(exception: &Exception) -> bool {
    exception.message.contains("can only handle")
}

fn middleware_or_routing(frames: &[Frame]) -> Place {
    let last_project = frames.iter().rposition(frames::is_project);
    let last_channels = frames.iter().rposition(|frame| {
        frames::library(frame) == Some("channels") && !in_file(frame, "channels/db.py")
    });
    let in_server = frames.last().is_some_and(is_server_or_loop);
    let passed = |frame: &Frame| is_server_or_loop(frame) || in_file(frame, "/asyncio/");
    if in_server && frames.iter().all(passed) && !frames.iter().any(frames::is_websocket_client) {
        return Place::Server;
    }
    let called = |frame: &Frame| frame.function.rsplit('.').next() == Some("__call__");
    match (last_project, last_channels) {
        (Some(project), _)
            if frames
                .get(project)
                .is_some_and(|frame| called(frame) || looks_like_middleware_file(&frame.file)) =>
        {
            // Frames of the router after the project's own `__call__` mean that it was passed.
            match last_channels {
                Some(channels) if channels > project => channels_place(frames, channels),
                _ => Place::Middleware,
            }
        }
        (Some(project), Some(channels)) if channels > project => channels_place(frames, channels),
        (Some(_), _) if frames.iter().any(is_channels_middleware) => Place::Middleware,
        (None, Some(channels)) if !foreign_after(frames, channels) => {
            channels_place(frames, channels)
        }
        _ => Place::Unplaced,
    }
}

/// Whether frames of some other library's application follow: an inner application failed there.
fn foreign_after(frames: &[Frame], position: usize) -> bool {
    const OF_MIDDLEWARE: [&str; 10] = [
        "channels",
        "django",
        "asgiref",
        "asyncio",
        "rest_framework",
        "rest_framework_simplejwt",
        "jwt",
        "psycopg",
        "psycopg2",
        "concurrent",
    ];
    frames
        .iter()
        .skip(position.saturating_add(1))
        .filter_map(frames::library)
        .any(|library| !OF_MIDDLEWARE.contains(&library))
}

fn channels_place(frames: &[Frame], position: usize) -> Place {
    let Some(frame) = frames.get(position) else {
        return Place::Unplaced;
    };
    if in_file(frame, "channels/routing.py") {
        Place::Routing
    } else if is_channels_middleware(frame) {
        Place::Middleware
    } else {
        Place::Unplaced
    }
}

fn is_channels_middleware(frame: &Frame) -> bool {
    [
        "channels/auth.py",
        "channels/sessions.py",
        "channels/middleware.py",
        "channels/security/",
    ]
    .iter()
    .any(|file| in_file(frame, file))
}

/// The call of `WebsocketDenier` by an origin validator (Channels 2 to 4).
fn is_origin_denier(frame: &Frame) -> bool {
    in_file(frame, "channels/security/websocket.py") && frame.code.contains("denier")
}

fn is_http_handler(frame: &Frame) -> bool {
    [
        "django/core/handlers/",
        "channels/http.py",
        "channels/handler.py",
        "rest_framework/views.py",
        "uvicorn/protocols/http/",
    ]
    .iter()
    .any(|file| in_file(frame, file))
}

fn is_server_or_loop(frame: &Frame) -> bool {
    frames::library(frame).is_some_and(|library| {
        matches!(
            library,
            "daphne"
                | "uvicorn"
                | "hypercorn"
                | "gunicorn"
                | "twisted"
                | "autobahn"
                | "asyncio"
                | "websockets"
                | "wsproto"
                | "h11"
                | "uvloop"
        )
    })
}

fn looks_like_middleware_file(file: &str) -> bool {
    let name = file_name(file);
    name.contains("middleware") || name.contains("auth")
}

fn file_name(file: &str) -> String {
    file.rsplit(['/', '\\'])
        .next()
        .unwrap_or(file)
        .to_lowercase()
}

/// Whether the frame stands in this file of a library, on any system.
fn in_file(frame: &Frame, file: &str) -> bool {
    frame.file.replace('\\', "/").contains(file)
}
