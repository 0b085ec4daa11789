//! What mails say: one function for each kind, plain text.

use nevertwice_domain::action::Action;
use nevertwice_domain::case::Case;
use nevertwice_domain::reference::{CaseRef, ReviewRef};
use nevertwice_domain::review::Review;
use nevertwice_domain::time::Date;

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

    pub(super) fn due(&self, action: &Action, case: &Case, today: Date) -> Letter {
        let (subject, when) = match action.due_on < today {
            true => (format!("{} is overdue", action.reference), "was due on"),
            false => (format!("{} is due soon", action.reference), "is due on"),
        };
        let said = format!("an action of yours {when} {}:\n  {}", action.due_on, action_titled(action, case));
        self.letter(&subject, &said, &action_path(action))
    }

    pub(super) fn leads(&self, review: &Review, case: &Case) -> Letter {
        let (reference, due) = (review.reference, review.due_on);
        let said = format!("a review is yours to lead, to be held by {due}. It is about\n  {}", titled(case));
        self.letter(&format!("{reference} is yours to lead"), &said, &format!("/reviews/{reference}"))
    }

    pub(super) fn asked(&self, review: &Review, case: &Case) -> Letter {
        let reference = review.reference;
        let on = review.scheduled_on.unwrap_or(review.due_on);
        let said = format!(
            "you take part in a review on {on}, and there are questions to think about beforehand. It is about\n  {}",
            titled(case)
        );
        self.letter(&format!("Before {reference}"), &said, &format!("/reviews/{reference}"))
    }

    pub(super) fn awaits_approval(&self, review: ReviewRef, case: &Case) -> Letter {
        let said =
            format!("the review {review} was submitted and awaits approval. It is about\n  {}", titled(case));
        self.letter(&format!("{review} awaits approval"), &said, &format!("/reviews/{review}"))
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
