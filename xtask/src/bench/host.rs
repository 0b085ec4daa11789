//! The machine that was measured on.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, bail};

/// Date and machine in one line.
///
/// # Errors
/// When the system does not tell.
pub(crate) fn describe(date: &str) -> anyhow::Result<String> {
    let cores = std::thread::available_parallelism()?;
    let kernel = read("/proc/sys/kernel/osrelease")?;
    let processor = value(&read("/proc/cpuinfo")?, "model name")?;
    let memory: u64 = value(&read("/proc/meminfo")?, "MemTotal")?
        .trim_end_matches("kB")
        .trim()
        .parse()
        .context("/proc/meminfo: expected a number of kB")?;
    let gigabytes = memory / 1_000_000;
    Ok(format!("{date}, {cores} cores of {processor}, {gigabytes} GB of memory, Linux {}", kernel.trim()))
}

/// Today's date by the system's clock, UTC.
///
/// # Errors
/// When `date` cannot be run.
pub(crate) fn today() -> anyhow::Result<String> {
    let told = Command::new("date").args(["-u", "+%F"]).output().context("cannot run date")?;
    if !told.status.success() {
        bail!("date failed: {}", told.status);
    }
    Ok(String::from_utf8_lossy(&told.stdout).trim().to_owned())
}

fn read(path: &str) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {path}"))
}

fn value(text: &str, name: &str) -> anyhow::Result<String> {
    let line = text.lines().find(|line| line.starts_with(name)).with_context(|| format!("no line {name}"))?;
    Ok(line.split_once(':').map_or("", |(_, value)| value).trim().to_owned())
}
