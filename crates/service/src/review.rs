//! Reviews and the causes they find.

mod approve;
mod asked;
mod course;
mod finding;
mod light;
mod link;
mod name;
mod open;
mod similar;
mod step;
mod trend;
mod view;
mod why;

pub use approve::{ApproveReview, SendReviewBack, SubmitReview, WaiveReview};
pub(crate) use asked::{ask_for, may_lead, tell_leader};
pub use course::{EvaluateReview, HoldReview, ScheduleReview};
pub use finding::DismissFinding;
pub use light::WriteLightReview;
pub use link::{EditCauseLink, LinkCauses, RemoveCauseLink};
pub use name::CauseName;
pub use open::NewReview;
pub(crate) use open::may_approve;
pub use similar::{RecordSimilar, SimilarCase, SimilarHitView, SimilarLookView};
pub(crate) use trend::LookForTrend;
pub use view::{
    DismissedView, EvaluationView, ObjectionView, QuestionView, ReviewView, ShowReview, ToldView,
};
pub use why::{AddWhy, EditWhy, MoveWhy, RemoveWhy};
