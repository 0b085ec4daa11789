//! `cargo xtask prove fuzz`: every reader under a fuzzer, from its seeds and from what earlier runs found.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::machine::{self, cargo, run as run_to_end, shown, without_own_settings};
use crate::workspace;

/// How long, and which.
#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// Seconds for each target.
    #[arg(long, default_value_t = 240)]
    seconds: u64,
    /// One target, such as `query`; all if unsaid.
    #[arg(long)]
    target: Option<String>,
}

/// One input may take so many seconds; more is a hang.
const PATIENCE: u64 = 10;
/// One process may fill so many MiB; more is a finding too.
const MEMORY: u64 = 2_048;
/// The longest input in bytes: enough for every construct, small enough for thousands a second.
const LONGEST: u64 = 8_192;

/// Runs the fuzzer on each target.
///
/// # Errors
/// When it finds something, with the file to repeat it with; or when it cannot be built.
pub(super) fn run(root: &Path, fuzz: &Fuzz) -> anyhow::Result<()> {
    let target = workspace::target()?;
    machine::prepare_fuzzer(&target)?;
    let folder = target.join("fuzz");
    let seeds = folder.join("seeds");
    run_to_end(
        cargo()
            .args(["run", "--locked", "--package", "nevertwice-probe", "--bin", "seeds", "--"])
            .arg(&seeds),
    )?;
    let fuzzer = |words: &[&str]| -> anyhow::Result<Command> {
        let mut command = machine::tool(&target, "cargo-fuzz")?;
        command.args(["fuzz"]).args(words).arg("--fuzz-dir").arg(root.join("fuzz"));
        // The instrumentation is the compiler's own, but marked as unstable; it is asked for here and nowhere else.
        without_own_settings(&mut command).current_dir(root).env("RUSTC_BOOTSTRAP", "1");
        Ok(command)
    };
    let built = folder.join("target");
    let mut build = fuzzer(&["build", "--sanitizer", "none", "--target-dir"])?;
    run_to_end(build.arg(&built))?;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&seeds)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    names.retain(|name| fuzz.target.as_ref().is_none_or(|wanted| wanted == name));
    if names.is_empty() {
        bail!("there is no such target; those of fuzz/Cargo.toml are the probes of crates/probe");
    }
    for name in &names {
        let (corpus, artifacts) = (folder.join("corpus").join(name), folder.join("found").join(name));
        std::fs::create_dir_all(&corpus)?;
        std::fs::create_dir_all(&artifacts)?;
        let mut run = fuzzer(&["run", "--sanitizer", "none", "--target-dir"])?;
        run.arg(&built).arg(name).arg(&corpus).arg(seeds.join(name)).arg("--");
        run.arg(format!("-artifact_prefix={}/", artifacts.display()));
        run.args([format!("-max_total_time={}", fuzz.seconds), format!("-timeout={PATIENCE}")]);
        run.args([format!("-rss_limit_mb={MEMORY}"), format!("-max_len={LONGEST}")]);
        println!("{name}: {}", campaign(&mut run)?);
    }
    println!("{} readers, {} s each, nothing found", names.len(), fuzz.seconds);
    Ok(())
}

/// Runs the fuzzer to its end and gives its last line, which says how far it came.
fn campaign(run: &mut Command) -> anyhow::Result<String> {
    let told = run
        .stdin(Stdio::null())
        .env("RUST_BACKTRACE", "0")
        .output()
        .with_context(|| format!("cannot start {}", shown(run)))?;
    let said = String::from_utf8_lossy(&told.stderr);
    if !told.status.success() {
        let end: Vec<&str> = said.lines().filter(|line| !line.contains(" cov: ")).collect();
        let end = &end[end.len().saturating_sub(40)..];
        bail!("{} found something:\n{}", shown(run), end.join("\n"));
    }
    let last = said.lines().rfind(|line| line.contains("DONE"));
    last.map(|line| line.trim().to_owned()).context("the fuzzer did not say how far it came")
}
