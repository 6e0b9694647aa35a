//! The stages a WebSocket connection passes, in the order a healthy attempt passes them.
//!
//! Only the vocabulary lives here. What proves a stage is knowledge of the lexicon; how far an
//! attempt came is worked out by [`crate::attempt`].

use serde::{Deserialize, Serialize};
use std::fmt;

/// One stage of a connection. The order of the variants is the order of a healthy attempt.
///
/// The names are public: rules, reports and the JSON document use exactly these, in kebab case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The page or program constructed the socket.
    Client,
    /// The packets reached some machine that answered.
    Network,
    /// A reverse proxy saw the request.
    Proxy,
    /// The application server (Daphne, Uvicorn …) saw the upgrade request.
    Server,
    /// Origin validation let it pass.
    Origin,
    /// A middleware around the routes was called.
    Middleware,
    /// The user was authenticated.
    Auth,
    /// A route matched the path.
    Routing,
    /// The consumer's `connect()` ran.
    Consumer,
    /// The handshake was answered with status 101.
    Accept,
    /// The client saw the connection open.
    Open,
    /// Messages crossed.
    Traffic,
    /// The connection ended.
    Close,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 13] = [
        Self::Client,
        Self::Network,
        Self::Proxy,
        Self::Server,
        Self::Origin,
        Self::Middleware,
        Self::Auth,
        Self::Routing,
        Self::Consumer,
        Self::Accept,
        Self::Open,
        Self::Traffic,
        Self::Close,
    ];

    /// The public name, as rules and reports write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Network => "network",
            Self::Proxy => "proxy",
            Self::Server => "server",
            Self::Origin => "origin",
            Self::Middleware => "middleware",
            Self::Auth => "auth",
            Self::Routing => "routing",
            Self::Consumer => "consumer",
            Self::Accept => "accept",
            Self::Open => "open",
            Self::Traffic => "traffic",
            Self::Close => "close",
        }
    }

    /// The stage after this one in a healthy attempt, or `None` after [`Stage::Close`].
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| *stage > self)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
