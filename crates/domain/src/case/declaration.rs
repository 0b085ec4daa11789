//! Links of a case's loop that are not needed: one person says why, another one agrees.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{CaseId, DeclarationId, PersonId};
use crate::refusal::Refusal;
use crate::text::Prose;
use crate::time::Timestamp;

words! {
    /// A link of the loop that a case goes through.
    LoopLink("link of the loop") {
        /// The review.
        Review = "review",
        /// The causes.
        Causes = "causes",
        /// What is like it, judged.
        Similar = "similar",
        /// The lessons.
        Lessons = "lessons",
        /// The actions.
        Actions = "actions",
        /// Whether they worked.
        Effectiveness = "effectiveness",
        /// What it changed in controls.
        Controls = "controls",
        /// What it changed in risks.
        Risks = "risks",
    }
}

/// Somebody says that a link of a case's loop is not needed. It counts once somebody else agrees. One for each link of a
/// case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Identity.
    pub id: DeclarationId,
    /// The case.
    pub case_id: CaseId,
    /// The link.
    pub link: LoopLink,
    /// Why it is not needed.
    pub reason: Prose,
    /// Who says so.
    pub declared_by: PersonId,
    /// When.
    pub declared_at: Timestamp,
    /// Who agrees: never who declared it.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<Timestamp>,
}

/// A step of a declaration that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeclarationError {
    /// Whoever declared it agrees with themselves.
    #[error("whoever declares a link not needed does not approve it; somebody else has to")]
    DeclarerApproves,
    /// Somebody agreed before.
    #[error("that {0} are not needed is approved already")]
    ApprovedAlready(LoopLink),
}

impl Refusal for DeclarationError {
    fn code(&self) -> &'static str {
        match self {
            Self::DeclarerApproves => "declaration.declarer_approves",
            Self::ApprovedAlready(_) => "declaration.approved_already",
        }
    }
}

impl Declaration {
    /// Says that a link is not needed.
    #[must_use]
    pub fn declare(
        id: DeclarationId,
        case_id: CaseId,
        link: LoopLink,
        reason: Prose,
        by: PersonId,
        at: Timestamp,
    ) -> Self {
        let (approved_by, approved_at) = (None, None);
        Self { id, case_id, link, reason, declared_by: by, declared_at: at, approved_by, approved_at }
    }

    /// Agrees.
    ///
    /// # Errors
    /// Never whoever declared it, and only once.
    pub fn approve(self, by: PersonId, at: Timestamp) -> Result<Self, DeclarationError> {
        if by == self.declared_by {
            return Err(DeclarationError::DeclarerApproves);
        }
        if self.approved_by.is_some() {
            return Err(DeclarationError::ApprovedAlready(self.link));
        }
        Ok(Self { approved_by: Some(by), approved_at: Some(at), ..self })
    }

    /// Whether it counts.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.approved_by.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::new(uuid::Uuid::from_u128(n))
    }

    fn at() -> Timestamp {
        "2026-03-17T10:22:00Z".parse().unwrap()
    }

    fn declared(by: u128) -> Declaration {
        let id = uuid::Uuid::from_u128(1);
        let reason = Prose::parse("the risks were looked at and none changes").unwrap();
        Declaration::declare(
            DeclarationId::new(id),
            CaseId::new(id),
            LoopLink::Risks,
            reason,
            person(by),
            at(),
        )
    }

    #[test]
    fn it_counts_once_somebody_else_agrees() {
        let declaration = declared(1);
        assert!(!declaration.is_approved());
        assert_eq!(declaration.clone().approve(person(1), at()), Err(DeclarationError::DeclarerApproves));
        let approved = declaration.approve(person(2), at()).unwrap();
        assert!(approved.is_approved());
        assert_eq!(approved.approve(person(3), at()).unwrap_err().code(), "declaration.approved_already");
    }

    proptest! {
        /// Some is an approval by that person; none takes the declaration back and the next person declares anew.
        #[test]
        fn the_approver_is_never_the_declarer(steps in prop::collection::vec((any::<bool>(), 1..=3_u128), 0..40)) {
            let mut declaration = declared(1);
            for (anew, by) in steps {
                declaration = match anew {
                    true => declared(by),
                    false => declaration.clone().approve(person(by), at()).unwrap_or(declaration),
                };
                prop_assert_ne!(declaration.approved_by, Some(declaration.declared_by));
                prop_assert_eq!(declaration.approved_by.is_some(), declaration.approved_at.is_some());
            }
        }
    }
}
