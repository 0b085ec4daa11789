//! A PostgreSQL server for the time of one command: its own folder, a Unix socket, no network, and no durability unless
//! it is asked for.

pub(crate) mod admin;
pub(crate) mod node;
pub(crate) mod pair;

use std::ffi::OsString;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, anyhow, bail};
use tempfile::TempDir;

use crate::readiness;

/// The oldest version that Nevertwice supports.
const OLDEST: u32 = 15;

/// The server runs below a shell that waits for the end of its own standard input. That end comes when the server
/// is dropped and also when this process is killed, so no server is ever left behind.
const WATCHED: &str = r#"
trap : INT TERM HUP
"$1/postgres" -D "$2/data" -k "$2" \
  -c listen_addresses= -c max_connections=300 \
  -c fsync="$3" -c full_page_writes="$3" -c synchronous_commit="$3" &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
cd / && rm -rf "$2"
"#;

/// A running scratch server; it stops when this is dropped.
pub(crate) struct Server {
    shell: Child,
    folder: TempDir,
    programs: PathBuf,
    owner: Option<Owner>,
}

/// The account that the server runs as when we are root, which PostgreSQL refuses to run as.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Server {
    /// Makes a cluster and starts its server. The cluster sorts by the rules of English, so that a statement that
    /// forgets its collation gives another order here than on SQLite.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or too old, or when it does not start.
    pub(crate) fn start() -> anyhow::Result<Server> {
        Self::start_with("off")
    }

    /// As [`Self::start`], but every commit is on the disk before it is answered, as in production.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub(crate) fn start_durable() -> anyhow::Result<Server> {
        Self::start_with("on")
    }

    fn start_with(durability: &str) -> anyhow::Result<Server> {
        let programs = programs().ok_or_else(|| anyhow!("PostgreSQL {OLDEST} or newer is not installed"))?;
        let owner = owner()?;
        let folder =
            tempfile::Builder::new().prefix("nevertwice-pg-").tempdir().context("no scratch folder")?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        if let Some(owner) = owner {
            chown(folder.path(), Some(owner.user), Some(owner.group))?;
        }
        make_cluster(&programs, folder.path(), owner)?;
        let mut shell = as_owner(Command::new("sh"), owner)
            .args(["-c", WATCHED, "sh"])
            .args([&programs, folder.path()])
            .arg(durability)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start sh")?;
        let talk = shell.stderr.take().ok_or_else(|| anyhow!("the server has no standard error"))?;
        let server = Server { shell, folder, programs, owner };
        readiness::wait(talk, "database system is ready to accept connections", "FATAL")?;
        Ok(server)
    }

    /// The URL of a database of this server, in the form that names the socket's folder as percent-encoded host.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", escaped(self.folder.path()))
    }

    /// Makes an empty database and gives its URL.
    ///
    /// # Errors
    /// When the server refuses, for example because the name is taken.
    pub(crate) fn create_database(&self, name: &str) -> anyhow::Result<String> {
        let made = as_owner(Command::new(self.programs.join("createdb")), self.owner)
            .arg("--host")
            .arg(self.folder.path())
            .args(["--username=postgres", name])
            .current_dir(self.folder.path())
            .output()
            .context("cannot run createdb")?;
        if !made.status.success() {
            bail!("createdb {name}: {}", String::from_utf8_lossy(&made.stderr).trim());
        }
        Ok(self.url(name))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        if let Err(error) = self.shell.wait() {
            eprintln!("the scratch PostgreSQL did not end: {error}");
        }
    }
}

/// The folder of the newest supported PostgreSQL's programs: Debian's own place first, then the search path.
pub(crate) fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<u32> =
        debian.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable();
    let installed =
        versions.into_iter().rev().map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")));
    let path: OsString = std::env::var_os("PATH").unwrap_or_default();
    let searched = std::env::split_paths(&path).filter_map(|folder| {
        std::fs::canonicalize(folder.join("initdb")).ok()?.parent().map(Path::to_path_buf)
    });
    installed
        .chain(searched)
        .find(|folder| is_complete(folder) && version(folder).is_some_and(|v| v >= OLDEST))
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres", "createdb"].iter().all(|program| folder.join(program).exists())
}

/// The major version that `postgres --version` tells, as in `postgres (PostgreSQL) 15.18 (Debian …)`.
fn version(folder: &Path) -> Option<u32> {
    let told = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    told.split_whitespace().nth(2)?.split('.').next()?.parse().ok()
}

/// A socket's folder as a host in a URL.
fn escaped(folder: &Path) -> String {
    folder.to_string_lossy().replace('%', "%25").replace('/', "%2F")
}

fn owner() -> anyhow::Result<Option<Owner>> {
    if number("id", &["-u"])? != 0 {
        return Ok(None);
    }
    let user = number("id", &["-u", "postgres"])
        .context("root needs the account `postgres` to run the server as")?;
    Ok(Some(Owner { user, group: number("id", &["-g", "postgres"])? }))
}

fn number(program: &str, arguments: &[&str]) -> anyhow::Result<u32> {
    let told =
        Command::new(program).args(arguments).output().with_context(|| format!("cannot run {program}"))?;
    let told = String::from_utf8_lossy(&told.stdout);
    told.trim()
        .parse()
        .map_err(|_| anyhow!("{program} {}: expected a number, found {told:?}", arguments.join(" ")))
}

fn as_owner(mut command: Command, owner: Option<Owner>) -> Command {
    if let Some(Owner { user, group }) = owner {
        command.gid(group).uid(user);
    }
    command
}

fn make_cluster(programs: &Path, folder: &Path, owner: Option<Owner>) -> anyhow::Result<()> {
    let made = as_owner(Command::new(programs.join("initdb")), owner)
        .arg("--pgdata")
        .arg(folder.join("data"))
        .args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"])
        .args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"])
        .current_dir(folder)
        .output()
        .context("cannot run initdb")?;
    if !made.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim());
    }
    Ok(())
}
