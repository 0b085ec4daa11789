//! Risks: register, look at again, accept what remains, close.

mod heat;
mod show;
mod step;
mod view;

pub use heat::HeatView;
pub use show::{ListRisks, RiskList, ShowRisk};
pub use step::{AcceptRisk, AssessRisk, CloseRisk, EditRisk, LinkRisk, NewRisk, ReopenRisk};
pub use view::{AssessmentView, RiskCaseView, RiskOutline, RiskView};
pub(crate) use view::{assessment_views, outlines};

use nevertwice_domain::permission::{Relation, Scope, Verb};
use nevertwice_domain::person::Person;
use nevertwice_domain::reference::RiskRef;
use nevertwice_domain::risk::{Risk, RiskEdit};
use nevertwice_store::risk as risks;

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Unit;

/// How somebody stands to a risk.
fn relation(caller: &Caller, risk: &Risk) -> Relation {
    Relation { named: risk.owner_id == caller.id(), ..Relation::default() }
}

/// Whether the caller may know of a risk, by whatever means they came.
pub(crate) fn may_know(caller: &Caller, risk: &Risk) -> bool {
    caller.roles_allow(Verb::ReadRisk, relation(caller, risk), "risk").is_ok()
}

/// Whether the caller's roles let them accept what remains of a risk.
pub(crate) fn may_accept(caller: &Caller, risk: &Risk) -> bool {
    caller.roles_allow(Verb::AcceptRisk, relation(caller, risk), "risk").is_ok()
}

/// Hands a risk to somebody else who answers for it from now on.
///
/// # Errors
/// The caller may not, or the person cannot.
pub(crate) fn hand_over(unit: &mut Unit<'_>, risk: &Risk, to: &Person) -> Result<(), ServiceError> {
    let reference = risk.reference;
    unit.caller.may_in(Verb::EditRisk, relation(&unit.caller, risk), format!("risk {reference}"))?;
    let owner_id = Some(step::fit_owner(to)?);
    let after = risk.clone().edit(RiskEdit { owner_id, ..RiskEdit::default() })?;
    risks::save(unit.tx, risk, &after)?;
    Ok(())
}

/// The risk of a reference, if the caller may read it: for anybody else there is none.
///
/// # Errors
/// There is none, or none that the caller may know of.
fn readable(unit: &mut Unit<'_>, reference: RiskRef) -> Result<Risk, ServiceError> {
    let risk = known(unit, reference)?;
    unit.caller.within(Scope::Read)?;
    Ok(risk)
}

/// The risk of a reference, if the caller may do something to it.
///
/// # Errors
/// There is none, none that the caller may know of, or they may not do this.
fn allowed(unit: &mut Unit<'_>, reference: RiskRef, verb: Verb) -> Result<Risk, ServiceError> {
    let risk = known(unit, reference)?;
    unit.caller.may_in(verb, relation(&unit.caller, &risk), format!("risk {reference}"))?;
    Ok(risk)
}

fn known(unit: &mut Unit<'_>, reference: RiskRef) -> Result<Risk, ServiceError> {
    let found = risks::find(unit.tx, reference)?;
    let known = found.filter(|risk| may_know(&unit.caller, risk));
    known.ok_or_else(|| ServiceError::not_found(format!("risk {reference}")))
}
