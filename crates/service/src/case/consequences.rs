//! What a case says of controls and risks, and what it changed in them.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::case::{Case, ControlPerformance, Declaration};
use nevertwice_domain::control::ControlChange;
use nevertwice_domain::id::{CaseId, PersonId, RiskId};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::risk::{Risk, RiskAssessment};
use nevertwice_store::{Tx, case as cases, control as controls, risk as risks};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::declare::approving;
use super::{CaseView, Names};
use crate::control::{change_views, performance_views};
use crate::error::ServiceError;
use crate::risk::{assessment_views, outlines};
use crate::service::Unit;

/// A link of a case's loop that is declared not needed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeclarationView {
    /// `review`, `causes`, `similar`, `lessons`, `actions`, `effectiveness`, `controls` or `risks`.
    pub link: String,
    /// Why it is not needed.
    pub reason: String,
    /// Who says so.
    pub declared_by: String,
    /// When, RFC 3339.
    pub declared_at: String,
    /// Who agrees; as long as nobody does it does not count.
    pub approved_by: Option<String>,
    /// When, RFC 3339.
    pub approved_at: Option<String>,
    /// Whether the caller could agree.
    #[serde(default)]
    pub may_approve: bool,
}

/// What a case says of controls and risks, what it changed in them, and which links of its loop are not needed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consequences {
    /// How controls did.
    pub(crate) performances: Vec<ControlPerformance>,
    /// What changed in controls.
    pub(crate) changes: Vec<ControlChange>,
    /// Risks that the case is linked to.
    pub(crate) linked: Vec<Risk>,
    /// Looks at risks that it asked for.
    pub(crate) looks: Vec<RiskAssessment>,
    /// The risks of those.
    pub(crate) looked_at: Vec<Risk>,
    /// Links of its loop that somebody says are not needed.
    pub(crate) declared: Vec<Declaration>,
}

impl Consequences {
    /// Those of several cases, with one statement per table.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn of_cases(tx: &mut Tx, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Self>, ServiceError> {
        let mut all: BTreeMap<CaseId, Self> = BTreeMap::new();
        for row in controls::performances_of_cases(tx, ids)? {
            all.entry(row.case_id).or_default().performances.push(row);
        }
        for row in controls::changes_of_cases(tx, ids)? {
            all.entry(row.case_id).or_default().changes.push(row);
        }
        for row in cases::declarations_of(tx, ids)? {
            all.entry(row.case_id).or_default().declared.push(row);
        }
        let wanted: BTreeSet<CaseId> = ids.iter().copied().collect();
        for risk in risks::of_cases(tx, ids)? {
            for case in risk.cases.intersection(&wanted) {
                all.entry(*case).or_default().linked.push(risk.clone());
            }
        }
        let looks = risks::assessments_of_cases(tx, ids)?;
        let looked_at: BTreeSet<RiskId> = looks.iter().map(|look| look.risk_id).collect();
        let looked_at = risks::several(tx, &looked_at.into_iter().collect::<Vec<_>>())?;
        for look in looks {
            let Some(case) = look.case_id else { continue };
            let of = all.entry(case).or_default();
            let is_new = !of.looked_at.iter().any(|risk| risk.id == look.risk_id);
            of.looked_at.extend(looked_at.iter().filter(|risk| is_new && risk.id == look.risk_id).cloned());
            of.looks.push(look);
        }
        Ok(all)
    }

    /// Those of one case.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn of_case(tx: &mut Tx, case: CaseId) -> Result<Self, ServiceError> {
        Ok(Self::of_cases(tx, &[case])?.remove(&case).unwrap_or_default())
    }

    /// Adds them to the view of their case.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn add_to(
        &self,
        unit: &mut Unit<'_>,
        case: &Case,
        view: &mut CaseView,
    ) -> Result<(), ServiceError> {
        view.controls = performance_views(unit, &self.performances)?;
        view.control_changes = change_views(unit, &self.changes)?;
        view.risks = outlines(unit, &self.linked)?;
        view.risk_assessments = assessment_views(unit, &self.looks)?;
        view.declarations = declaration_views(unit, case, &self.declared)?;
        Ok(())
    }
}

/// Declarations of a case, in the order of the loop.
///
/// # Errors
/// What the store reports.
pub(super) fn declaration_views(
    unit: &mut Unit<'_>,
    case: &Case,
    all: &[Declaration],
) -> Result<Vec<DeclarationView>, ServiceError> {
    let people = all.iter().flat_map(|one| [Some(one.declared_by), one.approved_by]).flatten();
    let names = Names::of_people(unit.tx, &people.collect::<Vec<PersonId>>())?;
    let mut all: Vec<&Declaration> = all.iter().collect();
    all.sort_by_key(|one| one.link);
    let view = |one: &&Declaration| {
        let relation = approving(&unit.caller, case, Some(one));
        DeclarationView {
            link: one.link.to_string(),
            reason: one.reason.to_string(),
            declared_by: names.person(one.declared_by),
            declared_at: one.declared_at.to_string(),
            approved_by: one.approved_by.map(|id| names.person(id)),
            approved_at: one.approved_at.map(|at| at.to_string()),
            may_approve: !one.is_approved()
                && unit.caller.may_in(Verb::Approve, relation, "declaration").is_ok(),
        }
    };
    Ok(all.iter().map(view).collect())
}
