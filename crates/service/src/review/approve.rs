//! Submitting, approving, sending back and waiving a review.

use nevertwice_domain::cause::blocking;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::text::Prose;
use nevertwice_store::review::ReviewWithCauses;
use serde::{Deserialize, Serialize};

use super::ReviewView;
use super::finding::sorted;
use super::open::{allowed, save_review};
use crate::case::save;
use crate::error::ServiceError;
use crate::mail::News;
use crate::service::Unit;
use crate::use_case::Change;

/// Submits the causes for approval.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubmitReview {
    /// The review.
    pub review: ReviewRef,
}

/// Approves a submitted review.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApproveReview {
    /// The review.
    pub review: ReviewRef,
}

/// Sends a submitted review back to work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendReviewBack {
    /// The review.
    pub review: ReviewRef,
}

/// Declares a review not needed; the caller approves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WaiveReview {
    /// The review.
    pub review: ReviewRef,
    /// Why.
    pub reason: Prose,
}

impl Change for SubmitReview {
    type Output = ReviewView;
    const NAME: &'static str = "submit_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::EditCase)?;
        let objections = blocking(&sorted(&before, &case).open);
        let review = before.review.clone().submit(unit.caller.id(), objections)?;
        unit.tell(&News::Submitted { review: review.id })?;
        save_review(unit, &before, &ReviewWithCauses { review, ..before.clone() })
    }
}

impl Change for ApproveReview {
    type Output = ReviewView;
    const NAME: &'static str = "approve_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::Approve)?;
        let review = before.review.clone().approve(unit.caller.id(), unit.moment.at, before.look.as_ref())?;
        save(unit, &case, &case.clone().begin_acting())?;
        save_review(unit, &before, &ReviewWithCauses { review, ..before.clone() })
    }
}

impl Change for SendReviewBack {
    type Output = ReviewView;
    const NAME: &'static str = "send_review_back";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, _) = allowed(unit, self.review, Verb::EditCase)?;
        let review = before.review.clone().send_back()?;
        save_review(unit, &before, &ReviewWithCauses { review, ..before.clone() })
    }
}

impl Change for WaiveReview {
    type Output = ReviewView;
    const NAME: &'static str = "waive_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::Approve)?;
        let review = before.review.clone().waive(self.reason.clone(), unit.caller.id(), unit.moment.at)?;
        save(unit, &case, &case.clone().begin_acting())?;
        save_review(unit, &before, &ReviewWithCauses { review, ..before.clone() })
    }
}
