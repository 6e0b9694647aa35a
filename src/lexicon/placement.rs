//! Where an exception was raised: in an HTTP view, a middleware, a consumer's method, a route, the
//! server.
//!
//! The frames of Channels and its servers tell it, whatever the application calls its own things:
//! `channels/generic/websocket.py` calls `connect`, `receive` and `disconnect` from methods of fixed
//! names, and a handler of a channel-layer event is called by `channels/consumer.py`.

use crate::dialect::frames;
use crate::record::{Exception, Frame, Record, Traceback};

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
    let traceback = record.traceback.as_ref()?;
    Some(place_of(traceback))
}

fn place_of(traceback: &Traceback) -> Place {
    // Of a chain, the outermost exception that has frames of a known place decides: the first one
    // printed may lie deep inside a library.
    let placed = traceback
        .exceptions
        .iter()
        .rev()
        .map(place_of_exception)
        .find(|place| *place != Place::Unplaced);
    let place = placed.unwrap_or(Place::Unplaced);
    let http_anywhere = traceback
        .exceptions
        .iter()
        .any(|exception| place_of_exception(exception) == Place::Http);
    if place == Place::Unplaced && http_anywhere {
        Place::Http
    } else {
        place
    }
}

fn place_of_exception(exception: &Exception) -> Place {
    let frames = &exception.frames;
    if frames.is_empty() {
        return Place::Unplaced;
    }
    // The consumer that refuses a foreign origin is Channels' own: nothing of the application ran.
    if frames.iter().any(is_origin_denier) {
        return Place::Unplaced;
    }
    // A traceback cut before its end shows what was called, not what failed.
    let cut = exception.class.is_empty();
    let consumer = consumer_place(frames).or_else(|| worker_place(frames));
    if let Some(place) = consumer.filter(|place| !cut || *place != Place::Consumer) {
        return place;
    }
    if is_startup(frames) {
        return Place::Startup;
    }
    if frames.iter().any(is_http_handler) && !refuses_protocol(exception) {
        return Place::Http;
    }
    let ends_in_middleware = frames.last().is_some_and(is_channels_middleware);
    if cut && (consumer.is_some() || ends_in_middleware) {
        return Place::Unplaced;
    }
    middleware_or_routing(frames)
}

/// Django's HTTP application was given a WebSocket: the routing's failure, not a view's.
fn refuses_protocol(exception: &Exception) -> bool {
    exception.message.contains("can only handle")
}

/// The consumer function that a worker of Channels 1 ran, by what its name says.
fn worker_place(frames: &[Frame]) -> Option<Place> {
    if !frames
        .iter()
        .any(|frame| in_file(frame, "channels/worker.py"))
    {
        return None;
    }
    let own = frames.iter().find(|frame| frames::is_project(frame));
    let name = own.map_or("", |frame| frame.function.as_str());
    Some(if name.contains("disconnect") {
        Place::Disconnect
    } else if name.contains("connect") || name.contains("add") {
        Place::Connect
    } else if name.contains("receive") || name.contains("message") {
        Place::Receive
    } else {
        Place::Consumer
    })
}

/// The consumer's method, by the method of Channels that called it, innermost first.
fn consumer_place(frames: &[Frame]) -> Option<Place> {
    let generic_http = frames
        .iter()
        .any(|frame| in_file(frame, "channels/generic/http.py"));
    if generic_http {
        return Some(Place::Http);
    }
    let caller = frames
        .iter()
        .rposition(|frame| is_channels_consumer(frame) && dispatching(&frame.function).is_some());
    if let Some(place) = caller
        .and_then(|position| frames.get(position))
        .and_then(|frame| dispatching(&frame.function))
    {
        return Some(place);
    }
    let own = frames
        .iter()
        .find(|frame| frames::is_project(frame) && method_place(&frame.function).is_some());
    let through_consumer =
        frames.iter().any(is_channels_consumer) || frames.iter().any(is_channel_layer);
    if let Some(frame) = own
        && (through_consumer || looks_like_consumer_file(&frame.file))
    {
        return method_place(&frame.function);
    }
    if !through_consumer {
        return None;
    }
    let handler = frames
        .iter()
        .position(|frame| is_channels_consumer(frame) && frame.function == "dispatch")
        .and_then(|position| frames.get(position + 1..))
        .is_some_and(|rest| rest.iter().any(frames::is_project));
    if handler {
        Some(Place::Handler)
    } else {
        Some(Place::Consumer)
    }
}

/// What a method of `channels/generic/websocket.py` calls.
fn dispatching(function: &str) -> Option<Place> {
    match function {
        "websocket_connect" | "accept" | "connect" => Some(Place::Connect),
        "websocket_receive" | "receive" | "receive_json" => Some(Place::Receive),
        "websocket_disconnect" | "disconnect" => Some(Place::Disconnect),
        _ => None,
    }
}

/// What a consumer's own method of this name is for.
fn method_place(function: &str) -> Option<Place> {
    let name = function.rsplit('.').next().unwrap_or(function);
    match name {
        "connect" | "websocket_connect" | "ws_connect" | "ws_add" => Some(Place::Connect),
        "receive" | "receive_json" | "websocket_receive" | "ws_receive" | "ws_message" => {
            Some(Place::Receive)
        }
        "disconnect" | "websocket_disconnect" | "ws_disconnect" => Some(Place::Disconnect),
        _ => None,
    }
}

/// Whether the traceback is of an import: by the machinery of imports and of Django's start, or by
/// code of the project at the level of its module.
fn is_startup(frames: &[Frame]) -> bool {
    let from_request = frames.iter().any(|frame| {
        frame.function == "__call__" || frame.function == "run_asgi" || is_http_handler(frame)
    });
    let imports = frames.iter().any(|frame| {
        frame.file.contains("importlib")
            || matches!(
                frame.function.as_str(),
                "import_module"
                    | "import_from_string"
                    | "import_app"
                    | "import_by_path"
                    | "autodiscover_modules"
                    | "load_wsgi"
            )
            || in_file(frame, "django/apps/")
            || in_file(frame, "django/conf/__init__.py")
            || in_file(frame, "django/__init__.py")
    });
    let own = frames.iter().rfind(|frame| frames::is_project(frame));
    let at_module_level = own.is_some_and(|frame| {
        frame.function == "<module>"
            && !matches!(
                file_name(&frame.file).as_str(),
                "manage.py" | "__main__.py" | "<stdin>" | "<console>" | "<string>"
            )
            && file_name(&frame.file).contains('.')
    });
    !from_request && (imports || at_module_level)
}

fn middleware_or_routing(frames: &[Frame]) -> Place {
    let last_project = frames.iter().rposition(frames::is_project);
    let last_channels = frames.iter().rposition(|frame| {
        frames::library(frame) == Some("channels") && !in_file(frame, "channels/db.py")
    });
    let server_only = frames.iter().all(is_server_or_loop);
    if server_only {
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
        .get(position + 1..)
        .unwrap_or_default()
        .iter()
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
        "channels/security/websocket.py",
    ]
    .iter()
    .any(|file| in_file(frame, file))
}

/// The call of `WebsocketDenier` by an origin validator (Channels 2 to 4).
fn is_origin_denier(frame: &Frame) -> bool {
    in_file(frame, "channels/security/websocket.py") && frame.code.contains("denier")
}

fn is_channels_consumer(frame: &Frame) -> bool {
    in_file(frame, "channels/consumer.py") || in_file(frame, "channels/generic/websocket.py")
}

/// What consumers alone do with a channel layer: wait on it, join and leave groups. Sending to a
/// group is done from anywhere.
fn is_channel_layer(frame: &Frame) -> bool {
    let of_layer = in_file(frame, "channels_redis/") || in_file(frame, "channels_rabbitmq/");
    let of_consumer = matches!(
        frame.function.as_str(),
        "receive" | "receive_single" | "group_add" | "group_discard"
    );
    frame.function == "await_many_dispatch" || of_layer && of_consumer
}

fn is_http_handler(frame: &Frame) -> bool {
    [
        "django/core/handlers/",
        "channels/http.py",
        "channels/handler.py",
        "rest_framework/views.py",
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

fn looks_like_consumer_file(file: &str) -> bool {
    file_name(file).contains("consumer")
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
