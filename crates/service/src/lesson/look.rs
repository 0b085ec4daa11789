//! Looking at a lesson again: is it still true?

use jiff::ToSpan;
use nevertwice_domain::lesson::Lesson;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::LessonRef;
use nevertwice_domain::time::Date;
use nevertwice_store::lesson as lessons;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LessonView, allowed, today, view_of};
use crate::case::{Names, same_version};
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::Change;

/// That a lesson was found still true.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationView {
    /// Who looked.
    pub confirmed_by: String,
    /// When, RFC 3339.
    pub confirmed_at: String,
    /// When it was to be looked at again.
    pub next_review_on: String,
}

/// Says that a lesson is still true, and when it is looked at again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmLesson {
    /// The lesson.
    pub lesson: LessonRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// When it is looked at again; a year from today if unsaid.
    pub next_review_on: Option<Date>,
}

impl Change for ConfirmLesson {
    type Output = LessonView;
    const NAME: &'static str = "confirm_lesson";

    fn change(&self, unit: &mut Unit<'_>) -> Result<LessonView, ServiceError> {
        let before = allowed(unit, self.lesson, Verb::EditCase)?;
        same_version(&self.lesson, before.version, self.version)?;
        let today = today(unit)?;
        let next = self.next_review_on.unwrap_or_else(|| in_a_year(today));
        let id = unit.moment.id();
        let (after, confirmation) =
            before.clone().confirm(id, next, unit.caller.id(), unit.moment.at, today)?;
        let saved = lessons::save(unit.tx, &before, &after)?;
        lessons::add_confirmation(unit.tx, &confirmation, saved.version)?;
        view_of(unit, &saved)
    }
}

/// The same day of the next year: when a lesson is looked at again if nobody says otherwise.
pub(super) fn in_a_year(today: Date) -> Date {
    today.saturating_add(1.year())
}

/// That a lesson was found still true, the latest last.
///
/// # Errors
/// What the store reports.
pub(super) fn views(unit: &mut Unit<'_>, lesson: &Lesson) -> Result<Vec<ConfirmationView>, ServiceError> {
    let mut found = lessons::confirmations(unit.tx, lesson.id)?;
    found.sort_by_key(|one| one.confirmed_at);
    let people: Vec<_> = found.iter().map(|one| one.confirmed_by).collect();
    let names = Names::of_people(unit.tx, &people)?;
    Ok(found
        .iter()
        .map(|one| ConfirmationView {
            confirmed_by: names.person(one.confirmed_by),
            confirmed_at: one.confirmed_at.to_string(),
            next_review_on: one.next_review_on.to_string(),
        })
        .collect())
}
