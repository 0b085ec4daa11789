//! Writing one thing at a time, durably: from one thread, and from eight at once.

use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use nevertwice_domain::text::{Line, Prose};
use nevertwice_service::case::{ReportCase, RestrictCase};
use nevertwice_service::search::ListCases;

use crate::Outcome;
use crate::bare::BareDatabase;
use crate::figure::{Bound, Figure, Series, timed};
use crate::scratch::Register;

/// The register and the bare engine take turns, so that both have the same share of a busy machine.
const ROUNDS: usize = 7;
/// Writes of a thread in a round.
const WRITES: usize = 80;
const THREADS: usize = 8;
/// Writes that do not count, on either side. A log that grows syncs more slowly than one that is written over, which
/// SQLite's is from its first folding on: these fill it once.
const FIRST_WRITES: usize = 2_000;
/// Cases that are restricted one by one.
const NARROWINGS: u64 = 40;

/// Reports one case, so that the database ends with one that somebody typed in.
pub(crate) fn one(register: &Register) -> Outcome<()> {
    register.ask(report(0)?).map(drop)
}

/// Measures durable writes.
pub(crate) fn measure(register: &Register, bare: &mut dyn BareDatabase, count: u64) -> Outcome<Vec<Figure>> {
    let bare = Mutex::new(bare);
    fill_the_log(register, &bare)?;
    let mut single = Rates::default();
    let mut eight = Rates::default();
    let mut taken = Vec::new();
    for _ in 0..ROUNDS {
        single.ours.push(rate(1, &|turn| register.ask(report(turn)?).map(drop))?);
        single.bare.push(bare_rate(1, &bare)?);
        eight.ours.push(rate(THREADS, &|turn| register.ask(report(turn)?).map(drop))?);
        eight.bare.push(bare_rate(THREADS, &bare)?);
        for turn in 0..WRITES {
            taken.push(timed(|| register.ask(report(turn)?))?.0 * 1_000.0);
        }
    }
    let seen = Series::measure(|turn| {
        register.ask(report(turn)?)?;
        register.ask(ListCases { query: String::new(), limit: 50, after: None, sort: None }).map(drop)
    })?;
    let narrowed = narrowings(register, count)?;
    let single = single.figure("cases reported, one writer", "≥ 50 % of the bare engine", 0.5);
    let eight = eight.figure("cases reported, eight writers", "above the bare engine", 1.0);
    let latency = Figure::latency("reporting a case", &Series::of(taken));
    Ok(vec![
        single,
        eight,
        latency,
        Figure::latency("reporting a case and seeing it in the list", &seen),
        Figure::latency("restricting a case, until nobody else is told of it", &narrowed),
    ])
}

/// Restricts open cases one after the other; each is answered when no search finds it any more.
fn narrowings(register: &Register, count: u64) -> Outcome<Series> {
    let taken = (0..NARROWINGS).map(|turn| {
        // Spread over the register; every tenth case is restricted already.
        let case = register.case(1 + count / 10 / NARROWINGS * turn * 10)?;
        let narrowing = RestrictCase { case, readers: Some(Vec::new()) };
        Ok(timed(|| register.ask(narrowing))?.0 * 1_000.0)
    });
    Ok(Series::of(taken.collect::<Outcome<_>>()?))
}

/// Writes per second, round by round.
#[derive(Default)]
struct Rates {
    ours: Vec<f64>,
    bare: Vec<f64>,
}

impl Rates {
    fn figure(self, name: &'static str, target: &'static str, share: f64) -> Figure {
        Figure::new(name, "/s", Series::of(self.ours).at(50))
            .beside(Series::of(self.bare).at(50))
            .target(target, Bound::ShareAtLeast(share))
    }
}

fn fill_the_log(register: &Register, bare: &Mutex<&mut dyn BareDatabase>) -> Outcome<()> {
    for turn in 0..FIRST_WRITES {
        register.ask(report(turn)?)?;
        locked(bare).write()?;
    }
    Ok(())
}

fn locked<'a, 'b>(bare: &'a Mutex<&'b mut dyn BareDatabase>) -> MutexGuard<'a, &'b mut dyn BareDatabase> {
    bare.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bare_rate(threads: usize, bare: &Mutex<&mut dyn BareDatabase>) -> Outcome<f64> {
    rate(threads, &|_| locked(bare).write())
}

/// How often per second `threads` threads together get through `work`.
fn rate(threads: usize, work: &(impl Fn(usize) -> Outcome<()> + Sync)) -> Outcome<f64> {
    let start = Instant::now();
    let all = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| (0..WRITES).try_for_each(work))).collect();
        running.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a writer panicked")?)
    });
    all?;
    Ok((threads * WRITES) as f64 / start.elapsed().as_secs_f64())
}

fn report(turn: usize) -> Outcome<ReportCase> {
    let summary = "A colleague opened the attachment of a mail that claimed to come from the bank. The machine was \
                   taken off the network and the password was changed within the hour.";
    Ok(ReportCase {
        title: Line::from_str(&format!("Attachment of a forged mail opened, number {turn}"))?,
        summary: Some(Prose::from_str(summary)?),
        class: None,
        severity: None,
        occurred: None,
        detected: None,
        reported: None,
        reporter: None,
        attachments: Vec::new(),
    })
}
