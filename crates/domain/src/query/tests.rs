use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::id::PersonId;

fn normal(text: &str) -> String {
    parse(text).unwrap_or_else(|e| panic!("{text:?}: {e}")).to_string()
}

fn refusal(text: &str) -> QueryError {
    parse(text).expect_err(text)
}

fn filter(text: &str) -> Filter {
    let names = |kind: NameKind, name: &str| match (kind, name) {
        (NameKind::Person, "Ada Lovelace") => vec![Uuid::from_u128(1)],
        (NameKind::Supplier, "acme") => vec![Uuid::from_u128(2), Uuid::from_u128(3)],
        _ => Vec::new(),
    };
    let context =
        Context { as_of: date(2026, 3, 31), me: Some(PersonId::new(Uuid::from_u128(9))), names: &names };
    parse(text).unwrap_or_else(|e| panic!("{text:?}: {e}")).compile(&context).filter
}

#[test]
fn what_is_typed_has_one_normal_form() {
    for (typed, expected) in [
        ("", ""),
        ("   ", ""),
        ("phishing", "phishing"),
        ("phishing  mail", "phishing mail"),
        ("phishing AND mail", "phishing mail"),
        ("a OR b c", "a OR (b c)"),
        ("(a OR b) c", "(a OR b) c"),
        ("((a))", "a"),
        ("a (b c)", "a b c"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("NOT a", "-a"),
        ("--a", "a"),
        ("-NOT -a", "-a"),
        ("-(a b)", "-(a b)"),
        ("\"exact words\"", "\"exact words\""),
        ("\u{201e}exact words\u{201c}", "\"exact words\""),
        (r#""a \"quoted\" \\ word""#, r#""a \"quoted\" \\ word""#),
        ("\"db node\"*", "\"db node\"*"),
        ("prefix*", "prefix*"),
        ("prefix***", "prefix*"),
        ("foo & bar", "foo bar"),
        ("- foo", "foo"),
        ("CVE-2024-3094", "CVE-2024-3094"),
        ("http://example.com/a?b=c", "http://example.com/a?b=c"),
        ("C:\\temp fe80::1 12:30", "C:\\temp fe80::1 12:30"),
        ("Note: broken", "Note: broken"),
        ("a OR b Note:", "a OR (b Note:)"),
        ("(Note:)", "Note:"),
        ("android or", "android or"),
        ("ORDER ANDROID", "ORDER ANDROID"),
        ("Status:Open", "state:open"),
        ("class:\"Near miss\",incident", "class:near_miss,incident"),
        ("severity:high", "severity:4"),
        ("sev:>=High", "severity:>=4"),
        ("severity:2..4", "severity:2..4"),
        ("reported:2025", "reported:2025"),
        ("reported:2025-q2", "reported:2025-Q2"),
        ("reported:2025-01..2025-06", "reported:2025-01..2025-06"),
        ("reported:..2025", "reported:..2025"),
        ("reported:<30d", "reported:<30d"),
        ("reported:30d", "reported:<=30d"),
        ("due:<=today+2w", "due:<=today+2w"),
        ("due:today", "due:today"),
        ("owner:me", "owner:me"),
        ("owner:\"me\"", "owner:\"me\""),
        ("owner:=ada", "owner:ada"),
        ("owner:==ada,b", "owner:==ada,b"),
        ("owner:=<ada", "owner:=<ada"),
        ("owner:\"Ada Lovelace\",me", "owner:\"Ada Lovelace\",me"),
        ("no:lesson", "-has:lesson"),
        ("-no:lesson", "has:lesson"),
        ("has:post-mortem", "has:review"),
        ("kind:ticket", "kind:case"),
        ("kind:post-mortem", "kind:review"),
        ("gap:action_without_owner", "gap:action_without_owner"),
        ("overdue:true", "overdue:yes"),
        ("field.Region:emea", "field.region:emea"),
        ("field.budget:>=100.5", "field.budget:>=100.5"),
        ("ref:CASE-2026-0042", "reference:CASE-2026-0042"),
        ("title:ransom*,\"data leak\"", "title:ransom*,\"data leak\""),
        ("category:data*", "category:data*"),
    ] {
        assert_eq!(normal(typed), expected, "{typed:?}");
    }
}

#[test]
fn what_is_not_understood_is_named_with_its_place() {
    for (typed, character, length, message, expected) in [
        ("a ownr:me", 2, 4, "\"ownr\" is not a field; did you mean \"owner\"?", vec!["owner"]),
        ("ä ownr:me", 2, 4, "\"ownr\" is not a field; did you mean \"owner\"?", vec!["owner"]),
        ("zzzz:1", 0, 4, "\"zzzz\" is not a field; to search for the text itself, put it in quotes", vec![]),
        (
            "class:incidnt",
            6,
            7,
            "\"incidnt\" is not a value of class; did you mean \"incident\"?",
            vec!["incident"],
        ),
        ("severity:6", 9, 1, "expected 1 to 5", vec![]),
        ("severity:hihg", 9, 4, "did you mean \"high\"?", vec!["high"]),
        ("reported:2025-13", 9, 7, "\"2025-13\" is not a value of reported; expected a date such as", vec![]),
        ("reported:2025..never", 9, 11, "\"never\" is not a value of reported", vec![]),
        ("reported:30d..2025", 9, 9, "an age cannot stand in a range", vec![]),
        ("reported:30d,2025", 9, 8, "an age cannot stand in a list", vec![]),
        ("reported:..", 9, 2, "reported needs a value", vec![]),
        ("severity:1..2..3", 9, 7, "is not a value of severity", vec![]),
        ("class:>event", 6, 1, "class has no order", vec![]),
        ("field.x:>=lots", 10, 4, "cannot be compared; expected a number or a date", vec![]),
        ("owner:", 6, 0, "owner needs a value directly after the colon", vec![]),
        ("owner: ada", 6, 0, "owner needs a value directly after the colon", vec![]),
        ("class:a,", 6, 1, "is not a value of class", vec![]),
        ("tag:a,", 6, 0, "tag needs a value", vec![]),
        ("say \"hello", 4, 6, "found a quotation mark without a closing one", vec!["\""]),
        ("(a OR b", 0, 7, "found \"(\" without a \")\" after it", vec![")"]),
        ("a) b", 1, 1, "found \")\" without a \"(\" before it", vec![]),
        ("()", 0, 2, "found nothing between", vec![]),
        ("a OR", 4, 0, "expected a word, a phrase or a field test here", vec![]),
        ("OR a", 0, 0, "before OR", vec![]),
        ("a AND", 5, 0, "after AND", vec![]),
        ("a NOT", 5, 0, "after NOT", vec![]),
        ("fo*bar", 0, 6, "it can only stand at the end of a word", vec!["fo*"]),
    ] {
        let error = refusal(typed);
        assert!(error.message.contains(message), "{typed:?}: {error}");
        assert_eq!((error.at.character, error.at.length), (character, length), "{typed:?}: {error}");
        assert_eq!(
            error.expected.iter().take(1).map(String::as_str).collect::<Vec<_>>(),
            expected,
            "{typed:?}"
        );
    }
}

#[test]
fn the_byte_place_counts_bytes() {
    let error = refusal("\u{e4}\u{1f600} ownr:me");
    assert_eq!((error.at.byte, error.at.character), (7, 3));
    assert!(error.to_string().starts_with("at character 4: "), "{error}");
}

#[test]
fn length_depth_and_number_of_terms_are_limited() {
    assert!(refusal(&"a".repeat(LENGTH_LIMIT + 1)).message.contains("4097 characters"));
    assert!(parse(&"a".repeat(LENGTH_LIMIT)).is_ok());
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(DEPTH_LIMIT)).is_ok());
    assert_eq!(refusal(&nested(DEPTH_LIMIT + 1)).at.character, DEPTH_LIMIT);
    assert!(parse(&"a ".repeat(TERM_LIMIT)).is_ok());
    assert_eq!(refusal(&"a ".repeat(TERM_LIMIT + 1)).at.character, TERM_LIMIT * 2);
    assert!(parse(&format!("{}a", "-".repeat(LENGTH_LIMIT - 1))).is_ok());
}

#[test]
fn a_word_still_being_typed_is_a_beginning() {
    for (typed, expected) in [
        ("ransom", "ransom*"),
        ("old ransom", "old ransom*"),
        ("ransom ", "ransom"),
        ("\"ransom\"", "\"ransom\""),
        ("-ransom", "-ransom"),
        ("(a OR ran)", "a OR ran"),
        ("class:incident", "class:incident"),
    ] {
        assert_eq!(parse_typing(typed).unwrap().to_string(), expected, "{typed:?}");
    }
}

#[test]
fn names_are_listed_and_become_ids() {
    let query = parse("owner:\"Ada Lovelace\" supplier:acme -reporter:bob owner:me").unwrap();
    let names: Vec<_> = query.names().into_iter().collect();
    assert_eq!(
        names,
        [
            (NameKind::Person, "Ada Lovelace".to_owned()),
            (NameKind::Person, "bob".to_owned()),
            (NameKind::Supplier, "acme".to_owned())
        ]
    );
    assert_eq!(filter("owner:me"), Filter::Ids { field: IdField::Owner, ids: vec![Uuid::from_u128(9)] });
    assert_eq!(
        filter("supplier:acme"),
        Filter::Ids { field: IdField::Supplier, ids: vec![Uuid::from_u128(2), Uuid::from_u128(3)] }
    );
}

#[test]
fn an_unknown_name_matches_nothing_and_is_remarked() {
    let compiled = Compiled::plain(&parse("owner:nobody owner:me").unwrap());
    assert_eq!(compiled.notes[0].to_string(), "no person is called \"nobody\"");
    assert_eq!(compiled.notes[1], Note::Nobody);
    let Filter::All(parts) = compiled.filter else { panic!("two parts") };
    assert_eq!(parts[0], Filter::Ids { field: IdField::Owner, ids: vec![] });
}

#[test]
fn dates_become_bounds() {
    let midnight = |y, m, d| Some(date(y, m, d).at(0, 0, 0, 0));
    let reported = |first, before| Filter::Dates { field: DateField::Reported, first, before };
    for (typed, expected) in [
        ("reported:2025", reported(midnight(2025, 1, 1), midnight(2026, 1, 1))),
        ("reported:2025-Q4", reported(midnight(2025, 10, 1), midnight(2026, 1, 1))),
        ("reported:2024-02", reported(midnight(2024, 2, 1), midnight(2024, 3, 1))),
        ("reported:>2025", reported(midnight(2026, 1, 1), None)),
        ("reported:>=2025", reported(midnight(2025, 1, 1), None)),
        ("reported:<2025-03", reported(None, midnight(2025, 3, 1))),
        ("reported:<=2025-03", reported(None, midnight(2025, 4, 1))),
        ("reported:2025-01..2025-06", reported(midnight(2025, 1, 1), midnight(2025, 7, 1))),
        ("reported:<30d", reported(midnight(2026, 3, 2), None)),
        ("reported:<=30d", reported(midnight(2026, 3, 1), None)),
        ("reported:>1m", reported(None, midnight(2026, 2, 28))),
        ("reported:today", reported(midnight(2026, 3, 31), midnight(2026, 4, 1))),
        (
            "reported:>9999",
            Filter::Dates {
                field: DateField::Reported,
                first: Some(jiff::civil::DateTime::MAX),
                before: None,
            },
        ),
    ] {
        assert_eq!(filter(typed), expected, "{typed}");
    }
    let due = |first, before| Filter::Dates { field: DateField::Due, first, before };
    assert_eq!(filter("due:<7d"), due(None, midnight(2026, 4, 7)));
    assert_eq!(filter("due:>1y"), due(midnight(2027, 4, 1), None));
    assert_eq!(
        filter("overdue:yes"),
        Filter::Dates { field: DateField::OpenDue, first: None, before: midnight(2026, 3, 31) }
    );
}

#[test]
fn severities_become_sets() {
    let set = |levels: &[&str]| Filter::Terms {
        field: TermField::Severity,
        values: levels.iter().map(|l| (*l).to_owned()).collect(),
    };
    assert_eq!(filter("severity:>=high"), set(&["4", "5"]));
    assert_eq!(filter("severity:<2"), set(&["1"]));
    assert_eq!(filter("severity:2..3"), set(&["2", "3"]));
    assert_eq!(filter("severity:..3"), set(&["1", "2", "3"]));
    assert_eq!(filter("severity:critical,low"), set(&["2", "5"]));
}

#[test]
fn old_words_for_kinds_search_the_kind_too() {
    let expected = |word: &str, kind: &str| {
        Filter::Any(vec![
            Filter::Text { scope: TextScope::Anywhere, text: word.to_owned(), prefix: false },
            Filter::Terms { field: TermField::Kind, values: vec![kind.to_owned()] },
        ])
    };
    assert_eq!(filter("ticket"), expected("ticket", "case"));
    assert_eq!(filter("Post-Mortem"), expected("Post-Mortem", "review"));
    assert!(matches!(filter("\"ticket\""), Filter::Text { .. }));
}

#[test]
fn a_company_value_is_read_in_every_way_that_fits() {
    let Filter::Company { name, test: CompanyTest::Equals { text, number, dates, .. } } =
        filter("field.x:2025")
    else {
        panic!("a company test")
    };
    assert_eq!((name.as_str(), text.as_str(), number, dates.is_some()), ("x", "2025", Some(2025.0), true));
    let Filter::Any(readings) = filter("field.x:>=2025") else { panic!("two readings") };
    assert_eq!(readings.len(), 2);
    let Filter::Any(readings) = filter("field.x:0.5..1.5") else { panic!("one reading") };
    assert_eq!(
        readings,
        [Filter::Company {
            name: "x".into(),
            test: CompanyTest::Number { low: Some((0.5, true)), high: Some((1.5, true)) }
        }]
    );
}

#[test]
fn only_facts_that_figures_use_are_structural() {
    for text in ["", "class:incident severity:>3", "category:data* OR -state:open", "reported:2025"] {
        assert!(filter(text).is_structural(), "{text}");
    }
    for text in [
        "word",
        "class:event word",
        "tag:a",
        "owner:me",
        "-title:a",
        "has:cost",
        "field.x:1",
        "due:2026",
        "restricted:yes",
    ] {
        assert!(!filter(text).is_structural(), "{text}");
    }
}

#[test]
fn words_can_be_replaced_without_touching_quotes() {
    let query = parse("ransomwear \"ransomwear\" -ransomwear title:ransomwear (a OR ransomwear*)").unwrap();
    assert_eq!(query.words(), ["ransomwear", "a", "ransomwear"]);
    let replaced = query.with_words(&[("ransomwear".to_owned(), "ransomware".to_owned())].into());
    assert_eq!(
        replaced.to_string(),
        "ransomware \"ransomwear\" -ransomwear title:ransomwear (a OR ransomware)"
    );
}

#[test]
fn every_word_of_the_vocabularies_is_a_value() {
    use crate::word::Word;
    fn all<W: Word>() -> impl Iterator<Item = &'static str> {
        W::ALL.iter().map(|word| word.as_str())
    }
    let states = all::<crate::case::CaseState>()
        .chain(all::<crate::review::ReviewState>())
        .chain(all::<crate::lesson::LessonState>())
        .chain(all::<crate::action::ActionState>());
    for state in states {
        assert!(parse(&format!("state:{state}")).is_ok(), "{state}");
    }
    for class in all::<crate::case::Class>() {
        assert!(parse(&format!("class:{class}")).is_ok(), "{class}");
    }
    for decision in all::<crate::case::Decision>() {
        assert!(parse(&format!("decision:{decision}")).is_ok(), "{decision}");
    }
    for origin in all::<crate::case::Origin>() {
        assert!(parse(&format!("origin:{origin}")).is_ok(), "{origin}");
    }
    for level in 1..=5 {
        let severity = crate::case::Severity::new(level).unwrap();
        assert_eq!(normal(&format!("severity:{}", severity.word())), format!("severity:{level}"));
    }
}

fn bare() -> impl Strategy<Value = String> {
    "[\\PC]{0,3}[a-zA-Zä0-9][\\PC]{0,6}"
}

fn text() -> impl Strategy<Value = Text> {
    (bare(), any::<bool>(), any::<bool>()).prop_map(|(text, quoted, prefix)| {
        let text = if quoted { Text::phrase(&text) } else { Text::word(&text) };
        if prefix { text.beginning() } else { text }
    })
}

fn date_value() -> impl Strategy<Value = DateValue> {
    let unit = prop_oneof![Just(Unit::Days), Just(Unit::Weeks), Just(Unit::Months), Just(Unit::Years)];
    prop_oneof![
        (0i16..9999).prop_map(|y| DateValue::Period(Period::Year(y))),
        (0i16..9999, 1i8..=4).prop_map(|(y, q)| DateValue::Period(Period::Quarter(y, q))),
        (0i16..9999, 1i8..=12).prop_map(|(y, m)| DateValue::Period(Period::Month(y, m))),
        (0i16..9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| DateValue::Period(Period::Day(date(y, m, d)))),
        (-9999i16..=9999, unit).prop_filter_map("plain today", |(count, unit)| {
            (count != 0 || unit == Unit::Days).then_some(DateValue::FromToday { count, unit })
        }),
    ]
}

fn field_test() -> impl Strategy<Value = Node> {
    let comparison = prop_oneof![
        Just(Comparison::Less),
        Just(Comparison::AtMost),
        Just(Comparison::AtLeast),
        Just(Comparison::Greater)
    ];
    prop_oneof![
        proptest::collection::vec(text(), 1..3).prop_map(|texts| Node::Field {
            field: Field::Tag,
            test: Test::AnyOf(texts.into_iter().map(Value::Text).collect()),
        }),
        Just(Node::Field { field: Field::Owner, test: Test::AnyOf(vec![Value::Me]) }),
        Just(Node::Field {
            field: Field::Class,
            test: Test::AnyOf(vec![Value::Word("event"), Value::Word("near_miss")])
        }),
        (comparison.clone(), 1u8..=5).prop_map(|(c, l)| Node::Field {
            field: Field::Severity,
            test: Test::Compare(c, Value::Level(l))
        }),
        (comparison, date_value())
            .prop_map(|(c, d)| Node::Field { field: Field::Due, test: Test::Compare(c, Value::Date(d)) }),
        (date_value(), proptest::option::of(date_value())).prop_map(|(low, high)| Node::Field {
            field: Field::Reported,
            test: Test::Range(Some(Value::Date(low)), high.map(Value::Date)),
        }),
        ("[a-z_]{1,8}", text()).prop_map(|(name, text)| Node::Field {
            field: Field::Company(name),
            test: Test::AnyOf(vec![Value::Text(text)]),
        }),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![text().prop_map(Node::Text), field_test()];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_filter_map("empty", Node::all),
            proptest::collection::vec(inner.clone(), 1..4).prop_filter_map("empty", Node::any),
            inner.prop_map(Node::negate),
        ]
    })
}

#[test]
fn an_operator_is_no_operand_of_not() {
    for text in ["NOT AND x", "NOT NOT OR x", "-AND", "\"\" NOT NOT AND"] {
        assert!(parse(text).unwrap_err().message.contains("after NOT"), "{text}");
    }
}

proptest! {
    #[test]
    fn the_normal_form_parses_to_the_same_query(root in node()) {
        let query = Query::from_node(root);
        let shown = query.to_string();
        prop_assert_eq!(parse(&shown), Ok(query), "{}", shown);
    }

    #[test]
    fn no_text_breaks_the_parser_and_errors_point_into_it(text in "[\\PC\\n\"()*:,<>=.-]{0,60}") {
        match parse(&text) {
            Ok(query) => prop_assert_eq!(parse(&query.to_string()).unwrap(), query),
            Err(error) => {
                prop_assert!(error.at.character + error.at.length <= text.chars().count(), "{}", error);
                prop_assert!(text.is_char_boundary(error.at.byte));
            }
        }
    }

    #[test]
    fn no_query_of_its_own_symbols_breaks_the_parser(
        tokens in proptest::collection::vec(
            prop_oneof![
                Just("("), Just(")"), Just("\""), Just("AND "), Just("OR "), Just("NOT "), Just("-"), Just("*"),
                Just("owner:"), Just("severity:>="), Just("reported:"), Just(".."), Just("2025"), Just("30d"),
                Just(","), Just("me"), Just(" "), Just("word"), Just("field.x:"), Just("no:"), Just("\\"),
            ],
            0..20,
        )
    ) {
        let text = tokens.concat();
        if let Ok(query) = parse(&text) {
            prop_assert_eq!(parse(&query.to_string()).unwrap(), query);
        }
        let _ = parse_typing(&text);
    }
}
