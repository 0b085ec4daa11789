//! What a narrowing leaves to do, over crashes and while others follow: nothing is said to be gone that is there.

use super::*;
use crate::tests::crash;

/// So many that one deleted among them is too little for a merge in the background.
const FEW: u32 = 8;
/// So many that their segment is rewritten in the background.
const MANY: u32 = 50;

fn open_cases(first: u32, count: u32) -> Vec<crate::Change> {
    (first..first + count).map(|number| upsert(Document::Case(case(number, "open")))).collect()
}

/// Two segments of the open half: the first has the secret and `beside` others, the second some more.
fn in_two_segments(beside: u32) -> Bench {
    let bench = Bench::new(&[]);
    let mut first = vec![upsert(open_secret())];
    first.extend(open_cases(100, beside));
    bench.apply(&first, 2);
    bench.apply(&open_cases(200, FEW), 3);
    bench
}

fn narrow_the_secret(bench: &Bench, sequence: u64) -> Result<(), crate::IndexError> {
    bench.index.apply(&[upsert(Document::Case(secret(&[BOB])))], at(sequence))
}

/// Narrows a case of the second segment.
fn narrow_another(bench: &Bench, sequence: u64) {
    let mut another = case(200, "narrowed as well");
    another.common.access = restricted(&[BOB]);
    bench.apply(&[upsert(Document::Case(another))], sequence);
}

fn finish(bench: &Bench) {
    let mut looks = 0;
    while !bench.index.is_purged() {
        assert!(looks < 1_000_000, "the segment is never rewritten");
        looks += 1;
        std::thread::yield_now();
        bench.index.finish_narrowing().unwrap();
    }
}

#[test]
fn what_a_crash_left_is_dropped_with_what_is_narrowed_next() {
    let bench = in_two_segments(FEW);
    crash::arm_before_purge();
    assert!(narrow_the_secret(&bench, 4).is_err());
    let bench = bench.reopened();
    assert_eq!(secrets_in(&bench, false), all_secrets());
    narrow_another(&bench, 5);
    assert!(bench.index.is_purged());
    assert_eq!(secrets_in(&bench, false), none());
}

#[test]
fn what_a_failure_left_is_dropped_with_what_is_narrowed_next() {
    let bench = in_two_segments(FEW);
    crash::arm_before_purge();
    assert!(narrow_the_secret(&bench, 4).is_err());
    bench.index.release_writer();
    narrow_another(&bench, 5);
    assert!(bench.index.is_purged());
    assert_eq!(secrets_in(&bench, false), none());
}

#[test]
fn what_is_being_rewritten_after_a_crash_is_waited_for_when_more_is_narrowed() {
    let bench = in_two_segments(MANY);
    crash::arm_before_purge();
    assert!(narrow_the_secret(&bench, 4).is_err());
    let bench = bench.reopened();
    // The large segment is taken note of, and stays as it is.
    crash::fail_rewrites(u32::MAX);
    bench.index.finish_narrowing().unwrap();
    assert!(!bench.index.is_purged());
    narrow_another(&bench, 5);
    assert!(!bench.index.is_purged(), "the words of the first are still there");
    assert_eq!(secrets_in(&bench, false), all_secrets());
    crash::fail_rewrites(0);
    let bench = bench.reopened();
    finish(&bench);
    assert_eq!(secrets_in(&bench, false), none());
}

#[test]
fn a_large_segment_that_waits_costs_searches_nothing_and_is_tried_again() {
    let bench = in_two_segments(MANY);
    crash::fail_rewrites(u32::MAX);
    narrow_the_secret(&bench, 4).unwrap();
    let generation = bench.index.generation();
    for _ in 0..3 {
        bench.index.finish_narrowing().unwrap();
    }
    assert_eq!(bench.index.generation(), generation, "whatever was kept of answers is thrown away");
    assert!(!bench.index.is_purged());
    crash::fail_rewrites(0);
    finish(&bench);
    assert_eq!(secrets_in(&bench, false), none());
}
