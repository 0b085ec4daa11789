//! Opening, feeding, rebuilding.

use tantivy::{IndexWriter, Term};

use super::*;
use crate::document::{convert, id_term};
use crate::folder::{Folder, Half};
use crate::schema::Fields;
use crate::writer::engine_writer;
use crate::{IndexError, RebuildReason};

fn fed() -> Bench {
    let bench = Bench::new(&[Document::Case(case(1, "first")), Document::Case(case(2, "second"))]);
    bench.apply(&[upsert(Document::Case(case(3, "third")))], 5);
    bench
}

#[test]
fn a_new_folder_has_to_be_filled_first() {
    let folder = tempfile::tempdir().unwrap();
    let Opened::NeedsRebuild(index, RebuildReason::Empty) = Index::open(folder.path(), IDENTITY).unwrap()
    else {
        panic!("expected an empty index");
    };
    assert_eq!(index.position(), None);
    let search = index.search(&compiled(""), &everything(), &options());
    assert!(matches!(search, Err(IndexError::NeedsRebuild(RebuildReason::Empty))));
    let apply = index.apply(&[], at(1));
    assert!(matches!(apply, Err(IndexError::NeedsRebuild(RebuildReason::Empty))));
}

#[test]
fn what_was_applied_is_there_after_reopening() {
    let bench = fed().reopened();
    assert_eq!(bench.index.position(), Some(at(5)));
    assert_eq!(bench.count("", &everything()), 3);
    assert_eq!(bench.found("third", &everything()), ["CASE-2026-0003"]);
}

#[test]
fn applying_a_batch_twice_changes_nothing() {
    let bench = fed();
    let before = bench.index.generation();
    let batch = [
        upsert(Document::Case(case(3, "third"))),
        Change::Delete(Uuid::from_u128(1)),
        Change::Delete(Uuid::from_u128(99)),
    ];
    bench.apply(&batch, 6);
    bench.apply(&batch, 6);
    assert_eq!(bench.found("", &everything()), ["CASE-2026-0002", "CASE-2026-0003"]);
    assert!(bench.index.generation() > before);
}

/// What a catching up after a crash does while the engine merges: the first operation of a writer deletes from a segment
/// that the last commit deleted from.
#[test]
fn the_first_deletion_of_a_writer_survives_a_merge() {
    let fields = Fields::new();
    let Bench { index, folder } = Bench::new(&[]);
    drop(index);
    let folder = Folder::open(folder.path()).unwrap();
    let generation = folder.current().unwrap().unwrap();
    let engine = folder.engine(generation, Half::Open, &fields, false).unwrap();
    let open = || engine_writer(&engine, 20_000_000, 1).unwrap();
    let add = |writer: &IndexWriter, number| {
        writer.add_document(convert(&fields, &Document::Case(case(number, "Case")))).unwrap();
    };
    let delete = |writer: &IndexWriter, number: u128| {
        writer.delete_term(Term::from_field_text(fields.id, &id_term(Uuid::from_u128(number))));
    };

    let mut writer = open();
    add(&writer, 1);
    writer.commit().unwrap();
    add(&writer, 2);
    add(&writer, 3);
    writer.commit().unwrap();
    delete(&writer, 3);
    writer.commit().unwrap();
    drop(writer);

    let mut segments = engine.searchable_segment_metas().unwrap();
    segments.sort_by_key(tantivy::index::SegmentMeta::has_deletes);
    let segments: Vec<_> = segments.iter().map(tantivy::index::SegmentMeta::id).collect();
    assert_eq!(segments.len(), 2);
    let mut writer = open();
    delete(&writer, 2);
    writer.merge(&segments).wait().unwrap();
    writer.commit().unwrap();
    assert_eq!(engine.reader().unwrap().searcher().num_docs(), 1);
}

#[test]
fn an_index_of_another_store_has_to_be_rebuilt() {
    let Bench { index, folder } = fed();
    drop(index);
    let other = StoreIdentity { store_id: Uuid::from_u128(78) };
    let Opened::NeedsRebuild(index, reason) = Index::open(folder.path(), other).unwrap() else {
        panic!("the index of another store was taken");
    };
    assert_eq!(reason, RebuildReason::OtherStore);
    assert!(matches!(index.count(&compiled(""), &everything()), Err(IndexError::NeedsRebuild(_))));
    index.start_rebuild().unwrap().finish(at(9)).unwrap();
    assert_eq!(index.position(), Some(at(9)));
}

#[test]
fn damaged_files_ask_for_a_rebuild() {
    let Bench { index, folder } = fed();
    drop(index);
    let current = std::fs::read_to_string(folder.path().join("CURRENT")).unwrap();
    let meta = folder.path().join(current.trim()).join("open/meta.json");
    let text = std::fs::read_to_string(&meta).unwrap();
    for damaged in ["", "{", &text.replace("\\\"version\\\":", "\\\"version\\\":9")] {
        std::fs::write(&meta, damaged).unwrap();
        let opened = Index::open(folder.path(), IDENTITY).unwrap();
        assert!(matches!(opened, Opened::NeedsRebuild(..)), "{damaged}");
    }
    let Opened::NeedsRebuild(_, reason) = Index::open(folder.path(), IDENTITY).unwrap() else {
        unreachable!()
    };
    assert!(matches!(reason, RebuildReason::OtherVersion { found, .. } if found >= 90), "{reason:?}");
}

#[test]
fn the_old_index_answers_until_the_new_one_is_complete() {
    let bench = fed();
    {
        let mut rebuild = bench.index.start_rebuild().unwrap();
        rebuild.add(&Document::Case(case(7, "seventh"))).unwrap();
        assert_eq!(rebuild.added(), 1);
        assert_eq!(bench.count("", &everything()), 3);
    }
    assert_eq!(bench.count("", &everything()), 3, "dropped: nothing has happened");
    let mut rebuild = bench.index.start_rebuild().unwrap();
    rebuild.add(&Document::Case(case(7, "seventh"))).unwrap();
    rebuild.finish(at(8)).unwrap();
    assert_eq!(bench.found("", &everything()), ["CASE-2026-0007"]);
    bench.apply(&[upsert(Document::Case(case(8, "eighth")))], 9);
    let bench = bench.reopened();
    assert_eq!((bench.count("", &everything()), bench.index.position()), (2, Some(at(9))));
    let generations = std::fs::read_dir(bench.folder.path()).unwrap();
    let names = generations.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with('g')).count(), 1, "the old generation is gone");
}

#[test]
fn one_process_writes_and_others_follow() {
    let bench = fed();
    let reader = Index::open(bench.folder.path(), IDENTITY).unwrap().into_index();
    bench.apply(&[upsert(Document::Case(case(4, "fourth")))], 6);
    assert_eq!(reader.count(&compiled(""), &everything()).unwrap(), 3);
    assert_eq!(reader.refresh().unwrap(), Some(at(6)));
    let seen = reader.generation();
    assert_eq!(reader.count(&compiled(""), &everything()).unwrap(), 4);
    reader.refresh().unwrap();
    assert_eq!(reader.generation(), seen, "nothing new, nothing to forget");
    assert!(matches!(reader.apply(&[], at(7)), Err(IndexError::Busy { .. })));
    assert!(matches!(reader.start_rebuild(), Err(IndexError::Busy { .. })));
    bench.index.release_writer();
    reader.apply(&[Change::Delete(Uuid::from_u128(1))], at(7)).unwrap();
    assert_eq!(bench.index.refresh().unwrap(), Some(at(7)));
    assert_eq!(bench.count("", &everything()), 3);
}

#[test]
fn after_an_erasure_no_file_holds_the_words() {
    let mut erased = case(1, "xqzvcanary");
    erased.common.passages = body("xqzvcanary");
    erased.common.access = restricted(&[ADA]);
    let mut open = case(2, "xqzvcanary");
    open.common.passages = body("xqzvcanary");
    let bench = Bench::new(&[Document::Case(erased), Document::Case(open), Document::Case(case(3, "stays"))]);
    assert!(holds(bench.folder.path(), b"xqzvcanary"));
    bench.apply(&[Change::Delete(Uuid::from_u128(1)), Change::Delete(Uuid::from_u128(2))], 2);
    bench.index.purge_deleted().unwrap();
    assert!(!holds(bench.folder.path(), b"xqzvcanary"));
    assert_eq!(bench.found("", &everything()), ["CASE-2026-0003"]);
    assert_eq!(bench.index.damaged_files().unwrap(), Vec::<std::path::PathBuf>::new());
    let bench = bench.reopened();
    assert_eq!(bench.index.position(), Some(at(2)));
}

fn holds(folder: &std::path::Path, word: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, word);
        }
        std::fs::read(&path).unwrap().windows(word.len()).any(|window| window == word)
    })
}
