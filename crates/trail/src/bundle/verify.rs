//! The offline verifier.

use std::io::Read;

use super::lines::Lines;
use super::tally::{BundleReport, Tally};
use super::{BundleError, BundleFault, FORMAT, HASH, Header, LEAF, MAX_SCOPE_BYTES, OPEN, seal_text};
use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::disclosure::MAX_DISCLOSURES_BYTES;
use crate::entry::MAX_LEAF_BYTES;
use crate::hash::{self, Hash};
use crate::key::VerifierKey;
use crate::note::{self, NoteError};

/// The longest header line: in JSON a byte of the scope takes two at most.
const MAX_HEADER: usize = 2 * MAX_SCOPE_BYTES + 1024;
/// The longest line of a signed note.
const MAX_NOTE_LINE: usize = 512;
/// A leaf or a hash.
const MAX_LEAF_LINE: usize = MAX_LEAF_BYTES + LEAF.len();
const MAX_OPEN_LINE: usize = MAX_DISCLOSURES_BYTES + OPEN.len();

/// Verifies a bundle with a key, and possibly an older or newer checkpoint, that come from outside the bundle.
///
/// Accepts only a file that is byte for byte what [`write_bundle`](super::write_bundle) writes for its content:
/// recomputes every commitment of a disclosed value, every leaf hash and the root, and demands gapless numbers, times
/// that never decrease and one signature by `key` under the checkpoint and one under the whole file. With `previous`,
/// the bundle must have at least as many entries and begin with exactly those.
///
/// Reads as a stream and holds one entry at a time, besides what the report lists.
///
/// # Errors
/// The first fault, with its line.
pub fn verify_bundle(
    reader: impl Read,
    key: &VerifierKey,
    previous: Option<&Checkpoint>,
) -> Result<BundleReport, BundleError> {
    let mut lines = Lines::new(reader);
    verify(&mut lines, key, previous).map_err(|fault| BundleError { line: lines.number(), fault })
}

fn verify<R: Read>(
    lines: &mut Lines<R>,
    key: &VerifierKey,
    previous: Option<&Checkpoint>,
) -> Result<BundleReport, BundleFault> {
    let header = read_header(lines, key)?;
    let signed =
        SignedCheckpoint::verify(&lines.take(5, MAX_NOTE_LINE)?, key).map_err(BundleFault::Checkpoint)?;
    let size = signed.checkpoint().size;
    expect_current(size, key, previous)?;
    let mut tally = Tally::default();
    tally.expect_history(previous)?;
    while tally.size() < size {
        read_leaf(lines, &mut tally)?;
        tally.expect_history(previous)?;
    }
    tally.expect_root(signed.checkpoint())?;
    read_seal(lines, key)?;
    Ok(tally.report(header, signed))
}

fn read_header<R: Read>(lines: &mut Lines<R>, key: &VerifierKey) -> Result<Header, BundleFault> {
    match lines.next(FORMAT.len()) {
        Ok(line) if line == FORMAT.as_bytes() => {}
        Err(fault @ BundleFault::Io(_)) => return Err(fault),
        // Whatever else it is, cut off or a line too long, it is no bundle.
        _ => return Err(BundleFault::Format),
    }
    let header = Header::parse(lines.next(MAX_HEADER)?)?;
    if header.origin() != key.origin() {
        return Err(BundleFault::OtherTrail {
            expected: key.origin().clone(),
            found: header.origin().clone(),
        });
    }
    Ok(header)
}

/// A checkpoint known from outside must be of this trail and must not cover more entries than the bundle.
fn expect_current(size: u64, key: &VerifierKey, previous: Option<&Checkpoint>) -> Result<(), BundleFault> {
    match previous {
        Some(trusted) if trusted.origin != *key.origin() => {
            Err(BundleFault::OtherTrail { expected: trusted.origin.clone(), found: key.origin().clone() })
        }
        Some(trusted) if trusted.size > size => Err(BundleFault::Truncated { size, trusted: trusted.size }),
        _ => Ok(()),
    }
}

fn read_leaf<R: Read>(lines: &mut Lines<R>, tally: &mut Tally) -> Result<(), BundleFault> {
    let line = lines.next(MAX_LEAF_LINE)?;
    if let Some(hex) = line.strip_prefix(HASH) {
        tally.hash(Hash::from_bytes(hash::parse_hex(hex)?));
        return Ok(());
    }
    let leaf_json = line.strip_prefix(LEAF).ok_or(BundleFault::Line("leaf or hash and a space"))?;
    let entry = tally.leaf(leaf_json)?;
    let line = lines.next(MAX_OPEN_LINE)?;
    let disclosures_json = line.strip_prefix(OPEN).ok_or(BundleFault::Line("open and a space"))?;
    tally.open(&entry, disclosures_json)
}

fn read_seal<R: Read>(lines: &mut Lines<R>, key: &VerifierKey) -> Result<(), BundleFault> {
    let expected = seal_text(lines.digest());
    let seal = lines.take(4, MAX_NOTE_LINE)?;
    let text = note::open(&seal, key).map_err(BundleFault::Seal)?;
    if text.lines().next() != expected.lines().next() {
        return Err(BundleFault::Seal(NoteError::NotASeal));
    }
    if text != expected {
        return Err(BundleFault::SealDigest);
    }
    lines.end()
}
