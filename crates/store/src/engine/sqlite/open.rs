//! Opening the file: its mode, its file system, the pragmas.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::unavailable;
use crate::engine::Durability;
use crate::error::StoreError;

/// Releases before this one can corrupt a database in WAL mode (the WAL-reset bug).
const OLDEST_SQLITE: i32 = 3_051_003;

/// Prepared statements kept per connection: all of the program's, with the sizes of lists and bulk inserts.
const PREPARED_STATEMENTS: usize = 512;

/// How often the switch to WAL is tried before it is given up; others are in its way for an instant each.
const SWITCHES: u32 = 1_000;

/// Opens a connection with every setting the promise "no acknowledged write is lost" rests on.
pub(super) fn connect(path: &Path, durability: Durability, writes: bool) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let found = rusqlite::version();
        return Err(StoreError::Open(format!(
            "expected SQLite 3.51.3 or later, found {found}: earlier ones can lose data"
        )));
    }
    let explain = |error: &dyn std::fmt::Display| {
        StoreError::Open(format!("cannot open the database file {}: {error}", path.display()))
    };
    make_private(path).map_err(|error| explain(&error))?;
    if let Some(kind) = network_file_system(path) {
        return Err(explain(&format!(
            "it lies on a network file system ({kind}), where SQLite can lose data; use a local disk or PostgreSQL"
        )));
    }
    // No SQLITE_OPEN_URI: a path is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| explain(&error))?;
    set_pragmas(&connection, durability, writes).map_err(|error| match unavailable(&error) {
        Some(detail) => explain(&detail),
        None => explain(&error),
    })?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    Ok(connection)
}

fn set_pragmas(connection: &Connection, durability: Durability, writes: bool) -> rusqlite::Result<()> {
    // First of all, so that the other pragmas wait rather than fail while someone writes.
    connection.pragma_update(None, "busy_timeout", 5_000)?;
    switch_to_wal(connection)?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::NoSync => "OFF",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    // Negative: KiB. The writer touches more pages in one transaction than a reader.
    connection.pragma_update(None, "cache_size", if writes { -32_768 } else { -8_192 })?;
    // A batch of an import writes 8 MB, and half of the pages that it touches are touched by the next ones again: folding
    // the log into the file after each would write them each time.
    connection.pragma_update(None, "wal_autocheckpoint", 16_000)?;
    connection.pragma_update(None, "query_only", !writes)
}

/// The switch itself never waits for others: of two programs that both start on a new file, each would wait for the other's
/// read lock, and SQLite answers one of them at once, whatever its `busy_timeout`. Beginning to write does wait.
fn switch_to_wal(connection: &Connection) -> rusqlite::Result<()> {
    for _ in 1..SWITCHES {
        match set_journal_mode(connection, "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
            }
            done => return done,
        }
    }
    set_journal_mode(connection, "WAL")
}

/// Sets the journal mode, and makes sure that it is set. A change of it is a transaction, which commits only once the
/// statement ends: whoever takes the row with the new mode and lets the statement go never hears that this failed.
pub(crate) fn set_journal_mode(connection: &Connection, mode: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(&format!("PRAGMA journal_mode = {mode}"))?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if found.iter().any(|found| found.eq_ignore_ascii_case(mode)) {
        return Ok(());
    }
    let found = found.join(", ");
    Err(rusqlite::Error::InvalidParameterName(format!("expected journal_mode {mode}, found {found}")))
}

/// Makes the file if it is not there, readable by its owner alone; SQLite gives the WAL the same mode.
///
/// An existing file is never opened here: closing any descriptor of it would drop the locks that SQLite holds on
/// it elsewhere in this process (fcntl(2)).
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => restrict(path),
        other => other.map(drop),
    }
}

#[cfg(unix)]
fn restrict(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))
    }
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// The name of the network file system that `path` lies on, if it is one. Found out on Linux only.
#[cfg(target_os = "linux")]
pub(crate) fn network_file_system(path: &Path) -> Option<&'static str> {
    // Magic numbers of statfs(2).
    let magic = rustix::fs::statfs(path).ok()?.f_type;
    [
        (0x6969, "NFS"),
        (0x517B, "SMB"),
        (0xFF53_4D42, "CIFS"),
        (0xFE53_4D42, "SMB2"),
        (0x5346_414F, "AFS"),
        (0x00C3_6400, "Ceph"),
        (0x0BD0_0BD0, "Lustre"),
        (0x0102_1997, "9P"),
        (0x7375_7245, "Coda"),
        (0x564C, "NCP"),
    ]
    .into_iter()
    .find_map(|(number, name)| (u64::try_from(magic).ok()? & 0xFFFF_FFFF == number).then_some(name))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn network_file_system(_path: &Path) -> Option<&'static str> {
    None
}
