//! The common shape of access lines: `client - user [stamp] "request" status size …`.
//!
//! Daphne, Hypercorn, nginx, Apache and Gunicorn all write it; what tells them apart is left to
//! their dialects.

use super::request::{self, Request};
use super::{Parsed, clock, peer};
use crate::record::Peer;
use crate::stamp::Stamp;

/// One access line, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AccessLine<'a> {
    /// The client as printed.
    pub client: &'a str,
    /// Its address, where it is one.
    pub peer: Option<Peer>,
    /// The time in brackets.
    pub stamp: Stamp,
    /// What was asked.
    pub request: Request<'a>,
    /// The answer's status.
    pub status: Option<u16>,
    /// What stands after the status.
    pub rest: &'a str,
}

impl<'a> AccessLine<'a> {
    /// Reads a whole line.
    #[must_use]
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let (before, after) = text.split_once('[')?;
        // An IPv6 client in brackets opens one bracket earlier.
        let (before, after) = if before.trim().is_empty() {
            let (address, after) = after.split_once(']')?;
            let (_, after_stamp) = after.split_once('[')?;
            let end = text.find(address)?.checked_add(address.len())?;
            let port_end = text.get(end..)?.find(' ')?.checked_add(end)?;
            (text.get(..port_end)?, after_stamp)
        } else {
            (before, after)
        };
        let client = before.split_whitespace().next()?;
        let columns = before.split_whitespace().count();
        if !(1..=6).contains(&columns) || before.contains('"') {
            return None;
        }
        let (stamp, rest) = clock::leading(after)?;
        let rest = rest.strip_prefix(']')?.trim_start();
        let (request, rest) = Request::quoted(rest)?;
        let (status, rest) = match request::status(rest) {
            Some((status, rest)) => (Some(status), rest),
            None => (None, rest),
        };
        Some(Self {
            client,
            peer: peer::address(client),
            stamp,
            request,
            status,
            rest,
        })
    }

    /// The record's fields; the message starts with the request.
    #[must_use]
    pub(super) fn parsed(&self) -> Parsed {
        let mut message = if self.request.is_daphne_event() {
            format!("{} {}", self.request.verb, self.request.target)
        } else {
            self.request.in_quotes()
        };
        if let Some(status) = self.status {
            message.push(' ');
            message.push_str(&status.to_string());
        }
        let rest = self.rest.trim();
        if !rest.is_empty() && !rest.trim_matches(['-', ' ']).is_empty() {
            message.push(' ');
            message.push_str(rest);
        }
        Parsed {
            stamp: Some(self.stamp),
            peer: self.peer.clone(),
            target: self.request.target(),
            status: self.status,
            message,
            ..Parsed::default()
        }
    }
}
