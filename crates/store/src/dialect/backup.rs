//! Snapshots of the whole database and their return.
//!
//! A backup is a folder: the database's files and `database.json`, which says what they are and is written last, so
//! a folder without it is no backup. Evidence files, keys and the configuration are not the database's and not in it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::engine::session::{Begin, Sql};
use crate::engine::{Db, FromValue, Row, Tx, session};
use crate::error::StoreError;
use crate::migrate::{self, MIGRATIONS, Migration};
use crate::statement::Dialect;
use crate::url::{DatabaseUrl, Target};
use crate::{settings, trail};

mod postgres;
mod sqlite;

pub(super) use postgres::refuse_used;

#[cfg(test)]
mod tests;

/// The name of the file that describes a backup.
pub const MANIFEST: &str = "database.json";

/// The form of [`Manifest`] that this program writes and reads.
const FORMAT: u32 = 1;

/// Every table but the history of the schema, each after those that it refers to.
pub(crate) static TABLES: &[&str] = &[
    "store_info",
    "trail_head",
    "people",
    "tokens",
    "accounts",
    "account_secrets",
    "recovery_codes",
    "sessions",
    "sign_in_links",
    "requests",
    "jobs",
    "mail_preferences",
    "drafts",
    "settings",
    "fields",
    "suppliers",
    "assets",
    "asset_versions",
    "controls",
    "cases",
    "timeline_entries",
    "cost_lines",
    "comments",
    "gaps",
    "receipts",
    "procedures",
    "reviews",
    "review_cases",
    "causes",
    "cause_links",
    "dismissed_findings",
    "similar_looks",
    "lessons",
    "lesson_cases",
    "actions",
    "due_moves",
    "checks",
    "lesson_confirmations",
    "awareness_items",
    "acknowledgements",
    "control_performances",
    "control_changes",
    "declarations",
    "risks",
    "risk_controls",
    "risk_cases",
    "risk_assessments",
    "lesson_coverages",
    "lesson_carriers",
    "evidence",
    "import_runs",
    "import_rows",
    "import_profiles",
    "counters",
    "trail_entries",
];

statements! {
    /// The step that the schema is at.
    STEP = "SELECT max(number) AS n FROM schema_migrations WHERE number > 0";
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the backup.
    pub format: u32,
    /// The engine that it was made from and can return to.
    pub engine: Engine,
    /// The step of the schema.
    pub schema: u32,
    /// The store's id; none if it was never set up.
    pub store: Option<Uuid>,
    /// How many entries the trail has.
    pub sequence: u64,
    /// The root of the trail's tree, in hexadecimal digits.
    pub root: String,
    /// When the last entry was made.
    pub last_entry_at: Option<Timestamp>,
    /// How many rows each table has.
    pub tables: BTreeMap<String, u64>,
    /// The files.
    pub files: Vec<BackupFile>,
}

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupFile {
    /// Where it is, from the backup's folder, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its hash.
    pub sha256: Sha256Text,
}

/// Writes one consistent state of the database into a folder, which is made if need be. Writers go on meanwhile.
///
/// # Errors
/// [`StoreError::Occupied`] if the folder holds a backup, [`StoreError::Backup`] if it cannot be written; what the database reports.
pub fn create(db: &Db, dir: &Path) -> Result<Manifest, StoreError> {
    make_folder(dir)?;
    let mut tx = Tx::new(session(db.url(), db.durability(), false)?);
    tx.begin(Begin::Read).map_err(|failure| failure.error)?;
    // The first statement takes the snapshot that everything after it sees.
    let mut manifest = describe(&mut tx)?;
    let paths = match tx.dialect() {
        Dialect::Sqlite => sqlite::write(&mut tx, dir)?,
        Dialect::Postgres => postgres::write(&mut tx, dir)?,
    };
    tx.rollback();
    for path in paths {
        manifest.files.push(measure(dir, path)?);
    }
    write_manifest(dir, &manifest)?;
    Ok(manifest)
}

/// Brings a backup back into an empty database of the same engine. Its files are compared with their hashes first.
///
/// # Errors
/// [`StoreError::Damaged`] if a file is not as it was made, [`StoreError::Occupied`] if the database is not empty,
/// [`StoreError::Backup`] if something cannot be read or written; what the database reports.
pub fn restore(dir: &Path, url: &DatabaseUrl) -> Result<Manifest, StoreError> {
    let manifest = read_manifest(dir)?;
    let steps = steps(dir, &manifest)?;
    match (&url.0, manifest.engine) {
        (Target::Sqlite(path), Engine::Sqlite) => {
            check_files(dir, &manifest)?;
            sqlite::restore(dir, path)?;
        }
        (Target::Postgres(_), Engine::Postgres) => {
            check_files(dir, &manifest)?;
            postgres::restore(dir, &manifest, steps, url)?;
        }
        (_, engine) => {
            return Err(broken(
                dir,
                format_args!("it was made from {engine} and can only be restored into the same engine"),
            ));
        }
    }
    Ok(manifest)
}

/// Checks a backup as far as that is possible without a database: sizes, hashes, numbers of rows; on SQLite also the
/// pages and the references between rows. Changes nothing.
///
/// # Errors
/// [`StoreError::Damaged`] with what is wrong, [`StoreError::Backup`] if something cannot be read.
pub fn check(dir: &Path) -> Result<Manifest, StoreError> {
    let manifest = read_manifest(dir)?;
    steps(dir, &manifest)?;
    check_files(dir, &manifest)?;
    match manifest.engine {
        Engine::Sqlite => sqlite::check(dir, &manifest)?,
        Engine::Postgres => postgres::check(dir, &manifest)?,
    }
    Ok(manifest)
}

/// The steps that lead to the backup's schema.
fn steps(dir: &Path, manifest: &Manifest) -> Result<&'static [Migration], StoreError> {
    migrate::through(manifest.schema).ok_or_else(|| {
        let known = MIGRATIONS.last().map_or(0, |last| last.number);
        let found = manifest.schema;
        broken(dir, format_args!("its schema (step {found}) is newer than this program knows (step {known}); use a newer program"))
    })
}

fn describe(tx: &mut Tx) -> Result<Manifest, StoreError> {
    let head = trail::head(tx)?;
    Ok(Manifest {
        format: FORMAT,
        engine: match tx.dialect() {
            Dialect::Sqlite => Engine::Sqlite,
            Dialect::Postgres => Engine::Postgres,
        },
        schema: tx.query_one(STEP, &[])?.get("n")?,
        store: settings::identity(tx)?.map(|info| info.id),
        sequence: head.sequence,
        root: head.frontier.root().to_string(),
        last_entry_at: head.at,
        tables: counts(tx, TABLES)?,
        files: Vec::new(),
    })
}

/// The number of rows of tables.
fn counts(tx: &mut Tx, tables: &[&str]) -> Result<BTreeMap<String, u64>, StoreError> {
    let parts: Vec<String> =
        tables.iter().map(|table| format!("SELECT '{table}' AS name, count(*) AS n FROM {table}")).collect();
    rows(tx, "count rows", &parts.join(" UNION ALL "))?
        .iter()
        .map(|row| Ok((row.get("name")?, row.get("n")?)))
        .collect()
}

/// The rows of a text that is made here and not declared.
fn rows(tx: &mut Tx, name: &str, text: &str) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    let sql = Sql { name: &std::sync::Arc::from(name), text };
    let each = &mut |row| {
        rows.push(row);
        std::ops::ControlFlow::Continue(())
    };
    tx.session().query(sql, &[], each).map_err(|failure| failure.error)?;
    Ok(rows)
}

/// One column of the rows of such a text.
fn column<T: FromValue>(tx: &mut Tx, name: &str, text: &str) -> Result<Vec<T>, StoreError> {
    rows(tx, name, text)?.iter().map(|row| row.get(name)).collect()
}

/// Compares the rows found with those that the manifest tells of.
fn compare_counts(dir: &Path, manifest: &Manifest, found: &BTreeMap<String, u64>) -> Result<(), StoreError> {
    for (table, expected) in &manifest.tables {
        let found = found.get(table).copied().unwrap_or(0);
        if found != *expected {
            return Err(damaged(
                dir,
                format_args!("expected {expected} rows in the table {table}, found {found}"),
            ));
        }
    }
    Ok(())
}

fn make_folder(dir: &Path) -> Result<(), StoreError> {
    if dir.join(MANIFEST).exists() {
        return Err(occupied(dir.display(), "it holds a backup already; choose another folder"));
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|error| broken(dir, error))
}

/// Makes a file that only its owner may read; an existing one is refused.
fn make_file(path: &Path) -> Result<File, StoreError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| broken(path, error))
}

fn measure(dir: &Path, path: String) -> Result<BackupFile, StoreError> {
    let (size, sha256) = digest(&dir.join(&path))?;
    Ok(BackupFile { path, size, sha256 })
}

fn digest(path: &Path) -> Result<(u64, Sha256Text), StoreError> {
    let fail = |error: io::Error| broken(path, error);
    let mut file = File::open(path).map_err(fail)?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut buffer).map_err(fail)?;
        if count == 0 {
            return Ok((size, Sha256Text::from_digest(&hash.finalize().into())));
        }
        hash.update(&buffer[..count]);
        size += count as u64;
    }
}

fn check_files(dir: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    for file in &manifest.files {
        let path = file_path(dir, &file.path)?;
        let (size, sha256) = digest(&path)?;
        if (size, &sha256) != (file.size, &file.sha256) {
            return Err(damaged(
                &path,
                format_args!(
                    "expected {} bytes with SHA-256 {}, found {size} with {sha256}; use another backup",
                    file.size, file.sha256
                ),
            ));
        }
    }
    Ok(())
}

/// A file of the backup; a manifest from elsewhere must not name files outside its folder.
fn file_path(dir: &Path, path: &str) -> Result<PathBuf, StoreError> {
    let inside = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if inside && !path.contains(['\\', ':']) {
        return Ok(dir.join(path));
    }
    Err(broken(dir, format_args!("{MANIFEST} names the file {path:?}, which is not in its folder")))
}

fn write_manifest(dir: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    let path = dir.join(MANIFEST);
    let mut text = serde_json::to_vec_pretty(manifest).map_err(|error| broken(&path, error))?;
    text.push(b'\n');
    let mut file = make_file(&path)?;
    file.write_all(&text).and_then(|()| file.sync_all()).map_err(|error| broken(&path, error))?;
    sync_folder(dir)
}

fn read_manifest(dir: &Path) -> Result<Manifest, StoreError> {
    let path = dir.join(MANIFEST);
    let text = fs::read(&path).map_err(|error| broken(&path, format_args!("{error}; this is no backup")))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| damaged(&path, error))?;
    if manifest.format != FORMAT {
        return Err(broken(
            &path,
            format_args!("expected format {FORMAT}, found {}; use the program that made it", manifest.format),
        ));
    }
    Ok(manifest)
}

/// Makes the names in a folder survive a power cut.
fn sync_folder(dir: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(|error| broken(dir, error))?;
    Ok(())
}

fn broken(path: &Path, detail: impl fmt::Display) -> StoreError {
    StoreError::Backup(format!("{}: {detail}", path.display()))
}

fn damaged(path: &Path, detail: impl fmt::Display) -> StoreError {
    StoreError::Damaged(format!("{}: {detail}", path.display()))
}

fn occupied(place: impl fmt::Display, detail: impl fmt::Display) -> StoreError {
    StoreError::Occupied(format!("{place}: {detail}"))
}
