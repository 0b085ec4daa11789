use serde_json::{Value, json};

use super::*;
use crate::{
    Change, Checkpoint, Disclosures, EntryDraft, Frontier, Object, Outcome, Sealed, SignedCheckpoint,
    SigningKey, leaf_hash, note, seal,
};

pub(super) const ORIGIN: &str = "example.com/incidents";

pub(super) fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[9; 32])
}

pub(super) fn header() -> Header {
    let exported_at = At::from_millis(1_772_445_600_000).unwrap();
    Header::new(ORIGIN.parse().unwrap(), Uuid::from_u128(99), "case \"Door\" of 2026".to_owned(), exported_at)
        .unwrap()
}

pub(super) fn entry(seq: u64, changes: &[(&str, Value)]) -> Sealed {
    let changes =
        changes.iter().map(|(field, value)| Change { field: (*field).to_owned(), value: value.clone() });
    let draft = EntryDraft {
        at: At::from_millis(1_772_359_200_000 + i64::try_from(seq).unwrap()).unwrap(),
        actor: Uuid::from_u128(1),
        action: "edit_case".to_owned(),
        object: Object { id: Uuid::from_u128(u128::from(seq % 2)), kind: "case".to_owned() },
        revision: seq,
        outcome: Outcome::Ok,
        request: Uuid::from_u128(3),
        changes: changes.collect(),
    };
    let mut salt = u8::try_from(seq).unwrap();
    seal(draft, seq, &mut || {
        salt += 16;
        [salt; 16]
    })
    .unwrap()
}

/// Five entries, of which the second has an erased value.
pub(super) fn trail() -> Vec<Sealed> {
    let mut trail = vec![
        entry(1, &[("title", json!("Door")), ("severity", json!(3))]),
        entry(2, &[("title", json!("Wündow")), ("note", json!("secret"))]),
        entry(3, &[("title", json!("Other"))]),
        entry(4, &[("title", Value::Null), ("costs", json!([{"minor": 1250, "currency": "EUR"}, 0.5]))]),
        entry(5, &[]),
    ];
    let mut open = Disclosures::decode(&trail[1].disclosures_json).unwrap();
    open.erase("note").unwrap();
    trail[1].disclosures_json = open.encode().unwrap();
    trail
}

pub(super) fn checkpoint(trail: &[Sealed]) -> Checkpoint {
    let mut frontier = Frontier::new();
    trail.iter().for_each(|sealed| frontier.append(sealed.leaf_hash));
    Checkpoint { origin: ORIGIN.parse().unwrap(), size: frontier.size(), root: frontier.root() }
}

fn in_scope(sealed: &Sealed) -> BundleLeaf {
    let Sealed { leaf_json, disclosures_json, .. } = sealed.clone();
    BundleLeaf::InScope { leaf_json, disclosures_json }
}

/// The bundle of a trail with every third entry out of scope.
pub(super) fn bundle(trail: &[Sealed]) -> Vec<u8> {
    let signed = checkpoint(trail).sign(&key()).unwrap();
    let leaves = trail.iter().map(|sealed| {
        Ok(if sealed.entry.seq() % 3 == 0 {
            BundleLeaf::OutOfScope(sealed.leaf_hash)
        } else {
            in_scope(sealed)
        })
    });
    write_bundle::<_, BundleWriteError>(Vec::new(), &header(), &signed, &key(), leaves).unwrap()
}

pub(super) fn verify(bundle: &[u8]) -> Result<BundleReport, BundleError> {
    verify_bundle(bundle, key().verifier_key(), None)
}

/// What somebody who holds the key can make of these lines between checkpoint and seal: both signatures fit.
pub(super) fn signed_by_the_key_holder(lines: &[String]) -> Vec<u8> {
    let mut frontier = Frontier::new();
    for line in lines {
        if let Some(leaf) = line.strip_prefix("leaf ") {
            frontier.append(leaf_hash(leaf.as_bytes()));
        } else if let Some(hash) = line.strip_prefix("hash ") {
            frontier.append(hash.to_lowercase().parse().unwrap_or_else(|_| leaf_hash(b"")));
        }
    }
    let checkpoint =
        Checkpoint { origin: ORIGIN.parse().unwrap(), size: frontier.size(), root: frontier.root() };
    let signed = checkpoint.sign(&key()).unwrap();
    let header = String::from_utf8(header().json().unwrap()).unwrap();
    sealed_again(&format!("{FORMAT}\n{header}\n{}{}\n", signed.note(), lines.join("\n")))
}

/// The text with a seal that fits it.
pub(super) fn sealed_again(text: &str) -> Vec<u8> {
    use sha2::Digest;
    let seal = note::sign(&seal_text(sha2::Sha256::digest(text).into()), &key());
    format!("{text}{seal}").into_bytes()
}

/// The lines between checkpoint and seal.
pub(super) fn leaf_lines(bundle: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bundle.to_vec()).unwrap();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines[7..lines.len() - 4].to_vec()
}

#[test]
fn the_reference_shows_a_bundle_and_its_key() {
    let reference = include_str!("../../../../docs/reference/trail.md");
    let bundle = String::from_utf8(bundle(&trail()[..3])).unwrap();
    assert!(reference.contains(&format!("```text\n{bundle}```")), "docs/reference/trail.md lacks\n{bundle}");
    let key = key().verifier_key().to_string();
    assert!(reference.contains(&key), "docs/reference/trail.md lacks {key}");
}

#[test]
fn a_bundle_verifies_and_reports_what_it_proves() {
    let trail = trail();
    let report = verify(&bundle(&trail)).unwrap();
    assert_eq!(report.header, header());
    assert_eq!(report.checkpoint, checkpoint(&trail).sign(&key()).unwrap());
    assert_eq!(report.in_scope, 4);
    assert_eq!(report.proved, 5);
    assert_eq!(report.erased, [ErasedValue { seq: 2, field: "note".to_owned() }]);
    let objects: Vec<_> = report.objects.iter().map(|object| object.id.as_u128()).collect();
    assert_eq!(objects, [0, 1]);
}

#[test]
fn the_bundle_of_an_empty_trail_verifies() {
    let report = verify(&bundle(&[])).unwrap();
    assert_eq!((report.checkpoint.checkpoint().size, report.in_scope), (0, 0));
}

#[test]
fn the_bundle_of_a_long_trail_verifies_against_each_of_its_checkpoints() {
    let trail: Vec<_> = (1..=40).map(|seq| entry(seq, &[("title", json!(seq))])).collect();
    let bundle = bundle(&trail);
    for size in 0..=40 {
        let previous = checkpoint(&trail[..size]);
        verify_bundle(&bundle[..], key().verifier_key(), Some(&previous)).unwrap();
    }
}

#[test]
fn tests_sign_what_the_writer_signs() {
    let bundle = bundle(&trail());
    assert_eq!(signed_by_the_key_holder(&leaf_lines(&bundle)), bundle);
}

#[test]
fn the_writer_refuses_what_the_verifier_would() {
    let trail = trail();
    let signed = checkpoint(&trail).sign(&key()).unwrap();
    let attempt = |leaves: Vec<BundleLeaf>, signed: &SignedCheckpoint| {
        let leaves = leaves.into_iter().map(Ok::<_, BundleWriteError>);
        write_bundle(Vec::new(), &header(), signed, &key(), leaves).unwrap_err().to_string()
    };
    let leaves = |range: std::ops::Range<usize>| trail[range].iter().map(in_scope).collect::<Vec<_>>();
    assert!(attempt(leaves(0..4), &signed).contains("expected 5 with root"));
    assert!(
        attempt([leaves(0..5), vec![BundleLeaf::OutOfScope(leaf_hash(b""))]].concat(), &signed)
            .contains("found 6")
    );
    assert!(
        attempt([leaves(0..1), leaves(2..5)].concat(), &signed).contains("expected entry 2, found entry 3")
    );
    let BundleLeaf::InScope { leaf_json, .. } = in_scope(&trail[0]) else { unreachable!() };
    let undisclosed = BundleLeaf::InScope { leaf_json, disclosures_json: b"{}".to_vec() };
    let error = attempt(vec![undisclosed], &signed);
    assert!(
        error.contains("entry 1 cannot go into a bundle: the value of severity in entry 1 is missing"),
        "{error}"
    );
    let other = SigningKey::from_seed("example.com/other".parse().unwrap(), &[9; 32]);
    let foreign = Checkpoint { origin: other.verifier_key().origin().clone(), ..checkpoint(&trail) };
    assert!(attempt(leaves(0..5), &foreign.sign(&other).unwrap()).contains("another trail"));
}

#[test]
fn the_error_of_an_item_is_handed_on() {
    #[derive(Debug)]
    enum Failure {
        Source,
        Write,
    }
    impl From<BundleWriteError> for Failure {
        fn from(_: BundleWriteError) -> Self {
            Self::Write
        }
    }
    let trail = trail();
    let signed = checkpoint(&trail).sign(&key()).unwrap();
    let write = |leaves: Vec<Result<BundleLeaf, Failure>>| {
        write_bundle(Vec::new(), &header(), &signed, &key(), leaves).unwrap_err()
    };
    assert!(matches!(write(vec![Ok(in_scope(&trail[0])), Err(Failure::Source)]), Failure::Source));
    assert!(matches!(write(vec![]), Failure::Write));
}

#[test]
fn a_scope_is_one_line() {
    let header = |scope: &str| {
        let exported_at = At::from_millis(0).unwrap();
        Header::new(ORIGIN.parse().unwrap(), Uuid::nil(), scope.to_owned(), exported_at)
    };
    assert!(header(&"\"".repeat(MAX_SCOPE_BYTES)).is_ok());
    for bad in ["", "two\nlines", "a\rb", "a\u{0}b", &"x".repeat(MAX_SCOPE_BYTES + 1)] {
        assert!(matches!(header(bad), Err(HeaderError::Scope(_))), "{bad:?}");
    }
}

#[test]
fn the_longest_header_is_read_back() {
    let origin: Origin = "o".repeat(200).parse().unwrap();
    let key = SigningKey::from_seed(origin.clone(), &[9; 32]);
    let scope = "\"".repeat(MAX_SCOPE_BYTES);
    let header = Header::new(origin.clone(), Uuid::max(), scope, At::from_millis(0).unwrap()).unwrap();
    let signed = Checkpoint { origin, size: 0, root: Frontier::new().root() }.sign(&key).unwrap();
    let bundle = write_bundle::<_, BundleWriteError>(Vec::new(), &header, &signed, &key, []).unwrap();
    assert_eq!(verify_bundle(&bundle[..], key.verifier_key(), None).unwrap().header, header);
}
