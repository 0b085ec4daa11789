//! Connecting: address, TLS, the checks made once per connection.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use postgres::config::{Host, SslMode, TargetSessionAttrs};
use postgres::error::{DbError, Severity};
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

/// A writer holds the trail's head, for which the writers of other servers wait. One that froze or fell off the network in
/// the middle of a transaction must give it up before those who wait give up.
const YIELDING: &str = "SET idle_in_transaction_session_timeout = '20s'; SET lock_timeout = '30s'; \
                        SET tcp_user_timeout = '20s';";

/// After so long without a sign of life the other end is asked for one.
const SILENCE: Duration = Duration::from_secs(15);
/// How long it may take to answer; also how long what was sent may stay unconfirmed.
const NO_ANSWER: Duration = Duration::from_secs(5);
/// How often it is asked.
const QUESTIONS: u32 = 3;

/// Opens connections to one database.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Config,
    tls: Option<tokio_postgres_rustls::MakeRustlsConnect>,
    /// What is run first on every connection.
    setup: String,
    warning: Warning,
}

/// The last warning that the server sent.
#[derive(Clone, Default)]
pub(super) struct Warning(Arc<Mutex<Option<String>>>);

impl Warning {
    /// Takes it, so that it is met once.
    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn hear(&self, notice: &DbError) {
        if notice.parsed_severity() == Some(Severity::Warning) {
            tracing::warn!(code = notice.code().code(), message = notice.message(), "PostgreSQL warns");
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(notice.message().to_owned());
        }
    }
}

impl Connector {
    /// Reads the address and the certificates; connects to nothing yet.
    pub(crate) fn new(url: &PostgresUrl, durability: Durability, writes: bool) -> Result<Self, StoreError> {
        let mut config: Config = url.address.parse().map_err(|error| {
            StoreError::Open(format!("the PostgreSQL address cannot be read: {}", describe(&error)))
        })?;
        config.application_name("nevertwice");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        notice_loss(&mut config);
        // A standby answers too, but takes no writes and may be behind what was just written.
        if config.get_target_session_attrs() == TargetSessionAttrs::Any {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        let warning = Warning::default();
        let heard = warning.clone();
        config.notice_callback(move |notice| heard.hear(&notice));
        let tls = match url.tls.unwrap_or_else(|| usual(&config)) {
            Tls::Disable => None,
            Tls::Verify => Some(tls::connector(url.root_certificates.as_deref())?),
        };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        let setup = [
            Some(SHORT_STATEMENTS),
            (durability == Durability::NoSync).then_some(NO_SYNC),
            Some(ALWAYS_BY_INDEX),
            writes.then_some(YIELDING),
        ];
        Ok(Self { config, tls, setup: setup.into_iter().flatten().collect(), warning })
    }

    /// What the server of the latest connection warned of.
    pub(super) fn warning(&self) -> &Warning {
        &self.warning
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

/// A server that lost its power or its network closes no connection: without these the wait for it has no end.
fn notice_loss(config: &mut Config) {
    if config.get_keepalives_interval().is_none() && config.get_keepalives_retries().is_none() {
        config.keepalives_idle(SILENCE).keepalives_interval(NO_ANSWER).keepalives_retries(QUESTIONS);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE + NO_ANSWER);
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
