//! Reading a source: its lines grouped, each group a record.

use super::registry::PLAIN;
use super::{assemble, fold};
use crate::input::Source;
use crate::record::{Record, Side};

/// What the dialects made of one source, for the report's list of inputs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The ids of the dialects that claimed records, sorted; without `plain`.
    pub dialects: Vec<&'static str>,
    /// The lines of records that no dialect claimed, empty lines left out.
    pub unrecognised: u64,
}

/// The records of one source, in the order of their first lines. Every line is in exactly one.
///
/// `source_index` is the source's place in the list of sources, kept in each record's origin.
#[must_use]
pub fn read(source_index: usize, source: &Source) -> Vec<Record> {
    let groups = fold::group(&source.lines);
    let side = usual_side(&source.name, &groups);
    groups
        .into_iter()
        .filter_map(|group| assemble::record(source_index, &source.lines, group, side))
        .collect()
}

/// Counts the dialects of the records of one source.
#[must_use]
pub fn summary(records: &[Record]) -> Summary {
    let mut dialects: Vec<&'static str> = records
        .iter()
        .map(|record| record.dialect)
        .filter(|id| *id != PLAIN)
        .collect();
    dialects.sort_unstable();
    dialects.dedup();
    let unrecognised = records
        .iter()
        .filter(|record| record.dialect == PLAIN && !record.message.is_empty())
        .map(|record| {
            1 + record
                .detail
                .iter()
                .filter(|line| !line.trim().is_empty())
                .count() as u64
        })
        .sum();
    Summary {
        dialects,
        unrecognised,
    }
}

/// The side of lines whose dialect leaves it open: the one that all other lines of the source are
/// of, then what the source's name says, then the backend.
fn usual_side(name: &str, groups: &[fold::Group]) -> Side {
    let mut sides = groups.iter().filter_map(|group| {
        let body = group
            .claim
            .body
            .as_ref()
            .and_then(|(_, parsed)| parsed.side);
        body.or_else(|| {
            group
                .claim
                .frame
                .as_ref()
                .and_then(|(_, parsed)| parsed.side)
        })
    });
    if let Some(first) = sides.next() {
        if sides.all(|side| side == first) {
            return first;
        }
        return Side::Backend;
    }
    let name = name.to_ascii_lowercase();
    if [
        "nginx", "haproxy", "apache", "httpd", "caddy", "traefik", "envoy", "ingress",
    ]
    .iter()
    .any(|word| name.contains(word))
    {
        return Side::Proxy;
    }
    if ["console", "browser", "devtools", "firefox", "chrome"]
        .iter()
        .any(|word| name.contains(word))
    {
        return Side::Client;
    }
    Side::Backend
}
