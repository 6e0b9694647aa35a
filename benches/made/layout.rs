//! How a line is written: as text around a message, or as one JSON object.

use super::moment::Moment;
use std::io::Write as _;

/// Severity, as far as the made logs use it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

impl Level {
    fn upper(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }

    fn lower(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What stands on a line, before anybody lays it out.
#[derive(Debug)]
pub(crate) enum Said<'a> {
    /// A logger of the application or of Django.
    Logged {
        level: Level,
        logger: &'a str,
        message: &'a str,
        /// A traceback, its lines joined; empty where there is none.
        traceback: &'a str,
    },
    /// A line of a Celery worker.
    Task { worker: &'a str, message: &'a str },
    /// The server, of a socket: `CONNECT` and the like.
    Socket {
        client: &'a str,
        step: Step,
        path: &'a str,
    },
    /// The server, of an HTTP request.
    Request {
        client: &'a str,
        method: &'a str,
        path: &'a str,
        status: u16,
        /// Bytes of the answer; what took the time where the server writes that instead.
        size: u64,
    },
}

/// What a server says of a handshake.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Connecting,
    Connect,
    Reject,
    Disconnect,
}

/// The layout of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Django's `logging` with brackets, Daphne's access lines, Celery's own format.
    Text,
    /// structlog's JSON renderer for everything, with the words of the development server.
    Json,
}

impl Layout {
    /// Writes one record with its line breaks.
    pub(crate) fn write(self, at: Moment, said: &Said<'_>, out: &mut Vec<u8>) {
        match self {
            Self::Text => text(at, said, out),
            Self::Json => json(at, said, out),
        }
    }
}

fn text(at: Moment, said: &Said<'_>, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = match said {
        Said::Logged {
            level,
            logger,
            message,
            traceback,
        } => {
            out.push(b'[');
            at.logging(out);
            writeln!(out, "] {} {logger}: {message}", level.upper()).map(|()| {
                out.extend_from_slice(traceback.as_bytes());
                if !traceback.is_empty() {
                    out.push(b'\n');
                }
            })
        }
        Said::Task { worker, message } => {
            out.push(b'[');
            at.logging(out);
            writeln!(out, ": INFO/{worker}] {message}")
        }
        Said::Socket { client, step, path } => {
            access(at, client, out);
            let step = match step {
                Step::Connecting => "WSCONNECTING",
                Step::Connect => "WSCONNECT",
                Step::Reject => "WSREJECT",
                Step::Disconnect => "WSDISCONNECT",
            };
            writeln!(out, "] \"{step} {path}\" - -")
        }
        Said::Request {
            client,
            method,
            path,
            status,
            size,
        } => {
            access(at, client, out);
            writeln!(out, "] \"{method} {path}\" {status} {size}")
        }
    };
}

fn access(at: Moment, client: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(client.as_bytes());
    out.extend_from_slice(b" - - [");
    at.access(out);
}

fn json(at: Moment, said: &Said<'_>, out: &mut Vec<u8>) {
    let server = |message: String| (Level::Info, "django.channels.server", message, "");
    let (level, logger, message, traceback) = match said {
        Said::Logged {
            level,
            logger,
            message,
            traceback,
        } => (*level, *logger, (*message).to_owned(), *traceback),
        Said::Task { message, .. } => (Level::Info, "celery.app.trace", (*message).to_owned(), ""),
        Said::Socket { client, step, path } => {
            let step = match step {
                Step::Connecting => "HANDSHAKING",
                Step::Connect => "CONNECT",
                Step::Reject => "REJECT",
                Step::Disconnect => "DISCONNECT",
            };
            server(format!("WebSocket {step} {path} [{client}]"))
        }
        Said::Request {
            client,
            method,
            path,
            status,
            size,
        } => {
            let taken = size % 100;
            server(format!(
                "HTTP {method} {path} {status} [0.{taken:02}, {client}]"
            ))
        }
    };
    out.extend_from_slice(b"{\"timestamp\": \"");
    at.iso(out);
    let level = level.lower();
    let _ = write!(
        out,
        "\", \"level\": \"{level}\", \"logger\": \"{logger}\", \"event\": "
    );
    quoted(&message, out);
    if !traceback.is_empty() {
        out.extend_from_slice(b", \"exception\": ");
        quoted(traceback, out);
    }
    out.extend_from_slice(b"}\n");
}

fn quoted(text: &str, out: &mut Vec<u8>) {
    // A string in memory always has a form in JSON.
    let _ = serde_json::to_writer(out, text);
}
