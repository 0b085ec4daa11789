//! The course of a review: the day is set, it is held, the response is evaluated.

use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::review::{Evaluation, Followed};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use serde::{Deserialize, Serialize};

use super::ReviewView;
use super::asked::begin;
use super::open::{allowed, people, save_review};
use crate::case::same_version;
use crate::error::ServiceError;
use crate::mail::{About, Notice};
use crate::procedure::today;
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::Change;

/// Sets the day of a review.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScheduleReview {
    /// The review.
    pub review: ReviewRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// The day.
    pub on: Date,
    /// What those who take part are asked beforehand; they are told. Nobody is asked anything new if there is none.
    #[serde(default)]
    pub questions: Vec<Line>,
}

/// Says how the response went (ISO/IEC 27035-2).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EvaluateReview {
    /// The review.
    pub review: ReviewRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// What went well and should be kept.
    pub went_well: Prose,
    /// Where it was luck that it did not get worse.
    pub was_lucky: Option<Prose>,
    /// What surprised those who know how the work is done.
    pub surprised: Option<Prose>,
    /// Whether the procedure was followed.
    pub followed: Followed,
    /// Where it was not, and what made that sensible.
    pub deviations: Option<Prose>,
}

/// Says that a review took place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldReview {
    /// The review.
    pub review: ReviewRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// When; as it stands, or today, if unsaid.
    pub on: Option<Date>,
    /// Everybody who took part; those who were to, if unsaid.
    #[serde(default)]
    pub participants: Option<Vec<Line>>,
    /// What was said.
    pub minutes: Option<Set<Prose>>,
}

impl Change for ScheduleReview {
    type Output = ReviewView;
    const NAME: &'static str = "schedule_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::EditCase)?;
        same_version(&self.review, before.review.version, self.version)?;
        begin(unit, &case)?;
        let asked = self.questions.clone();
        let review = before.review.clone().schedule(self.on, asked, unit.moment.at)?;
        if !self.questions.is_empty() {
            for person in &review.participants {
                unit.tell(&Notice { person: *person, about: About::Asked { review: review.id } })?;
            }
        }
        save_review(unit, &before, &before.with_review(review))
    }
}

impl Change for EvaluateReview {
    type Output = ReviewView;
    const NAME: &'static str = "evaluate_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::EditCase)?;
        same_version(&self.review, before.review.version, self.version)?;
        begin(unit, &case)?;
        let review = before.review.clone().evaluate(Evaluation {
            went_well: self.went_well.clone(),
            was_lucky: self.was_lucky.clone(),
            surprised: self.surprised.clone(),
            followed: self.followed,
            deviations: self.deviations.clone(),
        })?;
        save_review(unit, &before, &before.with_review(review))
    }
}

impl Change for HoldReview {
    type Output = ReviewView;
    const NAME: &'static str = "hold_review";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
        let (before, case) = allowed(unit, self.review, Verb::EditCase)?;
        same_version(&self.review, before.review.version, self.version)?;
        begin(unit, &case)?;
        let today = today(unit)?;
        let participants = match &self.participants {
            Some(names) => people(unit, names)?,
            None => before.review.participants.clone(),
        };
        let minutes = self.minutes.clone();
        let minutes = minutes.map_or_else(|| before.review.minutes.clone(), Set::into_option);
        let on = self.on.or(before.review.held_on).unwrap_or(today);
        let review = before.review.clone().hold(on, participants, minutes, today)?;
        save_review(unit, &before, &before.with_review(review))
    }
}
