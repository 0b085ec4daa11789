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
