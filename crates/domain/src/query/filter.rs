//! What an index evaluates: a query after everything that depends on the day and the viewer was put in.

use jiff::civil::DateTime;
use uuid::Uuid;

/// A plain filter over documents.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every document.
    Everything,
    /// No document.
    Nothing,
    /// Every part holds.
    All(Vec<Self>),
    /// At least one part holds.
    Any(Vec<Self>),
    /// The part does not hold.
    Not(Box<Self>),
    /// Words in this order; the index splits and folds them as it does documents.
    Text {
        /// Where.
        scope: TextScope,
        /// The words.
        text: String,
        /// Whether the last word is only the beginning of one.
        prefix: bool,
    },
    /// A folded value equals one of these.
    Terms {
        /// Of which field.
        field: TermField,
        /// The values, folded by [`crate::text::fold`].
        values: Vec<String>,
    },
    /// A folded value begins so.
    TermPrefix {
        /// Of which field.
        field: TermField,
        /// The folded beginning.
        prefix: String,
    },
    /// One of these records is named.
    Ids {
        /// In which role.
        field: IdField,
        /// Their ids; empty matches nothing.
        ids: Vec<Uuid>,
    },
    /// The whole period that the document's date covers lies in `first..before`.
    ///
    /// So a date known only to the year matches a year, never one of its months. An unknown date never matches.
    Dates {
        /// Which date.
        field: DateField,
        /// The earliest moment, as a clock on the wall shows it.
        first: Option<DateTime>,
        /// The first moment after.
        before: Option<DateTime>,
    },
    /// Restricted or not.
    Restricted(bool),
    /// A company-defined field.
    Company {
        /// Its folded name.
        name: String,
        /// What its value must fulfil.
        test: CompanyTest,
    },
}

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextScope {
    /// Anywhere.
    Anywhere,
    /// In the title.
    Title,
    /// In the causes.
    Cause,
    /// In the lessons.
    Lesson,
}

/// A field with words as values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermField {
    /// Kind of document.
    Kind,
    /// Class.
    Class,
    /// State.
    State,
    /// `yes` while unfinished.
    Open,
    /// Severity, `1` to `5`.
    Severity,
    /// Category.
    Category,
    /// Tag.
    Tag,
    /// Event decision.
    Decision,
    /// Origin.
    Origin,
    /// What it has.
    Has,
    /// An import gap.
    Gap,
    /// A link of the loop.
    Loop,
    /// Its reference, here or elsewhere.
    Reference,
}

/// A field with ids as values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdField {
    /// Owner.
    Owner,
    /// Reporter.
    Reporter,
    /// Supplier.
    Supplier,
    /// Asset.
    Asset,
}

/// A date of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateField {
    /// Reported.
    Reported,
    /// Occurred.
    Occurred,
    /// Detected.
    Detected,
    /// Closed.
    Closed,
    /// Registered.
    Registered,
    /// Due.
    Due,
    /// Due and still unfinished.
    OpenDue,
    /// Effectiveness check planned.
    Check,
    /// The last link of the loop.
    LoopDue,
}

/// A test of a company field. Its type is not in the query, so every reading that fits the text is tried.
#[derive(Debug, Clone, PartialEq)]
pub enum CompanyTest {
    /// Equal to a value.
    Equals {
        /// The folded text.
        text: String,
        /// The text as a number.
        number: Option<f64>,
        /// The text as a stretch of dates.
        dates: Option<(DateTime, Option<DateTime>)>,
        /// The people of that name.
        people: Vec<Uuid>,
    },
    /// A text that begins so (folded).
    Prefix(String),
    /// A number between two limits.
    Number {
        /// The lower limit and whether it is included.
        low: Option<(f64, bool)>,
        /// The upper limit and whether it is included.
        high: Option<(f64, bool)>,
    },
    /// A date between two moments, as [`Filter::Dates`].
    Dates {
        /// The earliest moment.
        first: Option<DateTime>,
        /// The first moment after.
        before: Option<DateTime>,
    },
}

impl Filter {
    /// Whether it tests only facts that a figure may be broken down by (class, state, severity, category, decision,
    /// origin, dates): such a filter cannot be used to guess the words of a record one may not see.
    #[must_use]
    pub fn is_structural(&self) -> bool {
        match self {
            Self::Everything | Self::Nothing => true,
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::is_structural),
            Self::Not(part) => part.is_structural(),
            Self::Terms { field, .. } => {
                use TermField::{Gap, Has, Loop, Reference, Tag};
                !matches!(field, Tag | Has | Gap | Loop | Reference)
            }
            Self::Dates { field, .. } => {
                use DateField::{Check, Due, LoopDue, OpenDue};
                !matches!(field, Due | OpenDue | Check | LoopDue)
            }
            Self::TermPrefix { field, .. } => *field == TermField::Category,
            Self::Text { .. } | Self::Ids { .. } | Self::Restricted(_) | Self::Company { .. } => false,
        }
    }
}
