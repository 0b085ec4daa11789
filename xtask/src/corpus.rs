//! The generated cases of the bench, as a spreadsheet to import.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::machine::{cargo, run, without_own_settings};
use crate::program::Register;

/// Writes so many cases as a CSV file; the same ones for the same number. The generator is a bench: building it takes its
/// time, less without optimisation.
///
/// # Errors
/// When it does not build, or cannot write.
pub(crate) fn write(file: &Path, cases: u64, optimised: bool) -> anyhow::Result<()> {
    let mut bench = cargo();
    bench.args(["bench", "--locked", "--package", "nevertwice-service", "--bench", "register"]);
    if !optimised {
        bench.args(["--profile", "dev"]);
    }
    bench.args(["--", "--cases", &cases.to_string(), "--corpus"]).arg(file);
    run(without_own_settings(&mut bench).stdout(Stdio::null()))
}

/// Imports generated cases, and lists them for the first time, which fills the index.
///
/// # Errors
/// When a row is not imported.
pub(crate) fn fill(register: &Register<'_>, cases: u64, optimised: bool) -> anyhow::Result<()> {
    let scratch = tempfile::Builder::new().prefix("nevertwice-corpus-").tempdir()?;
    let file = scratch.path().join("register.csv");
    write(&file, cases, optimised)?;
    let start = Instant::now();
    let imported = register.json(&["import", "spreadsheet", &file.to_string_lossy()])?;
    if imported["created"] != cases || imported["rejected"] != 0 {
        bail!(
            "expected {cases} cases, {} were created, {} rejected",
            imported["created"],
            imported["rejected"]
        );
    }
    let taken = start.elapsed().as_secs_f64();
    let start = Instant::now();
    if total(register)? != cases {
        bail!("expected {cases} cases in the index");
    }
    println!(
        "  imported in {taken:.1} s, listed for the first time in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// How many cases a register has.
///
/// # Errors
/// When the program fails.
pub(crate) fn total(register: &Register<'_>) -> anyhow::Result<u64> {
    let list = register.json(&["case", "list", "--limit", "1"])?;
    list["total"].as_u64().context("a list without a total")
}
