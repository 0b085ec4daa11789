//! The real `nevertwice` program, built once and run on scratch folders.

use std::os::unix::fs::{DirBuilderExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::machine::{cargo, run, shown, without_own_settings};
use crate::workspace;

/// The program as built from this tree.
pub(crate) struct Program {
    path: PathBuf,
    is_release: bool,
}

impl Program {
    /// Builds the program, without optimisation unless `release`.
    ///
    /// # Errors
    /// When it does not build.
    pub(crate) fn build(release: bool) -> anyhow::Result<Program> {
        if release {
            let packages = ["--package=nevertwice", "--package=nevertwice-bare"];
            run(cargo().args(["build", "--locked", "--release"]).args(packages))?;
        } else {
            as_the_tests_build()?;
        }
        let folder = if release { "release" } else { "debug" };
        Ok(Program { path: workspace::target()?.join(folder).join("nevertwice"), is_release: release })
    }

    /// Whether it was built with optimisation.
    pub(crate) fn is_release(&self) -> bool {
        self.is_release
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where another program is that was built with it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// The program without any arguments, and without the developer's own settings. A server answers commands of this
    /// machine only, unless an address to listen at is given: several of them run at once.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        without_own_settings(&mut command).env("NEVERTWICE_LISTEN", "none").stdin(Stdio::null());
        command
    }

    /// The program on the data folder `data` with `words`.
    pub(crate) fn on(&self, data: &Path, words: &[&str]) -> Command {
        let mut command = self.command();
        command.arg("--data").arg(data).args(words);
        command
    }
}

/// Where an example is that looks into what a program wrote.
///
/// # Errors
/// When it does not build.
pub(crate) fn example(name: &str) -> anyhow::Result<PathBuf> {
    as_the_tests_build()?;
    Ok(workspace::target()?.join("debug").join("examples").join(name))
}

/// Programs and examples with the features that the tests ask for, so that what those have built is not built again.
fn as_the_tests_build() -> anyhow::Result<()> {
    run(cargo().args(["build", "--locked", "--workspace", "--bins", "--examples"]))
}

/// A register in a scratch data folder.
pub(crate) struct Register<'p> {
    program: &'p Program,
    folder: Folder,
    database: Option<String>,
}

/// Where a register's data folder is.
enum Folder {
    /// In a folder that goes with it.
    Scratch(TempDir),
    /// In a folder that stays.
    Kept(PathBuf),
}

impl<'p> Register<'p> {
    /// Makes an empty register; `database` is the URL of an empty PostgreSQL database, or nothing for SQLite in the
    /// data folder.
    ///
    /// # Errors
    /// When the program refuses.
    pub(crate) fn init(program: &'p Program, database: Option<String>) -> anyhow::Result<Register<'p>> {
        let register = Register::empty(program, database)?;
        output(&mut register.command(&["init"]))?;
        Ok(register)
    }

    /// A second data folder for the same database, as on another machine: with the first one's keys, and its evidence, which
    /// both must reach.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(crate) fn beside(&self) -> anyhow::Result<Register<'p>> {
        let register = Register::empty(self.program, self.database.clone())?;
        let (from, to) = (self.data(), register.data());
        for folder in [&to, &to.join("keys"), &from.join("evidence")] {
            std::fs::DirBuilder::new().mode(0o700).recursive(true).create(folder)?;
        }
        for key in ["signing.key", "verifier.key"] {
            std::fs::copy(from.join("keys").join(key), to.join("keys").join(key))?;
        }
        symlink(from.join("evidence"), to.join("evidence"))?;
        Ok(register)
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> PathBuf {
        match &self.folder {
            Folder::Scratch(folder) => folder.path().join("data"),
            Folder::Kept(folder) => folder.join("data"),
        }
    }

    /// Keeps its folder when this is dropped, so that what went wrong can be looked at.
    pub(crate) fn keep(&mut self) {
        if let Folder::Scratch(folder) = &mut self.folder {
            folder.disable_cleanup(true);
        }
    }

    /// What is, or comes to be, in a folder that stays: SQLite in the data folder.
    pub(crate) fn kept(program: &'p Program, folder: &Path) -> Register<'p> {
        Register { program, folder: Folder::Kept(folder.to_owned()), database: None }
    }

    /// A place where a register may come to be.
    ///
    /// # Errors
    /// When there is no room for a scratch folder.
    pub(crate) fn empty(program: &'p Program, database: Option<String>) -> anyhow::Result<Register<'p>> {
        let folder =
            tempfile::Builder::new().prefix("nevertwice-data-").tempdir().context("no scratch folder")?;
        Ok(Register { program, folder: Folder::Scratch(folder), database })
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
