//! Lists of lessons and of reviews.

use std::collections::BTreeMap;

use nevertwice_domain::case::Case;
use nevertwice_domain::id::{CaseId, LessonId, ReviewId};
use nevertwice_domain::permission::Verb;
use nevertwice_index::{Page, SearchOptions, Sort, SortBy};
use nevertwice_store::{Tx, case as cases, lesson as lessons, review as reviews};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::{notes, page};
use super::query::prepare;
use crate::case::Names;
use crate::error::ServiceError;
use crate::lesson::{exceptions, may_read};
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Lists lessons, the latest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListLessons {
    /// The query; everything if empty.
    pub query: String,
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on.
    pub after: Option<String>,
}

/// A page of lessons.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LessonList {
    /// How many there are in all, of those that the caller may see.
    pub total: u64,
    /// This page.
    pub items: Vec<LessonRow>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
    /// Remarks on the query.
    pub notes: Vec<String>,
}

/// A lesson as a row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LessonRow {
    /// Its reference.
    pub reference: String,
    /// What was learned.
    pub statement: String,
    /// Where it stands.
    pub state: String,
    /// Who wrote it.
    pub author: String,
    /// When it will be looked at again.
    pub review_on: Option<String>,
    /// The cases that it was learned from, those that the caller may know of.
    pub cases: Vec<String>,
    /// Whether it is in use without an action of its own, by coverage alone.
    pub is_exception: bool,
}

/// Lists reviews, the latest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListReviews {
    /// The query; everything if empty.
    pub query: String,
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on.
    pub after: Option<String>,
}

/// A page of reviews.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReviewList {
    /// How many there are in all, of those that the caller may see.
    pub total: u64,
    /// This page.
    pub items: Vec<ReviewRow>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
    /// Remarks on the query.
    pub notes: Vec<String>,
}

/// A review as a row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReviewRow {
    /// Its reference.
    pub reference: String,
    /// `full`, `five_whys` or `light`.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// What went wrong.
    pub problem: String,
    /// Who leads it.
    pub facilitator: String,
    /// By when it is to be held.
    pub due_on: String,
    /// The case reviewed.
    pub case: String,
}

impl UseCase for ListLessons {
    type Output = LessonList;
    const NAME: &'static str = "list_lessons";

    fn run(self, asked: &Asked<'_>) -> Result<LessonList, ServiceError> {
        let prepared = prepare(asked, &self.query, "kind:lesson")?;
        let sort = Sort { by: SortBy::Registered, descending: true };
        let listed = page(&prepared, self.limit, self.after.as_deref(), sort)?;
        let ids: Vec<LessonId> = listed.ids.iter().copied().map(LessonId::from).collect();
        let items = asked.service.read(asked.identity, |unit| {
            Ok(lesson_rows(unit, &ids)?.into_iter().map(|(_, row)| row).collect())
        })?;
        Ok(LessonList {
            total: listed.total.unwrap_or(0),
            items,
            next: listed.next.map(|cursor| cursor.to_string()),
            notes: notes(&listed.notes),
        })
    }
}

/// The rows of lessons that the caller may read, in the order of `ids`.
///
/// # Errors
/// What the store reports.
pub(crate) fn lesson_rows(
    unit: &mut Unit<'_>,
    ids: &[LessonId],
) -> Result<Vec<(LessonId, LessonRow)>, ServiceError> {
    let mut found: BTreeMap<_, _> =
        lessons::several(unit.tx, ids)?.into_iter().map(|lesson| (lesson.id, lesson)).collect();
    let ordered: Vec<_> = ids.iter().filter_map(|id| found.remove(id)).collect();
    let of = cases_by_id(unit.tx, ordered.iter().flat_map(|lesson| lesson.cases.iter().copied()))?;
    let authors: Vec<_> = ordered.iter().map(|lesson| lesson.author_id).collect();
    let names = Names::of_people(unit.tx, &authors)?;
    let exceptions = exceptions(unit, &ordered)?;
    let mut rows = Vec::new();
    for lesson in ordered {
        let origins: Vec<&Case> = lesson.cases.iter().filter_map(|id| of.get(id)).collect();
        if may_read(&unit.caller, &lesson, &origins).is_err() {
            continue;
        }
        let known = |case: &&&Case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok();
        let mut known: Vec<String> =
            origins.iter().filter(known).map(|case| case.reference.to_string()).collect();
        known.sort();
        let row = LessonRow {
            reference: lesson.reference.to_string(),
            statement: lesson.statement.to_string(),
            state: lesson.state.to_string(),
            author: names.person(lesson.author_id),
            review_on: lesson.review_on.map(|date| date.to_string()),
            cases: known,
            is_exception: exceptions.contains(&lesson.id),
        };
        rows.push((lesson.id, row));
    }
    Ok(rows)
}

/// Lessons in force that have any of some words, the best first.
///
/// # Errors
/// What the index reports.
pub(crate) fn lessons_with_any(
    asked: &Asked<'_>,
    words: &[String],
    limit: usize,
) -> Result<Vec<LessonId>, ServiceError> {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let query = format!("({}) state:approved,applied,proved", words.join(" OR "));
    let prepared = prepare(asked, &query, "kind:lesson")?;
    let options = SearchOptions {
        limit,
        page: Page::Offset(0),
        sort: Sort { by: SortBy::Relevance, descending: true },
        snippets: false,
        total: false,
        correct: false,
    };
    let hits = prepared.index.search(&prepared.compiled, &prepared.access, &options)?;
    Ok(hits.items.iter().map(|hit| LessonId::from(hit.id)).collect())
}

impl UseCase for ListReviews {
    type Output = ReviewList;
    const NAME: &'static str = "list_reviews";

    fn run(self, asked: &Asked<'_>) -> Result<ReviewList, ServiceError> {
        let prepared = prepare(asked, &self.query, "kind:review")?;
        let sort = Sort { by: SortBy::Registered, descending: true };
        let listed = page(&prepared, self.limit, self.after.as_deref(), sort)?;
        let ids: Vec<ReviewId> = listed.ids.iter().copied().map(ReviewId::from).collect();
        let items = asked.service.read(asked.identity, |unit| {
            let mut found: BTreeMap<_, _> = reviews::several(unit.tx, &ids)?
                .into_iter()
                .map(|review| (review.review.id, review.review))
                .collect();
            let ordered: Vec<_> = ids.iter().filter_map(|id| found.remove(id)).collect();
            let of = cases_by_id(unit.tx, ordered.iter().map(|review| review.case_id))?;
            let leaders: Vec<_> = ordered.iter().map(|review| review.facilitator_id).collect();
            let names = Names::of_people(unit.tx, &leaders)?;
            let row = |review: &nevertwice_domain::review::Review| {
                let case = of.get(&review.case_id)?;
                unit.caller.may_to_case(Verb::ReadCase, case).ok()?;
                Some(ReviewRow {
                    reference: review.reference.to_string(),
                    kind: review.kind.to_string(),
                    state: review.state.to_string(),
                    problem: review.problem.to_string(),
                    facilitator: names.person(review.facilitator_id),
                    due_on: review.due_on.to_string(),
                    case: case.reference.to_string(),
                })
            };
            Ok(ordered.iter().filter_map(row).collect())
        })?;
        Ok(ReviewList {
            total: listed.total.unwrap_or(0),
            items,
            next: listed.next.map(|cursor| cursor.to_string()),
            notes: notes(&listed.notes),
        })
    }
}

fn cases_by_id(
    tx: &mut Tx,
    ids: impl Iterator<Item = CaseId>,
) -> Result<BTreeMap<CaseId, Case>, ServiceError> {
    let ids: Vec<CaseId> = ids.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    Ok(cases::several(tx, &ids)?.into_iter().map(|case| (case.id, case)).collect())
}
