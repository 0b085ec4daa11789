//! Bundles: a part of the register in one file that proves itself to somebody who has nothing but the key.

mod offline;
mod scope;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::CaseRef;
use nevertwice_store::settings::StoreInfo;
use nevertwice_store::trail::read::{self as trail, StoredEntry};
use nevertwice_trail::{
    At, BundleLeaf, BundleWriteError, BundleWriter, Hash, Header, SignedCheckpoint, SigningKey,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use offline::{BundleView, ErasedView, verify_offline};

use crate::checkpoint::{self, CheckpointView};
use crate::claim::Claim;
use crate::error::{Kind, ServiceError};
use crate::folder::{cannot, create_private, sync_folder};
use crate::keys;
use crate::service::Unit;
use crate::use_case::{Asked, Progress, UseCase};
use scope::Scope;

/// Writes a bundle of the whole register, or of some cases with their reviews, lessons and actions. What the caller
/// may not read is there as hashes only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportBundle {
    /// The cases; none for the whole register.
    pub cases: Vec<CaseRef>,
    /// The file to write, by its absolute path.
    pub out: PathBuf,
}

/// A bundle that was written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExportView {
    /// The file.
    pub file: String,
    /// What is in scope.
    pub scope: String,
    /// Entries that are there in full.
    pub in_scope: u64,
    /// The checkpoint over all entries.
    pub checkpoint: CheckpointView,
}

impl UseCase for ExportBundle {
    type Output = ExportView;
    const NAME: &'static str = "export_bundle";

    fn run(self, asked: &Asked<'_>) -> Result<ExportView, ServiceError> {
        let service = asked.service;
        // Who may not export must not make this machine touch a file, or learn which are there.
        service.read(asked.identity, |unit| unit.caller.may(Verb::ReadTrail))?;
        let key = keys::signing(service.folder(), service.info().id)?;
        let partial = Partial::beside(&self.out)?;
        let (written, at) = service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadTrail)?;
            let scope = Scope::of(unit, &self.cases)?;
            let checkpoint = checkpoint::sign(unit.tx, &key)?;
            let header = header(unit, &key, &service.info(), &scope)?;
            let written = write(unit, &partial, &header, checkpoint, &key, &scope, asked)?;
            Ok((written, unit.moment.at))
        })?;
        partial.keep(&self.out)?;
        checkpoint::log(service.folder(), at, &written.checkpoint)?;
        Ok(ExportView {
            file: self.out.display().to_string(),
            scope: written.scope,
            in_scope: written.in_scope,
            checkpoint: checkpoint::view(&written.checkpoint, key.verifier_key()),
        })
    }
}

struct Written {
    scope: String,
    in_scope: u64,
    checkpoint: SignedCheckpoint,
}

fn header(
    unit: &Unit<'_>,
    key: &SigningKey,
    store: &StoreInfo,
    scope: &Scope,
) -> Result<Header, ServiceError> {
    let sample = if store.is_sample { "SAMPLE, invented data: " } else { "" };
    let text = format!("{sample}{}", scope.text());
    let at = At::from_millis(unit.moment.at.millis()).map_err(ServiceError::internal)?;
    Header::new(key.verifier_key().origin().clone(), store.id, text, at)
        .map_err(|error| ServiceError::invalid("case", "bundle.scope", error))
}

/// Streams the trail into the file, entry by entry.
fn write(
    unit: &mut Unit<'_>,
    partial: &Partial,
    header: &Header,
    checkpoint: SignedCheckpoint,
    key: &SigningKey,
    scope: &Scope,
    asked: &Asked<'_>,
) -> Result<Written, ServiceError> {
    let total = Some(checkpoint.checkpoint().size);
    let out = BufWriter::new(&partial.file);
    let mut writer = BundleWriter::new(out, header, &checkpoint).map_err(unwritable)?;
    let mut in_scope = 0;
    trail::every(unit.tx, |entry| {
        let done = entry.sequence;
        let leaf = leaf(entry, scope);
        in_scope += u64::from(matches!(leaf, BundleLeaf::InScope { .. }));
        writer.push(&leaf).map_err(unwritable)?;
        if done.is_multiple_of(1_000) {
            (asked.progress)(Progress { done, total });
        }
        Ok::<_, ServiceError>(())
    })?;
    writer.finish(key).map_err(unwritable)?;
    Ok(Written { scope: header.scope().to_owned(), in_scope, checkpoint })
}

fn leaf(entry: StoredEntry, scope: &Scope) -> BundleLeaf {
    if scope.holds(entry.kind, entry.object_id) {
        return BundleLeaf::InScope {
            leaf_json: entry.leaf.into_bytes(),
            disclosures_json: entry.disclosures.into_bytes(),
        };
    }
    BundleLeaf::OutOfScope(Hash::from_bytes(entry.leaf_hash))
}

/// A file that goes again unless it was finished.
struct Partial {
    path: PathBuf,
    file: File,
    _claim: Claim,
}

impl Partial {
    fn beside(out: &Path) -> Result<Self, ServiceError> {
        let mut name = out.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let path = out.with_file_name(name);
        let claim = Claim::of(out, &path)?;
        if out.exists() {
            let message = format!("{} is there already; name another file", out.display());
            return Err(ServiceError::new(Kind::Conflict, "bundle.file_exists", message));
        }
        let file = create_private(&path)?;
        Ok(Self { path, file, _claim: claim })
    }

    fn keep(&self, out: &Path) -> Result<(), ServiceError> {
        (&self.file)
            .flush()
            .and_then(|()| self.file.sync_all())
            .map_err(|error| cannot("write", &self.path, &error))?;
        fs::rename(&self.path, out).map_err(|error| cannot("rename to", out, &error))?;
        out.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), sync_folder)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After the rename there is nothing under this name.
        let _ = fs::remove_file(&self.path);
    }
}

fn unwritable(error: BundleWriteError) -> ServiceError {
    let kind = match &error {
        BundleWriteError::Io(_) => Kind::Unavailable,
        BundleWriteError::Entry { .. } | BundleWriteError::Root(_) => Kind::Integrity,
        BundleWriteError::Header(_) | BundleWriteError::Key(_) => Kind::Invalid,
    };
    ServiceError::new(kind, "bundle.unwritable", error)
}
