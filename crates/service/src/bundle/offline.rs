//! Verifying a bundle with nothing but the key: no register, no database.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use nevertwice_trail::{
    BundleError, BundleFault, BundleReport, Checkpoint, SignedCheckpoint, VerifierKey, verify_bundle,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Kind, ServiceError};
use crate::folder::cannot;
use crate::keys;

/// What the verification of a bundle found.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct BundleView {
    /// Whether the bundle is accepted. If not, nothing else in it counts.
    pub ok: bool,
    /// Why it is refused, with the line.
    pub refusal: Option<String>,
    /// The trail that the key belongs to.
    pub origin: String,
    /// The id of the register.
    pub store: Option<String>,
    /// What is in scope, in the exporter's words.
    pub scope: Option<String>,
    /// When it was exported, RFC 3339.
    pub exported_at: Option<String>,
    /// Entries of the trail.
    pub size: u64,
    /// The signed root, hexadecimal.
    pub root: Option<String>,
    /// Entries that are there in full.
    pub in_scope: u64,
    /// Records in scope by kind.
    pub objects: BTreeMap<String, u64>,
    /// Values that are disclosed and proved.
    pub proved: u64,
    /// Values that were erased.
    pub erased: Vec<ErasedView>,
    /// Entries of the earlier checkpoint that the bundle was compared with.
    pub previous_size: Option<u64>,
}

/// A value that was erased: that it was there is proved, what it was is gone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ErasedView {
    /// The entry.
    pub entry: u64,
    /// The field.
    pub field: String,
}

/// Verifies a bundle file with a key, given as a file or as text, and possibly a checkpoint kept from earlier.
///
/// # Errors
/// The bundle or the checkpoint cannot be read, or key or checkpoint are none. That the bundle is refused is an
/// outcome, not an error.
pub fn verify_offline(bundle: &Path, key: &str, previous: Option<&Path>) -> Result<BundleView, ServiceError> {
    let key = keys::verifier_from(key)?;
    let previous = previous.map(|path| read_checkpoint(path, &key)).transpose()?;
    let file = File::open(bundle).map_err(|error| cannot("read", bundle, &error))?;
    let found = match verify_bundle(BufReader::new(file), &key, previous.as_ref()) {
        Ok(report) => accepted(&report),
        Err(BundleError { fault: BundleFault::Io(error), .. }) => {
            return Err(cannot("read", bundle, &error));
        }
        Err(refusal) => BundleView { refusal: Some(refusal.to_string()), ..BundleView::default() },
    };
    Ok(BundleView {
        origin: key.origin().to_string(),
        previous_size: previous.map(|checkpoint| checkpoint.size),
        ..found
    })
}

fn read_checkpoint(path: &Path, key: &VerifierKey) -> Result<Checkpoint, ServiceError> {
    let note = fs::read(path).map_err(|error| cannot("read the checkpoint", path, &error))?;
    match SignedCheckpoint::verify(&note, key) {
        Ok(signed) => Ok(signed.checkpoint().clone()),
        Err(error) => {
            let message = format!("the checkpoint {}: {error}", path.display());
            Err(ServiceError::new(Kind::Integrity, "checkpoint.refused", message))
        }
    }
}

fn accepted(report: &BundleReport) -> BundleView {
    let mut objects: BTreeMap<String, u64> = BTreeMap::new();
    for object in &report.objects {
        *objects.entry(object.kind.clone()).or_default() += 1;
    }
    let checkpoint = report.checkpoint.checkpoint();
    BundleView {
        ok: true,
        store: Some(report.header.store().to_string()),
        scope: Some(report.header.scope().to_owned()),
        exported_at: Some(report.header.exported_at().to_string()),
        size: checkpoint.size,
        root: Some(checkpoint.root.to_string()),
        in_scope: report.in_scope,
        objects,
        proved: report.proved,
        erased: report
            .erased
            .iter()
            .map(|value| ErasedView { entry: value.seq, field: value.field.clone() })
            .collect(),
        ..BundleView::default()
    }
}
