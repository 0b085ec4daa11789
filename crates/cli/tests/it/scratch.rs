//! A scratch folder with the program in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A data folder of its own for one test.
pub(crate) struct Scratch {
    folder: TempDir,
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scratch {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A register with Ada, who runs it, and Bob, a manager with a token.
    pub(crate) fn with_register() -> Self {
        let scratch = Self::empty();
        scratch.ok(&["init", "--company", "Example AI", "--time-zone", "Europe/Berlin", "--person", "Ada"]);
        scratch.ok(&["person", "new", "Bob", "--role", "manager", "--role", "responder"]);
        let token = scratch.ok(&["person", "token", "Bob"]);
        std::fs::write(scratch.path("bob.token"), token).unwrap();
        scratch
    }

    /// The year of references that are given now.
    pub(crate) fn year(&self) -> String {
        let now = self.json(&["person", "list"])[0]["created_at"].clone();
        now.as_str().unwrap()[..4].to_owned()
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the register lies.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// A command on this register, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nevertwice"));
        command
            .current_dir(self.folder.path())
            .env_remove("NEVERTWICE_DATA")
            .env_remove("NEVERTWICE_DATABASE")
            .env_remove("NEVERTWICE_TOKEN_FILE")
            .env("NEVERTWICE_LISTEN", "127.0.0.1:0")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .arg("--data")
            .arg(self.data())
            .args(arguments);
        command
    }

    /// Runs a command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        said(&self.command(arguments).output().unwrap())
    }

    /// Runs a command that must succeed; gives what it printed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}{}", said.out, said.err);
        said.out
    }

    /// Runs a command with `--json` that must succeed.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let out = self.ok(&[&["--json"], arguments].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}"))
    }

    /// Runs a command that must fail with an exit code; gives what it said.
    pub(crate) fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, code, "{arguments:?}: {}{}", said.out, said.err);
        assert_eq!(said.out, "", "a failed command prints no data");
        said.err
    }
}

/// What a finished command said.
pub(crate) fn said(output: &Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Whether a file is readable by its owner only.
pub(crate) fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o077 == 0
}
