//! The same question again and again: how long an answer takes, and how many come in a second.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use super::tasks::Task;
use crate::web::{Connection, Times, rate};

/// Connections that are asked at once.
const CONNECTIONS: usize = 8;

/// How much is asked.
pub(super) struct Effort {
    /// Questions that do not count, before those that do.
    warm_up: u64,
    /// Questions one after the other.
    repetitions: u64,
    /// How long eight connections ask.
    stretch: Duration,
    /// Most changes that eight connections make: they stay in the register.
    most_changes: u64,
}

/// What came of it.
pub(super) struct Series {
    pub(super) times: Times,
    /// Answers a second with eight connections.
    pub(super) rate: f64,
}

impl Effort {
    /// For figures.
    pub(super) const FULL: Effort =
        Effort { warm_up: 20, repetitions: 500, stretch: Duration::from_secs(3), most_changes: 2_000 };
    /// To see that it works.
    pub(super) const SHORT: Effort =
        Effort { warm_up: 3, repetitions: 40, stretch: Duration::from_millis(300), most_changes: 40 };
}

impl Series {
    /// Asks one server, first on one connection, then on eight.
    ///
    /// # Errors
    /// When an answer is not what it has to be.
    pub(super) fn measure(address: SocketAddr, task: &Task<'_>, effort: &Effort) -> anyhow::Result<Series> {
        let turn = AtomicU64::new(0);
        let mut connection = Connection::to(address);
        let mut times = Times::default();
        for number in 0..effort.warm_up + effort.repetitions {
            let ask = (task.ask)(turn.fetch_add(1, Ordering::Relaxed));
            let start = Instant::now();
            let response = connection.exchange(&ask.request, task.who)?;
            let taken = start.elapsed();
            ask.check(&response)?;
            if number >= effort.warm_up {
                times.add(taken);
            }
        }
        let rate = together(address, task, effort, &turn)?;
        Ok(Series { times, rate })
    }

    /// Adds the same measured once more.
    pub(super) fn add(&mut self, other: Series) {
        self.times.extend(other.times);
        self.rate = f64::midpoint(self.rate, other.rate);
    }
}

fn together(address: SocketAddr, task: &Task<'_>, effort: &Effort, turn: &AtomicU64) -> anyhow::Result<f64> {
    let asked = AtomicU64::new(0);
    let most = if task.is_write { effort.most_changes } else { u64::MAX };
    let start = Instant::now();
    let ask_on = || -> anyhow::Result<u64> {
        let mut connection = Connection::to(address);
        let mut answered = 0;
        while start.elapsed() < effort.stretch && asked.fetch_add(1, Ordering::Relaxed) < most {
            let ask = (task.ask)(turn.fetch_add(1, Ordering::Relaxed));
            connection.ask(&ask, task.who)?;
            answered += 1;
        }
        Ok(answered)
    };
    let answered = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask_on)).collect();
        let answered =
            threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a visitor broke down"))?);
        answered.sum::<anyhow::Result<u64>>()
    })?;
    Ok(rate(answered, start.elapsed()))
}
