//! Commands on the incident management procedure.

use std::collections::BTreeSet;

use nevertwice_service::procedure::{
    ApproveProcedure, DraftProcedure, EditProcedure, ListProcedures, ProcedureView, RulesInput, SayDo,
    SendProcedureBack, ShowProcedure, ShowProcedureVersion, SubmitProcedure, WithdrawProcedure,
};
use nevertwice_service::use_case::UseCase;
use nevertwice_service::work::ShowWork;

use crate::args::{ProcedureCommand, ProcedureEditArgs};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on the procedure.
pub(super) fn run(session: &Session, command: ProcedureCommand) -> Result<(), Failure> {
    use ProcedureCommand as C;
    match command {
        C::Show { procedure: None } => shown(session, ShowProcedure {}),
        C::Show { procedure: Some(procedure) } => shown(session, ShowProcedureVersion { procedure }),
        C::Versions => {
            print(session.json, &session.call(ListProcedures {})?, |rows, out| text::procedures(rows, out))
        }
        C::SayDo { procedure } => print(session.json, &session.call(SayDo { procedure })?, text::say_do),
        C::New { summary } => shown(session, DraftProcedure { summary }),
        C::Edit(args) => shown(session, edit(*args)),
        C::Submit { procedure } => shown(session, SubmitProcedure { procedure }),
        C::SendBack { procedure } => shown(session, SendProcedureBack { procedure }),
        C::Approve { procedure, from } => {
            shown(session, ApproveProcedure { procedure, version: None, effective_on: from })
        }
        C::Withdraw { procedure, reason } => shown(session, WithdrawProcedure { procedure, reason }),
    }
}

/// Shows what waits for whoever asks.
pub(super) fn work(session: &Session) -> Result<(), Failure> {
    print(session.json, &session.call(ShowWork {})?, text::work)
}

fn shown<U: UseCase<Output = ProcedureView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    print(session.json, &session.call(use_case)?, text::procedure)
}

fn edit(args: ProcedureEditArgs) -> EditProcedure {
    fn named<T>(all: Vec<T>) -> Option<Vec<T>> {
        (!all.is_empty()).then_some(all)
    }
    EditProcedure {
        procedure: args.procedure,
        version: None,
        text: args.text,
        summary: args.summary,
        lessons: named(args.lessons).map(BTreeSet::from_iter),
        rules: RulesInput {
            reviews: named(args.reviews),
            action_days: args.action_days,
            check_days: args.check_days,
            remind_before: args.remind_before,
            remind_every: args.remind_every,
            escalations: named(args.escalations),
            workdays: named(args.workdays),
            holidays: named(args.holidays),
            targets: named(args.targets),
            trends: named(args.trends),
        },
    }
}
