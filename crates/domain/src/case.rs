//! The case: one entry of the register, with every fact of PRODUCT §4.
//!
//! A [`Case`] reads like its [`CaseRecord`] and changes only through its transitions, each of which can refuse.

mod ai_impact;
mod checklist;
mod cost;
mod declaration;
mod duration;
mod edit;
mod gate;
mod performance;
mod state;
mod timeline;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use serde::{Deserialize, Serialize};

pub use ai_impact::{
    AiImpact, BasisPoints, Confidentiality, DatasetExposure, Integrity, Quality, SupplyChain,
};
pub use checklist::{Checklist, ChecklistLine, LinkState, LoopOf};
pub use cost::{CostBasis, CostError, CostKind, CostLine, labour};
pub use declaration::{Declaration, DeclarationError, LoopLink};
pub use duration::{Duration, DurationKind, durations};
pub use edit::{CaseEdit, Link};
pub use gate::{ActionInLoop, LessonInLoop, LoopFacts, Missing, ReviewInLoop, RiskInLoop, missing};
pub use performance::{ControlPerformance, Performance};
pub use state::CaseError;
pub use timeline::{TimelineEntry, TimelineKind};
pub use vocabulary::{
    AiStage, CaseState, Class, Decision, DetectionSource, ImpactDecision, ImpactLevel, Origin, Severity,
    SeverityError, SupplyLayer, Tag, TagError,
};

use crate::field::FieldValues;
use crate::id::{AssetId, AssetVersionId, CaseId, PersonId, SupplierId};
use crate::reference::CaseRef;
use crate::text::{Line, Prose};
use crate::time::Timestamp;
use crate::when::When;

/// Everything written down about a case but its lists (timeline, costs, evidence, comments), which are records of
/// their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Identity.
    pub id: CaseId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference: gapless per year of registration, never changed.
    pub reference: CaseRef,
    /// Whether the case was born here or came with an import.
    pub origin: Origin,
    /// The reference that it had in the register it came from.
    pub origin_reference: Option<Line>,
    /// What happened, in one line.
    pub title: Line,
    /// What happened, in Markdown.
    pub summary: Option<Prose>,
    /// Event, weakness, near miss or incident.
    pub class: Class,
    /// Where the case stands.
    pub state: CaseState,
    /// Event decision (A.5.25): outcome.
    pub decision: Decision,
    /// Event decision: the criteria applied.
    pub decision_criteria: Option<Prose>,
    /// Event decision: who decided.
    pub decided_by: Option<PersonId>,
    /// Event decision: when.
    pub decided_at: Option<Timestamp>,
    /// 1 to 5; 5 is worst.
    pub severity: Option<Severity>,
    /// Category from the company's own list.
    pub category: Option<Line>,
    /// Tags: the company's own and those of VERIS, ATLAS, RSIT, OWASP.
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
    /// When the case was closed.
    pub closed: Option<When>,
    /// Who or what noticed it.
    pub detection: Option<DetectionSource>,
    /// How it was noticed.
    pub detection_method: Option<Line>,
    /// Confidentiality, integrity, availability: as feared at first.
    pub impact_initial: Impact,
    /// Confidentiality, integrity, availability: as it turned out.
    pub impact_final: Impact,
    /// The AI impact block.
    pub ai_impact: Option<AiImpact>,
    /// Who reported it.
    pub reporter: Option<PersonId>,
    /// Who works on it.
    pub responders: BTreeSet<PersonId>,
    /// The incident that this case is a part of.
    pub part_of: Option<CaseId>,
    /// Whether only the people in `readers` may know of the case.
    pub restricted: bool,
    /// The need-to-know list.
    pub readers: BTreeSet<PersonId>,
    /// Suppliers involved.
    pub suppliers: BTreeSet<SupplierId>,
    /// AI assets involved, with the version where known.
    pub assets: BTreeMap<AssetId, Option<AssetVersionId>>,
    /// Values of the company's own fields, as text in the field's form.
    pub fields: FieldValues,
    /// Why the case is void.
    pub void_reason: Option<Prose>,
    /// How often it was re-opened.
    pub reopened_count: u32,
    /// Why it was re-opened last.
    pub reopen_reason: Option<Prose>,
    /// When it was re-opened last.
    pub reopened_at: Option<Timestamp>,
    /// When it entered this register.
    pub registered_at: Timestamp,
    /// Who entered it.
    pub registered_by: PersonId,
}

/// Confidentiality, integrity and availability, each where known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// Did somebody see what they were not to see?
    pub confidentiality: Option<ImpactLevel>,
    /// Was something changed that was not to change?
    pub integrity: Option<ImpactLevel>,
    /// Was something not there when needed?
    pub availability: Option<ImpactLevel>,
}

/// A case; reads like its record, changes only through its methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case(CaseRecord);

/// What a new case is made of: a title and when it was reported are enough.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// Identity.
    pub id: CaseId,
    /// The next free reference.
    pub reference: CaseRef,
    /// What happened, in one line.
    pub title: Line,
    /// What the reporter takes it for.
    pub class: Class,
    /// Who reported it.
    pub reporter: PersonId,
    /// When it was reported.
    pub reported: When,
    /// Now.
    pub at: Timestamp,
}

impl Case {
    /// Reports a case.
    #[must_use]
    pub fn report(new: NewCase) -> Self {
        let mut record = CaseRecord::blank(new.id, new.reference, new.title, new.reporter, new.at);
        record.class = new.class;
        record.reporter = Some(new.reporter);
        record.reported = Some(new.reported);
        Self(record)
    }

    /// Reports a case without saying who reports it: `new.reporter` only registers it.
    #[must_use]
    pub fn report_openly(new: NewCase) -> Self {
        let Self(mut record) = Self::report(new);
        record.reporter = None;
        Self(record)
    }

    /// Takes a case over from another register, whatever its state there.
    #[must_use]
    pub fn import(mut record: CaseRecord) -> Self {
        record.origin = Origin::Import;
        Self(record)
    }

    /// Takes a case back from what was written down.
    #[must_use]
    pub fn restore(record: CaseRecord) -> Self {
        Self(record)
    }

    /// The earliest known of reported, detected and occurred: the date that a case is counted under by default.
    #[must_use]
    pub fn earliest_known(&self) -> Option<When> {
        [self.0.reported, self.0.detected, self.0.occurred].into_iter().flatten().min()
    }

    /// Whether `person` works on the case: a responder.
    #[must_use]
    pub fn is_responder(&self, person: PersonId) -> bool {
        self.0.responders.contains(&person)
    }

    /// Whether the case is restricted and `person` is not on its need-to-know list.
    #[must_use]
    pub fn shuts_out(&self, person: PersonId) -> bool {
        self.0.restricted && !self.0.readers.contains(&person)
    }
}

impl CaseRecord {
    /// A case of which only the title is known, in state *reported*.
    #[must_use]
    pub fn blank(id: CaseId, reference: CaseRef, title: Line, by: PersonId, at: Timestamp) -> Self {
        Self {
            id,
            version: 0,
            reference,
            origin: Origin::Native,
            origin_reference: None,
            title,
            summary: None,
            class: Class::Event,
            state: CaseState::Reported,
            decision: Decision::Undecided,
            decision_criteria: None,
            decided_by: None,
            decided_at: None,
            severity: None,
            category: None,
            tags: BTreeSet::new(),
            occurred: None,
            detected: None,
            reported: None,
            acknowledged: None,
            contained: None,
            resolved: None,
            closed: None,
            detection: None,
            detection_method: None,
            impact_initial: Impact::default(),
            impact_final: Impact::default(),
            ai_impact: None,
            reporter: None,
            responders: BTreeSet::new(),
            part_of: None,
            restricted: false,
            readers: BTreeSet::new(),
            suppliers: BTreeSet::new(),
            assets: BTreeMap::new(),
            fields: FieldValues::new(),
            void_reason: None,
            reopened_count: 0,
            reopen_reason: None,
            reopened_at: None,
            registered_at: at,
            registered_by: by,
        }
    }
}

impl Deref for Case {
    type Target = CaseRecord;

    fn deref(&self) -> &CaseRecord {
        &self.0
    }
}

#[cfg(test)]
mod tests;
