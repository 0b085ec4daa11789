//! Lists of records, page by page.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::Action;
use nevertwice_domain::case::Case;
use nevertwice_domain::id::{ActionId, CaseId};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::query::Note;
use nevertwice_domain::time::Date;
use nevertwice_domain::when::When;
use nevertwice_index::{Cursor, Hits, Listed, Page, Reach, SearchOptions, Sort, SortBy};
use nevertwice_store::{action as actions, case as cases, visibility};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::query::{Prepared, prepare};
use crate::case::Names;
use crate::error::ServiceError;
use crate::lesson::visible;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Lists cases, the latest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListCases {
    /// The query; everything if empty.
    pub query: String,
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on: `next` of the page before.
    pub after: Option<String>,
    /// `registered`, `reference`, `reported`, `severity`, `due` or `relevance`; a `-` before it turns it round.
    pub sort: Option<String>,
}

/// A page of cases.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseList {
    /// How many there are in all, of those that the caller may see.
    pub total: u64,
    /// This page.
    pub items: Vec<CaseRow>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
    /// Remarks on the query.
    pub notes: Vec<String>,
}

/// A case as a row. Of a case that the caller sees only in outline it tells class, state and title.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CaseRow {
    /// Its reference.
    pub reference: String,
    /// The reference that it had elsewhere.
    pub origin_reference: Option<String>,
    /// What happened.
    pub title: String,
    /// Its class.
    pub class: String,
    /// Where it stands.
    pub state: String,
    /// 1 to 5, 5 is worst.
    pub severity: Option<u8>,
    /// Category.
    pub category: Option<String>,
    /// When it happened.
    pub occurred: Option<String>,
    /// When it was noticed.
    pub detected: Option<String>,
    /// When it was reported.
    pub reported: Option<String>,
    /// When it entered this register.
    pub registered_at: Option<String>,
    /// Who works on it.
    pub responders: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether only a need-to-know list may know of it.
    pub restricted: bool,
}

/// Lists actions, the most urgent first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListActions {
    /// The query; everything if empty.
    pub query: String,
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on.
    pub after: Option<String>,
}

/// A page of actions.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionList {
    /// How many there are in all, of those that the caller may see.
    pub total: u64,
    /// This page.
    pub items: Vec<ActionRow>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
    /// Remarks on the query.
    pub notes: Vec<String>,
}

/// An action as a row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionRow {
    /// Its reference.
    pub reference: String,
    /// What is done.
    pub title: String,
    /// Where it stands.
    pub state: String,
    /// Whether it is owed and its date has passed.
    pub overdue: bool,
    /// Who owes it.
    pub owner: String,
    /// By when.
    pub due_on: String,
    /// Until when it was decided not to do it.
    pub not_doing_until: Option<String>,
    /// The case that it came from.
    pub case: String,
}

/// Searches every kind of record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Search {
    /// The query.
    pub query: String,
    /// How many at most.
    pub limit: usize,
    /// How many to pass over.
    pub offset: usize,
}

/// What a search found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SearchList {
    /// How many there are in all, of those that the caller may see.
    pub total: u64,
    /// This page, the best first.
    pub items: Vec<SearchHit>,
    /// The query that was run instead, if the one asked for found nothing and looked mistyped.
    pub corrected: Option<String>,
    /// Remarks on the query.
    pub notes: Vec<String>,
}

/// A record that was found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SearchHit {
    /// `case`, `lesson`, `action`, `review`, `asset` or `supplier`.
    pub kind: String,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// A stretch of its text, in pieces.
    pub snippet: Vec<SnippetPiece>,
}

/// A piece of a snippet.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SnippetPiece {
    /// The text.
    pub text: String,
    /// Whether it is a word searched for.
    pub hit: bool,
}

/// Makes the index anew from the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RebuildIndex {}

/// How many documents the new index has.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Rebuilt {
    /// Documents.
    pub documents: u64,
}

impl UseCase for ListCases {
    type Output = CaseList;
    const NAME: &'static str = "list_cases";

    fn run(self, asked: &Asked<'_>) -> Result<CaseList, ServiceError> {
        let prepared = prepare(asked, &self.query, "kind:case")?;
        let listed = page(&prepared, self.limit, self.after.as_deref(), sort(self.sort.as_deref())?)?;
        let ids: Vec<CaseId> = listed.ids.iter().copied().map(CaseId::from).collect();
        let rows = asked.service.read(asked.identity, |unit| {
            let mut found: BTreeMap<CaseId, Case> =
                cases::several(unit.tx, &ids)?.into_iter().map(|case| (case.id, case)).collect();
            let responders: Vec<_> =
                found.values().flat_map(|case| case.responders.iter().copied()).collect();
            let names = Names::of_people(unit.tx, &responders)?;
            let outline = prepared.access.cases == Reach::Outline;
            // Rows are authorised again: the index says what to look at, the store what may be shown.
            let row = |case: Case| {
                if unit.caller.may_to_case(Verb::ReadCase, &case).is_ok() {
                    return Some(CaseRow::of(&case, &names));
                }
                (outline && !case.shuts_out(unit.caller.id())).then(|| CaseRow::outline(&case))
            };
            Ok(ids.iter().filter_map(|id| found.remove(id)).filter_map(row).collect::<Vec<_>>())
        })?;
        Ok(CaseList {
            total: listed.total.unwrap_or(0),
            items: rows,
            next: listed.next.map(|cursor| cursor.to_string()),
            notes: notes(&listed.notes),
        })
    }
}

impl CaseRow {
    fn of(case: &Case, names: &Names) -> Self {
        let when = |when: Option<When>| when.map(|when| when.to_string());
        Self {
            reference: case.reference.to_string(),
            origin_reference: case.origin_reference.as_ref().map(ToString::to_string),
            title: case.title.to_string(),
            class: case.class.to_string(),
            state: case.state.to_string(),
            severity: case.severity.map(nevertwice_domain::case::Severity::level),
            category: case.category.as_ref().map(ToString::to_string),
            occurred: when(case.occurred),
            detected: when(case.detected),
            reported: when(case.reported),
            registered_at: Some(case.registered_at.to_string()),
            responders: case.responders.iter().map(|id| names.person(*id)).collect(),
            tags: case.tags.iter().map(ToString::to_string).collect(),
            restricted: case.restricted,
        }
    }

    /// What a board member is told of it.
    fn outline(case: &Case) -> Self {
        Self {
            origin_reference: None,
            severity: None,
            category: None,
            occurred: None,
            detected: None,
            reported: None,
            registered_at: None,
            responders: Vec::new(),
            tags: Vec::new(),
            ..Self::of(case, &Names::default())
        }
    }
}

impl UseCase for ListActions {
    type Output = ActionList;
    const NAME: &'static str = "list_actions";

    fn run(self, asked: &Asked<'_>) -> Result<ActionList, ServiceError> {
        let prepared = prepare(asked, &self.query, "kind:action")?;
        let sort = Sort { by: SortBy::Due, descending: false };
        let listed = page(&prepared, self.limit, self.after.as_deref(), sort)?;
        let ids: Vec<ActionId> = listed.ids.iter().copied().map(ActionId::from).collect();
        let items = asked.service.read(asked.identity, |unit| {
            let mut found: BTreeMap<_, _> =
                actions::several(unit.tx, &ids)?.into_iter().map(|action| (action.id, action)).collect();
            let ordered: Vec<_> = ids.iter().filter_map(|id| found.remove(id)).collect();
            let ordered = visible(unit, ordered)?;
            action_rows(unit, &ordered, prepared.today)
        })?;
        Ok(ActionList {
            total: listed.total.unwrap_or(0),
            items,
            next: listed.next.map(|cursor| cursor.to_string()),
            notes: notes(&listed.notes),
        })
    }
}

/// The rows of actions that the caller may read.
///
/// # Errors
/// What the store reports.
pub(crate) fn action_rows(
    unit: &mut Unit<'_>,
    shown: &[Action],
    today: Date,
) -> Result<Vec<ActionRow>, ServiceError> {
    let ids: Vec<CaseId> = shown.iter().map(|action| action.case_id).collect();
    let of: BTreeMap<CaseId, String> = cases::several(unit.tx, &ids)?
        .into_iter()
        .map(|case| (case.id, case.reference.to_string()))
        .collect();
    let owners: Vec<_> = shown.iter().map(|action| action.owner_id).collect();
    let names = Names::of_people(unit.tx, &owners)?;
    let row = |action: &Action| ActionRow {
        reference: action.reference.to_string(),
        title: action.title.to_string(),
        state: action.state.to_string(),
        overdue: action.is_overdue(today),
        owner: names.person(action.owner_id),
        due_on: action.due_on.to_string(),
        not_doing_until: action.not_doing_until.map(|until| until.to_string()),
        case: of.get(&action.case_id).cloned().unwrap_or_default(),
    };
    Ok(shown.iter().map(row).collect())
}

impl UseCase for Search {
    type Output = SearchList;
    const NAME: &'static str = "search";

    fn run(self, asked: &Asked<'_>) -> Result<SearchList, ServiceError> {
        let prepared = prepare(asked, &self.query, "")?;
        let options = SearchOptions {
            limit: self.limit,
            page: Page::Offset(self.offset),
            sort: Sort { by: SortBy::Relevance, descending: true },
            snippets: true,
            total: true,
            correct: true,
        };
        let hits = prepared.index.search(&prepared.compiled, &prepared.access, &options)?;
        let notes = notes(&hits.notes);
        let visible = visible_hits(asked, &hits)?;
        Ok(SearchList {
            total: hits.total.unwrap_or(0),
            items: hits
                .items
                .into_iter()
                .filter(|hit| visible.contains(&hit.id))
                .map(|hit| SearchHit {
                    kind: hit.kind.to_string(),
                    reference: hit.reference,
                    title: hit.title,
                    snippet: hit.snippet.into_iter().map(|(text, hit)| SnippetPiece { text, hit }).collect(),
                })
                .collect(),
            corrected: hits.corrected,
            notes,
        })
    }
}

/// The hits that may be shown now: what was restricted since the index was asked is left out.
fn visible_hits(asked: &Asked<'_>, hits: &Hits) -> Result<BTreeSet<Uuid>, ServiceError> {
    asked.service.read(asked.identity, |unit| {
        let mut visible: BTreeSet<Uuid> = hits.items.iter().map(|hit| hit.id).collect();
        for kind in [ObjectKind::Case, ObjectKind::Review, ObjectKind::Lesson, ObjectKind::Action] {
            let of_kind = hits.items.iter().filter(|hit| hit.kind.as_str() == kind.as_str());
            let ids: Vec<Uuid> = of_kind.map(|hit| hit.id).collect();
            for id in visibility::shut_out(unit.tx, kind, &ids, unit.caller.id())? {
                visible.remove(&id);
            }
        }
        Ok(visible)
    })
}

impl UseCase for RebuildIndex {
    type Output = Rebuilt;
    const NAME: &'static str = "rebuild_index";

    fn run(self, asked: &Asked<'_>) -> Result<Rebuilt, ServiceError> {
        asked.service.read(asked.identity, |unit| unit.caller.may(Verb::Administer))?;
        let documents = asked.service.feed().rebuild(&|progress| (asked.progress)(progress))?;
        Ok(Rebuilt { documents })
    }
}

pub(super) fn page(
    prepared: &Prepared,
    limit: usize,
    after: Option<&str>,
    sort: Sort,
) -> Result<Listed, ServiceError> {
    let cursor = after
        .map(|text| text.parse::<Cursor>())
        .transpose()
        .map_err(|error| ServiceError::invalid("after", "list.cursor", error))?;
    let page = if sort.by == SortBy::Relevance { Page::Offset(0) } else { Page::After(cursor) };
    let options = SearchOptions { limit, page, sort, snippets: false, total: true, correct: false };
    Ok(prepared.index.list(&prepared.compiled, &prepared.access, &options)?)
}

fn sort(text: Option<&str>) -> Result<Sort, ServiceError> {
    let Some(text) = text else { return Ok(Sort { by: SortBy::Registered, descending: true }) };
    let (descending, word) = match text.strip_prefix('-') {
        Some(word) => (true, word),
        None => (false, text),
    };
    let by = match word {
        "relevance" => SortBy::Relevance,
        "reference" => SortBy::Reference,
        "registered" => SortBy::Registered,
        "reported" => SortBy::Reported,
        "severity" => SortBy::Severity,
        "due" => SortBy::Due,
        other => {
            let message = format!(
                "{other:?} is not an order; expected one of: registered, reference, reported, severity, due, relevance"
            );
            return Err(ServiceError::invalid("sort", "list.sort", message));
        }
    };
    Ok(Sort { by, descending })
}

pub(super) fn notes(notes: &[Note]) -> Vec<String> {
    notes.iter().map(ToString::to_string).collect()
}
