//! Pages, orders, facets.

use super::*;
use crate::{Cursor, Facet, FacetCounts, IndexError, Reach};

fn register(count: u32) -> Bench {
    let documents: Vec<Document> = (1..=count)
        .map(|number| {
            let mut case = case(number, "Lost badge");
            case.severity =
                (number % 4 > 0).then(|| Severity::new(u8::try_from(number % 4).unwrap()).unwrap());
            case.reported = (number % 5 > 0).then(|| format!("2026-0{}", number % 5).parse().unwrap());
            case.common.tags = vec![if number % 2 == 0 { "Even" } else { "Odd" }.into(), "all".into()];
            case.common.fields =
                vec![company("site", FieldType::Choice, if number == 1 { "HQ" } else { "Lab" })];
            if number % 3 == 0 {
                case.common.access = restricted(&[ADA]);
            }
            Document::Case(case)
        })
        .collect();
    Bench::new(&documents)
}

fn sorted(bench: &Bench, sort: Sort, limit: usize, between: impl Fn(usize)) -> Vec<String> {
    let (mut all, mut after, mut page) = (Vec::new(), None, 0);
    loop {
        let options = SearchOptions { limit, page: Page::After(after), sort, ..options() };
        let hits = bench.index.search(&compiled("badge"), &everything(), &options).unwrap();
        all.extend(hits.items.into_iter().map(|hit| hit.reference));
        let Some(next) = hits.next else { return all };
        after = Some(next.to_string().parse::<Cursor>().unwrap());
        page += 1;
        between(page);
    }
}

#[test]
fn every_order_lists_every_record_once_over_all_pages() {
    let bench = register(23);
    for by in [SortBy::Reference, SortBy::Registered, SortBy::Reported, SortBy::Severity, SortBy::Due] {
        for descending in [false, true] {
            let sort = Sort { by, descending };
            let whole = sorted(&bench, sort, 100, |_| ());
            for limit in [1, 4, 23] {
                assert_eq!(sorted(&bench, sort, limit, |_| ()), whole, "{sort:?} by {limit}");
            }
            let mut once = whole.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), 23, "{sort:?}");
        }
    }
    let severities = sorted(&bench, Sort { by: SortBy::Severity, descending: true }, 7, |_| ());
    assert_eq!(severities[0], "CASE-2026-0023", "the worst, and of those the one entered last");
    assert_eq!(severities[22], "CASE-2026-0004", "unknown comes last, in whichever direction");
    assert_eq!(
        sorted(&bench, Sort { by: SortBy::Severity, descending: false }, 7, |_| ())[22],
        "CASE-2026-0020"
    );
}

#[test]
fn what_is_kept_of_a_filter_answers_that_filter_alone() {
    const COUNT: u32 = 60;
    let bench = register(COUNT);
    // The same parts, put together in every way, before and after some of the records are gone.
    let even = |number: u32| number.is_multiple_of(2);
    let worst = |number: u32| number % 4 == 3;
    let lab = |number: u32| number > 1;
    type Holds<'a> = Box<dyn Fn(u32) -> bool + 'a>;
    let ways: Vec<(&str, Holds<'_>)> = vec![
        ("tag:even severity:3", Box::new(|n| even(n) && worst(n))),
        ("tag:even OR severity:3", Box::new(|n| even(n) || worst(n))),
        ("tag:even -severity:3", Box::new(|n| even(n) && !worst(n))),
        ("severity:3 -tag:even", Box::new(|n| worst(n) && !even(n))),
        ("-severity:3 -tag:even", Box::new(|n| !worst(n) && !even(n))),
        ("field.site:Lab -(tag:even severity:3)", Box::new(|n| lab(n) && !(even(n) && worst(n)))),
        ("field.site:Lab -(tag:even OR severity:3)", Box::new(|n| lab(n) && !(even(n) || worst(n)))),
        ("(field.site:Lab -tag:even) OR severity:3", Box::new(|n| (lab(n) && !even(n)) || worst(n))),
        ("field.site:Lab -tag:even severity:3", Box::new(|n| lab(n) && !even(n) && worst(n))),
    ];
    let agrees = |gone: &[u32]| {
        for (query, holds) in ways.iter().chain(&ways) {
            let open = |number: &u32| !number.is_multiple_of(3) && !gone.contains(number);
            let expected = (1..=COUNT).filter(open).filter(|number| holds(*number)).count();
            let anybody = Access::all(None);
            assert_eq!(bench.count(query, &anybody), expected as u64, "{query:?} without {gone:?}");
            // How many are kept for a snapshot; which they are is put together each time.
            assert_eq!(bench.found(query, &anybody).len(), expected, "{query:?} without {gone:?}");
        }
    };
    agrees(&[]);
    bench.apply(&[Change::Delete(Uuid::from_u128(2)), Change::Delete(Uuid::from_u128(7))], 2);
    agrees(&[2, 7]);
}

#[test]
fn a_list_goes_on_where_it_was_although_records_come_and_go() {
    let bench = register(12);
    let sort = Sort { by: SortBy::Reference, descending: false };
    let all = sorted(&bench, sort, 4, |page| {
        if page == 1 {
            let change = [Change::Delete(Uuid::from_u128(2)), upsert(Document::Case(case(40, "Lost badge")))];
            bench.apply(&change, 2);
        }
    });
    assert_eq!(all.len(), 13);
    assert_eq!(all.last().map(String::as_str), Some("CASE-2026-0040"));
}

#[test]
fn ranked_pages_end_at_a_thousand_and_cursors_belong_to_their_order() {
    let bench = register(6);
    let search = |page, sort| {
        let options = SearchOptions { limit: 2, page, sort, ..options() };
        bench.index.search(&compiled("badge"), &everything(), &options)
    };
    let ranked = Sort { by: SortBy::Relevance, descending: true };
    let severity = Sort { by: SortBy::Severity, descending: true };
    let pages: Vec<_> =
        (0..3).flat_map(|page| search(Page::Offset(page * 2), ranked).unwrap().items).collect();
    let mut ids: Vec<Uuid> = pages.iter().map(|hit| hit.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6);
    assert!(matches!(
        search(Page::Offset(999), ranked),
        Err(IndexError::Offset { offset: 999, limit: 1000 })
    ));
    let next = search(Page::After(None), severity).unwrap().next;
    assert!(matches!(search(Page::After(next), ranked), Err(IndexError::Cursor)));
    let turned = Sort { descending: false, ..severity };
    assert!(matches!(search(Page::After(next), turned), Err(IndexError::Cursor)));
    for damaged in ["", "x", "sdk", "sdk0000000000000000zz", "ädk00000000000000000000000000000000", "wak"] {
        assert!(damaged.parse::<Cursor>().is_err(), "{damaged:?}");
    }
}

#[test]
fn facets_count_every_value_and_those_without() {
    let bench = register(12);
    let facets = [Facet::Severity, Facet::Tag, Facet::Company("site".into()), Facet::Year, Facet::Class];
    let counts = bench.index.facets(&compiled("badge"), &everything(), &facets, 10).unwrap();
    let shown: Vec<String> = counts
        .iter()
        .map(|FacetCounts { values, .. }| {
            let value = |(value, count): &(Option<String>, u64)| {
                format!("{}={count}", value.as_deref().unwrap_or("-"))
            };
            values.iter().map(value).collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(
        shown,
        ["1=3 2=3 3=3 -=3", "all=12 Even=6 Odd=6", "Lab=11 HQ=1", "2026=10 -=2", "incident=12"]
    );
    let two = bench.index.facets(&compiled("badge"), &everything(), &facets[1..2], 2).unwrap();
    assert_eq!(two[0].values.len(), 2);
}

#[test]
fn the_outline_of_a_case_is_its_class_state_and_title() {
    let mut case = case(1, "Lost badge");
    case.common.passages = body("hidden");
    case.common.tags = vec!["hidden".into()];
    case.severity = severity(5);
    let mut closed = case.clone();
    closed.common.id = Uuid::from_u128(2);
    closed.common.open = false;
    let bench = Bench::new(&[Document::Case(case), Document::Case(closed), lesson(3, "Badges", "draft")]);
    let board = Access { cases: Reach::Outline, lessons: true, catalogue: false, ..everything() };
    for found in ["", "badge", "class:incident", "state:open", "-title:other", "title:badge OR tag:x"] {
        assert_eq!(bench.found(found, &board), ["CASE-2026-0001"], "{found}");
    }
    for hidden in [
        "hidden",
        "-hidden",
        "tag:hidden",
        "-tag:other",
        "severity:5",
        "-severity:1",
        "-(tag:a OR tag:b)",
        "no:cause",
    ] {
        assert_eq!(bench.found(hidden, &board), Vec::<String>::new(), "{hidden}");
        assert_eq!(bench.count(hidden, &board), 0, "{hidden}");
    }
    assert!(bench.search("badge", &board).items[0].snippet.is_empty());
    let facets = bench.index.facets(&compiled(""), &board, &[Facet::Class, Facet::Severity], 9).unwrap();
    assert_eq!((facets[0].values.len(), facets[1].values.len()), (1, 0));
}

#[test]
fn everybody_finds_only_what_the_access_names() {
    let mut own = case(1, "Own report");
    own.common.access = DocumentAccess::Open { named: vec![ADA] };
    let bench = Bench::new(&[
        Document::Case(own),
        Document::Case(case(2, "Of somebody else")),
        lesson(3, "Approved", "approved"),
        lesson(4, "Draft", "draft"),
        supplier(5, "Acme"),
    ]);
    let access = |cases, lessons, catalogue| Access { viewer: Some(ADA), cases, lessons, catalogue };
    for (who, expected) in [
        (access(Reach::Nothing, false, false), vec![]),
        (access(Reach::Named, false, false), vec!["CASE-2026-0001"]),
        (access(Reach::Named, true, false), vec!["CASE-2026-0001", "LSN-2026-0003"]),
        (access(Reach::Nothing, false, true), vec!["SUP-0005"]),
        (
            access(Reach::All, false, false),
            vec!["CASE-2026-0001", "CASE-2026-0002", "LSN-2026-0003", "LSN-2026-0004"],
        ),
        (Access { viewer: None, ..access(Reach::Named, false, false) }, vec![]),
    ] {
        assert_eq!(bench.found("", &who), expected, "{who:?}");
        assert_eq!(bench.count("", &who), expected.len() as u64, "{who:?}");
    }
    let named = access(Reach::Named, false, false);
    assert_eq!(
        bench.search("somebodi", &named).corrected,
        None,
        "the word stands only where Ada may not look"
    );
    let corrected = bench.search("somebodi OR reprot", &named).corrected;
    assert_eq!(corrected.as_deref(), Some("somebodi OR report"));
}
