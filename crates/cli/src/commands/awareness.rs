//! Commands on awareness items.

use nevertwice_domain::awareness::AudienceKind;
use nevertwice_service::awareness::{
    AcknowledgeAwareness, AwarenessView, ListAwareness, PublishAwareness, ShowAwareness, WithdrawAwareness,
};
use nevertwice_service::use_case::UseCase;

use crate::args::AwarenessCommand;
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on awareness items.
pub(super) fn run(session: &Session, command: AwarenessCommand) -> Result<(), Failure> {
    use AwarenessCommand as C;
    match command {
        C::Publish { lesson, title, text, until, roles, people } => {
            let audience = match (roles.is_empty(), people.is_empty()) {
                (true, true) => AudienceKind::Everybody,
                (false, _) => AudienceKind::Roles,
                (true, false) => AudienceKind::People,
            };
            let roles = roles.into_iter().collect();
            let new = PublishAwareness { lesson, title, text, audience, roles, people, due_on: until };
            shown(session, new)
        }
        C::List { open, limit, after } => {
            let list = session.call(ListAwareness { open, limit, after })?;
            print(session.json, &list, text::awareness_list)
        }
        C::Show { item } => shown(session, ShowAwareness { item }),
        C::Acknowledge { item } => shown(session, AcknowledgeAwareness { item }),
        C::Withdraw { item, reason } => shown(session, WithdrawAwareness { item, reason }),
    }
}

fn shown<U: UseCase<Output = AwarenessView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::awareness)
}
