//! What a database administrator does to a scratch server, or what happens to it.

use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::node::Node;

/// The register's own connections.
const OURS: &str = "FROM pg_stat_activity WHERE application_name = 'nevertwice'";

/// What is done to one of the register's connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It ends.
    Connection,
    /// Its statement ends, if it runs one.
    Statement,
}

impl Node {
    /// Makes an empty database.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn create_database(&self, name: &str) -> anyhow::Result<()> {
        self.sql("postgres", &format!("CREATE DATABASE {name}")).map(drop)
    }

    /// How many rows a table of the register has.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn count(&self, database: &str, table: &str) -> anyhow::Result<u64> {
        Ok(self.sql(database, &format!("SELECT count(*) FROM {table}"))?.parse()?)
    }

    /// Whether there is a case of that title.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn has_case(&self, database: &str, title: &str) -> anyhow::Result<bool> {
        let question = format!("SELECT count(*) FROM cases WHERE title = '{title}'");
        Ok(self.sql(database, &question)? != "0")
    }

    /// Whether a COMMIT waits for a standby.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn has_waiting_commit(&self) -> anyhow::Result<bool> {
        let question = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        Ok(self.sql("postgres", question)? != "0")
    }

    /// Whether a standby confirms commits.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn is_confirmed(&self) -> anyhow::Result<bool> {
        let question =
            "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'";
        Ok(self.sql("postgres", question)? == "1")
    }

    /// Sets something for the whole server, at once.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.sql("postgres", &format!("ALTER SYSTEM SET {name} = '{value}'"))?;
        self.sql("postgres", "SELECT pg_reload_conf()").map(drop)
    }

    /// Makes this standby the primary.
    ///
    /// # Errors
    /// When it does not become one.
    pub(crate) fn promote(&self) -> anyhow::Result<()> {
        match self.sql("postgres", "SELECT pg_promote(true, 60)")?.as_str() {
            "t" => Ok(()),
            other => bail!("the standby was not promoted: {other}"),
        }
    }

    /// Cuts one of the register's connections, whichever it is and whatever it is at; false if there is none.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn cut(&self, what: Cut) -> anyhow::Result<bool> {
        let function = match what {
            Cut::Connection => "pg_terminate_backend",
            Cut::Statement => "pg_cancel_backend",
        };
        let statement = format!("SELECT {function}(pid) {OURS} ORDER BY random() LIMIT 1");
        Ok(self.sql("postgres", &statement)? == "t")
    }

    /// Cuts all of the register's connections.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn cut_all(&self) -> anyhow::Result<()> {
        self.sql("postgres", &format!("SELECT pg_terminate_backend(pid) {OURS}")).map(drop)
    }

    /// Sets something for every new connection to a database, cuts the present ones, and the same back after `meanwhile`.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn with_setting(
        &self,
        database: &str,
        (name, value): (&str, &str),
        meanwhile: impl FnOnce(),
    ) -> anyhow::Result<()> {
        self.sql("postgres", &format!("ALTER DATABASE {database} SET {name} = '{value}'"))?;
        self.cut_all()?;
        meanwhile();
        self.sql("postgres", &format!("ALTER DATABASE {database} RESET {name}"))?;
        self.cut_all()
    }

    /// Somebody looks at the head of the trail by hand, locks it and forgets about it for so long.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn hold_the_head(&self, database: &str, time: Duration) -> anyhow::Result<()> {
        let lock = "SELECT seq FROM trail_head WHERE id = 1 FOR UPDATE";
        let held = format!("BEGIN; {lock}; SELECT pg_sleep({}); ROLLBACK", time.as_secs());
        self.sql(database, &held).map(drop)
    }

    /// Somebody who connects and does nothing, until killed.
    ///
    /// # Errors
    /// When `psql` cannot be started.
    pub(crate) fn idler(&self) -> anyhow::Result<Child> {
        let mut psql = self.psql("postgres");
        psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        psql.spawn().context("cannot start psql")
    }
}
