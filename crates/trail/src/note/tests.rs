use super::*;

// The example note of the Go implementation of signed notes, which defined the format.
const SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn key() -> SigningKey {
    SigningKey::parse(SECRET).unwrap()
}

fn open_text(note: &str) -> Result<&str, NoteError> {
    open(note.as_bytes(), key().verifier_key())
}

#[test]
fn signing_gives_the_bytes_of_the_known_vector() {
    assert_eq!(sign(TEXT, &key()), format!("{TEXT}\n{SIGNATURE}"));
}

#[test]
fn a_signed_note_opens_to_its_text() {
    assert_eq!(open_text(&format!("{TEXT}\n{SIGNATURE}")), Ok(TEXT));
}

#[test]
fn other_forms_of_a_note_are_refused() {
    let note = format!("{TEXT}\n{SIGNATURE}");
    for bad in [
        String::new(),
        TEXT.to_owned(),
        format!("{TEXT}{SIGNATURE}"),
        format!("{TEXT}\n\n{SIGNATURE}"),
        format!("{note}\n"),
        format!("\n{note}"),
        note.trim_end().to_owned(),
        note.replace('\n', "\r\n"),
        note.replacen(".\n", ".\r\n", 1),
        format!("{note}{SIGNATURE}"),
        note.replace("— ", "- "),
        note.replace("— ", "—  "),
        note.replace("— ", "—\u{a0}"),
        note.replace("— PeterNeumann ", "— PeterNeumann  "),
        note.replace("— PeterNeumann", "— EnochRoot"),
        note.replace("— PeterNeumann x", "— PeterNeumann y"),
        note.replace("nAM=\n", "nAM=\n\n"),
        note.replace("nAM=\n", "nAM= \n"),
        format!("{}{note}", "x".repeat(MAX_NOTE)),
    ] {
        assert!(open_text(&bad).is_err(), "{bad}");
    }
    assert!(open(&[0xff; 8], key().verifier_key()).is_err());
}

#[test]
fn a_signed_control_character_is_refused() {
    for text in ["a\r\n", "a\tb\n", "a\0\n"] {
        assert_eq!(open_text(&sign(text, &key())), Err(NoteError::Form), "{text:?}");
    }
}

#[test]
fn other_spellings_of_the_signature_are_refused() {
    let note = format!("{TEXT}\n{SIGNATURE}");
    // The last digit before the padding carries two bits that are not part of the signature.
    for (from, to) in [
        ("nAM=", "nAN="),
        ("nAM=", "nAM"),
        ("nAM=", "nAM=="),
        ("nAM=", "nAMA"),
        ("/", "_"),
        ("nAM=", "n\nAM="),
    ] {
        assert!(open_text(&note.replace(from, to)).is_err(), "{from} -> {to}");
    }
}

#[test]
fn a_signature_by_another_key_is_refused() {
    let note = sign(TEXT, &key());
    let same_name = SigningKey::from_seed("PeterNeumann".parse().unwrap(), &[1; 32]);
    let error = open(note.as_bytes(), same_name.verifier_key()).unwrap_err();
    assert_eq!(error, NoteError::OtherKey { expected: same_name.verifier_key().to_string() });
    let same_secret = SECRET.replace("PeterNeumann+c74f20a3", "EnochRoot+00000000");
    assert!(SigningKey::parse(&same_secret).is_err());
    let forged = sign("Another text\n", &key());
    let borrowed = format!("{TEXT}\n{}", forged.split_once("\n\n").unwrap().1);
    assert!(matches!(open_text(&borrowed), Err(NoteError::Signature { .. })));
}

#[test]
fn a_second_signature_is_refused_whoever_made_it() {
    let note = sign(TEXT, &key());
    let witness = SigningKey::from_seed("witness.example".parse().unwrap(), &[2; 32]);
    let other = sign(TEXT, &witness);
    let line = other.split_once("\n\n").unwrap().1;
    assert_eq!(open_text(&format!("{note}{line}")), Err(NoteError::Form));
    let (text, own) = note.split_once("\n\n").unwrap();
    assert_eq!(open_text(&format!("{text}\n\n{line}{own}")), Err(NoteError::Form));
}

#[test]
fn every_flipped_bit_of_a_note_is_refused() {
    let note = sign(TEXT, &key());
    for place in 0..note.len() {
        for bit in 0..8 {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            assert!(open(&bytes, key().verifier_key()).is_err(), "byte {place}, bit {bit}");
        }
    }
}
