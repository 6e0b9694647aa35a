//! The containers and processes whose lines stand in one source: each writes by a clock of its own, and
//! two of them may be of different time zones.
//!
//! Where the order of the lines tells how far their clocks are apart ([`super::visits`]), they are put on
//! one. Else each keeps its own, and no line of one is timed by lines of another.

use super::clock::{DAY_MS, by_neighbours, has_date};
use super::visits::{MINUTE_MS, Visit, shift, visits};
use crate::event::Event;
use crate::record::Side;
use std::collections::BTreeMap;

/// Of more writers than these, none is told from the others: names that many are no containers'.
const MOST: usize = 100;
/// So many containers are named in a remark.
const NAMED: usize = 5;

/// Who wrote some of the lines of a source.
#[derive(Debug, Default)]
pub(super) struct Writer {
    /// The container, unit or process, where a wrapper names it.
    name: Option<String>,
    /// Its events, by their places in the source.
    pub(super) events: Vec<usize>,
    /// Whether its lines are timed by the wrapper's stamps instead of their own.
    pub(super) by_wrapper: bool,
}

/// The writers of a source, in the order of their first lines. Those whose every line a wrapper
/// stamped are one: the wrapper's clock is.
pub(super) fn of(stream: &[Event]) -> Vec<Writer> {
    let mut places: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let mut writers: Vec<Writer> = Vec::new();
    for (position, event) in stream.iter().enumerate() {
        let name = event.record.process.as_deref();
        let place = *places.entry(name).or_insert(writers.len());
        if place == writers.len() {
            writers.push(Writer {
                name: name.map(str::to_owned),
                ..Writer::default()
            });
        }
        if let Some(writer) = writers.get_mut(place) {
            writer.events.push(position);
        }
    }
    let whole = stream
        .iter()
        .all(|event| event.record.wrapper_stamp.is_some());
    for writer in &mut writers {
        // Beside lines that it did not stamp, a wrapper's time of day is worth less than a date.
        let by_wrapper = writer.events(stream).all(|event| {
            let stamp = event.record.wrapper_stamp;
            stamp.is_some_and(|stamp| whole || stamp.dated)
        });
        writer.by_wrapper = by_wrapper;
    }
    let (wrapped, mut rest): (Vec<Writer>, Vec<Writer>) =
        writers.into_iter().partition(|writer| writer.by_wrapper);
    rest.extend(wrapped.into_iter().reduce(|mut all, one| {
        all.events.extend(one.events);
        all
    }));
    for writer in &mut rest {
        writer.events.sort_unstable();
    }
    rest.sort_by_key(|writer| writer.events.first().copied());
    rest
}

impl Writer {
    fn events<'a>(&'a self, stream: &'a [Event]) -> impl Iterator<Item = &'a Event> {
        self.events
            .iter()
            .filter_map(|position| stream.get(*position))
    }

    fn has_stamps(&self, stream: &[Event]) -> bool {
        self.events(stream).any(|event| event.at_ms.is_some())
    }

    /// Whether some of its stamps state their zone.
    fn states_zone(&self, stream: &[Event]) -> bool {
        self.events(stream).any(|event| {
            let own = event.record.stamp.filter(|_| !self.by_wrapper);
            let stamp = own.or(event.record.wrapper_stamp);
            stamp.is_some_and(|stamp| stamp.offset_s.is_some())
        })
    }

    /// How much it has to say of the connections to the server.
    fn weight(&self, stream: &[Event]) -> usize {
        let of_server = |event: &&Event| {
            event.record.side == Side::Backend
                && event.at_ms.is_some()
                && !event.meanings.is_empty()
        };
        self.events(stream).filter(of_server).count()
    }

    fn set_back(&self, stream: &mut [Event], by_ms: i64) {
        let undated = !stream.iter().any(has_date);
        for position in &self.events {
            if let Some(event) = stream.get_mut(*position) {
                let at = event.at_ms.map(|at| at.saturating_sub(by_ms));
                // A time of day stays one.
                event.at_ms = at.map(|at| if undated { at.rem_euclid(DAY_MS) } else { at });
            }
        }
    }
}

/// Events that are timed by one clock, and what there is to say of it.
pub(super) struct Aligned {
    /// Places in the source, ascending, of events between which a missing stamp may be handed on.
    pub(super) groups: Vec<Vec<usize>>,
    pub(super) remark: Option<String>,
}

/// Puts the writers of a source on one clock, as far as the order of their lines tells how: that of
/// those that state their zone, else of the one that speaks of connections most.
pub(super) fn align(stream: &mut [Event], writers: &[Writer]) -> Aligned {
    let mut settled = if writers.len() > MOST {
        vec![true; writers.len()]
    } else {
        first_settled(stream, writers)
    };
    let owners = owners(stream.len(), writers);
    let mut moved: Vec<(&Writer, i64)> = Vec::new();
    let mut goes_on = true;
    while goes_on {
        goes_on = false;
        for (place, writer) in writers.iter().enumerate() {
            if settled.get(place) != Some(&false) {
                continue;
            }
            let visits = visits(stream, &owners, &settled, place);
            let Some(shift) = shift(&visits) else {
                continue;
            };
            if shift != 0 {
                writer.set_back(stream, shift);
                moved.push((writer, shift));
            }
            if let Some(state) = settled.get_mut(place) {
                *state = true;
            }
            goes_on = true;
        }
    }
    let stated = writers.iter().any(|writer| writer.states_zone(stream));
    for (place, writer) in writers.iter().enumerate() {
        if stated && settled.get(place) == Some(&false) {
            let visits = visits(stream, &owners, &settled, place);
            let differences = visits.iter().flat_map(Visit::differences).collect();
            if let Some(shift) = by_neighbours(differences) {
                writer.set_back(stream, shift);
            }
        }
    }
    Aligned {
        groups: groups(writers, &settled),
        remark: remark(&moved),
    }
}

/// Which writers are on the common clock before any other is put on it. Those without stamps are:
/// the lines around theirs tell their time.
fn first_settled(stream: &[Event], writers: &[Writer]) -> Vec<bool> {
    let mut settled: Vec<bool> = writers
        .iter()
        .map(|writer| !writer.has_stamps(stream) || writer.states_zone(stream))
        .collect();
    if writers.iter().any(|writer| writer.states_zone(stream)) {
        return settled;
    }
    let reference = writers
        .iter()
        .zip(&mut settled)
        .rev()
        .filter(|(_, settled)| !**settled)
        .max_by_key(|(writer, _)| (writer.weight(stream), writer.events.len()));
    if let Some((_, state)) = reference {
        *state = true;
    }
    settled
}

/// For each event, the place of its writer.
fn owners(events: usize, writers: &[Writer]) -> Vec<usize> {
    let mut owners = vec![0; events];
    for (place, writer) in writers.iter().enumerate() {
        for position in &writer.events {
            if let Some(owner) = owners.get_mut(*position) {
                *owner = place;
            }
        }
    }
    owners
}

/// The events of those on the common clock, then those of each other writer.
fn groups(writers: &[Writer], settled: &[bool]) -> Vec<Vec<usize>> {
    let mut common = Vec::new();
    let mut groups = Vec::new();
    for (writer, settled) in writers.iter().zip(settled) {
        if *settled {
            common.extend_from_slice(&writer.events);
        } else {
            groups.push(writer.events.clone());
        }
    }
    common.sort_unstable();
    groups.push(common);
    groups
}

fn remark(moved: &[(&Writer, i64)]) -> Option<String> {
    let mut named: Vec<String> = moved
        .iter()
        .take(NAMED)
        .map(|(writer, shift)| {
            let name = writer.name.as_deref().unwrap_or("what bears no name");
            let minutes = shift.saturating_abs() / MINUTE_MS;
            let (hours, rest) = (minutes / 60, minutes % 60);
            let rest = if rest == 0 {
                String::new()
            } else {
                format!(" {rest} min")
            };
            let way = if *shift > 0 { "ahead" } else { "behind" };
            format!("{name} {hours} h{rest} {way}")
        })
        .collect();
    let more = moved.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    (!named.is_empty()).then(|| {
        format!(
            "Containers in one file write in different time zones, as the order of their lines shows; put \
             on one clock: {}.",
            named.join(", ")
        )
    })
}
