//! Whether an exception was raised before any connection could be: while the application was
//! imported, or while the server or one of its worker processes came up.

use super::{file_name, in_file, is_http_handler};
use crate::dialect::frames;
use crate::record::Frame;

/// Whether the traceback is of a start: by the machinery of imports and of Django's start, by the
/// functions with which servers come up, or by code of the project at the level of its module.
pub(super) fn is_startup(frames: &[Frame]) -> bool {
    let from_request = frames.iter().any(|frame| {
        frame.function == "__call__" || frame.function == "run_asgi" || is_http_handler(frame)
    });
    !from_request
        && (frames.iter().any(is_import)
            || frames.iter().any(is_listening)
            || is_before_serving(frames)
            || is_at_module_level(frames) && !frames.iter().any(frames::is_websocket_client))
}

fn is_import(frame: &Frame) -> bool {
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
}

/// What a server calls to open its port, once, before the first connection.
fn is_listening(frame: &Frame) -> bool {
    let called = matches!(
        frame.function.as_str(),
        "startListening" | "listenTCP" | "listenUNIX" | "listenSSL" | "adoptStreamPort" | "listen"
    );
    let of_server = frames::library(frame)
        .is_some_and(|library| matches!(library, "twisted" | "daphne" | "hypercorn"));
    called && of_server
}

/// Whether the command that starts a server, or the master that starts its workers, is in the
/// traceback, and no loop that serves is below it.
fn is_before_serving(frames: &[Frame]) -> bool {
    let starter = frames.iter().rposition(|frame| {
        in_file(frame, "management/commands/runserver.py") || in_file(frame, "gunicorn/arbiter.py")
    });
    let served = |frame: &Frame| {
        frames::library(frame)
            .is_some_and(|library| matches!(library, "twisted" | "asyncio" | "uvicorn" | "uvloop"))
            || frame.file.contains("asyncio")
            || in_file(frame, "channels/worker.py")
    };
    starter.is_some_and(|at| !frames.iter().skip(at).any(served))
}

fn is_at_module_level(frames: &[Frame]) -> bool {
    let own = frames.iter().rfind(|frame| frames::is_project(frame));
    own.is_some_and(|frame| {
        frame.function == "<module>"
            && !matches!(
                file_name(&frame.file).as_str(),
                "manage.py" | "__main__.py" | "<stdin>" | "<console>" | "<string>"
            )
            && file_name(&frame.file).contains('.')
    })
}
