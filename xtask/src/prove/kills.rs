//! What was acknowledged is there, with all it says and nothing half, after the server was killed while it was writing.
//!
//! Writers speak to the server's socket, and somebody searches all the time, which is what makes the index follow.
//! After a time drawn by lot the server gets SIGKILL and is started again, now and then with another kill while it
//! starts. Then every case written to since the last kill is read back: what was acknowledged has to be there, and of the
//! one write of each writer that the kill cut off either all or nothing.

mod book;
mod check;
mod write;
mod writers;

use std::time::{Duration, Instant};

use clap::Args;

use super::chance::Chance;
use super::server::Serving;
use crate::postgres;
use crate::program::{Program, Register};
use crate::readiness::pause;
use book::Book;
use writers::{Desk, Load, Round, Written};

/// A line of progress after so many kills.
const TELL_EVERY: u32 = 50;
/// Everything that the register says of itself is checked after so many kills.
const CHECK_EVERY: u32 = 100;
/// The index is made anew under load in every so many rounds.
const REBUILD_EVERY: u32 = 20;
/// The kill strikes at most so many milliseconds after the writers began.
const LONGEST_LOAD: usize = 250;
/// One kill of so many strikes when they have hardly begun.
const EARLY_EVERY: usize = 8;
/// So early that is, in milliseconds.
const EARLY: usize = 10;
/// After one kill of so many the next server is killed as well, while it starts.
const STARTING_EVERY: usize = 8;
/// It has so many milliseconds at most until then.
const STARTING: usize = 60;

/// How many kills, on which engine.
#[derive(Debug, Args)]
pub(crate) struct Kills {
    /// How often to kill the server.
    #[arg(long, default_value_t = 2000)]
    pub(crate) count: u32,
    /// How many writers write when it happens.
    #[arg(long, default_value_t = 4)]
    pub(crate) writers: u32,
    /// Use PostgreSQL in place of SQLite.
    #[arg(long)]
    pub(crate) postgres: bool,
    /// What the moments of the kills and the writes are drawn from.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// What was done so far.
#[derive(Default)]
struct Tally {
    kills: u32,
    /// Writes that the server said are done.
    acknowledged: u64,
    /// Writes without an answer, because the kill came first.
    cut: u64,
    /// Of those, the ones that handed in a file.
    cut_files: u64,
    /// Of those, the ones that turned out to be there.
    turned_out_written: u64,
    /// Kills in the middle of a search, which brings the index up to date first, or while the index was made anew.
    in_search: u32,
    /// Kills beside those, of servers that were just starting.
    starting: u32,
    /// From the start of a server after a kill until it answers.
    slowest_start: Duration,
}

/// Kills the server again and again while people write.
///
/// # Errors
/// When something acknowledged is lost, or something is there by half. The data folder stays for a look.
pub(crate) fn prove(program: &Program, wanted: &Kills) -> anyhow::Result<()> {
    let database = if wanted.postgres { Some(postgres::Server::start_durable()?) } else { None };
    let url = database.as_ref().map(|server| server.create_database("kills")).transpose()?;
    let mut register = Register::init(program, url)?;
    let outcome = kill_and_look(&register, wanted);
    if outcome.is_err() {
        register.keep();
        println!("the data folder stays in {}", register.data().display());
    }
    outcome
}

fn kill_and_look(register: &Register<'_>, wanted: &Kills) -> anyhow::Result<()> {
    let start = Instant::now();
    let desk = Desk::of(register)?;
    let mut chance = Chance::new(wanted.seed);
    let mut book = Book::default();
    let mut tally = Tally::default();
    let mut serving = Serving::start(register)?;
    // It tells the year of the references.
    let first =
        Written { acknowledged: vec![check::one_more(&desk, "The first case")?], ..Written::default() };
    check::new(&desk, &mut book, &first)?;
    for kill in 1..=wanted.count {
        let known = if kill.is_multiple_of(2) { book.newest(wanted.writers) } else { Vec::new() };
        let rebuild = kill.is_multiple_of(REBUILD_EVERY);
        let round = Round { number: kill, writers: wanted.writers, known, rebuild };
        let mut written = under_load(serving, &desk, round, &mut chance)?;
        if chance.below(STARTING_EVERY) == 0 {
            Serving::start_and_kill(register, Duration::from_millis(chance.below(STARTING) as u64))?;
            tally.starting += 1;
        }
        let down = Instant::now();
        serving = Serving::start(register)?;
        tally.slowest_start = tally.slowest_start.max(down.elapsed());
        written.acknowledged.push(check::one_more(&desk, &format!("After kill {kill}"))?);
        tally.kills = kill;
        tally.acknowledged += written.acknowledged.len() as u64;
        tally.cut += written.cut.len() as u64;
        tally.cut_files += written.cut.iter().filter(|write| write.is_file()).count() as u64;
        tally.in_search += u32::from(written.in_search);
        tally.turned_out_written += check::new(&desk, &mut book, &written)?;
        if kill.is_multiple_of(CHECK_EVERY) || kill == wanted.count {
            check::register(&desk, &book, tally.cut_files)?;
        }
        if kill.is_multiple_of(TELL_EVERY) {
            println!("{}; {:.0} s", tally.told(), start.elapsed().as_secs_f64());
        }
    }
    let checked = check::everything(&desk, &book)?;
    serving.stop()?;
    if tally.cut == 0 {
        anyhow::bail!("no kill cut a write off, so this shows nothing");
    }
    println!("{}; lost: 0, half: 0; {checked}; {:.0} s", tally.told(), start.elapsed().as_secs_f64());
    Ok(())
}

/// Lets people write through a server until it is killed.
fn under_load(serving: Serving, desk: &Desk, round: Round, chance: &mut Chance) -> anyhow::Result<Written> {
    let longest = if chance.below(EARLY_EVERY) == 0 { EARLY } else { LONGEST_LOAD };
    let time = Duration::from_millis(chance.below(longest + 1) as u64);
    std::thread::scope(|scope| {
        let load = Load::start(scope, desk, round, chance);
        pause(time);
        serving.kill()?;
        load.ended()
    })
}

impl Tally {
    fn told(&self) -> String {
        format!(
            "{} kills, {} of them in the middle of a search, and {} more of servers that were starting; {} writes \
             acknowledged, all there; {} cut off, of which {} are there and {} are not; ready again after {} ms at most",
            self.kills,
            self.in_search,
            self.starting,
            self.acknowledged,
            self.cut,
            self.turned_out_written,
            self.cut - self.turned_out_written,
            self.slowest_start.as_millis()
        )
    }
}
