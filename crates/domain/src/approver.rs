//! Whoever approves or judges, and whether it is their own work: the four eyes of every approval.

use std::collections::BTreeSet;

use crate::id::PersonId;

/// Somebody who approves or judges something. A record tells of itself who owns it now; who else had a part in it has to be
/// said when it is approved, so that no approval forgets to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approver {
    by: PersonId,
    contributed: bool,
}

impl Approver {
    /// Somebody, beside those who wrote a part of what is approved, or owned it before.
    #[must_use]
    pub fn new(by: PersonId, contributors: &BTreeSet<PersonId>) -> Self {
        Self::with_part(by, contributors.contains(&by))
    }

    /// Somebody of whom it is known whether they wrote a part of what is approved, or owned it before.
    #[must_use]
    pub fn with_part(by: PersonId, contributed: bool) -> Self {
        Self { by, contributed }
    }

    /// Who it is.
    #[must_use]
    pub fn id(self) -> PersonId {
        self.by
    }

    /// Whether they had a part in it, or are one of those who answer for it.
    #[must_use]
    pub fn is_one_of(self, own: &[Option<PersonId>]) -> bool {
        self.contributed || own.contains(&Some(self.by))
    }
}
