//! What people do to a review: open it, hold it, ask why, link causes, look for similar cases, submit, approve.

mod course;
mod finding;
mod light;
mod link;
mod similar;
mod why;

use nevertwice_domain::reference::ReviewRef;
use nevertwice_service::ServiceError;
use nevertwice_service::review::{ReviewView, ShowReview};

use crate::app::App;
use crate::paths;
use crate::ui::Crumb;
use crate::viewer::Viewer;

pub(crate) use course::{Approve, Evaluate, Hold, Open, Schedule, SendBack, Submit, Waive};
pub(crate) use finding::Dismiss;
pub(crate) use light::WriteLight;
pub(crate) use link::{Link, Relink, Unlink};
pub(crate) use similar::Look;
pub(crate) use why::{Ask, Remove, Reword};

/// The review as it stands, if the viewer may know of it.
fn review_of(app: &App, viewer: &Viewer, review: ReviewRef) -> Result<ReviewView, ServiceError> {
    app.run(&viewer.identity, ShowReview { review })
}

fn back_to(review: ReviewRef) -> Crumb {
    Crumb { href: paths::Review { review }.to_string(), words: review.to_string() }
}
