//! What is carried away in an archive comes back on the other engine, and back again, to the byte; a killed import
//! leaves no register, or the whole one.

mod tree;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::Value;

use crate::corpus;
use crate::interrupt::kill_after;
use crate::postgres::Server;
use crate::program::{Program, Register, output};
use tree::Tree;

/// How much to carry.
#[derive(Debug, Args)]
pub(crate) struct Archive {
    /// How many generated cases to carry after the sample company, those of `cargo xtask bench`.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) cases: u64,
    /// How often to kill an import on each engine.
    #[arg(long, default_value_t = 50)]
    pub(crate) kills: u32,
}

/// Kills imports of the sample company on both engines, carries it to PostgreSQL and back, then carries generated cases.
///
/// # Errors
/// When an archive differs from the one before, a killed import leaves half a register, or the program fails.
pub(crate) fn prove(program: &Program, wanted: &Archive) -> anyhow::Result<()> {
    let server = Server::start()?;
    let sample = sample(program)?;
    kill_imports(program, &server, &sample, wanted.kills)?;
    carry(program, &server, sample, "sample")?;
    if wanted.cases == 0 {
        // The generator is a bench: building it takes longer than a short run may.
        return Ok(());
    }
    let scratch = tempfile::Builder::new().prefix("nevertwice-corpus-").tempdir()?;
    let file = scratch.path().join("register.csv");
    corpus::write(&file, wanted.cases, true)?;
    let register = Register::init(program, None)?;
    let words = ["import", "spreadsheet", &file.to_string_lossy()];
    let imported = timed("import of the generated cases", || register.json(&words))?;
    println!("  {} cases", imported["created"]);
    carry(program, &server, register, "generated")
}

/// The sample company, on SQLite.
///
/// # Errors
/// When the program fails.
pub(crate) fn sample(program: &Program) -> anyhow::Result<Register<'_>> {
    let register = Register::empty(program, None)?;
    register.json(&["demo"])?;
    Ok(register)
}

/// Carries a register from SQLite to PostgreSQL, into a database of this name, from there to SQLite, and away from
/// there; every archive has to be the same to the byte. What is not needed any more is removed at once, to spare the
/// disk.
///
/// # Errors
/// As [`prove`].
pub(crate) fn carry<'p>(
    program: &'p Program,
    server: &Server,
    first: Register<'p>,
    database: &str,
) -> anyhow::Result<()> {
    let scratch = tempfile::Builder::new().prefix("nevertwice-archive-").tempdir()?;
    let mut carried = scratch.path().join("first");
    let expected = export(&first, &carried, "SQLite")?;
    drop(first);
    let mut entries = Value::Null;
    for (engine, url) in [("PostgreSQL", Some(server.create_database(database)?)), ("SQLite", None)] {
        let register = Register::empty(program, url)?;
        let words = ["import", "archive", &carried.to_string_lossy()];
        timed(&format!("import into {engine}"), || register.json(&words))?;
        std::fs::remove_dir_all(&carried)?;
        carried = scratch.path().join(engine);
        expected.expect_same(&export(&register, &carried, engine)?, engine)?;
        entries = timed("trail verify", || register.json(&["trail", "verify"]))?["entries"].take();
    }
    println!("every archive is the same to the byte; {entries} entries of the trail verify");
    Ok(())
}

/// Writes an archive and tells its sizes.
fn export(register: &Register<'_>, to: &Path, engine: &str) -> anyhow::Result<Tree> {
    let words = ["export", "archive", &to.to_string_lossy()];
    let made = timed(&format!("export from {engine}"), || register.json(&words))?;
    let tree = Tree::of(to)?;
    println!(
        "  {} rows and {} evidence files, {} bytes; with the views {} files, {} bytes; sums {}",
        made["rows"],
        made["evidence_files"],
        made["size_bytes"],
        tree.files(),
        tree.bytes(),
        made["sha256"].as_str().context("the answer has no sum")?,
    );
    Ok(tree)
}

/// Kills imports of a register on both engines, evenly spread over the time that a whole one takes.
fn kill_imports<'p>(
    program: &'p Program,
    server: &Server,
    carried: &Register<'p>,
    kills: u32,
) -> anyhow::Result<()> {
    let scratch = tempfile::Builder::new().prefix("nevertwice-archive-").tempdir()?;
    let archive = scratch.path().join("archive");
    let expected = export(carried, &archive, "SQLite")?;
    let words = ["import", "archive", &archive.to_string_lossy(), "--json"];
    for engine in ["SQLite", "PostgreSQL"] {
        let place = |number| {
            let name = format!("killed{number}");
            let url = (engine == "PostgreSQL").then(|| server.create_database(&name)).transpose()?;
            Register::empty(program, url)
        };
        let start = Instant::now();
        output(&mut place(0)?.command(&words))?;
        let took = start.elapsed();
        let (mut killed, mut came_about) = (0, 0);
        for kill in 1..=kills {
            let register = place(kill)?;
            killed += u32::from(kill_after(&mut register.command(&words), took * kill / (kills + 1))?);
            if exists(&register)? {
                came_about += 1;
            } else {
                output(&mut register.command(&words))
                    .with_context(|| format!("again after kill {kill} on {engine}"))?;
            }
            let copy = scratch.path().join("copy");
            register.json(&["export", "archive", &copy.to_string_lossy()])?;
            expected.expect_same(&Tree::of(&copy)?, engine)?;
            std::fs::remove_dir_all(copy)?;
        }
        if kills > 0 && killed == 0 {
            bail!("{engine}: each of {kills} imports was done before its kill, so this shows nothing");
        }
        println!(
            "{engine}: {killed} of {kills} imports killed within {} ms before they were done; {came_about} had come \
             about whole, the others left nothing in the way of the next one",
            took.as_millis()
        );
    }
    Ok(())
}

/// Whether there is a register: if not, every command says so.
fn exists(register: &Register<'_>) -> anyhow::Result<bool> {
    let listed = register.command(&["case", "list", "--json"]).output()?;
    if listed.status.success() {
        return Ok(true);
    }
    let said = String::from_utf8_lossy(&listed.stderr);
    if said.contains("there is no register in") {
        return Ok(false);
    }
    bail!("a killed import left something that is no register and not nothing: {}", said.trim())
}

fn timed<T>(what: &str, run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let start = Instant::now();
    let outcome = run()?;
    println!("{what}: {:.1} s", start.elapsed().as_secs_f64());
    Ok(outcome)
}
