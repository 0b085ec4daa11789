//! What was done to a case and what hangs on it, from the trail.

use std::collections::{BTreeSet, HashMap};

use nevertwice_domain::case::Case;
use nevertwice_domain::id::{CaseId, PersonId};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::reference::CaseRef;
use nevertwice_store::case as cases;
use nevertwice_store::trail::read::{self as trail, Activity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::hanging::{Part, hanging_on};
use super::{Names, readable};
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Entries of one page at the most.
const MOST: usize = 200;

/// Shows what was done to a case and what hangs on it, the latest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowActivity {
    /// The case.
    pub case: CaseRef,
    /// How many entries, 1 to 200.
    pub limit: usize,
    /// Only what came before this sequence: `next` of the page before.
    #[serde(default)]
    pub before: Option<u64>,
}

/// What was done, the latest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActivityView {
    /// One entry of the trail each.
    pub entries: Vec<ActivityEntryView>,
    /// Where it goes on; none at the end.
    pub next: Option<u64>,
}

/// One thing that was done. Values are not shown, only which of them changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActivityEntryView {
    /// The place of its entry in the trail.
    pub sequence: u64,
    /// When, RFC 3339.
    pub at: String,
    /// Who did it.
    pub actor: String,
    /// What was done, as the trail calls it: `edit_case`, `approve_review`.
    pub action: String,
    /// To what: `case`, `review`, `lesson` or `action`.
    pub object_kind: String,
    /// Its reference.
    pub object: String,
    /// What changed: `title`; of what belongs to the record, with the table before it: `comments.text`.
    pub changed: Vec<String>,
}

impl UseCase for ShowActivity {
    type Output = ActivityView;
    const NAME: &'static str = "show_activity";

    fn run(self, asked: &Asked<'_>) -> Result<ActivityView, ServiceError> {
        if !(1..=MOST).contains(&self.limit) {
            let message = format!("expected 1 to {MOST} entries, found {}", self.limit);
            return Err(ServiceError::invalid("limit", "activity.limit", message));
        }
        asked.service.read(asked.identity, |unit| {
            let case = readable(unit, self.case)?;
            page(unit, &case, self.limit, self.before.unwrap_or(u64::MAX))
        })
    }
}

/// One page: of every record the entries that could be on it, by the trail's index, and of these the latest.
fn page(unit: &mut Unit<'_>, case: &Case, limit: usize, before: u64) -> Result<ActivityView, ServiceError> {
    let (id, reference) = (case.id.uuid(), case.reference.to_string());
    let mut parts = vec![Part { kind: ObjectKind::Case, id, reference }];
    parts.extend(hanging_on(unit, std::slice::from_ref(case))?);
    // One more than is shown tells whether there are more.
    let portion = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let mut found: Vec<(&Part, Activity)> = Vec::new();
    for part in &parts {
        let of_part = trail::activity(unit.tx, part.id, before, portion)?;
        found.extend(of_part.into_iter().map(|activity| (part, activity)));
    }
    found.sort_by_key(|(_, activity)| std::cmp::Reverse(activity.sequence));
    let is_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| is_more).map(|(_, last)| last.sequence);
    // It changes with every change.
    for (_, activity) in &mut found {
        activity.fields.retain(|(_, column)| column != "version");
    }
    leave_out_hidden_cases(unit, case.id, &mut found)?;
    let actors: Vec<PersonId> = found.iter().map(|(_, activity)| activity.actor).collect();
    let names = Names::of_people(unit.tx, &actors)?;
    Ok(ActivityView {
        entries: found.iter().map(|(part, activity)| shown(part, activity, &names)).collect(),
        next,
    })
}

/// That a case is or was a part of one that the caller may not know of is not told at all.
fn leave_out_hidden_cases(
    unit: &mut Unit<'_>,
    case: CaseId,
    found: &mut Vec<(&Part, Activity)>,
) -> Result<(), ServiceError> {
    let part_of = ("cases".to_owned(), "part_of".to_owned());
    if !found.iter().any(|(_, activity)| activity.fields.contains(&part_of)) {
        return Ok(());
    }
    let ids: Vec<CaseId> = trail::parents_ever(unit.tx, case.uuid())?.into_iter().map(CaseId::new).collect();
    let parents: HashMap<Uuid, Case> =
        cases::several(unit.tx, &ids)?.into_iter().map(|parent| (parent.id.uuid(), parent)).collect();
    let is_hidden = |id: &CaseId| parents.get(&id.uuid()).is_none_or(|p| p.shuts_out(unit.caller.id()));
    if ids.iter().any(is_hidden) {
        found.retain_mut(|(_, activity)| !activity.fields.remove(&part_of) || !activity.fields.is_empty());
    }
    Ok(())
}

fn shown(part: &Part, activity: &Activity, names: &Names) -> ActivityEntryView {
    let own = match part.kind {
        ObjectKind::Case => "cases",
        ObjectKind::Review => "reviews",
        ObjectKind::Lesson => "lessons",
        _ => "actions",
    };
    let changed: BTreeSet<String> = activity
        .fields
        .iter()
        .map(|(table, column)| if table == own { column.clone() } else { format!("{table}.{column}") })
        .collect();
    ActivityEntryView {
        sequence: activity.sequence,
        at: activity.at.to_string(),
        actor: names.person(activity.actor),
        action: activity.action.clone(),
        object_kind: part.kind.to_string(),
        object: part.reference.clone(),
        changed: changed.into_iter().collect(),
    }
}
