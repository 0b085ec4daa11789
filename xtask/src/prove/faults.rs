//! I/O errors and full disks at every step of the operations that matter: each ends in success or in a clear error,
//! nothing acknowledged is lost, and the register opens and verifies afterwards.
//!
//! Each command is run on a copy of a register whose server was killed, under the shim (`xtask/shim/disk.c`), which lets
//! one of the calls that change files fail, or all from that one on. Then, with the disk in order again, the register is
//! verified, the command is run again, and everything known is looked for. The same is done to a running server that is
//! asked for many things.

mod served;

use std::time::Instant;

use anyhow::bail;
use clap::Args;

use super::chance::Chance;
use super::shim::Blow;
use super::strike::{Bench, Job, Operation, Tally, sample, side_by_side};
use crate::program::Program;

/// What can happen to a call.
const BLOWS: [Blow; 4] = [
    Blow::Fail { error: "EIO", lasting: false },
    Blow::Fail { error: "EIO", lasting: true },
    Blow::Fail { error: "ENOSPC", lasting: false },
    Blow::Fail { error: "ENOSPC", lasting: true },
];

/// How many faults.
#[derive(Debug, Args)]
pub(crate) struct Faults {
    /// At how many calls of an operation each kind of fault strikes at most; at all of them if it makes no more.
    #[arg(long, default_value_t = 100)]
    pub(crate) calls: u32,
    /// Rows of the spreadsheet that is imported.
    #[arg(long, default_value_t = 1100)]
    pub(crate) rows: usize,
    /// What the choice of calls is drawn from.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl Faults {
    /// As many as every change has to stand.
    pub(crate) const SHORT: Faults = Faults { calls: 1, rows: 40, seed: 1 };
}

/// Strikes and looks.
///
/// # Errors
/// The first failure, after all are printed.
pub(crate) fn prove(program: &Program, wanted: &Faults) -> anyhow::Result<()> {
    let start = Instant::now();
    let bench = Bench::set_up(program, wanted.rows)?;
    let mut chance = Chance::new(wanted.seed);
    let (mut struck, mut failures) = (0, Vec::new());
    for operation in Operation::ALL {
        let calls = bench.calls(operation)?;
        let jobs = jobs(calls, wanted.calls, &mut chance);
        let tally = side_by_side(&jobs, |number, job| bench.strike(operation, number, job.blow, job.call));
        struck += tell(&format!("{operation:?}"), calls, &tally);
        failures.extend(tally.failures);
    }
    let calls = served::calls(&bench)?;
    let jobs = jobs(calls, wanted.calls, &mut chance);
    let tally = side_by_side(&jobs, |number, job| served::strike(&bench, number, job.blow, job.call));
    struck += tell("Serve", calls, &tally);
    failures.extend(tally.failures);
    println!("{struck} faults, {} failures; {:.0} s", failures.len(), start.elapsed().as_secs_f64());
    match failures.first() {
        Some(first) => bail!("{} faults did harm; the first: {first}", failures.len()),
        None => Ok(()),
    }
}

fn jobs(calls: u32, at_most: u32, chance: &mut Chance) -> Vec<Job> {
    let mut jobs = Vec::new();
    for blow in BLOWS {
        jobs.extend(sample(calls, at_most, chance).into_iter().map(|call| Job { blow, call }));
    }
    jobs
}

fn tell(operation: &str, calls: u32, tally: &Tally) -> u32 {
    let struck = tally.done + tally.refused;
    println!(
        "{operation}: {calls} calls change files; {struck} faults: {} successes, {} clear errors; {} fell on nothing; \
         {} not as promised",
        tally.done,
        tally.refused,
        tally.missed,
        tally.failures.len()
    );
    for failure in tally.failures.iter().take(5) {
        println!("  {failure}");
    }
    struck + u32::try_from(tally.failures.len()).unwrap_or(u32::MAX)
}
