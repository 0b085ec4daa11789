//! What a review asks of its causes beyond what every ladder is asked: by how serious the case is, and how deep the
//! review goes. The rules count and compare; none of them reads a language.

use std::collections::BTreeSet;

use super::ready::Remark;
use super::{Cause, CauseGraph, CauseKind, Objection};
use crate::case::Severity as CaseSeverity;
use crate::id::CauseId;
use crate::wording::Severity;

/// So many factors at least has a serious case.
const FEWEST_FACTORS: usize = 3;
/// The number that a method of this name suggests, and no reason to stop.
const SUGGESTED_LEVELS: usize = 5;

/// By what the causes of a review are measured. The default asks the least: a light review of a case without a
/// severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standard {
    /// How serious the case is, where that is known.
    pub severity: Option<CaseSeverity>,
    /// Whether each end of the primary branch must say what can be changed: in a full review and in five whys.
    pub ends_must_be_said: bool,
}

impl Standard {
    /// Whether the case is serious.
    #[must_use]
    pub fn is_serious(self) -> bool {
        self.severity.is_some_and(CaseSeverity::is_serious)
    }
}

const FEW_FACTORS: Remark = Remark {
    code: "cause.few_factors",
    severity: Severity::Warn,
    message: "A serious case with fewer than three causes.",
    question: "What else had to be true: in the design, in how it was noticed, in how it was answered?",
};
const SINGLE_BRANCH: Remark = Remark {
    code: "cause.single_branch",
    severity: Severity::Warn,
    message: "A serious case with a single chain of causes.",
    question: "Which other condition had to meet this chain for so much harm to be done?",
};
const NO_DETECTION: Remark = Remark {
    code: "cause.no_detection",
    severity: Severity::Warn,
    message: "Nothing is said about how it was noticed or answered.",
    question: "What made it visible so late, or so early, and what slowed the answer down or sped it up?",
};
const NO_MITIGATOR: Remark = Remark {
    code: "cause.no_mitigator",
    severity: Severity::Warn,
    message: "Nothing is said about what kept the harm smaller.",
    question: "What went well, or was luck? It is worth keeping, and worth not relying on.",
};
const FIVE_LEVELS: Remark = Remark {
    code: "cause.five_levels",
    severity: Severity::Hint,
    message: "Every branch has exactly five whys.",
    question: "Does each end where the company can change something, or where the count was reached?",
};
const LEAF_OPEN: Remark = Remark {
    code: "cause.leaf_open",
    severity: Severity::Block,
    message: "The branch ends here, and nobody said whether the company can change this.",
    question: "What would be changed? Or, if it is not in our hands: why is it accepted?",
};
/// The same where it only asks.
const OTHER_LEAF_OPEN: Remark = Remark { severity: Severity::Hint, ..LEAF_OPEN };

impl CauseGraph {
    /// What is to be said about the whole of the graph.
    pub(super) fn whole_remarks(&self, standard: Standard) -> Vec<&'static Remark> {
        let serious = standard.is_serious();
        let has = |kinds: &[CauseKind]| self.causes.iter().any(|cause| kinds.contains(&cause.kind));
        let leaves = self.leaves();
        [
            (serious && self.causes.len() < FEWEST_FACTORS, &FEW_FACTORS),
            (serious && leaves.len() < 2, &SINGLE_BRANCH),
            (serious && !has(&[CauseKind::Detection, CauseKind::Response]), &NO_DETECTION),
            (serious && !has(&[CauseKind::Mitigator]), &NO_MITIGATOR),
            (leaves.iter().all(|leaf| self.depth_of(leaf.id) == SUGGESTED_LEVELS), &FIVE_LEVELS),
        ]
        .into_iter()
        .filter_map(|(applies, remark)| applies.then_some(remark))
        .collect()
    }

    /// The ends of the branch that carries the case: what stands beneath the primary cause, or while none is marked
    /// the end of the first branch.
    pub(super) fn main_leaves(&self) -> BTreeSet<CauseId> {
        match self.primary() {
            Some(primary) => {
                let branch = self.branch_of(primary.id);
                branch.into_iter().filter(|id| self.is_leaf(*id)).collect()
            }
            None => self.leaves().first().map(|leaf| leaf.id).into_iter().collect(),
        }
    }

    /// What is to be said about the end of a branch of which nobody said whether it can be changed.
    pub(super) fn open_end(
        &self,
        cause: &Cause,
        main: &BTreeSet<CauseId>,
        standard: Standard,
    ) -> Option<Objection> {
        if cause.end.is_some() || !self.is_leaf(cause.id) {
            return None;
        }
        let blocks = standard.ends_must_be_said && main.contains(&cause.id);
        let remark = if blocks { &LEAF_OPEN } else { &OTHER_LEAF_OPEN };
        Some(remark.objection(Some(cause.id)))
    }
}
