//! Making an archive a register again.

use std::path::Path;

use nevertwice_domain::time::Timestamp;
use nevertwice_store::DatabaseUrl;
use nevertwice_store::archive::Import;
use nevertwice_store::settings::StoreInfo;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::evidence::Placed;
use super::place::{Place, damaged};
use crate::backup::forget_index;
use crate::checkpoint;
use crate::error::{Kind, ServiceError};
use crate::folder::Folder;
use crate::keys;
use crate::use_case::Progress;

/// How many rows are read between two tellings.
const TELL_EVERY: u64 = 1_000;

/// What an import shall do beside bringing everything back.
#[derive(Clone)]
pub struct Wish {
    /// Now.
    pub at: Timestamp,
    /// 32 random bytes to make a new signing key of, if there is none in its place.
    pub new_key: Option<[u8; 32]>,
}

/// An archive that was imported.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportedView {
    /// The data folder.
    pub data: String,
    /// The id of the register.
    pub store: String,
    /// Entries of the trail.
    pub entries: u64,
    /// The root of the tree over them, hexadecimal.
    pub root: String,
    /// Rows brought back.
    pub rows: u64,
    /// Evidence files brought back.
    pub evidence_files: u64,
    /// Whether the signing key is in place.
    pub signing_key: bool,
    /// The public half of a signing key that was made new.
    pub new_key: Option<String>,
}

/// Brings an archive back into a data folder and a database without a register. Everything is compared before it counts:
/// every line with its sum, every file with the manifest, the trail with its root, every row with the trail.
///
/// # Errors
/// The archive is not what was written, there is a register already, or the folder's log of checkpoints is of another
/// register or knows a longer history; or what files and database report. Nothing was imported then.
pub fn import(
    archive: &Path,
    folder: &Folder,
    url: &DatabaseUrl,
    wish: &Wish,
    progress: &dyn Fn(Progress),
) -> Result<ImportedView, ServiceError> {
    bring_back(archive, folder, url, wish, progress).map_err(say_what_to_do)
}

/// Adds to an error about the archive what helps.
fn say_what_to_do(mut error: ServiceError) -> ServiceError {
    let todo = match error.code.as_str() {
        "archive.damaged" | "archive.missing" | "damaged" => "take another copy of the archive",
        "archive.surplus" => "take it out of the archive, or take another copy",
        "archive.unreadable" => "see that it can be read and import it again",
        _ => return error,
    };
    error.message.push_str("; nothing was imported: ");
    error.message.push_str(todo);
    error
}

fn bring_back(
    archive: &Path,
    folder: &Folder,
    url: &DatabaseUrl,
    wish: &Wish,
    progress: &dyn Fn(Progress),
) -> Result<ImportedView, ServiceError> {
    let place = Place::open(archive)?;
    let store = place.manifest.store.id;
    expect_empty(url)?;
    expect_no_longer_history(folder, &place)?;
    let info = StoreInfo {
        id: store,
        created_at: place.manifest.store.created_at,
        is_sample: place.manifest.store.is_sample,
    };
    let mut import = Import::begin(url, place.manifest.schema, info)?;
    load(&mut import, &place, progress)?;
    compare(&mut import, &place)?;
    let files = import.files()?;
    if !files.iter().map(|(sha256, _)| sha256).eq(&place.evidence) {
        return Err(damaged("evidence: expected exactly the files that evidence.jsonl refers to"));
    }
    let (expected, found) = (place.manifest.evidence.bytes, files.iter().map(|(_, size)| size).sum::<u64>());
    if expected != found {
        return Err(damaged(format!("evidence: expected {expected} bytes in all, found {found}")));
    }
    let placed = Placed::copy_in(folder, &files, &place.evidence_folder())?;
    forget_index(folder)?;
    // Of an attempt that was cut off.
    keys::unmake(folder)?;
    let new_key = make_key(folder, store, wish)?;
    // Before the database: if this is cut off, the next attempt says the same again.
    let entries = place.manifest.trail.entries;
    let committed = checkpoint::log_import(folder, wish.at, store, entries, place.sha256.clone())
        .and_then(|()| Ok(import.commit()?));
    settle(folder, placed, committed)?;
    Ok(ImportedView {
        data: folder.root().display().to_string(),
        store: store.to_string(),
        entries: place.manifest.trail.entries,
        root: place.manifest.trail.root.clone(),
        rows: place.manifest.rows(),
        evidence_files: place.manifest.evidence.files,
        signing_key: folder.signing_key().exists(),
        new_key,
    })
}

/// What was put beside the database stays if it is the register, or if nobody knows whether it is.
fn settle(folder: &Folder, placed: Placed, committed: Result<(), ServiceError>) -> Result<(), ServiceError> {
    match &committed {
        Ok(()) => {
            placed.keep();
            // If the sign that the register is not there yet stays, opening it removes it.
            let _ = keys::settle(folder);
        }
        Err(error) if error.kind == Kind::Unknown => placed.keep(),
        // What cannot be removed now is removed by the next attempt.
        Err(_) => drop(keys::unmake(folder)),
    }
    committed
}

/// A file must not be there yet; a server's database is looked at by the store.
fn expect_empty(url: &DatabaseUrl) -> Result<(), ServiceError> {
    match url.file() {
        Some(file) if file.exists() => {
            let message = format!(
                "there is a register in {url} already; an archive becomes a register of its own, so name another data \
                 folder with --data, and do not run init in it first"
            );
            Err(ServiceError::new(Kind::Conflict, "import.not_empty", message))
        }
        _ => Ok(()),
    }
}

fn expect_no_longer_history(folder: &Folder, place: &Place) -> Result<(), ServiceError> {
    let trail = &place.manifest.trail;
    let lost = checkpoint::known_beyond(folder, place.manifest.store.id, trail.entries)?;
    if lost == 0 {
        return Ok(());
    }
    let message = format!(
        "the archive has {} entries, but {} knows of {}; look for a later archive, or name an empty data folder",
        trail.entries,
        folder.checkpoints().display(),
        trail.entries + lost
    );
    Err(ServiceError::new(Kind::Conflict, "import.shorter", message))
}

/// Every file of rows into its table.
fn load(import: &mut Import, place: &Place, progress: &dyn Fn(Progress)) -> Result<(), ServiceError> {
    let (mut done, total) = (0, Some(place.manifest.rows()));
    for (kind, table, columns) in place.kinds()? {
        let mut reader = place.reader(kind)?;
        let mut next = || {
            let Some(object) = reader.next_object()? else { return Ok(None) };
            let row = columns.read(object);
            let row = row.map_err(|detail| reader.wrong(detail))?;
            done += 1;
            if done % TELL_EVERY == 0 {
                progress(Progress { done, total });
            }
            Ok::<_, ServiceError>(Some(row))
        };
        import.load(table, &columns, &mut next).map_err(|error| refused_rows(&kind.file(), error))?;
        reader.finish(&kind.measured())?;
    }
    Ok(())
}

/// A row that breaks a rule of the schema was never in a register.
fn refused_rows(file: &str, error: ServiceError) -> ServiceError {
    match error.kind {
        Kind::Internal | Kind::Conflict | Kind::Invalid => damaged(format!("{file}: {}", error.message)),
        _ => error,
    }
}

/// The trail is the one that the manifest tells of, and every row is as the trail says.
fn compare(import: &mut Import, place: &Place) -> Result<(), ServiceError> {
    let found = import.verify(&mut |_| ())?;
    if let Some(first) = found.findings.first() {
        let more = match found.findings.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let line = place.locate(&first.table, &first.reference);
        return Err(damaged(format!("{line}: {}: {}{more}", first.reference, first.detail)));
    }
    let root = found.root.map(|root| root.to_string()).unwrap_or_default();
    let expected = &place.manifest.trail;
    if (found.entry_count, &root) != (expected.entries, &expected.root) {
        return Err(damaged(format!(
            "trail_entries.jsonl: expected {} entries with root {}, found {} with {root}",
            expected.entries, expected.root, found.entry_count
        )));
    }
    let settings = import.settings().map_err(|error| damaged(format!("settings.jsonl: {error}")))?;
    if settings.sample == place.manifest.store.is_sample {
        return Ok(());
    }
    Err(damaged("manifest.json: is_sample is not what settings.jsonl says"))
}

/// A new key, if one was wished for and none is in place; its public half.
fn make_key(folder: &Folder, store: uuid::Uuid, wish: &Wish) -> Result<Option<String>, ServiceError> {
    let Some(seed) = wish.new_key.filter(|_| !folder.signing_key().exists()) else { return Ok(None) };
    keys::make(folder, store, &seed)?;
    Ok(keys::verifier(folder)?.map(|key| key.to_string()))
}
