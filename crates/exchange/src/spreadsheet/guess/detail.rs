//! The choices that belong to a column: order of dates, words, scale, currency, type of field.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::field::{FieldKey, FieldType};
use nevertwice_domain::money::Currency;
use nevertwice_domain::word::Word;

use super::dates::date_order;
use super::{Answers, Basis, Guess, Note, Question};
use crate::spreadsheet::mapping::{FieldRule, Rule, SeverityRule};
use crate::spreadsheet::survey::{ColumnSurvey, Verdict};
use crate::spreadsheet::synonyms::key;
use crate::spreadsheet::value::money::AmountRule;
use crate::spreadsheet::value::words;

/// Completes a rule with what the column shows, and asks what it does not show. What a mapping chose stays.
pub(super) fn complete(
    rule: Rule,
    basis: Basis,
    column: &ColumnSurvey,
    answers: &Answers,
    found: &mut Guess,
) -> Rule {
    if column.placeholders > 0 && !matches!(rule, Rule::Ignore) {
        let text = format!(
            "{} cells hold a placeholder such as n/a or TBD and count as empty.",
            column.placeholders
        );
        found.notes.push(Note::on(column, text));
    }
    if !matches!(rule, Rule::Ignore) {
        found.notes.extend(errors(column));
    }
    match rule {
        Rule::Moment { moment, order } => {
            Rule::Moment { moment, order: date_order(order, basis, column, answers, found) }
        }
        Rule::ActionDue { order } => {
            Rule::ActionDue { order: date_order(order, basis, column, answers, found) }
        }
        Rule::Class { values } => {
            Rule::Class { values: known_words(values, column, |w| Some(words::class(w)?.0)) }
        }
        Rule::Status { values } => {
            Rule::Status { values: known_words(values, column, |w| Some(words::standing(w)?.0)) }
        }
        Rule::Severity(rule) => Rule::Severity(severity(rule, basis, column, answers, found)),
        Rule::Cost(rule) => Rule::Cost(amounts(rule, column, answers, found)),
        Rule::Field(rule) => Rule::Field(field(rule, basis, column, answers, found)),
        other => other,
    }
}

/// What is to be done about cells without a value.
fn errors(column: &ColumnSurvey) -> Option<Note> {
    let errors = &column.errors;
    let first = errors.first.as_ref()?;
    let kinds = [
        (errors.values, "hold an error value"),
        (errors.not_computed, "hold a formula whose value was never stored"),
    ];
    let counts: Vec<_> =
        kinds.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} cells {what}")).collect();
    let text = format!(
        "{}, the first in row {} ({}). Each becomes a gap: mend the formulas in a spreadsheet program, save the file \
         there, and import that.",
        counts.join(" and "),
        first.row,
        first.value
    );
    Some(Note::on(column, text))
}

/// Every word of the column that is known, beside those that were chosen.
fn known_words<T: Word>(
    chosen: BTreeMap<String, T>,
    column: &ColumnSurvey,
    known: impl Fn(&str) -> Option<T>,
) -> BTreeMap<String, T> {
    let mut values = by_key(chosen);
    for value in column.values.iter().flat_map(BTreeMap::keys) {
        if let Some(word) = known(value) {
            values.entry(key(value)).or_insert(word);
        }
    }
    values
}

/// Words are compared folded, however a mapping file writes them.
fn by_key<T>(values: BTreeMap<String, T>) -> BTreeMap<String, T> {
    values.into_iter().map(|(value, word)| (key(&value), word)).collect()
}

fn severity(
    mut rule: SeverityRule,
    basis: Basis,
    column: &ColumnSurvey,
    answers: &Answers,
    found: &mut Guess,
) -> SeverityRule {
    rule.values = by_key(rule.values);
    if basis == Basis::Remembered && answers.severity_worst.is_some() {
        // The answer replaces what was remembered of numbers; words are no matter of direction.
        rule.values
            .retain(|word, _| words::severity(word).is_some() || words::severity_number(word).is_none());
    }
    let chosen: BTreeSet<String> = rule.values.keys().cloned().collect();
    let mut numbers: BTreeMap<i64, String> = BTreeMap::new();
    for value in column.values.iter().flat_map(BTreeMap::keys).filter(|value| !chosen.contains(&key(value))) {
        if let Some(severity) = words::severity(value) {
            rule.values.entry(key(value)).or_insert(severity);
        } else if let Some(number) = words::severity_number(value) {
            numbers.insert(number, value.clone());
        }
    }
    if !rule.values.is_empty() {
        let listed: Vec<_> = rule.values.iter().map(|(word, level)| format!("{word} = {level}")).collect();
        found.notes.push(Note::on(column, format!("Words are read as {} (5 is worst).", listed.join(", "))));
    }
    let before = rule.worst.filter(|_| basis == Basis::Remembered);
    rule.worst = match basis {
        Basis::Given => rule.worst.or(answers.severity_worst),
        _ => answers.severity_worst.or(rule.worst),
    };
    if numbers.is_empty() {
        return rule;
    }
    if basis == Basis::Name {
        rule.scale = scale(&numbers);
    }
    let whence = match (before, answers.severity_worst) {
        (Some(_), None) => ", as in the last import of this kind",
        _ => "",
    };
    match rule.worst {
        None => found
            .questions
            .push(Question::severity_direction(column, numbers.into_values().take(6).collect())),
        Some(worst) => {
            let level =
                |n: &i64| rule.level(*n, worst).map_or("unknown".to_owned(), |level| level.to_string());
            let listed: Vec<_> = numbers.iter().map(|(n, value)| format!("{value} = {}", level(n))).collect();
            let text = format!(
                "Numbers are read with the {worst}est as the worst{whence}: {} (5 is worst).",
                listed.join(", ")
            );
            found.notes.push(Note::on(column, text));
        }
    }
    rule
}

/// 1 to 5 unless the numbers say otherwise.
fn scale(numbers: &BTreeMap<i64, String>) -> (i64, i64) {
    let low = numbers.keys().next().copied().unwrap_or(1);
    let high = numbers.keys().next_back().copied().unwrap_or(5);
    match (low, high) {
        (0, 0..=4) => (0, 4),
        (1.., ..=5) => (1, 5),
        (_, ..=10) => (low.min(1), 10),
        _ => (low.min(1), high),
    }
}

fn amounts(rule: AmountRule, column: &ColumnSurvey, answers: &Answers, found: &mut Guess) -> AmountRule {
    let currency = rule.currency.or_else(|| currency_in(&column.name)).or(answers.currency);
    let amounts = &column.amounts;
    let fits = |codes: &[&str]| currency.is_some_and(|currency| codes.contains(&currency.code()));
    let (settled, open): (Vec<_>, Vec<_>) = amounts.shared.iter().partition(|(codes, _)| fits(codes));
    let mut examples: Vec<String> = open.iter().map(|(_, shared)| shared.example.clone()).collect();
    let mut unknown: u64 = open.iter().map(|(_, shared)| shared.count).sum();
    let mut assumed: u64 = settled.iter().map(|(_, shared)| shared.count).sum();
    if currency.is_some() {
        assumed += amounts.without_currency;
    } else {
        unknown += amounts.without_currency;
        examples.extend(amounts.examples.iter().cloned());
    }
    if unknown > 0 {
        found.questions.push(Question::currency(column, unknown, examples));
    }
    if let Some(currency) = currency.filter(|_| assumed > 0) {
        let text = format!("{assumed} amounts that do not name their currency are {currency}.");
        found.notes.push(Note::on(column, text));
    }
    AmountRule { currency, ..rule }
}

/// `Cost (EUR)` and `Kosten in €` name the currency.
fn currency_in(name: &str) -> Option<Currency> {
    if name.contains('€') {
        return Some(Currency::EUR);
    }
    let codes = name
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase()));
    codes.filter_map(|code| Currency::parse(code).ok()).next()
}

fn field(
    mut rule: FieldRule,
    basis: Basis,
    column: &ColumnSurvey,
    answers: &Answers,
    found: &mut Guess,
) -> FieldRule {
    if basis == Basis::Unknown {
        rule.key = free_key(&rule.key, found);
        rule.kind = kind(column);
        if rule.kind == FieldType::Choice {
            rule.choices = column.values.iter().flat_map(BTreeMap::keys).cloned().collect();
        }
        let text =
            format!("The column is not known; it becomes the company field {} ({}).", rule.key, rule.kind);
        found.notes.push(Note::on(column, text));
    }
    if rule.kind == FieldType::Date {
        rule.order = date_order(rule.order, basis, column, answers, found);
    }
    rule
}

/// A type that every cell of the column fits. Dates that need an order which the column does not show stay text.
fn kind(column: &ColumnSurvey) -> FieldType {
    let all = |count: u64| count == column.filled;
    let dates_decided = !matches!(column.dates.verdict(), Verdict::Ambiguous | Verdict::Contradictory);
    let distinct = column.values.as_ref().map_or(u64::MAX, |values| values.len() as u64);
    let names_people =
        ["owner", "manager", "person", "contact", "handler", "responder", "approver", "assignee", "by"]
            .iter()
            .any(|word| key(&column.name).split(' ').any(|part| part == *word));
    if all(column.dates.readable()) && dates_decided && column.numbers < column.filled {
        FieldType::Date
    } else if all(column.numbers) {
        FieldType::Number
    } else if all(column.links) {
        FieldType::Link
    } else if names_people && all(column.names) {
        FieldType::Person
    } else if distinct <= 12 && distinct * 3 <= column.filled {
        FieldType::Choice
    } else {
        FieldType::Text
    }
}

fn free_key(wanted: &FieldKey, found: &Guess) -> FieldKey {
    let taken = |key: &FieldKey| {
        found
            .mapping
            .columns
            .iter()
            .any(|column| matches!(&column.rule, Rule::Field(rule) if rule.key == *key))
    };
    let mut key = wanted.clone();
    for number in 2..1_000 {
        if !taken(&key) {
            break;
        }
        let stem: String = wanted.as_str().chars().take(36).collect();
        key = FieldKey::from_label(&format!("{stem} {number}"));
    }
    key
}
