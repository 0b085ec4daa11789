//! Which records a bundle shows in full.

use std::collections::{BTreeSet, HashSet};

use nevertwice_domain::case::Case;
use nevertwice_domain::id::{CaseId, RiskId};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::CaseRef;
use nevertwice_store::{case as cases, risk as risks};
use uuid::Uuid;

use crate::case::{hanging_on, readable};
use crate::error::ServiceError;
use crate::service::Unit;

/// Cases looked at at once.
const PORTION: u32 = 512;
/// Above this many bytes, cases are told by their number and range.
const LISTED_BYTES: usize = 3_500;

/// What a bundle shows in full; everything else is there as hashes.
pub(super) struct Scope {
    /// Cases with their reviews, lessons and actions.
    objects: HashSet<Uuid>,
    /// The cases asked for; none for the whole register.
    cases: Vec<CaseRef>,
    /// Whether records that belong to no case are shown.
    whole: bool,
    /// Risks that hang on a case which the exporter may not know of: what the trail tells of them would tell of it.
    hidden_risks: BTreeSet<RiskId>,
}

impl Scope {
    /// Works out what the caller asked for and may read.
    ///
    /// # Errors
    /// One of the cases is not there, or the caller may not know of it.
    pub(super) fn of(unit: &mut Unit<'_>, wanted: &[CaseRef]) -> Result<Self, ServiceError> {
        let hidden_risks = risks::touched_by_hidden(unit.tx, unit.caller.id())?;
        let whole = wanted.is_empty();
        let mut scope = Self { objects: HashSet::new(), cases: wanted.to_vec(), whole, hidden_risks };
        scope.cases.sort();
        scope.cases.dedup();
        if scope.whole {
            scope.add_every_readable_case(unit)?;
        } else {
            let found: Result<Vec<Case>, _> =
                scope.cases.clone().into_iter().map(|case| readable(unit, case)).collect();
            scope.add(unit, &found?)?;
        }
        Ok(scope)
    }

    /// Whether a record is shown in full.
    pub(super) fn holds(&self, kind: ObjectKind, id: Uuid) -> bool {
        match kind {
            ObjectKind::Case | ObjectKind::Review | ObjectKind::Lesson | ObjectKind::Action => {
                self.objects.contains(&id)
            }
            ObjectKind::Risk => self.whole && !self.hidden_risks.contains(&RiskId::new(id)),
            ObjectKind::Person
            | ObjectKind::Control
            | ObjectKind::Supplier
            | ObjectKind::Asset
            | ObjectKind::Field
            | ObjectKind::Procedure
            | ObjectKind::ImportRun
            | ObjectKind::AwarenessItem
            | ObjectKind::Settings => self.whole,
        }
    }

    /// The scope in words. It does not tell whether there is anything that the caller may not read.
    pub(super) fn text(&self) -> String {
        if self.whole {
            return "the whole register, as far as its exporter may read it".to_owned();
        }
        let listed: Vec<String> = self.cases.iter().map(ToString::to_string).collect();
        let text = format!("{} with reviews, lessons and actions", listed.join(", "));
        match (listed.first(), listed.last()) {
            (Some(first), Some(last)) if text.len() > LISTED_BYTES => {
                format!("{} cases from {first} to {last}, with reviews, lessons and actions", listed.len())
            }
            _ => text,
        }
    }

    fn add_every_readable_case(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let mut after = CaseId::new(Uuid::nil());
        loop {
            let ids = cases::ids_after(unit.tx, after, PORTION)?;
            let Some(last) = ids.last() else { return Ok(()) };
            after = *last;
            let mut found = cases::several(unit.tx, &ids)?;
            found.retain(|case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok());
            self.add(unit, &found)?;
        }
    }

    /// Adds cases and what hangs on them.
    fn add(&mut self, unit: &mut Unit<'_>, shown: &[Case]) -> Result<(), ServiceError> {
        self.objects.extend(shown.iter().map(|case| case.id.uuid()));
        self.objects.extend(hanging_on(unit, shown)?.iter().map(|part| part.id));
        Ok(())
    }
}
