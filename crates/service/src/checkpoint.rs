//! Checkpoints: the signed size and root of the trail, and the log in the data folder of all that were made.
//!
//! Whoever keeps a checkpoint outside can tell later that the trail still begins with the same entries. The log is a
//! convenience beside that: JSON lines, one for each checkpoint, each restore of a backup, and each archive that was written or
//! brought back.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::Tx;
use nevertwice_store::trail::read as trail;
use nevertwice_trail::{Checkpoint, Frontier, Hash, SignedCheckpoint, SigningKey, VerifierKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Kind, ServiceError};
use crate::folder::{Folder, cannot, sync_folder};
use crate::keys;
use crate::use_case::{Asked, UseCase};

/// Signs what the trail is now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MakeCheckpoint {}

/// A checkpoint.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckpointView {
    /// The trail.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them, hexadecimal.
    pub root: String,
    /// The signed note: what to keep outside.
    pub note: String,
    /// The key to verify it with.
    pub key: String,
}

impl UseCase for MakeCheckpoint {
    type Output = CheckpointView;
    const NAME: &'static str = "make_checkpoint";

    fn run(self, asked: &Asked<'_>) -> Result<CheckpointView, ServiceError> {
        let service = asked.service;
        service.read(asked.identity, |unit| unit.caller.may(Verb::ReadTrail))?;
        let key = keys::signing(service.folder(), service.info().id)?;
        let (signed, at) = asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadTrail)?;
            Ok((sign(unit.tx, &key)?, unit.moment.at))
        })?;
        log(service.folder(), at, &signed)?;
        Ok(view(&signed, key.verifier_key()))
    }
}

/// Shows how far the trail goes, unsigned: what a printed page is held against later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowTrailHead {}

/// How far the trail goes: what a checkpoint signs (RFC 6962 §2.1).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TrailHeadView {
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them, hexadecimal.
    pub root: String,
}

impl UseCase for ShowTrailHead {
    type Output = TrailHeadView;
    const NAME: &'static str = "show_trail_head";

    fn run(self, asked: &Asked<'_>) -> Result<TrailHeadView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadTrail)?;
            let (frontier, _) = trail::frontier(unit.tx)?;
            Ok(TrailHeadView { size: frontier.size(), root: frontier.root().to_string() })
        })
    }
}

pub(crate) fn view(signed: &SignedCheckpoint, key: &VerifierKey) -> CheckpointView {
    let Checkpoint { origin, size, root } = signed.checkpoint();
    CheckpointView {
        origin: origin.to_string(),
        size: *size,
        root: root.to_string(),
        note: signed.note().to_owned(),
        key: key.to_string(),
    }
}

/// Signs the trail as the transaction sees it.
pub(crate) fn sign(tx: &mut Tx, key: &SigningKey) -> Result<SignedCheckpoint, ServiceError> {
    let (frontier, _) = trail::frontier(tx)?;
    let origin = key.verifier_key().origin().clone();
    Checkpoint { origin, size: frontier.size(), root: frontier.root() }
        .sign(key)
        .map_err(ServiceError::internal)
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// A checkpoint was made.
    Checkpoint {
        /// When.
        at: String,
        /// Its size, for people that read the log; the signed one counts.
        size: u64,
        /// The signed note.
        note: String,
    },
    /// The register was restored to an earlier state: longer checkpoints before this line are of a lost history.
    Restored {
        /// When.
        at: String,
        /// The register.
        store: Uuid,
        /// Entries of the trail after it.
        size: u64,
    },
    /// The register was brought back from an archive; longer checkpoints before this line are of a lost history.
    Imported {
        /// When.
        at: String,
        /// The register.
        store: Uuid,
        /// Entries of the trail after it.
        size: u64,
        /// SHA-256 of the archive's list of sums: which archive it was.
        archive: Sha256Text,
    },
    /// Everything was written to an archive.
    Exported {
        /// When.
        at: String,
        /// The id of the person who did.
        by: Uuid,
        /// Entries of the trail in it.
        size: u64,
        /// SHA-256 of the archive's list of sums: which archive it is.
        archive: Sha256Text,
    },
}

/// Notes a checkpoint in the log.
pub(crate) fn log(folder: &Folder, at: Timestamp, signed: &SignedCheckpoint) -> Result<(), ServiceError> {
    let size = signed.checkpoint().size;
    append(
        &folder.checkpoints(),
        &Line::Checkpoint { at: at.to_string(), size, note: signed.note().to_owned() },
    )
}

/// Notes a restore in the log.
pub(crate) fn log_restore(path: &Path, at: Timestamp, store: Uuid, size: u64) -> Result<(), ServiceError> {
    append(path, &Line::Restored { at: at.to_string(), store, size })
}

/// Notes in the log that everything was carried away in an archive.
///
/// The trail has no entry of it: the archive of an archive must be the same to the byte, and a register would otherwise
/// never be what its newest archive says.
pub(crate) fn log_export(
    folder: &Folder,
    at: Timestamp,
    by: Uuid,
    size: u64,
    archive: Sha256Text,
) -> Result<(), ServiceError> {
    append(&folder.checkpoints(), &Line::Exported { at: at.to_string(), by, size, archive })
}

/// Notes the import of an archive in the log.
pub(crate) fn log_import(
    folder: &Folder,
    at: Timestamp,
    store: Uuid,
    size: u64,
    archive: Sha256Text,
) -> Result<(), ServiceError> {
    append(&folder.checkpoints(), &Line::Imported { at: at.to_string(), store, size, archive })
}

/// How many entries a folder's log knows of beyond the `sequence` that a register is to be brought back with.
///
/// # Errors
/// The log is of another register, or cannot be read.
pub(crate) fn known_beyond(folder: &Folder, store: Uuid, sequence: u64) -> Result<u64, ServiceError> {
    let log = folder.checkpoints();
    let Some((origin, size)) = longest(&log)? else { return Ok(0) };
    let expected = keys::origin_of(store)?;
    if origin == expected.as_str() {
        return Ok(size.saturating_sub(sequence));
    }
    let message = format!(
        "{} is of another register ({origin}) than what is brought back ({expected}); name a folder of its own",
        log.display()
    );
    Err(ServiceError::new(Kind::Conflict, "restore.other_register", message))
}

/// How many entries the trail had at least, as far as a log knows, and of which register. None without a log.
///
/// # Errors
/// The log cannot be read.
fn longest(path: &Path) -> Result<Option<(String, u64)>, ServiceError> {
    let mut longest = None;
    for line in read(path)? {
        match line.map_err(|(number, error)| unreadable(path, number, &error))? {
            Line::Checkpoint { size, note, .. } => {
                let origin = note.lines().next().unwrap_or_default().to_owned();
                let known = longest.as_ref().map_or(0, |(_, size)| *size);
                longest = Some((origin, known.max(size)));
            }
            Line::Exported { .. } => {}
            Line::Restored { store, size, .. } | Line::Imported { store, size, .. } => {
                longest = Some((keys::origin_of(store)?.to_string(), size));
            }
        }
    }
    Ok(longest)
}

/// What the log's checkpoints say about the live trail.
#[derive(Debug, Default)]
pub(crate) struct LogReport {
    /// Checkpoints of this history.
    pub(crate) verified: u64,
    /// Checkpoints of a history that a restore gave up.
    pub(crate) set_aside: u64,
    /// What is wrong, each with the line.
    pub(crate) findings: Vec<(u64, String)>,
}

/// Compares every checkpoint of the log with the tree over `hashes`, the leaf hashes of the live trail.
pub(crate) fn verify_log(
    path: &Path,
    key: &VerifierKey,
    hashes: &[[u8; 32]],
) -> Result<LogReport, ServiceError> {
    let mut report = LogReport::default();
    let mut signed: Vec<(u64, Checkpoint)> = Vec::new();
    for (line, number) in read(path)?.into_iter().zip(1..) {
        match line {
            Err((_, error)) => report.findings.push((number, format!("cannot be read: {error}"))),
            Ok(Line::Checkpoint { note, .. }) => match SignedCheckpoint::verify(note.as_bytes(), key) {
                Ok(found) => signed.push((number, found.checkpoint().clone())),
                Err(error) => report.findings.push((number, error.to_string())),
            },
            Ok(Line::Exported { .. }) => {}
            Ok(Line::Restored { size, .. } | Line::Imported { size, .. }) => {
                let before = signed.len();
                signed.retain(|(_, checkpoint)| checkpoint.size <= size);
                report.set_aside += (before - signed.len()) as u64;
            }
        }
    }
    compare(signed, hashes, &mut report);
    Ok(report)
}

/// Grows the tree once and looks at the root at each size that was signed.
fn compare(mut signed: Vec<(u64, Checkpoint)>, hashes: &[[u8; 32]], report: &mut LogReport) {
    signed.sort_by_key(|(_, checkpoint)| checkpoint.size);
    let mut frontier = Frontier::new();
    let mut leaves = hashes.iter();
    for (number, checkpoint) in signed {
        while frontier.size() < checkpoint.size {
            let Some(hash) = leaves.next() else { break };
            frontier.append(Hash::from_bytes(*hash));
        }
        let (size, found) = (checkpoint.size, frontier.root());
        if frontier.size() < size {
            let present = frontier.size();
            let detail = format!("was signed over {size} entries, found {present}: entries were cut off");
            report.findings.push((number, detail));
        } else if found != checkpoint.root {
            let detail = format!(
                "the first {size} entries are not those that were signed: expected root {}, found {found}",
                checkpoint.root
            );
            report.findings.push((number, detail));
        } else {
            report.verified += 1;
        }
    }
}

/// A line of the log, or its number and why it cannot be read.
type ReadLine = Result<Line, (u64, serde_json::Error)>;

/// The whole lines of the log; a last line that a power cut left unfinished was never acknowledged.
fn read(path: &Path) -> Result<Vec<ReadLine>, ServiceError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(cannot("read", path, &error)),
    };
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = whole.lines().zip(1..);
    Ok(lines.map(|(line, number)| serde_json::from_str(line).map_err(|error| (number, error))).collect())
}

fn append(path: &Path, line: &Line) -> Result<(), ServiceError> {
    let mut bytes = serde_json::to_vec(line).map_err(ServiceError::internal)?;
    bytes.push(b'\n');
    append_durably(path, &bytes).map_err(|error| cannot("write", path, &error))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Adds a line to a file, after cutting off a line that was left unfinished.
pub(crate) fn append_durably(path: &Path, line: &[u8]) -> std::io::Result<()> {
    let present = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let whole = present.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut file: File = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    if whole < present.len() {
        file.set_len(whole as u64)?;
    }
    file.write_all(line)?;
    file.sync_all()
}

fn unreadable(path: &Path, number: u64, error: &serde_json::Error) -> ServiceError {
    let message = format!("{} line {number} cannot be read: {error}", path.display());
    ServiceError::new(Kind::Integrity, "checkpoints.unreadable", message)
}
