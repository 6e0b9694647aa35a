//! One log: everyday records and attempts, in the order of time.

use super::attempt::Attempt;
use super::chance::Chance;
use super::everyday;
use super::kind::{Kind, Share};
use super::layout::{Level, Said};
use super::moment::Moment;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// 2026-11-02 06:00:00 UTC.
const FIRST_DAY: i64 = 1_793_599_200_000;
const STARTING: [(&str, &str); 4] = [
    (
        "daphne.cli",
        "Starting server at tcp:port=8000:interface=0.0.0.0",
    ),
    ("daphne.server", "HTTP/2 support enabled"),
    (
        "daphne.server",
        "Configuring endpoint tcp:port=8000:interface=0.0.0.0",
    ),
    ("daphne.server", "Listening on TCP address 0.0.0.0:8000"),
];

/// A log without an end, record by record.
#[derive(Debug)]
pub(crate) struct Log {
    kind: Kind,
    chance: Chance,
    now: Moment,
    /// Lines of attempts whose time has not come; of one time, in the order they were planned.
    coming: BinaryHeap<Reverse<(Moment, u64, Vec<u8>)>>,
    planned: u64,
    /// The clock has moved since the last everyday record or attempt.
    moved: bool,
    /// Everyday records so far.
    others: u64,
    starting: usize,
}

impl Log {
    /// A log that begins so many days after the first.
    pub(crate) fn new(kind: Kind, seed: u64, day: u32) -> Self {
        Self {
            kind,
            chance: Chance::new(seed),
            now: Moment(FIRST_DAY + i64::from(day) * 86_400_000),
            coming: BinaryHeap::new(),
            planned: 0,
            moved: false,
            others: 0,
            starting: 0,
        }
    }

    /// Writes the next record with all its lines.
    pub(crate) fn next_into(&mut self, out: &mut Vec<u8>) {
        if self.started(out) {
            return;
        }
        loop {
            if let Some(line) = self.due() {
                return out.extend_from_slice(&line);
            }
            // What comes due while the clock moves stands first.
            if !self.moved {
                self.now = self.now.after(self.chance.below(20));
                self.moved = true;
                continue;
            }
            self.moved = false;
            if !self.is_time_for_an_attempt() {
                return self.everyday(out);
            }
            self.plan_attempt();
        }
    }

    /// Writes the next line of the server's start, if there is one left.
    fn started(&mut self, out: &mut Vec<u8>) -> bool {
        let Some((logger, message)) = STARTING.get(self.starting) else {
            return false;
        };
        self.starting += 1;
        let said = Said::Logged {
            level: Level::Info,
            logger,
            message,
            traceback: "",
        };
        self.kind.layout().write(self.now, &said, out);
        true
    }

    /// The next line of an attempt, if its time has come.
    fn due(&mut self) -> Option<Vec<u8>> {
        let Reverse((at, ..)) = self.coming.peek()?;
        if *at > self.now {
            return None;
        }
        self.coming.pop().map(|Reverse((_, _, line))| line)
    }

    fn is_time_for_an_attempt(&mut self) -> bool {
        match self.kind.share() {
            Share::OneIn(records) => self.chance.below(records) == 0,
            Share::OfTenLines(lines) => self.planned * 10 <= lines * (self.planned + self.others),
        }
    }

    fn plan_attempt(&mut self) {
        let fate = self.kind.fate(&mut self.chance);
        let lines = Attempt::lines(&mut self.chance, self.kind.layout(), self.now, fate);
        for (at, line) in lines {
            self.planned += 1;
            self.coming.push(Reverse((at, self.planned, line)));
        }
    }

    fn everyday(&mut self, out: &mut Vec<u8>) {
        self.others += 1;
        let (layout, now) = (self.kind.layout(), self.now);
        everyday::happen(&mut self.chance, self.kind.errors(), |said| {
            layout.write(now, said, out);
        });
    }
}
