//! An empty database per test.

use std::env;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::postgres::{program, run};

/// Names the server to make test databases on: `postgres://postgres@localhost/postgres`.
const SERVER: &str = "NEVERTWICE_TEST_POSTGRES";

/// `both` makes it an error when [`SERVER`] is missing.
const ENGINES: &str = "NEVERTWICE_TEST_ENGINES";

/// A database engine to test on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// The engines to test on: SQLite always, PostgreSQL when `NEVERTWICE_TEST_POSTGRES` names a server, as
/// `cargo xtask test` does. Fails the test when `NEVERTWICE_TEST_ENGINES=both` and it names none.
#[must_use]
pub fn engines() -> Vec<Engine> {
    let both = env::var(ENGINES).is_ok_and(|engines| engines == "both");
    match env::var(SERVER) {
        Ok(_) => vec![Engine::Sqlite, Engine::Postgres],
        Err(_) if both => fail(&format!("{ENGINES} is both, but {SERVER} names no server")),
        Err(_) => vec![Engine::Sqlite],
    }
}

impl Engine {
    /// An empty database on this engine.
    #[must_use]
    pub fn database(self) -> TestDatabase {
        match self {
            Self::Sqlite => TestDatabase::sqlite(),
            Self::Postgres => TestDatabase::postgres(),
        }
    }

    /// Runs `test` on an empty database; if it fails, the output says on which engine.
    pub fn run(self, test: impl FnOnce(&TestDatabase)) {
        let _name = NameOnPanic(self);
        test(&self.database());
    }
}

/// An empty database that is removed when dropped.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    folder: TempDir,
    server: Option<Server>,
}

#[derive(Debug)]
struct Server {
    url: String,
    name: String,
}

impl TestDatabase {
    /// A SQLite file in a scratch folder.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = scratch_folder();
        let url = format!("sqlite:{}", folder.path().join("nevertwice.db").display());
        Self { url, folder, server: None }
    }

    /// A database of its own on the server that `NEVERTWICE_TEST_POSTGRES` names; fails the test without one.
    #[must_use]
    pub fn postgres() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let Ok(server) = env::var(SERVER) else { fail(&format!("{SERVER} names no server")) };
        // A failed test leaves its database behind, and numbers of processes come again: the folder's name does not.
        let folder = scratch_folder();
        let tail = folder.path().file_name().unwrap_or_default();
        let tail = tail
            .to_string_lossy()
            .to_lowercase()
            .replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
        let name = format!("{tail}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        // Another collation than production's "C" must not matter, and template0 has nobody connected. Copying its files
        // takes half as long as writing its pages to the log, where nothing has to be on the disk.
        let made = "TEMPLATE template0 ENCODING 'UTF8' STRATEGY FILE_COPY";
        psql(&server, &format!("CREATE DATABASE {name} {made}"));
        let url = with_database(&server, &name);
        Self { url, folder, server: Some(Server { url: server, name }) }
    }

    /// Its address, such as `sqlite:/tmp/x/nevertwice.db`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A scratch folder that lives as long as the database.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Which engine it is on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        if self.server.is_some() { Engine::Postgres } else { Engine::Sqlite }
    }

    /// The text for this engine, where a test must say the same thing in two ways.
    #[must_use]
    pub fn choose<'a>(&self, sqlite: &'a str, postgres: &'a str) -> &'a str {
        match self.engine() {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres,
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(server) = &self.server
            && !std::thread::panicking()
        {
            psql(&server.url, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", server.name));
        }
    }
}

struct NameOnPanic(Engine);

impl Drop for NameOnPanic {
    #[expect(clippy::print_stderr, reason = "shown with the failed test's output")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the failure was on {:?}", self.0);
        }
    }
}

/// The server's address with another database name.
fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, String::new()), |(b, q)| (b, format!("?{q}")));
    let host = base.find("://").map_or(0, |at| at + 3);
    let end = base[host..].find('/').map_or(base.len(), |at| host + at);
    format!("{}/{name}{query}", &base[..end])
}

fn psql(server: &str, sql: &str) {
    let mut command = Command::new(program("psql"));
    command
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", server, "-c", sql])
        .env("PGOPTIONS", "--client-min-messages=warning");
    if let Err(error) = run(&mut command) {
        fail(&error.to_string());
    }
}

fn scratch_folder() -> TempDir {
    match tempfile::Builder::new().prefix("nevertwice-test-").tempdir() {
        Ok(folder) => folder,
        Err(error) => fail(&format!("no scratch folder: {error}")),
    }
}

#[expect(clippy::panic, reason = "a test that cannot have its database fails, it does not skip")]
fn fail(reason: &str) -> ! {
    panic!("{reason}")
}
