//! Reviews and the causes they find.

mod approve;
mod asked;
mod course;
mod light;
mod open;
mod trend;
mod view;
mod why;

pub use approve::{ApproveReview, SendReviewBack, SubmitReview, WaiveReview};
pub(crate) use asked::ask_for;
pub use course::{EvaluateReview, HoldReview, ScheduleReview};
pub use light::WriteLightReview;
pub use open::NewReview;
pub(crate) use open::may_approve;
pub(crate) use trend::LookForTrend;
pub use view::{EvaluationView, ObjectionView, QuestionView, ReviewView, ShowReview};
pub use why::{AddWhy, EditWhy, MoveWhy, RemoveWhy};
