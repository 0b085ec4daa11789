//! Something that several people may have to be told of: who they are is worked out apart from the change.

use std::collections::BTreeSet;

use nevertwice_domain::id::{CaseId, CommentId, PersonId, ReviewId};
use nevertwice_domain::mention::{handles, mentions};
use nevertwice_domain::permission::Role;
use nevertwice_domain::person::Person;
use nevertwice_store::{Tx, account as accounts, case as cases, person as people, review as reviews};
use serde::{Deserialize, Serialize};

use super::notice::{About, Notice, known};
use crate::caller::Caller;
use crate::contributors;
use crate::error::ServiceError;
use crate::job::{Job, Running};
use crate::review::may_approve;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum News {
    /// A case was reported, by one of the people of the register or by somebody outside.
    Reported { case: CaseId, by: Option<PersonId> },
    /// A comment that mentions somebody was written.
    Commented { case: CaseId, comment: CommentId },
    /// A review was submitted.
    Submitted { review: ReviewId },
}

impl Job for News {
    const KIND: &'static str = "news";

    fn dedupe(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    fn run(self, running: &Running<'_>) -> Result<(), ServiceError> {
        let service = running.service;
        let notices = service.db().read(|tx| self.notices(tx))?;
        let now = service.moment().at;
        service.enqueue_all(notices, now)
    }
}

impl News {
    fn notices(&self, tx: &mut Tx) -> Result<Vec<Notice>, ServiceError> {
        let mut everybody = people::list(tx)?;
        everybody.retain(|person| person.may_act().is_ok());
        let (told, about) = match self {
            Self::Reported { case, by } => {
                everybody.retain(|person| person.roles.contains(&Role::Manager) && Some(person.id) != *by);
                (who_knows(tx, everybody, *case)?, About::Reported { case: *case })
            }
            Self::Commented { case, comment } => {
                let meant = mentioned(tx, everybody, *case, *comment)?;
                (who_knows(tx, meant, *case)?, About::Mentioned { case: *case, comment: *comment })
            }
            Self::Submitted { review } => {
                (who_approves(tx, everybody, *review)?, About::AwaitsApproval { review: *review })
            }
        };
        Ok(told.into_iter().map(|person| Notice { person, about: about.clone() }).collect())
    }
}

fn who_knows(tx: &mut Tx, people: Vec<Person>, case: CaseId) -> Result<Vec<PersonId>, ServiceError> {
    let mut told = Vec::new();
    for person in people {
        let id = person.id;
        if known(tx, &Caller::shown(person), case)?.is_some() {
            told.push(id);
        }
    }
    Ok(told)
}

/// Whom a comment mentions, but for its author. Whether they may know of the case is not asked here.
fn mentioned(
    tx: &mut Tx,
    mut everybody: Vec<Person>,
    case: CaseId,
    comment: CommentId,
) -> Result<Vec<Person>, ServiceError> {
    let Some(comment) = cases::comments(tx, case)?.into_iter().find(|one| one.id == comment) else {
        return Ok(Vec::new());
    };
    let meant: BTreeSet<String> = mentions(comment.text.as_str());
    let addresses = accounts::addresses(tx)?;
    everybody.retain(|person| {
        let of_account = addresses.get(&person.id).map(String::as_str);
        let known = handles(
            person.name.as_str(),
            of_account.into_iter().chain(person.email.as_ref().map(AsRef::as_ref)),
        );
        person.id != comment.author_id && !known.is_disjoint(&meant)
    });
    Ok(everybody)
}

/// Everybody who may approve a review.
fn who_approves(
    tx: &mut Tx,
    everybody: Vec<Person>,
    review: ReviewId,
) -> Result<Vec<PersonId>, ServiceError> {
    let Some(found) = reviews::get(tx, review)? else { return Ok(Vec::new()) };
    let Some(case) = cases::get(tx, found.review.case_id)? else { return Ok(Vec::new()) };
    let callers = everybody.into_iter().map(Caller::shown);
    let contributors = contributors::to_review(tx, review)?;
    Ok(callers
        .filter(|caller| may_approve(caller, &found, &case, &contributors))
        .map(|caller| caller.id())
        .collect())
}
