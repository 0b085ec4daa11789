//! From a document of the read model to a document of the engine.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use nevertwice_domain::measure::{DateBasis, Period, earliest};
use nevertwice_domain::query::{DateField, IdField, TermField};
use nevertwice_domain::read_model::{CompanyValue, Document, Facts, FieldValue, TextPart, reference_key};
use nevertwice_domain::text::fold;
use nevertwice_domain::when::{Precision, When};
use tantivy::TantivyDocument;
use tantivy::schema::Field;
use uuid::Uuid;

use crate::schema::Fields;

/// How much running text is kept for snippets, in bytes. Everything is searched, whatever its length.
const KEPT_TEXT: usize = 8_000;

/// How often the title stands in the searched text: words of the title say most.
const TITLE_WEIGHT: usize = 2;

/// The id as the engine keeps it.
pub(crate) fn id_term(id: Uuid) -> String {
    id.simple().to_string()
}

/// The engine's document.
pub(crate) fn convert(fields: &Fields, document: &Document) -> TantivyDocument {
    let facts = document.facts();
    let mut target = Target { fields, document: TantivyDocument::default() };
    target.identity(document);
    target.texts(document);
    target.words(document, &facts);
    target.dates(&facts);
    target.periods(&facts);
    for value in &document.common().fields {
        target.company(value);
    }
    target.document
}

struct Target<'a> {
    fields: &'a Fields,
    document: TantivyDocument,
}

impl Target<'_> {
    fn identity(&mut self, document: &Document) {
        let common = document.common();
        let (high, low) = common.id.as_u64_pair();
        self.document.add_text(self.fields.id, id_term(common.id));
        self.document.add_u64(self.fields.id_halves.0, high);
        self.document.add_u64(self.fields.id_halves.1, low);
        for reader in common.readers() {
            self.document.add_text(self.fields.reader, id_term(reader.uuid()));
        }
        self.document.add_text(self.fields.shown_reference, &common.reference);
        self.document.add_u64(self.fields.reference_order, reference_order(document));
        self.document.add_i64(self.fields.registered_order, common.registered_at.millis());
    }

    fn texts(&mut self, document: &Document) {
        let common = document.common();
        let text = self.fields.text;
        self.document.add_text(self.fields.title, &common.title);
        for _ in 0..TITLE_WEIGHT {
            self.document.add_text(text, &common.title);
        }
        let mut body = String::new();
        for passage in &common.passages {
            self.document.add_text(text, &passage.text);
            match passage.part {
                TextPart::Cause => self.document.add_text(self.fields.cause, &passage.text),
                TextPart::Lesson => self.document.add_text(self.fields.lesson, &passage.text),
                _ => {}
            }
            if body.len() < KEPT_TEXT {
                body.push_str(if body.is_empty() { "" } else { "\n" });
                body.push_str(up_to(&passage.text, KEPT_TEXT - body.len()));
            }
        }
        if document.kind_word() == "lesson" {
            self.document.add_text(self.fields.lesson, &common.title);
        }
        self.document.add_text(self.fields.body, body);
        let values = common.fields.iter().filter_map(|field| match &field.value {
            FieldValue::Text(value) => Some(value.as_str()),
            _ => None,
        });
        for short in references(document).chain(common.tags.iter().map(String::as_str)).chain(values) {
            self.document.add_text(text, short);
        }
    }

    fn words(&mut self, document: &Document, facts: &Facts) {
        let common = document.common();
        self.word(TermField::Kind, Some(document.kind_word()));
        self.word(TermField::Class, facts.class);
        self.word(TermField::State, Some(common.state));
        self.word(TermField::Open, common.open.then_some("yes"));
        self.word(TermField::Category, facts.category.as_deref());
        self.word(TermField::Decision, facts.decision);
        self.word(TermField::Origin, facts.origin);
        for tag in &common.tags {
            self.word(TermField::Tag, Some(tag));
        }
        for word in &facts.has {
            self.word(TermField::Has, Some(word));
        }
        for word in &facts.loop_words {
            self.word(TermField::Loop, Some(word));
        }
        for gap in &facts.gaps {
            self.word(TermField::Gap, Some(gap));
        }
        for reference in references(document) {
            self.word(TermField::Reference, Some(&reference_key(reference)));
        }
        let roles = [
            (IdField::Owner, &facts.owners),
            (IdField::Reporter, &facts.reporters),
            (IdField::Supplier, &facts.suppliers),
            (IdField::Asset, &facts.assets),
        ];
        for (role, ids) in roles {
            let Some(field) = self.fields.ids(role) else { continue };
            for id in ids {
                self.document.add_text(field, id_term(*id));
            }
        }
        if let Some(severity) = facts.severity {
            self.document.add_u64(self.fields.severity, u64::from(severity.level()));
        }
        if let Some(reason) = facts.left_out {
            self.document.add_text(self.fields.left_out, reason.as_str());
        }
    }

    fn word(&mut self, field: TermField, value: Option<&str>) {
        if let (Some(field), Some(value)) = (self.fields.terms(field), value) {
            self.document.add_text(field, value);
        }
    }

    fn dates(&mut self, facts: &Facts) {
        for (field, when) in &facts.dates {
            if let Some((first, last)) = self.fields.dates(*field) {
                self.document.add_i64(first, wall_millis(when.start()));
                self.document.add_i64(last, last_millis(when));
            }
            if *field == DateField::Reported {
                self.document.add_i64(self.fields.reported_order, when.sort_millis());
            }
        }
    }

    fn periods(&mut self, facts: &Facts) {
        let date = |field| facts.dates.iter().find(|(f, _)| *f == field).map(|(_, when)| *when);
        let (reported, occurred) = (date(DateField::Reported), date(DateField::Occurred));
        let detected = date(DateField::Detected);
        for (basis, field) in self.fields.periods() {
            let when = match basis {
                DateBasis::Earliest => earliest(reported, detected, occurred),
                DateBasis::Reported => reported,
                DateBasis::Occurred => occurred,
                DateBasis::Detected => detected,
                DateBasis::Registered => date(DateField::Registered),
            };
            if let Some(when) = when {
                self.document.add_u64(*field, period_code(Period::of(when)));
            }
        }
    }

    fn company(&mut self, field: &CompanyValue) {
        let key = field.key.as_str();
        let order = self.fields.company_order;
        let shown = match &field.value {
            FieldValue::Text(text) => text.clone(),
            FieldValue::Number(number) => {
                self.document.add_text(order, company_number(key, *number));
                number.to_string()
            }
            FieldValue::Date(when) => {
                self.document.add_text(order, company_first(key, wall_millis(when.start())));
                self.document.add_text(order, company_last(key, last_millis(when)));
                when.to_string()
            }
            FieldValue::Person(person) => id_term(person.uuid()),
        };
        self.add_company(self.fields.company, &format!("{key}={shown}"));
    }

    fn add_company(&mut self, field: Field, value: &str) {
        // A longer term than the engine takes would be dropped without a word.
        self.document.add_text(field, up_to(value, 1_000));
    }
}

/// The term of a company value.
pub(crate) fn company_term(key: &str, value: &str) -> String {
    up_to(&fold(&format!("{key}={value}")), 1_000).to_owned()
}

/// The term of a company number: terms sort as numbers do.
pub(crate) fn company_number(key: &str, number: f64) -> String {
    // Adding zero makes -0 the same number as 0.
    let number = number + 0.0;
    let bits = number.to_bits();
    let ordered = if number.is_sign_negative() { !bits } else { bits | (1 << 63) };
    format!("{key}#{ordered:016x}")
}

/// The term of a company date's first millisecond.
pub(crate) fn company_first(key: &str, millis: i64) -> String {
    format!("{key}@{:016x}", ordered(millis))
}

/// The term of a company date's last millisecond.
pub(crate) fn company_last(key: &str, millis: i64) -> String {
    format!("{key}~{:016x}", ordered(millis))
}

/// Milliseconds since 1970 of a wall-clock moment, read as UTC.
pub(crate) fn wall_millis(at: DateTime) -> i64 {
    at.to_zoned(TimeZone::UTC).map_or(i64::MAX, |zoned| zoned.timestamp().as_millisecond())
}

/// Keeps the order of signed numbers in unsigned ones.
pub(crate) fn ordered(value: i64) -> u64 {
    value.cast_unsigned() ^ (1 << 63)
}

/// Year and month in one number that sorts by time; month 0 where unknown.
fn period_code(period: Period) -> u64 {
    let year = u64::try_from(period.year).unwrap_or(0);
    year * 100 + u64::try_from(period.month.unwrap_or(0)).unwrap_or(0)
}

/// The reverse of [`period_code`].
pub(crate) fn period_of(code: u64) -> Period {
    let month = i8::try_from(code % 100).ok().filter(|month| *month > 0);
    Period { year: i16::try_from(code / 100).unwrap_or(0), month }
}

/// The last millisecond that a date can mean.
fn last_millis(when: &When) -> i64 {
    let start = when.start();
    let next = match when.precision() {
        Precision::Year => start.checked_add(jiff::Span::new().years(1)),
        Precision::Month => start.checked_add(jiff::Span::new().months(1)),
        Precision::Day => start.checked_add(jiff::Span::new().days(1)),
        Precision::Hour => start.checked_add(jiff::Span::new().hours(1)),
        Precision::Minute => start.checked_add(jiff::Span::new().minutes(1)),
        Precision::Second => start.checked_add(jiff::Span::new().seconds(1)),
    };
    next.map_or(i64::MAX, |next| wall_millis(next).saturating_sub(1))
}

fn references(document: &Document) -> impl Iterator<Item = &str> {
    let common = document.common();
    std::iter::once(common.reference.as_str())
        .chain(common.origin_reference.as_deref())
        .chain(common.links.iter().map(String::as_str))
}

/// Kind, year and number of the reference in one number: sorts as people read references.
fn reference_order(document: &Document) -> u64 {
    let mut parts = document.common().reference.rsplit('-');
    let mut next = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let number = u64::from(next().unwrap_or(0));
    let year = u64::from(next().unwrap_or(0).min(0xffff));
    let kind = u64::from(document.kind() as u8);
    kind << 56 | year << 40 | number
}

/// The beginning of a text, at most so many bytes.
fn up_to(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}
