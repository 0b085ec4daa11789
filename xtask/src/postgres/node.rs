//! A PostgreSQL server that is killed, frozen, started again and promoted. It is durable, as in production.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use tempfile::TempDir;

use super::{OLDEST, Owner, as_owner, escaped, make_cluster, owner, programs};
use crate::machine::shown;
use crate::readiness;

/// What every node is set to; what a proof needs otherwise is given beside it.
const SETTINGS: &str = "
listen_addresses = ''
max_connections = 60
wal_log_hints = on
wal_keep_size = '256MB'
max_wal_size = '256MB'
synchronous_commit = on
";

/// Waits for the end of its own standard input, which comes also when this process is killed, and then ends the server,
/// also a frozen one.
const WATCH: &str = r#"cat >/dev/null; kill -QUIT "$1" 2>/dev/null; kill -CONT "$1" 2>/dev/null"#;

/// How long a server that was killed may hold on to its shared memory.
const FREED_WITHIN: Duration = Duration::from_secs(30);

/// A server with its folder. It ends when this is dropped.
pub(crate) struct Node {
    place: Place,
    programs: PathBuf,
    owner: Option<Owner>,
    running: Option<Running>,
}

/// Where the cluster lies.
enum Place {
    /// In a folder of its own, which goes with it.
    Own(TempDir),
    /// In a folder that somebody else removes.
    Given(PathBuf),
}

struct Running {
    server: Child,
    watch: Child,
}

/// How a server is ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ending {
    /// Connections are cut, what is running is rolled back, and everything is written down.
    Fast,
    /// As if it had crashed.
    Immediate,
}

impl Node {
    /// Makes a cluster with `settings` (lines of postgresql.conf) and starts its server.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or too old, or when it does not start.
    pub(crate) fn start(settings: &str) -> anyhow::Result<Node> {
        let mut node = Node::empty(None)?;
        node.make(settings)?;
        node.run()?;
        Ok(node)
    }

    /// The same in a folder that is there already.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub(crate) fn start_in(folder: &Path, settings: &str) -> anyhow::Result<Node> {
        let mut node = Node::empty(Some(folder))?;
        node.make(settings)?;
        node.run()?;
        Ok(node)
    }

    /// A standby of `primary`, copied from it and running.
    ///
    /// # Errors
    /// When the copy cannot be made or started.
    pub(crate) fn standby_of(primary: &Node) -> anyhow::Result<Node> {
        let mut node = Node::empty(None)?;
        node.copy_from(primary)?;
        node.run()?;
        Ok(node)
    }

    fn empty(given: Option<&Path>) -> anyhow::Result<Node> {
        let programs = programs().ok_or_else(|| anyhow!("PostgreSQL {OLDEST} or newer is not installed"))?;
        let owner = owner()?;
        let place = match given {
            Some(folder) => Place::Given(folder.to_owned()),
            None => Place::Own(
                tempfile::Builder::new().prefix("nevertwice-pg-").tempdir().context("no scratch folder")?,
            ),
        };
        let node = Node { place, programs, owner, running: None };
        std::fs::set_permissions(node.folder(), std::fs::Permissions::from_mode(0o755))?;
        if let Some(owner) = owner {
            chown(node.folder(), Some(owner.user), Some(owner.group))?;
        }
        Ok(node)
    }

    fn make(&self, settings: &str) -> anyhow::Result<()> {
        make_cluster(&self.programs, self.folder(), self.owner)?;
        let file = self.folder().join("data/postgresql.conf");
        let present = std::fs::read_to_string(&file)?;
        Ok(std::fs::write(&file, format!("{present}\n{SETTINGS}\n{settings}\n"))?)
    }

    /// Its folder: the cluster is in `data`, the socket beside it.
    pub(crate) fn folder(&self) -> &Path {
        match &self.place {
            Place::Own(folder) => folder.path(),
            Place::Given(folder) => folder,
        }
    }

    /// Its socket's folder as a host in a URL.
    pub(crate) fn host(&self) -> String {
        escaped(self.folder())
    }

    /// The URL of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", self.host())
    }

    /// Starts the server on the cluster that it has.
    ///
    /// # Errors
    /// When it does not start, also after waiting for what a killed one left behind.
    pub(crate) fn run(&mut self) -> anyhow::Result<()> {
        readiness::until("the server starts", FREED_WITHIN, || match self.try_run() {
            Ok(()) => Ok(Some(())),
            Err(error) if format!("{error:#}").contains("shared memory block") => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn try_run(&mut self) -> anyhow::Result<()> {
        let mut server = as_owner(Command::new(self.programs.join("postgres")), self.owner)
            .arg("-D")
            .arg(self.folder().join("data"))
            .arg("-k")
            .arg(self.folder())
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start postgres")?;
        let talk = server.stderr.take().ok_or_else(|| anyhow!("the server has no standard error"))?;
        let watch = as_owner(Command::new("sh"), self.owner)
            .args(["-c", WATCH, "sh", &server.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start sh")?;
        let running = Running { server, watch };
        readiness::wait(talk, "database system is ready to accept", "database system is shut down")?;
        self.running = Some(running);
        Ok(())
    }

    /// Ends the server and waits for it.
    ///
    /// # Errors
    /// When it is not running or cannot be told.
    pub(crate) fn stop(&mut self, how: Ending) -> anyhow::Result<()> {
        let signal = match how {
            Ending::Fast => "-INT",
            Ending::Immediate => "-QUIT",
        };
        self.signal(signal, false)?;
        self.wait()
    }

    /// Kills the server and everything that it started, all at once.
    ///
    /// # Errors
    /// When it is not running or cannot be killed.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.signal("-KILL", true)?;
        self.wait()
    }

    /// Whether the server still runs, which it does not after a failure that it cannot survive.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub(crate) fn is_running(&mut self) -> anyhow::Result<bool> {
        match &mut self.running {
            Some(running) => Ok(running.server.try_wait()?.is_none()),
            None => Ok(false),
        }
    }

    /// Waits for a server that has ended by itself, or is about to.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub(crate) fn wait(&mut self) -> anyhow::Result<()> {
        let Some(mut running) = self.running.take() else { return Ok(()) };
        running.server.wait()?;
        running.end_watch()
    }

    /// Freezes the server and everything that it started.
    ///
    /// # Errors
    /// As [`Self::kill`].
    pub(crate) fn freeze(&self) -> anyhow::Result<()> {
        self.signal("-STOP", true)
    }

    /// Lets a frozen server go on.
    ///
    /// # Errors
    /// As [`Self::kill`].
    pub(crate) fn thaw(&self) -> anyhow::Result<()> {
        self.signal("-CONT", true)
    }

    fn signal(&self, signal: &str, all: bool) -> anyhow::Result<()> {
        let running = self.running.as_ref().context("the server does not run")?;
        let pid = running.server.id().to_string();
        let mut kill = Command::new("kill");
        kill.args([signal, &pid]);
        if all {
            let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
            kill.args(children.split_whitespace());
        }
        // A child may end between the look and the signal.
        let done = kill.stderr(Stdio::null()).status().context("cannot run kill")?;
        if !done.success() && !all { Err(anyhow!("{} failed", shown(&kill))) } else { Ok(()) }
    }

    /// Runs SQL in a database and gives what it answers, unaligned.
    ///
    /// # Errors
    /// When the server refuses.
    pub(super) fn sql(&self, database: &str, sql: &str) -> anyhow::Result<String> {
        self.tool(self.psql(database).args(["-c", sql]))
    }

    /// `psql` connected to a database.
    pub(super) fn psql(&self, database: &str) -> Command {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"]);
        psql.arg(self.folder()).stdin(Stdio::null());
        psql
    }

    /// Turns this node, which is not running, into a standby of `primary`: only what differs is copied, or everything
    /// where that is not possible.
    ///
    /// # Errors
    /// When neither works, or the standby does not start.
    pub(crate) fn rejoin(&mut self, primary: &Node) -> anyhow::Result<()> {
        // The server that was promoted writes its new timeline down at a checkpoint.
        primary.sql("postgres", "CHECKPOINT")?;
        let source = format!("host={} user=postgres dbname=postgres", primary.folder().display());
        let mut rewind = as_owner(Command::new(self.programs.join("pg_rewind")), self.owner);
        rewind.arg("--target-pgdata").arg(self.folder().join("data")).arg("--write-recovery-conf");
        rewind.args(["--no-sync", "--source-server", &source]).current_dir(self.folder());
        if let Err(error) = self.tool(&mut rewind) {
            println!("pg_rewind does not work here, so the whole is copied: {error:#}");
            std::fs::remove_dir_all(self.folder().join("data"))?;
            self.copy_from(primary)?;
        }
        self.run()
    }

    fn copy_from(&self, primary: &Node) -> anyhow::Result<()> {
        let mut copy = as_owner(Command::new(self.programs.join("pg_basebackup")), self.owner);
        copy.arg("--host").arg(primary.folder()).arg("--pgdata").arg(self.folder().join("data"));
        copy.args(["--username=postgres", "--checkpoint=fast", "--wal-method=stream", "--no-sync"]);
        copy.arg("--write-recovery-conf").current_dir(self.folder());
        self.tool(&mut copy).map(drop)
    }

    fn tool(&self, command: &mut Command) -> anyhow::Result<String> {
        let done = command.output().with_context(|| format!("cannot start {}", shown(command)))?;
        if !done.status.success() {
            bail!("{}: {}", shown(command), String::from_utf8_lossy(&done.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    }
}

impl Running {
    fn end_watch(&mut self) -> anyhow::Result<()> {
        // Killed before it can send a signal to a process that is no more.
        self.watch.kill().context("cannot end the watch over the server")?;
        self.watch.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        // What has ended already needs no waiting, which is no error.
        self.watch.wait().ok();
        self.server.wait().ok();
    }
}
