//! What mails say: one function for each kind, plain text.

use nevertwice_domain::action::Action;
use nevertwice_domain::case::Case;
use nevertwice_domain::reference::{CaseRef, ReviewRef};
use nevertwice_domain::review::Review;

use super::digest::{Line, Told};
use crate::account::InvitationView;

/// Subject and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) text: String,
}

/// What stands in every letter.
pub(super) struct Frame<'f> {
    /// The company.
    pub(super) company: &'f str,
    /// Whom it is for, by name.
    pub(super) name: &'f str,
    /// The address of the register.
    pub(super) origin: &'f str,
}

/// How a letter about a case names it: by the reference, and if the case is open to the register by its title too.
pub(super) fn titled(case: &Case) -> String {
    match case.restricted {
        true => case.reference.to_string(),
        false => format!("{}: {}", case.reference, case.title),
    }
}

impl Frame<'_> {
    fn letter(&self, subject: &str, said: &str, path: &str) -> Letter {
        let Self { company, name, origin } = self;
        Letter {
            subject: format!("[{company}] {subject}"),
            text: format!(
                "Hello {name},\n\n{said}\n\n{origin}{path}\n\n-- \nThe incident register of {company}. You can switch \
                 mails like this off in your account.\n"
            ),
        }
    }

    pub(super) fn invitation(&self, invitation: &InvitationView) -> Letter {
        let Self { company, name, origin } = self;
        let (code, until) = (invitation.secret.as_str(), &invitation.expires_at);
        Letter {
            subject: format!("[{company}] Your access to the incident register"),
            text: format!(
                "Hello {name},\n\nyou were invited to the incident register of {company}. Choose a password here; \
                 the link works once, until {until}, and is for you alone:\n\n{origin}/invitation/{code}\n"
            ),
        }
    }

    pub(super) fn mentioned(&self, case: &Case, author: &str) -> Letter {
        let said = format!("{author} mentioned you in a comment on\n  {}", titled(case));
        self.letter(&format!("You were mentioned on {}", case.reference), &said, &case_path(case.reference))
    }

    pub(super) fn reported(&self, case: &Case) -> Letter {
        let said = format!("a case was reported and awaits triage:\n  {}", titled(case));
        self.letter(&format!("{} was reported", case.reference), &said, &case_path(case.reference))
    }

    pub(super) fn given(&self, action: &Action, case: &Case) -> Letter {
        let said =
            format!("an action is yours, due on {}:\n  {}", action.due_on, action_titled(action, case));
        self.letter(&format!("{} is yours", action.reference), &said, &action_path(action))
    }

    /// The mail of a day. Of one thing alone the subject names it.
    pub(super) fn digest(&self, lines: &[Line]) -> Letter {
        let when = |told| match told {
            Told::Soon => "due soon",
            Told::Overdue => "overdue",
            Told::Escalated => "overdue, and told to you as the procedure says",
        };
        let (subject, path) = match lines {
            [line] if line.told == Told::Soon => {
                (format!("{} is due soon", line.reference), line.path.as_str())
            }
            [line] => (format!("{} is overdue", line.reference), line.path.as_str()),
            _ => (format!("{} things are due or overdue", lines.len()), "/"),
        };
        let mut said = String::new();
        for told in [Told::Overdue, Told::Soon, Told::Escalated] {
            let these: Vec<&Line> = lines.iter().filter(|line| line.told == told).collect();
            if these.is_empty() {
                continue;
            }
            said.push_str(when(told));
            said.push_str(":\n");
            for Line { words, owes, due_on, .. } in these {
                said.push_str(&format!("  {words}\n    {owes}, by {due_on}\n"));
            }
        }
        self.letter(&subject, said.trim_end(), path)
    }

    pub(super) fn leads(&self, review: &Review, case: &Case) -> Letter {
        let (reference, due) = (review.reference, review.due_on);
        let said = format!("a review is yours to lead, to be held by {due}. It is about\n  {}", titled(case));
        self.letter(&format!("{reference} is yours to lead"), &said, &format!("/reviews/{reference}"))
    }

    /// `case` is nothing where whoever is asked does not read it: what they are asked is in *My work*.
    pub(super) fn asked(&self, review: &Review, case: Option<&Case>) -> Letter {
        let reference = review.reference;
        let on = review.scheduled_on.unwrap_or(review.due_on);
        let asked = "and there are questions to think about beforehand";
        let (said, path) = match case {
            Some(case) => (
                format!("you take part in a review on {on}, {asked}. It is about\n  {}", titled(case)),
                format!("/reviews/{reference}"),
            ),
            None => (format!("you take part in a review on {on}, {asked}."), "/".to_owned()),
        };
        self.letter(&format!("Before {reference}"), &said, &path)
    }

    pub(super) fn sent_back(&self, review: &Review, case: &Case) -> Letter {
        let reference = review.reference;
        let said = format!(
            "a review that you lead or submitted was sent back; what is missing stands in a comment on\n  {}",
            titled(case)
        );
        self.letter(&format!("{reference} was sent back"), &said, &format!("/reviews/{reference}"))
    }

    pub(super) fn awaits_approval(&self, review: ReviewRef, case: &Case) -> Letter {
        let said =
            format!("the review {review} was submitted and awaits approval. It is about\n  {}", titled(case));
        self.letter(&format!("{review} awaits approval"), &said, &format!("/reviews/{review}"))
    }
}

/// A record by its reference, and by what it is about where the reader may know that and the case is open to the register.
pub(super) fn titled_as(reference: &str, title: &str, case: &Case, knows: bool) -> String {
    match knows && !case.restricted {
        true => format!("{reference}: {title}"),
        false => reference.to_owned(),
    }
}

fn action_titled(action: &Action, case: &Case) -> String {
    match case.restricted {
        true => action.reference.to_string(),
        false => format!("{}: {}", action.reference, action.title),
    }
}

fn case_path(case: CaseRef) -> String {
    format!("/cases/{case}")
}

fn action_path(action: &Action) -> String {
    format!("/actions/{}", action.reference)
}
