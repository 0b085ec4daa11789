//! The real program in a real browser: its tests, and pictures of its pages.

use std::path::Path;
use std::process::Command;

use crate::machine::{self, run};
use crate::program::Program;
use crate::test::Tally;
use crate::workspace;

/// Runs the browser tests alone and prints how many there were.
///
/// # Errors
/// When a test fails or was left out, or when something it needs cannot be installed.
pub(crate) fn browse(root: &Path) -> anyhow::Result<()> {
    let mut tally = Tally::default();
    let outcome = test(root, &mut tally);
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    outcome
}

/// Runs the browser tests on the program as built from this tree.
///
/// # Errors
/// When a test fails or was left out, or when something it needs cannot be installed.
pub(crate) fn test(root: &Path, tally: &mut Tally) -> anyhow::Result<()> {
    tally.browser(&mut script(root, "run.mjs")?)
}

/// Takes pictures of some pages of the sample company in light, in dark, on a phone and as printed.
///
/// # Errors
/// When something it needs cannot be installed, or a page does not come.
pub(crate) fn screenshots(root: &Path, every: bool, folder: Option<&Path>) -> anyhow::Result<()> {
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => workspace::target()?.join("screenshots"),
    };
    run(script(root, "screenshots.mjs")?.args(every.then_some("--every")).arg(folder))
}

/// A script of the browser tests, told where the program and the browser are.
fn script(root: &Path, name: &str) -> anyhow::Result<Command> {
    let tools = machine::prepare_browser(root, &workspace::target()?)?;
    let program = Program::build(false)?;
    let mut command = tools.script(&root.join("e2e").join(name));
    command.env("NEVERTWICE_BIN", program.path());
    Ok(command)
}
