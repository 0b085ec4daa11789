//! Lessons that need somebody: nothing puts them to work, or nobody has looked at them for too long.

use std::collections::BTreeSet;

use nevertwice_domain::id::LessonId;
use nevertwice_domain::permission::Scope;
use nevertwice_store::lesson as lessons;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Carried, today};
use crate::error::ServiceError;
use crate::search::{LessonRow, lesson_rows};
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// How many are read at once.
const PORTION: u32 = 200;

nevertwice_domain::words! {
    /// What is wrong with a lesson.
    LessonGap("gap of a lesson") {
        /// It comes from no case, or no action or coverage in force puts it to work.
        Orphan = "orphan",
        /// The day on which it was to be looked at again has passed.
        Stale = "stale",
    }
}

/// Lists lessons that need somebody, in the order in which they were drafted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListLessonGaps {
    /// What is wrong with them.
    pub gap: LessonGap,
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on: `next` of the page before.
    pub after: Option<String>,
}

/// A page of lessons that need somebody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LessonGapList {
    /// This page.
    pub items: Vec<LessonRow>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
}

impl UseCase for ListLessonGaps {
    type Output = LessonGapList;
    const NAME: &'static str = "list_lesson_gaps";

    fn run(self, asked: &Asked<'_>) -> Result<LessonGapList, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Read)?;
            let mut after = self.after()?;
            let limit = self.limit.clamp(1, 1_000);
            let mut items = Vec::new();
            loop {
                let ids = self.portion(unit, after)?;
                let wrong = self.those_with_the_gap(unit, &ids)?;
                for (id, row) in lesson_rows(unit, &wrong)? {
                    if items.len() == limit {
                        return Ok(LessonGapList { items, next: Some(after.to_string()) });
                    }
                    after = id;
                    items.push(row);
                }
                match ids.last() {
                    Some(last) if ids.len() == PORTION as usize => after = *last,
                    _ => return Ok(LessonGapList { items, next: None }),
                }
            }
        })
    }
}

impl ListLessonGaps {
    fn after(&self) -> Result<LessonId, ServiceError> {
        let Some(text) = &self.after else { return Ok(LessonId::new(Uuid::nil())) };
        text.parse().map_err(|_| {
            let message = format!("{text:?} is not where a list goes on; take the `next` of the page before");
            ServiceError::invalid("after", "list.cursor", message)
        })
    }

    /// Of a portion, those that the gap is in. What is stale was told by the store.
    fn those_with_the_gap(
        &self,
        unit: &mut Unit<'_>,
        ids: &[LessonId],
    ) -> Result<Vec<LessonId>, ServiceError> {
        if self.gap == LessonGap::Stale {
            return Ok(ids.to_vec());
        }
        let carried = Carried::read(unit.tx, ids)?;
        let of_no_case: BTreeSet<LessonId> = lessons::several(unit.tx, ids)?
            .iter()
            .filter(|lesson| lesson.cases.is_empty())
            .map(|lesson| lesson.id)
            .collect();
        let is_orphan = |id: &LessonId| of_no_case.contains(id) || !carried.is_at_work(*id);
        Ok(ids.iter().copied().filter(is_orphan).collect())
    }

    /// The next ids to look at, in order.
    fn portion(&self, unit: &mut Unit<'_>, after: LessonId) -> Result<Vec<LessonId>, ServiceError> {
        Ok(match self.gap {
            LessonGap::Orphan => lessons::not_retired(unit.tx, after, PORTION)?,
            LessonGap::Stale => {
                let today = today(unit)?;
                lessons::stale(unit.tx, today, after, PORTION)?
            }
        })
    }
}
