//! Backups taken while several people write are whole, and have everything that was acknowledged before them.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Args;

use super::client::Client;
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

/// Takes backups, verifies each, and looks for what was acknowledged before it.
///
/// # Errors
/// When one does not verify or lacks something, or when a write is refused or lost.
pub(crate) fn prove(program: &Program, wanted: &Backups) -> anyhow::Result<()> {
    let Backups { count, writers } = *wanted;
    let register = Register::init(program, None)?;
    let serving = Serving::start(&register)?;
    let start = Instant::now();
    let (mut sizes, mut evidence) = (BTreeSet::new(), 0);
    let written = std::thread::scope(|scope| {
        let writers = Writers::start(scope, &register, writers);
        for number in 1..=count {
            let told = Told::so_far(&register, &writers)?;
            let entries = back_up(&register, &told).with_context(|| format!("backup {number}"))?;
            println!(
                "backup {number}: {entries} entries of the trail, {} before it; {} pieces of evidence before it; verified",
                told.entries,
                told.evidence.len()
            );
            sizes.insert(entries);
            evidence = told.evidence.len();
        }
        writers.stop()
    })?;
    if !written.refused.is_empty() {
        bail!("{} writes failed, the first with: {}", written.refused.len(), written.refused[0]);
    }
    if count > 0 && evidence == 0 {
        bail!(
            "no evidence was acknowledged before the last backup: this proof would not notice that it is missing"
        );
    }
    check_register(&Client::of(&register.data()), &written.acknowledged)?;
    serving.stop()?;
    println!(
        "{count} backups verified in {:.1} s, at {} different lengths of the trail up to {}; each has every entry and all \
         evidence acknowledged before it, {evidence} pieces in the end; {} writes acknowledged",
        start.elapsed().as_secs_f64(),
        sizes.len(),
        sizes.last().copied().unwrap_or_default(),
        written.acknowledged.len()
    );
    Ok(())
}

/// What was acknowledged before a backup, and so has to be in it.
struct Told {
    entries: u64,
    evidence: BTreeSet<String>,
}

impl Told {
    fn so_far(register: &Register<'_>, writers: &Writers<'_>) -> anyhow::Result<Told> {
        let evidence = writers.evidence();
        let checkpoint = register.json(&["trail", "checkpoint"])?;
        let entries = checkpoint["size"].as_u64().context("`trail checkpoint --json` names no size")?;
        Ok(Told { entries, evidence })
    }
}

/// Makes a backup, verifies it, holds it against what was told before, and removes it; gives how many entries it has.
fn back_up(register: &Register<'_>, told: &Told) -> anyhow::Result<u64> {
    let made = register.json(&["backup", "create"])?;
    let path = made["backup"].as_str().context("`backup create --json` names no folder")?;
    let verified = register.json(&["backup", "verify", path])?;
    if verified["ok"] != true || verified["restored"] != true {
        bail!("it does not verify: {verified}");
    }
    let entries = verified["entries"].as_u64().context("`backup verify --json` counts no entries")?;
    if entries < told.entries {
        bail!("it has {entries} entries of the trail, and {} were there before it", told.entries);
    }
    for sha256 in &told.evidence {
        let kept = Path::new(path).join("evidence").join(sha256);
        if !kept.is_file() {
            bail!("the evidence {sha256} was acknowledged before it and is not in it");
        }
    }
    std::fs::remove_dir_all(path)?;
    Ok(entries)
}
