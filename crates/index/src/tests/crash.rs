//! A crash between the commits of the two halves, one after both, and a segment that cannot be rewritten.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use crate::error::IndexError;

thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
    static ARMED_BEFORE_PURGE: Cell<bool> = const { Cell::new(false) };
    static FAILING_REWRITES: Cell<u32> = const { Cell::new(0) };
}

/// Fails once, where the program could be killed.
pub(crate) fn between_the_commits() -> Result<(), IndexError> {
    if ARMED.replace(false) { Err(killed()) } else { Ok(()) }
}

/// Fails once, where the program could be killed.
pub(crate) fn before_the_purge() -> Result<(), IndexError> {
    if ARMED_BEFORE_PURGE.replace(false) { Err(killed()) } else { Ok(()) }
}

/// Whether the rewriting of a large segment fails instead of going on in the background.
pub(crate) fn rewriting_fails() -> bool {
    let left = FAILING_REWRITES.get();
    FAILING_REWRITES.set(left.saturating_sub(1));
    left > 0
}

fn killed() -> IndexError {
    IndexError::File { path: "crash".into(), error: std::io::Error::other("killed") }
}

/// The next commit of both halves on this thread fails between them.
pub(super) fn arm() {
    ARMED.set(true);
}

/// The next purge of the open half on this thread fails before it begins.
pub(super) fn arm_before_purge() {
    ARMED_BEFORE_PURGE.set(true);
}

/// So many of the next rewritings of large segments on this thread fail.
pub(super) fn fail_rewrites(count: u32) {
    FAILING_REWRITES.set(count);
}

use super::*;

fn batch() -> [crate::Change; 2] {
    let mut becomes_restricted = case(1, "narrowed");
    becomes_restricted.common.access = restricted(&[BOB]);
    [upsert(Document::Case(becomes_restricted)), upsert(Document::Case(case(4, "new")))]
}

fn crashed() -> Bench {
    let mut secret = case(3, "secret");
    secret.common.access = restricted(&[BOB]);
    let bench = Bench::new(&[
        Document::Case(case(1, "narrowed")),
        Document::Case(case(2, "open")),
        Document::Case(secret),
    ]);
    arm();
    assert!(bench.index.apply(&batch(), at(7)).is_err());
    bench
}

fn bob() -> crate::Access {
    crate::Access { viewer: Some(BOB), ..everything() }
}

#[test]
fn a_crash_between_the_commits_hides_the_restricted_half_and_resumes_before_the_batch() {
    let bench = crashed().reopened();
    assert_eq!(bench.index.position(), Some(at(1)), "the batch has to come again");
    assert_eq!(bench.found("", &everything()), ["CASE-2026-0002", "CASE-2026-0004"]);
    assert_eq!(bench.found("", &bob()), ["CASE-2026-0002", "CASE-2026-0004"], "half a batch is not shown");
    bench.apply(&batch(), 7);
    let all = ["CASE-2026-0001", "CASE-2026-0002", "CASE-2026-0003", "CASE-2026-0004"];
    assert_eq!(bench.found("", &bob()), all);
    assert_eq!(bench.found("", &everything()), ["CASE-2026-0002", "CASE-2026-0004"]);
    let bench = bench.reopened();
    assert_eq!(
        (bench.index.position(), bench.found("", &bob())),
        (Some(at(7)), all.map(str::to_owned).to_vec())
    );
}

#[test]
fn a_smaller_batch_after_a_crash_does_not_pair_the_halves_too_early() {
    let bench = crashed();
    bench.apply(&[upsert(Document::Case(case(4, "new")))], 5);
    assert_eq!(bench.index.position(), Some(at(5)));
    assert_eq!(bench.count("", &bob()), 2, "case 1 is still missing from the restricted half");
    bench.apply(&batch()[..1], 7);
    assert_eq!(bench.count("", &bob()), 4);
    assert_eq!(bench.index.position(), Some(at(7)));
}

#[test]
fn a_portion_that_does_not_move_on_does_not_pair_the_halves_after_a_crash_in_another() {
    let bench = Bench::new(&[Document::Case(case(1, "narrowed")), Document::Case(case(2, "open"))]);
    arm();
    assert!(bench.index.apply(&batch()[..1], at(1)).is_err());
    let mut secret = case(4, "new");
    secret.common.access = restricted(&[BOB]);
    bench.apply(&[upsert(Document::Case(secret))], 1);
    assert_eq!(bench.count("", &bob()), 1, "case 1 is still missing from the restricted half");
    assert_eq!(bench.index.position(), Some(at(1)));
    bench.apply(&batch()[..1], 7);
    assert_eq!(bench.count("", &bob()), 3);
}

#[test]
fn a_second_crash_while_resuming_loses_nothing() {
    let bench = crashed();
    arm();
    assert!(bench.index.apply(&batch(), at(7)).is_err());
    let bench = bench.reopened();
    assert_eq!(bench.index.position(), Some(at(1)));
    bench.apply(&batch(), 7);
    assert_eq!(bench.count("", &bob()), 4);
}

/// A kill after the files of a commit were written and before the engine's list of them was: the list and the files that
/// it names are the old ones, and what the next writer does gets the same names.
#[test]
fn a_commit_that_was_cut_off_is_made_again() {
    let all: Vec<Document> = (1..=20).map(|number| Document::Case(case(number, "first"))).collect();
    let bench = Bench::new(&all);
    bench.apply(&[upsert(Document::Case(case(2, "again")))], 6);
    bench.index.release_writer();
    let current = std::fs::read_to_string(bench.folder.path().join("CURRENT")).unwrap();
    let open = bench.folder.path().join(current.trim()).join("open");
    let before = files(&open);
    let batch = [upsert(Document::Case(case(1, "again")))];
    bench.apply(&batch, 7);
    bench.index.release_writer();

    put_back(&open, &before);
    let bench = bench.reopened();
    assert_eq!(bench.index.position(), Some(at(6)));
    bench.apply(&batch, 7);
    assert_eq!(bench.count("title:again", &everything()), 2);
    assert_eq!(bench.count("", &everything()), 20);
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

/// As if the list had not been replaced: a commit that is not cut off also removes what only the old list names.
fn put_back(folder: &Path, before: &[(PathBuf, Vec<u8>)]) {
    let list = folder.join("meta.json");
    for (path, bytes) in before.iter().filter(|(path, _)| *path == list || !path.exists()) {
        std::fs::write(path, bytes).unwrap();
    }
}
