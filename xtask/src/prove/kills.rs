//! What was acknowledged is there after the server was killed.

use std::collections::BTreeSet;
use std::time::Duration;

use clap::Args;

use super::register::check_register;
use super::server::Serving;
use super::writers::Writers;
use crate::postgres;
use crate::program::{Program, Register};

/// How many kills, on which engine.
#[derive(Debug, Args)]
pub(crate) struct Kills {
    /// How often to kill the server.
    #[arg(long, default_value_t = 20)]
    pub(crate) count: u32,
    /// How many writers write when it happens.
    #[arg(long, default_value_t = 4)]
    pub(crate) writers: u32,
    /// Use PostgreSQL in place of SQLite.
    #[arg(long)]
    pub(crate) postgres: bool,
}

/// Kills the server again and again while people write.
///
/// # Errors
/// When something acknowledged is lost.
pub(crate) fn prove(program: &Program, wanted: &Kills) -> anyhow::Result<()> {
    let Kills { count, writers, postgres: on_postgres } = *wanted;
    let database = if on_postgres { Some(postgres::Server::start()?) } else { None };
    let url = database.as_ref().map(|server| server.create_database("kills")).transpose()?;
    let register = Register::init(program, url)?;
    let mut acknowledged = BTreeSet::new();
    for kill in 1..=count {
        let serving = Serving::start(&register)?;
        let written = std::thread::scope(|scope| {
            let writers = Writers::start(scope, &register, writers);
            let wanted = usize::try_from(kill % 7 + 1)?;
            writers.wait_for(wanted, Duration::from_secs(60))?;
            serving.kill()?;
            writers.stop()
        })?;
        acknowledged.extend(written.acknowledged);
        check_register(&register, &acknowledged)?;
        println!("kill {kill}: all {} acknowledged cases are there, the trail verifies", acknowledged.len());
    }
    Ok(())
}
