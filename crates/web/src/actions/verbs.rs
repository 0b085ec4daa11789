//! What people do to an action.

mod again;
mod check;
mod plan;
mod step;

use nevertwice_domain::reference::ActionRef;
use nevertwice_service::ServiceError;
use nevertwice_service::action::{ActionView, ShowAction};

use crate::app::App;
use crate::paths;
use crate::ui::Crumb;
use crate::viewer::Viewer;

pub(crate) use again::{Cost, Renew, TakeUp};
pub(crate) use check::{Judge, PlanTheCheck};
pub(crate) use plan::Plan;
pub(crate) use step::{Complete, DecideAgainst, HandOver, MoveDate, Rate, Start, UndoCompletion};

/// The action as it stands, if the viewer may know of it.
fn action_of(app: &App, viewer: &Viewer, action: ActionRef) -> Result<ActionView, ServiceError> {
    app.run(&viewer.identity, ShowAction { action })
}

fn back_to(action: ActionRef) -> Crumb {
    Crumb { href: paths::Action { action }.to_string(), words: action.to_string() }
}
