//! `cargo xtask prove`: promises that take too long to test at every change, shown on the real program. Each has a file
//! of its own in `prove/`, with its arguments and what it does.

mod agreement;
mod api;
pub(crate) mod archive;
mod attacks;
mod backups;
pub(crate) mod chance;
mod client;
mod failover;
mod faults;
mod fuzz;
mod interruptions;
mod kills;
mod known;
mod ledger;
mod load;
mod look;
mod outages;
mod power;
mod register;
mod restriction;
pub(crate) mod server;
mod shim;
mod strike;
mod two_servers;
mod web_load;
mod writers;

use clap::{Args, Subcommand};

use crate::program::Program;

/// Which promise, on which build.
#[derive(Debug, Args)]
pub(crate) struct Prove {
    #[command(subcommand)]
    proof: Proof,
    /// Use a debug build, which is quicker to have, in place of a release build.
    #[arg(long, global = true)]
    debug: bool,
}

/// What can be proved.
#[derive(Debug, Subcommand)]
pub(crate) enum Proof {
    /// No bytes make a reader panic, hang or contradict itself.
    Fuzz(fuzz::Fuzz),
    #[command(flatten)]
    OfProgram(Promise),
}

/// What can be proved of the program as a whole.
#[derive(Debug, Subcommand)]
pub(crate) enum Promise {
    /// No changed bundle is accepted, and what is changed behind the program's back is found.
    Attacks(attacks::Attacks),
    /// What is carried to the other engine and back in archives is the same to the byte.
    Archive(archive::Archive),
    /// Backups taken while several people write all verify.
    Backups(backups::Backups),
    /// What was acknowledged is there after the server was killed.
    Kills(kills::Kills),
    /// Two servers share a PostgreSQL database; one is killed, the other notices nothing.
    TwoServers(two_servers::TwoServers),
    /// PostgreSQL's primary is lost and its standby takes over.
    Failover(failover::Failover),
    /// PostgreSQL is restarted, frozen, full, and cuts connections.
    Outages(outages::Outages),
    /// What was acknowledged is there after the power was cut, and lost when SQLite's syncs are ignored.
    PowerCuts(power::PowerCuts),
    /// I/O errors and full disks at every step of the operations that matter do no harm.
    Faults(faults::Faults),
    /// Kills inside migrations, imports, backups and restores do no harm.
    Interruptions(interruptions::Interruptions),
    /// Nothing of a restricted case is told to anybody who is not on its list.
    Restriction(restriction::Restriction),
    /// Whatever is sent to the API, no answer is one that its description does not know, and none is a breakdown.
    Api(api::Api),
    /// A hundred people and programs use the web server at once, and every request is answered as it has to be.
    WebLoad(web_load::WebLoad),
}

impl Promise {
    fn prove(&self, program: &Program) -> anyhow::Result<()> {
        match self {
            Promise::Attacks(wanted) => attacks::prove(program, wanted),
            Promise::Archive(wanted) => archive::prove(program, wanted),
            Promise::Backups(wanted) => backups::prove(program, wanted),
            Promise::Kills(wanted) => kills::prove(program, wanted),
            Promise::TwoServers(wanted) => two_servers::prove(program, wanted),
            Promise::Failover(wanted) => failover::prove(program, wanted),
            Promise::Outages(wanted) => outages::prove(program, wanted),
            Promise::PowerCuts(wanted) => power::prove(program, wanted),
            Promise::Faults(wanted) => faults::prove(program, wanted),
            Promise::Interruptions(wanted) => interruptions::prove(program, wanted),
            Promise::Restriction(wanted) => restriction::prove(program, wanted),
            Promise::Api(wanted) => api::prove(program, wanted),
            Promise::WebLoad(wanted) => web_load::prove(program, wanted),
        }
    }
}

/// Shows that a promise is kept.
///
/// # Errors
/// When it is not, or when the program cannot be built or run.
pub(crate) fn run(wanted: &Prove) -> anyhow::Result<()> {
    match &wanted.proof {
        Proof::Fuzz(wanted) => fuzz::prove(wanted),
        Proof::OfProgram(promise) => promise.prove(&Program::build(!wanted.debug)?),
    }
}

/// Shows in short, on a debug build, what is shown at length before a release: every promise of the program as a whole,
/// with few kills, cuts, attempts and cases; kills on both engines.
///
/// Only at length are shown: that no bytes break a reader (`fuzz`, which builds and runs libFuzzer), archives of generated
/// cases, the load on the web server, attacks on the bundle of everything, the full disk of a PostgreSQL server, for which a file system has to be
/// mounted, and restriction on PostgreSQL. Attacks on the store are among the tests.
///
/// # Errors
/// As [`run`], at the first promise that is not kept.
pub(crate) fn short() -> anyhow::Result<()> {
    let program = Program::build(false)?;
    let promises = [
        Promise::Kills(kills::Kills { count: 20, writers: 4, postgres: false, seed: 1 }),
        Promise::Kills(kills::Kills { count: 6, writers: 4, postgres: true, seed: 1 }),
        Promise::Archive(archive::Archive { cases: 0, kills: 2 }),
        Promise::Backups(backups::Backups { count: 3, writers: 2 }),
        Promise::TwoServers(two_servers::TwoServers { count: 3, writers: 2 }),
        Promise::Failover(failover::Failover { count: 1, forks: 1, writers: 2 }),
        Promise::Outages(outages::Outages::SHORT),
        Promise::Attacks(attacks::Attacks { flips: 200, attempts: 1, seed: 1, short: true }),
        Promise::PowerCuts(power::PowerCuts::SHORT),
        Promise::Faults(faults::Faults::SHORT),
        Promise::Interruptions(interruptions::Interruptions::SHORT),
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
