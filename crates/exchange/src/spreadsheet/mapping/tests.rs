use proptest::prelude::*;

use super::*;

const EXAMPLE: &str = r#"
class_when_missing = "incident"

[layout]
sheet = "Incident log"
header_row = 3

[[column]]
source = "Date reported"
target = "reported"
date_order = "dmy"

[[column]]
source = "Sev"
target = "severity"
worst = "low"
scale = [1, 4]
values = { showstopper = 5, cosmetic = "info" }

[[column]]
source = "Cost"
target = "cost"
currency = "EUR"
decimal = "comma"

[[column]]
source = "Region"
target = "field"
field = "region"
type = "choice"
choices = ["EMEA", "APAC"]

[[column]]
source = "Prevention"
target = "actions"
purpose = "improvement"
"#;

#[test]
fn the_text_form_is_read_and_written() {
    let mapping = Mapping::from_toml(EXAMPLE).unwrap();
    assert_eq!(mapping.layout.header_row, Some(3));
    assert_eq!(mapping.rule("date REPORTED").unwrap().date_order(), Some(DateOrder::Dmy));
    let again = Mapping::from_toml(&mapping.to_toml().unwrap()).unwrap();
    assert_eq!(again, mapping);
    let json: Mapping = serde_json::from_str(&serde_json::to_string(&mapping).unwrap()).unwrap();
    assert_eq!(json, mapping);
    assert_eq!(mapping.without_layout().layout, Layout::default());
}

#[test]
fn what_does_not_fit_is_named() {
    let column = |lines: &str| format!("[[column]]\nsource = \"Cost\"\n{lines}\n");
    let cases = [
        (column("target = \"cost\"\ndate_order = \"dmy\""), "cost, which has no date_order"),
        (column("target = \"costs\""), "costs"),
        (column(""), "expected target"),
        (column("target = \"cost\"\ncolour = 1"), "colour"),
        (column("target = \"severity\"\nvalues = { a = 9 }"), "value \"a\": \"9\" is not a severity"),
        (column("target = \"class\"\nvalues = { a = \"b\" }"), "\"b\" is not a class"),
        (column("target = \"class\"\nvalues = { a = 1 }"), "1 is no class"),
        (column("target = \"severity\"\nscale = [5, 1]"), "scale [5, 1]"),
        (column("target = \"cost\"\ncurrency = \"EURO\""), "EURO"),
        ("layout = 3".to_owned(), "layout"),
        ("[[column".to_owned(), "TOML"),
    ];
    for (text, expected) in cases {
        let message = Mapping::from_toml(&text).unwrap_err().to_string();
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn a_scale_is_spread_over_the_five_levels() {
    let rule = |scale| SeverityRule { values: BTreeMap::new(), worst: None, scale };
    let levels = |scale: (i64, i64), worst| {
        (scale.0..=scale.1).map(|n| rule(scale).level(n, worst).unwrap().level()).collect::<Vec<_>>()
    };
    assert_eq!(levels((1, 5), Worst::High), [1, 2, 3, 4, 5]);
    assert_eq!(levels((1, 5), Worst::Low), [5, 4, 3, 2, 1]);
    assert_eq!(levels((1, 3), Worst::High), [1, 3, 5]);
    assert_eq!(levels((0, 4), Worst::High), [1, 2, 3, 4, 5]);
    assert_eq!(levels((1, 10), Worst::High), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    assert_eq!(rule((1, 5)).level(6, Worst::High), None);
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let order =
        proptest::option::of(prop_oneof![Just(DateOrder::Dmy), Just(DateOrder::Mdy), Just(DateOrder::Ymd)]);
    let worst = proptest::option::of(prop_oneof![Just(Worst::High), Just(Worst::Low)]);
    let severities =
        proptest::collection::btree_map("\\PC{0,6}", (1u8..=5).prop_map(|n| Severity::new(n).unwrap()), 0..4);
    prop_oneof![
        Just(Rule::Title),
        Just(Rule::Ignore),
        Just(Rule::Actions { purpose: Some(ActionPurpose::Correction) }),
        order.clone().prop_map(|order| Rule::Moment { moment: Moment::Detected, order }),
        order.clone().prop_map(|order| Rule::ActionDue { order }),
        (severities, worst, -5i64..5, 6i64..20).prop_map(|(values, worst, low, high)| Rule::Severity(
            SeverityRule { values, worst, scale: (low, high) }
        )),
        proptest::collection::btree_map("\\PC{0,6}", Just(Class::NearMiss), 0..3)
            .prop_map(|values| Rule::Class { values }),
        ("[a-z][a-z0-9_]{0,9}", order, proptest::collection::btree_set("\\PC{1,6}", 1..3)).prop_map(
            |(key, order, choices)| {
                Rule::Field(FieldRule {
                    key: FieldKey::parse(&key).unwrap(),
                    kind: FieldType::Choice,
                    order,
                    choices,
                })
            }
        ),
    ]
}

proptest! {
    #[test]
    fn every_mapping_comes_back_from_its_text(
        columns in proptest::collection::vec(("\\PC{0,12}", any_rule()), 0..6),
        header_row in proptest::option::of(1u64..99),
    ) {
        let columns = columns.into_iter().map(|(source, rule)| Column { source, rule }).collect();
        let layout = Layout { header_row, ..Layout::default() };
        let mapping = Mapping { class_when_missing: None, layout, columns };
        let text = mapping.to_toml().unwrap();
        prop_assert_eq!(Mapping::from_toml(&text).unwrap(), mapping, "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}") {
        let _ = Mapping::from_toml(&text);
    }
}
