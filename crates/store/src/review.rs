//! Reviews with their cause graphs.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::cause::{
    BranchEnd, Cause, CauseGraph, CauseGraphParts, CauseKind, Confidence, Dismissal, Link, LinkKind,
    Statement as CauseStatement, Support,
};
use nevertwice_domain::id::{CaseId, CauseId, PersonId, ReviewId};
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::review::{
    Evaluation, Review, ReviewKind, ReviewRecord, ReviewScope, ReviewState, SimilarHit, SimilarLook,
};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::{Date, Timestamp};

use crate::engine::{ToValue, Tx, Value};
use crate::error::StoreError;
use crate::record::{self, Record, RecordDef};

statements! {
    /// The id of a reference.
    ID_OF = "SELECT id FROM reviews WHERE reference = $1";
    /// The ids of the reviews that were opened for several cases.
    OF_CASES = "SELECT id FROM reviews WHERE case_id IN ($*) ORDER BY reference";
    /// Who leads the reviews of several cases.
    LEADERS = "SELECT DISTINCT case_id, facilitator_id FROM reviews WHERE case_id IN ($*)";
    /// The ids of the reviews that are of several cases as well.
    ALSO_OF_CASES = "SELECT review_id AS id FROM review_cases WHERE case_id IN ($*) ORDER BY review_id";
    /// Those that nobody has approved or waived.
    OPEN_DUE_BY = "SELECT r.id FROM reviews r JOIN cases c ON c.id = r.case_id
                   WHERE r.state IN ('due', 'scheduled', 'held', 'drafted') AND r.due_on <= $1 AND c.state <> 'void' ORDER BY r.id";
    /// Those that run under a version of the procedure, in portions.
    UNDER = "SELECT id FROM reviews WHERE procedure_number = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// The next reviews after an id, for reading them all in portions.
    AFTER = "SELECT id FROM reviews WHERE id > $1 ORDER BY id LIMIT $2";
}

record!(ReviewRecord as "reviews" of Review by id [] {
    id: ReviewId, version: u64, reference: ReviewRef, case_id: CaseId, kind: ReviewKind, state: ReviewState,
    trigger: Prose, scope: Option<ReviewScope>, procedure_number: Option<u32>, procedure_rule: Option<u32>,
    problem: CauseStatement, facilitator_id: PersonId, participants: BTreeSet<PersonId>, due_on: Date,
    taken_up_at: Option<Timestamp>, scheduled_on: Option<Date>, questions: Option<Vec<Line>>, asked_at: Option<Timestamp>, held_on: Option<Date>,
    minutes: Option<Prose>, evaluation: Option<Evaluation>, drafted_by: Option<PersonId>,
    first_approved_by: Option<PersonId>, approved_version: Option<u64>, approved_by: Option<PersonId>,
    approved_at: Option<Timestamp>, waived_reason: Option<Prose>, created_at: Timestamp, created_by: PersonId,
});

/// A row of `review_cases`.
#[derive(Clone, PartialEq)]
struct ReviewCase {
    review_id: ReviewId,
    case_id: CaseId,
}

record!(ReviewCase as "review_cases" of Review by review_id [case_id] { review_id: ReviewId, case_id: CaseId });

/// A row of `causes`.
#[derive(Clone, PartialEq)]
struct CauseRow {
    id: CauseId,
    review_id: ReviewId,
    statement: CauseStatement,
    kind: CauseKind,
    confidence: Confidence,
    support: Support,
    is_primary: bool,
    position: u32,
    category: Option<Line>,
    changeable: Option<bool>,
    changeable_note: Option<Prose>,
}

record!(CauseRow as "causes" of Review by review_id [id] {
    id: CauseId, review_id: ReviewId, statement: CauseStatement, kind: CauseKind, confidence: Confidence,
    support: Support, is_primary: bool, position: u32, category: Option<Line>, changeable: Option<bool>,
    changeable_note: Option<Prose>,
});

/// A row of `cause_links`; `effect` is the effect's id, or `problem`: part of the key, which cannot be NULL.
#[derive(Clone, PartialEq)]
struct LinkRow {
    review_id: ReviewId,
    cause_id: CauseId,
    effect_id: Option<CauseId>,
    kind: LinkKind,
    on_ladder: bool,
    confidence: Option<Confidence>,
    support: Support,
}

record!(LinkRow as "cause_links" of Review by review_id [cause_id, effect] {
    review_id: ReviewId, cause_id: CauseId, effect_id: Option<CauseId>, kind: LinkKind, on_ladder: bool,
    confidence: Option<Confidence>, support: Support;
    effect = |link| link.effect_id.map_or_else(|| "problem".to_owned(), |id| id.to_string()),
});

record!(Dismissal as "dismissed_findings" of Review by review_id [cause_id, rule, statement_sha256] {
    review_id: ReviewId, cause_id: CauseId, rule: String, statement_sha256: Sha256Text, reason: Prose,
    dismissed_by: PersonId, dismissed_at: Timestamp,
});

record!(SimilarLook as "similar_looks" of Review by review_id [] {
    review_id: ReviewId, looked_at: Timestamp, looked_by: PersonId, searched: Option<Line>, hits: Vec<SimilarHit>,
    finding: Prose,
});

/// The trailed table of further cases.
pub(crate) const CASES: &RecordDef = <ReviewCase as Record>::DEF;
/// The trailed table of causes.
pub(crate) const CAUSES: &RecordDef = <CauseRow as Record>::DEF;
/// The trailed table of links between causes.
pub(crate) const LINKS: &RecordDef = <LinkRow as Record>::DEF;

/// A review with its causes.
#[derive(Debug, Clone)]
pub struct ReviewWithCauses {
    /// The review.
    pub review: Review,
    /// Its causes.
    pub causes: CauseGraph,
    /// The cases that it is of beside its own.
    pub also: BTreeSet<CaseId>,
    /// The findings about its causes that were set aside.
    pub dismissals: Vec<Dismissal>,
    /// The last look for similar cases.
    pub look: Option<SimilarLook>,
}

impl ReviewWithCauses {
    /// A review with its causes, and nothing else yet.
    #[must_use]
    pub fn new(review: Review, causes: CauseGraph) -> Self {
        Self { review, causes, also: BTreeSet::new(), dismissals: Vec::new(), look: None }
    }

    /// The same with another state of the review.
    #[must_use]
    pub fn with_review(&self, review: Review) -> Self {
        Self { review, ..self.clone() }
    }

    /// The same with other causes.
    #[must_use]
    pub fn with_causes(&self, causes: CauseGraph) -> Self {
        Self { causes, ..self.clone() }
    }

    /// Every case that it is of, its own first.
    pub fn cases(&self) -> impl Iterator<Item = CaseId> {
        std::iter::once(self.review.case_id).chain(self.also.iter().copied())
    }
}

/// A review by id.
///
/// # Errors
/// What the database reports.
pub fn get(tx: &mut Tx, id: ReviewId) -> Result<Option<ReviewWithCauses>, StoreError> {
    Ok(several(tx, &[id])?.pop())
}

/// A review by reference.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, reference: ReviewRef) -> Result<Option<ReviewWithCauses>, StoreError> {
    let Some(row) = tx.query_opt(ID_OF, &params![reference])? else { return Ok(None) };
    get(tx, row.get("id")?)
}

/// Several reviews by id, in order of their references.
///
/// # Errors
/// What the database reports, or a cause graph that the program never wrote.
pub fn several(tx: &mut Tx, ids: &[ReviewId]) -> Result<Vec<ReviewWithCauses>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let mut causes: BTreeMap<ReviewId, Vec<CauseRow>> = BTreeMap::new();
    for row in record::of_objects::<CauseRow>(tx, &ids)? {
        causes.entry(row.review_id).or_default().push(row);
    }
    let mut links: BTreeMap<ReviewId, Vec<LinkRow>> = BTreeMap::new();
    for row in record::of_objects::<LinkRow>(tx, &ids)? {
        links.entry(row.review_id).or_default().push(row);
    }
    let mut also: BTreeMap<ReviewId, BTreeSet<CaseId>> = BTreeMap::new();
    for row in record::of_objects::<ReviewCase>(tx, &ids)? {
        also.entry(row.review_id).or_default().insert(row.case_id);
    }
    let mut dismissals: BTreeMap<ReviewId, Vec<Dismissal>> = BTreeMap::new();
    for row in record::of_objects::<Dismissal>(tx, &ids)? {
        dismissals.entry(row.review_id).or_default().push(row);
    }
    let looks = record::of_objects::<SimilarLook>(tx, &ids)?;
    let mut looks: BTreeMap<_, _> = looks.into_iter().map(|look| (look.review_id, look)).collect();
    let mut reviews = Vec::new();
    for review in record::of_objects::<ReviewRecord>(tx, &ids)? {
        let own_causes = causes.remove(&review.id).unwrap_or_default();
        let own_links = links.remove(&review.id).unwrap_or_default();
        let causes = graph(&review, own_causes, own_links)?;
        let also = also.remove(&review.id).unwrap_or_default();
        let (dismissals, look) =
            (dismissals.remove(&review.id).unwrap_or_default(), looks.remove(&review.id));
        reviews.push(ReviewWithCauses { review: Review::restore(review), causes, also, dismissals, look });
    }
    reviews.sort_by_key(|r| r.review.reference);
    Ok(reviews)
}

/// The reviews of a case, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<ReviewWithCauses>, StoreError> {
    of_cases(tx, &[case])
}

/// Of each of several cases who leads a review of it.
///
/// # Errors
/// What the database reports.
pub fn leaders(tx: &mut Tx, cases: &[CaseId]) -> Result<BTreeMap<CaseId, BTreeSet<PersonId>>, StoreError> {
    let list: Vec<Value> = cases.iter().map(ToValue::to_value).collect();
    let mut leaders: BTreeMap<CaseId, BTreeSet<PersonId>> = BTreeMap::new();
    for row in tx.query_list(LEADERS, &list)? {
        leaders.entry(row.get("case_id")?).or_default().insert(row.get("facilitator_id")?);
    }
    Ok(leaders)
}

/// The reviews of several cases, in order of their references; those that are of several cases too.
///
/// # Errors
/// What the database reports.
pub fn of_cases(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<ReviewWithCauses>, StoreError> {
    let list: Vec<Value> = cases.iter().map(ToValue::to_value).collect();
    let mut rows = tx.query_list(OF_CASES, &list)?;
    rows.extend(tx.query_list(ALSO_OF_CASES, &list)?);
    let mut ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<ReviewId>, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    several(tx, &ids)
}

/// The ids of reviews that were due by a day and that nobody has approved or waived, of cases that are not void.
///
/// # Errors
/// What the database reports.
pub fn open_due_by(tx: &mut Tx, day: Date) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(OPEN_DUE_BY, &params![day])?.iter().map(|row| row.get("id")).collect()
}

/// Up to `limit` ids after `after` of reviews that run under a version of the procedure, in order.
///
/// # Errors
/// What the database reports.
pub fn ids_under(
    tx: &mut Tx,
    procedure: u32,
    after: ReviewId,
    limit: u32,
) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(UNDER, &params![procedure, after, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Up to `limit` ids after `after`, in order: for reading all reviews in portions.
///
/// # Errors
/// What the database reports.
pub fn ids_after(tx: &mut Tx, after: ReviewId, limit: u32) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(AFTER, &params![after, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Adds reviews with their causes.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, reviews: &[ReviewWithCauses]) -> Result<(), StoreError> {
    record::insert_each(tx, reviews.iter().map(|r| (&*r.review, r.review.version)))?;
    let revision = |r: &ReviewWithCauses| r.review.version;
    let also: Vec<_> =
        reviews.iter().flat_map(|r| case_rows(r).into_iter().map(move |row| (row, revision(r)))).collect();
    record::insert_each(tx, also.iter().map(|(row, revision)| (row, *revision)))?;
    let causes: Vec<_> =
        reviews.iter().flat_map(|r| cause_rows(r).into_iter().map(move |row| (row, revision(r)))).collect();
    record::insert_each(tx, causes.iter().map(|(row, revision)| (row, *revision)))?;
    let links: Vec<_> =
        reviews.iter().flat_map(|r| link_rows(r).into_iter().map(move |row| (row, revision(r)))).collect();
    record::insert_each(tx, links.iter().map(|(row, revision)| (row, *revision)))?;
    let with_revision = reviews.iter().map(|r| (r, revision(r)));
    record::insert_each(
        tx,
        with_revision.clone().flat_map(|(r, revision)| r.dismissals.iter().map(move |row| (row, revision))),
    )?;
    record::insert_each(tx, with_revision.filter_map(|(r, revision)| Some((r.look.as_ref()?, revision))))
}

/// Changes a review and its causes. What was set aside about a cause goes with it.
///
/// # Errors
/// What the database reports.
pub fn save(
    tx: &mut Tx,
    before: &ReviewWithCauses,
    after: &ReviewWithCauses,
) -> Result<ReviewWithCauses, StoreError> {
    let new = ReviewRecord { version: before.review.version + 1, ..(*after.review).clone() };
    let revision = new.version;
    record::update::<ReviewRecord>(tx, &before.review, &new, revision)?;
    let (old_cases, new_cases) = (case_rows(before), case_rows(after));
    remove_gone(tx, &old_cases, &new_cases, |row| row.case_id, revision)?;
    add_and_update(tx, &old_cases, &new_cases, |row| row.case_id, revision)?;
    let (old_links, new_links) = (link_rows(before), link_rows(after));
    let (old_causes, new_causes) = (cause_rows(before), cause_rows(after));
    let mut dismissals = after.dismissals.clone();
    dismissals.retain(|dismissal| after.causes.cause(dismissal.cause_id).is_some());
    let seen = |row: &Dismissal| (row.cause_id, row.rule.clone(), row.statement_sha256.clone());
    remove_gone(tx, &before.dismissals, &dismissals, seen, revision)?;
    // Links refer to causes, so they go first and come last.
    remove_gone(tx, &old_links, &new_links, |link| (link.cause_id, link.effect_id), revision)?;
    add_and_update(tx, &old_causes, &new_causes, |cause| cause.id, revision)?;
    add_and_update(tx, &old_links, &new_links, |link| (link.cause_id, link.effect_id), revision)?;
    remove_gone(tx, &old_causes, &new_causes, |cause| cause.id, revision)?;
    add_and_update(tx, &before.dismissals, &dismissals, seen, revision)?;
    let look = |review: &ReviewWithCauses| -> Vec<SimilarLook> { review.look.iter().cloned().collect() };
    add_and_update(tx, &look(before), &look(after), |look| look.review_id, revision)?;
    Ok(ReviewWithCauses { dismissals, ..after.with_review(Review::restore(new)) })
}

fn remove_gone<R: Record, K: PartialEq>(
    tx: &mut Tx,
    old: &[R],
    new: &[R],
    key: fn(&R) -> K,
    revision: u64,
) -> Result<(), StoreError> {
    for row in old.iter().filter(|row| !new.iter().any(|other| key(other) == key(row))) {
        record::delete(tx, row, revision)?;
    }
    Ok(())
}

fn add_and_update<R: Record + Clone, K: PartialEq>(
    tx: &mut Tx,
    old: &[R],
    new: &[R],
    key: fn(&R) -> K,
    revision: u64,
) -> Result<(), StoreError> {
    let mut added = Vec::new();
    for row in new {
        match old.iter().find(|other| key(other) == key(row)) {
            Some(before) => record::update(tx, before, row, revision)?,
            None => added.push(row.clone()),
        }
    }
    record::insert(tx, &added, revision)
}

fn graph(
    review: &ReviewRecord,
    causes: Vec<CauseRow>,
    links: Vec<LinkRow>,
) -> Result<CauseGraph, StoreError> {
    let corrupt = |error: &dyn std::fmt::Display| StoreError::corrupt("reviews", review.id, "causes", error);
    let parts = CauseGraphParts {
        problem: review.problem.clone(),
        causes: causes
            .into_iter()
            .map(|row| Cause {
                id: row.id,
                statement: row.statement,
                kind: row.kind,
                confidence: row.confidence,
                support: row.support,
                primary: row.is_primary,
                position: row.position,
                category: row.category,
                end: row
                    .changeable
                    .zip(row.changeable_note)
                    .map(|(changeable, note)| BranchEnd { changeable, note }),
            })
            .collect(),
        links: links
            .into_iter()
            .map(|row| Link {
                cause: row.cause_id,
                effect: row.effect_id,
                kind: row.kind,
                on_ladder: row.on_ladder,
                confidence: row.confidence,
                support: row.support,
            })
            .collect(),
    };
    CauseGraph::try_from(parts).map_err(|error| corrupt(&error))
}

fn case_rows(review: &ReviewWithCauses) -> Vec<ReviewCase> {
    review.also.iter().map(|case| ReviewCase { review_id: review.review.id, case_id: *case }).collect()
}

fn cause_rows(review: &ReviewWithCauses) -> Vec<CauseRow> {
    let row = |cause: &Cause| CauseRow {
        id: cause.id,
        review_id: review.review.id,
        statement: cause.statement.clone(),
        kind: cause.kind,
        confidence: cause.confidence,
        support: cause.support.clone(),
        is_primary: cause.primary,
        position: cause.position,
        category: cause.category.clone(),
        changeable: cause.end.as_ref().map(|end| end.changeable),
        changeable_note: cause.end.as_ref().map(|end| end.note.clone()),
    };
    review.causes.causes().iter().map(row).collect()
}

fn link_rows(review: &ReviewWithCauses) -> Vec<LinkRow> {
    let row = |link: &Link| LinkRow {
        review_id: review.review.id,
        cause_id: link.cause,
        effect_id: link.effect,
        kind: link.kind,
        on_ladder: link.on_ladder,
        confidence: link.confidence,
        support: link.support.clone(),
    };
    review.causes.links().iter().map(row).collect()
}
