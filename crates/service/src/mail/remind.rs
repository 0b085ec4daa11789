//! Once a day: actions that are due soon, and those that are overdue.

use jiff::ToSpan;
use nevertwice_domain::action::Action;
use nevertwice_domain::settings::Settings;
use nevertwice_domain::time::{Date, Timestamp};
use nevertwice_store::{Tx, action as actions, settings};
use serde::{Deserialize, Serialize};

use super::notice::{About, Notice};
use crate::error::ServiceError;
use crate::job::{Job, put_down};
use crate::service::Service;

/// So many days before an action is due its owner is told.
const DAYS_BEFORE: i64 = 3;
/// An overdue action is told of on the day after, and then as often.
const EVERY_DAYS: i64 = 7;
/// When, in the company's time zone.
const HOUR: i8 = 7;

/// Reminds of actions, for each day from one on: a day on which no server ran is made up for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remind {
    /// The first day that nobody was reminded on.
    pub(crate) from: Date,
}

impl Job for Remind {
    const KIND: &'static str = "remind";

    fn dedupe(&self) -> Option<String> {
        Some("daily".to_owned())
    }

    fn run(self, service: &Service) -> Result<(), ServiceError> {
        if !service.outbox().is_wanted() {
            return Ok(());
        }
        let moment = service.moment();
        service.db().write(move |tx| {
            let settings = settings::get(tx)?;
            let today = moment.at.date_in(&settings.time_zone.zone());
            let tomorrow = today.checked_add(1.day()).map_err(ServiceError::internal)?;
            // The next day's is put down with the mails of this one: if it is there, so are they.
            let next = Self { from: tomorrow };
            if !put_down(tx, &moment, &next, morning_of(tomorrow, &settings)?)? {
                return Ok(());
            }
            for action in due(tx, self.from, today)? {
                let notice = Notice { person: action.owner_id, about: About::Due { action: action.id } };
                put_down(tx, &moment, &notice, moment.at)?;
            }
            Ok::<_, ServiceError>(())
        })
    }
}

/// The actions whose owners are to be told for the days from `from` to `today`.
fn due(tx: &mut Tx, from: Date, today: Date) -> Result<Vec<Action>, ServiceError> {
    let soon = today.checked_add(DAYS_BEFORE.days()).map_err(ServiceError::internal)?;
    let ids = actions::unfinished_due_by(tx, soon)?;
    let mut found = actions::several(tx, &ids)?;
    found.retain(|action| is_told(action.due_on, from, today));
    Ok(found)
}

/// Whether one of the days is one on which an action of a due date is told of.
fn is_told(due_on: Date, from: Date, today: Date) -> bool {
    let days_late = |day: Date| i64::from((day - due_on).get_days());
    let (first, last) = (days_late(from), days_late(today));
    (first..=last).any(|late| late == -DAYS_BEFORE || (late > 0 && late % EVERY_DAYS == 1))
}

fn morning_of(day: Date, settings: &Settings) -> Result<Timestamp, ServiceError> {
    let morning =
        day.at(HOUR, 0, 0, 0).to_zoned(settings.time_zone.zone()).map_err(ServiceError::internal)?;
    Ok(morning.timestamp().into())
}

/// Sees to it that somebody is reminded every day from now on.
///
/// # Errors
/// What the store reports.
pub(super) fn begin(service: &Service) -> Result<(), ServiceError> {
    let settings = service.settings()?;
    let now = service.moment().at;
    let today = now.date_in(&settings.time_zone.zone());
    let due_at = morning_of(today, &settings)?.max(now);
    service.enqueue(Remind { from: today }, due_at).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_told_three_days_before_a_day_after_and_every_week() {
        let due: Date = "2026-03-10".parse().unwrap();
        let told: Vec<i64> = (-10..20)
            .filter(|late| {
                let day = due.checked_add(late.days()).unwrap();
                is_told(due, day, day)
            })
            .collect();
        assert_eq!(told, [-3, 1, 8, 15]);
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(is_told(due, day("2026-03-06"), day("2026-03-09")), "days that were missed count");
        assert!(!is_told(due, day("2026-03-08"), day("2026-03-10")));
    }
}
