use proptest::prelude::*;

use super::*;

fn row(year: Option<i16>, month: Option<i8>, class: &str, count: u64) -> Row {
    Row {
        period: year.map(|year| Period { year, month }),
        class: Some(class.to_owned()),
        category: None,
        severity: None,
        state: Some("closed".to_owned()),
        origin: Some("native".to_owned()),
        decision: None,
        left_out: None,
        hidden: false,
        count,
    }
}

fn json(volume: &Volume) -> String {
    serde_json::to_string(volume).unwrap()
}

#[test]
fn groups_come_in_the_order_of_their_keys_with_unknown_last() {
    let rows = [
        row(None, None, "incident", 1),
        row(Some(2025), None, "incident", 2),
        row(Some(2024), Some(5), "near_miss", 3),
        row(Some(2024), Some(6), "event", 4),
        row(Some(2025), Some(1), "incident", 5),
    ];
    insta::assert_snapshot!(
        json(&volume(&[Dimension::Year, Dimension::Class], rows.clone())),
        @r#"{"n":15,"groups":[{"key":{"year":2024,"class":"event"},"count":4},{"key":{"year":2024,"class":"near_miss"},"count":3},{"key":{"year":2025,"class":"incident"},"count":7},{"key":{"year":null,"class":"incident"},"count":1}],"missing":1,"left_out":{},"withheld":0}"#
    );
    insta::assert_snapshot!(
        json(&volume(&[Dimension::Month], rows)),
        @r#"{"n":15,"groups":[{"key":{"month":"2024-05"},"count":3},{"key":{"month":"2024-06"},"count":4},{"key":{"month":"2025-01"},"count":5},{"key":{"month":null},"count":3}],"missing":3,"left_out":{},"withheld":0}"#
    );
}

#[test]
fn without_dimensions_there_is_one_group_or_none() {
    assert_eq!(volume(&[], [row(None, None, "event", 2)]).groups, [Group { key: vec![], count: 2 }]);
    assert_eq!(volume(&[], []).groups, []);
}

#[test]
fn what_is_left_out_is_counted_apart() {
    let void = Row { left_out: Some(LeftOut::Void), ..row(Some(2025), None, "event", 2) };
    let part = Row { left_out: Some(LeftOut::PartOf), ..row(Some(2025), None, "event", 1) };
    let volume = volume(&[Dimension::Year], [void, part, row(Some(2025), None, "event", 4)]);
    assert_eq!((volume.n, volume.groups.len(), volume.groups[0].count), (4, 1, 4));
    assert_eq!(volume.left_out, [(LeftOut::Void, 2), (LeftOut::PartOf, 1)].into());
}

#[test]
fn a_small_group_never_contains_what_is_hidden() {
    let hidden = |class: &str, count| Row { hidden: true, ..row(Some(2025), None, class, count) };
    let rows = [
        hidden("event", 1),
        row(Some(2025), None, "event", 1),
        hidden("weakness", 2),
        hidden("incident", 1),
        row(Some(2025), None, "incident", 2),
    ];
    let volume = volume(&[Dimension::Class], rows);
    assert_eq!((volume.n, volume.withheld), (7, 3));
    let groups: Vec<_> = volume.groups.iter().map(|g| (g.key[0].1.clone(), g.count)).collect();
    assert_eq!(groups, [(KeyValue::Word("event".into()), 1), (KeyValue::Word("incident".into()), 3)]);
}

#[test]
fn the_earliest_date_is_the_default() {
    let when = |text: &str| Some(text.parse().unwrap());
    assert_eq!(earliest(when("2025-03"), when("2025-02-11"), None), when("2025-02-11"));
    assert_eq!(earliest(None, None, None), None);
    assert_eq!(Period::of("2025".parse().unwrap()), Period { year: 2025, month: None });
    assert_eq!(Period::of("2025-03-09".parse().unwrap()), Period { year: 2025, month: Some(3) });
}

#[test]
fn medians_and_percentiles_are_exact() {
    assert_eq!(median(&mut []), None);
    assert_eq!(median(&mut [7]), Some(7));
    assert_eq!(median(&mut [9, 1, 5]), Some(5));
    assert_eq!(median(&mut [1, 2]), Some(2), "1.5 rounds to the even neighbour");
    assert_eq!(median(&mut [2, 3]), Some(2), "2.5 rounds to the even neighbour");
    assert_eq!(median(&mut [-1, -2]), Some(-2));
    assert_eq!(median(&mut [i64::MAX, i64::MAX]), Some(i64::MAX));
    assert_eq!(percentile(&mut [], 90), None);
    assert_eq!(percentile(&mut [10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 90), Some(90));
    assert_eq!(percentile(&mut [1, 2, 3], 90), Some(3));
    assert_eq!(percentile(&mut [1, 2, 3], 0), Some(1));
}

proptest! {
    #[test]
    fn order_statistics_equal_those_of_the_sorted_values(values in proptest::collection::vec(-1000i64..1000, 1..50), percent in 1u8..=100) {
        let mut sorted = values.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * usize::from(percent)).div_ceil(100);
        prop_assert_eq!(percentile(&mut values.clone(), percent), Some(sorted[rank - 1]));
        let twice_mean = sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2];
        let mut values = values;
        let found = median(&mut values).unwrap();
        prop_assert!((2 * found - twice_mean).abs() <= 1);
    }
}
