//! A net-export, reduced to the events of its WebSocket requests and of what serves them, with the
//! tables that say what its numbers mean.
//!
//! Which events tell what is the business of the dialect; here a few too many are kept.

use super::Kept;
use super::lenient::{Into, Scalar, Take};
use serde::Serialize;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};
use serde_json::de::Deserializer;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Names kept of one table; Chrome has some hundreds.
const MAX_NAMES: usize = 10_000;

/// Headers kept of one event.
const MAX_HEADERS: usize = 200;

/// Events of one name kept of one request or socket. A request is answered once and a socket
/// connected once; of what comes by the thousand the first show that it comes.
const MAX_ALIKE: u32 = 50;

/// Requests and sockets that are followed at most.
const MAX_FOLLOWED: usize = 100_000;

/// Values of an event that tell something of a WebSocket.
const VALUES: [&str; 14] = [
    "bytes",
    "local_address",
    "message",
    "net_error",
    "new_state",
    "opcode",
    "operation",
    "payload_length",
    "proxy_chain",
    "proxy_server",
    "remote_address",
    "source_address",
    "status",
    "url",
];

/// Reads a document, and keeps what concerns its WebSocket requests.
pub(super) fn reduce<R: Read>(
    document: &mut Deserializer<serde_json::de::IoRead<R>>,
    kept: &mut Kept<'_>,
) -> serde_json::Result<()> {
    let mut top = Top {
        constants: Constants::default(),
        kept,
    };
    let read = Into(&mut top).deserialize(document);
    top.open();
    read
}

/// What nothing is taken of.
struct Other;

impl Take<'_> for Other {}

struct Top<'k, 'l> {
    constants: Constants,
    kept: &'k mut Kept<'l>,
}

impl Top<'_, '_> {
    /// Writes what stands before the events, once.
    fn open(&mut self) {
        if self.kept.lines.is_empty() {
            let constants = serde_json::to_string(&self.constants).unwrap_or_default();
            let head = format!("{{\"constants\":{constants},\"events\":[");
            self.kept.push_text(1, head);
        }
    }
}

impl<'de> Take<'de> for Top<'_, '_> {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "constants" => object.next_value_seed(Into(&mut self.constants)),
            "events" => {
                self.open();
                let mut events = Events {
                    types: self.constants.types.by_number(),
                    sources: self.constants.sources.by_number(),
                    followed: BTreeSet::new(),
                    alike: BTreeMap::new(),
                    latest: BTreeMap::new(),
                    kept: self.kept,
                };
                object.next_value_seed(Into(&mut events))
            }
            _ => Other.key(key, object),
        }
    }
}

#[derive(Default, Serialize)]
struct Constants {
    #[serde(rename = "logEventTypes", skip_serializing_if = "Table::is_empty")]
    types: Table,
    #[serde(rename = "logSourceType", skip_serializing_if = "Table::is_empty")]
    sources: Table,
    #[serde(rename = "logEventPhase", skip_serializing_if = "Table::is_empty")]
    phases: Table,
    #[serde(rename = "netError", skip_serializing_if = "Table::is_empty")]
    errors: Table,
    #[serde(rename = "timeTickOffset", skip_serializing_if = "Scalar::is_none")]
    tick_offset: Scalar,
}

impl<'de> Take<'de> for Constants {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "logEventTypes" => object.next_value_seed(Into(&mut self.types)),
            "logSourceType" => object.next_value_seed(Into(&mut self.sources)),
            "logEventPhase" => object.next_value_seed(Into(&mut self.phases)),
            "netError" => object.next_value_seed(Into(&mut self.errors)),
            "timeTickOffset" => object.next_value_seed(Into(&mut self.tick_offset)),
            _ => Other.key(key, object),
        }
    }
}

/// Numbers by their names.
#[derive(Default, Serialize)]
struct Table(BTreeMap<String, Scalar>);

impl Table {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn by_number(&self) -> BTreeMap<i64, String> {
        let rows = self.0.iter();
        rows.filter_map(|(name, number)| Some((number.whole()?, name.clone())))
            .collect()
    }
}

impl<'de> Take<'de> for Table {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        let number: Scalar = object.next_value()?;
        if self.0.len() < MAX_NAMES {
            self.0.insert(key.to_owned(), number);
        }
        Ok(())
    }
}

struct Events<'k, 'l> {
    types: BTreeMap<i64, String>,
    sources: BTreeMap<i64, String>,
    /// Requests that are WebSockets, and what serves them.
    followed: BTreeSet<i64>,
    /// How many events of one type there were of one of them.
    alike: BTreeMap<(i64, i64), u32>,
    /// What each socket received last: of interest only right before a close frame.
    latest: BTreeMap<i64, (u64, Event)>,
    kept: &'k mut Kept<'l>,
}

impl<'de> Take<'de> for Events<'_, '_> {
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<Option<()>, A::Error> {
        let mut placed = Placed {
            number: 0,
            line: self.kept.line,
            event: Event::default(),
        };
        let read = list.next_element_seed(Into(&mut placed))?;
        if read.is_some() {
            self.take_event(placed.number, placed.event);
        }
        Ok(read)
    }
}

impl Events<'_, '_> {
    fn take_event(&mut self, number: u64, event: Event) {
        let (Some(id), Some(kind)) = (event.source.id.whole(), event.kind.whole()) else {
            return;
        };
        let name = self.types.get(&kind).cloned().unwrap_or_default();
        if !self.follow(id, &name, &event) {
            return;
        }
        if name.ends_with("SOCKET_BYTES_SENT") {
            return;
        }
        if name.ends_with("SOCKET_BYTES_RECEIVED") {
            self.latest.insert(id, (number, event));
            return;
        }
        let opcode = event.value("opcode").whole();
        if name == "WEBSOCKET_RECV_FRAME_HEADER" && opcode == Some(8) {
            for (number, event) in std::mem::take(&mut self.latest).into_values() {
                self.kept.push(number, &event);
            }
        }
        let closes = opcode == Some(8);
        let alike = self.alike.entry((id, kind)).or_default();
        *alike = alike.saturating_add(1);
        if *alike <= MAX_ALIKE || closes {
            self.kept.push(number, &event);
        }
    }

    /// Whether the event is one of a WebSocket request, or of what serves one; passes that on to
    /// what it depends on.
    fn follow(&mut self, id: i64, name: &str, event: &Event) -> bool {
        let kind = self.kind_of(&event.source);
        let is_socket = |url: &str| url.starts_with("ws://") || url.starts_with("wss://");
        let begins = kind == "WEBSOCKET_CHANNEL"
            || kind == "URL_REQUEST" && event.value("url").text().is_some_and(is_socket);
        if begins && self.followed.len() < MAX_FOLLOWED {
            self.followed.insert(id);
        }
        let is_followed = self.followed.contains(&id);
        let dependency = event.params.dependency.as_ref();
        let Some((other, dependency)) =
            dependency.and_then(|dependency| Some((dependency.id.whole()?, dependency)))
        else {
            return is_followed;
        };
        let other_kind = self.kind_of(dependency);
        let room = self.followed.len() < MAX_FOLLOWED;
        if is_followed {
            if serves(other_kind) && room {
                self.followed.insert(other);
            }
            true
        } else if kind == "SOCKET" && self.followed.contains(&other) && room {
            self.followed.insert(id);
            true
        } else {
            // Another request takes a socket over.
            other_kind == "SOCKET" && name.contains("BOUND") && self.followed.remove(&other)
        }
    }

    fn kind_of(&self, source: &Source) -> &'static str {
        const KINDS: [&str; 5] = [
            "WEBSOCKET_CHANNEL",
            "URL_REQUEST",
            "SOCKET",
            "HTTP_STREAM_JOB_CONTROLLER",
            "HTTP_STREAM_JOB",
        ];
        let number = source.kind.whole().unwrap_or(-1);
        let name = self.sources.get(&number).map_or("", String::as_str);
        let known = KINDS.iter().find(|kind| **kind == name);
        match known {
            Some(kind) => kind,
            None if name.ends_with("CONNECT_JOB") => "CONNECT_JOB",
            None => "",
        }
    }
}

/// Sources that serve one request at a time; resolvers and sessions serve many.
fn serves(kind: &str) -> bool {
    matches!(
        kind,
        "HTTP_STREAM_JOB_CONTROLLER" | "HTTP_STREAM_JOB" | "SOCKET" | "CONNECT_JOB"
    )
}

/// An event, and the line on which it begins.
struct Placed<'l> {
    number: u64,
    line: &'l std::cell::Cell<u64>,
    event: Event,
}

impl<'de> Take<'de> for Placed<'_> {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        if self.number == 0 {
            // Its first key: no tool breaks the line between that and the brace, and if one did,
            // the line would still show the event.
            self.number = self.line.get();
        }
        match key {
            "params" => object.next_value_seed(Into(&mut self.event.params)),
            "phase" => object.next_value_seed(Into(&mut self.event.phase)),
            "source" => object.next_value_seed(Into(&mut self.event.source)),
            "time" => object.next_value_seed(Into(&mut self.event.time)),
            "type" => object.next_value_seed(Into(&mut self.event.kind)),
            _ => Other.key(key, object),
        }
    }
}

#[derive(Debug, Default, Serialize)]
struct Event {
    #[serde(skip_serializing_if = "Params::is_empty")]
    params: Params,
    phase: Scalar,
    source: Source,
    time: Scalar,
    #[serde(rename = "type")]
    kind: Scalar,
}

impl Event {
    fn value(&self, name: &str) -> &Scalar {
        self.params.values.get(name).unwrap_or(&Scalar::None)
    }
}

#[derive(Debug, Default, Serialize)]
struct Source {
    id: Scalar,
    #[serde(rename = "type")]
    kind: Scalar,
}

impl<'de> Take<'de> for Source {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "id" => object.next_value_seed(Into(&mut self.id)),
            "type" => object.next_value_seed(Into(&mut self.kind)),
            _ => Other.key(key, object),
        }
    }
}

#[derive(Debug, Default, Serialize)]
struct Params {
    #[serde(flatten)]
    values: BTreeMap<&'static str, Scalar>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headers: Vec<Scalar>,
    #[serde(rename = "source_dependency", skip_serializing_if = "Option::is_none")]
    dependency: Option<Source>,
}

impl Params {
    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.headers.is_empty() && self.dependency.is_none()
    }
}

impl<'de> Take<'de> for Params {
    fn key<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "headers" => object.next_value_seed(Into(&mut List(&mut self.headers))),
            "source_dependency" => {
                let dependency = self.dependency.get_or_insert_default();
                object.next_value_seed(Into(dependency))
            }
            _ => match VALUES.iter().find(|name| **name == key) {
                Some(name) => {
                    let value = object.next_value()?;
                    self.values.insert(name, value);
                    Ok(())
                }
                None => Other.key(key, object),
            },
        }
    }
}

struct List<'v>(&'v mut Vec<Scalar>);

impl<'de> Take<'de> for List<'_> {
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<Option<()>, A::Error> {
        let Some(item) = list.next_element()? else {
            return Ok(None);
        };
        if self.0.len() < MAX_HEADERS {
            self.0.push(item);
        }
        Ok(Some(()))
    }
}
