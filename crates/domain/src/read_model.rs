//! The plain documents that an index keeps: one per record, with what lists, search, facets and measures need.
//!
//! They are derived: the service makes them from the store, an index may forget them at any time. People,
//! suppliers and assets are ids here and are named when shown. [`Document::facts`] gives every kind of document
//! the same shape, so that what an index evaluates is defined in one place.

mod facts;
mod refresh;
#[cfg(test)]
mod tests;

use jiff::civil::DateTime;
use uuid::Uuid;

use crate::case::{Class, Decision, Origin, Severity};
use crate::field::{FieldKey, FieldType};
use crate::id::{AssetId, CaseId, PersonId, SupplierId};
use crate::time::{Date, Timestamp};
use crate::when::When;

pub use facts::{Facts, reference_key};
pub use refresh::{asks_for_rebuild, refreshes};

words! {
    /// What kind of record a document is about.
    DocumentKind("kind of document") {
        /// A case.
        Case = "case",
        /// A lesson.
        Lesson = "lesson",
        /// An action.
        Action = "action",
        /// A review.
        Review = "review",
        /// An AI asset.
        Asset = "asset",
        /// A supplier.
        Supplier = "supplier",
    }
}

words! {
    /// Why a case is left out of figures.
    LeftOut("reason for leaving out") {
        /// It is void.
        Void = "void",
        /// It is part of another case, which is counted.
        PartOf = "part_of",
    }
}

/// A document of the index.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// Of a case.
    Case(CaseDocument),
    /// Of a lesson.
    Lesson(LessonDocument),
    /// Of an action.
    Action(ActionDocument),
    /// Of a review.
    Review(ReviewDocument),
    /// Of an asset.
    Asset(AssetDocument),
    /// Of a supplier.
    Supplier(SupplierDocument),
}

/// What every document has.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    /// The record's id.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// The reference that it had in another register.
    pub origin_reference: Option<String>,
    /// References of records that it belongs with; only of records that everybody who sees this one may see.
    pub links: Vec<String>,
    /// Its title, name or statement.
    pub title: String,
    /// The word of its state.
    pub state: &'static str,
    /// Whether it is unfinished.
    pub open: bool,
    /// When it entered this register.
    pub registered_at: Timestamp,
    /// The same moment as a clock in the company's time zone shows it.
    pub registered_local: DateTime,
    /// Who may find it.
    pub access: DocumentAccess,
    /// Its tags.
    pub tags: Vec<String>,
    /// Values of company-defined fields.
    pub fields: Vec<CompanyValue>,
    /// Its running texts, title excluded.
    pub passages: Vec<Passage>,
}

/// Who may find a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentAccess {
    /// Everybody who sees the register, and the people named: the reporter, the owner of the action.
    Open {
        /// The people who find it although they do not see the register.
        named: Vec<PersonId>,
    },
    /// Nobody but these. A document about a restricted case inherits the case's list.
    Restricted {
        /// The need-to-know list.
        readers: Vec<PersonId>,
    },
}

/// A running text of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What kind of text it is.
    pub part: TextPart,
    /// The text.
    pub text: String,
}

/// What kind of text a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextPart {
    /// Summary, description, minutes: the record's own text.
    Body,
    /// A cause.
    Cause,
    /// A lesson.
    Lesson,
    /// An action.
    Action,
    /// A timeline entry.
    Timeline,
    /// A comment.
    Comment,
    /// Name or note of a piece of evidence.
    Evidence,
}

/// A company-defined value.
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyValue {
    /// The field.
    pub key: FieldKey,
    /// Its value.
    pub value: FieldValue,
}

/// A value by the type of its field.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// Text, choice or link.
    Text(String),
    /// A number.
    Number(f64),
    /// A date.
    Date(When),
    /// A person.
    Person(PersonId),
}

impl FieldValue {
    /// Reads a stored value by its field's type; what does not fit the type is kept as text.
    #[must_use]
    pub fn read(kind: FieldType, text: &str) -> Self {
        let typed = match kind {
            FieldType::Number => text.trim().parse().ok().filter(|n: &f64| n.is_finite()).map(Self::Number),
            FieldType::Date => text.parse().ok().map(Self::Date),
            FieldType::Person => text.trim().parse().ok().map(Self::Person),
            FieldType::Text | FieldType::Choice | FieldType::Link => None,
        };
        typed.unwrap_or_else(|| Self::Text(text.to_owned()))
    }
}

/// How many of each a case has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Actions.
    pub actions: u32,
    /// Lessons.
    pub lessons: u32,
    /// Causes.
    pub causes: u32,
    /// Pieces of evidence.
    pub evidence: u32,
    /// Timeline entries.
    pub timeline: u32,
    /// Comments.
    pub comments: u32,
    /// Reviews.
    pub reviews: u32,
    /// Cost lines.
    pub costs: u32,
}

/// How far a case has come in its loop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learning {
    /// The links that are in place or not needed, by the words of the query field `loop`.
    pub in_place: Vec<&'static str>,
    /// Whether it is closed and every link is in place.
    pub is_learned: bool,
    /// Whether it was closed elsewhere, before this register asked for anything.
    pub is_before_the_loop: bool,
    /// Whether a link was declared not needed, one of its lessons is covered without an action, or an action is not done
    /// by decision.
    pub is_exception: bool,
    /// Whether it is a part of an incident, which stands for it in figures.
    pub is_part: bool,
    /// When the last link is due.
    pub due: Option<Date>,
}

/// The document of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseDocument {
    /// What every document has.
    pub common: Common,
    /// Class.
    pub class: Class,
    /// Severity.
    pub severity: Option<Severity>,
    /// Category.
    pub category: Option<String>,
    /// Event decision.
    pub decision: Decision,
    /// Where it came from.
    pub origin: Origin,
    /// When it was reported.
    pub reported: Option<When>,
    /// When it happened.
    pub occurred: Option<When>,
    /// When it was noticed.
    pub detected: Option<When>,
    /// When it was closed.
    pub closed: Option<When>,
    /// Who works on it.
    pub responders: Vec<PersonId>,
    /// Who reported it.
    pub reporter: Option<PersonId>,
    /// Suppliers involved.
    pub suppliers: Vec<SupplierId>,
    /// Assets involved.
    pub assets: Vec<AssetId>,
    /// The case that it is part of.
    pub part_of: Option<CaseId>,
    /// The earliest due date of its unfinished actions.
    pub open_due: Option<Date>,
    /// What it has.
    pub counts: Counts,
    /// Kinds of import gaps still open.
    pub gaps: Vec<String>,
    /// How far it has come in its loop.
    pub learning: Learning,
}

/// The document of a lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct LessonDocument {
    /// What every document has.
    pub common: Common,
    /// Who wrote it.
    pub owner: Option<PersonId>,
    /// When it will be looked at again.
    pub review_on: Option<Date>,
    /// How many actions put it to work.
    pub action_count: u32,
}

/// The document of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionDocument {
    /// What every document has.
    pub common: Common,
    /// Who owes it.
    pub owner: PersonId,
    /// When it is due.
    pub due: Date,
    /// When its effectiveness will be checked.
    pub check_on: Option<Date>,
    /// How many pieces of evidence it has.
    pub evidence_count: u32,
    /// How many checks are planned or done.
    pub check_count: u32,
    /// Class of its case.
    pub class: Option<Class>,
    /// Severity of its case.
    pub severity: Option<Severity>,
}

/// The document of a review.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewDocument {
    /// What every document has.
    pub common: Common,
    /// Who leads it.
    pub facilitator: Option<PersonId>,
    /// When it is due.
    pub due: Option<Date>,
    /// How many causes it found.
    pub cause_count: u32,
    /// How many lessons came of it.
    pub lesson_count: u32,
}

/// The document of an AI asset.
#[derive(Debug, Clone, PartialEq)]
pub struct AssetDocument {
    /// What every document has.
    pub common: Common,
    /// What it is: dataset, model …
    pub category: Option<String>,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// Who supplies it.
    pub suppliers: Vec<SupplierId>,
}

/// The document of a supplier.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplierDocument {
    /// What every document has.
    pub common: Common,
    /// Who answers for it.
    pub owner: Option<PersonId>,
}

impl Document {
    /// What every document has.
    #[must_use]
    pub fn common(&self) -> &Common {
        match self {
            Self::Case(document) => &document.common,
            Self::Lesson(document) => &document.common,
            Self::Action(document) => &document.common,
            Self::Review(document) => &document.common,
            Self::Asset(document) => &document.common,
            Self::Supplier(document) => &document.common,
        }
    }

    /// What kind of record it is about.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        match self {
            Self::Case(_) => DocumentKind::Case,
            Self::Lesson(_) => DocumentKind::Lesson,
            Self::Action(_) => DocumentKind::Action,
            Self::Review(_) => DocumentKind::Review,
            Self::Asset(_) => DocumentKind::Asset,
            Self::Supplier(_) => DocumentKind::Supplier,
        }
    }
}

impl Common {
    /// Whether only a need-to-know list may find it.
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        matches!(self.access, DocumentAccess::Restricted { .. })
    }

    /// The people who may find it although they do not see the register, or who alone may find it.
    #[must_use]
    pub fn readers(&self) -> &[PersonId] {
        match &self.access {
            DocumentAccess::Open { named } => named,
            DocumentAccess::Restricted { readers } => readers,
        }
    }
}
