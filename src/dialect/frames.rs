//! Whose code a frame of a traceback is: the project's, or a library's and which.
//!
//! Told by paths alone: installed packages live in known folders, and pastes often keep only the
//! part from the package on.

use crate::record::Frame;

/// Folders under which installed packages stand directly.
const PACKAGE_FOLDERS: [&str; 3] = ["site-packages", "dist-packages", "vendor-packages"];

/// Packages around a Channels application, for paths that were cut down to the package.
const PACKAGES: [&str; 46] = [
    "channels",
    "channels_redis",
    "channels_rabbitmq",
    "asgi_redis",
    "asgiref",
    "daphne",
    "uvicorn",
    "hypercorn",
    "gunicorn",
    "django",
    "twisted",
    "autobahn",
    "txaio",
    "redis",
    "aioredis",
    "msgpack",
    "websockets",
    "wsproto",
    "h11",
    "uvloop",
    "starlette",
    "fastapi",
    "rest_framework",
    "rest_framework_simplejwt",
    "jwt",
    "psycopg",
    "psycopg2",
    "asyncpg",
    "MySQLdb",
    "celery",
    "kombu",
    "sentry_sdk",
    "whitenoise",
    "corsheaders",
    "graphene",
    "channels_graphql_ws",
    "loguru",
    "asyncio",
    "concurrent",
    "threading",
    "importlib",
    "json",
    "anyio",
    "trio",
    "aiohttp",
    "strawberry",
];

/// Whether a frame is the project's own code.
#[must_use]
pub fn is_project(frame: &Frame) -> bool {
    !frame.file.is_empty() && library(frame).is_none()
}

/// The library whose code a frame is: the package's folder or module, `python` for the standard
/// library, `None` for the project's own code.
#[must_use]
pub fn library(frame: &Frame) -> Option<&str> {
    let file = frame.file.as_str();
    // `<string>`, `<frozen importlib._bootstrap>`; a path whose start was masked is none of them.
    if file.starts_with('<') && file.strip_suffix(".py").is_none() {
        return Some("python");
    }
    let parts: Vec<&str> = segments(file).collect();
    if let Some(below) = below_packages(&parts) {
        return below.first().map(|package| stem(package));
    }
    if in_standard_library(&parts) {
        return Some("python");
    }
    if let [.., folder, program] = parts.as_slice() {
        let installed = matches!(*folder, "bin" | "Scripts") && PACKAGES.contains(&stem(program));
        if installed {
            return Some(stem(program));
        }
    }
    let rooted =
        file.starts_with(['/', '\\']) || parts.first().is_some_and(|part| part.ends_with(':'));
    let cut = file.starts_with(['\u{2026}', '.']) || !rooted;
    let package = parts
        .iter()
        .find(|part| !matches!(**part, "\u{2026}" | "..." | "." | ".."))?;
    let known = PACKAGES.contains(&stem(package));
    (cut && known && parts.len() > 1).then(|| stem(package))
}

/// Whether the client half of a WebSocket library was at work: what a script dials fails there.
#[must_use]
pub fn is_websocket_client(frame: &Frame) -> bool {
    match library(frame) {
        Some("websocket" | "websocket_client") => true,
        // Libraries that serve as well.
        Some("websockets" | "autobahn" | "ws4py") => {
            let mut parts = segments(&frame.file);
            let name = parts.next_back().map(stem).unwrap_or_default();
            name.starts_with("client") || parts.next_back() == Some("client")
        }
        Some("aiohttp") => frame.function.ends_with("ws_connect"),
        _ => cut_to_websocket_client(frame),
    }
}

/// A path that was cut to websocket-client's folder: many a project has a folder of that name, and
/// none has such files.
fn cut_to_websocket_client(frame: &Frame) -> bool {
    let parts: Vec<&str> = segments(&frame.file).collect();
    matches!(
        parts.as_slice(),
        [
            ..,
            "websocket",
            "_app.py" | "_core.py" | "_http.py" | "_handshake.py"
        ]
    )
}

/// The path as a reader of the project knows it: relative to the project, as far as the path itself
/// shows where that starts; with `/` between its parts.
#[must_use]
pub fn display_path(frame: &Frame) -> String {
    let parts: Vec<&str> = segments(&frame.file).collect();
    if let Some(below) = below_packages(&parts) {
        return below.join("/");
    }
    if library(frame).is_some() {
        return frame.file.replace('\\', "/");
    }
    let inside = parts.get(project_start(&parts)..);
    inside.unwrap_or_default().join("/")
}

/// The parts below the folder that packages are installed in.
fn below_packages<'p, 't>(parts: &'p [&'t str]) -> Option<&'p [&'t str]> {
    let folder = parts
        .iter()
        .rposition(|part| PACKAGE_FOLDERS.contains(part))?;
    parts.get(folder..)?.split_first().map(|(_, below)| below)
}

/// The index of the first part inside the project. Deploy folders and home directories are known by
/// name, and the folder below them is the project's; else the last three parts are shown.
fn project_start(parts: &[&str]) -> usize {
    const ROOTS: [&str; 12] = [
        "app",
        "code",
        "src",
        "backend",
        "project",
        "workspace",
        "server",
        "api",
        "web",
        "django",
        "code-server",
        "repo",
    ];
    let folders = parts.len().saturating_sub(1);
    let inside = parts
        .iter()
        .take(folders)
        .rposition(|part| ROOTS.contains(part))
        .map(|at| at.saturating_add(1));
    // Keep at least the file and, where there is one, the folder it stands in.
    inside
        .filter(|at| *at < parts.len())
        .unwrap_or_else(|| parts.len().saturating_sub(3))
}

fn segments(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split(['/', '\\']).filter(|part| !part.is_empty())
}

fn stem(part: &str) -> &str {
    part.strip_suffix(".py")
        .or_else(|| part.strip_suffix(".pyx"))
        .unwrap_or(part)
}

/// `…/lib/python3.12/asyncio/tasks.py`, `C:\Python311\Lib\asyncio\…`.
fn in_standard_library(parts: &[&str]) -> bool {
    let after_lib = |part: &&str| {
        part.strip_prefix("python")
            .is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
    };
    let pairs = parts.iter().zip(parts.iter().skip(1));
    pairs.into_iter().any(|(folder, next)| {
        let unix = matches!(*folder, "lib" | "lib64") && after_lib(next);
        let windows =
            folder.to_ascii_lowercase().starts_with("python3") && next.eq_ignore_ascii_case("lib");
        unix || windows
    }) || parts
        .iter()
        .any(|part| matches!(*part, ".venv" | "virtualenvs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(file: &str) -> Frame {
        Frame {
            file: file.to_owned(),
            line: 1,
            function: String::new(),
            code: String::new(),
        }
    }

    #[test]
    fn names_the_library() {
        for (file, expected) in [
            (
                "/usr/lib/python3/dist-packages/redis/client.py",
                Some("redis"),
            ),
            (
                "/srv/venv/lib/python3.12/site-packages/channels/consumer.py",
                Some("channels"),
            ),
            (
                "c:\\python37\\lib\\site-packages\\daphne\\server.py",
                Some("daphne"),
            ),
            ("/usr/lib/python3.12/asyncio/tasks.py", Some("python")),
            (
                "C:\\Users\\x\\Python311\\Lib\\asyncio\\base.py",
                Some("python"),
            ),
            ("<frozen importlib._bootstrap>", Some("python")),
            ("channels_redis/core.py", Some("channels_redis")),
            ("\u{2026}/channels/utils.py", Some("channels")),
            ("/srv/app/channels/consumers.py", None),
            ("chat/consumers.py", None),
            ("/home/x/project/chat/consumers.py", None),
        ] {
            assert_eq!(library(&frame(file)), expected, "{file}");
        }
        assert!(is_project(&frame("/srv/app/chat/consumers.py")));
    }

    #[test]
    fn shows_paths_from_the_project_on() {
        for (file, expected) in [
            (
                "/srv/app/apps/monitoring/consumers.py",
                "apps/monitoring/consumers.py",
            ),
            (
                "/home/x/board/backend/apps/monitoring/consumers.py",
                "apps/monitoring/consumers.py",
            ),
            (
                "/srv/venv/lib/python3.12/site-packages/channels/consumer.py",
                "channels/consumer.py",
            ),
            (
                "C:\\work\\portal\\chat\\consumers.py",
                "portal/chat/consumers.py",
            ),
            ("chat/consumers.py", "chat/consumers.py"),
        ] {
            assert_eq!(display_path(&frame(file)), expected, "{file}");
        }
    }
}
