//! Actions: plan, start, move, hand over, complete, decide not to do, check.

mod check;
mod plan;
mod step;
mod view;

pub use check::{CheckAction, PlanCheck};
pub use plan::NewAction;
pub(crate) use step::allowed;
pub use step::{
    CompleteAction, HandOverAction, MoveAction, NotDoingAction, RateStrength, ReopenAction, StartAction,
};
pub use view::{ActionView, CheckView, DueMoveView, ShowAction};
