//! `cargo xtask prove`: promises that take too long to test at every change, shown on the real program.

mod server;
mod writers;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Subcommand;

use crate::postgres;
use crate::program::{Program, Register, output};
use server::Serving;
use writers::Writers;

/// What can be proved.
#[derive(Debug, Subcommand)]
pub(crate) enum Promise {
    /// Backups taken while several people write all verify.
    Backups {
        /// How many backups to take.
        #[arg(long, default_value_t = 100)]
        count: u32,
        /// How many writers write all the time.
        #[arg(long, default_value_t = 4)]
        writers: u32,
    },
    /// What was acknowledged is there after the server was killed.
    Kills {
        /// How often to kill the server.
        #[arg(long, default_value_t = 20)]
        count: u32,
        /// How many writers write when it happens.
        #[arg(long, default_value_t = 4)]
        writers: u32,
        /// Use PostgreSQL in place of SQLite.
        #[arg(long)]
        postgres: bool,
    },
}

/// Shows that a promise is kept.
///
/// # Errors
/// When it is not, or when the program cannot be built or run.
pub(crate) fn run(promise: &Promise) -> anyhow::Result<()> {
    let program = Program::build(true)?;
    match *promise {
        Promise::Backups { count, writers } => backups(&program, count, writers),
        Promise::Kills { count, writers, postgres } => kills(&program, count, writers, postgres),
    }
}

fn backups(program: &Program, count: u32, writers: u32) -> anyhow::Result<()> {
    let register = Register::init(program, None)?;
    let serving = Serving::start(&register)?;
    let start = Instant::now();
    let mut sizes = BTreeSet::new();
    let written = std::thread::scope(|scope| {
        let writers = Writers::start(scope, &register, writers);
        for number in 1..=count {
            let made = register.json(&["backup", "create"])?;
            let path = made["backup"].as_str().context("`backup create --json` names no folder")?;
            let verified = register.json(&["backup", "verify", path])?;
            if verified["ok"] != true || verified["restored"] != true {
                bail!("backup {number}: {verified}");
            }
            let entries = verified["entries"].as_u64().context("`backup verify --json` counts no entries")?;
            println!("backup {number}: {entries} entries of the trail, verified");
            sizes.insert(entries);
            std::fs::remove_file(path).or_else(|_| std::fs::remove_dir_all(path))?;
        }
        writers.stop()
    })?;
    if !written.refused.is_empty() {
        bail!("{} writes failed, the first with: {}", written.refused.len(), written.refused[0]);
    }
    serving.stop()?;
    check_register(&register, &written.acknowledged)?;
    println!(
        "{count} backups verified in {:.1} s, at {} different lengths of the trail up to {}; {} writes acknowledged",
        start.elapsed().as_secs_f64(),
        sizes.len(),
        sizes.last().copied().unwrap_or_default(),
        written.acknowledged.len()
    );
    Ok(())
}

fn kills(program: &Program, count: u32, writers: u32, on_postgres: bool) -> anyhow::Result<()> {
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

/// Every acknowledged case is there, no number is missing between the first and the last, and the trail verifies.
fn check_register(register: &Register<'_>, acknowledged: &BTreeSet<String>) -> anyhow::Result<()> {
    let mut next: Option<String> = None;
    let mut found = BTreeSet::new();
    loop {
        let mut words = vec!["case", "list", "--limit", "1000"];
        if let Some(next) = &next {
            words.extend(["--after", next]);
        }
        let page = register.json(&words)?;
        let items = page["items"].as_array().context("a list without items")?;
        found.extend(items.iter().filter_map(|case| Some(case["reference"].as_str()?.to_owned())));
        match page["next"].as_str() {
            Some(more) => next = Some(more.to_owned()),
            None => break,
        }
    }
    if let Some(lost) = acknowledged.difference(&found).next() {
        bail!("{lost} was acknowledged and is lost");
    }
    let numbers: BTreeSet<u64> =
        found.iter().filter_map(|reference| reference.rsplit('-').next()?.parse().ok()).collect();
    if numbers.last().is_some_and(|last| *last != numbers.len() as u64) {
        bail!("{} cases, but the highest number is {:?}: there is a gap", numbers.len(), numbers.last());
    }
    output(&mut register.command(&["trail", "verify"]))?;
    Ok(())
}
