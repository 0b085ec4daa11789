use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::planned::{Gap, GapKind, Original, Outcome, PlannedCase, PlannedRow};
use nevertwice_domain::case::{Class, Decision, DetectionSource};

fn planned(record: &Value, strictness: Strictness) -> PlannedRow {
    let standard = Standard::load().unwrap();
    let text = record.to_string();
    plan(&standard, strictness, RawRecord { number: 1, place: "line 1".to_owned(), text, flaw: None })
}

fn case(record: &Value) -> PlannedCase {
    match planned(record, Strictness::Lenient).outcome {
        Outcome::Case(case) => *case,
        other => panic!("{other:?}"),
    }
}

fn tags(case: &PlannedCase) -> Vec<&str> {
    case.tags.iter().map(nevertwice_domain::case::Tag::as_str).collect()
}

fn gaps(case: &PlannedCase) -> Vec<(GapKind, &str, &str)> {
    case.gaps.iter().map(|gap: &Gap| (gap.kind, gap.column.as_str(), gap.found.as_str())).collect()
}

/// A record of version 1.4.1 without a fault.
fn whole() -> Value {
    json!({
        "schema_version": "1.4.1", "incident_id": "A-1", "security_incident": "Confirmed",
        "summary": "A laptop was taken from a parked car.", "reference": "https://example.org/a-1",
        "action": { "physical": { "variety": ["Theft"], "vector": ["Personal vehicle"] } },
        "actor": { "external": { "variety": ["Unknown"], "motive": ["Financial"], "country": ["Unknown"] } },
        "asset": { "assets": [{ "variety": "U - Laptop", "amount": 1 }], "cloud": ["NA"] },
        "discovery_method": { "internal": { "variety": ["Reported by employee"] } },
        "timeline": { "incident": { "year": 2021, "month": 4 }, "discovery": { "unit": "Hours", "value": 3 } },
        "victim": { "country": ["US"], "employee_count": "11 to 100", "industry": "621111", "government": ["NA"] },
        "impact": { "overall_rating": "Painful", "iso_currency_code": "USD", "overall_amount": 1450 },
        "plus": { "master_id": "A-1", "row_number": 7 },
    })
}

fn with(mut record: Value, path: &[&str], value: Value) -> Value {
    let mut place = &mut record;
    for name in path {
        place = &mut place[*name];
    }
    *place = value;
    record
}

#[test]
fn a_record_becomes_a_case_with_all_that_it_says() {
    let case = case(&whole());
    assert_eq!(case.title.as_str(), "Theft of a laptop at a Healthcare organisation, US");
    assert_eq!((case.class, case.decision), (Class::Incident, Decision::Incident));
    assert_eq!(case.moments.occurred.unwrap().to_string(), "2021-04");
    assert_eq!((case.moments.detected, case.moments.contained), (None, None), "a span is no date");
    assert_eq!(case.detection, Some(DetectionSource::Internal));
    assert_eq!(case.detection_method.as_ref().unwrap().as_str(), "Reported by employee");
    assert_eq!(case.costs.iter().map(|cost| cost.amount.to_string()).collect::<Vec<_>>(), ["1450.00 USD"]);
    let text = case.description.as_ref().unwrap().as_str();
    assert_eq!(text, "A laptop was taken from a parked car.\n\nReference: https://example.org/a-1");
    for tag in [
        "veris:action.physical",
        "veris:action.physical.variety.theft",
        "veris:asset.assets.variety.u-laptop",
        "veris:discovery_method.internal.variety.reported-by-employee",
        "veris:timeline.discovery.unit.hours",
        "veris:victim.country.us",
        "veris:victim.industry.621111",
        "veris:impact.overall_rating.painful",
    ] {
        assert!(tags(&case).contains(&tag), "{tag}: {:?}", tags(&case));
    }
    let kept = case.notes[0].as_str();
    for line in [
        "- timeline.discovery.value: 3",
        "- plus.master_id: A-1",
        "- plus.row_number: 7",
        "- schema_version: 1.4.1",
    ] {
        assert!(kept.contains(line), "{line}: {kept}");
    }
    assert_eq!(gaps(&case), []);
}

#[test]
fn the_simple_form_of_2018_becomes_a_case_with_gaps() {
    let case = case(&json!({
        "_id": { "$oid": "5b9e" }, "incident_id": "B-2", "actor": { "partner": {} },
        "victim": { "country": "NLD", "industry": "Healthcare" }, "timeline": { "incident": { "year": 2014 } },
        "action": { "malware": { "variety": ["Ram scraper", "C2"] }, "unknown": {} },
    }));
    assert_eq!(
        case.title.as_str(),
        "Malware (Ram scraper and C2) and Unknown action at a Healthcare organisation, NLD"
    );
    let expected = [
        (GapKind::ClassAssumed, "security_incident", ""),
        (GapKind::ValueUnknown, "action.malware.variety[0]", "Ram scraper"),
        (GapKind::ShapeUnexpected, "victim.country", "NLD"),
        (GapKind::ValueUnknown, "victim.industry", "Healthcare"),
    ];
    assert_eq!(gaps(&case), expected);
    let expected = [
        "veris:action.malware",
        "veris:action.malware.variety.c2",
        "veris:action.malware.variety.ram-scraper",
        "veris:action.unknown",
        "veris:actor.partner",
        "veris:victim.country.nld",
        "veris:victim.industry.healthcare",
    ];
    assert_eq!(tags(&case), expected);
    assert!(case.notes.is_empty(), "{:?}", case.notes);
}

#[test]
fn the_word_for_the_incident_decides_class_and_decision() {
    for (word, class, decision) in [
        ("Confirmed", Class::Incident, Decision::Incident),
        ("Suspected", Class::Event, Decision::Undecided),
        ("Near miss", Class::NearMiss, Decision::Undecided),
        ("False positive", Class::Event, Decision::NotAnIncident),
    ] {
        let case = case(&json!({ "security_incident": word }));
        assert_eq!((case.class, case.decision, case.gaps.len()), (class, decision, 0), "{word}");
        assert!(case.said.class);
    }
    let odd = case(&json!({ "security_incident": "Perhaps" }));
    assert_eq!(
        (odd.class, gaps(&odd)),
        (Class::Incident, vec![(GapKind::ClassUnknown, "security_incident", "Perhaps")])
    );
}

#[test]
fn texts_without_a_person_or_a_place_are_not_lost() {
    let case = case(&json!({
        "security_incident": "Confirmed", "corrective_action": "Encrypt disks", "control_failure": "Disks were not encrypted",
        "cost_corrective_action": "Simple and cheap", "notes": "Two\nlines", "discovery_method": "Ext - customer",
        "victim": [{ "victim_id": "Example Corp", "country": ["DE"] }, { "country": ["AT"] }],
    }));
    assert_eq!(gaps(&case), [(GapKind::ActionWithoutOwner, "corrective_action", "Encrypt disks")]);
    assert_eq!(case.cause.as_ref().unwrap().as_str(), "Disks were not encrypted");
    for tag in [
        "veris:cost_corrective_action.simple-and-cheap",
        "veris:discovery_method.external.variety.customer",
        "veris:victim.country.de",
        "veris:victim.country.at",
    ] {
        assert!(tags(&case).contains(&tag), "{tag}");
    }
    assert!(case.notes[0].as_str().contains("- notes: Two\nlines\n- victim[0].victim_id: Example Corp"));
}

#[test]
fn strict_takes_a_whole_record_and_names_the_place_of_what_is_wrong() {
    assert!(matches!(planned(&whole(), Strictness::Strict).outcome, Outcome::Case(_)));
    let said = with(whole(), &["discovery_method"], json!("Int - reported by employee"));
    assert!(matches!(planned(&said, Strictness::Strict).outcome, Outcome::Case(_)), "either shape will do");
    for (path, value, expected) in [
        (
            vec!["action", "physical", "variety"],
            json!(["Thefd"]),
            "action.physical.variety[0]: found \"Thefd\", expected a value that VERIS",
        ),
        (vec!["action", "physical", "variety"], json!([]), "action.physical.variety: found an empty list"),
        (
            vec!["action", "physical", "vector"],
            json!(["Other", "Other"]),
            "action.physical.vector: found \"Other\" twice",
        ),
        (vec!["action", "physical", "notes"], json!(""), "action.physical.notes: found an empty text"),
        (
            vec!["timeline", "incident", "month"],
            json!(0),
            "timeline.incident.month: found 0, expected at least 1 and at most 12",
        ),
        (
            vec!["timeline", "incident", "time"],
            json!("noon"),
            "timeline.incident.time: found \"noon\", expected a text of the form",
        ),
        (vec!["victim", "country"], json!("US"), "victim.country: found \"US\", expected a list"),
        (
            vec!["victim", "region"],
            json!(["0210"]),
            "victim.region[0]: found \"0210\", expected 6 to 6 characters",
        ),
        (vec!["victim", "revenue"], json!({}), "victim.revenue: found nothing, expected at least one field"),
        (vec!["asset", "assets"], json!([{}]), "asset.assets[0].variety: found nothing, expected a value"),
        (vec!["discovery_method"], json!("A parrot"), "discovery_method: found \"A parrot\""),
        (vec!["mood"], json!("bad"), "mood: found a field that VERIS does not know"),
    ] {
        let record = with(whole(), &path, value);
        match planned(&record, Strictness::Strict).outcome {
            Outcome::Rejected(reason) => assert!(reason.to_string().starts_with(expected), "{reason}"),
            other => panic!("{path:?}: {other:?}"),
        }
        assert!(
            matches!(planned(&record, Strictness::Lenient).outcome, Outcome::Case(_)),
            "only strict rejects"
        );
    }
}

#[test]
fn strict_asks_an_early_record_for_nothing_that_came_later() {
    let early = |version: &str| {
        let mut record = whole();
        let fields = record.as_object_mut().unwrap();
        fields.insert("schema_version".to_owned(), version.into());
        fields.remove("summary");
        record["asset"].as_object_mut().unwrap().remove("cloud");
        record["action"]["Unknown"] = json!({});
        planned(&record, Strictness::Strict).outcome
    };
    assert!(matches!(early("1.3"), Outcome::Case(_)) && matches!(early("1.3.7"), Outcome::Case(_)));
    match early("1.4.0") {
        Outcome::Rejected(reason) => {
            let reason = reason.to_string();
            assert!(
                ["summary", "asset.cloud", "action.Unknown"].iter().all(|path| reason.contains(path)),
                "{reason}"
            );
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_is_known_again_whatever_its_store_called_it() {
    let one = planned(&with(whole(), &["_id"], json!("x")), Strictness::Lenient);
    let two = planned(&with(whole(), &["_id"], json!("y")), Strictness::Strict);
    assert_eq!((one.row_hash, one.origin_reference.as_ref().unwrap().as_str()), (two.row_hash, "A-1"));
    let other = planned(&with(whole(), &["summary"], json!("Another")), Strictness::Lenient);
    assert_ne!(one.row_hash, other.row_hash);
    let text = r#"{"incident_id":"A-1","b":1,"a":2}"#;
    let turned = r#"{"a": 2, "b": 1, "incident_id": "A-1"}"#;
    let hash = |text: &str| planned(&serde_json::from_str(text).unwrap(), Strictness::Lenient).row_hash;
    assert_eq!(hash(text), hash(turned), "the order of keys does not matter");
}

#[test]
fn rejected_records_can_be_mended_and_read_again() {
    let mut file = RejectedRecords::new(Vec::new());
    file.write(&whole().to_string(), "because").unwrap();
    file.write("{\"a\":\n1", "broken").unwrap();
    let written = file.finish().unwrap();
    let again: Vec<RawRecord> =
        Records::new(written.as_slice(), None, 1, Limits::default()).map(|record| record.unwrap()).collect();
    assert_eq!(again[1].text, "{\"a\": 1");
    let standard = Standard::load().unwrap();
    let row = plan(&standard, Strictness::Strict, again[0].clone());
    assert_eq!(row.row_hash, planned(&whole(), Strictness::Strict).row_hash);
    assert!(matches!(row.original, Original::Record(text) if text.contains("because")));
}

#[test]
fn a_record_with_a_member_twice_is_rejected_and_comes_back_whole() {
    let text = "{\"incident_id\":\"A-1\",\n \"action\":{\"error\":{}}, \"action\":{\"misuse\":{}}}";
    let raw = RawRecord { number: 1, place: "line 7".to_owned(), text: text.to_owned(), flaw: None };
    let standard = Standard::load().unwrap();
    let row = plan(&standard, Strictness::Lenient, raw);
    let Outcome::Rejected(reason) = &row.outcome else { panic!("{:?}", row.outcome) };
    let reason = reason.to_string();
    assert!(
        reason.starts_with("line 7: found action more than once, expected every member of an object once"),
        "{reason}"
    );
    let mut file = RejectedRecords::new(Vec::new());
    file.write(text, &reason).unwrap();
    let written = file.finish().unwrap();
    let told = String::from_utf8(written.clone()).unwrap();
    for part in ["\"error\"", "\"misuse\"", "\"_import_reason\":\"line 7"] {
        assert!(told.contains(part) && told.lines().count() == 1, "{part}: {told}");
    }
    let again: Vec<RawRecord> =
        Records::new(written.as_slice(), None, 1, Limits::default()).map(|record| record.unwrap()).collect();
    let again = plan(&standard, Strictness::Lenient, again[0].clone());
    assert_eq!(again.row_hash, row.row_hash, "the reason is no part of the record");
    assert!(matches!(again.outcome, Outcome::Rejected(_)));
    let mended = told.replace("\"action\":{\"error\":{}}, ", "");
    let mended = RawRecord { number: 1, place: "line 1".to_owned(), text: mended, flaw: None };
    assert!(matches!(plan(&standard, Strictness::Lenient, mended).outcome, Outcome::Case(_)));
}

#[test]
fn a_hostile_record_leaves_a_bounded_list_to_work_off() {
    let many: Map<String, Value> =
        (0..5_000).map(|n| (format!("field {n}"), json!("x".repeat(20)))).collect();
    let case = case(&Value::Object(many));
    assert_eq!((case.gaps.len(), case.gaps[0].kind), (101, GapKind::ClassAssumed));
    assert!(
        case.notes.iter().any(|note| note.as_str().contains("- field 999: ")),
        "beyond the list all is kept"
    );
}

/// What comes to far more with its paths than its text has bytes: it costs itself alone, and neither memory nor time.
#[test]
fn a_record_whose_paths_would_fill_memory_is_rejected() {
    let many = with(whole(), &["plus"], json!({ "x".repeat(120): vec![1; 90_000] }));
    let long = with(whole(), &["plus"], json!({ "x".repeat(300_000): vec![1; 200_000] }));
    let deep = with(whole(), &["action"], json!({ "y".repeat(2_000): { "variety": ["Other"] } }));
    for record in [many, long, deep] {
        for strictness in [Strictness::Lenient, Strictness::Strict] {
            let Outcome::Rejected(rejection) = planned(&record, strictness).outcome else {
                panic!("it is taken")
            };
            assert!(rejection.found.contains("over 1000 bytes"), "{}", rejection.found);
        }
    }
    let list = "1,".repeat(40_000);
    assert!(matches!(case_of(&format!(r#"{{"plus":{{"a":[{list}1]}}}}"#)), Outcome::Case(_)));
}

#[test]
fn members_that_stand_twice_below_a_long_name_fill_no_memory() {
    let text = format!(r#"{{"{}":[{}{{}}]}}"#, "x".repeat(300_000), r#"{"a":1,"a":2},"#.repeat(40_000));
    let Outcome::Rejected(rejection) = case_of(&text) else { panic!("it is taken") };
    assert!(rejection.found.contains("more than once") && rejection.found.contains("and 39995 more"));
    assert!(rejection.found.len() < 1_000);
}

fn case_of(text: &str) -> Outcome {
    let standard = Standard::load().unwrap();
    let text = text.to_owned();
    let raw = RawRecord { number: 1, place: "line 1".to_owned(), text, flaw: None };
    plan(&standard, Strictness::Lenient, raw).outcome
}

#[test]
fn one_text_that_cannot_be_kept_as_it_is_costs_nothing_beside_it() {
    let mut record: Map<String, Value> =
        (0..150).map(|n| (format!("a {n:03}"), json!(format!("v{n}")))).collect();
    record.insert("corrective_action".to_owned(), json!("stop\u{1} it"));
    let case = case(&Value::Object(record));
    let notes = case.notes.iter().map(ToString::to_string).collect::<String>();
    for told in ["- a 149: v149", "- corrective_action: \"stop\\u0001 it\""] {
        assert!(notes.contains(told), "{told} is not in {notes}");
    }
}

/// Values of any shape; field names are mostly those of the standard, so that the walk goes deep.
fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "SQLi",
            "Theft",
            "Unknown",
            "US",
            "USD",
            "Confirmed",
            "Ext - customer",
            "00",
            "Hours",
            "10:00"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0i64..2100).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        let name = prop_oneof![
            1 => any::<String>(),
            9 => prop::sample::select(vec![
                "incident_id", "security_incident", "summary", "reference", "timeline", "incident", "year", "month", "day",
                "time", "discovery", "unit", "value", "victim", "country", "industry", "action", "hacking", "malware",
                "variety", "vector", "notes", "cve", "actor", "external", "partner", "asset", "assets", "amount", "cloud",
                "attribute", "confidentiality", "data", "data_disclosure", "discovery_method", "impact", "loss",
                "overall_amount", "iso_currency_code", "min_amount", "plus", "ioc", "indicator", "control_failure",
                "corrective_action", "schema_version", "targeted", "confidence",
            ]).prop_map(str::to_owned),
        ];
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            3 => prop::collection::btree_map(name, inner, 0..8).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every text and number of a value, with its field.
fn leaves<'v>(value: &'v Value, name: &'v str, found: &mut Vec<(&'v str, &'v Value)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| leaves(value, name, found)),
        Value::Array(elements) => elements.iter().for_each(|value| leaves(value, name, found)),
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        leaf => found.push((name, leaf)),
    }
}

/// Everything that a case says, in one text.
fn told(row: &PlannedRow, case: &PlannedCase) -> String {
    let mut told = vec![
        case.description.as_ref().map(ToString::to_string).unwrap_or_default(),
        case.cause.as_ref().map(ToString::to_string).unwrap_or_default(),
        case.moments.occurred.map(|when| when.to_string()).unwrap_or_default(),
        row.origin_reference.as_ref().map(ToString::to_string).unwrap_or_default(),
        tags(case).join(" "),
        case.class.to_string(),
    ];
    told.extend(case.notes.iter().map(ToString::to_string));
    told.extend(case.gaps.iter().map(|gap| format!("{} {}", gap.column, gap.found)));
    for cost in &case.costs {
        let bounds = [cost.minimum_minor, cost.maximum_minor].into_iter().flatten();
        told.extend(
            bounds.map(|minor| nevertwice_domain::money::Money::new(minor, cost.amount.currency).to_string()),
        );
        told.push(cost.amount.to_string());
    }
    told.join("\n")
}

/// Whether a value is found in what a case says: as it is, as JSON, as a part of JSON, or as the last part of a tag.
fn is_told(told: &str, value: &Value) -> bool {
    let literal = path::literal(value);
    let inner = literal.trim_matches('"').to_owned();
    let text = value
        .as_str()
        .map_or_else(|| literal.clone(), |text| text.trim().replace("\r\n", "\n").replace('\r', "\n"));
    let slug = tags::of_value("x", &text).map(|tag| tag.as_str()["veris:x".len()..].to_owned());
    // Months and days are two digits in a date, a sum has its cents.
    let padded = format!("-{literal:0>2}");
    [Some(text), Some(literal), Some(inner), Some(padded), slug]
        .into_iter()
        .flatten()
        .any(|form| told.contains(&form))
        || value.is_boolean()
        || is_told_otherwise(told, value)
}

/// What is told in other words: the class, a time of day, the method of discovery as older records name it.
fn is_told_otherwise(told: &str, value: &Value) -> bool {
    value == "Confirmed" && told.contains("incident")
        || value == "10:00" && told.contains("T10:00")
        || value == "Ext - customer" && told.contains("veris:discovery_method.external.variety.customer")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever a record says, it has one fate, and every value of it is found again in the case.
    #[test]
    fn nothing_that_is_read_is_lost(record in any_value()) {
        let row = planned(&record, Strictness::Lenient);
        match &row.outcome {
            Outcome::Case(case) => {
                prop_assert!(record.is_object());
                let told = told(&row, case);
                let mut found = Vec::new();
                leaves(&record, "", &mut found);
                for (name, leaf) in found {
                    prop_assert!(is_told(&told, leaf), "{name} {leaf} is lost in {told}");
                }
            }
            Outcome::Rejected(_) => prop_assert!(!record.is_object(), "only what is no object is rejected"),
            Outcome::Blank => prop_assert!(false, "no record is blank"),
        }
        if let Outcome::Blank = planned(&record, Strictness::Strict).outcome {
            prop_assert!(false, "no record is blank");
        }
    }
}
