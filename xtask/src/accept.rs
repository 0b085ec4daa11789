//! `cargo xtask accept --data DIR`: a known old register and known VERIS records are imported by the real program, and what
//! comes out is held against facts counted by hand or from the files themselves.

mod content;
mod facts;
mod kills;
mod veris;

use std::path::Path;

use anyhow::bail;
use serde_json::Value;

use crate::postgres::Server;
use crate::program::{Program, Register};
use crate::prove::archive;
use facts::{Facts, Finding};

/// How often the import is killed per engine.
const KILLS: u32 = 20;

/// Imports `old_register.csv` and `old_register.xlsx` of `data` into empty registers on both engines, twice each,
/// then kills the import at twenty points and lets it run again. Between these, VERIS records twice, and labelled ones strictly.
/// At the end, the sample company and the old register are carried to the other engine and back in archives.
///
/// # Errors
/// When anything differs from `old_register.facts.json`, or from what the VERIS files hold.
pub(crate) fn run(data: &Path) -> anyhow::Result<()> {
    let facts = Facts::load(&data.join("old_register.facts.json"))?;
    let program = Program::build(false)?;
    let server = Server::start()?;
    let mut wrong = 0;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for file in ["old_register.csv", "old_register.xlsx"] {
            println!("\n=== {file} on {engine:?}");
            let name = format!("{engine:?}_{}", &file[file.len() - 4..].replace('.', "")).to_lowercase();
            let register = Register::init(&program, engine.database(&server, &name)?)?;
            wrong += report(&import_twice(&register, &data.join(file), &facts)?);
        }
        println!("\n=== veris_records.json on {engine:?}");
        let register =
            Register::init(&program, engine.database(&server, &format!("{engine:?}_veris").to_lowercase())?)?;
        wrong += report(&veris::records(&register, &data.join("veris_records.json"))?);
        println!("\n=== veris_schema_tests.jsonl on {engine:?}");
        wrong += report(&veris::labelled(&register, &data.join("veris_schema_tests.jsonl"))?);
        println!("\n=== killed {KILLS} times on {engine:?}");
        let file = data.join("old_register.csv");
        let fresh = |name: &str| {
            Register::init(&program, engine.database(&server, &format!("{engine:?}_{name}").to_lowercase())?)
        };
        wrong += report(&kills::check(fresh, &file, KILLS)?);
    }
    println!("\n=== the sample company, carried to the other engine and back");
    let sample = archive::sample(&program)?;
    archive::carry(&program, &server, sample, "carried_sample")?;
    println!("\n=== old_register.csv, carried to the other engine and back");
    let register = Register::init(&program, None)?;
    import(&register, &data.join("old_register.csv"))?;
    archive::carry(&program, &server, register, "carried_old")?;
    if wrong > 0 {
        bail!("{wrong} findings differ from what is expected");
    }
    println!("\nall as expected");
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    fn database(self, server: &Server, name: &str) -> anyhow::Result<Option<String>> {
        match self {
            Engine::Sqlite => Ok(None),
            Engine::Postgres => server.create_database(name).map(Some),
        }
    }
}

/// Imports a file with the options that the old register needs.
fn import(register: &Register<'_>, file: &Path) -> anyhow::Result<Value> {
    register.json(&["import", "spreadsheet", &file.to_string_lossy()])
}

fn import_twice(register: &Register<'_>, file: &Path, facts: &Facts) -> anyhow::Result<Vec<Finding>> {
    let first = import(register, file)?;
    let mut findings = facts.check(register, &first)?;
    let again = import(register, file)?;
    for what in ["created", "changed", "rejected"] {
        findings.push(Finding::new(format!("{what} by a second run"), 0, &again[what]));
    }
    findings.push(Finding::new(
        "cases after a second run",
        facts.rows(),
        facts::total(register, &["case", "list"])?,
    ));
    Ok(findings)
}

/// Prints a table of findings; gives how many differ.
fn report(findings: &[Finding]) -> usize {
    println!("{:<40} {:>14} {:>14}", "", "expected", "found");
    for finding in findings {
        let mark = if finding.holds() { "" } else { "  <-- differs" };
        println!("{:<40} {:>14} {:>14}{mark}", finding.what, finding.expected, finding.found);
    }
    findings.iter().filter(|finding| !finding.holds()).count()
}
