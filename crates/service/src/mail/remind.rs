//! Once a day: what is due soon, what is overdue, and what is overdue for so long that others are told, as the procedure
//! says. Everybody gets one mail a day at most.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use nevertwice_domain::action::Action;
use nevertwice_domain::awareness::AwarenessItem;
use nevertwice_domain::case::Case;
use nevertwice_domain::id::{AwarenessId, CaseId, PersonId};
use nevertwice_domain::permission::Role;
use nevertwice_domain::person::Person;
use nevertwice_domain::procedure::{EscalateTo, Reminder, Rules};
use nevertwice_domain::settings::Settings;
use nevertwice_domain::time::{Date, Timestamp};
use nevertwice_store::{
    Tx, action as actions, awareness, case as cases, person as people, review as reviews, settings, work,
};
use serde::{Deserialize, Serialize};

use super::digest::{Digest, Item, Told};
use crate::error::ServiceError;
use crate::escalation::is_meant;
use crate::job::{Job, Running, put_down};
use crate::procedure;
use crate::service::Service;

/// When, in the company's time zone.
const HOUR: i8 = 7;

/// Reminds of what is due, for each day from one on: a day on which no server ran is made up for.
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

    fn run(self, running: &Running<'_>) -> Result<(), ServiceError> {
        let service = running.service;
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
            for digest in digests(tx, self.from, today)? {
                put_down(tx, &moment, &digest, moment.at)?;
            }
            Ok::<_, ServiceError>(())
        })
    }
}

/// Something that is due: who owes it, and which case it is about, if any.
struct Due {
    item: Item,
    owners: Vec<PersonId>,
    case: Option<CaseId>,
    due_on: Date,
}

/// What everybody is to be told for the days from `from` to `today`.
fn digests(tx: &mut Tx, from: Date, today: Date) -> Result<Vec<Digest>, ServiceError> {
    let rules = procedure::on(tx, today)?.rules;
    let mut told: BTreeMap<PersonId, BTreeSet<(Told, Item)>> = BTreeMap::new();
    let mut everybody = people::list(tx)?;
    everybody.retain(|person| person.may_act().is_ok());
    let until = rules.reminds_until(today);
    let managers = everybody.iter().filter(|person| person.roles.contains(&Role::Manager));
    let managers: Vec<PersonId> = managers.map(|person| person.id).collect();
    let mut due = everything_due(tx, until, &managers)?;
    due.extend(everything_to_decide_again(tx, until, &managers)?);
    due.extend(everything_to_read(tx, until, &everybody)?);
    let cases = cases_of(tx, &due)?;
    let leaders = reviews::leaders(tx, &cases.keys().copied().collect::<Vec<_>>())?;
    for due in &due {
        let case = due.case.and_then(|id| cases.get(&id));
        if due.case.is_some() && case.is_none() {
            continue;
        }
        for reminder in reminders(&rules, due.due_on, from, today) {
            let (why, receivers) = match reminder {
                Reminder::Soon => (Told::Soon, due.owners.clone()),
                Reminder::Overdue => (Told::Overdue, due.owners.clone()),
                Reminder::Escalated(to) => {
                    let leaders = due.case.and_then(|id| leaders.get(&id));
                    (Told::Escalated, escalated(to, (case, leaders), &due.owners, &everybody))
                }
            };
            for person in receivers {
                told.entry(person).or_default().insert((why, due.item.clone()));
            }
        }
    }
    let digest = |(person, items): (PersonId, BTreeSet<(Told, Item)>)| Digest {
        person,
        day: today,
        items: items.into_iter().collect(),
    };
    Ok(told.into_iter().map(digest).collect())
}

/// Who is told on any of the days. What is overdue by now is not told of as being due soon.
fn reminders(rules: &Rules, due_on: Date, from: Date, today: Date) -> BTreeSet<Reminder> {
    let days = from.series(1.day()).take_while(|day| *day <= today);
    let told = days.flat_map(|day| rules.reminders(due_on, day));
    told.filter(|reminder| *reminder != Reminder::Soon || due_on >= today).collect()
}

fn everything_due(tx: &mut Tx, until: Date, managers: &[PersonId]) -> Result<Vec<Due>, ServiceError> {
    let mut all = Vec::new();
    let ids = actions::unfinished_due_by(tx, until)?;
    all.extend(actions::several(tx, &ids)?.iter().map(|action| Due {
        item: Item::Action(action.id),
        owners: vec![action.owner_id],
        case: Some(action.case_id),
        due_on: action.due_on,
    }));
    let ids = reviews::open_due_by(tx, until)?;
    all.extend(reviews::several(tx, &ids)?.iter().map(|found| Due {
        item: Item::Review(found.review.id),
        owners: vec![found.review.facilitator_id],
        case: Some(found.review.case_id),
        due_on: found.review.due_on,
    }));
    let ids = actions::unjudged_due_by(tx, until)?;
    let checked = actions::several(tx, &ids)?;
    let checks = actions::checks_of(tx, &ids)?;
    for check in checks.iter().filter(|check| check.outcome.is_none() && check.planned_on <= until) {
        if let Some(action) = checked.iter().find(|action| action.id == check.action_id) {
            all.push(Due {
                item: Item::Check(action.id),
                // What nobody in particular is asked to judge is asked of the managers.
                owners: match check.judge_id {
                    Some(judge) => vec![judge],
                    None => managers.iter().copied().filter(|one| *one != action.owner_id).collect(),
                },
                case: Some(action.case_id),
                due_on: check.planned_on,
            });
        }
    }
    Ok(all)
}

/// What it was decided not to do, by the day until which that holds: managers decide again.
fn everything_to_decide_again(
    tx: &mut Tx,
    until: Date,
    managers: &[PersonId],
) -> Result<Vec<Due>, ServiceError> {
    let before = until.saturating_add(1.day());
    let ids = work::actions_to_decide_again(tx, before, u32::MAX)?;
    let due = |action: &Action| {
        let due_on = action.not_doing_until?;
        let owners = managers.iter().copied().filter(|manager| *manager != action.owner_id).collect();
        Some(Due { item: Item::Decision(action.id), owners, case: Some(action.case_id), due_on })
    };
    Ok(actions::several(tx, &ids)?.iter().filter_map(due).collect())
}

/// What is published and not yet acknowledged by everybody whom it is for.
fn everything_to_read(tx: &mut Tx, until: Date, everybody: &[Person]) -> Result<Vec<Due>, ServiceError> {
    let items = awareness::due_by(tx, until)?;
    let ids: Vec<AwarenessId> = items.iter().map(|item| item.id).collect();
    let read: BTreeSet<(AwarenessId, PersonId)> =
        awareness::acknowledgements(tx, &ids)?.iter().map(|one| (one.item_id, one.person_id)).collect();
    let to_read = |item: &AwarenessItem| {
        let theirs = everybody.iter().filter(|person| item.is_for(person)).map(|person| person.id);
        let owners: Vec<PersonId> = theirs.filter(|person| !read.contains(&(item.id, *person))).collect();
        let due = Due { item: Item::Awareness(item.id), owners, case: None, due_on: item.due_on };
        (!due.owners.is_empty()).then_some(due)
    };
    Ok(items.iter().filter_map(to_read).collect())
}

fn cases_of(tx: &mut Tx, due: &[Due]) -> Result<BTreeMap<CaseId, Case>, ServiceError> {
    let ids: BTreeSet<CaseId> = due.iter().filter_map(|due| due.case).collect();
    let found = cases::several(tx, &ids.into_iter().collect::<Vec<_>>())?;
    Ok(found.into_iter().map(|case| (case.id, case)).collect())
}

/// Who else is told, but for whoever owes it: they are told anyway.
fn escalated(
    to: EscalateTo,
    (case, leaders): (Option<&Case>, Option<&BTreeSet<PersonId>>),
    owners: &[PersonId],
    everybody: &[Person],
) -> Vec<PersonId> {
    let meant = everybody.iter().filter(|person| is_meant(to, person, case, leaders));
    let meant = meant.map(|person| person.id);
    meant
        .filter(|person| !owners.contains(person) && !case.is_some_and(|case| case.shuts_out(*person)))
        .collect()
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
