//! Figures equal those of a naive computation.

use nevertwice_domain::id::CaseId;
use nevertwice_domain::measure::{DateBasis, Dimension, KeyValue, Period, Row, Volume, earliest, volume};
use nevertwice_domain::read_model::LeftOut;
use nevertwice_domain::when::When;
use nevertwice_domain::word::Word;
use proptest::prelude::*;

use super::*;
use crate::value_set::{FacetColumn, ValueSets};
use crate::{Facet, Scope};

fn dates() -> impl Strategy<Value = Option<When>> {
    proptest::option::of(
        proptest::sample::select(vec![
            "2024",
            "2024-02",
            "2024-12-31",
            "2025-01",
            "2025-01-01T00:30+02:00",
            "2025",
        ])
        .prop_map(|text| text.parse().unwrap()),
    )
}

prop_compose! {
    fn a_case()(
        class in proptest::sample::select(Class::ALL),
        decision in proptest::sample::select(Decision::ALL),
        origin in proptest::sample::select(Origin::ALL),
        state in proptest::sample::select(vec!["reported", "closed", "void"]),
        level in proptest::option::of(1u8..=5),
        category in proptest::option::of(proptest::sample::select(vec!["Fraud", "fraud", "Loss", "Ä"])),
        (reported, occurred, detected) in (dates(), dates(), dates()),
        part in any::<bool>(),
        access in 0..4u8,
    ) -> CaseDocument {
        let mut case = case(0, "A case");
        case.common.state = state;
        case.common.access = match access {
            0 => restricted(&[ADA]),
            1 => restricted(&[BOB]),
            _ => DocumentAccess::Open { named: vec![] },
        };
        CaseDocument {
            class, decision, origin, reported, occurred, detected,
            severity: level.map(|level| Severity::new(level).unwrap()),
            category: category.map(str::to_owned),
            part_of: (part && access == 3).then(|| CaseId::new(Uuid::from_u128(5))),
            ..case
        }
    }
}

fn naive(cases: &[CaseDocument], scope: Scope, by: &[Dimension], basis: DateBasis) -> Volume {
    let rows = cases.iter().filter_map(|case| {
        let hidden = case.common.is_restricted() && !case.common.readers().contains(&ADA);
        let when = match basis {
            DateBasis::Earliest => earliest(case.reported, case.detected, case.occurred),
            DateBasis::Reported => case.reported,
            DateBasis::Occurred => case.occurred,
            DateBasis::Detected => case.detected,
            DateBasis::Registered => Some("2026-05-01".parse().unwrap()),
        };
        let left_out = match (case.common.state, case.part_of) {
            ("void", _) => Some(LeftOut::Void),
            (_, Some(_)) => Some(LeftOut::PartOf),
            _ => None,
        };
        (scope == Scope::Register || !hidden).then(|| Row {
            period: when.map(Period::of),
            class: Some(case.class.as_str().to_owned()),
            category: case.category.clone(),
            severity: case.severity,
            state: Some(case.common.state.to_owned()),
            origin: Some(case.origin.as_str().to_owned()),
            decision: Some(case.decision.as_str().to_owned()),
            left_out,
            hidden,
            count: 1,
        })
    });
    volume(by, rows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn figures_equal_a_naive_count(
        mut cases in proptest::collection::vec(a_case(), 0..30),
        by in proptest::collection::vec(proptest::sample::select(Dimension::ALL), 0..3),
    ) {
        for (number, case) in (1u128..).zip(&mut cases) {
            case.common.id = Uuid::from_u128(number);
        }
        let documents: Vec<Document> = cases.iter().cloned().map(Document::Case).collect();
        let (first, rest) = documents.split_at(documents.len() / 2);
        let bench = Bench::new(first);
        bench.apply(&rest.iter().cloned().map(upsert).collect::<Vec<_>>(), 2);
        for scope in [Scope::Viewer, Scope::Register] {
            for basis in DateBasis::ALL {
                let counted = bench.index.volume(&compiled(""), &everything(), scope, &by, *basis).unwrap();
                prop_assert_eq!(counted, naive(&cases, scope, &by, *basis), "{:?} {:?} {:?}", scope, by, basis);
            }
        }
    }
}

#[test]
fn only_cases_are_counted_and_deleted_ones_are_not() {
    let bench = Bench::new(&[
        Document::Case(case(1, "One")),
        Document::Case(case(2, "Two")),
        lesson(3, "Three", "draft"),
    ]);
    bench.apply(&[Change::Delete(Uuid::from_u128(1))], 2);
    let volume = bench.index.volume(
        &compiled(""),
        &everything(),
        Scope::Viewer,
        &[Dimension::Year],
        DateBasis::Earliest,
    );
    let volume = volume.unwrap();
    assert_eq!((volume.n, volume.missing), (1, 1));
    assert_eq!(volume.groups[0].key, [(Dimension::Year, KeyValue::Unknown)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn counting_with_sets_and_one_by_one_agree(
        cases in proptest::collection::vec((a_case(), 0..4u8, 0..3u8), 1..60),
        wanted in proptest::collection::btree_set(0..60u32, 0..60),
    ) {
        let documents: Vec<Document> = (1_u32..).zip(cases).map(|(number, (mut case, tags, region))| {
            case.common.id = Uuid::from_u128(u128::from(number));
            case.common.tags = (0..tags).map(|tag| format!("tag {tag}")).collect();
            if region > 0 {
                case.common.fields.push(company("region", FieldType::Text, &format!("Region {region}")));
            }
            case.common.fields.push(company("site", FieldType::Text, "Ulm"));
            Document::Case(case)
        }).collect();
        let bench = Bench::new(&documents);
        let facets = [
            Facet::Class, Facet::State, Facet::Severity, Facet::Category, Facet::Tag, Facet::Decision, Facet::Year,
            Facet::Company("region".to_owned()), Facet::Company("unheard".to_owned()),
        ];
        for segment in bench.index.snapshot().unwrap().open.segment_readers() {
            let chosen = wanted.iter().copied().filter(|doc| *doc < segment.max_doc()).collect();
            for facet in &facets {
                let column = FacetColumn::open(facet, segment).unwrap();
                let own = |key| column.is_own(facet, key);
                let sets = ValueSets::of(&column, segment.max_doc()).unwrap();
                prop_assert_eq!(sets.count(&chosen, own).unwrap(), column.walk(&chosen, own).unwrap());
            }
        }
    }
}
