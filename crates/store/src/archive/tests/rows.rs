//! Rows of a hostile archive: whatever a line holds, it is a row in its one spelling or an error that says why not.

use jiff::civil;
use nevertwice_domain::time::Timestamp;
use proptest::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

use super::super::{Columns, Table, tables};
use crate::column::ColumnType;
use crate::engine::Value;

fn a_table() -> impl Strategy<Value = &'static Table> {
    prop::sample::select(tables().iter().collect::<Vec<_>>())
}

/// A value that a column of this type can hold.
fn a_value(kind: ColumnType) -> BoxedStrategy<Value> {
    match kind {
        ColumnType::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        ColumnType::Int => any::<i64>().prop_map(Value::Int).boxed(),
        ColumnType::Text => any::<String>().prop_map(|text| Value::Text(text.replace('\0', "\u{1}"))).boxed(),
        ColumnType::Uuid => any::<u128>().prop_map(|id| Value::Uuid(Uuid::from_u128(id))).boxed(),
        ColumnType::Date => (1..=9999i16, 1..=12i8, 1..=28i8)
            .prop_map(|(year, month, day)| Value::Date(civil::date(year, month, day)))
            .boxed(),
        ColumnType::Timestamp => (0..253_402_128_000_000i64)
            .prop_map(|millis| Value::Timestamp(Timestamp::from_millis(millis)))
            .boxed(),
        ColumnType::Bytes => prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes).boxed(),
    }
}

/// A table and values of a row of it, of which not all are NULL.
fn a_row() -> impl Strategy<Value = (Columns, Vec<Value>)> {
    a_table().prop_flat_map(|table| {
        let columns = table.columns();
        let values: Vec<_> =
            table.types.iter().map(|kind| prop_oneof![1 => Just(Value::Null), 4 => a_value(*kind)]).collect();
        (Just(columns), values)
            .prop_filter("a row has a value", |(_, values)| values.iter().any(|value| *value != Value::Null))
    })
}

/// What may stand in an object in place of a value: often what some column takes, nearly.
fn any_json() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        prop::sample::select(vec![
            "00ff",
            "00FF",
            "0",
            "-9007199254740993",
            "9007199254740991",
            "01955000-0000-7000-8000-000000000001",
            "2026-03-01",
            "0000-01-01",
            "+002026-03-01",
            "2026-03-01T10:00:00.000Z",
            "9999-12-31T23:59:60.000Z",
            "\0",
            "[]",
        ])
        .prop_map(Json::from),
        prop::collection::vec(any::<i64>().prop_map(Json::from), 0..3).prop_map(Json::from),
    ]
}

/// A table and an object with names mostly of its columns, in any order, some of them twice.
fn any_object() -> impl Strategy<Value = (Columns, Vec<u8>)> {
    a_table().prop_flat_map(|table| {
        let names = table.columns().names().to_vec();
        let name = prop_oneof![
            9 => prop::sample::select(names).prop_map(str::to_owned),
            1 => any::<String>(),
        ];
        let members = prop::collection::vec((name, any_json()), 0..6);
        (Just(table.columns()), members, any::<bool>()).prop_map(|(columns, mut members, is_in_order)| {
            if is_in_order {
                members.sort_by_key(|(member, _)| columns.names().iter().position(|name| name == member));
            }
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}:{value}", Json::from(name.as_str())))
                .collect();
            (columns, format!("{{{}}}", members.join(",")).into_bytes())
        })
    })
}

/// Reads a line: either an error with words, or values that can be stored, one for each column, which are written as
/// they were read.
fn check(columns: &Columns, line: &[u8]) -> Result<(), TestCaseError> {
    match columns.read(line) {
        Err(said) => prop_assert!(!said.is_empty()),
        Ok(values) => {
            prop_assert_eq!(values.len(), columns.names().len());
            prop_assert!(values.iter().all(|value| value.check().is_ok()), "{:?}", values);
            let mut again = Vec::new();
            prop_assert_eq!(columns.write(&values, &mut again), Ok(()));
            prop_assert_eq!(again.as_slice(), line);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn every_row_comes_back_as_it_was((columns, values) in a_row()) {
        let mut line = Vec::new();
        prop_assert_eq!(columns.write(&values, &mut line), Ok(()));
        prop_assert_eq!(columns.read(&line), Ok(values));
    }

    #[test]
    fn any_object_is_a_row_in_its_one_spelling_or_an_error((columns, line) in any_object()) {
        check(&columns, &line)?;
    }

    #[test]
    fn a_changed_row_is_a_row_in_its_one_spelling_or_an_error(
        (columns, values) in a_row(),
        at in any::<prop::sample::Index>(),
        length in 0..3_usize,
        with in prop::collection::vec(any::<u8>(), 0..3),
    ) {
        let mut line = Vec::new();
        prop_assert_eq!(columns.write(&values, &mut line), Ok(()));
        let from = at.index(line.len());
        let to = (from + length).min(line.len());
        line.splice(from..to, with);
        check(&columns, &line)?;
    }

    #[test]
    fn columns_are_those_of_the_table_in_its_order_or_an_error(
        table in a_table(),
        chosen in prop::collection::vec((any::<prop::sample::Index>(), "[a-z_]{0,8}", 0..20_u8), 0..12),
    ) {
        let all = table.columns();
        let name = |(at, other, odds): &(prop::sample::Index, String, u8)| {
            if *odds == 0 { other.clone() } else { all.names()[at.index(all.names().len())].to_owned() }
        };
        let names: Vec<String> = chosen.iter().map(name).collect();
        let places: Option<Vec<usize>> =
            names.iter().map(|name| all.names().iter().position(|known| known == name)).collect();
        let is_in_order = places.is_some_and(|places| places.is_sorted_by(|one, next| one < next));
        match table.columns_named(&names) {
            Ok(columns) => {
                prop_assert!(is_in_order);
                prop_assert_eq!(columns.names(), names.as_slice());
            }
            Err(said) => prop_assert!(!is_in_order && said.contains(table.name()), "{}", said),
        }
    }
}
