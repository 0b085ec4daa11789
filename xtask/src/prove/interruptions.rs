//! Kills inside the operations that matter: afterwards the register is as before or as after, and the same command works
//! again, or says that it is done; an import goes on where it was.
//!
//! Each command is run on a copy of a register under the shim (`xtask/shim/disk.c`), which kills the process just before
//! one of the calls that change files. Then the register is verified as it is, the command is run again, and everything
//! known is looked for. Migrations are run in `init`: run again, it goes on from the step that was reached. No register of an
//! older schema with anything in it can exist before the second release.

use std::time::Instant;

use anyhow::bail;
use clap::Args;

use super::chance::Chance;
use super::shim::Blow;
use super::strike::{Bench, Job, Operation, sample, side_by_side};
use crate::program::Program;

/// How many kills.
#[derive(Debug, Args)]
pub(crate) struct Interruptions {
    /// Before how many calls of an operation it is killed at most; before all of them if it makes no more.
    #[arg(long, default_value_t = 400)]
    pub(crate) calls: u32,
    /// Rows of the spreadsheet that is imported.
    #[arg(long, default_value_t = 1100)]
    pub(crate) rows: usize,
    /// What the choice of calls is drawn from.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl Interruptions {
    /// As many as every change has to stand.
    pub(crate) const SHORT: Interruptions = Interruptions { calls: 2, rows: 600, seed: 1 };
}

/// Kills and looks.
///
/// # Errors
/// The first failure, after all are printed.
pub(crate) fn prove(program: &Program, wanted: &Interruptions) -> anyhow::Result<()> {
    let start = Instant::now();
    let bench = Bench::set_up(program, wanted.rows)?;
    let mut chance = Chance::new(wanted.seed);
    let (mut killed, mut failures) = (0, Vec::new());
    for operation in Operation::ALL {
        let calls = bench.calls(operation)?;
        let sample = sample(calls, wanted.calls, &mut chance);
        let jobs: Vec<Job> = sample.into_iter().map(|call| Job { blow: Blow::Kill, call }).collect();
        let tally = side_by_side(&jobs, |number, job| bench.strike(operation, number, job.blow, job.call));
        println!(
            "{operation:?}: {calls} calls change files; {} kills, all well; {} fell on nothing; {} not as promised",
            tally.killed,
            tally.missed,
            tally.failures.len()
        );
        for failure in tally.failures.iter().take(5) {
            println!("  {failure}");
        }
        killed += tally.killed as usize + tally.failures.len();
        failures.extend(tally.failures);
    }
    println!("{killed} kills, {} failures; {:.0} s", failures.len(), start.elapsed().as_secs_f64());
    match failures.first() {
        Some(first) => bail!("{} kills did harm; the first: {first}", failures.len()),
        None => Ok(()),
    }
}
