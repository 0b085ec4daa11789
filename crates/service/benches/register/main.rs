//! How fast the register is, beside the bare engines doing the same work in the same process.
//!
//! `cargo xtask bench` runs it and makes tables of it; by itself it prints one JSON object. It measures through the use
//! cases, as the command line and the web run them, on a register that it fills by importing a spreadsheet.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench tells its figures and how far it is")]
#![expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]

mod bare;
mod bulk;
mod corpus;
mod figure;
mod memory;
mod reads;
mod scratch;
mod words;
mod writes;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use nevertwice_store::DatabaseUrl;

use bare::BareIndex;
use figure::{Bound, Figure, Report};
use scratch::Register;

/// Whatever goes wrong ends the bench.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    match Arguments::read().and_then(|arguments| run(&arguments)) {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `--cases N`, `--database URL` of an empty database (SQLite in a scratch folder if unsaid), or `--open FOLDER`; with
/// `--corpus FILE` the generated cases are written there and nothing is measured.
/// `--reads FOLDER` measures only reading, in a register that it makes there and keeps: for looking at what takes long.
struct Arguments {
    cases: u64,
    database: Option<String>,
    open: Option<PathBuf>,
    reads: Option<PathBuf>,
    corpus: Option<PathBuf>,
}

impl Arguments {
    fn read() -> Outcome<Self> {
        let mut arguments = Self { cases: 1_000, database: None, open: None, reads: None, corpus: None };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} expects a value"));
            match word.as_str() {
                "--cases" => arguments.cases = value()?.parse()?,
                "--database" => arguments.database = Some(value()?),
                "--reads" => arguments.reads = Some(value()?.into()),
                "--corpus" => arguments.corpus = Some(value()?.into()),
                "--open" => arguments.open = Some(value()?.into()),
                // Cargo says it to every bench.
                "--bench" => {}
                other => return Err(format!("{other}: expected --cases N or --database URL").into()),
            }
        }
        if arguments.cases < 1_000 && arguments.corpus.is_none() {
            return Err(format!("--cases: expected 1000 or more, found {}", arguments.cases).into());
        }
        Ok(arguments)
    }
}

fn run(arguments: &Arguments) -> Outcome<String> {
    if let Some(file) = &arguments.corpus {
        corpus::write(file, arguments.cases)?;
        return Ok(format!("{} cases in {}", arguments.cases, file.display()));
    }
    if let Some(root) = &arguments.open {
        let url = arguments.database.as_deref().ok_or("--open needs --database")?.parse()?;
        return Ok(serde_json::to_string(&memory::open(root, &url)?)?);
    }
    if let Some(folder) = &arguments.reads {
        return reads_only(folder, arguments);
    }
    let scratch = tempfile::Builder::new().prefix("nevertwice-bench-").tempdir()?;
    let in_folder = format!("sqlite:{}", scratch.path().join("data/nevertwice.db").display());
    let database = arguments.database.clone().unwrap_or(in_folder);
    let report = bench(scratch.path(), &database, arguments.cases)?;
    Ok(serde_json::to_string(&report)?)
}

fn reads_only(folder: &Path, arguments: &Arguments) -> Outcome<String> {
    let told = Told(Instant::now());
    let root = folder.join("data");
    let in_folder = format!("sqlite:{}", root.join("nevertwice.db").display());
    let url: DatabaseUrl = arguments.database.clone().unwrap_or(in_folder).parse()?;
    let register = if root.exists() {
        Register::open(&root, &url)?
    } else {
        told.that(&format!("importing {} cases", arguments.cases));
        std::fs::create_dir_all(folder)?;
        let register = Register::found(&root, &url)?;
        bulk::import(&register, folder, arguments.cases)?;
        told.that("restricting a tenth of them");
        bulk::restrict_a_tenth(&register, arguments.cases)?;
        bulk::first_list(&register, arguments.cases)?;
        register
    };
    told.that("reading");
    let figures = reads::measure(&register, arguments.cases)?;
    told.that("done");
    Ok(serde_json::to_string(&figures)?)
}

fn bench(scratch: &Path, database: &str, count: u64) -> Outcome<Report> {
    let told = Told(Instant::now());
    let url: DatabaseUrl = database.parse()?;
    let root = scratch.join("data");
    let register = Register::found(&root, &url)?;
    told.that(&format!("importing {count} cases"));
    let imported = bulk::import(&register, scratch, count)?;
    let mut figures = imported.figures;
    told.that("restricting a tenth of them");
    bulk::restrict_a_tenth(&register, count)?;
    told.that("filling the index");
    figures.insert(2, bulk::first_list(&register, count)?);
    writes::one(&register)?;
    drop(register);

    told.that("opening it in a process of its own");
    figures.extend(opening(&root, database, count)?);
    let register = Register::open(&root, &url)?;
    told.that("reading");
    let reads = reads::measure(&register, count)?;
    drop(register);

    // Only now: a copy of what is read would push it out of the system's memory.
    told.that("copying the database for the bare engine");
    let mut bare = bare::copy(database, scratch)?;
    let register = Register::open(&root, &url)?;
    let cases: Vec<String> =
        (1..=count).map(|n| Ok(register.case(n)?.to_string())).collect::<Outcome<_>>()?;
    figures.extend(reads::beside(reads, bare.as_mut(), &BareIndex::open(&root.join("index"))?, &cases)?);
    told.that("writing");
    figures.extend(writes::measure(&register, bare.as_mut(), count)?);
    bare.remove()?;
    told.that("rebuilding, backing up");
    figures.extend(bulk::measure(&register, scratch)?);
    told.that("done");
    let engine = if url.file().is_some() { "SQLite" } else { "PostgreSQL" };
    Ok(Report { engine, cases: count, records: imported.records, figures })
}

fn opening(root: &Path, database: &str, count: u64) -> Outcome<Vec<Figure>> {
    let fresh = memory::fresh_process(root, database)?;
    let start = fresh.opened_ms + fresh.first_list_ms;
    let target = match count {
        ..=1_000 => Some(("< 50 MB", 50.0)),
        1_001..=100_000 => Some(("< 150 MB at 10⁵", 150.0)),
        _ => None,
    };
    let held = |name, mb| {
        let figure = Figure::new(name, "MB", mb);
        match target {
            Some((text, limit)) => figure.target(text, Bound::Below(limit)),
            None => figure,
        }
    };
    Ok(vec![
        Figure::new("opening and the first list", "ms", start).target("< 1 s", Bound::Below(1_000.0)),
        held("memory after opening and the first list", fresh.idle.all_mb),
        Figure::new("of it not backed by files", "MB", fresh.idle.own_mb),
        held("memory after eighteen queries", fresh.after_queries.all_mb),
        Figure::new("of that not backed by files", "MB", fresh.after_queries.own_mb),
    ])
}

/// Tells on standard error how far the bench is.
struct Told(Instant);

impl Told {
    fn that(&self, what: &str) {
        eprintln!("{:8.1} s  {what}", self.0.elapsed().as_secs_f64());
    }
}
