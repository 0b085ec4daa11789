//! Controls: what keeps things from happening. Those of Annex A of ISO/IEC 27001:2022 are there without anybody adding
//! them; beside them stand the company's own. Together, with what is said of each, they are the Statement of Applicability
//! (clause 6.1.3 d).

mod change;
mod reference;

use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use change::ControlChange;
pub use reference::{AnnexControl, ControlRef, ControlRefError, OwnControlRef, Theme, annex_a};

use crate::id::{ControlId, PersonId};
use crate::refusal::Refusal;
use crate::text::{Line, Prose};
use crate::time::{Date, Timestamp};

words! {
    /// How far a control is put in place.
    ImplementationStatus("implementation status") {
        /// Not at all.
        NotImplemented = "not_implemented",
        /// Somebody will.
        Planned = "planned",
        /// In part.
        PartlyImplemented = "partly_implemented",
        /// Wholly.
        Implemented = "implemented",
    }
}

/// What is written down about a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlRecord {
    /// Identity.
    pub id: ControlId,
    /// Counts the changes; 0 as long as nobody said anything about a control of Annex A.
    pub version: u64,
    /// The reference.
    pub reference: ControlRef,
    /// What it is called.
    pub title: Line,
    /// What it is in this company.
    pub description: Option<Prose>,
    /// Whether the company needs it.
    pub applicable: bool,
    /// Why it is needed, or why not.
    pub justification: Option<Prose>,
    /// How far it is put in place.
    pub status: ImplementationStatus,
    /// Who answers for it.
    pub owner_id: Option<PersonId>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// Why.
    pub retired_reason: Option<Prose>,
    /// When it became known to the register.
    pub created_at: Timestamp,
}

/// A control; reads like its record, changes only through its transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control(ControlRecord);

/// What becomes of a control's facts; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ControlEdit {
    /// What it is called.
    pub title: Option<Line>,
    /// What it is in this company.
    pub description: Option<Option<Prose>>,
    /// Whether the company needs it.
    pub applicable: Option<bool>,
    /// Why it is needed, or why not.
    pub justification: Option<Option<Prose>>,
    /// How far it is put in place.
    pub status: Option<ImplementationStatus>,
    /// Who answers for it.
    pub owner_id: Option<Option<PersonId>>,
}

/// A change to a control that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ControlError {
    /// Not applicable, and nobody says why.
    #[error("a control that is not applicable needs a justification; say why it is not needed")]
    JustificationMissing,
    /// The titles of Annex A are the standard's.
    #[error("{0} is called as in the standard; describe it in your own words instead")]
    TitleOfTheStandard(ControlRef),
    /// Annex A is not the company's to retire.
    #[error("{0} is of the standard and stays; say that it is not applicable, and why")]
    StaysInTheStandard(ControlRef),
    /// It was retired before.
    #[error("{0} is retired; what was said of it stays as it is")]
    Retired(ControlRef),
    /// Before and after are the same.
    #[error("before and after say the same; say what is different now")]
    NothingChanged,
    /// The day of a change is still to come.
    #[error("{found} is still to come; record a change once it is made (today is {today})")]
    NotYet {
        /// The day named.
        found: Date,
        /// Today.
        today: Date,
    },
}

impl Refusal for ControlError {
    fn code(&self) -> &'static str {
        match self {
            Self::JustificationMissing => "control.justification_missing",
            Self::TitleOfTheStandard(_) => "control.title_of_the_standard",
            Self::StaysInTheStandard(_) => "control.stays_in_the_standard",
            Self::Retired(_) => "control.retired",
            Self::NothingChanged => "control.nothing_changed",
            Self::NotYet { .. } => "control.not_yet",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::JustificationMissing => Some("justification"),
            Self::TitleOfTheStandard(_) => Some("title"),
            Self::NothingChanged => Some("after"),
            Self::NotYet { .. } => Some("changed_on"),
            Self::StaysInTheStandard(_) | Self::Retired(_) => None,
        }
    }
}

impl Control {
    /// A control of Annex A before anybody said anything about it: applicable, and not put in place.
    #[must_use]
    pub fn of_the_standard(id: ControlId, of: &AnnexControl, at: Timestamp) -> Self {
        Self(ControlRecord::blank(id, of.reference, of.title.clone(), at))
    }

    /// A control of the company's own.
    #[must_use]
    pub fn own(id: ControlId, reference: OwnControlRef, title: Line, at: Timestamp) -> Self {
        Self(ControlRecord::blank(id, ControlRef::Own(reference), title, at))
    }

    /// Takes a control back from what was written down.
    #[must_use]
    pub fn restore(record: ControlRecord) -> Self {
        Self(record)
    }

    /// Whether it is not used any more.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        self.0.retired_at.is_some()
    }

    /// Says other facts of it.
    ///
    /// # Errors
    /// It is retired, its title is the standard's, or it is not applicable and nobody says why.
    pub fn edit(mut self, edit: ControlEdit) -> Result<Self, ControlError> {
        self.in_use()?;
        if let Some(title) = edit.title {
            if title != self.0.title && matches!(self.0.reference, ControlRef::Annex(_)) {
                return Err(ControlError::TitleOfTheStandard(self.0.reference));
            }
            self.0.title = title;
        }
        self.0.description = edit.description.unwrap_or(self.0.description);
        self.0.applicable = edit.applicable.unwrap_or(self.0.applicable);
        self.0.justification = edit.justification.unwrap_or(self.0.justification);
        self.0.status = edit.status.unwrap_or(self.0.status);
        self.0.owner_id = edit.owner_id.unwrap_or(self.0.owner_id);
        if !self.0.applicable && self.0.justification.is_none() {
            return Err(ControlError::JustificationMissing);
        }
        Ok(self)
    }

    /// Retires a control of the company's own.
    ///
    /// # Errors
    /// It is of the standard, or retired already.
    pub fn retire(mut self, reason: Prose, at: Timestamp) -> Result<Self, ControlError> {
        if matches!(self.0.reference, ControlRef::Annex(_)) {
            return Err(ControlError::StaysInTheStandard(self.0.reference));
        }
        self.in_use()?;
        self.0.retired_at = Some(at);
        self.0.retired_reason = Some(reason);
        Ok(self)
    }

    /// Whether something new may be said of it.
    ///
    /// # Errors
    /// It is retired.
    pub fn in_use(&self) -> Result<(), ControlError> {
        if self.is_retired() { Err(ControlError::Retired(self.0.reference)) } else { Ok(()) }
    }
}

impl ControlRecord {
    fn blank(id: ControlId, reference: ControlRef, title: Line, at: Timestamp) -> Self {
        Self {
            id,
            version: 0,
            reference,
            title,
            description: None,
            applicable: true,
            justification: None,
            status: ImplementationStatus::NotImplemented,
            owner_id: None,
            retired_at: None,
            retired_reason: None,
            created_at: at,
        }
    }
}

impl Deref for Control {
    type Target = ControlRecord;

    fn deref(&self) -> &ControlRecord {
        &self.0
    }
}

#[cfg(test)]
mod tests;
