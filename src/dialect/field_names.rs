//! What the names of structured fields stand for, whoever chose them.
//!
//! Names are compared without case and separators: `log.level`, `log_level` and `logLevel` are one.
//! What is done with a value is `fields`' business.

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// When it happened.
    Stamp,
    /// The severity.
    Level,
    /// Who wrote it.
    Logger,
    /// What was said.
    Message,
    /// A traceback.
    Trace,
    /// The class of an exception.
    ErrorClass,
    /// What an exception said.
    ErrorText,
    /// A request line: `GET /ws/ HTTP/1.1`; or an object with its parts.
    Request,
    /// A request's path or URL.
    Target,
    /// The query that belongs to a path.
    Query,
    /// A request's method.
    Method,
    /// The answer's status.
    Status,
    /// A status where there is a request, else any number.
    Code,
    /// The client's address.
    Client,
    /// The client's port.
    ClientPort,
    /// Further parts stand inside.
    Nest,
    /// Of no interest, and no words of the application.
    Noise,
}

/// The names of each slot, without case and separators.
const NAMES: &[(Slot, &[&str])] = &[
    (
        Slot::Stamp,
        &[
            "time",
            "timestamp",
            "asctime",
            "ts",
            "date",
            "datetime",
            "created",
            "timelocal",
            "timeiso8601",
            "starttime",
            "eventtime",
            "epoch",
            "msec",
            "startlocal",
            "startutc",
            "requesttimestamp",
            "timetimestamp",
        ],
    ),
    (
        Slot::Level,
        &[
            "level",
            "levelname",
            "severity",
            "loglevel",
            "lvl",
            "severitytext",
            "levelno",
        ],
    ),
    (
        Slot::Logger,
        &["logger", "loggername", "name", "loglogger", "channel"],
    ),
    (
        Slot::Message,
        &["message", "msg", "event", "textpayload", "log", "text"],
    ),
    (
        Slot::Trace,
        &[
            "excinfo",
            "exception",
            "stack",
            "stackinfo",
            "traceback",
            "exctext",
            "stacktrace",
            "errorstacktrace",
            "exceptionstacktrace",
        ],
    ),
    (Slot::ErrorClass, &["errortype", "exceptiontype", "exctype"]),
    (
        Slot::ErrorText,
        &["errormessage", "exceptionmessage", "excvalue"],
    ),
    (Slot::Request, &["request", "requestline"]),
    (
        Slot::Target,
        &[
            "path",
            "uri",
            "url",
            "requesturi",
            "requestpath",
            "httppath",
            "fullpath",
            "requesturl",
            "urlpath",
            "urloriginal",
            "urlfull",
            "httpurl",
            "httptarget",
            "requestoriginalpath",
            "originalpath",
            "xenvoyoriginalpath",
        ],
    ),
    (
        Slot::Query,
        &["query", "args", "querystring", "urlquery", "requestquery"],
    ),
    (
        Slot::Method,
        &[
            "method",
            "requestmethod",
            "httpmethod",
            "httprequestmethod",
            "verb",
        ],
    ),
    (
        Slot::Status,
        &[
            "status",
            "statuscode",
            "downstreamstatus",
            "httpstatus",
            "httpstatuscode",
            "responsecode",
            "responsestatus",
            "responsestatuscode",
            "httpresponsestatuscode",
        ],
    ),
    (Slot::Code, &["code"]),
    (
        Slot::Client,
        &[
            "client",
            "clientip",
            "clientaddr",
            "clientaddress",
            "clienthost",
            "remoteaddr",
            "remoteaddress",
            "remoteip",
            "remotehost",
            "peer",
            "ip",
            "xforwardedfor",
            "xrealip",
            "downstreamremoteaddress",
            "sourceip",
            "sourceaddress",
        ],
    ),
    (
        Slot::ClientPort,
        &["clientport", "remoteport", "sourceport"],
    ),
    (
        Slot::Nest,
        &[
            "req",
            "http",
            "record",
            "extra",
            "fields",
            "data",
            "jsonpayload",
            "httprequest",
            "scope",
            "network",
            "response",
        ],
    ),
    (
        Slot::Noise,
        &[
            "pathname",
            "filename",
            "lineno",
            "funcname",
            "module",
            "process",
            "processname",
            "thread",
            "threadname",
            "taskname",
            "msecs",
            "relativecreated",
            "colormessage",
            "requestid",
            "requesttime",
            "bodybytessent",
            "bytessent",
            "bytesreceived",
            "bytes",
            "size",
            "duration",
            "useragent",
            "httpuseragent",
            "agent",
            "referer",
            "httpreferer",
            "referrer",
            "version",
            "host",
            "hostname",
            "service",
            "environment",
            "traceid",
            "spanid",
            "proto",
            "protocol",
            "serverprotocol",
            "ecsversion",
            "connection",
            "responsetime",
            "requestlength",
            "scheme",
            "logorigin",
            "processid",
            "threadid",
            "function",
            "func",
            "line",
            "file",
            "elapsed",
        ],
    ),
];

/// Names that no program but a proxy gives.
const PROXIES: &[&str] = &[
    "downstreamstatus",
    "entrypointname",
    "routername",
    "responseflags",
    "bodybytessent",
    "timeiso8601",
    "httpupgrade",
    "requestlength",
];

/// What a field of this name holds; `None` for the application's own.
pub(super) fn slot(name: &str) -> Option<Slot> {
    let plain = plain(name);
    let known = NAMES
        .iter()
        .find(|(_, names)| names.contains(&plain.as_str()))
        .map(|(slot, _)| *slot);
    known.or_else(|| {
        let noise = plain.starts_with("upstream") || name.starts_with("http.");
        noise.then_some(Slot::Noise)
    })
}

/// Whether a proxy alone names a field so.
pub(super) fn is_proxys(name: &str) -> bool {
    let plain = plain(name);
    plain.starts_with("upstream") || PROXIES.contains(&plain.as_str())
}

/// The name without case and separators.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_any_spelling() {
        for name in ["log.level", "log_level", "logLevel", "LOGLEVEL"] {
            assert_eq!(slot(name), Some(Slot::Level), "{name}");
        }
        assert_eq!(slot("@timestamp"), Some(Slot::Stamp));
        assert_eq!(slot("http.response.status_code"), Some(Slot::Status));
        assert_eq!(slot("reason"), None);
    }

    #[test]
    fn a_name_stands_in_one_slot_only() {
        let mut seen = std::collections::BTreeSet::new();
        for name in NAMES.iter().flat_map(|(_, names)| names.iter()) {
            assert!(seen.insert(name), "{name}");
            assert_eq!(plain(name), **name);
        }
    }
}
