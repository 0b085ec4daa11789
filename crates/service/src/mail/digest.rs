//! The mail of a day: what is due soon, overdue, or overdue for so long that somebody else is told.

use nevertwice_domain::action::ActionState;
use nevertwice_domain::awareness::AwarenessState;
use nevertwice_domain::case::{Case, CaseState};
use nevertwice_domain::id::{ActionId, AwarenessId, PersonId, ReviewId};
use nevertwice_domain::permission::{Role, Verb};
use nevertwice_domain::review::ReviewState;
use nevertwice_domain::time::Date;
use nevertwice_store::{
    Tx, action as actions, awareness, case as cases, person as people, review as reviews, settings,
};
use serde::{Deserialize, Serialize};

use super::letter::{Frame, Letter, titled_as};
use super::notice::addressed;
use super::{Mail, Mailing, reader};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::job::{Job, Running};

/// The mail of a day to a person: made of what holds when it is sent, or not sent at all if nothing of it holds any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digest {
    /// To whom.
    pub(crate) person: PersonId,
    /// The day.
    pub(crate) day: Date,
    /// What about, and why.
    pub(crate) items: Vec<(Told, Item)>,
}

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// It is due soon.
    Soon,
    /// It is overdue.
    Overdue,
    /// It is overdue for so long that the procedure has it told to them.
    Escalated,
}

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Item {
    /// An action that is owed.
    Action(ActionId),
    /// A review that is to be held.
    Review(ReviewId),
    /// The effect of an action that is to be judged.
    Check(ActionId),
    /// What it was decided not to do until a day.
    Decision(ActionId),
    /// An awareness item that is to be acknowledged.
    Awareness(AwarenessId),
}

/// An item as a letter tells it.
pub(super) struct Line {
    pub(super) told: Told,
    /// The reference, and where the reader may know it what it is about.
    pub(super) words: String,
    /// What is to be done.
    pub(super) owes: &'static str,
    pub(super) due_on: Date,
    pub(super) reference: String,
    pub(super) path: String,
}

impl Job for Digest {
    const KIND: &'static str = "digest";

    fn dedupe(&self) -> Option<String> {
        Some(format!("{} {}", self.person, self.day))
    }

    fn run(self, running: &Running<'_>) -> Result<(), ServiceError> {
        let Some(mailing) = running.service.outbox().mailing() else { return Ok(()) };
        let mail = running.service.db().read(|tx| self.mail(tx, mailing, running))?;
        mail.map_or(Ok(()), |mail| mailing.post.send(&mail))
    }
}

impl Digest {
    fn mail(
        &self,
        tx: &mut Tx,
        mailing: &Mailing,
        running: &Running<'_>,
    ) -> Result<Option<Mail>, ServiceError> {
        let Some((person, address)) = reader(tx, self.person)? else { return Ok(None) };
        let settings = settings::get(tx)?;
        let frame =
            Frame { company: settings.company.as_str(), name: person.name.as_str(), origin: &mailing.origin };
        let caller = Caller::shown(person.clone());
        let mut lines = Vec::new();
        for (told, item) in &self.items {
            lines.extend(line(tx, &caller, *told, item)?);
        }
        let letter: Option<Letter> = (!lines.is_empty()).then(|| frame.digest(&lines));
        Ok(letter.map(|letter| addressed(letter, &person, address, running)))
    }
}

/// The item, if it is still to be done and the reader is not shut out of its case.
fn line(tx: &mut Tx, caller: &Caller, told: Told, item: &Item) -> Result<Option<Line>, ServiceError> {
    match item {
        Item::Action(id) => of_action(tx, caller, told, *id),
        Item::Review(id) => of_review(tx, caller, told, *id),
        Item::Check(id) => of_check(tx, caller, told, *id),
        Item::Decision(id) => of_decision(tx, caller, told, *id),
        Item::Awareness(id) => of_awareness(tx, caller, told, *id),
    }
}

fn of_action(tx: &mut Tx, caller: &Caller, told: Told, id: ActionId) -> Result<Option<Line>, ServiceError> {
    let Some(action) = actions::get(tx, id)?.filter(|action| !action.state.is_finished()) else {
        return Ok(None);
    };
    let is_theirs = told == Told::Escalated || action.owner_id == caller.id();
    let case = cases::get(tx, action.case_id)?.filter(|case| is_theirs && !case.shuts_out(caller.id()));
    let knows = |case: &Case| action.owner_id == caller.id() || reads(caller, case);
    Ok(case.map(|case| Line {
        told,
        words: titled_as(&action.reference.to_string(), action.title.as_str(), &case, knows(&case)),
        owes: "to be done",
        due_on: action.due_on,
        reference: action.reference.to_string(),
        path: format!("/actions/{}", action.reference),
    }))
}

fn of_review(tx: &mut Tx, caller: &Caller, told: Told, id: ReviewId) -> Result<Option<Line>, ServiceError> {
    let Some(found) = reviews::get(tx, id)? else { return Ok(None) };
    let review = found.review;
    let owes = match review.state {
        ReviewState::Due | ReviewState::Scheduled => "to be held",
        ReviewState::Held => "to be written up and submitted",
        ReviewState::Drafted => "to be approved by somebody else",
        ReviewState::Approved | ReviewState::Waived => return Ok(None),
    };
    let is_theirs = told == Told::Escalated || review.facilitator_id == caller.id();
    let case = cases::get(tx, review.case_id)?;
    let case = case.filter(|case| is_theirs && case.state != CaseState::Void && !case.shuts_out(caller.id()));
    Ok(case.map(|case| Line {
        told,
        words: titled_as(&review.reference.to_string(), case.title.as_str(), &case, reads(caller, &case)),
        owes,
        due_on: review.due_on,
        reference: review.reference.to_string(),
        path: format!("/reviews/{}", review.reference),
    }))
}

fn of_check(tx: &mut Tx, caller: &Caller, told: Told, id: ActionId) -> Result<Option<Line>, ServiceError> {
    let Some(action) = actions::get(tx, id)? else { return Ok(None) };
    let checks = actions::checks(tx, id)?;
    let Some(check) = checks.into_iter().find(|check| check.outcome.is_none()) else { return Ok(None) };
    let is_asked = match check.judge_id {
        Some(judge) => judge == caller.id(),
        None => caller.has(Role::Manager),
    };
    let is_theirs = told == Told::Escalated || is_asked;
    let case = cases::get(tx, action.case_id)?.filter(|case| is_theirs && !case.shuts_out(caller.id()));
    let knows = |case: &Case| check.judge_id == Some(caller.id()) || reads(caller, case);
    Ok(case.map(|case| Line {
        told,
        words: titled_as(&action.reference.to_string(), action.title.as_str(), &case, knows(&case)),
        owes: "to be judged: does it work",
        due_on: check.planned_on,
        reference: action.reference.to_string(),
        path: format!("/actions/{}", action.reference),
    }))
}

fn of_decision(tx: &mut Tx, caller: &Caller, told: Told, id: ActionId) -> Result<Option<Line>, ServiceError> {
    let action = actions::get(tx, id)?.filter(|action| action.state == ActionState::NotDoing);
    let Some((action, until)) = action.and_then(|action| action.not_doing_until.map(|until| (action, until)))
    else {
        return Ok(None);
    };
    let is_theirs = told == Told::Escalated || caller.has(Role::Manager);
    let case = cases::get(tx, action.case_id)?.filter(|case| is_theirs && !case.shuts_out(caller.id()));
    Ok(case.map(|case| Line {
        told,
        words: titled_as(&action.reference.to_string(), action.title.as_str(), &case, reads(caller, &case)),
        owes: "not to be done until then: to be decided again",
        due_on: until,
        reference: action.reference.to_string(),
        path: format!("/actions/{}", action.reference),
    }))
}

/// The reference alone: what it says may come from a case that not everybody may know of.
fn of_awareness(
    tx: &mut Tx,
    caller: &Caller,
    told: Told,
    id: AwarenessId,
) -> Result<Option<Line>, ServiceError> {
    let item = awareness::get(tx, id)?.filter(|item| item.state == AwarenessState::Published);
    let Some(item) = item else { return Ok(None) };
    let read = awareness::acknowledgements(tx, &[id])?;
    let has_read = |person: PersonId| read.iter().any(|one| one.person_id == person);
    let is_for = item.is_for(&caller.person);
    let is_open = match told {
        Told::Soon | Told::Overdue => is_for && !has_read(caller.id()),
        Told::Escalated => people::list(tx)?
            .iter()
            .any(|person| person.may_act().is_ok() && item.is_for(person) && !has_read(person.id)),
    };
    let reference = item.reference.to_string();
    Ok(is_open.then(|| Line {
        told,
        words: reference.clone(),
        owes: "to be read and acknowledged",
        due_on: item.due_on,
        reference,
        path: format!("/awareness/{}", item.reference),
    }))
}

fn reads(caller: &Caller, case: &Case) -> bool {
    caller.may_to_case(Verb::ReadCase, case).is_ok()
}
