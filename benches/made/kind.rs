//! The kinds of log that are made, and what each consists of.

use super::attempt::Fate;
use super::chance::Chance;
use super::layout::Layout;

/// What a log is full of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One attempt in a thousand lines among queries, requests and tasks.
    Sparse,
    /// Seven of ten lines are about WebSockets.
    Dense,
    /// Three of ten records bring a traceback.
    Traceback,
    /// JSON lines, one attempt in a hundred.
    Json,
    /// Attempts alone, all accepted, none ended: what each open one costs.
    Open,
}

/// How many attempts there are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Share {
    /// One in so many records.
    OneIn(u64),
    /// So many of ten lines are about one.
    OfTenLines(u64),
}

impl Kind {
    pub(crate) fn layout(self) -> Layout {
        match self {
            Self::Json => Layout::Json,
            _ => Layout::Text,
        }
    }

    pub(crate) fn share(self) -> Share {
        match self {
            Self::Sparse => Share::OneIn(1000),
            Self::Dense => Share::OfTenLines(7),
            Self::Traceback | Self::Json => Share::OneIn(100),
            Self::Open => Share::OfTenLines(10),
        }
    }

    /// Errors with a traceback among a thousand records that are about no socket.
    pub(crate) fn errors(self) -> u64 {
        match self {
            Self::Traceback => 300,
            Self::Json => 10,
            _ => 1,
        }
    }

    /// How the next attempt ends.
    pub(crate) fn fate(self, chance: &mut Chance) -> Fate {
        let working = match self {
            Self::Open => return Fate::StaysOpen,
            Self::Traceback => 500,
            _ => 900,
        };
        if chance.happens(working) {
            return Fate::Works;
        }
        chance.one_of(&[
            Fate::TokenExpired,
            Fate::TokenExpired,
            Fate::TokenMissing,
            Fate::NoRoute,
            Fate::ConsumerFails,
            Fate::OriginRefused,
        ])
    }
}
