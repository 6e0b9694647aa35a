//! A HAR, reduced to its WebSocket entries: of each the request, the answer and the messages that
//! tell how it went. Pages, timings, contents and all other requests are read past.

use super::Kept;
use super::lenient::{Into, Scalar, Take};
use serde::Serialize;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};
use serde_json::de::Deserializer;
use std::cell::Cell;
use std::io::Read;

/// Headers kept of one request or answer; servers take a hundred.
const MAX_HEADERS: usize = 200;

/// Messages kept of one connection, beside the first: errors and close frames.
const MAX_MESSAGES: usize = 1000;

/// Reads a document, and keeps its WebSocket entries.
pub(super) fn reduce<R: Read>(
    document: &mut Deserializer<serde_json::de::IoRead<R>>,
    kept: &mut Kept<'_>,
) -> serde_json::Result<()> {
    let mut top = Top(Log {
        creator: Named::default(),
        browser: Named::default(),
        shown_cookie: false,
        kept,
    });
    let read = Into(&mut top).deserialize(document);
    top.0.open();
    read
}

struct Top<'k, 'l>(Log<'k, 'l>);

impl<'de> Take<'de> for Top<'_, '_> {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "log" => object.next_value_seed(Into(&mut self.0)),
            _ => Other.key(key, object),
        }
    }
}

/// What nothing is taken of.
struct Other;

impl Take<'_> for Other {}

struct Log<'k, 'l> {
    creator: Named,
    browser: Named,
    /// Whether an entry that is left out showed that the tool exports cookies.
    shown_cookie: bool,
    kept: &'k mut Kept<'l>,
}

impl Log<'_, '_> {
    /// Writes what stands before the entries, once.
    fn open(&mut self) {
        if self.kept.lines.is_empty() {
            let named = |named: &Named| serde_json::to_string(named).unwrap_or_default();
            let (creator, browser) = (named(&self.creator), named(&self.browser));
            let head =
                format!("{{\"log\":{{\"creator\":{creator},\"browser\":{browser},\"entries\":[");
            self.kept.push_text(1, head);
        }
    }

    fn keep(&mut self, entry: &Entry<'_>) {
        if entry.is_websocket() {
            self.kept.push_handshake(entry.number, entry);
        } else if !self.shown_cookie && entry.request.has_cookie() {
            self.shown_cookie = true;
            let mut request = Request::new(self.kept.line);
            request.cookies = Cookies(vec![Named::default()]);
            self.kept.push(entry.number, &Shown { request });
        }
    }
}

impl<'de> Take<'de> for Log<'_, '_> {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "creator" => object.next_value_seed(Into(&mut self.creator)),
            "browser" => object.next_value_seed(Into(&mut self.browser)),
            "entries" => {
                self.open();
                object.next_value_seed(Into(&mut Entries(self)))
            }
            _ => Other.key(key, object),
        }
    }
}

struct Entries<'e, 'k, 'l>(&'e mut Log<'k, 'l>);

impl<'de> Take<'de> for Entries<'_, '_, '_> {
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<Option<()>, A::Error> {
        let line = self.0.kept.line;
        let mut entry = Entry::new(line);
        let read = list.next_element_seed(Into(&mut entry));
        entry.number = entry.request.number.unwrap_or(line.get());
        // An entry that the document's end cuts is worth its beginning.
        self.0.keep(&entry);
        read
    }
}

/// An entry that shows a cookie and nothing else.
#[derive(Serialize)]
struct Shown<'l> {
    request: Request<'l>,
}

#[derive(Serialize)]
struct Entry<'l> {
    #[serde(skip)]
    number: u64,
    #[serde(rename = "startedDateTime", skip_serializing_if = "Scalar::is_none")]
    started: Scalar,
    #[serde(rename = "_resourceType", skip_serializing_if = "Scalar::is_none")]
    kind: Scalar,
    request: Request<'l>,
    response: Response,
    #[serde(rename = "_webSocketMessages", skip_serializing_if = "Option::is_none")]
    messages: Option<Messages>,
}

impl<'l> Entry<'l> {
    fn new(line: &'l Cell<u64>) -> Self {
        Self {
            number: 1,
            started: Scalar::None,
            kind: Scalar::None,
            request: Request::new(line),
            response: Response::default(),
            messages: None,
        }
    }

    fn is_websocket(&self) -> bool {
        let url = self.request.url.text().unwrap_or_default();
        self.kind.text() == Some("websocket")
            || self.messages.is_some()
            || url.starts_with("ws://")
            || url.starts_with("wss://")
            || self.request.headers.0.iter().any(|header| {
                header.is("upgrade")
                    && header
                        .value
                        .text()
                        .is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
            })
    }
}

impl<'de> Take<'de> for Entry<'_> {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "startedDateTime" => object.next_value_seed(Into(&mut self.started)),
            "_resourceType" => object.next_value_seed(Into(&mut self.kind)),
            "request" => object.next_value_seed(Into(&mut self.request)),
            "response" => object.next_value_seed(Into(&mut self.response)),
            "_webSocketMessages" => {
                let messages = self.messages.get_or_insert_default();
                object.next_value_seed(Into(messages))
            }
            _ => Other.key(key, object),
        }
    }
}

#[derive(Serialize)]
struct Request<'l> {
    #[serde(skip)]
    line: &'l Cell<u64>,
    /// The line on which the URL stands.
    #[serde(skip)]
    number: Option<u64>,
    #[serde(skip_serializing_if = "Scalar::is_none")]
    method: Scalar,
    #[serde(skip_serializing_if = "Scalar::is_none")]
    url: Scalar,
    headers: Headers,
    cookies: Cookies,
}

impl<'l> Request<'l> {
    fn new(line: &'l Cell<u64>) -> Self {
        Self {
            line,
            number: None,
            method: Scalar::None,
            url: Scalar::None,
            headers: Headers::default(),
            cookies: Cookies::default(),
        }
    }

    fn has_cookie(&self) -> bool {
        !self.cookies.0.is_empty() || self.headers.0.iter().any(|header| header.is("cookie"))
    }
}

impl<'de> Take<'de> for Request<'_> {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "method" => object.next_value_seed(Into(&mut self.method)),
            "url" => {
                object.next_value_seed(Into(&mut self.url))?;
                self.number = Some(self.line.get());
                Ok(())
            }
            "headers" => object.next_value_seed(Into(&mut self.headers)),
            "cookies" => object.next_value_seed(Into(&mut self.cookies)),
            _ => Other.key(key, object),
        }
    }
}

#[derive(Default, Serialize)]
struct Response {
    #[serde(skip_serializing_if = "Scalar::is_none")]
    status: Scalar,
    #[serde(rename = "_error", skip_serializing_if = "Scalar::is_none")]
    error: Scalar,
    headers: Headers,
}

impl<'de> Take<'de> for Response {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "status" => object.next_value_seed(Into(&mut self.status)),
            "_error" => object.next_value_seed(Into(&mut self.error)),
            "headers" => object.next_value_seed(Into(&mut self.headers)),
            _ => Other.key(key, object),
        }
    }
}

/// An object of which the name and the value matter.
#[derive(Default, Serialize)]
struct Named {
    #[serde(skip_serializing_if = "Scalar::is_none")]
    name: Scalar,
    #[serde(skip_serializing_if = "Scalar::is_none")]
    value: Scalar,
}

impl Named {
    fn is(&self, name: &str) -> bool {
        self.name
            .text()
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
    }
}

impl<'de> Take<'de> for Named {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "name" => object.next_value_seed(Into(&mut self.name)),
            "value" => object.next_value_seed(Into(&mut self.value)),
            _ => Other.key(key, object),
        }
    }
}

#[derive(Default, Serialize)]
struct Headers(Vec<Named>);

impl<'de> Take<'de> for Headers {
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<Option<()>, A::Error> {
        let mut header = Named::default();
        let read = list.next_element_seed(Into(&mut header))?;
        if read.is_some() && self.0.len() < MAX_HEADERS {
            self.0.push(header);
        }
        Ok(read)
    }
}

/// The cookies of a request: that there are some, and not which.
#[derive(Default, Serialize)]
struct Cookies(Vec<Named>);

impl<'de> Take<'de> for Cookies {
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<Option<()>, A::Error> {
        let read = Other.item(list)?;
        if read.is_some() && self.0.is_empty() {
            self.0.push(Named::default());
        }
        Ok(read)
    }
}

#[derive(Default, Serialize)]
struct Messages(Vec<Message>);

impl<'de> Take<'de> for Messages {
    /// Of the messages with contents the first of each direction shows that they come; thousands
    /// may follow.
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<Option<()>, A::Error> {
        let mut message = Message::default();
        let read = list.next_element_seed(Into(&mut message))?;
        let tells = message.opcode.whole() == Some(8) || message.kind.text() == Some("error");
        let is_first = !self.0.iter().any(|known| known.kind == message.kind);
        if read.is_some() && (is_first || tells && self.0.len() < MAX_MESSAGES) {
            if !tells {
                message.data = Scalar::None;
            }
            self.0.push(message);
        }
        Ok(read)
    }
}

#[derive(Default, Serialize)]
struct Message {
    #[serde(rename = "type", skip_serializing_if = "Scalar::is_none")]
    kind: Scalar,
    #[serde(skip_serializing_if = "Scalar::is_none")]
    time: Scalar,
    #[serde(skip_serializing_if = "Scalar::is_none")]
    opcode: Scalar,
    #[serde(skip_serializing_if = "Scalar::is_none")]
    code: Scalar,
    #[serde(skip_serializing_if = "Scalar::is_none")]
    data: Scalar,
}

impl<'de> Take<'de> for Message {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "type" => object.next_value_seed(Into(&mut self.kind)),
            "time" => object.next_value_seed(Into(&mut self.time)),
            "opcode" => object.next_value_seed(Into(&mut self.opcode)),
            "code" => object.next_value_seed(Into(&mut self.code)),
            "data" => object.next_value_seed(Into(&mut self.data)),
            _ => Other.key(key, object),
        }
    }
}
