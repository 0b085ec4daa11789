//! The incident management procedure: a versioned, approved document whose rules the program enforces, so that what is
//! written and what is done cannot drift apart (PRODUCT §2; ISO/IEC 27001:2022 A.5.24, A.5.27).

mod calendar;
mod measures;
mod notation;
mod promise;
mod reminder;
mod review_rule;
mod rules;
mod shipped;
mod state;
mod version;

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::id::{LessonId, PersonId, ProcedureId};
use crate::reference::ProcedureRef;
use crate::text::Prose;
use crate::time::{Date, Timestamp};

pub use calendar::{Calendar, Holiday, Weekday, holidays};
pub use measures::{DaysBySeverity, EscalateTo, Escalation, Indicator, Target, Trend, TrendOf};
pub use notation::NotationError;
pub use promise::{Difference, Measured, Outcome, Part, Promise, Subject, difference};
pub use reminder::Reminder;
pub use review_rule::{Leader, ReviewRule, SeverityRange};
pub use rules::{Rules, RulesError};
pub use shipped::{Shipped, shipped};
pub use state::{ProcedureEdit, ProcedureError};
pub use version::VersionName;

words! {
    /// Where a version of the procedure stands.
    ProcedureState("state of a procedure") {
        /// Being written.
        Draft = "draft",
        /// Awaits approval by somebody who did not write it.
        InReview = "in_review",
        /// Approved; in force from its day on, until a later one is.
        Approved = "approved",
        /// Given up before it was approved.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What a version is on a given day: its state, and for an approved one whether it counts.
    Standing("standing of a procedure") {
        /// Being written.
        Draft = "draft",
        /// Awaits approval.
        InReview = "in_review",
        /// Approved, from a day to come.
        Approved = "approved",
        /// In force.
        Published = "published",
        /// Was in force, or was overtaken before it came into force.
        Superseded = "superseded",
        /// Given up.
        Withdrawn = "withdrawn",
    }
}

/// What is written down about a version of the procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureRecord {
    /// Identity.
    pub id: ProcedureId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference; its number, from 1, is what reviews name. 0 stands for the procedure that comes with the program.
    pub reference: ProcedureRef,
    /// Where it stands.
    pub state: ProcedureState,
    /// What the program enforces.
    pub rules: Rules,
    /// What people read, in Markdown; the rules are rendered behind it.
    pub text: Prose,
    /// What changed, and why.
    pub summary: Prose,
    /// The lessons that led to it.
    pub lessons: BTreeSet<LessonId>,
    /// Who began it.
    pub author_id: PersonId,
    /// Everybody who wrote on it.
    pub authors: BTreeSet<PersonId>,
    /// Who submitted it.
    pub submitted_by: Option<PersonId>,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// From which day on it counts.
    pub effective_on: Option<Date>,
    /// Why it was given up.
    pub withdrawn_reason: Option<Prose>,
    /// When it was begun.
    pub created_at: Timestamp,
}

/// A version of the procedure; reads like its record, changes only through its transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure(ProcedureRecord);

impl Deref for Procedure {
    type Target = ProcedureRecord;

    fn deref(&self) -> &ProcedureRecord {
        &self.0
    }
}

/// A version by its number, in words; 0 is the one that comes with the program.
#[must_use]
pub fn version_in_words(number: u32) -> String {
    match number {
        0 => "the procedure that comes with the program".to_owned(),
        number => format!("version {number} of the procedure"),
    }
}

/// The version that is in force on a day: of the approved ones that count by then the one with the latest day, and of
/// several of one day the one with the highest number. None if the company has approved none yet.
pub fn in_force<'p>(all: impl IntoIterator<Item = &'p Procedure>, on: Date) -> Option<&'p Procedure> {
    all.into_iter()
        .filter_map(|procedure| Some((procedure.counts_from()?, procedure)))
        .filter(|(from, _)| *from <= on)
        .max_by_key(|(from, procedure)| (*from, procedure.reference))
        .map(|(_, procedure)| procedure)
}

#[cfg(test)]
mod tests;
