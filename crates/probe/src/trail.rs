//! A small trail and its bundle, to start from.

use anyhow::Context as _;
use nevertwice_trail::{
    At, BundleLeaf, BundleWriteError, Change, Checkpoint, Disclosures, EntryDraft, Frontier, Header, Object,
    Outcome, Sealed, SignedCheckpoint, SigningKey, VerifierKey, seal, write_bundle,
};
use serde_json::{Value, json};
use uuid::Uuid;

const ORIGIN: &str = "example.com/incidents";
const BEGIN: i64 = 1_772_359_200_000;

/// The key of the trail.
pub(crate) fn key() -> anyhow::Result<SigningKey> {
    Ok(SigningKey::from_seed(ORIGIN.parse()?, &[9; 32]))
}

/// The public half of [`key`].
pub(crate) fn verifier() -> anyhow::Result<VerifierKey> {
    Ok(key()?.verifier_key().clone())
}

/// Entries with values of every shape, one of them erased.
pub(crate) fn entries() -> anyhow::Result<Vec<Sealed>> {
    let deep = (0..20).fold(json!("core"), |inner, level| json!({ "level": level, "inner": [inner, null] }));
    let changes: [&[(&str, Value)]; 6] = [
        &[("cases/title", json!("Door")), ("cases/severity", json!(3))],
        &[("cases/title", json!("W\u{fc}ndow \u{1f600} \"\\\u{7f}")), ("cases/note", json!("secret"))],
        &[("cases/restricted", json!(true))],
        &[
            ("cases/title", Value::Null),
            ("case_costs/1/minor", json!([{"minor": 1250, "currency": "EUR"}, 0.5])),
        ],
        &[("cases/detail", deep), ("cases/number", json!(-9_007_199_254_740_991_i64))],
        &[],
    ];
    let mut entries = Vec::new();
    for (seq, changes) in (1..).zip(changes) {
        entries.push(entry(seq, changes)?);
    }
    let erased = entries.get_mut(1).context("there are six")?;
    let mut disclosures = Disclosures::decode(&erased.disclosures_json)?;
    disclosures.erase("cases/note")?;
    erased.disclosures_json = disclosures.encode()?;
    Ok(entries)
}

/// The signed checkpoint over some entries.
pub(crate) fn checkpoint(entries: &[Sealed]) -> anyhow::Result<SignedCheckpoint> {
    let mut frontier = Frontier::new();
    entries.iter().for_each(|entry| frontier.append(entry.leaf_hash));
    let checkpoint = Checkpoint { origin: ORIGIN.parse()?, size: frontier.size(), root: frontier.root() };
    Ok(checkpoint.sign(&key()?)?)
}

/// The bundle of some entries, those out of scope whose number is a multiple of `hidden`.
pub(crate) fn bundle(entries: &[Sealed], hidden: u64) -> anyhow::Result<Vec<u8>> {
    let exported_at = At::from_millis(BEGIN + 86_400_000)?;
    let header = Header::new(ORIGIN.parse()?, Uuid::from_u128(99), "case \"Door\"".to_owned(), exported_at)?;
    let leaves = entries.iter().map(|sealed| {
        if sealed.entry.seq().is_multiple_of(hidden) {
            return Ok(BundleLeaf::OutOfScope(sealed.leaf_hash));
        }
        let Sealed { leaf_json, disclosures_json, .. } = sealed.clone();
        Ok::<_, BundleWriteError>(BundleLeaf::InScope { leaf_json, disclosures_json })
    });
    Ok(write_bundle(Vec::new(), &header, &checkpoint(entries)?, &key()?, leaves)?)
}

fn entry(seq: u64, changes: &[(&str, Value)]) -> anyhow::Result<Sealed> {
    let changes =
        changes.iter().map(|(field, value)| Change { field: (*field).to_owned(), value: value.clone() });
    let draft = EntryDraft {
        at: At::from_millis(BEGIN + i64::try_from(seq)?)?,
        actor: Uuid::from_u128(1),
        action: "edit_case".to_owned(),
        object: Object { id: Uuid::from_u128(u128::from(seq % 2)), kind: "case".to_owned() },
        revision: seq,
        outcome: if seq == 3 { Outcome::Refused } else { Outcome::Ok },
        request: Uuid::from_u128(3),
        changes: changes.collect(),
    };
    let mut salt = u8::try_from(seq)?;
    let mut salts = || {
        salt = salt.wrapping_add(16);
        [salt; 16]
    };
    Ok(seal(draft, seq, &mut salts)?)
}
