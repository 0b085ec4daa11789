//! Every reader under a fuzzer, from its seeds and from what earlier runs reached.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::machine::{self, cargo, run, shown, without_own_settings};
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
pub(crate) fn prove(wanted: &Fuzz) -> anyhow::Result<()> {
    let target = workspace::target()?;
    machine::prepare_fuzzer(&target)?;
    let fuzzer = Fuzzer { tools: target.clone(), folder: target.join("fuzz") };
    let seeds = fuzzer.folder.join("seeds");
    if seeds.exists() {
        // Those of a probe that is gone would name a target that is gone.
        std::fs::remove_dir_all(&seeds)?;
    }
    run(cargo()
        .args(["run", "--locked", "--package", "nevertwice-probe", "--bin", "seeds", "--"])
        .args(std::iter::once(seeds.as_os_str()).chain(wanted.target.as_deref().map(AsRef::as_ref))))?;
    let names = match &wanted.target {
        Some(name) => vec![name.clone()],
        None => names_in(&seeds)?,
    };
    let mut build = fuzzer.command("build")?;
    run(build.args(&wanted.target))?;
    for name in &names {
        println!("{name}: {}", fuzzer.attempt(name, &seeds.join(name), wanted.seconds)?);
    }
    println!("{} readers, {} s each: nothing found", names.len(), wanted.seconds);
    Ok(())
}

/// The probes, each of which has a folder of seeds.
fn names_in(seeds: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(seeds)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The fuzzer's command and where it keeps what it needs.
struct Fuzzer {
    tools: PathBuf,
    folder: PathBuf,
}

impl Fuzzer {
    /// `cargo fuzz` with one of its verbs.
    fn command(&self, verb: &str) -> anyhow::Result<Command> {
        let mut command = machine::tool(&self.tools, "cargo-fuzz")?;
        command.args(["fuzz", verb, "--sanitizer", "none", "--fuzz-dir", "fuzz", "--target-dir"]);
        command.arg(self.folder.join("target"));
        // The instrumentation is the compiler's own, but marked as unstable; it is asked for here and nowhere else.
        without_own_settings(&mut command).env("RUSTC_BOOTSTRAP", "1");
        Ok(command)
    }

    /// Runs one target to its end and gives the fuzzer's last line, which says how far it came.
    fn attempt(&self, name: &str, seeds: &Path, seconds: u64) -> anyhow::Result<String> {
        let (corpus, found) = (self.folder.join("corpus").join(name), self.folder.join("found").join(name));
        std::fs::create_dir_all(&corpus)?;
        std::fs::create_dir_all(&found)?;
        let mut run = self.command("run")?;
        run.arg(name).args([&corpus, seeds]).arg("--");
        run.arg(format!("-artifact_prefix={}/", found.display()));
        run.args([format!("-max_total_time={seconds}"), format!("-timeout={PATIENCE}")]);
        run.args([format!("-rss_limit_mb={MEMORY}"), format!("-max_len={LONGEST}")]);
        let told = run
            .stdin(Stdio::null())
            .env("RUST_BACKTRACE", "0")
            .output()
            .with_context(|| format!("cannot start {}", shown(&run)))?;
        let said = String::from_utf8_lossy(&told.stderr);
        if !told.status.success() {
            let end: Vec<&str> = said.lines().filter(|line| !line.contains(" cov: ")).collect();
            let end = &end[end.len().saturating_sub(40)..];
            bail!("{} found something:\n{}", shown(&run), end.join("\n"));
        }
        let last = said.lines().rfind(|line| line.contains("DONE"));
        last.map(|line| line.trim().to_owned()).context("the fuzzer did not say how far it came")
    }
}
