//! Backups taken while several people write are whole.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Args;

use super::register::check_register;
use super::server::Serving;
use super::writers::Writers;
use crate::program::{Program, Register};

/// How many backups, beside how many writers.
#[derive(Debug, Args)]
pub(crate) struct Backups {
    /// How many backups to take.
    #[arg(long, default_value_t = 100)]
    pub(crate) count: u32,
    /// How many writers write all the time.
    #[arg(long, default_value_t = 4)]
    pub(crate) writers: u32,
}

/// Takes backups and verifies each.
///
/// # Errors
/// When one does not verify, or when a write is refused or lost.
pub(crate) fn prove(program: &Program, wanted: &Backups) -> anyhow::Result<()> {
    let Backups { count, writers } = *wanted;
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
