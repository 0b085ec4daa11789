//! Values of the fields that a company defines, in the written form that the field keeps.

use std::collections::BTreeSet;

use nevertwice_domain::field::FieldType;
use nevertwice_domain::text::fold;

use super::date::{self, DateOrder};
use super::{money, name};
use crate::spreadsheet::reader::Cell;

/// Reads a cell as a value of a field: a number with a decimal point, a date in ISO 8601, a choice as the list spells
/// it. `None` if the cell does not fit the type.
#[must_use]
pub fn read(
    cell: &Cell,
    kind: FieldType,
    order: Option<DateOrder>,
    choices: &BTreeSet<String>,
) -> Option<String> {
    let text = cell.text();
    match kind {
        FieldType::Text => Some(text),
        FieldType::Number => money::decimal(&text, None),
        FieldType::Date => date::read_ordered(cell, order).map(|when| when.to_string()),
        FieldType::Choice => choices.iter().find(|choice| fold(choice) == fold(&text)).cloned(),
        FieldType::Person => name::one(&text).map(|mention| mention.name.to_string()),
        FieldType::Link => is_link(&text).then_some(text),
    }
}

/// True for a web address without white space.
#[must_use]
pub fn is_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_brought_into_the_form_of_their_type() {
        let choices = BTreeSet::from(["EMEA".to_owned(), "APAC".to_owned()]);
        let value =
            |text: &str, kind| read(&Cell::Text(text.to_owned()), kind, Some(DateOrder::Dmy), &choices);
        assert_eq!(value("1.200,5", FieldType::Number).as_deref(), Some("1200.5"));
        assert_eq!(value("17/3/2025", FieldType::Date).as_deref(), Some("2025-03-17"));
        assert_eq!(value("emea", FieldType::Choice).as_deref(), Some("EMEA"));
        assert_eq!(value("LATAM", FieldType::Choice), None);
        assert_eq!(value("A. Keller (IT)", FieldType::Person).as_deref(), Some("A. Keller"));
        assert_eq!(value("https://example.org/x", FieldType::Link).as_deref(), Some("https://example.org/x"));
        assert_eq!(value("example.org", FieldType::Link), None);
    }
}
