//! Commands on actions.

use nevertwice_service::action::{
    ActionView, CheckAction, CompleteAction, HandOverAction, ListDecideAgain, MoveAction, NewAction,
    NotDoingAction, PlanCheck, RateStrength, RenewNotDoing, ReopenAction, SetActionCost, ShowAction,
    StartAction, TakeUpAction,
};
use nevertwice_service::search::ListActions;
use nevertwice_service::set::Set;
use nevertwice_service::use_case::UseCase;

use crate::args::{ActionCommand, ListArgs, NewActionArgs};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on actions.
pub(super) fn run(session: &Session, command: ActionCommand) -> Result<(), Failure> {
    use ActionCommand as C;
    match command {
        C::New(new) => shown(session, planned(new)),
        C::Show { action } => shown(session, ShowAction { action }),
        C::List(ListArgs { query, limit, after }) => {
            let list = session.call(ListActions { query, limit, after })?;
            print(session.json, &list, text::action_list)
        }
        C::Start { action } => shown(session, StartAction { action }),
        C::Move { action, due, reason } => shown(session, MoveAction { action, due_on: due, reason }),
        C::HandOver { action, owner } => shown(session, HandOverAction { action, owner }),
        C::Complete { action, evidence, on, shown_by } => {
            shown(session, CompleteAction { action, evidence, completed_on: on, shown_by })
        }
        C::Reopen { action } => shown(session, ReopenAction { action }),
        C::NotDoing { action, reason, until } => shown(session, NotDoingAction { action, reason, until }),
        C::Renew { action, reason, until } => shown(session, RenewNotDoing { action, reason, until }),
        C::TakeUp { action, due, reason } => shown(session, TakeUpAction { action, due_on: due, reason }),
        C::DecideAgain { limit, after } => {
            let list = session.call(ListDecideAgain { limit, after })?;
            print(session.json, &list, text::actions_to_decide)
        }
        C::Cost { action, planned, actual } => {
            let (planned, actual) = (planned.map(Set::To), actual.map(Set::To));
            shown(session, SetActionCost { action, version: None, planned, actual })
        }
        C::Strength { action, strength, reason } => shown(session, RateStrength { action, strength, reason }),
        C::PlanCheck { action, measure, on, reason, by } => {
            shown(session, PlanCheck { action, measure, planned_on: on, reason, judge: by })
        }
        C::Check {
            action,
            outcome,
            evidence,
            early_reason,
            again_on,
            next,
            next_owner,
            next_due,
            next_due_reason,
        } => {
            let (next_title, next_due_on) = (next, next_due);
            let check = CheckAction {
                action,
                outcome,
                evidence,
                early_reason,
                again_on,
                next_title,
                next_owner,
                next_due_on,
                next_due_reason,
            };
            shown(session, check)
        }
    }
}

fn planned(new: NewActionArgs) -> NewAction {
    NewAction {
        case: new.case,
        lesson: new.lesson,
        title: new.title,
        description: new.description,
        purpose: new.purpose,
        kind: new.kind,
        owner: new.owner,
        due_on: new.due,
        due_reason: new.due_reason,
        check_measure: new.check,
        check_on: new.check_on,
        check_reason: new.check_reason,
        check_by: new.check_by,
    }
}

fn shown<U: UseCase<Output = ActionView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::action)
}
