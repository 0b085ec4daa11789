//! `cargo xtask bench`: how fast the register is, beside the bare engines or over HTTP beside a bare page, as tables.

mod host;
mod http;
mod page;
mod report;
mod table;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use clap::Args;

use crate::machine::{cargo, shown, without_own_settings};
use crate::postgres::Server;
use http::Http;
use report::Report;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// How many cases the register has; several sizes with commas, the smallest first.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000])]
    cases: Vec<u64>,
    /// How often to measure each size; the figures are the medians.
    #[arg(long, default_value_t = 1)]
    runs: usize,
    /// Use a scratch PostgreSQL that syncs every commit in place of SQLite.
    #[arg(long)]
    postgres: bool,
    /// Write the tables into docs/reference/performance.md.
    #[arg(long)]
    write: bool,
    /// Measure over HTTP, beside a bare page, instead of the use cases beside the bare engines.
    #[arg(long)]
    http: bool,
    /// Where to keep the registers that are filled for it, so that the next run need not make them again.
    #[arg(long, value_name = "DIR", requires = "http", conflicts_with = "postgres")]
    pub(crate) keep: Option<PathBuf>,
    /// Measure little of a debug build: to see whether it works, not how fast it is.
    #[arg(long, requires = "http", conflicts_with = "write")]
    debug: bool,
    /// The date to write, such as 2026-11-23; today if unsaid.
    #[arg(long)]
    date: Option<String>,
}

impl Bench {
    /// What is measured, as the tables are named by.
    fn engine(&self) -> String {
        let database = if self.postgres { "PostgreSQL" } else { "SQLite" };
        if self.http { format!("{database} over HTTP") } else { database.to_owned() }
    }
}

/// Measures, prints the tables, and writes them if asked to.
///
/// # Errors
/// When the bench does not build or fails, or the page has no place for a table.
pub(crate) fn run(root: &Path, wanted: &Bench) -> anyhow::Result<()> {
    if wanted.write {
        page::expect_places(root, &wanted.engine(), &wanted.cases)?;
    }
    let http = if wanted.http { Some(Http::build(wanted.keep.clone(), !wanted.debug)?) } else { None };
    let server = if wanted.postgres { Some(Server::start_durable()?) } else { None };
    let mut reports = Vec::new();
    for cases in &wanted.cases {
        let mut runs = Vec::new();
        for run in 1..=wanted.runs.max(1) {
            println!("=== {cases} cases, run {run} of {}", wanted.runs.max(1));
            let database =
                server.as_ref().map(|s| s.create_database(&format!("bench_{cases}_{run}"))).transpose()?;
            runs.push(match &http {
                Some(http) => http.measure(&wanted.engine(), *cases, database)?,
                None => measure(*cases, database.as_deref())?,
            });
        }
        let Some(report) = Report::median(&runs) else { bail!("nothing was measured") };
        println!("\n{}\n", table::of_report(&report));
        reports.push(report);
    }
    if let [first, .., last] = reports.as_slice() {
        println!("{}\n", table::of_growth(first, last));
    }
    if wanted.write {
        let date = wanted.date.clone().map_or_else(host::today, Ok)?;
        page::write(root, &reports, &host::describe(&date)?)?;
    }
    Ok(())
}

fn measure(cases: u64, database: Option<&str>) -> anyhow::Result<Report> {
    let mut bench = cargo();
    bench.args(["bench", "--locked", "--package", "nevertwice-service", "--bench", "register", "--"]);
    bench.args(["--cases", &cases.to_string()]);
    if let Some(database) = database {
        bench.args(["--database", database]);
    }
    without_own_settings(&mut bench).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = bench.output().with_context(|| format!("cannot start {}", shown(&bench)))?;
    if !output.status.success() {
        bail!("{} failed: {}", shown(&bench), output.status);
    }
    let said = String::from_utf8_lossy(&output.stdout);
    // Cargo may say something before it.
    let json = said.lines().find(|line| line.starts_with('{')).context("the bench printed no figures")?;
    serde_json::from_str(json).with_context(|| format!("the bench printed something else: {json}"))
}
