//! One mail to one person.

use nevertwice_domain::account::LinkPurpose;
use nevertwice_domain::action::Action;
use nevertwice_domain::case::Case;
use nevertwice_domain::id::{ActionId, CaseId, CommentId, PersonId, ReviewId};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::person::Person;
use nevertwice_domain::review::{Review, ReviewState};
use nevertwice_store::{Tx, action as actions, case as cases, person as people, review as reviews, settings};
use serde::{Deserialize, Serialize};

use super::letter::{Frame, Letter};
use super::{Mail, Mailing, addressee, reader};
use crate::account::invite_anew;
use crate::caller::Caller;
use crate::clock::Moment;
use crate::contributors;
use crate::error::ServiceError;
use crate::job::{Job, Running};
use crate::review::may_approve;

/// A mail to a person. Made of what holds when it is sent, or not sent at all if it holds no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// To whom.
    pub(crate) person: PersonId,
    /// What about.
    pub(crate) about: About,
}

/// What a mail is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum About {
    /// An invitation, made when the mail is: its secret lies nowhere before.
    Invitation,
    /// They were mentioned in a comment.
    Mentioned { case: CaseId, comment: CommentId },
    /// A case was reported.
    Reported { case: CaseId },
    /// An action was given to them.
    Given { action: ActionId },
    /// A review is theirs to lead.
    Leads { review: ReviewId },
    /// They are asked something before a review.
    Asked { review: ReviewId },
    /// A review that they lead or submitted was sent back.
    SentBack { review: ReviewId },
    /// A review awaits approval.
    AwaitsApproval { review: ReviewId },
}

impl Job for Notice {
    const KIND: &'static str = "mail";

    fn dedupe(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    fn run(self, running: &Running<'_>) -> Result<(), ServiceError> {
        let service = running.service;
        // Whatever was put down while mails were sent is dropped when they are not any more.
        let Some(mailing) = service.outbox().mailing() else { return Ok(()) };
        let moment = service.moment();
        let origin = mailing.origin.clone();
        let mail = match self.about {
            About::Invitation => service
                .db()
                .write(move |tx| invitation(tx, self.person, &origin, &moment))?
                .map(|mail| running.signed(mail)),
            _ => service.db().read(|tx| self.mail(tx, mailing, running))?,
        };
        mail.map_or(Ok(()), |mail| mailing.post.send(&mail))
    }
}

fn invitation(
    tx: &mut Tx,
    person: PersonId,
    origin: &str,
    moment: &Moment,
) -> Result<Option<Mail>, ServiceError> {
    let Some((person, address)) = addressee(tx, person)? else { return Ok(None) };
    let made = invite_anew(tx, moment, &person, LinkPurpose::Invitation)?;
    let company = settings::get(tx)?.company.to_string();
    let frame = Frame { company: &company, name: person.name.as_str(), origin };
    let Letter { subject, text } = frame.invitation(&made);
    Ok(Some(Mail { to: address, name: person.name.to_string(), subject, text, id: String::new() }))
}

/// A letter on its way: known by the job that sends it, so that it is one mail however often it is sent.
pub(super) fn addressed(letter: Letter, person: &Person, to: String, running: &Running<'_>) -> Mail {
    let Letter { subject, text } = letter;
    running.signed(Mail { to, name: person.name.to_string(), subject, text, id: String::new() })
}

impl Notice {
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
        let letter = match &self.about {
            About::Invitation => None,
            About::Mentioned { case, comment } => mentioned(tx, &caller, &frame, *case, *comment)?,
            About::Reported { case } => known(tx, &caller, *case)?.map(|case| frame.reported(&case)),
            About::Given { action } => {
                owed(tx, &caller, *action)?.map(|(action, case)| frame.given(&action, &case))
            }
            About::Leads { review } => taken_part(tx, &caller, *review)?
                .filter(|(review, _)| review.facilitator_id == caller.id())
                .map(|(review, case)| frame.leads(&review, &case)),
            About::Asked { review } => {
                let reads = |case: &Case| caller.may_to_case(Verb::ReadCase, case).is_ok();
                taken_part(tx, &caller, *review)?
                    .map(|(review, case)| frame.asked(&review, reads(&case).then_some(&case)))
            }
            About::SentBack { review } => {
                sent_back(tx, &caller, *review)?.map(|(review, case)| frame.sent_back(&review, &case))
            }
            About::AwaitsApproval { review } => awaits(tx, &caller, &frame, *review)?,
        };
        Ok(letter.map(|letter| addressed(letter, &person, address, running)))
    }
}

fn mentioned(
    tx: &mut Tx,
    caller: &Caller,
    frame: &Frame<'_>,
    case: CaseId,
    comment: CommentId,
) -> Result<Option<Letter>, ServiceError> {
    let Some(case) = known(tx, caller, case)? else { return Ok(None) };
    let comment = cases::comments(tx, case.id)?.into_iter().find(|one| one.id == comment);
    let Some(comment) = comment else { return Ok(None) };
    let author = people::get(tx, comment.author_id)?.map(|author| author.name.to_string());
    Ok(Some(frame.mentioned(&case, author.as_deref().unwrap_or("Somebody"))))
}

fn awaits(
    tx: &mut Tx,
    caller: &Caller,
    frame: &Frame<'_>,
    review: ReviewId,
) -> Result<Option<Letter>, ServiceError> {
    let Some(found) = reviews::get(tx, review)? else { return Ok(None) };
    let Some(case) = cases::get(tx, found.review.case_id)? else { return Ok(None) };
    let contributors = contributors::to_review(tx, review)?;
    let is_theirs =
        found.review.state == ReviewState::Drafted && may_approve(caller, &found, &case, &contributors);
    Ok(is_theirs.then(|| frame.awaits_approval(found.review.reference, &case)))
}

/// A review that somebody leads or takes part in and that is still to be held, of a case that they are not shut out of.
fn taken_part(
    tx: &mut Tx,
    caller: &Caller,
    review: ReviewId,
) -> Result<Option<(Review, Case)>, ServiceError> {
    let Some(found) = reviews::get(tx, review)? else { return Ok(None) };
    let review = found.review;
    let is_ahead = matches!(review.state, ReviewState::Due | ReviewState::Scheduled);
    let is_theirs = review.facilitator_id == caller.id() || review.participants.contains(&caller.id());
    let case = cases::get(tx, review.case_id)?;
    let case = case.filter(|case| is_ahead && is_theirs && !case.shuts_out(caller.id()));
    Ok(case.map(|case| (review, case)))
}

/// A review that was sent back and not submitted again, of a case that somebody may read.
fn sent_back(tx: &mut Tx, caller: &Caller, review: ReviewId) -> Result<Option<(Review, Case)>, ServiceError> {
    let Some(found) = reviews::get(tx, review)? else { return Ok(None) };
    let review = found.review;
    let case = known(tx, caller, review.case_id)?.filter(|_| review.state == ReviewState::Held);
    Ok(case.map(|case| (review, case)))
}

/// A case that somebody may read.
pub(super) fn known(tx: &mut Tx, caller: &Caller, case: CaseId) -> Result<Option<Case>, ServiceError> {
    Ok(cases::get(tx, case)?.filter(|case| caller.may_to_case(Verb::ReadCase, case).is_ok()))
}

/// An action that somebody owes, of a case that they are not shut out of.
fn owed(tx: &mut Tx, caller: &Caller, action: ActionId) -> Result<Option<(Action, Case)>, ServiceError> {
    let Some(action) = actions::get(tx, action)? else { return Ok(None) };
    let is_theirs = action.owner_id == caller.id() && !action.state.is_finished();
    let case = cases::get(tx, action.case_id)?.filter(|case| is_theirs && !case.shuts_out(caller.id()));
    Ok(case.map(|case| (action, case)))
}
