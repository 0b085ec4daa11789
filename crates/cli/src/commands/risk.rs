//! Commands on risks.

use nevertwice_service::risk::{
    AcceptRisk, AssessRisk, CloseRisk, EditRisk, LinkRisk, ListRisks, NewRisk, ReopenRisk, RiskView, ShowRisk,
};
use nevertwice_service::set::Set;
use nevertwice_service::use_case::UseCase;

use crate::args::{RiskCommand, RiskListArgs, RiskNewArgs};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on risks.
pub(super) fn run(session: &Session, command: RiskCommand) -> Result<(), Failure> {
    use RiskCommand as C;
    match command {
        C::List(args) => list(session, args),
        C::Show { risk } => shown(session, ShowRisk { risk }),
        C::New(args) => new(session, *args),
        C::Edit { risk, title, description, owner, treatment } => {
            let description = description.map(Set::To);
            shown(session, EditRisk { risk, version: None, title, description, owner, treatment })
        }
        C::Assess { risk, likelihood, impact, why, case, lesson } => {
            shown(session, AssessRisk { risk, version: None, likelihood, impact, why, case, lesson })
        }
        C::Accept { risk } => shown(session, AcceptRisk { risk, version: None }),
        C::Link { risk, control, case, remove } => shown(session, LinkRisk { risk, control, case, remove }),
        C::Close { risk, reason } => shown(session, CloseRisk { risk, reason }),
        C::Reopen { risk } => shown(session, ReopenRisk { risk }),
    }
}

fn list(session: &Session, args: RiskListArgs) -> Result<(), Failure> {
    let RiskListArgs { state, band, owner, control, accepted, limit, after } = args;
    let asked = ListRisks { limit, after, state, band, owner, control, accepted, ..ListRisks::default() };
    let list = session.call(asked)?;
    print(session.json, &list, text::risks)
}

fn new(session: &Session, args: RiskNewArgs) -> Result<(), Failure> {
    let RiskNewArgs { title, owner, likelihood, impact, why, treatment, description, case, lesson } = args;
    shown(session, NewRisk { title, description, owner, treatment, likelihood, impact, why, case, lesson })
}

fn shown<U: UseCase<Output = RiskView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::risk)
}
