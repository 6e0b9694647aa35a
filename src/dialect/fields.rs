//! The names that structured loggers give to time, level, logger, message, exception and request.
//!
//! Shared by the dialects of JSON and key=value lines, which differ in syntax alone.

use super::request::Request;
use super::{Parsed, clock, level, peer};
use crate::record::{Level, Peer, Side};
use crate::stamp::Stamp;
use serde_json::Value;

/// What the fields of one line said so far. The first of several names for a thing counts.
#[derive(Debug, Default)]
pub(super) struct Fields {
    stamp: Option<Stamp>,
    level: Option<Level>,
    logger: Option<String>,
    message: Option<String>,
    trace: Vec<String>,
    host: Option<Peer>,
    port: Option<u16>,
    method: Option<String>,
    target: Option<String>,
    status: Option<u16>,
    side: Option<Side>,
    /// Fields of the application's own, in the order written: `reason=Signature has expired`.
    further: Vec<String>,
}

impl Fields {
    /// Takes one field of a JSON object; nested objects of known name are entered.
    pub(super) fn take(&mut self, key: &str, value: &Value) {
        if !is_known(&key.to_ascii_lowercase()) {
            match value {
                Value::String(text) if !text.is_empty() && text.len() <= MOST_FURTHER => {
                    self.further
                        .push(format!("{key}={}", text.replace('\n', " ")));
                }
                Value::Number(number) => self.further.push(format!("{key}={number}")),
                Value::Bool(flag) => self.further.push(format!("{key}={flag}")),
                _ => {}
            }
        }
        match value {
            Value::String(text) => self.take_text(key, text),
            Value::Number(number) => self.take_number(key, number.as_f64().unwrap_or(0.0)),
            Value::Object(fields) if is_nest(key) => {
                for (inner, value) in fields {
                    self.take(inner, value);
                }
            }
            Value::Array(lines) if is_trace(key) => {
                self.trace
                    .extend(lines.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            Value::Array(pair) if is_client(key) => {
                if let Some(peer) = pair.first().and_then(Value::as_str).and_then(peer::address) {
                    self.host = Some(peer);
                    self.port = pair
                        .get(1)
                        .and_then(Value::as_u64)
                        .and_then(|port| u16::try_from(port).ok());
                }
            }
            _ => {}
        }
    }

    /// Takes one field whose value is text.
    pub(super) fn take_text(&mut self, key: &str, text: &str) {
        let name = key.to_ascii_lowercase();
        match name.as_str() {
            "time" | "timestamp" | "@timestamp" | "asctime" | "ts" | "date" | "datetime"
            | "created" | "time_local" | "time_iso8601" | "start_time" | "eventtime" => {
                let stamp = clock::leading(text.trim_start_matches('[')).map(|(stamp, _)| stamp);
                self.stamp = self
                    .stamp
                    .or(stamp)
                    .or_else(|| text.parse().ok().and_then(clock::epoch));
            }
            "level" | "levelname" | "severity" | "log_level" | "loglevel" | "log.level" | "lvl"
            | "severity_text" => {
                self.level = self.level.or_else(|| level::named(text));
            }
            "logger" | "logger_name" | "name" | "log.logger" | "channel" => {
                first(&mut self.logger, text);
            }
            "message" | "msg" | "event" | "textpayload" | "log" | "@message" | "text" => {
                first(&mut self.message, text.trim_end_matches('\n'));
            }
            _ if is_trace(&name) && !text.trim().is_empty() && text != "None" => {
                self.trace.extend(text.lines().map(str::to_owned));
            }
            "request" | "request_line" => {
                if let Some(request) = Request::bare(text) {
                    first(&mut self.method, request.verb);
                    first(&mut self.target, request.target);
                }
            }
            "path" | "uri" | "url" | "request_uri" | "requestpath" | "request_path"
            | "http_path" | "full_path"
                if (text.starts_with('/') || text.contains("://")) =>
            {
                first(&mut self.target, text);
            }
            "method" | "requestmethod" | "request_method" | "http_method" => {
                first(&mut self.method, text);
            }
            "status" | "status_code" | "downstreamstatus" | "http_status" | "code" => {
                if let Ok(number) = text.parse() {
                    self.take_number(&name, number);
                }
            }
            _ if is_client(&name) => self.host = self.host.take().or_else(|| peer::address(text)),
            "client_port" | "remote_port" => self.port = self.port.or_else(|| text.parse().ok()),
            _ => {}
        }
        self.notice_proxy(&name, text);
    }

    fn take_number(&mut self, key: &str, number: f64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked by the ranges that use it"
        )]
        let whole = number.max(0.0) as u64;
        match key.to_ascii_lowercase().as_str() {
            "time" | "timestamp" | "@timestamp" | "ts" | "created" | "epoch" => {
                self.stamp = self.stamp.or_else(|| clock::epoch(number));
            }
            "level" | "levelno" | "severity" => {
                self.level = self.level.or_else(|| level::numbered(whole));
            }
            "status" | "status_code" | "downstreamstatus" | "http_status" => {
                let status = u16::try_from(whole)
                    .ok()
                    .filter(|status| (100..600).contains(status));
                self.status = self.status.or(status);
            }
            "client_port" | "remote_port" => {
                self.port = self.port.or_else(|| u16::try_from(whole).ok());
            }
            _ => {}
        }
    }

    /// Fields and loggers that proxies alone write.
    fn notice_proxy(&mut self, name: &str, text: &str) {
        let by_name = name.starts_with("upstream_")
            || matches!(
                name,
                "downstreamstatus" | "requestmethod" | "entrypointname"
            );
        let by_logger = name == "logger" && text.starts_with("http.log.");
        if by_name || by_logger {
            self.side = Some(Side::Proxy);
        }
    }

    /// The record's fields; `None` where neither message nor request was among them.
    #[must_use]
    pub(super) fn into_parsed(self) -> Option<Parsed> {
        let request = match (&self.method, &self.target, self.status) {
            (Some(method), Some(target), Some(status)) => {
                Some(format!("\"{method} {target}\" {status}"))
            }
            _ => None,
        };
        let message = match (self.message, request) {
            (Some(message), Some(request))
                if message.is_empty() || message == "handled request" =>
            {
                request
            }
            (Some(message), _) => message,
            (None, Some(request)) => request,
            (None, None) if !self.trace.is_empty() && self.level.is_some() => String::new(),
            (None, None) => return None,
        };
        let mut lines = message.lines();
        let mut first_line = lines.next().unwrap_or_default().to_owned();
        for field in &self.further {
            first_line.push(' ');
            first_line.push_str(field);
        }
        let detail = lines.map(str::to_owned).chain(self.trace).collect();
        let mut peer = self.host;
        if let Some(peer) = &mut peer {
            peer.port = peer.port.or(self.port.filter(|port| *port != 0));
        }
        Some(Parsed {
            side: self.side,
            stamp: self.stamp,
            level: self.level,
            logger: self.logger,
            peer,
            target: self.target,
            status: self.status,
            message: first_line,
            detail,
            ..Parsed::default()
        })
    }
}

/// A field longer than this is data, not words, in bytes.
const MOST_FURTHER: usize = 300;

/// Fields that a record has places for, and those of the logger itself.
fn is_known(name: &str) -> bool {
    is_trace(name)
        || is_client(name)
        || matches!(
            name,
            "time"
                | "timestamp"
                | "@timestamp"
                | "asctime"
                | "ts"
                | "date"
                | "datetime"
                | "created"
                | "time_local"
                | "time_iso8601"
                | "start_time"
                | "eventtime"
                | "epoch"
                | "level"
                | "levelname"
                | "severity"
                | "log_level"
                | "loglevel"
                | "log.level"
                | "lvl"
                | "severity_text"
                | "levelno"
                | "logger"
                | "logger_name"
                | "name"
                | "log.logger"
                | "channel"
                | "message"
                | "msg"
                | "event"
                | "textpayload"
                | "log"
                | "@message"
                | "text"
                | "request"
                | "request_line"
                | "method"
                | "requestmethod"
                | "request_method"
                | "http_method"
                | "status"
                | "status_code"
                | "downstreamstatus"
                | "http_status"
                | "client_port"
                | "remote_port"
                | "pathname"
                | "filename"
                | "lineno"
                | "funcname"
                | "func_name"
                | "module"
                | "process"
                | "processname"
                | "thread"
                | "threadname"
                | "taskname"
                | "msecs"
                | "relativecreated"
                | "stack_info"
                | "args"
                | "color_message"
                | "request_id"
                | "request_time"
                | "body_bytes_sent"
                | "bytes"
                | "size"
                | "duration"
                | "user_agent"
                | "http_user_agent"
                | "referer"
                | "http_referer"
                | "version"
                | "@version"
                | "host"
                | "hostname"
                | "service"
                | "environment"
                | "trace_id"
                | "span_id"
                | "uri"
                | "request_uri"
                | "requestpath"
                | "proto"
                | "remote_ip"
        )
        || name.starts_with("upstream_")
        || name.starts_with("http.")
}

fn first(slot: &mut Option<String>, text: &str) {
    if slot.is_none() && !text.is_empty() {
        *slot = Some(text.to_owned());
    }
}

fn is_nest(key: &str) -> bool {
    matches!(
        key,
        "request"
            | "req"
            | "http"
            | "record"
            | "extra"
            | "fields"
            | "data"
            | "jsonPayload"
            | "httpRequest"
            | "scope"
    )
}

fn is_trace(key: &str) -> bool {
    matches!(
        key,
        "exc_info"
            | "exception"
            | "stack"
            | "stack_info"
            | "traceback"
            | "exc_text"
            | "stack_trace"
            | "stacktrace"
            | "error.stack_trace"
            | "exception.stacktrace"
    )
}

fn is_client(key: &str) -> bool {
    matches!(
        key,
        "client"
            | "client_ip"
            | "client_addr"
            | "remote_addr"
            | "remote_ip"
            | "peer"
            | "ip"
            | "clienthost"
            | "clientaddr"
            | "x_forwarded_for"
    )
}
