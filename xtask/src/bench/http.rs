//! Pages and answers for programs over HTTP, as the real program serves them, beside a bare page in the same run.

mod facts;
mod filled;
mod full;
mod series;
mod tasks;

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use super::report::{Beside, Bound, Figure, Report};
use crate::machine::without_own_settings;
use crate::program::Program;
use crate::web::{Memory, Site, Times};
use facts::Facts;
use full::Full;
use series::{Effort, Series};
use tasks::{Task, Visitors};

/// The programs that are measured.
pub(super) struct Http {
    program: Program,
    bare: PathBuf,
    keep: Option<PathBuf>,
    effort: Effort,
}

/// What was measured of one task.
struct Measured<'t> {
    task: Task<'t>,
    times: Times,
    rate: f64,
}

impl Http {
    /// Builds the program and the bare page, without optimisation unless `release`.
    ///
    /// # Errors
    /// When they do not build.
    pub(super) fn build(keep: Option<PathBuf>, release: bool) -> anyhow::Result<Http> {
        let program = Program::build(release)?;
        let bare = program.beside("nevertwice-bare");
        let effort = if release { Effort::FULL } else { Effort::SHORT };
        Ok(Http { program, bare, keep, effort })
    }

    /// Measures one size.
    ///
    /// # Errors
    /// When the program fails, or any answer is not what it has to be.
    pub(super) fn measure(
        &self,
        engine: &str,
        cases: u64,
        database: Option<String>,
    ) -> anyhow::Result<Report> {
        let register = filled::register(&self.program, self.keep.as_deref(), cases, database)?;
        let site = Site::start(&mut register.command(&["serve", "--listen", "127.0.0.1:0"]))?;
        let ready = site.memory()?;
        let visitors = Visitors::enter(&register, &site)?;
        let full = Full::make(&site, &visitors.program, &visitors.owner_name)?;
        let facts = Facts::find(&site, &visitors.program, cases)?;
        let size = facts.page_size(&site, &visitors.manager)?;
        let mut bare = Command::new(&self.bare);
        let bare = Site::start(without_own_settings(bare.arg(size.to_string())))?;
        println!("  the page of a case and the bare page: {size} bytes");
        let bare_task = Task::bare();

        // Before and after everything that reads: a machine that others use too is not as fast the whole time.
        let mut beside = Series::measure(bare.address(), &bare_task, &self.effort)?;
        let mut measured = Vec::new();
        let (reads, writes): (Vec<_>, Vec<_>) =
            tasks::all(&facts, &full, &visitors).into_iter().partition(|task| !task.is_write);
        for task in reads {
            measured.push(self.one(&site, task)?);
        }
        beside.add(Series::measure(bare.address(), &bare_task, &self.effort)?);
        // Only now: they make the register larger.
        for task in writes {
            measured.push(self.one(&site, task)?);
        }
        let after = site.memory()?;
        let mut figures = whole(cases, &site, ready, after);
        figures.extend(latencies(&beside, &measured));
        figures.extend(rates(&beside, &measured));
        site.stop()?;
        Ok(Report { engine: engine.to_owned(), cases, records: 0, figures, runs: 1, beside: Beside::Page })
    }

    fn one<'t>(&self, site: &Site, task: Task<'t>) -> anyhow::Result<Measured<'t>> {
        let series = Series::measure(site.address(), &task, &self.effort).with_context(|| task.name)?;
        println!(
            "  {:<52} p50 {:>8.2} ms  p99 {:>8.2} ms  {:>8.0}/s with eight connections",
            task.name,
            series.times.at(50),
            series.times.at(99),
            series.rate
        );
        Ok(Measured { task, times: series.times, rate: series.rate })
    }
}

/// The server as a whole.
fn whole(cases: u64, site: &Site, ready: Memory, after: Memory) -> Vec<Figure> {
    let held = |name, memory: f64| {
        let figure = Figure::new(name, "MB", memory);
        match cases {
            ..=1_000 => figure.target("< 50 MB", Bound::Below(50.0)),
            1_001..=100_000 => figure.target("< 150 MB at 10⁵", Bound::Below(150.0)),
            _ => figure,
        }
    };
    let ready_after = site.ready_after.as_secs_f64() * 1_000.0;
    vec![
        Figure::new("start, until it answers at /readyz", "ms", ready_after)
            .target("< 1 s", Bound::Below(1_000.0)),
        held("memory when nobody has come yet", ready.all),
        Figure::new("of it not backed by files", "MB", ready.own),
        Figure::new("memory after everything below", "MB", after.all),
        Figure::new("of that not backed by files", "MB", after.own),
        Figure::new("the most memory it had", "MB", after.most),
    ]
}

fn latencies(beside: &Series, measured: &[Measured<'_>]) -> Vec<Figure> {
    let (bare, p99) = (beside.times.at(50), beside.times.at(99));
    let name = "bare page, as large as that of a case";
    let first = Figure { p99: Some(p99), ..Figure::new(name, "ms", bare) };
    let rows = measured.iter().map(|one| {
        let figure = Figure::new(one.task.name, "ms", one.times.at(50));
        let figure = Figure { p99: Some(one.times.at(99)), bare: Some(bare), ..figure };
        match one.task.target {
            Some((text, limit)) => figure.target(text, Bound::P99Below(limit)),
            None => figure,
        }
    });
    std::iter::once(first).chain(rows).collect()
}

fn rates(beside: &Series, measured: &[Measured<'_>]) -> Vec<Figure> {
    let first = Figure::new("bare page, eight connections", "/s", beside.rate);
    let rows = measured.iter().map(|one| {
        let figure = Figure::new(format!("{}, eight connections", one.task.name), "/s", one.rate);
        Figure { bare: Some(beside.rate), ..figure }
    });
    std::iter::once(first).chain(rows).collect()
}
