//! What it was decided not to do: for how long that holds, and what then.

use nevertwice_domain::id::ActionId;
use nevertwice_domain::permission::{Scope, Verb};
use nevertwice_domain::reference::ActionRef;
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::Date;
use nevertwice_store::action as actions;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::plan::{due, tell_owner};
use super::step::{allowed, approver, finish, note_move, today};
use super::view::ActionView;
use crate::error::ServiceError;
use crate::lesson::visible;
use crate::search::{ActionRow, action_rows};
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// How many are read at once.
const PORTION: u32 = 200;

/// Decides once more not to do an action; the caller approves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RenewNotDoing {
    /// The action.
    pub action: ActionRef,
    /// Why still not.
    pub reason: Prose,
    /// Until when that holds.
    pub until: Date,
}

/// Takes an action up after all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeUpAction {
    /// The action.
    pub action: ActionRef,
    /// By when it is owed now; on the last day that the procedure allows if unsaid.
    pub due_on: Option<Date>,
    /// Why now.
    pub reason: Prose,
}

/// Lists the actions of which it has to be decided again whether they are done, in the order of planning.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListDecideAgain {
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on: `next` of the page before.
    pub after: Option<String>,
}

/// A page of actions to decide on again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionsToDecide {
    /// This page.
    pub items: Vec<ActionRow>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
}

impl Change for RenewNotDoing {
    type Output = ActionView;
    const NAME: &'static str = "renew_not_doing";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ActionView, ServiceError> {
        let (before, _) = allowed(unit, self.action, Verb::Approve)?;
        let today = today(unit)?;
        let by = approver(unit, &before)?;
        let after = before.clone().renew_not_doing(self.reason.clone(), by, self.until, today)?;
        finish(unit, &before, &after)
    }
}

impl Change for TakeUpAction {
    type Output = ActionView;
    const NAME: &'static str = "take_up_action";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ActionView, ServiceError> {
        let (before, case) = allowed(unit, self.action, Verb::EditCase)?;
        case.may_lose()?;
        let (me, at) = (unit.caller.id(), unit.moment.at);
        let due = due(unit, &case, self.due_on, Some(&self.reason), "due_on")?;
        let (after, moved) = before.clone().take_up(due, self.reason.clone(), me, at)?;
        note_move(unit, &after, &moved)?;
        tell_owner(unit, &after)?;
        finish(unit, &before, &after)
    }
}

impl UseCase for ListDecideAgain {
    type Output = ActionsToDecide;
    const NAME: &'static str = "list_decide_again";

    fn run(self, asked: &Asked<'_>) -> Result<ActionsToDecide, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Read)?;
            let today = today(unit)?;
            let limit = self.limit.clamp(1, 1_000);
            let (mut after, mut items) = (self.after()?, Vec::new());
            loop {
                let ids = actions::decide_again(unit.tx, today, after, PORTION)?;
                let found = actions::several(unit.tx, &ids)?;
                let mut found = visible(unit, found)?;
                found.sort_by_key(|action| action.id);
                let rows = action_rows(unit, &found, today)?;
                for (action, row) in found.iter().zip(rows) {
                    if items.len() == limit {
                        return Ok(ActionsToDecide { items, next: Some(after.to_string()) });
                    }
                    after = action.id;
                    items.push(row);
                }
                match ids.last() {
                    Some(last) if ids.len() == PORTION as usize => after = *last,
                    _ => return Ok(ActionsToDecide { items, next: None }),
                }
            }
        })
    }
}

impl ListDecideAgain {
    fn after(&self) -> Result<ActionId, ServiceError> {
        let Some(text) = &self.after else { return Ok(ActionId::new(Uuid::nil())) };
        text.parse().map_err(|_| {
            let message = format!("{text:?} is not where a list goes on; take the `next` of the page before");
            ServiceError::invalid("after", "list.cursor", message)
        })
    }
}
