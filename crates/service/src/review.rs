//! Reviews and the causes they find.

mod approve;
mod open;
mod view;
mod why;

pub use approve::{ApproveReview, SendReviewBack, SubmitReview, WaiveReview};
pub(crate) use open::may_approve;
pub use open::{HoldReview, NewReview, ScheduleReview};
pub use view::{ObjectionView, QuestionView, ReviewView, ShowReview};
pub use why::{AddWhy, EditWhy, MoveWhy, RemoveWhy};
