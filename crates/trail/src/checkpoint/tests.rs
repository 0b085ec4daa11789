use super::*;

fn key() -> SigningKey {
    SigningKey::from_seed("example.com/incidents".parse().unwrap(), &[9; 32])
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: "example.com/incidents".parse().unwrap(), size: 20, root: Hash::from_bytes([7; 32]) }
}

fn verify_text(text: &str) -> Result<SignedCheckpoint, NoteError> {
    SignedCheckpoint::verify(note::sign(text, &key()).as_bytes(), key().verifier_key())
}

#[test]
fn a_checkpoint_reads_back_what_it_signs() {
    let signed = checkpoint().sign(&key()).unwrap();
    insta::assert_snapshot!(signed.note(), @"
    example.com/incidents
    20
    BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=

    — example.com/incidents S0vpbVCe/RVHd1rkaijF9ZD1ygmpkTKmlocAAUc5DAXUkRpp8E3u1dNTx32wyA2m4sCwH9bLCYacUdb10KOmQH5E4gg=
    ");
    let again = SignedCheckpoint::verify(signed.note().as_bytes(), key().verifier_key()).unwrap();
    assert_eq!(again, signed);
    assert_eq!(again.checkpoint(), &checkpoint());
}

#[test]
fn the_empty_trail_has_a_checkpoint() {
    let empty = Checkpoint { size: 0, root: crate::Frontier::new().root(), ..checkpoint() };
    let signed = empty.clone().sign(&key()).unwrap();
    let again = SignedCheckpoint::verify(signed.note().as_bytes(), key().verifier_key()).unwrap();
    assert_eq!(again.checkpoint(), &empty);
}

#[test]
fn the_key_must_be_of_the_origin() {
    let other = Checkpoint { origin: "example.com/other".parse().unwrap(), ..checkpoint() };
    let expected = NoteError::OtherOrigin { expected: key().verifier_key().origin().clone() };
    assert_eq!(verify_text(&other.to_string()).unwrap_err(), expected);
    assert_eq!(other.sign(&key()).unwrap_err(), expected);
}

#[test]
fn signed_texts_that_are_no_checkpoint_are_refused() {
    let root = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    let text = |size: &str, root: &str| format!("example.com/incidents\n{size}\n{root}\n");
    assert!(verify_text(&text("20", root)).is_ok());
    for bad in [
        text("020", root),
        text("+20", root),
        text(" 20", root),
        text("-1", root),
        text("", root),
        text("18446744073709551616", root),
        text("2_0", root),
        text("20", ""),
        text("20", &root[..43]),
        text("20", &root.replace("c=", "d=")),
        text("20", "BwcH"),
        text("20", &format!("{root} ")),
        format!("{}an extension line\n", text("20", root)),
        "example.com/incidents\n20\n".to_owned(),
        format!("two words\n20\n{root}\n"),
        "nevertwice bundle seal v1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n".to_owned(),
    ] {
        // A blank line ends the text of a note, so without a size it is malformed as a note already.
        let expected = if bad.contains("\n\n") { NoteError::Form } else { NoteError::NotACheckpoint };
        assert_eq!(verify_text(&bad).unwrap_err(), expected, "{bad}");
    }
}
