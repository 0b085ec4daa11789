//! A scratch PostgreSQL server from the programs of this machine.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::thread;

use tempfile::TempDir;

/// A server on a socket in a scratch folder, for the tests of one run; stopped and removed when dropped.
///
/// Start it from the main thread: it is stopped when the starting thread ends, even by SIGKILL.
#[derive(Debug)]
pub struct PostgresServer {
    folder: TempDir,
    server: Child,
}

impl PostgresServer {
    /// Makes a cluster and starts it, as the user `postgres` when the caller is root. It takes about three seconds.
    ///
    /// # Errors
    /// If a program is missing or fails; the text holds what it said.
    pub fn start() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("nevertwice-pg-").tempdir()?;
        if is_root()? {
            let id = |flag: &str| -> io::Result<u32> {
                let out = run(Command::new("id").args([flag, "postgres"]))?;
                String::from_utf8_lossy(&out.stdout).trim().parse().map_err(io::Error::other)
            };
            std::os::unix::fs::chown(folder.path(), Some(id("-u")?), Some(id("-g")?))?;
        }
        let data = folder.path().join("data");
        run(as_server_user("initdb")?
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data))?;
        let mut command = as_server_user("postgres")?;
        command.arg("-D").arg(&data).arg("-k").arg(folder.path()).args(SETTINGS).stderr(Stdio::piped());
        let mut server = Self { server: command.spawn()?, folder };
        let log = server.server.stderr.take();
        wait_until_ready(log)?;
        Ok(server)
    }

    /// The address for `NEVERTWICE_TEST_POSTGRES`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres:///postgres?host={}&user=postgres", self.folder.path().display())
    }

    /// Stops it at once, as a crash would; the address stays its own.
    ///
    /// # Errors
    /// If `pg_ctl` fails.
    pub fn stop(&mut self) -> io::Result<()> {
        run(as_server_user("pg_ctl")?
            .args(["stop", "-m", "immediate", "-D"])
            .arg(self.folder.path().join("data")))?;
        self.server.wait().map(drop)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if matches!(self.server.try_wait(), Ok(None)) && self.stop().is_err() {
            // The folder goes with it; a server without a folder ends by itself.
            let _ = self.server.kill();
        }
    }
}

/// Nothing reaches it from outside, nothing is kept after a power cut, many tests connect at once.
const SETTINGS: [&str; 12] = [
    "-c",
    "listen_addresses=",
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "max_connections=200",
    "-c",
    "log_min_messages=log",
];

/// A program of PostgreSQL: from the search path, or from where Debian keeps it (the newest version).
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH").and_then(|path| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    });
    let debian = || {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut found: Vec<(u32, PathBuf)> = versions
            .filter_map(|entry| {
                let folder = entry.ok()?.path();
                let version = folder.file_name()?.to_str()?.parse().ok()?;
                let file = folder.join("bin").join(name);
                file.is_file().then_some((version, file))
            })
            .collect();
        found.sort();
        found.pop().map(|(_, file)| file)
    };
    on_path.or_else(debian).unwrap_or_else(|| PathBuf::from(name))
}

/// Runs a program to its end; a failure carries what it said.
pub(crate) fn run(command: &mut Command) -> io::Result<Output> {
    let name = Path::new(command.get_program()).display().to_string();
    let out = command.output().map_err(|error| io::Error::other(format!("{name} cannot be run: {error}")))?;
    if out.status.success() {
        return Ok(out);
    }
    Err(io::Error::other(format!("{name} failed: {}", String::from_utf8_lossy(&out.stderr).trim())))
}

/// PostgreSQL refuses to run as root; and its server must not outlive the tests.
fn as_server_user(name: &str) -> io::Result<Command> {
    let mut command = Command::new("setpriv");
    if is_root()? {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command
        .args([OsStr::new("--pdeathsig"), OsStr::new("SIGQUIT"), program(name).as_os_str()])
        .current_dir("/");
    Ok(command)
}

fn is_root() -> io::Result<bool> {
    let out = run(Command::new("id").arg("-u"))?;
    Ok(out.stdout.trim_ascii() == b"0")
}

/// Reads the log until the server says that it takes connections, then goes on reading so that it never blocks.
fn wait_until_ready(log: Option<ChildStderr>) -> io::Result<()> {
    let Some(log) = log else { return Err(io::Error::other("the server has no log")) };
    let mut lines = BufReader::new(log).lines();
    let mut said = String::new();
    for line in lines.by_ref() {
        let line = line?;
        if line.contains("ready to accept connections") {
            thread::spawn(move || lines.for_each(drop));
            return Ok(());
        }
        said.push_str(&line);
        said.push('\n');
    }
    Err(io::Error::other(format!("postgres did not start: {said}")))
}
