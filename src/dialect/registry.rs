//! All dialects, one line each. The order does not matter: tests hold that no sample of one is
//! claimed by another of its layer.

use super::{Dialect, Parsed};

/// Frames: what a logging library puts around a message.
pub const FRAMES: &[&dyn Dialect] = &[
    &super::json_lines::JsonLines,
    &super::structlog_console::StructlogConsole,
    &super::logfmt::Logfmt,
    &super::logger_header::LoggerHeader,
    &super::zap_console::ZapConsole,
];

/// Bodies: messages of known structure.
pub const BODIES: &[&dyn Dialect] = &[
    &super::daphne_access::DaphneAccess,
    &super::hypercorn_access::HypercornAccess,
    &super::access_log::AccessLog,
    &super::request_columns::RequestColumns,
    &super::alb_access::AlbAccess,
    &super::envoy_access::EnvoyAccess,
    &super::uvicorn_access::UvicornAccess,
    &super::channels_runserver::ChannelsRunserver,
    &super::wsgi_runserver::WsgiRunserver,
    &super::daphne_debug::DaphneDebug,
    &super::websockets_debug::WebsocketsDebug,
    &super::nginx_error::NginxError,
    &super::heroku_router::HerokuRouter,
    &super::dev_proxy::DevProxy,
    &super::haproxy_http::HaproxyHttp,
    &super::tornado_access::TornadoAccess,
    &super::python_traceback::PythonTraceback,
    &super::browser_console::BrowserConsole,
    &super::browser_network::BrowserNetwork,
    &super::browser_runner::BrowserRunner,
    &super::browser_safari::BrowserSafari,
    &super::browser_stack::BrowserStack,
    &super::browser_stderr::BrowserStderr,
    &super::client_program::ClientProgram,
];

/// Whether a line (second) goes on with a record that so far reads as the first, its lines joined.
pub(super) type Continues = fn(&str, &str) -> bool;

/// Further lines that only a dialect itself can tell, asked of records whose dialect's id begins
/// with the word given.
pub(super) const CONTINUATIONS: &[(&str, Continues)] = &[
    ("browser-", super::browser_source::continues),
    ("dev-proxy", super::dev_proxy::continues),
    ("nginx-error", super::nginx_error::continues),
];

/// Dialects whose lines belong to the record above, whatever it is, wherever one is there.
pub(super) const NEVER_FIRST: &[&str] = &["browser-stack"];

/// The id of records that no dialect claims.
pub const PLAIN: &str = "plain";

/// What the dialects made of one line: a frame, a body inside it or on its own, both or neither.
#[derive(Debug, Default)]
pub(super) struct Claim {
    pub(super) frame: Option<(&'static str, Parsed)>,
    pub(super) body: Option<(&'static str, Parsed)>,
}

impl Claim {
    /// Tries every dialect on a line.
    pub(super) fn of(text: &str) -> Self {
        let frame = Self::frame_of(text);
        let message = frame.as_ref().map_or(text, |(_, parsed)| &parsed.message);
        let built = frame.as_ref().is_some_and(|(_, parsed)| parsed.built);
        let body = if built { None } else { first(BODIES, message) };
        Self { frame, body }
    }

    /// Tries the frames alone.
    pub(super) fn frame_of(text: &str) -> Option<(&'static str, Parsed)> {
        first(FRAMES, text)
    }

    /// The id of the innermost dialect.
    pub(super) fn dialect(&self) -> &'static str {
        let innermost = self.body.as_ref().or(self.frame.as_ref());
        innermost.map_or(PLAIN, |(id, _)| id)
    }
}

fn first(dialects: &[&'static dyn Dialect], text: &str) -> Option<(&'static str, Parsed)> {
    dialects
        .iter()
        .find_map(|dialect| Some((dialect.id(), dialect.parse(text)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Layer;

    #[test]
    fn each_sample_is_claimed_by_its_dialect_alone() {
        for (layer, dialects) in [(Layer::Frame, FRAMES), (Layer::Body, BODIES)] {
            for dialect in dialects {
                assert_eq!(dialect.layer(), layer, "{}", dialect.id());
                assert!(!dialect.samples().is_empty(), "{}", dialect.id());
                for sample in dialect.samples() {
                    let claimed: Vec<&str> = dialects
                        .iter()
                        .filter(|other| other.parse(sample).is_some())
                        .map(|other| other.id())
                        .collect();
                    assert_eq!(claimed, [dialect.id()], "{sample}");
                }
            }
        }
    }

    #[test]
    fn ids_are_unique_and_name_their_file() {
        let mut ids: Vec<&str> = FRAMES
            .iter()
            .chain(BODIES)
            .map(|dialect| dialect.id())
            .collect();
        for id in &ids {
            let file = format!(
                "{}/src/dialect/{}.rs",
                env!("CARGO_MANIFEST_DIR"),
                id.replace('-', "_")
            );
            assert!(std::path::Path::new(&file).exists(), "{file}");
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
