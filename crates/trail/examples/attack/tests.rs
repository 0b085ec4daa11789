//! The short version, on a bundle of the reference page and on what its key holder can make of it.

use nevertwice_trail::verify_bundle;

use super::*;
use crate::attempt::Signer;
use crate::kinds::{KINDS, KeyHolder};

/// The bundle that `docs/reference/trail.md` shows, signed with 32 times the byte 9.
fn of_the_reference() -> Bundle {
    let page = include_str!("../../../../docs/reference/trail.md");
    let start = page.find("```text\nnevertwice bundle v1").unwrap() + "```text\n".len();
    let end = start + page[start..].find("```").unwrap();
    Bundle::read(&page.as_bytes()[start..end]).unwrap()
}

fn pen() -> Pen {
    Pen::new("example.com/incidents", &[9; 32])
}

/// The same history with another entry hidden, another value withheld.
fn another_scope() -> Bundle {
    let mut bundle = of_the_reference();
    let place = bundle.places("leaf ")[0];
    let hash = nevertwice_trail::leaf_hash(&bundle.lines[place][5..]);
    bundle.lines.splice(place..place + 2, [format!("hash {hash}").into_bytes()]);
    pen().sign_seal(&mut bundle);
    bundle
}

/// Both bundles, each with the other one, and with what a stranger would make of it.
fn with_cases<T>(work: impl FnOnce(&[Case<'_>]) -> T) -> T {
    let (bundles, pen) = ([of_the_reference(), another_scope()], pen());
    let stranger = Pen::new(&pen.origin, &[8; 32]);
    let key = pen.verifier().parse().unwrap();
    let signed = [bundles[0].bytes(), bundles[1].bytes()];
    let made = bundles.iter().enumerate().map(|(own, bundle)| {
        let bytes = bundle.bytes();
        verify_bundle(&bytes[..], &key, None).unwrap();
        (bundle, bytes, others(&bundles, own, &stranger))
    });
    let made: Vec<_> = made.collect();
    let cases = made.iter().map(|(bundle, bytes, others)| Case {
        bundle,
        bytes,
        signed: &signed,
        others,
        pen: &pen,
        stranger: &stranger,
        key: &key,
    });
    work(&cases.collect::<Vec<_>>())
}

const SHORT: Extent = Extent { flips: 6_000, attempts: 30, seed: 1 };

fn none_is_accepted(counts: &Counts) {
    for (name, count) in counts {
        assert_eq!(count.accepted, Vec::<String>::new(), "{name}");
        assert!(count.tried > 0, "{name}: no attempt changed anything");
    }
}

#[test]
fn this_pen_writes_what_the_program_writes() {
    let bundle = of_the_reference();
    let mut again = bundle.clone();
    pen().sign_checkpoint(&mut again);
    pen().sign_seal(&mut again);
    assert_eq!(again, bundle);
}

#[test]
fn no_flipped_byte_is_accepted() {
    with_cases(|cases| none_is_accepted(&campaign::flips(cases, SHORT)));
}

#[test]
fn no_change_is_accepted_that_has_to_be_refused() {
    with_cases(|cases| none_is_accepted(&campaign::changes(cases, SHORT)));
}

#[test]
fn a_campaign_that_tried_too_little_fails() {
    let count = |tried| campaign::Count { tried, ..campaign::Count::default() };
    let counts =
        Counts::from([("line dropped".to_owned(), count(9)), ("two bundles spliced".to_owned(), count(0))]);
    let expect = |changes, every_kind| Least { changes, every_kind }.expect(&counts);
    assert_eq!(expect(9, false), Ok(()));
    assert!(expect(10, false).unwrap_err().contains("only 9"));
    assert!(expect(9, true).unwrap_err().contains("two bundles spliced"));
}

/// The limits that the reference page states, so that it says no less and no more than what is so.
#[test]
fn what_the_holder_of_the_key_signs_is_accepted_as_far_as_no_checkpoint_says_otherwise() {
    let accepted = |signer: Signer, key_holder: KeyHolder| {
        with_cases(|cases| {
            for kind in KINDS.iter().filter(|kind| kind.key_holder == key_holder) {
                let made = (0..40).filter_map(|number| {
                    let case = &cases[number % cases.len()];
                    let attempt = signer.attempt(kind, case, &mut Random::of(1, 0, 0, number))?;
                    let changed = attempt.bytes != case.bytes;
                    changed
                        .then(|| verify_bundle(&attempt.bytes[..], case.key, attempt.known.as_ref()).is_ok())
                });
                let made: Vec<bool> = made.collect();
                assert!(made.contains(&true), "{}: {made:?}", kind.name);
            }
        });
    };
    accepted(Signer::KeyHolder, KeyHolder::Rewrites);
    accepted(Signer::KeyHolder, KeyHolder::Withholds);
    accepted(Signer::KeyHolderKnown, KeyHolder::Withholds);
}

/// What is added behind the entries that a checkpoint covers continues their history.
#[test]
fn entries_added_behind_a_known_checkpoint_are_accepted() {
    with_cases(|cases| {
        let case = &cases[0];
        let mut bundle = case.bundle.clone();
        let known = pen::known(&bundle, &case.pen.origin, usize::MAX);
        let end = bundle.body().end;
        bundle.lines.insert(end, format!("hash {}", "7".repeat(64)).into_bytes());
        case.pen.sign_checkpoint(&mut bundle);
        case.pen.sign_seal(&mut bundle);
        verify_bundle(&bundle.bytes()[..], case.key, known.as_ref()).unwrap();
    });
}
