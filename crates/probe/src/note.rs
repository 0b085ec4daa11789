//! Keys, checkpoints, times and hashes: what is read prints to exactly what was read.

use std::fmt::Display;
use std::str::FromStr;

use nevertwice_trail::{At, Frontier, Hash, Origin, SignedCheckpoint, SigningKey, VerifierKey};

use crate::trail;

pub(crate) fn run(bytes: &[u8]) {
    if let Ok(key) = trail::verifier()
        && let Ok(signed) = SignedCheckpoint::verify(bytes, &key)
    {
        assert_eq!(signed.note().as_bytes(), bytes, "a checkpoint has one spelling");
        let entries = trail::entries().unwrap_or_default();
        let sizes = 0..=entries.len();
        let ours = sizes.filter_map(|size| trail::checkpoint(entries.get(..size)?).ok());
        assert!(ours.into_iter().any(|ours| ours == signed), "accepted, but never signed: {signed:?}");
    }
    if let Ok(frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes(), bytes);
        let mut grown = frontier.clone();
        grown.append(frontier.root());
        assert_eq!(grown.size(), frontier.size() + 1);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    same_text::<At>(text);
    same_text::<Hash>(text);
    same_text::<Origin>(text);
    same_text::<VerifierKey>(text);
    if let Ok(key) = SigningKey::parse(text) {
        assert_eq!(key.to_secret_text(), text);
        same_text::<VerifierKey>(&key.verifier_key().to_string());
    }
}

/// What is read from a text prints to the same text.
fn same_text<T: FromStr + Display>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    made().unwrap_or_default()
}

fn made() -> anyhow::Result<Vec<Vec<u8>>> {
    let key = trail::key()?;
    let entries = trail::entries()?;
    let mut frontier = Frontier::new();
    let mut seeds = vec![
        key.to_secret_text().into_bytes(),
        key.verifier_key().to_string().into_bytes(),
        key.verifier_key().origin().to_string().into_bytes(),
        b"2026-03-01T10:00:00.000Z".to_vec(),
        b"9999-12-31T23:59:59.999Z".to_vec(),
        frontier.to_bytes(),
    ];
    for (size, entry) in (1..).zip(&entries) {
        frontier.append(entry.leaf_hash);
        seeds.push(frontier.to_bytes());
        seeds.push(entry.leaf_hash.to_string().into_bytes());
        seeds.push(trail::checkpoint(entries.get(..size).unwrap_or_default())?.note().as_bytes().to_vec());
    }
    Ok(seeds)
}
