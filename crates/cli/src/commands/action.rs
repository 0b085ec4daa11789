//! Commands on actions.

use nevertwice_service::action::{
    ActionView, CheckAction, CompleteAction, HandOverAction, MoveAction, NewAction, NotDoingAction,
    PlanCheck, RateStrength, ReopenAction, ShowAction, StartAction,
};
use nevertwice_service::search::ListActions;
use nevertwice_service::use_case::UseCase;

use crate::args::{ActionCommand, ListArgs};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on actions.
pub(super) fn run(session: &Session, command: ActionCommand) -> Result<(), Failure> {
    use ActionCommand as C;
    match command {
        C::New { case, title, owner, due, lesson, purpose, kind, description, check, check_on, check_by } => {
            shown(
                session,
                NewAction {
                    case,
                    lesson,
                    title,
                    description,
                    purpose,
                    kind,
                    owner,
                    due_on: due,
                    check_measure: check,
                    check_on,
                    check_by,
                },
            )
        }
        C::Show { action } => shown(session, ShowAction { action }),
        C::List(ListArgs { query, limit, after }) => {
            let list = session.call(ListActions { query, limit, after })?;
            print(session.json, &list, text::action_list)
        }
        C::Start { action } => shown(session, StartAction { action }),
        C::Move { action, due, reason } => shown(session, MoveAction { action, due_on: due, reason }),
        C::HandOver { action, owner } => shown(session, HandOverAction { action, owner }),
        C::Complete { action, evidence, on } => {
            shown(session, CompleteAction { action, evidence, completed_on: on })
        }
        C::Reopen { action } => shown(session, ReopenAction { action }),
        C::NotDoing { action, reason, until } => shown(session, NotDoingAction { action, reason, until }),
        C::Strength { action, strength, reason } => shown(session, RateStrength { action, strength, reason }),
        C::PlanCheck { action, measure, on, by } => {
            shown(session, PlanCheck { action, measure, planned_on: on, judge: by })
        }
        C::Check { action, outcome, evidence, again_on } => {
            shown(session, CheckAction { action, outcome, evidence, again_on })
        }
    }
}

fn shown<U: UseCase<Output = ActionView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::action)
}
