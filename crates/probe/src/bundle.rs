//! The verifier of bundles: what it accepts is, byte for byte, what was signed.

use std::sync::LazyLock;

use nevertwice_trail::{Checkpoint, VerifierKey, verify_bundle};

use crate::trail;

/// What the key of the seeds signed, and so all that can be accepted.
static SIGNED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| signed().unwrap_or_default());
static KEY: LazyLock<Option<(VerifierKey, Checkpoint)>> = LazyLock::new(|| {
    let known = trail::checkpoint(trail::entries().ok()?.get(..2)?).ok()?;
    Some((trail::verifier().ok()?, known.checkpoint().clone()))
});

pub(crate) fn run(bytes: &[u8]) {
    let Some((key, known)) = KEY.as_ref() else { return assert!(KEY.is_some(), "the key cannot be made") };
    let accepted = verify_bundle(bytes, key, None);
    let continues = verify_bundle(bytes, key, Some(known));
    match accepted {
        Ok(report) => {
            assert!(SIGNED.iter().any(|signed| signed == bytes), "accepted, but never signed: {report:?}");
            assert_eq!(continues.is_ok(), report.checkpoint.checkpoint().size >= known.size);
        }
        Err(refusal) => {
            assert!(!refusal.to_string().is_empty());
            assert!(continues.is_err(), "refused with {refusal}, accepted against a known checkpoint");
        }
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    SIGNED.clone()
}

fn signed() -> anyhow::Result<Vec<Vec<u8>>> {
    let entries = trail::entries()?;
    [(0, 2), (1, 2), (3, 2), (6, 3), (6, 2), (6, 7)]
        .into_iter()
        .map(|(size, hidden)| trail::bundle(entries.get(..size).unwrap_or_default(), hidden))
        .collect()
}
