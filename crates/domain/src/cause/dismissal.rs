//! Findings that somebody looked at and set aside: with a reason, and only for the words that they saw.

use serde::{Deserialize, Serialize};

use super::{CauseError, CauseGraph, Objection, Statement};
use crate::asset::Sha256Text;
use crate::id::{CauseId, PersonId, ReviewId};
use crate::text::Prose;
use crate::time::Timestamp;

/// A finding about a cause that was set aside. It holds for the statement that was seen: another statement is asked
/// again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dismissal {
    /// The review.
    pub review_id: ReviewId,
    /// The cause.
    pub cause_id: CauseId,
    /// What was found: the id of a wording rule, or the code of an objection.
    pub rule: String,
    /// SHA-256 of the statement that was seen.
    pub statement_sha256: Sha256Text,
    /// Why it does not matter here.
    pub reason: Prose,
    /// Who said so.
    pub dismissed_by: PersonId,
    /// When.
    pub dismissed_at: Timestamp,
}

/// Objections in two: what is still asked, and what was set aside, with by what.
#[derive(Debug, Clone, Default)]
pub struct Sorted<'d> {
    /// What is still asked.
    pub open: Vec<Objection>,
    /// What was set aside.
    pub dismissed: Vec<(Objection, &'d Dismissal)>,
}

impl CauseGraph {
    /// Puts aside what was dismissed; what blocks is never put aside. `digest` is SHA-256 of a statement.
    pub fn sort_out<'d>(
        &self,
        objections: Vec<Objection>,
        dismissals: &'d [Dismissal],
        digest: impl Fn(&Statement) -> Sha256Text,
    ) -> Sorted<'d> {
        let mut sorted = Sorted::default();
        for objection in objections {
            let cause = objection.cause.and_then(|id| self.cause(id));
            let holds = |dismissal: &&Dismissal| {
                !objection.blocks()
                    && dismissal.rule == objection.key()
                    && cause.is_some_and(|cause| {
                        cause.id == dismissal.cause_id
                            && digest(&cause.statement) == dismissal.statement_sha256
                    })
            };
            match dismissals.iter().find(holds) {
                Some(dismissal) => sorted.dismissed.push((objection, dismissal)),
                None => sorted.open.push(objection),
            }
        }
        sorted
    }
}

impl Sorted<'_> {
    /// Whether a finding about a cause may be set aside: it must be among what is still asked, and must not block.
    ///
    /// # Errors
    /// There is no such finding, or it refuses the submission.
    pub fn may_dismiss(&self, cause: CauseId, rule: &str) -> Result<(), CauseError> {
        let found =
            self.open.iter().find(|objection| objection.cause == Some(cause) && objection.key() == rule);
        match found {
            Some(objection) if objection.blocks() => Err(CauseError::BlocksAlways(rule.to_owned())),
            Some(_) => Ok(()),
            None => Err(CauseError::NoFinding(rule.to_owned())),
        }
    }
}
