//! From a query to a filter: names become ids, ages become dates, severities become sets.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::{Date, DateTime};
use uuid::Uuid;

use super::date::{DateValue, midnight};
use super::field::{Field, NameKind, ValueKind};
use super::filter::{CompanyTest, DateField, Filter, IdField, TermField, TextScope};
use super::value::number;
use super::{Comparison, Node, Query, Test, Text, Value};
use crate::id::PersonId;
use crate::read_model::reference_key;
use crate::text::fold;

/// Finds the records that carry a name. It must know only what the viewer may know.
pub trait Names {
    /// Every record of that kind with that name; empty when there is none.
    fn find(&self, kind: NameKind, name: &str) -> Vec<Uuid>;
}

impl<F: Fn(NameKind, &str) -> Vec<Uuid>> Names for F {
    fn find(&self, kind: NameKind, name: &str) -> Vec<Uuid> {
        self(kind, name)
    }
}

impl Names for BTreeMap<(NameKind, String), Vec<Uuid>> {
    fn find(&self, kind: NameKind, name: &str) -> Vec<Uuid> {
        self.get(&(kind, name.to_owned())).cloned().unwrap_or_default()
    }
}

/// What a query's text alone does not say.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Today in the company's time zone; ages count from here.
    pub as_of: Date,
    /// Who "me" is.
    pub me: Option<PersonId>,
    /// Who and what carries a name.
    pub names: &'a dyn Names,
}

/// A query ready to be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// What to evaluate.
    pub filter: Filter,
    /// What the person should know about the result.
    pub notes: Vec<Note>,
    /// The query it came from.
    pub query: Query,
}

/// A remark on a query that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// No record carries the name, so the test matches nothing.
    Unknown {
        /// What kind of record was looked for.
        kind: NameKind,
        /// The name as typed.
        name: String,
    },
    /// `me` was used where nobody is signed in.
    Nobody,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { kind, name } => write!(f, "no {} is called {name:?}", kind.as_str()),
            Self::Nobody => f.write_str("\"me\" means nobody here; name the person"),
        }
    }
}

impl Query {
    /// Puts in what the text alone does not say.
    #[must_use]
    pub fn compile(&self, context: &Context<'_>) -> Compiled {
        let mut compiler = Compiler { context, notes: Vec::new() };
        let filter = self.root().map_or(Filter::Everything, |root| compiler.node(root));
        compiler.notes.dedup();
        Compiled { filter, notes: compiler.notes, query: self.clone() }
    }
}

impl Compiled {
    /// A query without names, ages or "me", compiled without context.
    #[must_use]
    pub fn plain(query: &Query) -> Self {
        query.compile(&Context { as_of: Date::ZERO, me: None, names: &|_: NameKind, _: &str| Vec::new() })
    }
}

struct Compiler<'a> {
    context: &'a Context<'a>,
    notes: Vec<Note>,
}

impl Compiler<'_> {
    fn node(&mut self, node: &Node) -> Filter {
        match node {
            Node::All(parts) => Filter::All(parts.iter().map(|p| self.node(p)).collect()),
            Node::Any(parts) => Filter::Any(parts.iter().map(|p| self.node(p)).collect()),
            Node::Not(part) => Filter::Not(Box::new(self.node(part))),
            Node::Text(text) => bare_text(text),
            Node::Field { field, test } => self.field(field, test),
        }
    }

    fn field(&mut self, field: &Field, test: &Test) -> Filter {
        match (field, field.values()) {
            (Field::Company(name), _) => self.company(name, test),
            (_, ValueKind::Date { ahead }) => self.dates(field, ahead, test),
            (_, ValueKind::Level) => Filter::Terms { field: TermField::Severity, values: levels(test) },
            _ => any_of(test, |value| self.value(field, value)),
        }
    }

    fn value(&mut self, field: &Field, value: &Value) -> Filter {
        match (field, value) {
            (Field::Restricted, Value::Word(word)) => Filter::Restricted(*word == "yes"),
            (Field::Overdue, Value::Word(word)) => self.overdue(*word == "yes"),
            (Field::State, Value::Word("open")) => term(TermField::Open, "yes"),
            (Field::State, Value::Word("not_started")) => term(TermField::State, "open"),
            (_, Value::Word(word)) => word_field(field).map_or(Filter::Nothing, |f| term(f, word)),
            (Field::Title, Value::Text(text)) => text_in(TextScope::Title, text),
            (Field::Cause, Value::Text(text)) => text_in(TextScope::Cause, text),
            (Field::Lesson, Value::Text(text)) => text_in(TextScope::Lesson, text),
            (_, Value::Text(text)) if word_field(field).is_some() => open_value(word_field(field), text),
            _ => match name_field(field) {
                Some((role, kind)) => Filter::Ids { field: role, ids: self.ids(kind, value) },
                None => Filter::Nothing,
            },
        }
    }

    fn overdue(&self, wanted: bool) -> Filter {
        let overdue = Filter::Dates {
            field: DateField::OpenDue,
            first: None,
            before: Some(midnight(self.context.as_of)),
        };
        if wanted { overdue } else { Filter::Not(Box::new(overdue)) }
    }

    fn ids(&mut self, kind: NameKind, value: &Value) -> Vec<Uuid> {
        match value {
            Value::Me => {
                if self.context.me.is_none() {
                    self.notes.push(Note::Nobody);
                }
                self.context.me.map(PersonId::uuid).into_iter().collect()
            }
            Value::Text(text) => {
                let found = self.context.names.find(kind, text.text());
                if found.is_empty() {
                    self.notes.push(Note::Unknown { kind, name: text.text().to_owned() });
                }
                found
            }
            _ => Vec::new(),
        }
    }

    fn dates(&self, field: &Field, ahead: bool, test: &Test) -> Filter {
        let Some(date_field) = date_field(field) else { return Filter::Nothing };
        match test {
            Test::AnyOf(_) => any_of(test, |value| {
                let (first, before) = self.bounds(value, ahead);
                Filter::Dates { field: date_field, first, before }
            }),
            Test::Compare(comparison, value) => {
                let (first, before) = self.bounds(value, ahead);
                let age = matches!(value, Value::Date(DateValue::Age { .. })) && !ahead;
                // A smaller age is a later date.
                let comparison = if age { comparison.mirrored() } else { *comparison };
                let (first, before) = compared(comparison, first, before);
                Filter::Dates { field: date_field, first, before }
            }
            Test::Range(low, high) => Filter::Dates {
                field: date_field,
                first: low.as_ref().and_then(|v| self.bounds(v, ahead).0),
                before: high.as_ref().and_then(|v| self.bounds(v, ahead).1),
            },
        }
    }

    fn bounds(&self, value: &Value, ahead: bool) -> (Option<DateTime>, Option<DateTime>) {
        match value {
            Value::Date(date) => {
                let (first, next) = date.days(self.context.as_of, ahead);
                (Some(midnight(first)), next.map(midnight))
            }
            _ => (None, None),
        }
    }

    fn company(&mut self, name: &str, test: &Test) -> Filter {
        let of = |test| Filter::Company { name: name.to_owned(), test };
        match test {
            Test::AnyOf(_) => any_of(test, |value| of(self.company_equals(value))),
            Test::Compare(comparison, value) => {
                self.company_limits(name, Some(*comparison), Some(value), None)
            }
            Test::Range(low, high) => self.company_limits(name, None, low.as_ref(), high.as_ref()),
        }
    }

    fn company_equals(&self, value: &Value) -> CompanyTest {
        let text = match value {
            Value::Text(text) if text.is_prefix() => return CompanyTest::Prefix(fold(text.text())),
            Value::Text(text) => text.text(),
            _ => "me",
        };
        // A company field may hold a person, but a text that is nobody's name is no mistake here: no note.
        let people = match value {
            Value::Me => self.context.me.map(PersonId::uuid).into_iter().collect(),
            _ => self.context.names.find(NameKind::Person, text),
        };
        CompanyTest::Equals { text: fold(text), number: number(text), dates: self.company_days(text), people }
    }

    /// Every reading that fits the texts: a field holds either numbers or dates, so at most one can match.
    fn company_limits(
        &self,
        name: &str,
        comparison: Option<Comparison>,
        low: Option<&Value>,
        high: Option<&Value>,
    ) -> Filter {
        let (low, high) = (low.and_then(typed), high.and_then(typed));
        let given = || low.into_iter().chain(high);
        let mut readings = Vec::new();
        if given().all(|text| number(text).is_some()) {
            readings.push(number_limits(comparison, low.and_then(number), high.and_then(number)));
        }
        if given().all(|text| self.company_days(text).is_some()) {
            let low = low.and_then(|text| self.company_days(text));
            let high = high.and_then(|text| self.company_days(text));
            let first = low.map(|(first, _)| first);
            let (first, before) = match comparison {
                Some(comparison) => compared(comparison, first, low.and_then(|(_, before)| before)),
                None => (first, high.and_then(|(_, before)| before)),
            };
            readings.push(CompanyTest::Dates { first, before });
        }
        Filter::Any(
            readings.into_iter().map(|test| Filter::Company { name: name.to_owned(), test }).collect(),
        )
    }

    fn company_days(&self, text: &str) -> Option<(DateTime, Option<DateTime>)> {
        let date = DateValue::read(text).filter(|date| !matches!(date, DateValue::Age { .. }))?;
        let (first, next) = date.days(self.context.as_of, false);
        Some((midnight(first), next.map(midnight)))
    }
}

impl Comparison {
    fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
            Self::Greater => Self::Less,
        }
    }
}

/// Words that people use for a kind of record although no label does.
const SYNONYMS: &[(&str, &str)] = &[
    ("ticket", "case"),
    ("tickets", "case"),
    ("post-mortem", "review"),
    ("post-mortems", "review"),
    ("postmortem", "review"),
    ("postmortems", "review"),
];

fn bare_text(text: &Text) -> Filter {
    let filter = text_in(TextScope::Anywhere, text);
    if looks_like_a_reference(text) {
        return Filter::Any(vec![filter, term(TermField::Reference, &reference_key(text.text()))]);
    }
    let folded = fold(text.text());
    match SYNONYMS.iter().find(|(word, _)| *word == folded && !text.is_quoted()) {
        Some((_, kind)) => Filter::Any(vec![filter, term(TermField::Kind, kind)]),
        None => filter,
    }
}

/// Letters, a hyphen and digits in one word: it may be the name of a record in this register or in an old one.
fn looks_like_a_reference(text: &Text) -> bool {
    let word = text.text();
    !text.is_quoted() && word.contains('-') && word.contains(|c: char| c.is_ascii_digit())
}

fn text_in(scope: TextScope, text: &Text) -> Filter {
    Filter::Text { scope, text: text.text().to_owned(), prefix: text.is_prefix() }
}

fn term(field: TermField, value: &str) -> Filter {
    Filter::Terms { field, values: vec![value.to_owned()] }
}

fn open_value(field: Option<TermField>, text: &Text) -> Filter {
    let folded =
        if field == Some(TermField::Reference) { reference_key(text.text()) } else { fold(text.text()) };
    match field {
        Some(field) if text.is_prefix() => Filter::TermPrefix { field, prefix: folded },
        Some(field) => term(field, &folded),
        None => Filter::Nothing,
    }
}

/// Any of the values; sets of words become one set.
fn any_of(test: &Test, mut each: impl FnMut(&Value) -> Filter) -> Filter {
    let Test::AnyOf(values) = test else { return Filter::Nothing };
    let mut parts: Vec<Filter> = Vec::with_capacity(values.len());
    for value in values {
        match (each(value), parts.last_mut()) {
            (Filter::Terms { field, values: more }, Some(Filter::Terms { field: same, values }))
                if field == *same =>
            {
                values.extend(more);
            }
            (filter, _) => parts.push(filter),
        }
    }
    if parts.len() == 1 { parts.remove(0) } else { Filter::Any(parts) }
}

fn levels(test: &Test) -> Vec<String> {
    let level = |value: &Value| if let Value::Level(level) = value { *level } else { 0 };
    let fits: Box<dyn Fn(u8) -> bool> = match test {
        Test::AnyOf(values) => {
            let wanted: Vec<u8> = values.iter().map(level).collect();
            Box::new(move |l| wanted.contains(&l))
        }
        Test::Compare(comparison, value) => {
            let (comparison, limit) = (*comparison, level(value));
            Box::new(move |l| match comparison {
                Comparison::Less => l < limit,
                Comparison::AtMost => l <= limit,
                Comparison::AtLeast => l >= limit,
                Comparison::Greater => l > limit,
            })
        }
        Test::Range(low, high) => {
            let (low, high) = (low.as_ref().map_or(1, level), high.as_ref().map_or(5, level));
            Box::new(move |l| (low..=high).contains(&l))
        }
    };
    (1..=5).filter(|l| fits(*l)).map(|l| l.to_string()).collect()
}

/// The bounds of a comparison with a period that begins at `first` and has ended at `next`.
fn compared(
    comparison: Comparison,
    first: Option<DateTime>,
    next: Option<DateTime>,
) -> (Option<DateTime>, Option<DateTime>) {
    match comparison {
        Comparison::Less => (None, first),
        Comparison::AtMost => (None, next),
        Comparison::AtLeast => (first, None),
        // Nothing comes after a period that ends with the calendar.
        Comparison::Greater => (next.or(Some(DateTime::MAX)), None),
    }
}

fn number_limits(comparison: Option<Comparison>, low: Option<f64>, high: Option<f64>) -> CompanyTest {
    let (low, high) = match (comparison, low) {
        (Some(Comparison::Less), Some(limit)) => (None, Some((limit, false))),
        (Some(Comparison::AtMost), Some(limit)) => (None, Some((limit, true))),
        (Some(Comparison::AtLeast), Some(limit)) => (Some((limit, true)), None),
        (Some(Comparison::Greater), Some(limit)) => (Some((limit, false)), None),
        (_, low) => (low.map(|l| (l, true)), high.map(|h| (h, true))),
    };
    CompanyTest::Number { low, high }
}

fn typed(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value { Some(text.text()) } else { None }
}

fn word_field(field: &Field) -> Option<TermField> {
    Some(match field {
        Field::Kind => TermField::Kind,
        Field::Class => TermField::Class,
        Field::State => TermField::State,
        Field::Category => TermField::Category,
        Field::Tag => TermField::Tag,
        Field::Decision => TermField::Decision,
        Field::Origin => TermField::Origin,
        Field::Has => TermField::Has,
        Field::Gap => TermField::Gap,
        Field::Loop => TermField::Loop,
        Field::Reference => TermField::Reference,
        _ => return None,
    })
}

fn name_field(field: &Field) -> Option<(IdField, NameKind)> {
    Some(match field {
        Field::Owner => (IdField::Owner, NameKind::Person),
        Field::Reporter => (IdField::Reporter, NameKind::Person),
        Field::Supplier => (IdField::Supplier, NameKind::Supplier),
        Field::Asset => (IdField::Asset, NameKind::Asset),
        _ => return None,
    })
}

fn date_field(field: &Field) -> Option<DateField> {
    Some(match field {
        Field::Reported => DateField::Reported,
        Field::Occurred => DateField::Occurred,
        Field::Detected => DateField::Detected,
        Field::Closed => DateField::Closed,
        Field::Registered => DateField::Registered,
        Field::Due => DateField::Due,
        Field::Check => DateField::Check,
        Field::LoopDue => DateField::LoopDue,
        _ => return None,
    })
}
