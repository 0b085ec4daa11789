//! `cargo xtask prove`: promises that take too long to test at every change, shown on the real program. Each has a file
//! of its own in `prove/`, with its arguments and what it does.

mod backups;
mod kills;
mod register;
mod restriction;
mod server;
mod writers;

use clap::{Args, Subcommand};

use crate::program::Program;

/// Which promise, on which build.
#[derive(Debug, Args)]
pub(crate) struct Prove {
    #[command(subcommand)]
    promise: Promise,
    /// Use a debug build, which is quicker to have, in place of a release build.
    #[arg(long, global = true)]
    debug: bool,
}

/// What can be proved.
#[derive(Debug, Subcommand)]
pub(crate) enum Promise {
    /// Backups taken while several people write all verify.
    Backups(backups::Backups),
    /// What was acknowledged is there after the server was killed.
    Kills(kills::Kills),
    /// Nothing of a restricted case is told to anybody who is not on its list.
    Restriction(restriction::Restriction),
}

impl Promise {
    fn prove(&self, program: &Program) -> anyhow::Result<()> {
        match self {
            Promise::Backups(wanted) => backups::prove(program, wanted),
            Promise::Kills(wanted) => kills::prove(program, wanted),
            Promise::Restriction(wanted) => restriction::prove(program, wanted),
        }
    }
}

/// Shows that a promise is kept.
///
/// # Errors
/// When it is not, or when the program cannot be built or run.
pub(crate) fn run(wanted: &Prove) -> anyhow::Result<()> {
    wanted.promise.prove(&Program::build(!wanted.debug)?)
}

/// Shows in short, on a debug build, what is shown at length before a release: one line per promise.
///
/// # Errors
/// As [`run`], at the first promise that is not kept.
pub(crate) fn short() -> anyhow::Result<()> {
    let program = Program::build(false)?;
    let promises = [
        Promise::Kills(kills::Kills { count: 20, writers: 4, postgres: false }),
        Promise::Backups(backups::Backups { count: 3, writers: 2 }),
        Promise::Restriction(restriction::Restriction {
            cases: 20,
            named: 1,
            narrowings: 4,
            pairs: 300,
            postgres: false,
        }),
    ];
    promises.iter().try_for_each(|promise| promise.prove(&program))
}
