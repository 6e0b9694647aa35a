//! Patterns: the public names of where an attempt stopped.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where, and in what manner, an attempt stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// The client tried; nothing on the backend says so.
    NoLogs,
    /// The upgrade arrived as a plain HTTP request.
    HttpOnly,
    /// The server saw the upgrade; no middleware and no consumer spoke.
    ServerOnly,
    /// Middleware spoke; the consumer never did.
    MiddlewareOnly,
    /// The consumer's `connect()` ran; it was never accepted.
    ConsumerRefused,
    /// Accepted, then closed or errored within moments, or before the client saw it open.
    AcceptedThenClosed,
    /// Open and working, then lost later.
    OpenThenDropped,
    /// Open, and the expected messages never come.
    OpenButSilent,
    /// Opened, worked, closed cleanly or still open.
    Healthy,
    /// The input cannot tell.
    InsufficientEvidence,
}

impl Pattern {
    /// Every pattern.
    pub const ALL: [Self; 10] = [
        Self::NoLogs,
        Self::HttpOnly,
        Self::ServerOnly,
        Self::MiddlewareOnly,
        Self::ConsumerRefused,
        Self::AcceptedThenClosed,
        Self::OpenThenDropped,
        Self::OpenButSilent,
        Self::Healthy,
        Self::InsufficientEvidence,
    ];

    /// The public name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoLogs => "no-logs",
            Self::HttpOnly => "http-only",
            Self::ServerOnly => "server-only",
            Self::MiddlewareOnly => "middleware-only",
            Self::ConsumerRefused => "consumer-refused",
            Self::AcceptedThenClosed => "accepted-then-closed",
            Self::OpenThenDropped => "open-then-dropped",
            Self::OpenButSilent => "open-but-silent",
            Self::Healthy => "healthy",
            Self::InsufficientEvidence => "insufficient-evidence",
        }
    }

    /// Whether an attempt of this pattern failed.
    #[must_use]
    pub fn is_failure(self) -> bool {
        !matches!(self, Self::Healthy | Self::InsufficientEvidence)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
