//! What stands after the colon: values, comparisons and ranges, read as the field demands.

use super::date::DateValue;
use super::error::{QueryError, nearest};
use super::field::{Field, NameKind, ValueKind};
use super::parser::{Parser, searches_for};
use super::scanner::{is_bare, is_quote};
use super::{Comparison, Node, Test, Text, Value};

/// A value before it is read: its text and how it was written.
struct Raw {
    from: usize,
    text: Text,
}

impl Parser<'_> {
    /// Reads the test of a field whose name and colon have been taken.
    pub(super) fn field_test(&mut self, field: Field) -> Result<Node, QueryError> {
        let from = self.scanner.position();
        if let Some(comparison) = self.comparison() {
            if !field.is_ordered() {
                let message = format!("{} has no order; expected a value, found a comparison", field.name());
                return Err(self.scanner.error(from, message));
            }
            let raw = self.raw_value(&field)?;
            let value = self.read(&field, &raw)?;
            self.refuse_unordered(&field, &raw)?;
            return Ok(Node::Field { test: Test::Compare(comparison, value), field });
        }
        self.scanner.take('=');
        let first = self.raw_value(&field)?;
        if field.is_ordered()
            && !first.text.is_quoted()
            && let Some((low, high)) = first.text.text().split_once("..")
        {
            let test = self.range(&field, first.from, low, high)?;
            return Ok(Node::Field { field, test });
        }
        let mut values = vec![self.read(&field, &first)?];
        while self.scanner.take(',') {
            let raw = self.raw_value(&field)?;
            values.push(self.read(&field, &raw)?);
        }
        let test = match values.as_slice() {
            [Value::Date(DateValue::Age { .. })] => Test::Compare(Comparison::AtMost, values.remove(0)),
            _ => Test::AnyOf(values),
        };
        if matches!(&test, Test::AnyOf(values) if values.iter().any(|v| matches!(v, Value::Date(DateValue::Age { .. }))))
        {
            return Err(self.scanner.error(from, "an age cannot stand in a list; expected dates".to_owned()));
        }
        Ok(Node::Field { field, test })
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let (comparison, length) = match (self.scanner.peek()?, self.scanner.look(1)) {
            ('>', Some('=')) => (Comparison::AtLeast, 2),
            ('<', Some('=')) => (Comparison::AtMost, 2),
            ('>', _) => (Comparison::Greater, 1),
            ('<', _) => (Comparison::Less, 1),
            _ => return None,
        };
        self.scanner.advance(length);
        Some(comparison)
    }

    fn raw_value(&mut self, field: &Field) -> Result<Raw, QueryError> {
        let from = self.scanner.position();
        let text = if self.scanner.peek().is_some_and(is_quote) {
            self.phrase()?
        } else {
            let typed = self.scanner.take_while(|c| is_bare(c) && c != ',');
            let trimmed = typed.trim_end_matches('*');
            Text { text: trimmed.to_owned(), quoted: false, prefix: trimmed.len() < typed.len() }
        };
        if !searches_for(text.text()) {
            let expected = field.words().map(str::to_owned).collect();
            let message = format!(
                "{} needs a value directly after the colon; expected {}",
                field.name(),
                field.values().expectation()
            );
            return Err(QueryError { expected, ..self.scanner.error(from, message) });
        }
        self.count_term(text.text())?;
        Ok(Raw { from, text })
    }

    fn range(&mut self, field: &Field, from: usize, low: &str, high: &str) -> Result<Test, QueryError> {
        let end = |text: &str| -> Result<Option<Value>, QueryError> {
            if text.is_empty() {
                return Ok(None);
            }
            let raw = Raw { from, text: Text { text: text.to_owned(), quoted: false, prefix: false } };
            let value = self.read(field, &raw)?;
            self.refuse_unordered(field, &raw)?;
            match value {
                Value::Date(DateValue::Age { .. }) => Err(self.scanner.error(
                    from,
                    "an age cannot stand in a range; expected dates such as today-30d..today".to_owned(),
                )),
                value => Ok(Some(value)),
            }
        };
        let (low, high) = (end(low)?, end(high)?);
        if low.is_none() && high.is_none() {
            return Err(self.scanner.error(
                from,
                "the range has no end; expected a value on at least one side of \"..\"".to_owned(),
            ));
        }
        Ok(Test::Range(low, high))
    }

    fn read(&self, field: &Field, raw: &Raw) -> Result<Value, QueryError> {
        let text = raw.text.text();
        let value = match field.values() {
            ValueKind::Name(NameKind::Person) | ValueKind::Company
                if text == "me" && !raw.text.is_quoted() =>
            {
                return Ok(Value::Me);
            }
            ValueKind::Open | ValueKind::Name(_) | ValueKind::Text | ValueKind::Company => {
                return Ok(Value::Text(raw.text.clone()));
            }
            ValueKind::Words(words) => member(words, text).map(Value::Word),
            ValueKind::Level => level(text).map(Value::Level),
            ValueKind::Date { .. } => DateValue::read(text).map(Value::Date),
        };
        value.filter(|_| !raw.text.is_prefix()).ok_or_else(|| self.unreadable(field, raw))
    }

    fn unreadable(&self, field: &Field, raw: &Raw) -> QueryError {
        let text = raw.text.text();
        let expected = nearest(&fold_word(text), field.words());
        let hint = match expected.first() {
            Some(best) => format!("did you mean {best:?}?"),
            None => format!("expected {}", field.values().expectation()),
        };
        let message = format!("{text:?} is not a value of {}; {hint}", field.name());
        QueryError { expected, ..self.scanner.error(raw.from, message) }
    }

    /// A company field is compared as a number or a date; other texts have no order.
    fn refuse_unordered(&self, field: &Field, raw: &Raw) -> Result<(), QueryError> {
        let text = raw.text.text();
        let ordered = number(text).is_some()
            || matches!(DateValue::read(text), Some(date) if !matches!(date, DateValue::Age { .. }));
        if matches!(field, Field::Company(_)) && !ordered {
            let message = format!("{text:?} cannot be compared; expected a number or a date");
            return Err(self.scanner.error(raw.from, message));
        }
        Ok(())
    }
}

/// A finite number as a query writes it.
pub(super) fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    plain.then(|| text.parse::<f64>().ok()).flatten().filter(|n| n.is_finite())
}

impl Field {
    fn is_ordered(&self) -> bool {
        matches!(self.values(), ValueKind::Level | ValueKind::Date { .. } | ValueKind::Company)
    }

    fn words(&self) -> impl Iterator<Item = &'static str> {
        let words: &'static [(&'static str, &'static [&'static str])] = match self.values() {
            ValueKind::Words(words) => words,
            ValueKind::Level => LEVELS,
            _ => &[],
        };
        words.iter().map(|(word, _)| *word)
    }
}

impl ValueKind {
    fn expectation(self) -> String {
        match self {
            Self::Words(words) => {
                format!("one of: {}", words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", "))
            }
            Self::Level => "1 to 5, or info, low, medium, high, critical".to_owned(),
            Self::Date { .. } => {
                "a date such as 2025, 2025-Q1, 2025-03, 2025-03-17, today-7d, or an age such as <30d"
                    .to_owned()
            }
            Self::Name(kind) => format!("a name of a {}, in quotes if it has several words", kind.as_str()),
            Self::Open | Self::Text | Self::Company => "a word, or several in quotes".to_owned(),
        }
    }
}

/// Severities 1 to 5 by their words; the synonyms are words that other registers use.
const LEVELS: &[(&str, &[&str])] = &[
    ("info", &["1", "very_low", "lowest", "minimal", "informational"]),
    ("low", &["2", "minor"]),
    ("medium", &["3", "moderate"]),
    ("high", &["4", "major", "serious"]),
    ("critical", &["5", "very_high", "highest", "severe"]),
];

fn level(text: &str) -> Option<u8> {
    let word = member(LEVELS, text)?;
    let place = LEVELS.iter().position(|(level, _)| *level == word)?;
    u8::try_from(place + 1).ok()
}

fn member(words: &[(&'static str, &[&str])], text: &str) -> Option<&'static str> {
    let folded = fold_word(text);
    words
        .iter()
        .find(|(word, synonyms)| *word == folded || synonyms.contains(&folded.as_str()))
        .map(|(word, _)| *word)
}

fn fold_word(text: &str) -> String {
    text.trim().chars().map(|c| if c == ' ' || c == '-' { '_' } else { c.to_ascii_lowercase() }).collect()
}
