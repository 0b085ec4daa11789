//! Whether something like it happened before: the look back that ISO/IEC 27001:2022 asks for (10.2 b 3).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Review, ReviewError, ReviewKind, ReviewState};
use crate::case::Severity as CaseSeverity;
use crate::cause::{Objection, Standard};
use crate::id::{CaseId, PersonId, ReviewId};
use crate::text::{Line, Prose};
use crate::time::Timestamp;
use crate::wording::Severity;

/// Most cases of one look.
pub const MAX_HITS: usize = 50;

words! {
    /// What an earlier case is to the one under review.
    SimilarVerdict("verdict on a similar case") {
        /// It had the same cause.
        SameCause = "same_cause",
        /// It is alike, from another cause.
        Similar = "similar",
        /// It only looked alike.
        Unrelated = "unrelated",
    }
}

/// An earlier case that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimilarHit {
    /// The case.
    pub case: CaseId,
    /// What it is to this one.
    pub verdict: SimilarVerdict,
}

/// One look for earlier cases like the one under review. The last one counts; the trail keeps those before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimilarLook {
    /// The review.
    pub review_id: ReviewId,
    /// When somebody looked.
    pub looked_at: Timestamp,
    /// Who.
    pub looked_by: PersonId,
    /// The words or filters that were searched with, beside what the register showed by itself.
    pub searched: Option<Line>,
    /// The cases that were looked at, and what was found of each.
    pub hits: Vec<SimilarHit>,
    /// What follows; that there is none is an answer.
    pub finding: Prose,
}

/// What somebody who looked has to say.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The words or filters that were searched with.
    pub searched: Option<Line>,
    /// The cases that were looked at.
    pub hits: Vec<SimilarHit>,
    /// What follows.
    pub finding: Prose,
}

impl Review {
    /// Writes down a look for similar cases. Whoever approved the review before approved another one.
    ///
    /// # Errors
    /// The review is over, a case is named twice, it is the case under review itself, or there are too many.
    pub fn looked(
        mut self,
        looked: Looked,
        by: PersonId,
        at: Timestamp,
    ) -> Result<(Self, SimilarLook), ReviewError> {
        let from = [ReviewState::Due, ReviewState::Scheduled, ReviewState::Held, ReviewState::Drafted];
        self.begin_change(&from, "looking for similar cases", "not approved or waived yet")?;
        let Looked { searched, hits, finding } = looked;
        if hits.len() > MAX_HITS {
            return Err(ReviewError::TooManyHits(hits.len()));
        }
        let mut seen = BTreeSet::from([self.case_id]);
        if !hits.iter().all(|hit| seen.insert(hit.case)) {
            return Err(ReviewError::HitTwice);
        }
        let look = SimilarLook { review_id: self.id, looked_at: at, looked_by: by, searched, hits, finding };
        Ok((self, look))
    }

    /// What is asked while nobody looked.
    #[must_use]
    pub fn asks_for_look(&self, look: Option<&SimilarLook>) -> Option<Objection> {
        (look.is_none() && self.needs_look()).then(|| Objection {
            code: "review.similar_missing",
            rule: None,
            severity: Severity::Warn,
            cause: None,
            number: None,
            message: "Nobody has looked for similar cases yet; the approval waits for it.".to_owned(),
            question:
                "Did something like it happen before, or could it happen elsewhere? None found is an answer."
                    .to_owned(),
        })
    }

    /// By what its causes are measured; `severity` is that of the case.
    #[must_use]
    pub fn standard(&self, severity: Option<CaseSeverity>) -> Standard {
        Standard { severity, ends_must_be_said: self.kind != ReviewKind::Light }
    }

    /// Whether it can be approved only after somebody looked for similar cases.
    #[must_use]
    pub fn needs_look(&self) -> bool {
        self.kind != ReviewKind::Light
    }
}
