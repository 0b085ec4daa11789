//! What ends with a case that becomes void: nobody owes anything for it any more.

use std::collections::BTreeMap;

use nevertwice_domain::action::{Action, ActionRecord, ActionState};
use nevertwice_domain::case::Case;
use nevertwice_domain::id::{CaseId, PersonId};
use nevertwice_domain::import::GapState;
use nevertwice_domain::text::Prose;
use nevertwice_store::{action as actions, case as cases};

use crate::error::ServiceError;
use crate::service::Unit;

/// Ends the open actions of void cases for the reason of the cases, and dismisses their open gaps. The cases are given as
/// they were saved.
///
/// # Errors
/// What the store reports.
pub(crate) fn end_with(unit: &mut Unit<'_>, void: &[Case], reason: &Prose) -> Result<(), ServiceError> {
    let versions: BTreeMap<CaseId, u64> = void.iter().map(|case| (case.id, case.version)).collect();
    let ids: Vec<CaseId> = versions.keys().copied().collect();
    for action in actions::of_cases(unit.tx, &ids)?.into_iter().filter(|action| !action.state.is_finished()) {
        actions::save(unit.tx, &action, &ended(&action, reason, unit.caller.id()))?;
    }
    for gap in cases::gaps_of(unit.tx, &ids)?.into_iter().filter(|gap| gap.state == GapState::Open) {
        let settled = gap.clone().settle(false, reason.clone(), unit.caller.id(), unit.moment.at)?;
        let revision = versions.get(&gap.case_id).copied().unwrap_or_default();
        cases::save_gap(unit.tx, &gap, &settled, revision)?;
    }
    Ok(())
}

/// The action, not done for the reason of its case. That is no decision against an action, which its owner could not take
/// alone: where the owner declares the case void, nobody is named as the approver.
fn ended(action: &Action, reason: &Prose, by: PersonId) -> Action {
    Action::restore(ActionRecord {
        state: ActionState::NotDoing,
        not_doing_reason: Some(reason.clone()),
        not_doing_by: Some(by).filter(|by| *by != action.owner_id),
        not_doing_until: None,
        ..(**action).clone()
    })
}
