//! Reviews and the causes they find.

mod approve;
mod finding;
mod link;
mod name;
mod open;
mod similar;
mod step;
mod view;
mod why;

pub use approve::{ApproveReview, SendReviewBack, SubmitReview, WaiveReview};
pub use finding::DismissFinding;
pub use link::{EditCauseLink, LinkCauses, RemoveCauseLink};
pub use name::CauseName;
pub(crate) use open::may_approve;
pub use open::{HoldReview, NewReview, ScheduleReview};
pub use similar::{RecordSimilar, SimilarCase, SimilarHitView, SimilarLookView};
pub use view::{DismissedView, ObjectionView, QuestionView, ReviewView, ShowReview, ToldView};
pub use why::{AddWhy, EditWhy, MoveWhy, RemoveWhy};
