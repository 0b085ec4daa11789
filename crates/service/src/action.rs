//! Actions: plan, start, move, hand over, complete, decide not to do, take up again, check.

mod again;
mod check;
mod cost;
mod plan;
mod step;
mod view;

pub use again::{ActionsToDecide, ListDecideAgain, RenewNotDoing, TakeUpAction};
pub use check::{CheckAction, PlanCheck};
pub use cost::SetActionCost;
pub use plan::NewAction;
pub(crate) use plan::{fit_owner, tell_owner};
pub(crate) use step::allowed;
pub use step::{
    CompleteAction, HandOverAction, MoveAction, NotDoingAction, RateStrength, ReopenAction, StartAction,
};
pub use view::{ActionEvidenceView, ActionView, CheckView, DueMoveView, ShowAction};
