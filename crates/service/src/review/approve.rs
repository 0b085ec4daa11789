//! Submitting, approving, sending back and waiving a review.

use std::collections::BTreeSet;

use nevertwice_domain::case::Case;
use nevertwice_domain::cause::blocking;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::review::ReviewScope;
use nevertwice_domain::text::Prose;
use nevertwice_store::case as cases;
use nevertwice_store::review::ReviewWithCauses;
use serde::{Deserialize, Serialize};

use super::ReviewView;
use super::asked::{ask_for, begin, may_lead};
use super::finding::sorted;
use super::open::{allowed, approver, save_review};
use crate::case::{comment, same_version, save};
use crate::error::ServiceError;
use crate::mail::{About, News, Notice};
use crate::procedure::{rule_of, today};
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
    /// The version that the caller saw: what is signed is what was read.
    #[serde(default)]
    pub version: Option<u64>,
}

/// Sends a submitted review back to work; whoever leads or submitted it is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendReviewBack {
    /// The review.
    pub review: ReviewRef,
    /// What is missing; a comment on the case says so.
    pub reason: Prose,
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
        begin(unit, &case)?;
        let submitted = submitted(unit, &before, &case)?;
        save_review(unit, &before, &submitted)
    }
}

/// The review with its causes submitted by the caller.
///
/// # Errors
/// What the rules object to.
pub(super) fn submitted(
    unit: &mut Unit<'_>,
    before: &ReviewWithCauses,
    case: &Case,
) -> Result<ReviewWithCauses, ServiceError> {
    let objections = blocking(&sorted(before, case).open);
    if let Some(rule) = rule_of(unit, &before.review)? {
        before.review.has_people(rule.people)?;
        may_lead(unit, &before.review, &rule)?;
    }
    let today = today(unit)?;
    let review = before.review.clone().submit(unit.caller.id(), objections, today)?;
    unit.tell(&News::Submitted { review: review.id })?;
    Ok(before.with_review(review))
}

impl Change for ApproveReview {
    type Output = ReviewView;
    const NAME: &'static str = "approve_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::Approve)?;
        same_version(&self.review, before.review.version, self.version)?;
        let approvals = rule_of(unit, &before.review)?.map_or(1, |rule| rule.approvals);
        let by = approver(unit, &before.review)?;
        let look = before.look.as_ref();
        let review = before.review.clone().approve(by, unit.moment.at, approvals, look)?;
        let after = before.with_review(review);
        // What became an incident after the review was submitted is resolved first.
        begin(unit, &case)?;
        let approved = save_review(unit, &before, &after)?;
        if after.review.is_complete() {
            begin_acting(unit, &after)?;
        }
        Ok(approved)
    }
}

/// The cases of a review that is over are acted on; those that turned out to be worse meanwhile get another.
fn begin_acting(unit: &mut Unit<'_>, review: &ReviewWithCauses) -> Result<(), ServiceError> {
    let ids: Vec<_> = review.cases().collect();
    for case in cases::several(unit.tx, &ids)? {
        let acting = save(unit, &case, &case.clone().begin_acting())?;
        if review.review.scope() != ReviewScope::Trend {
            ask_for(unit, &acting)?;
        }
    }
    Ok(())
}

impl Change for SendReviewBack {
    type Output = ReviewView;
    const NAME: &'static str = "send_review_back";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::EditCase)?;
        let review = before.review.clone().send_back()?;
        let said = Prose::parse(&format!("{} was sent back: {}", review.reference, self.reason))
            .map_err(|error| ServiceError::invalid("reason", "text.invalid", error))?;
        comment(unit, &case, said, None)?;
        let mut told = BTreeSet::from([review.facilitator_id]);
        told.extend(before.review.drafted_by);
        told.remove(&unit.caller.id());
        for person in told {
            unit.tell(&Notice { person, about: About::SentBack { review: review.id } })?;
        }
        save_review(unit, &before, &before.with_review(review))
    }
}

impl Change for WaiveReview {
    type Output = ReviewView;
    const NAME: &'static str = "waive_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::Approve)?;
        let by = approver(unit, &before.review)?;
        let review = before.review.clone().waive(self.reason.clone(), by, unit.moment.at)?;
        begin(unit, &case)?;
        let waived = save_review(unit, &before, &before.with_review(review))?;
        begin_acting(unit, &before)?;
        Ok(waived)
    }
}
