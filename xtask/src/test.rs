//! `cargo xtask test`: every gate of the project, on both database engines, with all set-up.

mod tally;

use std::path::Path;
use std::process::Command;

use anyhow::bail;

use crate::machine::{self, cargo, run, without_own_settings};
use crate::postgres::Server;
use crate::steps::Steps;
use crate::{browser, generate, prove, tidy, workspace};
pub(crate) use tally::Tally;

/// Runs everything and prints one line of counts at the end.
///
/// # Errors
/// When any gate fails or something it needs cannot be installed.
pub(crate) fn all(root: &Path) -> anyhow::Result<()> {
    let target = workspace::target()?;
    println!("=== what the machine needs");
    machine::prepare(&target)?;
    let server = Server::start()?;
    let mut steps = Steps::default();
    let mut tally = Tally::default();

    steps.run("format", || run(cargo().args(["fmt", "--all", "--check"])));
    steps.run("tidy", || tidy::run(root));
    steps.run("clippy", || {
        run(cargo().args(["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    });
    steps.run("documentation", || {
        let mut doc = cargo();
        doc.args(["doc", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        run(&mut doc)
    });
    steps.run("tests", || {
        let mut nextest = machine::tool(&target, "cargo-nextest")?;
        nextest.args(["nextest", "run", "--locked", "--workspace", "--no-fail-fast"]);
        tally.nextest(on_both_engines(&mut nextest, &server))
    });
    steps.run("browser tests", || browser::test(root, &mut tally));
    steps.run("reference pages", || generate::run(root, true));
    steps.run("licences, bans and sources of dependencies", || {
        let mut deny = machine::tool(&target, "cargo-deny")?;
        run(deny.args(["--locked", "check", "bans", "licenses", "sources"]))
    });
    steps.run("proofs in short", prove::short);
    drop(server);
    let outcome = steps.finish();
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    outcome
}

/// Runs one command the way [`all`] runs the tests.
///
/// # Errors
/// When PostgreSQL is not there and when the command fails.
pub(crate) fn with_postgres(words: &[String]) -> anyhow::Result<()> {
    let Some((program, arguments)) = words.split_first() else { bail!("expected a command") };
    let server = Server::start()?;
    run(on_both_engines(Command::new(program).args(arguments), &server))
}

/// Tells the tests where PostgreSQL is.
fn on_both_engines<'a>(command: &'a mut Command, server: &Server) -> &'a mut Command {
    without_own_settings(command)
        .env("NEVERTWICE_TEST_POSTGRES", server.url("postgres"))
        .env("NEVERTWICE_TEST_ENGINES", "both")
}
