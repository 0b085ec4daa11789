//! Evidence files that no record refers to: what is left when a command was cut off between file and record.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::{Db, case as cases};

use crate::error::ServiceError;
use crate::folder::{Folder, cannot};

/// Younger files may belong to a command that is still at work: 24 hours.
const GRACE_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Removes files of the evidence folder that nothing refers to and that are older than a day; gives their number.
///
/// # Errors
/// What the store or the file system reports.
pub(crate) fn sweep(db: &Db, folder: &Folder, at: Timestamp) -> Result<u64, ServiceError> {
    let old = files_older_than(folder, at.millis() - GRACE_MILLIS)?;
    if old.is_empty() {
        return Ok(0);
    }
    // In the writer's turn: no record can come to refer to a file between the look and the removal.
    db.write_alone(move |tx| {
        let kept: BTreeSet<Sha256Text> =
            cases::every_file(tx)?.into_iter().map(|(sha256, _)| sha256).collect();
        let mut removed = 0;
        for path in &old {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if kept.iter().any(|sha256| sha256.as_str() == name) {
                continue;
            }
            fs::remove_file(path).map_err(|error| cannot("remove", path, &error))?;
            tracing::info!(file = %name, "removed an evidence file that nothing refers to");
            removed += 1;
        }
        Ok::<_, ServiceError>(removed)
    })
}

fn files_older_than(folder: &Folder, limit_millis: i64) -> Result<Vec<PathBuf>, ServiceError> {
    let place = folder.evidence();
    if !place.exists() {
        return Ok(Vec::new());
    }
    let fail = |error: std::io::Error| cannot("list", &place, &error);
    let mut old = Vec::new();
    for entry in fs::read_dir(&place).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let metadata = entry.metadata().map_err(fail)?;
        let modified = metadata.modified().map_err(fail)?;
        let modified = jiff::Timestamp::try_from(modified).map_err(ServiceError::internal)?;
        if metadata.is_file() && modified.as_millisecond() < limit_millis {
            old.push(entry.path());
        }
    }
    Ok(old)
}
