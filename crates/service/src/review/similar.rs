//! The look for similar cases that a review needs before it is approved (ISO/IEC 27001:2022, 10.2 b 3).

use std::collections::BTreeSet;

use nevertwice_domain::case::Case;
use nevertwice_domain::id::CaseId;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::{CaseRef, ReviewRef};
use nevertwice_domain::review::{Looked, SimilarHit, SimilarLook, SimilarVerdict};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_store::case as cases;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ReviewView;
use super::open::{allowed, save_review};
use crate::case::{Names, readable, same_version};
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::Change;

/// Writes down a look for earlier cases like the one under review; the one before it is replaced, and stays in the
/// trail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordSimilar {
    /// The review.
    pub review: ReviewRef,
    /// The version of the review that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// The words or filters that were searched with, beside what the register showed by itself.
    pub searched: Option<Line>,
    /// The cases that were looked at.
    pub hits: Vec<SimilarCase>,
    /// What follows; that there is none is an answer.
    pub finding: Prose,
}

/// An earlier case that was looked at, and what was found of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct SimilarCase {
    /// The case.
    pub case: CaseRef,
    /// What it is to the one under review.
    pub verdict: SimilarVerdict,
}

/// A look for similar cases.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimilarLookView {
    /// When somebody looked, RFC 3339.
    pub looked_at: String,
    /// Who.
    pub looked_by: String,
    /// The words or filters that were searched with.
    pub searched: Option<String>,
    /// The cases that were looked at, those that the caller may know of.
    pub hits: Vec<SimilarHitView>,
    /// What follows.
    pub finding: String,
}

/// A case that was looked at.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimilarHitView {
    /// Its reference.
    pub case: String,
    /// Its title.
    pub title: String,
    /// `same_cause`, `similar` or `unrelated`.
    pub verdict: String,
}

impl Change for RecordSimilar {
    type Output = ReviewView;
    const NAME: &'static str = "record_similar";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, _) = allowed(unit, self.review, Verb::EditCase)?;
        same_version(&self.review, before.review.version, self.version)?;
        let mut hits = Vec::new();
        for SimilarCase { case, verdict } in &self.hits {
            hits.push(SimilarHit { case: readable(unit, *case)?.id, verdict: *verdict });
        }
        // What somebody else looked at stays where the caller may not know of it: it was not theirs to leave out.
        if let Some(look) = &before.look {
            let known: BTreeSet<CaseId> = known(unit, look)?.iter().map(|case| case.id).collect();
            hits.extend(look.hits.iter().filter(|hit| !known.contains(&hit.case)));
        }
        let looked = Looked { searched: self.searched.clone(), hits, finding: self.finding.clone() };
        let (review, look) = before.review.clone().looked(looked, unit.caller.id(), unit.moment.at)?;
        let mut after = before.with_review(review);
        after.look = Some(look);
        save_review(unit, &before, &after)
    }
}

/// The cases of a look that the caller may read.
fn known(unit: &mut Unit<'_>, look: &SimilarLook) -> Result<Vec<Case>, ServiceError> {
    let ids: Vec<CaseId> = look.hits.iter().map(|hit| hit.case).collect();
    let mut found = cases::several(unit.tx, &ids)?;
    found.retain(|case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok());
    Ok(found)
}

/// A look, with the cases that the caller may know of.
///
/// # Errors
/// What the store reports.
pub(super) fn look_view(
    unit: &mut Unit<'_>,
    look: &SimilarLook,
    names: &Names,
) -> Result<SimilarLookView, ServiceError> {
    let known = known(unit, look)?;
    let view = |hit: &SimilarHit| {
        let case = known.iter().find(|case| case.id == hit.case)?;
        Some(SimilarHitView {
            case: case.reference.to_string(),
            title: case.title.to_string(),
            verdict: hit.verdict.to_string(),
        })
    };
    Ok(SimilarLookView {
        looked_at: look.looked_at.to_string(),
        looked_by: names.person(look.looked_by),
        searched: look.searched.as_ref().map(ToString::to_string),
        hits: look.hits.iter().filter_map(view).collect(),
        finding: look.finding.to_string(),
    })
}
