//! The real `nevertwice` program, built once and run on scratch folders.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::machine::{cargo, run, shown, without_own_settings};
use crate::workspace;

/// The program as built from this tree.
pub(crate) struct Program {
    path: PathBuf,
}

impl Program {
    /// Builds the program, without optimisation unless `release`.
    ///
    /// # Errors
    /// When it does not build.
    pub(crate) fn build(release: bool) -> anyhow::Result<Program> {
        let mut build = cargo();
        build.args(["build", "--locked", "--package", "nevertwice"]);
        if release {
            build.arg("--release");
        }
        run(&mut build)?;
        let folder = if release { "release" } else { "debug" };
        Ok(Program { path: workspace::target()?.join(folder).join("nevertwice") })
    }

    /// The program without any arguments, and without the developer's own settings.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        without_own_settings(&mut command).stdin(Stdio::null());
        command
    }
}

/// A register in a scratch data folder.
pub(crate) struct Register<'p> {
    program: &'p Program,
    folder: TempDir,
    database: Option<String>,
}

impl<'p> Register<'p> {
    /// Makes an empty register; `database` is the URL of an empty PostgreSQL database, or nothing for SQLite in the
    /// data folder.
    ///
    /// # Errors
    /// When the program refuses.
    pub(crate) fn init(program: &'p Program, database: Option<String>) -> anyhow::Result<Register<'p>> {
        let folder =
            tempfile::Builder::new().prefix("nevertwice-data-").tempdir().context("no scratch folder")?;
        let register = Register { program, folder, database };
        output(&mut register.command(&["init"]))?;
        Ok(register)
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The program with the arguments that name this register, and `words`.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = self.program.command();
        command.arg("--data").arg(self.data());
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        command.args(words);
        command
    }

    /// Runs the program with `words` and `--json` and reads what it prints.
    ///
    /// # Errors
    /// When it fails or prints something else.
    pub(crate) fn json(&self, words: &[&str]) -> anyhow::Result<Value> {
        let mut command = self.command(words);
        command.arg("--json");
        let text = output(&mut command)?;
        serde_json::from_str(&text).with_context(|| format!("{} printed no JSON: {text}", shown(&command)))
    }
}

/// Runs a command and gives what it printed.
///
/// # Errors
/// When it fails, with what it said.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed: {}: {}", shown(command), output.status, said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
