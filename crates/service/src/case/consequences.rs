//! What a case says of controls and risks, and what it changed in them.

use nevertwice_domain::case::{Case, Declaration};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::Verb;
use nevertwice_store::{case as cases, control as controls, risk as risks};
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

/// Adds to the view of a case how controls did, what changed in controls and risks, and which links are not needed.
///
/// # Errors
/// What the store reports.
pub(super) fn add(unit: &mut Unit<'_>, case: &Case, view: &mut CaseView) -> Result<(), ServiceError> {
    let performances = controls::performances_of_case(unit.tx, case.id)?;
    view.controls = performance_views(unit, &performances)?;
    let changes = controls::changes_of_case(unit.tx, case.id)?;
    view.control_changes = change_views(unit, &changes)?;
    let linked = risks::of_cases(unit.tx, &[case.id])?;
    view.risks = outlines(unit, &linked)?;
    let looks = risks::assessments_of_case(unit.tx, case.id)?;
    view.risk_assessments = assessment_views(unit, &looks)?;
    let declared = cases::declarations(unit.tx, case.id)?;
    view.declarations = declaration_views(unit, case, &declared)?;
    Ok(())
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
