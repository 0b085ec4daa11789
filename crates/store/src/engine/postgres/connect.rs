//! Connecting: address, TLS, the checks made once per connection.

use std::path::Path;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};

use super::{describe, tls};
use crate::engine::Durability;
use crate::engine::failure::{Effect, Failure};
use crate::error::StoreError;
use crate::url::{PostgresUrl, Tls};

/// `server_version_num` of PostgreSQL 15.
const OLDEST_SERVER: i64 = 150_000;

/// Statements are short: making machine code of one, or starting processes for it, takes longer than running it.
const SHORT_STATEMENTS: &str = "SET jit = off; SET max_parallel_workers_per_gather = 0;";

const NO_SYNC: &str = "SET synchronous_commit = off;";

/// Everything is looked up by keys. While an import fills a table, and for a minute after it, what the planner knows of it lags
/// behind, and a plan made for the empty table would read all of it for every row.
const ALWAYS_BY_INDEX: &str = "SET enable_seqscan = off;";

/// Opens connections to one database.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Config,
    tls: Option<tokio_postgres_rustls::MakeRustlsConnect>,
    /// What is run first on every connection.
    setup: String,
}

impl Connector {
    /// Reads the address and the certificates; connects to nothing yet.
    pub(crate) fn new(url: &PostgresUrl, durability: Durability) -> Result<Self, StoreError> {
        let mut config: Config = url.address.parse().map_err(|error| {
            StoreError::Open(format!("the PostgreSQL address cannot be read: {}", describe(&error)))
        })?;
        config.application_name("nevertwice");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        let tls = match url.tls.unwrap_or_else(|| usual(&config)) {
            Tls::Disable => None,
            Tls::Verify => Some(tls::connector(url.root_certificates.as_deref())?),
        };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        let setup = [
            Some(SHORT_STATEMENTS),
            (durability == Durability::NoSync).then_some(NO_SYNC),
            Some(ALWAYS_BY_INDEX),
        ];
        Ok(Self { config, tls, setup: setup.into_iter().flatten().collect() })
    }

    /// Opens one connection.
    pub(crate) fn connect(&self) -> Result<Client, Failure> {
        let client = match &self.tls {
            None => self.config.connect(NoTls),
            Some(tls) => self.config.connect(tls.clone()),
        };
        let unavailable = |error: postgres::Error| Failure {
            error: StoreError::Unavailable { detail: format!("PostgreSQL: {}", describe(&error)) },
            effect: Effect::Statement,
        };
        let mut client = client.map_err(unavailable)?;
        let row = client
            .query_one("SELECT CAST(current_setting('server_version_num') AS BIGINT)", &[])
            .map_err(unavailable)?;
        let version: i64 = row.try_get(0).map_err(unavailable)?;
        if version < OLDEST_SERVER {
            let found = version / 10_000;
            return Err(Failure::statement(StoreError::Open(format!(
                "expected PostgreSQL 15 or later, found {found}"
            ))));
        }
        client.batch_execute(&self.setup).map_err(unavailable)?;
        Ok(client)
    }
}

/// Without `sslmode`: in clear to a socket or to this machine, verified TLS to any other.
fn usual(config: &Config) -> Tls {
    let local = |host: &Host| match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        Host::Unix(path) => path.has_root() || path == Path::new(""),
    };
    let addresses_local = config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback);
    if addresses_local && config.get_hosts().iter().all(local) { Tls::Disable } else { Tls::Verify }
}
