//! Bundles of the real program are changed in every way that is known, and none is accepted; what is changed in the store
//! behind the program's back is found, or found by a checkpoint that was kept elsewhere.
//!
//! Bundles are changed and verified by the example `attack` of the trail's crate, which knows nothing of the program; a
//! sample of them, and files made to fill memory or time, go through the program itself. The store is attacked by its own
//! tests, the only ones that may write to it past its rules.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::Value;

use crate::machine::{self, cargo, run};
use crate::program::{Program, example, output};
use crate::{test, workspace};

/// How much to try.
#[derive(Debug, Args)]
pub(crate) struct Attacks {
    /// Byte flips over all bundles; shorter bundles get more of them.
    #[arg(long, default_value_t = 300_000)]
    pub(crate) flips: u64,
    /// Attempts of each kind of change, signer and bundle.
    #[arg(long, default_value_t = 20)]
    pub(crate) attempts: u64,
    /// Where the random numbers begin.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Leave out the bundle of everything, which takes longest, and the attacks on the store, which are among the tests.
    #[arg(long)]
    pub(crate) short: bool,
}

/// The address space that the program gets for a hostile file, in KiB.
const MEMORY: u64 = 512 << 10;
/// How long it may take for one, built for use and built for debugging.
const PATIENCE: [Duration; 2] = [Duration::from_secs(20), Duration::from_secs(120)];

/// The full run makes at least so many structural changes, and of every kind some; a short one some.
const CHANGES: [u64; 2] = [10_000, 1];
/// It gives at least so many changed bundles to the program; a short one some.
const CHANGED: [usize; 2] = [50, 1];

/// The tests that change rows, entries and files behind the program's back. Each is a sentence that says what is found, and
/// what is found by a checkpoint alone.
const ON_THE_STORE: &str = "(package(nevertwice-store) and test(/^trail::tests::/)) or \
                            (package(nevertwice-service) and test(/^tampering::/))";

/// Attacks bundles of the sample company, and stores on both engines.
///
/// # Errors
/// When something is accepted, or refused without saying where and why, or when it takes more than it may; when a change
/// in the store is not found.
pub(crate) fn prove(program: &Program, wanted: &Attacks) -> anyhow::Result<()> {
    on_bundles(program, wanted)?;
    if wanted.short { Ok(()) } else { on_the_store() }
}

fn on_bundles(program: &Program, wanted: &Attacks) -> anyhow::Result<()> {
    let folder =
        tempfile::Builder::new().prefix("nevertwice-attacks-").tempdir().context("no scratch folder")?;
    let (data, sample) = (folder.path().join("data"), folder.path().join("sample"));
    let bundles = export(program, &data, folder.path(), wanted.short)?;
    let key = data.join("keys/verifier.key");
    accepted_by_the_program(program, &key, &bundles)?;
    let mut campaign = if wanted.short {
        Command::new(example("attack")?)
    } else {
        let mut build = cargo();
        build.args([
            "run",
            "--locked",
            "--release",
            "--package",
            "nevertwice-trail",
            "--example",
            "attack",
            "--",
        ]);
        build
    };
    campaign.arg("--key").arg(data.join("keys/signing.key")).arg("--sample").arg(&sample);
    campaign.args(["--flips", &wanted.flips.to_string(), "--attempts", &wanted.attempts.to_string()]);
    campaign.args(["--changes", &CHANGES[usize::from(wanted.short)].to_string()]);
    campaign.args(["--every-kind", if wanted.short { "no" } else { "yes" }]);
    campaign.args(["--seed", &wanted.seed.to_string()]).args(&bundles);
    if wanted.short {
        let told = output(&mut campaign)?;
        told.lines().filter(|line| line.starts_with("all of ")).for_each(|line| println!("{line}"));
    } else {
        run(&mut campaign)?;
    }
    refused_by_the_program(program, &key, &sample, CHANGED[usize::from(wanted.short)])
}

/// Bundles of one case, of five and, unless it is to be short, of everything.
fn export(program: &Program, data: &Path, folder: &Path, short: bool) -> anyhow::Result<Vec<PathBuf>> {
    let on_data = |words: &[&str]| {
        let mut command = program.command();
        command.arg("--data").arg(data).args(words);
        command
    };
    output(&mut on_data(&["demo", "--no-serve"]))?;
    let listed =
        output(&mut on_data(&["case", "list", "--limit", "1000", "--query", "has:review", "--json"]))?;
    let listed: Value = serde_json::from_str(&listed).context("`case list --json` printed no JSON")?;
    let items = listed["items"].as_array().context("a list without items")?;
    let cases: Vec<&str> = items.iter().filter_map(|case| case["reference"].as_str()).take(5).collect();
    let mut bundles = Vec::new();
    let wanted = [("one", cases.get(..1)), ("five", cases.get(..5)), ("all", Some(&[][..]))];
    for (name, cases) in wanted.into_iter().take(if short { 2 } else { 3 }) {
        let cases = cases.context("the sample company has fewer than five cases with a review")?;
        let path = folder.join(format!("{name}.bundle"));
        let mut export = on_data(&["trail", "export", "--out"]);
        export.arg(&path);
        for case in cases {
            export.args(["--case", case]);
        }
        output(&mut export)?;
        bundles.push(path);
    }
    Ok(bundles)
}

/// The bundles as they were exported are accepted within the same bounds: a program that fails within them would refuse
/// anything.
fn accepted_by_the_program(program: &Program, key: &Path, bundles: &[PathBuf]) -> anyhow::Result<()> {
    for path in bundles {
        let (told, _) = verify(program, key, path)?;
        if !told.status.success() {
            let said = String::from_utf8_lossy(&told.stderr);
            bail!("{} is not changed and was not accepted: {}: {}", path.display(), told.status, said.trim());
        }
    }
    println!(
        "{} bundles accepted by the program as they were exported, within {} MiB",
        bundles.len(),
        MEMORY >> 10
    );
    Ok(())
}

/// Every file is refused with exit code 6 and a sentence that names the line, within bounds of memory and time.
fn refused_by_the_program(program: &Program, key: &Path, sample: &Path, least: usize) -> anyhow::Result<()> {
    let mut paths =
        fs::read_dir(sample)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    let is_changed = |path: &&PathBuf| {
        path.file_name().is_some_and(|name| name.display().to_string().starts_with("changed-"))
    };
    let changed = paths.iter().filter(is_changed).count();
    if changed < least {
        bail!("expected at least {least} changed bundles, found {changed}");
    }
    let mut slowest = Duration::ZERO;
    for path in &paths {
        let (told, took) = verify(program, key, path)?;
        let said = String::from_utf8_lossy(&told.stderr);
        let name = path.file_name().unwrap_or_default().display();
        if told.status.code() != Some(6) || !said.starts_with("error: the bundle is refused at line ") {
            bail!("{name}: expected exit code 6 and the line, found {}: {}", told.status, said.trim());
        }
        slowest = slowest.max(took);
    }
    println!(
        "{changed} changed and {} hostile bundles refused by the program, each within {} MiB; the slowest took {:.1} s",
        paths.len() - changed,
        MEMORY >> 10,
        slowest.as_secs_f64()
    );
    Ok(())
}

/// Lets the program verify a bundle within bounds of memory and time; with what it said and how long it took.
fn verify(program: &Program, key: &Path, bundle: &Path) -> anyhow::Result<(Output, Duration)> {
    let patience = if program.is_release() { PATIENCE[0] } else { PATIENCE[1] };
    let start = Instant::now();
    let mut verify = program.command();
    verify.args(["trail", "verify", "--bundle"]).arg(bundle).arg("--key").arg(key);
    let told = bounded(&verify).output().context("cannot run sh")?;
    let took = start.elapsed();
    if took > patience {
        bail!("{}: took {:.1} s, expected at most {patience:?}", bundle.display(), took.as_secs_f64());
    }
    Ok((told, took))
}

/// The same command with an address space of [`MEMORY`] and no more.
fn bounded(command: &Command) -> Command {
    let mut bounded = Command::new("sh");
    bounded.args(["-c", &format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\"")]);
    bounded.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bounded.env(name, value),
            None => bounded.env_remove(name),
        };
    }
    bounded
}

/// Runs the tests that attack the store, on SQLite and on PostgreSQL.
fn on_the_store() -> anyhow::Result<()> {
    let target = workspace::target()?;
    machine::prepare(&target)?;
    let nextest = machine::tool(&target, "cargo-nextest")?.get_program().to_string_lossy().into_owned();
    let packages = ["--package", "nevertwice-store", "--package", "nevertwice-service"];
    let mut words = vec![nextest.as_str(), "nextest", "run", "--locked", "--no-fail-fast"];
    words.extend(packages.iter().chain(&["--filterset", ON_THE_STORE]));
    test::with_postgres(&words.into_iter().map(str::to_owned).collect::<Vec<_>>())?;
    println!("every attack on the store was found as its test says, on SQLite and on PostgreSQL");
    Ok(())
}
