//! The disk that can be watched and that can fail: `xtask/shim/disk.c`, compiled when it is needed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::machine::run;

/// The compiled shim.
pub(crate) struct Shim {
    folder: TempDir,
}

/// What is to happen at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blow {
    /// It fails, and if `lasting` so does every later one.
    Fail {
        /// `EIO` or `ENOSPC`.
        error: &'static str,
        /// Whether the fault stays.
        lasting: bool,
    },
    /// The process is killed just before it.
    Kill,
}

impl Shim {
    /// Compiles the shim with the system's C compiler.
    ///
    /// # Errors
    /// There is no compiler, or it refuses. Where Rust links there is one: it is the same.
    pub(crate) fn build() -> anyhow::Result<Shim> {
        let folder = tempfile::Builder::new().prefix("nevertwice-shim-").tempdir()?;
        let shim = Shim { folder };
        run(Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o"])
            .arg(shim.library())
            .arg("xtask/shim/disk.c"))
        .context("the proof needs a C compiler (Debian and Ubuntu: `apt-get install gcc libc6-dev`)")?;
        Ok(shim)
    }

    /// Lets a command run with every change below `folder` written to `log`; every `failing`-th fsync of a file
    /// fails, or none if 0.
    pub(crate) fn record(&self, command: &mut Command, folder: &Path, log: &Path, failing: u32) {
        self.watch(command, folder, log, "record");
        command.env("PROVE_DISK_SYNCS", failing.to_string());
    }

    /// Lets a command run with a line in `log` for each call that changes something below `folder`.
    pub(crate) fn count(&self, command: &mut Command, folder: &Path, log: &Path) {
        self.watch(command, folder, log, "count");
    }

    /// Lets a command run until its call `number` that changes something below `folder`; `log` is made when it gets
    /// there, and says which call it was.
    pub(crate) fn strike(&self, command: &mut Command, folder: &Path, log: &Path, blow: Blow, number: u32) {
        let mode = if blow == Blow::Kill { "kill" } else { "fail" };
        self.watch(command, folder, log, mode);
        command.env("PROVE_DISK_AT", number.to_string());
        if let Blow::Fail { error, lasting } = blow {
            command.env("PROVE_DISK_ERROR", error).env("PROVE_DISK_LASTING", if lasting { "1" } else { "0" });
        }
    }

    fn watch(&self, command: &mut Command, folder: &Path, log: &Path, mode: &str) {
        command
            .env("LD_PRELOAD", self.library())
            .env("PROVE_DISK_FOLDER", folder)
            .env("PROVE_DISK_MODE", mode)
            .env("PROVE_DISK_LOG", log);
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("disk.so")
    }
}

impl std::fmt::Display for Blow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Blow::Fail { error, lasting: false } => write!(f, "{error} once"),
            Blow::Fail { error, lasting: true } => write!(f, "{error} from then on"),
            Blow::Kill => f.write_str("killed"),
        }
    }
}
