//! One log sifted by several threads, with the result that one thread has.
//!
//! Each takes the next block and searches it while the others do the same with theirs. What was searched waits
//! until all before it is handed on; whoever comes with a block hands on all whose turn has come.

use super::feed::Feed;
use super::marks::Marks;
use super::sifter::Sifter;
use super::sight::Block;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

/// Searched blocks of each thread that may wait for their turn.
const BLOCKS_AHEAD: usize = 2;

pub(super) fn sift<'a, R: Read + Send>(
    feed: Feed<R>,
    sifter: Sifter<'a>,
    marks: &Marks,
    threads: usize,
) -> (Feed<R>, Sifter<'a>) {
    let feed = Mutex::new(feed);
    let turns = Turns {
        sifter: Mutex::new(sifter),
        searched: Mutex::default(),
        passed: Condvar::new(),
        most: threads.saturating_mul(BLOCKS_AHEAD),
    };
    let work = || {
        loop {
            let mut block = lock(&turns.searched).spare.pop().unwrap_or_default();
            let mut reading = lock(&feed);
            if !reading.fill(&mut block.bytes) {
                return;
            }
            let place = reading.given;
            drop(reading);
            block.look(marks);
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
    /// Blocks to be filled again.
    spare: Vec<Block>,
}

impl Searched {
    fn due(&self) -> u64 {
        self.passed.saturating_add(1)
    }

    fn has_next(&self) -> bool {
        self.waiting.contains_key(&self.due())
    }

    fn next(&mut self) -> Option<Block> {
        let block = self.waiting.remove(&self.due())?;
        self.passed = self.due();
        Some(block)
    }
}

impl Turns<'_> {
    /// Adds a block that was searched. Where many wait for one that another thread searches, this one waits too.
    fn add(&self, place: u64, block: Block) {
        let mut searched = lock(&self.searched);
        searched.waiting.insert(place, block);
        let too_many =
            |searched: &mut Searched| searched.waiting.len() > self.most && !searched.has_next();
        drop(self.passed.wait_while(searched, too_many));
    }

    /// Hands on all blocks whose turn has come, unless another thread does: it finds the new one too.
    fn hand_on(&self) {
        while let Some(mut sifter) = try_lock(&self.sifter) {
            loop {
                let next = lock(&self.searched).next();
                let Some(block) = next else { break };
                sifter.take(&block);
                lock(&self.searched).spare.push(block);
            }
            drop(sifter);
            self.passed.notify_all();
            // One that came between the last look and here was left to this thread.
            if !lock(&self.searched).has_next() {
                return;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
