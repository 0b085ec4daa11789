//! What an import plans, whatever it reads: rows, the cases they become, and the gaps they leave. The plan knows no
//! database: whether a case exists already is decided by who stores it.

mod gap;
mod outlook;
mod places;

use nevertwice_domain::action::ActionPurpose;
use nevertwice_domain::case::{Class, CostBasis, CostKind, Decision, DetectionSource, Severity, Tag};
use nevertwice_domain::field::{FieldKey, FieldType};
use nevertwice_domain::money::Money;
use nevertwice_domain::person::PersonKind;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_domain::when::When;
use thiserror::Error;

pub use gap::{Gap, GapKind};
pub use outlook::{CasePreview, ChangePreview, Counts, Expected, Outlook, RejectionPreview};
pub use places::{GapPlace, GapPlaces};

/// One row of a spreadsheet or record of another source, and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedRow {
    /// Its number in the file, from 1.
    pub row_number: u64,
    /// The number of the case in the old register, if the row has one that can be kept.
    pub origin_reference: Option<Line>,
    /// SHA-256 over the content: independent of the order of columns or keys, of the format and of the reasons that an
    /// import adds to rejected rows. Two rows with the same content that are read in the same way have the same hash. A
    /// row with a reference that is read in another way has another one; of a row without a reference nothing but its
    /// content tells which row it is.
    pub row_hash: [u8; 32],
    /// What stands in the source.
    pub original: Original,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What stands in the source, verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Original {
    /// Cells as text, as wide as the header or the row.
    Cells(Vec<String>),
    /// A record as JSON text, as it was read; broken if the record is rejected for that.
    Record(String),
}

impl Original {
    /// The cells of a row; none of a record.
    #[must_use]
    pub fn cells(&self) -> &[String] {
        match self {
            Self::Cells(cells) => cells,
            Self::Record(_) => &[],
        }
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A case.
    Case(Box<PlannedCase>),
    /// Nothing: the row is blank.
    Blank,
    /// Nothing until somebody mends it.
    Rejected(Rejection),
}

impl Outcome {
    /// The facts of a case as bytes: the same for the same facts.
    pub(crate) fn reading(&self) -> Option<Vec<u8>> {
        match self {
            Self::Case(case) => serde_json::to_vec(case).ok(),
            Self::Blank | Self::Rejected(_) => None,
        }
    }
}

/// Why a row cannot be a case.
#[derive(Debug, Clone, PartialEq, Eq, Error, serde::Serialize)]
#[error("{column}: found {found}, expected {expected}; {fix}")]
pub struct Rejection {
    /// The column, or the place in the record.
    pub column: String,
    /// What was found, shortened.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// How to mend it.
    pub fix: String,
}

/// A case as its row describes it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PlannedCase {
    /// What happened, in one line.
    pub title: Line,
    /// What happened, at length; begins with the whole text if the title was shortened.
    pub description: Option<Prose>,
    /// The class; assumed if there is a gap that says so.
    pub class: Class,
    /// What class and status say about the event decision.
    pub decision: Decision,
    /// The severity, where it could be read.
    pub severity: Option<Severity>,
    /// Where the case stood; closed if only a closing date says so.
    pub standing: Option<Standing>,
    /// Its moments.
    pub moments: Moments,
    /// Who or what noticed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<DetectionSource>,
    /// How it was noticed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection_method: Option<Line>,
    /// The category.
    pub category: Option<Line>,
    /// The root cause as written.
    pub cause: Option<Prose>,
    /// The lesson as written.
    pub lesson: Option<Prose>,
    /// Actions with a named person and a day.
    pub actions: Vec<PlannedAction>,
    /// What is missing or unclear, actions without owner or day among it.
    pub gaps: Vec<Gap>,
    /// Who reported it.
    pub reporter: Option<Mention>,
    /// Suppliers by name.
    pub suppliers: Vec<Line>,
    /// Assets by name.
    pub assets: Vec<Line>,
    /// What it cost.
    pub costs: Vec<PlannedCost>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Notes, each a comment; each column of notes beside the first under its name.
    pub notes: Vec<Prose>,
    /// Values of company fields.
    pub fields: Vec<PlannedField>,
    /// Everybody whom the row names, each once, teams among them.
    pub people: Vec<Mention>,
    /// What the row itself says of the facts that every case has.
    #[serde(skip)]
    pub said: Said,
}

/// Which facts that every case has the row itself says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The title; otherwise it is the beginning of the description while the file has a column of titles.
    pub title: bool,
    /// The class; otherwise it is assumed.
    pub class: bool,
}

/// The moments of a case, each at the precision that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Moments {
    /// When it happened.
    pub occurred: Option<When>,
    /// When it was noticed.
    pub detected: Option<When>,
    /// When it was reported.
    pub reported: Option<When>,
    /// When somebody took it up.
    pub acknowledged: Option<When>,
    /// When it could do no more harm.
    pub contained: Option<When>,
    /// When service was as before.
    pub resolved: Option<When>,
    /// When the case was closed.
    pub closed: Option<When>,
}

/// An action with its named owner and its day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PlannedAction {
    /// What is to be done.
    pub text: Prose,
    /// The one person who owns it.
    pub owner: Mention,
    /// When it is due.
    pub due: Date,
    /// Why it is taken, if the column says so.
    pub purpose: Option<ActionPurpose>,
}

/// A cost of the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct PlannedCost {
    /// What it went into.
    pub kind: CostKind,
    /// The amount.
    pub amount: Money,
    /// Known or estimated.
    pub basis: CostBasis,
    /// Lower end of an estimate, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_minor: Option<i64>,
    /// Upper end of an estimate, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_minor: Option<i64>,
}

impl PlannedCost {
    /// An amount of which nothing else is known.
    #[must_use]
    pub fn new(amount: Money, basis: CostBasis) -> Self {
        Self { kind: CostKind::Other, amount, basis, minimum_minor: None, maximum_minor: None }
    }
}

/// A person or team as a source names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mention {
    /// The name as written, without address and remark in brackets. An address alone is its own name.
    pub name: Line,
    /// One human being or a group.
    pub kind: PersonKind,
    /// The e-mail address, if one is written.
    pub email: Option<Line>,
}

nevertwice_domain::words! {
    /// Where a case stood in the register that it comes from.
    Standing("status of an imported case") {
        /// Nobody works on it yet.
        Open = "open",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Service is as before.
        Resolved = "resolved",
        /// Nothing more was to be done.
        Closed = "closed",
        /// Entered by mistake, or a duplicate.
        Dropped = "dropped",
    }
}

/// A value of a company field, in the field's written form.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PlannedField {
    /// The field.
    pub key: FieldKey,
    /// Its label: the column's name.
    pub label: String,
    /// What it holds.
    pub kind: FieldType,
    /// The value.
    pub value: Prose,
}
