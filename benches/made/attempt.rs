//! One handshake and what follows: the lines that the server, the middleware and the consumer write
//! of it, each with its time. The words are those of the recordings in `fixtures/`.

use super::chance::Chance;
use super::layout::{Layout, Level, Said, Step};
use super::moment::Moment;
use super::people::{self, User};
use super::traceback;

/// How an attempt ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Accepted, used, and closed by the client.
    Works,
    /// Accepted, and open beyond the end of the log.
    StaysOpen,
    TokenExpired,
    TokenMissing,
    NoRoute,
    ConsumerFails,
    /// Refused before the middleware, in silence.
    OriginRefused,
}

const ROUTES: [&str; 8] = [
    "dashboard",
    "dashboard",
    "dashboard",
    "dashboard",
    "dashboard",
    "chat",
    "chat",
    "notifications",
];
const ROOMS: u64 = 200;
const MIDDLEWARE: &str = "core.middleware";

/// The lines of one attempt as they come about.
pub(crate) struct Attempt<'a> {
    chance: &'a mut Chance,
    layout: Layout,
    now: Moment,
    client: String,
    user: User,
    path: String,
    /// The logger and the class of the consumer.
    consumer: (&'static str, &'static str),
    lines: Vec<(Moment, Vec<u8>)>,
}

impl<'a> Attempt<'a> {
    /// All lines of an attempt that begins now, in the order of time.
    pub(crate) fn lines(
        chance: &'a mut Chance,
        layout: Layout,
        now: Moment,
        fate: Fate,
    ) -> Vec<(Moment, Vec<u8>)> {
        let (path, consumer) = target(chance, fate);
        let mut attempt = Self {
            client: people::client(chance),
            user: User::any(chance),
            chance,
            layout,
            now,
            path,
            consumer,
            lines: Vec::new(),
        };
        attempt.run(fate);
        attempt.lines
    }

    fn run(&mut self, fate: Fate) {
        self.server(Step::Connecting);
        if fate == Fate::OriginRefused {
            return self.refused();
        }
        let path = &self.path;
        self.middleware(Level::Info, &format!("WebSocket connection: {path}"));
        if fate == Fate::TokenMissing {
            self.middleware(Level::Warning, "No token provided");
            self.middleware(Level::Warning, "Rejecting unauthenticated connection");
            return self.refused();
        }
        let length = self.chance.between(180, 320);
        self.middleware(Level::Info, &format!("Token found, length: {length}"));
        if fate == Fate::TokenExpired {
            self.middleware(Level::Warning, "Token expired: Signature has expired");
            self.middleware(Level::Warning, "Rejecting unauthenticated connection");
            return self.refused();
        }
        let User { name, id } = &self.user;
        self.middleware(
            Level::Info,
            &format!("User authenticated: {name} (ID: {id})"),
        );
        match fate {
            Fate::NoRoute => {
                let path = self.path.trim_start_matches('/').to_owned();
                let message = format!("No route found for path '{path}'.");
                self.exception(&message, &traceback::of_routing(&path));
            }
            Fate::ConsumerFails => {
                self.attempted();
                let message = "'User' object has no attribute 'profile'";
                self.exception(message, &traceback::of_a_consumer());
            }
            _ => self.accepted(fate),
        }
    }

    fn accepted(&mut self, fate: Fate) {
        self.attempted();
        self.server(Step::Connect);
        let name = &self.user.name;
        self.consumer(&format!("Connection accepted for user: {name}"));
        self.consumer("Initial message sent");
        for _ in 0..self.chance.below(4) {
            self.wait(100, 3000);
            self.consumer("Received: ping");
        }
        if fate == Fate::StaysOpen {
            return;
        }
        self.wait(200, 20_000);
        self.server(Step::Disconnect);
        let code = self.chance.one_of(&[1000, 1001, 1001]);
        self.consumer(&format!("Disconnected with code: {code}"));
    }

    fn attempted(&mut self) {
        let name = &self.user.name;
        self.consumer(&format!("Connection attempt from user: {name}"));
    }

    fn refused(&mut self) {
        self.server(Step::Reject);
        self.server(Step::Disconnect);
    }

    /// Daphne looks for exceptions of applications once a second.
    fn exception(&mut self, message: &str, traceback: &str) {
        self.wait(5, 1000);
        let message = format!("Exception inside application: {message}");
        self.log(Level::Error, "daphne.server", &message, traceback);
        self.server(Step::Disconnect);
    }

    fn middleware(&mut self, level: Level, message: &str) {
        let message = format!("[JWT Middleware] {message}");
        self.log(level, MIDDLEWARE, &message, "");
    }

    fn consumer(&mut self, message: &str) {
        let (logger, class) = self.consumer;
        self.log(Level::Info, logger, &format!("[{class}] {message}"), "");
    }

    fn log(&mut self, level: Level, logger: &str, message: &str, traceback: &str) {
        let mut line = Vec::with_capacity(160);
        let said = Said::Logged {
            level,
            logger,
            message,
            traceback,
        };
        self.layout.write(self.now, &said, &mut line);
        self.add(line);
    }

    fn server(&mut self, step: Step) {
        let mut line = Vec::with_capacity(96);
        let said = Said::Socket {
            client: &self.client,
            step,
            path: &self.path,
        };
        self.layout.write(self.now, &said, &mut line);
        self.add(line);
    }

    fn add(&mut self, line: Vec<u8>) {
        self.lines.push((self.now, line));
        self.wait(0, 6);
    }

    fn wait(&mut self, least: u64, most: u64) {
        self.now = self.now.after(self.chance.between(least, most));
    }
}

/// The path, and the logger and class of its consumer.
fn target(chance: &mut Chance, fate: Fate) -> (String, (&'static str, &'static str)) {
    let dashboard = ("monitoring.consumers", "DashboardConsumer");
    match fate {
        Fate::NoRoute => return ("/ws/dashboards/".to_owned(), dashboard),
        Fate::ConsumerFails => return ("/ws/dashboard/".to_owned(), dashboard),
        _ => {}
    }
    match chance.one_of(&ROUTES) {
        "chat" => {
            let room = Chance::new(chance.below(ROOMS)).uuid();
            let path = format!("/ws/chat/{room}/");
            (path, ("chat.consumers", "ChatConsumer"))
        }
        "dashboard" => ("/ws/dashboard/".to_owned(), dashboard),
        _ => (
            "/ws/notifications/".to_owned(),
            ("alerts.consumers", "NotificationConsumer"),
        ),
    }
}
