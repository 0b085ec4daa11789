//! A restricted record leaves no trace for anybody who is not on its list.

mod narrowing;

use nevertwice_domain::id::CaseId;
use nevertwice_domain::measure::{DateBasis, Dimension};

use super::*;
use crate::{Facet, Reach, Scope, SimilarTo};

/// Words that stand nowhere but in the restricted documents, one for each field.
const SECRETS: &[&str] = &[
    "canarytitle",
    "canarybody",
    "canarycause",
    "canarylesson",
    "canaryaction",
    "canarytimeline",
    "canarycomment",
    "canaryevidence",
    "canarytag",
    "canarycategory",
    "canaryvalue",
    "canarygap",
    "canaryorigin-1",
    "canarylink-2",
];

fn secret(readers: &[PersonId]) -> CaseDocument {
    let mut case = case(9, "canarytitle shared words");
    case.common.access = restricted(readers);
    case.common.passages = vec![
        passage(TextPart::Body, "canarybody shared words about invoices"),
        passage(TextPart::Cause, "canarycause"),
        passage(TextPart::Lesson, "canarylesson"),
        passage(TextPart::Action, "canaryaction"),
        passage(TextPart::Timeline, "canarytimeline"),
        passage(TextPart::Comment, "canarycomment"),
        passage(TextPart::Evidence, "canaryevidence"),
    ];
    case.common.tags = vec!["canarytag".into()];
    case.category = Some("canarycategory".into());
    case.gaps = vec!["canarygap".into()];
    case.common.origin_reference = Some("canaryorigin-1".into());
    case.common.links = vec!["canarylink-2".into()];
    case.common.fields = vec![company("site", FieldType::Text, "canaryvalue")];
    case.suppliers = vec![ACME];
    case
}

fn open_case() -> CaseDocument {
    let mut open = case(1, "shared words in the open");
    open.common.passages = body("something about invoices and canarytitel");
    open
}

fn register(readers: &[PersonId]) -> Bench {
    Bench::new(&[Document::Case(open_case()), Document::Case(secret(readers))])
}

fn others() -> Vec<Access> {
    vec![everything(), Access { viewer: None, ..everything() }]
}

/// Everything that an index answers, as text.
fn answers(bench: &Bench, query: &str, access: &Access) -> String {
    let compiled = compiled(query);
    let facets = [
        Facet::Kind,
        Facet::Class,
        Facet::State,
        Facet::Severity,
        Facet::Category,
        Facet::Tag,
        Facet::Decision,
        Facet::Origin,
        Facet::Year,
        Facet::Owner,
        Facet::Supplier,
        Facet::Asset,
        Facet::Company("site".into()),
    ];
    let similar = [SimilarTo::Text(query.to_owned()), SimilarTo::Case(CaseId::new(Uuid::from_u128(1)))];
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        bench.index.search(&compiled, access, &options()).unwrap(),
        bench.index.count(&compiled, access).unwrap(),
        bench.index.facets(&compiled, access, &facets, 100).unwrap(),
        bench
            .index
            .volume(&compiled, access, Scope::Viewer, &[Dimension::Category], DateBasis::Earliest)
            .unwrap(),
        similar.map(|to| bench.index.similar(&to, access, 10).unwrap()),
    )
}

fn queries() -> Vec<String> {
    let mut queries: Vec<String> = SECRETS.iter().map(|word| (*word).to_owned()).collect();
    for field in ["title", "cause", "lesson", "tag", "category", "gap", "reference", "field.site"] {
        queries.extend(SECRETS.iter().map(|word| format!("{field}:{word}")));
        queries.push(format!("{field}:canar*"));
    }
    for query in [
        "",
        "canar*",
        "canarybodi",
        "shared words",
        "\"shared words\"",
        "restricted:yes",
        "-shared",
        "supplier:acme",
        "CASE-2026-9",
        "has:cause",
        "kind:case",
    ] {
        queries.push(query.to_owned());
    }
    queries
}

#[test]
fn others_get_the_same_answers_as_if_it_did_not_exist() {
    let with = register(&[BOB]);
    let without = Bench::new(&[Document::Case(open_case())]);
    for access in others() {
        for query in queries() {
            assert_eq!(answers(&with, &query, &access), answers(&without, &query, &access), "{query}");
        }
        let secret = SimilarTo::Case(CaseId::new(Uuid::from_u128(9)));
        assert_eq!(with.index.similar(&secret, &access, 10).unwrap(), []);
    }
}

#[test]
fn what_is_kept_for_one_viewer_is_given_to_no_other() {
    let viewers: Vec<Access> = [Some(BOB), Some(ADA), None]
        .into_iter()
        .flat_map(|viewer| [Reach::All, Reach::Outline, Reach::Named].map(|cases| (viewer, cases)))
        .map(|(viewer, cases)| Access { viewer, cases, lessons: true, catalogue: true })
        .collect();
    let queries = ["", "canarybody", "shared words", "tag:canarytag", "canar*", "restricted:yes"];
    let alone: Vec<Vec<String>> = viewers
        .iter()
        .map(|access| {
            let bench = register(&[BOB]);
            queries.map(|query| all_answers(&bench, query, access)).to_vec()
        })
        .collect();
    assert_ne!(alone[0], alone[viewers.len() - 1], "Bob is told more");
    let together = register(&[BOB]);
    // The second time everything is kept.
    for round in 0..2 {
        for (access, alone) in viewers.iter().zip(&alone) {
            for (query, alone) in queries.iter().zip(alone) {
                assert_eq!(
                    &all_answers(&together, query, access),
                    alone,
                    "{access:?}, {query}, round {round}"
                );
            }
        }
    }
}

/// Everything that an index answers, and the figures of the whole register.
fn all_answers(bench: &Bench, query: &str, access: &Access) -> String {
    let figures = bench.index.volume(
        &compiled(query),
        access,
        Scope::Register,
        &[Dimension::Class, Dimension::Year],
        DateBasis::Earliest,
    );
    format!("{}\n{:?}", answers(bench, query, access), figures.unwrap())
}

#[test]
fn the_people_on_its_list_find_every_word_of_it() {
    let bench = register(&[ADA]);
    for word in SECRETS.iter().filter(|word| !matches!(**word, "canarygap" | "canarycategory")) {
        assert_eq!(bench.found(word, &everything()), ["CASE-2026-0009"], "{word}");
    }
    assert_eq!(bench.found("category:canarycategory gap:canarygap", &everything()), ["CASE-2026-0009"]);
    assert_eq!(bench.found("restricted:yes", &everything()), ["CASE-2026-0009"]);
    assert_eq!(bench.count("shared", &everything()), 2);
    let similar =
        bench.index.similar(&SimilarTo::Text("canarybody invoices".into()), &everything(), 5).unwrap();
    assert_eq!(similar[0].reference, "CASE-2026-0009");
}

#[test]
fn a_record_that_becomes_restricted_disappears_for_others_at_once() {
    let mut open = secret(&[]);
    open.common.access = DocumentAccess::Open { named: vec![] };
    let bench = Bench::new(&[Document::Case(open_case()), Document::Case(open)]);
    assert_eq!(bench.count("canarybody", &everything()), 1);
    // Whatever can be kept of answers, and of what they were put together from, is kept by now.
    for query in queries() {
        answers(&bench, &query, &everything());
    }
    bench.apply(&[upsert(Document::Case(secret(&[BOB])))], 2);
    let without = Bench::new(&[Document::Case(open_case())]);
    for query in queries() {
        assert_eq!(
            answers(&bench, &query, &everything()),
            answers(&without, &query, &everything()),
            "{query}"
        );
    }
    let bob = Access { viewer: Some(BOB), ..everything() };
    assert_eq!(bench.found("canarybody", &bob), ["CASE-2026-0009"]);
    let mut again = secret(&[]);
    again.common.access = DocumentAccess::Open { named: vec![] };
    bench.apply(&[upsert(Document::Case(again))], 3);
    assert_eq!(bench.found("canarybody", &everything()), ["CASE-2026-0009"]);
    assert_eq!(bench.count("kind:case", &bob), 2, "it is in one half only");
}

/// What of the secrets lies in the files of a half.
fn secrets_in(bench: &Bench, restricted: bool) -> Vec<String> {
    let mut found = Vec::new();
    crate::contents(bench.folder.path(), restricted, &mut |text| {
        found.extend(
            SECRETS.iter().filter(|word| text.to_lowercase().contains(**word)).map(|w| (*w).to_owned()),
        );
    })
    .unwrap();
    found.sort();
    found.dedup();
    found
}

fn all_secrets() -> Vec<String> {
    let mut all: Vec<String> = SECRETS.iter().map(|word| (*word).to_owned()).collect();
    all.sort();
    all
}

/// The secret before anybody restricted it.
fn open_secret() -> Document {
    let mut open = secret(&[]);
    open.common.access = DocumentAccess::Open { named: vec![] };
    Document::Case(open)
}

/// A rebuild spreads documents over several segments, a batch does not.
fn in_one_segment(documents: Vec<Document>) -> Bench {
    let bench = Bench::new(&[]);
    bench.apply(&documents.into_iter().map(upsert).collect::<Vec<_>>(), 2);
    bench
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn the_files_of_the_open_half_hold_no_word_of_it() {
    let bench = register(&[BOB]);
    assert_eq!(secrets_in(&bench, false), none());
    assert_eq!(secrets_in(&bench, true), all_secrets(), "this way of looking finds them where they are");
}

#[test]
fn a_record_that_becomes_restricted_leaves_no_word_in_the_files_of_the_open_half() {
    let bench = Bench::new(&[Document::Case(open_case()), open_secret()]);
    assert_eq!(secrets_in(&bench, false), all_secrets());
    bench.apply(&[upsert(Document::Case(secret(&[BOB])))], 2);
    assert!(bench.index.is_purged());
    assert_eq!(secrets_in(&bench, false), none());
    bench.apply(&[upsert(open_secret())], 3);
    bench.apply(&[upsert(Document::Case(case(4, "another")))], 4);
    bench.apply(&[upsert(Document::Case(secret(&[ADA])))], 5);
    assert_eq!(secrets_in(&bench, false), none(), "the second time too");
}

#[test]
fn a_crash_after_a_narrowing_leaves_its_words_to_the_next_opening() {
    // So few of them are deleted that no merge in the background does it.
    let mut documents = vec![Document::Case(open_case()), open_secret()];
    documents.extend((10..18).map(|number| Document::Case(case(number, "open"))));
    let bench = in_one_segment(documents);
    crash::arm_before_purge();
    assert!(bench.index.apply(&[upsert(Document::Case(secret(&[BOB])))], at(3)).is_err());
    let bench = bench.reopened();
    assert_eq!(bench.index.position(), Some(at(3)));
    assert_eq!(bench.count("canarybody", &everything()), 0, "it is hidden all the same");
    assert!(!bench.index.is_purged());
    assert_eq!(secrets_in(&bench, false), all_secrets());
    bench.index.finish_narrowing().unwrap();
    assert!(bench.index.is_purged());
    assert_eq!(secrets_in(&bench, false), none());
}

#[test]
fn the_words_of_a_record_in_a_large_segment_go_in_the_background() {
    let mut documents = vec![open_secret()];
    documents.extend((10..60).map(|number| Document::Case(case(number, "open"))));
    let bench = in_one_segment(documents);
    bench.apply(&[upsert(Document::Case(secret(&[BOB])))], 3);
    let mut looks = 0;
    while !bench.index.is_purged() {
        assert!(looks < 1_000_000, "the large segment is never rewritten");
        looks += 1;
        std::thread::yield_now();
        bench.index.finish_narrowing().unwrap();
    }
    assert_eq!(secrets_in(&bench, false), none());
    assert_eq!(bench.count("", &everything()), 50);
}

#[test]
fn figures_of_the_whole_register_count_it_but_never_name_it() {
    let mut documents = vec![Document::Case(secret(&[BOB]))];
    for number in 1..=3 {
        documents.push(Document::Case(case(number, "open")));
    }
    let bench = Bench::new(&documents);
    let volume = |query: &str, by: &[Dimension], scope| {
        bench.index.volume(&compiled(query), &everything(), scope, by, DateBasis::Earliest).unwrap()
    };
    let whole = volume("", &[Dimension::Category], Scope::Register);
    assert_eq!((whole.n, whole.withheld, whole.groups.len()), (4, 1, 1));
    assert!(!format!("{whole:?}").contains("canary"));
    assert_eq!(volume("", &[Dimension::Class], Scope::Register).groups[0].count, 4);
    assert_eq!(volume("", &[], Scope::Viewer).n, 3);
    assert_eq!(volume("canarybody", &[], Scope::Register).n, 0, "words cannot be tried out on it");
    assert_eq!(volume("tag:canarytag", &[], Scope::Register).n, 0);
    assert_eq!(volume("supplier:acme", &[], Scope::Register).n, 0);
}

#[test]
fn restricted_records_of_others_do_not_weigh_on_the_order() {
    let order = |others: u32| -> Vec<String> {
        let secret = |number, title: &str, reader| {
            let mut case = case(number, title);
            case.common.access = restricted(&[reader]);
            Document::Case(case)
        };
        let mut documents = vec![secret(1, "alpha", ADA), secret(2, "omega", ADA)];
        documents.extend((0..others).map(|number| secret(10 + number, "alpha", BOB)));
        let hits = Bench::new(&documents).search("alpha OR omega", &everything());
        hits.items.into_iter().map(|hit| hit.reference).collect()
    };
    assert_eq!(order(0).len(), 2);
    assert_eq!(order(30), order(0));
}

#[test]
fn a_need_to_know_list_gives_nobody_a_right_that_their_roles_do_not_have() {
    for (reporter, expected) in [(Some(BOB), vec![]), (Some(ADA), vec!["CASE-2026-0009"])] {
        let bench = Bench::new(&[Document::Case(CaseDocument { reporter, ..secret(&[ADA]) })]);
        for cases in [Reach::Named, Reach::Outline] {
            let ada = Access { viewer: Some(ADA), cases, lessons: true, catalogue: false };
            assert_eq!(bench.found("canarytitle", &ada), expected, "{cases:?}");
            assert_eq!(bench.count("canarytitle", &ada), expected.len() as u64, "{cases:?}");
        }
        let reader = Access { viewer: Some(ADA), ..everything() };
        assert_eq!(bench.found("canarytitle", &reader), ["CASE-2026-0009"]);
    }
}
