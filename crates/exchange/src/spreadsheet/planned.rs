//! What a row becomes: typed facts, and gaps for what it does not say.

use std::collections::BTreeSet;

use nevertwice_domain::case::{CaseState, Class, CostBasis, Decision, Severity, Tag};
use nevertwice_domain::field::FieldKey;
use nevertwice_domain::money::Money;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_domain::when::When;
use serde::Serialize;

use super::value::name::Mention;

/// One row of the file with what becomes of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedRow {
    /// Row in the file, from 1.
    pub row_number: u64,
    /// Its reference in the file.
    pub origin_reference: Option<String>,
    /// SHA-256 over its cells as text: equal rows have equal hashes, whatever the mapping.
    #[serde(skip)]
    pub row_hash: [u8; 32],
    /// Its cells as text, for the file of rejected rows; without the column of reasons.
    #[serde(skip)]
    pub cells: Vec<String>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A case.
    Case(Box<PlannedCase>),
    /// Nothing: the row is blank.
    Blank,
    /// It cannot be used.
    Rejected {
        /// The column at fault.
        column: String,
        /// What it holds.
        found: String,
        /// What would do.
        expected: String,
        /// What to do.
        fix: String,
    },
}

/// A case as the row tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedCase {
    /// What happened, in a line. A longer text is cut and stands in full in the description.
    pub title: Line,
    /// What happened, at length.
    pub description: Option<Prose>,
    /// Its class.
    pub class: Class,
    /// The event decision.
    pub decision: Decision,
    /// 1 to 5; 5 is worst.
    pub severity: Option<Severity>,
    /// Where it stands.
    pub state: CaseState,
    /// The company's category.
    pub category: Option<Line>,
    /// Tags.
    pub tags: BTreeSet<Tag>,
    /// When it happened.
    pub occurred: Option<When>,
    /// When it was noticed.
    pub detected: Option<When>,
    /// When it was reported.
    pub reported: Option<When>,
    /// When somebody took it on.
    pub acknowledged: Option<When>,
    /// When it could do no more harm.
    pub contained: Option<When>,
    /// When service was as before.
    pub resolved: Option<When>,
    /// When it was closed.
    pub closed: Option<When>,
    /// The root cause as written.
    pub cause: Option<Prose>,
    /// The lesson as written.
    pub lesson: Option<Prose>,
    /// Actions with a named person and a date.
    pub actions: Vec<PlannedAction>,
    /// What the row does not say.
    pub gaps: Vec<PlannedGap>,
    /// Who reported it.
    pub reporter: Option<Mention>,
    /// The supplier involved.
    pub supplier: Option<Line>,
    /// The asset involved.
    pub asset: Option<Line>,
    /// What it cost.
    pub cost: Option<PlannedCost>,
    /// Values of company fields.
    pub fields: Vec<PlannedField>,
    /// Anything else.
    pub notes: Option<Prose>,
}

/// An action with a named person and a date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedAction {
    /// What is to be done, in a line.
    pub title: Line,
    /// The whole text, where it is longer than a line.
    pub text: Option<Prose>,
    /// Its owner, always a person.
    pub owner: Mention,
    /// When it is due.
    pub due: Date,
}

/// What a case cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedCost {
    /// The amount.
    pub amount: Money,
    /// Whether it is known or estimated.
    pub basis: CostBasis,
}

/// A value of a company field in the field's written form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedField {
    /// The field.
    pub key: FieldKey,
    /// The value.
    pub value: Prose,
}

/// Something that the row does not say, or says in a way that cannot be read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedGap {
    /// What is missing.
    pub kind: GapKind,
    /// The column.
    pub column: Option<String>,
    /// What the row says.
    pub detail: Option<Prose>,
}

nevertwice_domain::words! {
    /// What a row does not say.
    GapKind("import gap") {
        /// No known class: the mapping's default was taken.
        ClassAssumed = "class_assumed",
        /// A numeric severity, and nobody said which end is the worst.
        SeverityDirectionUnknown = "severity_direction_unknown",
        /// A severity that is neither a known word nor a number from 1 to 5.
        SeverityUnknown = "severity_unknown",
        /// A status that is no known word.
        StatusUnknown = "status_unknown",
        /// A date that cannot be read.
        DateUnreadable = "date_unreadable",
        /// Neither reported, detected nor occurred is known.
        Undated = "undated",
        /// An amount that cannot be read.
        CostUnreadable = "cost_unreadable",
        /// An amount without a currency.
        CurrencyUnknown = "currency_unknown",
        /// An action that names nobody, or several people.
        ActionWithoutOwner = "action_without_owner",
        /// An action that a team owns.
        ActionOwnedByTeam = "action_owned_by_team",
        /// An action without a day on which it is due.
        ActionWithoutDate = "action_without_date",
        /// A closed case without any action.
        ClosedWithoutAction = "closed_without_action",
        /// A reporter that is not one name.
        ReporterUnreadable = "reporter_unreadable",
        /// Any other value that does not fit its target.
        ValueUnreadable = "value_unreadable",
    }
}

impl Outcome {
    /// Why the row becomes no case, as a sentence for the list of fates.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Case(_) => None,
            Self::Blank => Some("the row is blank".to_owned()),
            Self::Rejected { column, found, expected, fix } => {
                Some(format!("column {column:?} holds {found}; expected {expected}. {fix}"))
            }
        }
    }
}
