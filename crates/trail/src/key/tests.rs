use super::*;

// The example key of the Go implementation of signed notes, which defined the format.
const VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

#[test]
fn keys_read_back_what_they_write() {
    let secret = SigningKey::parse(SECRET).unwrap();
    assert_eq!(secret.to_secret_text(), SECRET);
    assert_eq!(secret.verifier_key().to_string(), VERIFIER);
    let verifier: VerifierKey = VERIFIER.parse().unwrap();
    assert_eq!(&verifier, secret.verifier_key());
    assert_eq!(verifier.to_string(), VERIFIER);
    assert_eq!(verifier.origin().as_str(), "PeterNeumann");
}

#[test]
fn a_key_from_a_seed_is_the_key_from_its_text() {
    let key = SigningKey::from_seed("example.com/incidents".parse().unwrap(), &[9; 32]);
    let again = SigningKey::parse(&key.to_secret_text()).unwrap();
    assert_eq!(again.verifier_key(), key.verifier_key());
    assert_eq!(again.sign(b"text"), key.sign(b"text"));
}

#[test]
fn debug_and_errors_show_no_secret() {
    let key = SigningKey::parse(SECRET).unwrap();
    assert_eq!(format!("{key:?}"), "SigningKey(PeterNeumann, secret redacted)");
    for end in 0..SECRET.len() {
        let error = SigningKey::parse(&SECRET[..end]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("AYEKF"), "{error:?}");
    }
}

#[test]
fn every_cut_and_every_changed_character_of_a_key_is_refused() {
    for start in 0..VERIFIER.len() {
        for end in start..=VERIFIER.len() {
            assert!(end - start == VERIFIER.len() || VERIFIER[start..end].parse::<VerifierKey>().is_err());
        }
    }
    for text in [VERIFIER, SECRET] {
        for place in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.as_bytes().to_vec();
                bytes[place] ^= 1 << bit;
                let changed = String::from_utf8(bytes).unwrap();
                assert!(changed.parse::<VerifierKey>().is_err(), "{changed}");
                assert!(SigningKey::parse(&changed).is_err(), "{changed}");
            }
        }
    }
}

#[test]
fn other_forms_of_a_key_are_refused() {
    for bad in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        " PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        SECRET,
    ] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
    assert_eq!(SigningKey::parse(VERIFIER).unwrap_err(), KeyError::SigningForm);
}

#[test]
fn a_weak_public_key_is_refused() {
    // The neutral element: its holder could pass any signature off as valid.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let text = format!("x+00000000+{}", encode_key(&neutral));
    assert_eq!(text.parse::<VerifierKey>(), Err(KeyError::Point));
}

#[test]
fn an_origin_is_one_word_without_a_plus() {
    for good in ["example.com/incidents", "Müller.example", "x", &"a".repeat(200)] {
        assert_eq!(good.parse::<Origin>().unwrap().as_str(), good);
    }
    for bad in ["", " ", "a b", "a+b", "a\nb", "a\u{2003}b", "a\u{0}b", "a\u{85}b", &"a".repeat(201)] {
        assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
    }
}
