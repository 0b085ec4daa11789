//! The part of the procedure that the program enforces.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::calendar::Calendar;
use super::measures::{DaysBySeverity, Escalation, Target, Trend};
use super::review_rule::{DAYS_LIMIT, ReviewRule};
use crate::action::Allowance;
use crate::case::{Class, Severity};
use crate::refusal::Refusal;
use crate::text::Line;
use crate::time::Date;

/// Most rules for reviews, holidays and the like of one procedure.
const LINES_LIMIT: usize = 200;

/// Everything that the program enforces of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Which case needs which review; the first that fits counts, and the last fits every case.
    pub reviews: Vec<ReviewRule>,
    /// Within how many working days of being planned an action is due, by the severity of its case.
    pub action_days: DaysBySeverity,
    /// How many calendar days behind its due date an action's effect is looked at, by the severity of its case.
    pub check_days: DaysBySeverity,
    /// How many working days before something is due its owner is reminded.
    pub remind_before: u16,
    /// Every how many working days once it is overdue.
    pub remind_every: u16,
    /// Who else is told of what stays undone.
    pub escalations: Vec<Escalation>,
    /// Which days count.
    pub calendar: Calendar,
    /// What the company wants to reach.
    pub targets: Vec<Target>,
    /// What opens a trend review.
    pub trends: Vec<Trend>,
}

/// Rules that do not hold together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RulesError {
    /// Some case would need no review.
    #[error(
        "the last line has to fit every case, such as \"any: light within 20 days\"; the standard wants all events assessed"
    )]
    NotEveryCase,
    /// A rule that never counts.
    #[error(
        "rule {number} can never count: rule {covered_by} fits every case that it is for; put it further up"
    )]
    NeverReached {
        /// Its place, from 1.
        number: usize,
        /// The place of the rule before it.
        covered_by: usize,
    },
    /// Nobody ever works.
    #[error("name one working day at least")]
    NoWorkday,
    /// Something is said twice.
    #[error("{what} is said twice; say it once")]
    Twice {
        /// The field.
        field: &'static str,
        /// What.
        what: String,
    },
    /// A number out of bounds.
    #[error("found {found}; expected {least} to {most} days")]
    Days {
        /// The field.
        field: &'static str,
        /// What was found.
        found: u16,
        /// The least.
        least: u16,
        /// The most.
        most: u16,
    },
    /// More than anybody reads.
    #[error("has {found} lines; expected at most 200")]
    TooMany {
        /// The field.
        field: &'static str,
        /// How many.
        found: usize,
    },
}

impl Refusal for RulesError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotEveryCase => "procedure.not_every_case",
            Self::NeverReached { .. } => "procedure.never_reached",
            Self::NoWorkday => "procedure.no_workday",
            Self::Twice { .. } => "procedure.twice",
            Self::Days { .. } => "procedure.days",
            Self::TooMany { .. } => "procedure.too_many",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotEveryCase | Self::NeverReached { .. } => "reviews",
            Self::NoWorkday => "workdays",
            Self::Twice { field, .. } | Self::Days { field, .. } | Self::TooMany { field, .. } => field,
        })
    }
}

impl Rules {
    /// Whether the rules hold together.
    ///
    /// # Errors
    /// A case without a review, a rule that never counts, no working day, something said twice or out of bounds.
    pub fn check(&self) -> Result<(), RulesError> {
        self.check_sizes()?;
        if !self.reviews.last().is_some_and(ReviewRule::fits_all) {
            return Err(RulesError::NotEveryCase);
        }
        for (place, rule) in self.reviews.iter().enumerate() {
            if let Some(early) = self.reviews[..place].iter().position(|earlier| earlier.covers(rule)) {
                return Err(RulesError::NeverReached { number: place + 1, covered_by: early + 1 });
            }
        }
        if self.calendar.workdays.is_empty() {
            return Err(RulesError::NoWorkday);
        }
        once("escalations", self.escalations.iter().map(ToString::to_string))?;
        once("holidays", self.calendar.holidays.iter().map(|holiday| holiday.on.to_string()))?;
        once("targets", self.targets.iter().map(|target| target.indicator.to_string()))?;
        once("trends", self.trends.iter().map(|trend| format!("one {}", trend.of)))?;
        Ok(())
    }

    fn check_sizes(&self) -> Result<(), RulesError> {
        let lists = [
            ("reviews", self.reviews.len()),
            ("escalations", self.escalations.len()),
            ("holidays", self.calendar.holidays.len()),
            ("targets", self.targets.len()),
            ("trends", self.trends.len()),
        ];
        if let Some((field, found)) = lists.into_iter().find(|(_, found)| *found > LINES_LIMIT) {
            return Err(RulesError::TooMany { field, found });
        }
        let days = [("remind_before", self.remind_before, 0), ("remind_every", self.remind_every, 1)];
        let out_of = |(_, found, least): &(&str, u16, u16)| !(*least..=DAYS_LIMIT).contains(found);
        match days.into_iter().find(out_of) {
            Some((field, found, least)) => Err(RulesError::Days { field, found, least, most: DAYS_LIMIT }),
            None => Ok(()),
        }
    }

    /// The rule that counts for a case, with its place from 1. There is one for every case if the rules were checked.
    #[must_use]
    pub fn review_of(
        &self,
        class: Class,
        severity: Option<Severity>,
        category: Option<&Line>,
    ) -> Option<(u32, &ReviewRule)> {
        (1..).zip(&self.reviews).find(|(_, rule)| rule.fits(class, severity, category))
    }

    /// The last day on which an action that is planned on a day may be due.
    #[must_use]
    pub fn action_due_by(&self, planned_on: Date, severity: Option<Severity>) -> Date {
        self.calendar.after(planned_on, self.action_days.of(severity))
    }

    /// What the rules, as a version of the procedure, allow of an action that is planned on a day.
    #[must_use]
    pub fn allowance(&self, procedure: u32, planned_on: Date, severity: Option<Severity>) -> Allowance {
        Allowance {
            procedure,
            severity: severity.unwrap_or(Severity::MIDDLE),
            latest_due_on: self.action_due_by(planned_on, severity),
            check_days: self.check_days.of(severity),
        }
    }

    /// The day on which the effect of an action that is due on a day is to be looked at, at the latest.
    #[must_use]
    pub fn check_due_by(&self, due_on: Date, severity: Option<Severity>) -> Date {
        let days = jiff::Span::new().days(i64::from(self.check_days.of(severity)));
        due_on.checked_add(days).unwrap_or(due_on)
    }
}

fn once(field: &'static str, all: impl Iterator<Item = String>) -> Result<(), RulesError> {
    let mut seen = BTreeSet::new();
    for what in all {
        if !seen.insert(what.clone()) {
            return Err(RulesError::Twice { field, what });
        }
    }
    Ok(())
}
