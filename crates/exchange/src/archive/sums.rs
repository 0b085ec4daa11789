//! The list of sums, in the form of the common tool: `sha256sum --check SHA256SUMS` needs nothing of this program.

use nevertwice_domain::asset::Sha256Text;
use sha2::{Digest, Sha256};

use super::EVIDENCE;
use super::error::ArchiveError;
use super::manifest::{MANIFEST, Manifest};

/// The name of the list.
pub const SUMS: &str = "SHA256SUMS";

/// The list for an archive: the manifest's bytes first, then the files of rows, then the evidence files in the order
/// of their hashes. The views are not in it.
#[must_use]
pub fn sums<'a>(
    manifest_bytes: &[u8],
    manifest: &Manifest,
    evidence: impl IntoIterator<Item = &'a Sha256Text>,
) -> String {
    let own = Sha256Text::from_digest(&Sha256::digest(manifest_bytes).into());
    let mut list = format!("{own}  {MANIFEST}\n");
    for kind in &manifest.kinds {
        push(&mut list, &kind.sha256, &kind.file());
    }
    for sha256 in evidence {
        push(&mut list, sha256, &format!("{EVIDENCE}/{sha256}"));
    }
    list
}

/// Compares the list found with the one that there must be.
///
/// # Errors
/// [`ArchiveError::Sums`] with the first line that differs.
pub fn compare_sums(expected: &str, found: &str) -> Result<(), ArchiveError> {
    if expected == found {
        return Ok(());
    }
    let (mut ours, mut theirs) = (expected.split_inclusive('\n'), found.split_inclusive('\n'));
    for line in 1.. {
        let (expected, found) = (ours.next(), theirs.next());
        if expected != found || expected.is_none() {
            let text = |line: Option<&str>| line.unwrap_or_default().chars().take(200).collect();
            return Err(ArchiveError::Sums { line, expected: text(expected), found: text(found) });
        }
    }
    Ok(())
}

fn push(list: &mut String, sha256: &Sha256Text, path: &str) {
    list.push_str(sha256.as_str());
    list.push_str("  ");
    list.push_str(path);
    list.push('\n');
}
