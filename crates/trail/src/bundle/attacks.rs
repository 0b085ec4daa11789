//! Attacks on the verifier: none is accepted, by whomever it was signed.

use std::io::Read;

use proptest::prelude::*;
use serde_json::json;

use super::tests::*;
use super::*;
use crate::{Checkpoint, SigningKey, leaf_hash, note};

/// The fault found in what the key holder made of changed lines.
fn fault_of(change: impl FnOnce(&mut Vec<String>)) -> String {
    let bundle = bundle(&trail());
    let mut lines = leaf_lines(&bundle);
    change(&mut lines);
    let changed = signed_by_the_key_holder(&lines);
    assert_ne!(changed, bundle, "the attack changes nothing");
    verify(&changed).unwrap_err().to_string()
}

/// The fault found after replacing text of a bundle; with the seal made good again if `reseal`.
fn fault_after(from: &str, to: &str, reseal: bool) -> String {
    let text = String::from_utf8(bundle(&trail())).unwrap();
    let body = text.find(SEAL).unwrap();
    let changed = if reseal {
        sealed_again(&text[..body].replacen(from, to, 1))
    } else {
        text.replacen(from, to, 1).into_bytes()
    };
    assert_ne!(changed, text.as_bytes(), "{from} is not in the bundle");
    verify(&changed).unwrap_err().to_string()
}

#[test]
fn every_flipped_bit_is_refused() {
    let bundle = bundle(&trail()[..3]);
    let mut changed = bundle.clone();
    for place in 0..bundle.len() {
        for bit in 0..8 {
            changed[place] ^= 1 << bit;
            assert!(verify(&changed).is_err(), "byte {place}, bit {bit}");
            changed[place] = bundle[place];
        }
    }
    assert!(verify(&changed).is_ok());
}

#[test]
fn every_missing_doubled_and_inserted_byte_is_refused() {
    let bundle = bundle(&trail()[..3]);
    for place in 0..bundle.len() {
        let (before, after) = bundle.split_at(place);
        let removed = [before, &after[1..]].concat();
        let doubled = [before, &after[..1], after].concat();
        // Removing or doubling one of two equal neighbours gives the same bytes either way, never the original.
        for changed in [removed, doubled, [before, b" ", after].concat(), [before, b"\n", after].concat()] {
            assert!(verify(&changed).is_err(), "byte {place}");
        }
    }
}

#[test]
fn every_cut_of_the_file_is_refused() {
    let bundle = bundle(&trail());
    for end in 0..bundle.len() {
        assert!(verify(&bundle[..end]).is_err(), "{end} bytes");
    }
    assert!(verify(&[&bundle[..], b"\n"].concat()).unwrap_err().to_string().contains("found more"));
    assert!(verify(&[&bundle[..], &bundle[..]].concat()).unwrap_err().to_string().contains("found more"));
}

#[test]
fn every_missing_doubled_and_exchanged_line_is_refused() {
    let bundle = bundle(&trail());
    let lines: Vec<_> = bundle.split_inclusive(|byte| *byte == b'\n').collect();
    for place in 0..lines.len() {
        let (before, after) = lines.split_at(place);
        assert!(verify(&[before, &after[1..]].concat().concat()).is_err(), "without line {place}");
        assert!(verify(&[before, &after[..1], after].concat().concat()).is_err(), "line {place} doubled");
        for other in place + 1..lines.len() {
            let mut exchanged = lines.clone();
            exchanged.swap(place, other);
            let same = exchanged == lines;
            assert_eq!(verify(&exchanged.concat()).is_ok(), same, "lines {place} and {other} exchanged");
        }
    }
}

#[test]
fn entries_dropped_swapped_or_doubled_are_refused_even_when_signed_anew() {
    // Lines of the fixture: leaf and open of 1 and 2, hash of 3, leaf and open of 4 and 5.
    assert!(fault_of(|lines| drop(lines.drain(0..2))).contains("expected entry 1, found entry 2"));
    assert!(fault_of(|lines| drop(lines.remove(4))).contains("expected entry 3, found entry 4"));
    assert!(fault_of(|lines| lines.extend_from_within(0..2)).contains("expected entry 6, found entry 1"));
    assert!(fault_of(|lines| lines.insert(4, lines[4].clone())).contains("expected entry 5, found entry 4"));
    assert!(fault_of(|lines| lines[0..4].rotate_left(2)).contains("expected entry 1, found entry 2"));
}

#[test]
fn an_entry_hidden_or_invented_under_an_old_checkpoint_is_refused() {
    let bundle = bundle(&trail());
    let text = String::from_utf8(bundle.clone()).unwrap();
    let lines = leaf_lines(&bundle);
    let replaced = |from: &[String], to: &str| text.replacen(&from.join("\n"), to, 1);
    let hidden = format!("hash {}", leaf_hash(&lines[0].as_bytes()[5..]));
    // Without the key the choice of what is in scope cannot be changed.
    let error = verify(replaced(&lines[0..2], &hidden).as_bytes()).unwrap_err().to_string();
    assert!(error.contains("changed after it was sealed"), "{error}");
    // With the key the seal can be renewed, but not the history under the checkpoint.
    let renamed = text.replace("edit_case", "read_case");
    let error = verify(&sealed_again(&renamed[..renamed.find(SEAL).unwrap()])).unwrap_err().to_string();
    assert!(error.contains("not those of the checkpoint"), "{error}");
}

#[test]
fn a_fork_is_refused_against_a_known_checkpoint() {
    let (trail, mut fork) = (trail(), trail());
    fork[2] = entry(3, &[("title", json!("Rewritten"))]);
    let forked = bundle(&fork);
    assert!(verify(&forked).is_ok(), "whoever holds the key can write another history");
    for size in 0..=5 {
        let known = checkpoint(&trail[..size]);
        let result = verify_bundle(&forked[..], key().verifier_key(), Some(&known));
        if size < 3 {
            assert!(result.is_ok(), "the fork begins with the same {size} entries");
        } else {
            let fault = result.unwrap_err().fault;
            assert!(matches!(fault, BundleFault::Forked { trusted, .. } if trusted == known.size), "{fault}");
        }
    }
}

#[test]
fn a_shortened_history_is_refused_against_a_newer_checkpoint() {
    let trail = trail();
    let known = checkpoint(&trail);
    for size in 0..5 {
        let short = bundle(&trail[..size]);
        assert!(verify(&short).is_ok());
        let error = verify_bundle(&short[..], key().verifier_key(), Some(&known)).unwrap_err();
        assert!(matches!(error.fault, BundleFault::Truncated { trusted: 5, .. }), "{error}");
    }
}

#[test]
fn a_known_checkpoint_of_another_trail_is_refused() {
    let known = Checkpoint { origin: "example.com/other".parse().unwrap(), ..checkpoint(&trail()) };
    let error = verify_bundle(&bundle(&trail())[..], key().verifier_key(), Some(&known)).unwrap_err();
    assert!(matches!(error.fault, BundleFault::OtherTrail { .. }), "{error}");
}

#[test]
fn another_key_is_refused_whatever_its_name() {
    for name in [ORIGIN, "example.com/other"] {
        let other = SigningKey::from_seed(name.parse().unwrap(), &[8; 32]);
        assert!(verify_bundle(&bundle(&trail())[..], other.verifier_key(), None).is_err());
    }
}

#[test]
fn a_checkpoint_or_seal_signed_by_another_key_is_refused() {
    let stranger = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[8; 32]);
    let checkpoint = checkpoint(&trail());
    let own = checkpoint.clone().sign(&key()).unwrap();
    let strange = checkpoint.sign(&stranger).unwrap();
    let error = fault_after(own.note(), strange.note(), true);
    assert!(error.contains("the checkpoint: expected a signature by"), "{error}");

    let text = String::from_utf8(bundle(&trail())).unwrap();
    let (body, seal) = text.split_at(text.find(SEAL).unwrap());
    let signed = seal.split_inclusive('\n').take(2).collect::<String>();
    let error =
        verify(format!("{body}{}", note::sign(&signed, &stranger)).as_bytes()).unwrap_err().to_string();
    assert!(error.contains("the seal at the end: expected a signature by"), "{error}");
}

#[test]
fn a_second_signature_is_refused() {
    let text = String::from_utf8(bundle(&trail())).unwrap();
    let witness = SigningKey::from_seed("witness.example".parse().unwrap(), &[8; 32]);
    let signatures: Vec<_> = text.lines().filter(|line| line.starts_with('\u{2014}')).collect();
    assert_eq!(signatures.len(), 2);
    for (own, is_seal) in signatures.into_iter().zip([false, true]) {
        let note = note::sign("text\n", &witness);
        let other = note.lines().last().unwrap();
        for both in [format!("{own}\n{other}"), format!("{other}\n{own}"), format!("{own}\n{own}")] {
            let changed = text.replacen(own, &both, 1);
            assert!(verify(changed.as_bytes()).is_err(), "{both}");
            if !is_seal {
                let body = &changed[..changed.find(SEAL).unwrap()];
                assert!(verify(&sealed_again(body)).is_err(), "{both}");
            }
        }
    }
}

#[test]
fn the_signatures_cannot_be_exchanged() {
    let text = String::from_utf8(bundle(&trail())).unwrap();
    let signatures: Vec<_> = text.lines().filter(|line| line.starts_with('\u{2014}')).collect();
    let exchanged = text.replacen(signatures[0], "first", 1).replacen(signatures[1], signatures[0], 1);
    assert!(verify(exchanged.replacen("first", signatures[1], 1).as_bytes()).is_err());
    // A checkpoint in the place of the seal, and a seal of another file, are signed by the key all the same.
    let body = &text[..text.find(SEAL).unwrap()];
    let own = checkpoint(&trail()).sign(&key()).unwrap();
    let error = verify(format!("{body}{}", own.note()).as_bytes()).unwrap_err();
    assert!(matches!(error.fault, BundleFault::Seal(_)), "{error}");
    let other = bundle(&trail()[..3]);
    let other = String::from_utf8(other).unwrap();
    let error = verify(format!("{body}{}", &other[other.find(SEAL).unwrap()..]).as_bytes()).unwrap_err();
    assert!(matches!(error.fault, BundleFault::SealDigest), "{error}");
}

#[test]
fn other_spellings_of_base64_are_refused() {
    let text = String::from_utf8(bundle(&trail())).unwrap();
    let ends: Vec<_> = text.lines().filter(|line| line.ends_with('=')).collect();
    assert_eq!(ends.len(), 4, "two hashes and two signatures");
    for line in ends {
        let stem = line.trim_end_matches('=');
        let (head, last) = stem.split_at(stem.len() - 1);
        let next = char::from(last.as_bytes()[0] + 1);
        let padding = "=".repeat(line.len() - stem.len());
        let spellings = [
            stem.to_owned(),
            format!("{line}="),
            format!("{line} "),
            format!("{head}{next}{padding}"),
            line.replace(['+', '/'], "-"),
        ];
        for spelling in spellings.iter().filter(|spelling| *spelling != line) {
            assert!(verify(text.replacen(line, spelling, 1).as_bytes()).is_err(), "{spelling}");
            let changed = text.replacen(line, spelling, 1);
            let body = changed.find(SEAL).unwrap();
            if changed[..body] != text[..text.find(SEAL).unwrap()] {
                assert!(verify(&sealed_again(&changed[..body])).is_err(), "{spelling}");
            }
        }
    }
}

#[test]
fn json_written_differently_is_refused_even_when_signed_anew() {
    let change = |line: usize, from: &str, to: &str| {
        fault_of(|lines| {
            assert!(lines[line].contains(from), "{}", lines[line]);
            lines[line] = lines[line].replacen(from, to, 1);
        })
    };
    for (line, from, to) in [
        (0, "leaf {", "leaf  {"),
        (0, "\"action\":", "\"action\": "),
        (0, "}]}", "}]} "),
        (0, "}]}", "}]}\t"),
        (0, "edit_case", "\\u0065dit_case"),
        (1, "open {", "open { "),
        (1, ",3]", ",3.0]"),
        (1, ",3]", ", 3]"),
        (1, "Door", "\\u0044oor"),
        (6, "0.5", "5e-1"),
        (6, "{\"currency\":\"EUR\",\"minor\":1250}", "{\"minor\":1250,\"currency\":\"EUR\"}"),
        (6, "\"minor\":1250", "\"minor\":1250,\"minor\":1250"),
    ] {
        let error = change(line, from, to);
        assert!(error.contains("canonical"), "{from} -> {to}: {error}");
    }
    assert!(change(0, "\"seq\":1", "\"seq\":1,\"seq\":1").contains("duplicate field"));
    assert!(change(0, "\"seq\":1", "\"seq\":1,\"title\":\"Door\"").contains("unknown field"));
    assert!(
        fault_of(
            |lines| lines[1] = format!("open {}", leaf_lines(&bundle(&trail()))[0].replacen("leaf ", "", 1))
        )
        .contains("the disclosure of")
    );
}

#[test]
fn the_header_written_differently_is_refused_even_when_sealed_anew() {
    for (from, to, reason) in [
        ("{\"exported_at\":", "{ \"exported_at\":", "canonical"),
        ("\"store\":", "\"note\":1,\"store\":", "unknown field"),
        ("\"store\":", "\"store\":\"00000000-0000-0000-0000-000000000063\",\"store\":", "duplicate field"),
        (
            "\"origin\":\"example.com/incidents\"",
            "\"origin\":\"example.com/other\"",
            "expected the header to name",
        ),
        ("10:00:00.000Z", "10:00:00Z", "UTC time"),
        ("nevertwice bundle v1", "nevertwice bundle v2", "later format"),
        ("nevertwice bundle v1\n", "", "not a bundle"),
    ] {
        let error = fault_after(from, to, true);
        assert!(error.contains(reason), "{from} -> {to}: {error}");
    }
    for (from, to) in
        [("of 2026", "of 2025"), ("2026-03-02T", "2026-03-03T"), ("000000000063", "000000000064")]
    {
        assert!(fault_after(from, to, false).contains("changed after it was sealed"), "{from}");
    }
}

#[test]
fn carriage_returns_are_refused_everywhere() {
    let bundle = bundle(&trail());
    let text = String::from_utf8(bundle).unwrap();
    assert!(verify(text.replace('\n', "\r\n").as_bytes()).is_err());
    let body = text.find(SEAL).unwrap();
    for (place, _) in text.match_indices('\n') {
        let changed = format!("{}\r{}", &text[..place], &text[place..]);
        assert!(verify(changed.as_bytes()).is_err(), "line end at byte {place}");
        if place < body {
            assert!(
                verify(&sealed_again(&changed[..=body])).is_err(),
                "line end at byte {place}, sealed anew"
            );
        }
    }
}

#[test]
fn values_changed_hidden_or_added_are_refused_even_when_signed_anew() {
    let change = |line: usize, from: &str, to: &str| {
        fault_of(|lines| {
            assert!(lines[line].contains(from), "{}", lines[line]);
            lines[line] = lines[line].replacen(from, to, 1);
        })
    };
    assert!(change(1, "Door", "Gate").contains("the value of title in entry 1 is not the one"));
    assert!(change(1, "[\"1", "[\"2").contains("is not the one"));
    assert!(change(3, "\"note\":\"erased\",", "").contains("the value of note in entry 2 is missing"));
    assert!(change(3, "\"note\":\"erased\"", "\"mote\":\"erased\"").contains("is missing"));
    assert!(change(1, "\"title\"", "\"subtitle\"").contains("is missing"));
    let salt = "00".repeat(16);
    let added = change(8, "open {}", &format!("open {{\"a\":[\"{salt}\",1]}}"));
    assert!(added.contains("the value of a in entry 5 is disclosed but not committed to"), "{added}");
    // The tampered value is found first by whoever has no key; the seal would say so too.
    assert!(fault_after("Door\"]", "Gate\"]", false).contains("is not the one that the entry commits to"));
    assert!(fault_after(",\"title\":[\"21", ",\"title\":[\"22", false).contains("is not the one"));
}

#[test]
fn time_running_backwards_is_refused() {
    let error = fault_of(|lines| lines[2] = lines[2].replacen("10:00:00.002Z", "09:59:59.999Z", 1));
    assert!(error.contains("expected entry 2 to be no older"), "{error}");
}

#[test]
fn malformed_lines_are_refused() {
    let change = |line: usize, to: &str| fault_of(|lines| lines[line] = to.to_owned());
    let hash = leaf_lines(&bundle(&trail()))[4].clone();
    assert!(change(4, &hash.to_uppercase().replace("HASH", "hash")).contains("hexadecimal"));
    assert!(change(4, &hash[..68]).contains("hexadecimal"));
    assert!(change(4, &format!("{hash} ")).contains("hexadecimal"));
    assert!(change(1, "shut {}").contains("expected a line that begins with open"));
    assert!(fault_after("hash ", "hush ", true).contains("expected a line that begins with leaf or hash"));
    assert!(fault_after("leaf {", "{", true).contains("expected a line that begins with leaf or hash"));
}

/// An endless file of one byte, counting what was read of it.
struct Endless {
    start: std::io::Cursor<Vec<u8>>,
    byte: u8,
    read: usize,
}

impl Read for &mut Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = match self.start.read(buffer)? {
            0 => {
                buffer.fill(self.byte);
                buffer.len()
            }
            count => count,
        };
        self.read += count;
        Ok(count)
    }
}

#[test]
fn an_endless_line_is_refused_after_a_bounded_part_of_it() {
    let text = String::from_utf8(bundle(&trail())).unwrap();
    let ends: Vec<_> = text.match_indices('\n').map(|(place, _)| place + 1).collect();
    let limit = 9 << 20;
    for start in [0, ends[0], ends[1], ends[6], ends[7], ends[15]] {
        let mut endless =
            Endless { start: std::io::Cursor::new(text.as_bytes()[..start].to_vec()), byte: b'[', read: 0 };
        assert!(verify_bundle(&mut endless, key().verifier_key(), None).is_err());
        assert!(endless.read < limit, "{start}: {} bytes read", endless.read);
    }
}

#[test]
fn deeply_nested_json_is_refused() {
    let deep = "[".repeat(1 << 19);
    for line in [0, 1] {
        let prefix = if line == 0 { "leaf " } else { "open " };
        fault_of(|lines| lines[line] = format!("{prefix}{deep}"));
    }
}

#[test]
fn a_failing_reader_is_reported_with_its_line() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let bundle = bundle(&trail());
    let error = verify_bundle(bundle[..800].chain(Failing), key().verifier_key(), None).unwrap_err();
    assert!(matches!(error.fault, BundleFault::Io(_)));
    assert_eq!(error.to_string(), "the bundle is refused at line 8: reading failed: the disk is gone");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_are_a_bundle(bytes in any::<Vec<u8>>()) {
        prop_assert!(verify(&bytes).is_err());
    }

    #[test]
    fn a_spliced_bundle_is_refused(
        from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(),
        replaced in 0..200_usize,
    ) {
        let bundle = bundle(&trail());
        let (start, end) = (from.index(bundle.len()), to.index(bundle.len()));
        let piece = &bundle[start.min(end)..start.max(end)];
        let place = at.index(bundle.len());
        let rest = (place + replaced).min(bundle.len());
        let spliced = [&bundle[..place], piece, &bundle[rest..]].concat();
        prop_assert_eq!(verify(&spliced).is_ok(), spliced == bundle);
    }

    #[test]
    fn a_changed_bundle_signed_by_the_key_holder_never_makes_the_verifier_panic(
        line in 0..9_usize, place in any::<prop::sample::Index>(), byte in any::<char>(),
    ) {
        let mut lines = leaf_lines(&bundle(&trail()));
        let mut chars: Vec<_> = lines[line].chars().collect();
        let place = place.index(chars.len());
        chars[place] = byte;
        lines[line] = chars.into_iter().collect();
        let _ = verify(&signed_by_the_key_holder(&lines));
    }
}
