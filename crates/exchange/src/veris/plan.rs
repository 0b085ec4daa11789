//! From a record to a planned row.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::json::{self, Json};
use super::look::{Look, Violation};
use super::reader::{Flaw, RawRecord};
use super::standard::Standard;
use super::{case, is_foreign};
use crate::planned::{Original, Outcome, PlannedRow, Rejection};

/// Violations that a reason names.
const NAMED: usize = 20;

/// What becomes of a record that does not fulfil the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// It becomes a case, with a gap for each place.
    Lenient,
    /// It is rejected.
    Strict,
}

/// Plans what becomes of a record. Only one that cannot be read, or, when strict, one that does not fulfil the standard, is
/// rejected.
#[must_use]
pub fn plan(standard: &Standard, strictness: Strictness, raw: RawRecord) -> PlannedRow {
    let row_number = raw.number;
    let record = match raw.value() {
        Ok(record) => record,
        Err(flaw) => {
            return PlannedRow {
                row_number,
                origin_reference: None,
                row_hash: hash_of_unusable(&raw),
                outcome: Outcome::Rejected(unreadable(raw.place, flaw)),
                original: Original::Record(raw.text),
            };
        }
    };
    let record = without_foreign(record);
    let outcome = outcome(standard, strictness, &record, &raw.place);
    let origin_reference = case::origin_reference(&record);
    let reading = origin_reference.as_ref().and(outcome.reading());
    PlannedRow {
        row_number,
        row_hash: hash(&record, reading.as_deref()),
        origin_reference,
        outcome,
        original: Original::Record(raw.text),
    }
}

/// Whether a record says something at the place of a gap.
#[must_use]
pub fn says(record: &str, place: &str) -> bool {
    let Ok(record) = serde_json::from_str::<Value>(record) else { return false };
    match super::path::find(&record, place) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    }
}

fn outcome(standard: &Standard, strictness: Strictness, record: &Value, place: &str) -> Outcome {
    let empty = Map::new();
    let look = Look::at(standard, record.as_object().unwrap_or(&empty));
    if let Some(flaw) = look.unseen() {
        return Outcome::Rejected(unreadable(place.to_owned(), flaw));
    }
    if let (Strictness::Strict, Some(rejection)) = (strictness, refused(&look.violations, place)) {
        return Outcome::Rejected(rejection);
    }
    match case::build(standard, record, &look) {
        Ok(case) => Outcome::Case(Box::new(case)),
        Err(error) => {
            let flaw = Flaw { found: format!("a text that {error}"), expected: "texts that can be kept" };
            Outcome::Rejected(unreadable(place.to_owned(), flaw))
        }
    }
}

fn unreadable(place: String, flaw: Flaw) -> Rejection {
    let fix = "mend the record and import it again".to_owned();
    Rejection { column: place, found: flaw.found, expected: flaw.expected.to_owned(), fix }
}

/// The first violation, and the others as what else there is to mend.
fn refused(violations: &[Violation], place: &str) -> Option<Rejection> {
    let (first, others) = violations.split_first()?;
    let mut fix = format!("mend it ({place})");
    if !others.is_empty() {
        let named = others.iter().take(NAMED).map(|other| format!("{}: found {}", other.path, other.found));
        let named: Vec<String> = named.collect();
        let unnamed = others.len().saturating_sub(NAMED);
        let more = if unnamed > 0 { format!("; and {unnamed} more") } else { String::new() };
        fix = format!("{fix}, and also {}{more}", named.join("; "));
    }
    Some(Rejection {
        column: first.path.clone(),
        found: first.found.clone(),
        expected: first.expected.clone(),
        fix,
    })
}

fn without_foreign(record: Value) -> Value {
    match record {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().filter(|(name, _)| !is_foreign(name)).collect())
        }
        other => other,
    }
}

/// An object that has a member twice is the same one with the reason that its rejection adds; anything else is its text.
fn hash_of_unusable(raw: &RawRecord) -> [u8; 32] {
    match json::read(&raw.text) {
        Ok(Json { value, displaced, more: 0 }) if raw.flaw.is_none() && value.is_object() => {
            let displaced: String =
                displaced.iter().map(|(path, value)| format!("{path}\n{value}\n")).collect();
            hash(&without_foreign(value), Some(displaced.as_bytes()))
        }
        _ => Sha256::digest(raw.text.as_bytes()).into(),
    }
}

/// Keys are sorted, so that their order and the spaces between them do not matter.
fn hash(record: &Value, reading: Option<&[u8]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(record.to_string());
    if let Some(reading) = reading {
        hash.update(reading);
    }
    hash.finalize().into()
}
