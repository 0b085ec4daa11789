//! The fields of the engine's documents.

use nevertwice_domain::measure::DateBasis;
use nevertwice_domain::query::{DateField, IdField, TermField, TextScope};
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use crate::tokenizer::{FOLDED, WORDS};

/// Counts the changes to what documents contain; an index of another version is rebuilt.
pub(crate) const VERSION: u32 = 3;

/// Names of the columns that facets, measures and sorting read.
pub(crate) mod name {
    pub(crate) const CATEGORY: &str = "category";
    pub(crate) const CLASS: &str = "class";
    pub(crate) const COMPANY: &str = "company";
    pub(crate) const DECISION: &str = "decision";
    pub(crate) const DUE: &str = "due_first";
    pub(crate) const ID_HIGH: &str = "id_high";
    pub(crate) const ID_LOW: &str = "id_low";
    pub(crate) const KIND: &str = "kind";
    pub(crate) const LEFT_OUT: &str = "left_out";
    pub(crate) const LOOP: &str = "loop";
    pub(crate) const ORIGIN: &str = "origin";
    pub(crate) const OWNER: &str = "owner";
    pub(crate) const ASSET: &str = "asset";
    pub(crate) const REFERENCE_ORDER: &str = "reference_order";
    pub(crate) const REGISTERED_ORDER: &str = "registered_order";
    pub(crate) const REPORTED_ORDER: &str = "reported_order";
    pub(crate) const SEVERITY: &str = "severity";
    pub(crate) const STATE: &str = "state";
    pub(crate) const SUPPLIER: &str = "supplier";
    pub(crate) const TAG: &str = "tag";
}

/// The engine's schema and its fields.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    /// The schema itself.
    pub(crate) schema: Schema,
    /// The record's id in hex: what is deleted and replaced.
    pub(crate) id: Field,
    /// High and low half of the id.
    pub(crate) id_halves: (Field, Field),
    /// People who may find it, see `DocumentAccess`.
    pub(crate) reader: Field,
    /// Everything searched by a bare word; the title stands in it twice to count for more.
    pub(crate) text: Field,
    /// The title.
    pub(crate) title: Field,
    /// The causes.
    pub(crate) cause: Field,
    /// The lessons.
    pub(crate) lesson: Field,
    /// Reference as shown.
    pub(crate) shown_reference: Field,
    /// What snippets are cut from.
    pub(crate) body: Field,
    /// Severity.
    pub(crate) severity: Field,
    /// Why figures leave it out.
    pub(crate) left_out: Field,
    /// Company values as `key=value`, folded.
    pub(crate) company: Field,
    /// Company numbers and dates in an order-keeping form.
    pub(crate) company_order: Field,
    /// Sort keys: reference, registered, reported.
    pub(crate) reference_order: Field,
    /// When it was registered.
    pub(crate) registered_order: Field,
    /// When it was reported.
    pub(crate) reported_order: Field,
    terms: Vec<(TermField, Field)>,
    ids: Vec<(IdField, Field)>,
    dates: Vec<(DateField, Field, Field)>,
    periods: Vec<(DateBasis, Field)>,
}

impl Fields {
    /// The schema of this version.
    pub(crate) fn new() -> Self {
        let mut builder = Schema::builder();
        let b = &mut builder;
        let terms =
            TERM_FIELDS.iter().map(|(field, name)| (*field, b.add_text_field(name, folded()))).collect();
        let ids =
            ID_FIELDS.iter().map(|(field, name)| (*field, b.add_text_field(name, raw().set_fast("raw"))));
        let ids = ids.collect();
        let dates = DATE_FIELDS.iter().map(|(field, name)| {
            let first = b.add_i64_field(&format!("{name}_first"), fast());
            (*field, first, b.add_i64_field(&format!("{name}_last"), fast()))
        });
        let dates = dates.collect();
        let periods = PERIODS.iter().map(|(basis, name)| (*basis, b.add_u64_field(name, fast()))).collect();
        Self {
            id: b.add_text_field("id", raw()),
            id_halves: (b.add_u64_field(name::ID_HIGH, fast()), b.add_u64_field(name::ID_LOW, fast())),
            reader: b.add_text_field("reader", raw()),
            text: b.add_text_field("text", words()),
            title: b.add_text_field("title", words().set_stored()),
            cause: b.add_text_field("cause", words()),
            lesson: b.add_text_field("lesson", words()),
            shown_reference: b.add_text_field("shown_reference", STORED),
            body: b.add_text_field("body", STORED),
            severity: b.add_u64_field(name::SEVERITY, fast().set_indexed()),
            left_out: add_fast_word(b, name::LEFT_OUT),
            company: b.add_text_field(name::COMPANY, folded()),
            company_order: b.add_text_field("company_order", raw()),
            reference_order: b.add_u64_field(name::REFERENCE_ORDER, fast()),
            registered_order: b.add_i64_field(name::REGISTERED_ORDER, fast()),
            reported_order: b.add_i64_field(name::REPORTED_ORDER, fast()),
            terms,
            ids,
            dates,
            periods,
            schema: builder.build(),
        }
    }

    /// The field that holds a query's words; severity is a number and has none.
    pub(crate) fn terms(&self, field: TermField) -> Option<Field> {
        self.terms.iter().find(|(f, _)| *f == field).map(|(_, found)| *found)
    }

    /// The field that holds the ids of a role.
    pub(crate) fn ids(&self, field: IdField) -> Option<Field> {
        self.ids.iter().find(|(f, _)| *f == field).map(|(_, found)| *found)
    }

    /// The fields that hold first and last millisecond of a date.
    pub(crate) fn dates(&self, field: DateField) -> Option<(Field, Field)> {
        self.dates.iter().find(|(f, ..)| *f == field).map(|(_, first, last)| (*first, *last))
    }

    /// The fields that hold year and month, by the date that they are taken from.
    pub(crate) fn periods(&self) -> &[(DateBasis, Field)] {
        &self.periods
    }

    /// The field that a scope is searched in.
    pub(crate) fn scope(&self, scope: TextScope) -> Field {
        match scope {
            TextScope::Anywhere => self.text,
            TextScope::Title => self.title,
            TextScope::Cause => self.cause,
            TextScope::Lesson => self.lesson,
        }
    }
}

/// The column that holds year and month as `year * 100 + month`, month 0 where unknown.
pub(crate) fn period_column(basis: DateBasis) -> &'static str {
    PERIODS.iter().find(|(b, _)| *b == basis).map_or("period_earliest", |(_, name)| name)
}

const TERM_FIELDS: &[(TermField, &str)] = &[
    (TermField::Kind, name::KIND),
    (TermField::Class, name::CLASS),
    (TermField::State, name::STATE),
    (TermField::Open, "open"),
    (TermField::Category, name::CATEGORY),
    (TermField::Tag, name::TAG),
    (TermField::Decision, name::DECISION),
    (TermField::Origin, name::ORIGIN),
    (TermField::Has, "has"),
    (TermField::Gap, "gap"),
    (TermField::Loop, name::LOOP),
    (TermField::Reference, "reference"),
];

const ID_FIELDS: &[(IdField, &str)] = &[
    (IdField::Owner, name::OWNER),
    (IdField::Reporter, "reporter"),
    (IdField::Supplier, name::SUPPLIER),
    (IdField::Asset, name::ASSET),
];

const DATE_FIELDS: &[(DateField, &str)] = &[
    (DateField::Reported, "reported"),
    (DateField::Occurred, "occurred"),
    (DateField::Detected, "detected"),
    (DateField::Closed, "closed"),
    (DateField::Registered, "registered"),
    (DateField::Due, "due"),
    (DateField::OpenDue, "open_due"),
    (DateField::Check, "check"),
    (DateField::LoopDue, "loop_due"),
];

const PERIODS: &[(DateBasis, &str)] = &[
    (DateBasis::Earliest, "period_earliest"),
    (DateBasis::Reported, "period_reported"),
    (DateBasis::Occurred, "period_occurred"),
    (DateBasis::Detected, "period_detected"),
    (DateBasis::Registered, "period_registered"),
];

fn fast() -> NumericOptions {
    NumericOptions::default().set_fast()
}

fn words() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(WORDS)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

/// A whole value: found by its folded form, shown and counted as written.
fn folded() -> TextOptions {
    basic(FOLDED).set_fast("raw")
}

fn raw() -> TextOptions {
    basic("raw")
}

fn basic(tokenizer: &str) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    TextOptions::default().set_indexing_options(indexing)
}

fn add_fast_word(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(name, TextOptions::default().set_fast("raw"))
}
