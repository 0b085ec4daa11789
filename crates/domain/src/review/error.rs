//! What the rules of a review refuse.

use thiserror::Error;

use super::{MAX_HITS, ReviewState};
use crate::procedure::version_in_words;
use crate::refusal::Refusal;
use crate::text::Line;
use crate::time::Date;

/// A change to a review that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReviewError {
    /// The state does not allow it.
    #[error("the review is {state}; {wanted} is possible while it is {from}")]
    WrongState {
        /// What was wanted.
        wanted: &'static str,
        /// Where the review stands.
        state: ReviewState,
        /// From where it would be possible.
        from: &'static str,
    },
    /// Somebody approved their own review.
    #[error("who led a review, submitted it or wrote a part of it does not approve it; somebody else has to")]
    OwnReview,
    /// The causes are not ready.
    #[error("the causes are not ready: {}", .0.join("; "))]
    NotReady(Vec<String>),
    /// Fewer people than the procedure asks for.
    #[error(
        "{found} take part, with who leads it, and version {procedure} of the procedure asks for {wanted}; write down who else was there"
    )]
    TooFewPeople {
        /// How many take part.
        found: usize,
        /// How many have to.
        wanted: u16,
        /// The version of the procedure.
        procedure: u32,
    },
    /// Led by somebody else than the procedure asks for.
    #[error(
        "{leader} is no manager, and {} has this review led by one: name a manager, hand it over to one, or have an \
         administrator give {leader} that role",
        version_in_words(*.procedure)
    )]
    LeaderUnfit {
        /// Who leads it, or would.
        leader: Line,
        /// The version of the procedure.
        procedure: u32,
    },
    /// Nobody said how the response went.
    #[error(
        "a full review says how the response went: what went well, where it was luck, what surprised, whether the procedure was followed"
    )]
    NotEvaluated,
    /// The second approval came from the first one.
    #[error("you approved it already; this review needs a second person")]
    SameApprover,
    /// Not as deep as the procedure asks for.
    #[error(
        "version {procedure} of the procedure asks for {wanted}; choose that or a deeper one, or have the review waived"
    )]
    TooLight {
        /// What it asks for.
        wanted: &'static str,
        /// The version of the procedure.
        procedure: u32,
    },
    /// Later than the procedure asks for.
    #[error("version {procedure} of the procedure asks for it by {latest}; found {due_on}")]
    TooLate {
        /// The day given.
        due_on: Date,
        /// The last day.
        latest: Date,
        /// The version of the procedure.
        procedure: u32,
    },
    /// Nobody looked for similar cases.
    #[error(
        "nobody has looked for similar cases yet (ISO/IEC 27001, 10.2 b); write down what was searched and found, \
         that there is none is an answer too"
    )]
    SimilarMissing,
    /// A case that was looked at stands there twice, or is the case under review.
    #[error("a case is named twice, or is the case under review itself; expected each earlier case once")]
    HitTwice,
    /// Too many cases of one look.
    #[error("{0} cases are named; expected at most {MAX_HITS}: leave out what is unrelated")]
    TooManyHits(usize),
    /// Held in the future.
    #[error("held on {held_on} lies in the future; today is {today}")]
    HeldInFuture {
        /// The date given.
        held_on: Date,
        /// Today.
        today: Date,
    },
}

impl Refusal for ReviewError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "review.wrong_state",
            Self::OwnReview => "review.own_review",
            Self::NotReady(_) => "review.causes_not_ready",
            Self::SimilarMissing => "review.similar_missing",
            Self::HitTwice => "review.similar_twice",
            Self::TooManyHits(_) => "review.similar_too_many",
            Self::HeldInFuture { .. } => "review.held_in_future",
            Self::TooFewPeople { .. } => "review.too_few_people",
            Self::LeaderUnfit { .. } => "review.leader_unfit",
            Self::NotEvaluated => "review.not_evaluated",
            Self::SameApprover => "review.same_approver",
            Self::TooLight { .. } => "review.too_light",
            Self::TooLate { .. } => "review.too_late",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::HeldInFuture { .. } => Some("held_on"),
            Self::NotReady(_) => Some("causes"),
            Self::TooFewPeople { .. } => Some("participants"),
            Self::LeaderUnfit { .. } => Some("facilitator"),
            Self::TooLight { .. } => Some("kind"),
            Self::TooLate { .. } => Some("due_on"),
            Self::HitTwice | Self::TooManyHits(_) => Some("hits"),
            _ => None,
        }
    }
}
