//! One log sifted by several threads, with the result that one thread has.
//!
//! Each takes the next block and searches it while the others do the same with theirs. What was searched waits
//! until all before it is handed on; whoever comes with a block hands on all whose turn has come.

use super::feed::Feed;
use super::marks::Marks;
use super::repeats::Repeats;
use super::sifter::Sifter;
use super::sight::Block;
use crate::mapped::Supply;
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Searched blocks of each thread that may wait for their turn.
const BLOCKS_AHEAD: usize = 2;

pub(super) fn sift<'a, S: Supply + Send>(
    feed: Feed<S>,
    sifter: Sifter<'a>,
    marks: &Marks,
    threads: usize,
) -> (Feed<S>, Sifter<'a>) {
    let feed = Mutex::new(feed);
    let turns = Turns {
        sifter: Mutex::new(sifter),
        searched: Mutex::default(),
        passed: Condvar::new(),
        most: threads.saturating_mul(BLOCKS_AHEAD),
    };
    let work = || {
        let mut repeats = Repeats::default();
        loop {
            let mut block = lock(&turns.searched).spare.pop().unwrap_or_default();
            let mut reading = lock(&feed);
            if !reading.fill(&mut block.bytes) {
                return;
            }
            let place = reading.given;
            drop(reading);
            block.look(marks, &mut repeats);
            turns.add(place, block);
            turns.hand_on();
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let feed = feed.into_inner().unwrap_or_else(PoisonError::into_inner);
    let sifter = turns.sifter.into_inner();
    (feed, sifter.unwrap_or_else(PoisonError::into_inner))
}

struct Turns<'a> {
    sifter: Mutex<Sifter<'a>>,
    searched: Mutex<Searched>,
    /// Told when blocks were handed on.
    passed: Condvar,
    /// How many blocks may wait.
    most: usize,
}

/// Blocks that wait for their turn.
#[derive(Default)]
struct Searched {
    /// How many were handed on.
    passed: u64,
    waiting: BTreeMap<u64, Block>,
    /// Whether a thread hands them on.
    handing_on: bool,
    /// Blocks to be filled again.
    spare: Vec<Block>,
}

impl Searched {
    fn due(&self) -> u64 {
        self.passed.saturating_add(1)
    }

    /// Whether there is something for one more thread to hand on.
    fn needs_hand(&self) -> bool {
        !self.handing_on && self.waiting.contains_key(&self.due())
    }

    fn next(&mut self) -> Option<Block> {
        let block = self.waiting.remove(&self.due())?;
        self.passed = self.due();
        Some(block)
    }
}

impl Turns<'_> {
    /// Adds a block that was searched. Where many wait, for one that another thread searches or for another
    /// thread to hand them on, this one waits too.
    fn add(&self, place: u64, block: Block) {
        let mut searched = lock(&self.searched);
        searched.waiting.insert(place, block);
        let too_many =
            |searched: &mut Searched| searched.waiting.len() > self.most && !searched.needs_hand();
        drop(self.passed.wait_while(searched, too_many));
    }

    /// Hands on all blocks whose turn has come, unless another thread does.
    fn hand_on(&self) {
        let mut searched = lock(&self.searched);
        if !searched.needs_hand() {
            return;
        }
        searched.handing_on = true;
        drop(searched);
        let hand = Hand(self);
        let mut sifter = lock(&self.sifter);
        while let Some(mut block) = self.next() {
            sifter.take(&block);
            block.bytes.let_go();
            lock(&self.searched).spare.push(block);
            self.passed.notify_all();
        }
        drop(hand);
    }

    /// The block whose turn it is. Where there is none, nobody hands on any more.
    fn next(&self) -> Option<Block> {
        let mut searched = lock(&self.searched);
        let next = searched.next();
        searched.handing_on = next.is_some();
        next
    }
}

/// The hand that hands on. Should it fail, others need not wait for it.
struct Hand<'a, 'b>(&'a Turns<'b>);

impl Drop for Hand<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.searched).handing_on = false;
            self.0.passed.notify_all();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
