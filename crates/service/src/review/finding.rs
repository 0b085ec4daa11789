//! Findings about causes: what is asked, what was set aside, and setting aside.

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::case::Case;
use nevertwice_domain::cause::{Dismissal, Objection, Sorted, Statement};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::wording;
use nevertwice_store::review::ReviewWithCauses;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ReviewView;
use super::name::{CauseName, cause};
use super::open::{allowed, save_review};
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::Change;

/// Sets a finding about a cause aside, with the reason. It is asked again when the statement changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DismissFinding {
    /// The review.
    pub review: ReviewRef,
    /// The cause.
    pub cause: CauseName,
    /// What was found: the `rule` of an objection.
    pub rule: Line,
    /// Why it does not matter here.
    pub reason: Prose,
}

impl Change for DismissFinding {
    type Output = ReviewView;
    const NAME: &'static str = "dismiss_finding";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::EditCase)?;
        before.review.may_change_causes()?;
        let id = cause(&before.causes, &self.cause)?;
        sorted(&before, &case).may_dismiss(id, self.rule.as_str())?;
        let statement = before.causes.cause(id).map(|cause| digest(&cause.statement));
        let Some(statement_sha256) = statement else {
            return Err(ServiceError::not_found(format!("such cause of {}", self.review)));
        };
        let mut after = before.clone();
        after.dismissals.push(Dismissal {
            review_id: before.review.id,
            cause_id: id,
            rule: self.rule.to_string(),
            statement_sha256,
            reason: self.reason.clone(),
            dismissed_by: unit.caller.id(),
            dismissed_at: unit.moment.at,
        });
        save_review(unit, &before, &after)
    }
}

/// What is asked of the causes of a review, and what was set aside of it.
pub(super) fn sorted<'r>(review: &'r ReviewWithCauses, case: &Case) -> Sorted<'r> {
    let causes = &review.causes;
    let objections = causes.ready_for_submission(wording::rules(), review.review.standard(case.severity));
    causes.sort_out(objections, &review.dismissals, digest)
}

/// What is asked of a review: of its causes, and whether somebody looked for similar cases.
pub(super) fn asked<'r>(review: &'r ReviewWithCauses, case: &Case) -> Sorted<'r> {
    let mut sorted = sorted(review, case);
    let missing: Option<Objection> = review.review.asks_for_look(review.look.as_ref());
    sorted.open.splice(0..0, missing);
    sorted
}

fn digest(statement: &Statement) -> Sha256Text {
    Sha256Text::from_digest(&Sha256::digest(statement.as_str().as_bytes()).into())
}
