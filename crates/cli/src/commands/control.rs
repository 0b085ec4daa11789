//! Commands on controls.

use nevertwice_service::control::{
    AddPerformance, ControlView, EditControl, EditPerformance, ListChanges, ListControls, NewControl,
    NewControlChange, RemovePerformance, RetireControl, ShowControl,
};
use nevertwice_service::set::Set;
use nevertwice_service::use_case::UseCase;

use crate::args::{ControlChangeArgs, ControlCommand};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on controls.
pub(super) fn run(session: &Session, command: ControlCommand) -> Result<(), Failure> {
    use ControlCommand as C;
    match command {
        C::List { status, applicable, owner, theme, retired } => {
            let list = session.call(ListControls { status, applicable, owner, theme, retired })?;
            print(session.json, &list, |list, out| text::controls(list, out))
        }
        C::Show { control } => shown(session, ShowControl { control }),
        C::New { title, description, justification, status, owner } => {
            shown(session, NewControl { title, description, justification, status, owner })
        }
        C::Edit { control, title, description, applicable, justification, status, owner } => {
            let (description, justification) = (description.map(Set::To), justification.map(Set::To));
            let owner = owner.map(Set::To);
            let edit = EditControl {
                control,
                version: None,
                title,
                description,
                applicable,
                justification,
                status,
                owner,
            };
            shown(session, edit)
        }
        C::Retire { control, reason } => shown(session, RetireControl { control, reason }),
        C::Change(args) => change(session, args),
        C::Changes { limit, after } => {
            let list = session.call(ListChanges { limit, after })?;
            print(session.json, &list, text::changes)
        }
        C::Performance { case, control, performance, note, change, remove } => {
            let all = match performance {
                None => session.call(RemovePerformance { case, control })?,
                Some(_) if remove => session.call(RemovePerformance { case, control })?,
                Some(_) if change => {
                    let note = note.map(Set::To);
                    session.call(EditPerformance { case, control, performance, note })?
                }
                Some(performance) => session.call(AddPerformance { case, control, performance, note })?,
            };
            print(session.json, &all, |all, out| text::performances(all, out))
        }
    }
}

fn change(session: &Session, args: ControlChangeArgs) -> Result<(), Failure> {
    let ControlChangeArgs { case, control, before, after, on, lesson, action } = args;
    let use_case = NewControlChange { case, control, before, after, changed_on: on, lesson, action };
    let change = session.call(use_case)?;
    print(session.json, &change, text::control_change)
}

fn shown<U: UseCase<Output = ControlView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::control)
}
